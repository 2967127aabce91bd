import Glibc
import Imaging
import Testing

/// Frames moved in their own memory.
@Suite struct RealignVolumeTests {
    private static func volume(frames: Int = 3) throws -> Volume {
        let map = Affine(x: [2.1, 0.2, 0], y: [-0.2, 2, 0], z: [0, 0, 3], translation: [-20, -15, 4])
        let grid = try VoxelGrid(shape: [19, 17, 13], worldFromVoxel: map)
        return Volume(
            grid: grid, frames: frames,
            voxels: (0..<grid.count * frames).map { Float(100 * sin(Double($0) * 0.37) + 40 * cos(Double($0) * 0.011)) }
        )
    }

    private static func map(_ step: Int) -> Affine {
        var map = Affine.rotation(vector: [0.05 * Double(step), -0.03, 0.08]).about([0, 0, 20])
        map.translation += [1.3, -0.4, Double(step)]
        return map
    }

    /// The same as each frame resampled by itself; 2e-4: Float32 sums of values to 140 beside Double ones.
    @Test(arguments: [Interpolation.cubic, .linear])
    func framesAreThoseResampledOneByOne(interpolation: Interpolation) throws {
        let still = try Self.volume()
        var moved = still
        moved.realign((0..<3).map(Self.map), interpolation: interpolation)
        for frame in 0..<3 {
            let expected = still.frame(frame).resampled(
                onto: still.grid, sourceFromTarget: Self.map(frame), interpolation: interpolation)
            let found = moved.frame(frame)
            let worst = zip(expected.voxels, found.voxels).map { abs($0 - $1) }.max()!
            #expect(worst <= (interpolation == .cubic ? 2e-4 : 0))
            // The same voxels lie outside.
            #expect(zip(expected.voxels, found.voxels).allSatisfy { ($0 == 0) == ($1 == 0) })
        }
    }

    @Test func aFrameThatDoesNotMoveKeepsItsBits() throws {
        let still = try Self.volume()
        var moved = still
        moved.realign([Self.map(1), .identity, Self.map(2)], interpolation: .cubic)
        #expect(moved.frame(1).voxels == still.frame(1).voxels)
        #expect(moved.frame(0).voxels != still.frame(0).voxels)
    }

    /// One voxel that is not a number is NaN in the voxels interpolated from it, at most 27 of a small turn, and nowhere else.
    @Test func aVoxelThatIsNotANumberStaysLocal() throws {
        var still = try Self.volume(frames: 1)
        still[9, 8, 6] = .nan
        for interpolation in [Interpolation.cubic, .linear] {
            var moved = still
            moved.realign([Self.map(1)], interpolation: interpolation)
            let holes = moved.voxels.filter { !$0.isFinite }.count
            #expect(holes >= 1 && holes <= 27)
        }
    }
}
