import Imaging
import PET
import Records
import TestSupport

/// A dynamic image made of blocks of voxels, each with the curve of a region.
struct SyntheticScan {
    var frames: [Frame]
    var names: [String]
    var curves: [[Double]]

    /// The curves of a table of noise-free regions: frame_start_min, frame_end_min, then a column a region.
    init(_ file: String, without left: Set<String> = []) throws {
        let table = try DelimitedTable(parsing: InputFile.read(ReferenceData.path("pet/synthetic/\(file)")))
        let numbers = table.rows.map { $0.map { Double($0) ?? .nan } }
        frames = numbers.map { Frame(start: 60 * $0[0], duration: 60 * ($0[1] - $0[0])) }
        let columns = table.columns.indices.dropFirst(2).filter { !left.contains(table.columns[$0]) }
        names = columns.map { table.columns[$0] }
        curves = columns.map { column in numbers.map { $0[column] } }
    }

    init(frames: [Frame], names: [String], curves: [[Double]]) {
        (self.frames, self.names, self.curves) = (frames, names, curves)
    }

    var times: FrameTimes { FrameTimes(frames) }

    /// Along i one region after the other, `width` voxels each; along j the same again.
    func volume(width: Int = 5, rows: Int = 3) throws -> Volume {
        let grid = try VoxelGrid(
            shape: [width * curves.count, rows, 1], worldFromVoxel: Affine(scale: [2, 2, 2]))
        return Volume(grid: grid, frames: frames.count) { voxels in
            for frame in frames.indices {
                for place in 0..<grid.count {
                    let region = place % grid.shape.x / width
                    voxels[frame * grid.count + place] = Float(curves[region][frame])
                }
            }
        }
    }

    /// The regions of that volume, labelled from 1.
    func labels(width: Int = 5, rows: Int = 3) throws -> LabelMap {
        let grid = try volume(width: width, rows: rows).grid
        let entries = names.enumerated().map { (Int32($0.offset + 1), LabelTable.Entry(name: $0.element)) }
        return LabelMap(
            grid: grid, voxels: (0..<grid.count).map { Int32($0 % grid.shape.x / width + 1) },
            names: LabelTable(Dictionary(uniqueKeysWithValues: entries)))
    }
}

/// Frames of a dynamic scan of 90 min.
let ninetyMinutes: [Frame] = {
    var start = 0.0
    return ([60, 60, 60, 60, 120, 120, 120, 180, 180, 180] + [Double](repeating: 300, count: 15)).map { duration in
        defer { start += duration }
        return Frame(start: start, duration: duration)
    }
}()

/// A reference curve that rises and falls, at each frame's middle.
func referenceMeans(_ times: FrameTimes) -> [Double] {
    times.mids.map { 1000 * $0 / (2 + $0) * (0.2 + 0.8 * (1 - $0 / 120) * (1 - $0 / 120)) }
}

/// Seeded noise of a given share of the value, and the curve scaled with it, for many voxels.
func noisyVoxels(_ curves: [[Double]], count: Int, noise: Double, seed: UInt64) -> [[Double]] {
    var state = seed
    func uniform() -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 11) / 9_007_199_254_740_992
    }
    return (0..<count).map { voxel in
        let scale = noise == 0 ? 1 : 0.5 + uniform()
        return curves[voxel % curves.count].map {
            Double(Float(scale * $0 * (1 + noise * (uniform() + uniform() + uniform() - 1.5) * 2)))
        }
    }
}
