import Imaging
import Testing

/// Labels on coarser grids, by how much of each voxel they fill.
@Suite struct LabelFractionTests {
    private func grid(_ shape: SIMD3<Int>, size: Double, from: SIMD3<Double>) throws -> VoxelGrid {
        try VoxelGrid(shape: shape, worldFromVoxel: Affine(scale: SIMD3(repeating: size), translation: from))
    }

    private func labels(_ grid: VoxelGrid, _ label: (SIMD3<Double>) -> Int32) -> LabelMap {
        LabelMap(
            grid: grid,
            voxels: (0..<grid.count).map { place in
                let (row, i) = place.quotientAndRemainder(dividingBy: grid.shape.x)
                return label(
                    grid.worldFromVoxel([Double(i), Double(row % grid.shape.y), Double(row / grid.shape.y)]))
            })
    }

    /// A box of 1 mm voxels on voxels of 4 mm, face on face: whole numbers of 64.
    @Test func aBoxHasItsExactFractions() throws {
        let fine = try grid([16, 16, 16], size: 1, from: [0.5, 0.5, 0.5])
        // x 0...6, y 0...9, z 0...16.
        let box = labels(fine) { $0.x < 6 && $0.y < 9 ? 7 : 0 }
        let coarse = try grid([4, 4, 4], size: 4, from: [2, 2, 2])
        let found = LabelFractions(of: box, onto: coarse)
        #expect(found.labels == [7])
        let volume = found.volume
        for k in 0..<4 {
            for j in 0..<4 {
                for i in 0..<4 {
                    let expected = Float([1, 0.5, 0, 0][i]) * Float([1, 1, 0.25, 0][j])
                    #expect(volume[i, j, k] == expected)
                }
            }
        }
        // Half a voxel is a tie, which the label wins; an eighth is lost.
        let mostly = found.mostly
        #expect(mostly.voxels[coarse.offset(1, 0, 0)] == 7 && mostly.voxels[coarse.offset(1, 2, 0)] == 0)
    }

    /// Three labels in one voxel: the largest share wins though none has half, and nearest would take another.
    @Test func theLargestShareWins() throws {
        let fine = try grid([9, 3, 3], size: 1, from: [0, 0, 0])
        let three = labels(fine) { $0.x < 4 ? 5 : $0.x < 5 ? 9 : $0.x < 8 ? 2 : 0 }
        let one = try grid([1, 1, 1], size: 9, from: [4, 1, 1])
        var map = one.worldFromVoxel
        (map.y, map.z) = ([0, 3, 0], [0, 0, 3])
        let voxel = try VoxelGrid(shape: [1, 1, 1], worldFromVoxel: map)
        #expect(three.resampled(onto: voxel).voxels == [9])
        let found = LabelFractions(of: three, onto: voxel)
        #expect(found.mostly.voxels == [5])
        #expect(found.volume.voxels == [Float(3) / 9, Float(4) / 9, Float(1) / 9])
        #expect(found.framesTSV == "frame\tindex\tname\n0\t2\t2\n1\t5\t5\n2\t9\t9\n")
    }

    /// A plane through the middle of a voxel at any angle halves it; one d off the middle along x, tilted about z by θ with
    /// both crossings inside, cuts 0.5 + d. Tolerance: labels of 0.25 mm under voxels of 5 mm are a staircase of up to 1/20 a
    /// step, and points stand 1/32 apart; both errors change sign along the plane, so that their mean is below 1/40.
    @Test(arguments: [(0.0, 0.3), (0.2, 0.3), (-0.25, 0.4), (0.1, 0.0)])
    func anObliqueHalfPlaneHasItsFraction(_ d: Double, _ angle: Double) throws {
        let fine = try grid([60, 60, 60], size: 0.25, from: [-7.375, -7.375, -7.375])
        let slope = angle
        let half = labels(fine) { $0.x + slope * $0.y < 5 * d ? 3 : 0 }
        let coarse = try grid([3, 3, 3], size: 5, from: [-5, -5, -5])
        let volume = LabelFractions(of: half, onto: coarse).volume
        #expect(abs(Double(volume[1, 1, 1]) - (0.5 + d)) < 0.025)
        #expect(volume[0, 1, 1] == 1 && volume[2, 1, 1] == 0)
    }

    /// Volumes stay, whatever the map: a ball of 10 mm turned and shifted. Tolerance: the staircase of 1 mm voxels and points
    /// of 0.75 mm, over a surface of 1257 mm² with errors of changing sign: 1 %.
    @Test func volumesStayUnderATurn() throws {
        let fine = try grid([40, 40, 40], size: 1, from: [-20, -20, -20])
        let ball = labels(fine) { dot($0, $0) < 100 ? 4 : 0 }
        var turn = Affine.rotation(vector: [0.3, -0.2, 0.5])
        turn.translation = [1.3, -2.1, 0.7]
        let coarse = try grid([14, 14, 14], size: 3, from: [-19.5, -19.5, -19.5])
        let before = Double(ball.voxels.filter { $0 == 4 }.count)
        let after = LabelFractions(of: ball, onto: coarse, through: .linear(turn)).volume.voxels.reduce(0) {
            $0 + Double($1) * 27
        }
        #expect(abs(after / before - 1) < 0.01)
        // The same map as a field.
        let still = turn
        let field = DisplacementField(on: coarse) { still($0) }
        let through = LabelFractions(of: ball, onto: coarse, through: .field(field))
        let sum = through.volume.voxels.reduce(0) { $0 + Double($1) * 27 }
        #expect(abs(sum / after - 1) < 1e-3)
    }

    @Test func labelsOutsideTheGridLeaveBackground() throws {
        let fine = try grid([4, 4, 4], size: 1, from: [100, 100, 100])
        let far = labels(fine) { _ in 1 }
        let found = LabelFractions(of: far, onto: try grid([3, 3, 3], size: 2, from: [0, 0, 0]))
        #expect(found.mostly.labels.isEmpty && found.volume.voxels.allSatisfy { $0 == 0 })
        let none = LabelFractions(of: LabelMap(grid: fine, voxels: Array(repeating: 0, count: 64)), onto: fine)
        #expect(none.labels.isEmpty && none.volume.frames == 1)
    }
}
