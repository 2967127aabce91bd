import CKernels
import Foundation
import Imaging
import Testing

/// The kernels of a match: what a plain loop gives, and the same bits at every instruction set.
@Suite(.serialized) struct MatchKernelTests {
    /// A 5 × 4 × 3 image with a voxel repeated at each far face, and points within it, on its faces and beyond them.
    private static let shape: SIMD3<Int> = [5, 4, 3]
    private static let voxels: [Float] = (0..<60).map { Float(($0 * 37) % 61) }
    private static let padded: [Float] = (0..<(6 * 5 * 4)).map { place in
        let (i, j, k) = (place % 6, place / 6 % 5, place / 30)
        return voxels[min(i, 4) + 5 * (min(j, 3) + 4 * min(k, 2))]
    }
    private static let count = 203
    private static func coordinate(_ axis: Int, _ place: Int) -> Float {
        // Multiples of 1/8: exact in single precision, on voxels, between them and outside.
        Float((place * [29, 17, 11][axis]) % (8 * shape[axis] + 5)) / 8 - 0.75
    }

    private func values() -> [Float] {
        let axes = (0..<3).map { axis in (0..<Self.count).map { Self.coordinate(axis, $0) } }
        var found = [Float](repeating: 0, count: Self.count)
        axes[0].withUnsafeBufferPointer { x in
            axes[1].withUnsafeBufferPointer { y in
                axes[2].withUnsafeBufferPointer { z in
                    var points = ck_points()
                    (points.x, points.y, points.z) = (x.baseAddress!, y.baseAddress!, z.baseAddress!)
                    points.map = (0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1)
                    points.shape = (5, 4, 3)
                    ck_point_values(Self.padded, &points, &found, Self.count)
                }
            }
        }
        return found
    }

    @Test func valuesAreTrilinearWithinTheCentresOfTheOuterVoxels() {
        let found = values()
        var inside = 0
        for place in 0..<Self.count {
            let p = (0..<3).map { Double(Self.coordinate($0, place)) }
            guard (0..<3).allSatisfy({ p[$0] >= 0 && p[$0] <= Double(Self.shape[$0] - 1) }) else {
                #expect(found[place].isNaN)
                continue
            }
            inside += 1
            var expected = 0.0
            for corner in 0..<8 {
                let at = (0..<3).map { Int(p[$0]) + (corner >> $0 & 1) }
                let weight = (0..<3).reduce(1.0) { $0 * max(0, 1 - abs(p[$1] - Double(at[$1]))) }
                let voxel = (0..<3).map { min(at[$0], Self.shape[$0] - 1) }
                expected += weight * Double(Self.voxels[voxel[0] + 5 * (voxel[1] + 4 * voxel[2])])
            }
            // Eighths of whole numbers below 61 multiplied thrice have 9 binary places: exact in single precision.
            #expect(Double(found[place]) == expected)
        }
        #expect(inside > 30 && inside < Self.count - 30)
    }

    private static let (bins, slots) = (10, 3)

    private func histogram(_ values: [Float], _ rows: [UInt8]) -> (table: [Float], added: Int) {
        let size = 4 * 4 * Self.slots * Self.bins
        let raw = UnsafeMutableRawPointer.allocate(byteCount: 4 * size, alignment: 64)
        defer { raw.deallocate() }
        let table = raw.bindMemory(to: Float.self, capacity: size)
        table.initialize(repeating: 0, count: size)
        let added = ck_add_windows(values, rows, values.count, Self.slots, Self.bins, table)
        return (Array(UnsafeBufferPointer(start: table, count: size)), added)
    }

    /// The four tables on each other are the histogram of the spline's weights; what is no number is left out. Tolerance:
    /// 200 sums of single-precision weights below 1.
    @Test func windowsAddUpToTheSplinesWeights() {
        let values = (0..<200).map { $0 % 7 == 3 ? Float.nan : 1 + Float(($0 * 31) % 91) / 10 }
        let rows = (0..<200).map { UInt8($0 * 13 % Self.bins) }
        let (table, added) = histogram(values, rows)
        #expect(added == values.filter { !$0.isNaN }.count)
        for row in 0..<Self.bins {
            for bin in 0..<(4 * Self.slots + 3) {
                var expected = 0.0
                for (value, at) in zip(values, rows) where Int(at) == row && !value.isNaN {
                    let a = abs(Double(value) - Double(bin))
                    expected +=
                        a < 1 ? (4 - 6 * a * a + 3 * a * a * a) / 6 : a < 2 ? (2 - a) * (2 - a) * (2 - a) / 6 : 0
                }
                var found: Float = 0
                for shift in 0..<4 where (0..<(4 * Self.slots)).contains(bin - shift) {
                    found += table[4 * Self.slots * (shift * Self.bins + row) + bin - shift]
                }
                #expect(abs(Double(found) - expected) < 2e-5)
            }
        }
    }

    @Test func everyLevelGivesTheSameBits() {
        let before = SIMDLevel.current
        defer { SIMDLevel.force(before) }
        let rows = (0..<Self.count).map { UInt8($0 * 13 % Self.bins) }
        var bits: [[UInt32]] = []
        for level in SIMDLevel.allCases where SIMDLevel.force(level) == level {
            let points = values()
            let windows = points.map { $0.isNaN ? $0 : 1 + $0 / 7 }
            bits.append((points + histogram(windows, rows).table).map { $0.isNaN ? 0x7FC0_0000 : $0.bitPattern })
        }
        #expect(bits.count >= 1 && bits.allSatisfy { $0 == bits[0] })
    }
}

@Suite struct FiniteRangeTests {
    /// Infinities and what is no number do not count, wherever they lie in the image.
    @Test func theRangeIsThatOfTheFiniteVoxels() throws {
        let grid = try VoxelGrid(shape: [7, 5, 3], worldFromVoxel: .identity)
        var voxels = (0..<105).map { Float(($0 * 41) % 105) - 20 }
        #expect(Volume(grid: grid, voxels: voxels).finiteRange == -20...84)
        for (place, value) in zip([0, 50, 103, 104], [Float.infinity, -.infinity, .nan, .infinity]) {
            voxels[place] = value
        }
        let expected = voxels.filter(\.isFinite)
        #expect(Volume(grid: grid, voxels: voxels).finiteRange == (expected.min()!)...(expected.max()!))
        #expect(Volume(grid: grid, repeating: .nan).finiteRange == nil)
        #expect(Volume(grid: grid, repeating: 3).background == nil)
    }
}
