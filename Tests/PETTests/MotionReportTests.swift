import Glibc
import Imaging
import PET
import Records
import Testing

/// The table and the JSON of a head's movement.
@Suite struct MotionReportTests {
    /// A ball and a smaller one in it, which in the later frames are 3 mm further to the right.
    private static func report() throws -> MotionReport {
        let grid = try VoxelGrid(
            shape: [36, 36, 30], worldFromVoxel: Affine(scale: [4, 4, 4], translation: [-70, -70, -58]))
        var voxels: [Float] = []
        for frame in 0..<4 {
            let shift: SIMD3<Double> = [frame < 2 ? 0 : 3, 0, 0]
            for k in 0..<30 {
                for j in 0..<36 {
                    for i in 0..<36 {
                        let p = grid.worldFromVoxel([Double(i), Double(j), Double(k)]) - shift
                        let inner = norm((p - [15, 5, -4]) / [1, 1.4, 0.8])
                        func soft(_ distance: Double) -> Double { 1 / (1 + exp(distance / 2)) }
                        voxels.append(
                            Float(100 * soft(norm(p * [1, 0.8, 1.1]) - 44) + 150 * soft(inner - 14) + Double(frame)))
                    }
                }
            }
        }
        let frames = (0..<4).map { Frame(start: 60 * Double($0), duration: 60) }
        let found = try Realignment(
            of: Volume(grid: grid, frames: 4, voxels: voxels),
            weights: MotionReport.weights(frames, halfLifeS: nil), times: frames.map(\.mid))
        return MotionReport(found, frames: frames)
    }

    @Test func columnsHaveTheNamesOfFMRIPrepAndTheFirstRowHasNoDisplacement() throws {
        let report = try Self.report()
        let table = report.table
        #expect(
            table.columns.prefix(8) == [
                "trans_x", "trans_y", "trans_z", "rot_x", "rot_y", "rot_z", "framewise_displacement", "rmsd",
            ])
        #expect(table.rows.count == 4)
        #expect(table.rows[0][6] == "n/a" && table.rows[0][7] == "n/a")
        // 3 mm from the second frame to the third; 0.1 mm is what noise-free images of 4 mm voxels give.
        let (before, after) = (try #require(Double(table.rows[1][0])), try #require(Double(table.rows[2][0])))
        #expect(abs(after - before - 3) < 0.1)
        #expect(try #require(Double(table.rows[2][7])) > 2.9)
        #expect(MotionReport.columnMembers.map(\.key) == table.columns)
    }

    @Test func jsonHasEachFramesMatrix() throws {
        let report = try Self.report()
        let json = JSONValue.object(report.members)
        let frames = try #require(json["frames"]?.elements)
        #expect(frames.count == 4)
        for (place, frame) in frames.enumerated() {
            let rows = try #require(frame["frame_from_reference"]?.elements).compactMap(\.doubles)
            #expect(Affine(rows: rows) == report.realignment.frames[place].frameFromReference)
        }
        #expect(frames[0]["framewise_displacement_mm"] == .null)
    }

    /// Counts decay: an hour of fluorine-18 leaves exp(−ln 2 · 3630/6586.2) of them.
    @Test func framesWeighByTheirCounts() {
        let frames = [Frame(start: 0, duration: 10), Frame(start: 3600, duration: 60)]
        let weights = MotionReport.weights(frames, halfLifeS: 6586.2)
        #expect(abs(weights[1] - 60 * 0.6824748) < 1e-4)
        #expect(MotionReport.weights(frames, halfLifeS: nil) == [10, 60])
    }
}
