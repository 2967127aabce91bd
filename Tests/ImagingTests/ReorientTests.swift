import Imaging
import Testing

@Suite struct ReorientTests {
    /// RAS, LAS, ..., every order and direction of three axes.
    static let codes: [String] = {
        let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
        let letters = [["R", "L"], ["A", "P"], ["S", "I"]]
        return orders.flatMap { order in
            (0..<8).map { turn in (0..<3).map { letters[order[$0]][turn >> $0 & 1] }.joined() }
        }
    }()

    @Test func thereAre48() { #expect(Set(Self.codes).count == 48) }

    /// Each value stays at its place in the world, for an oblique image of two frames.
    @Test(arguments: codes)
    func everyValueStaysAtItsPlaceInTheWorld(code: String) throws {
        let volume = NIfTITests.ramp(frames: 2)
        let turned = volume.reoriented(to: code)
        #expect(turned.grid.orientation == code && turned.frames == 2)
        for k in 0..<3 {
            for j in 0..<4 {
                for i in 0..<5 {
                    let world = volume.grid.worldFromVoxel(SIMD3(Double(i), Double(j), Double(k)))
                    let there = turned.grid.voxelFromWorld(world)
                    let place = SIMD3<Int>(there.rounded(.toNearestOrAwayFromZero))
                    #expect(norm(there - SIMD3<Double>(place)) < 1e-9)
                    for t in 0..<2 {
                        #expect(turned[place.x, place.y, place.z, frame: t] == volume[i, j, k, frame: t])
                    }
                }
            }
        }
        let back = turned.reoriented(to: volume.grid.orientation)
        #expect(back.voxels == volume.voxels && back.grid.matches(volume.grid, tolerance: 1e-12))
    }
}
