import CKernels
import Imaging

/// Goes through a dynamic image in tiles of neighbouring voxels, on all cores, and writes what a fit finds into maps.
///
/// A tile holds the curves of up to `size` voxels of the mask, frame by frame, so that a kernel finds them side by side and
/// in the cache; of the image each frame's voxels are read once, in order. Tiles do not know of each other: the bits of a
/// map do not depend on the number of cores.
struct VoxelTiles {
    /// Voxels of the image a tile looks at. 1024 voxels of 40 frames are 160 KB, within a core's own cache.
    static let size = 1024

    let volume: Volume
    let mask: VoxelMask
    /// The frames a tile holds, in this order.
    let frames: [Int]

    /// The curves of a tile's voxels.
    struct Tile {
        let c: ck_tile
        /// Voxels; the tile is filled up with zeros beyond.
        let count: Int

        /// What becomes of a voxel whose result is not a number: the first of its frames that is not finite, or nothing
        /// but zeros, explains it.
        func reason(_ voxel: Int) -> FitCode {
            var isZero = true
            for frame in 0..<c.frames {
                let value = c.values[frame &* c.stride &+ voxel]
                if !value.isFinite { return .notFinite }
                if value != 0 { isZero = false }
            }
            return isZero ? .noSignal : .overflow
        }
    }

    /// Where a fit puts its results: a value for each of `rows` parameters and a code, voxel by voxel.
    struct Output {
        let values: UnsafeMutablePointer<Float>
        let stride: Int
        let codes: UnsafeMutablePointer<UInt8>
        /// The rows that go into maps; others need no value.
        let kept: [Int]

        func row(_ row: Int) -> UnsafeMutablePointer<Float> { values + row * stride }

        /// Sets a code and, where it says that there is no value, NaN in every row.
        func fail(_ voxel: Int, _ code: FitCode, rows: Int) {
            codes[voxel] = code.rawValue
            for row in 0..<rows { values[row * stride + voxel] = .nan }
        }
    }

    /// Fills the maps of rows `kept` (all where `nil`); `progress` is called after each of `steps` parts.
    func run(
        rows: Int, kept: [Int]? = nil, progress: () -> Void = {}, fit: @Sendable (Tile, Output) -> Void
    ) -> (maps: [Volume], codes: [UInt8]) {
        let kept = kept ?? Array(0..<rows)
        let tiles = (volume.grid.count + Self.size - 1) / Self.size
        var codes = [UInt8](repeating: FitCode.outsideMask.rawValue, count: volume.grid.count)
        let maps = codes.withUnsafeMutableBufferPointer { codes in
            nonisolated(unsafe) let codes = codes.baseAddress!
            return withMaps(kept.count) { pointers in
                nonisolated(unsafe) let maps = pointers
                for part in 0..<Self.steps {
                    let first = tiles * part / Self.steps
                    parallelFor(tiles * (part + 1) / Self.steps - first) { tile in
                        fill(first + tile, rows: rows, kept: kept, maps: maps, codes: codes, fit: fit)
                    }
                    progress()
                }
            }
        }
        return (maps, codes)
    }

    /// The parts after which `progress` is called.
    static let steps = 32

    /// Volumes that `body` fills all at once.
    private func withMaps(
        _ count: Int, _ pointers: [UnsafeMutablePointer<Float>] = [],
        _ body: ([UnsafeMutablePointer<Float>]) -> Void
    ) -> [Volume] {
        guard pointers.count < count else {
            body(pointers)
            return []
        }
        var others: [Volume] = []
        let volume = Volume(grid: volume.grid) { buffer in
            others = withMaps(count, pointers + [buffer.baseAddress!], body)
        }
        return [volume] + others
    }

    private func fill(
        _ tile: Int, rows: Int, kept: [Int], maps: [UnsafeMutablePointer<Float>], codes: UnsafeMutablePointer<UInt8>,
        fit: (Tile, Output) -> Void
    ) {
        let first = tile * Self.size
        let length = min(Self.size, volume.grid.count - first)
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: Self.size) { inside in
            let inside = inside.baseAddress!
            let count = places(first, length, into: inside)
            if count < length { for map in maps { (map + first).initialize(repeating: 0, count: length) } }
            guard count > 0 else { return }
            let lanes = Int(CK_TILE_LANES)
            let stride = (count + lanes - 1) / lanes * lanes
            withUnsafeTemporaryAllocation(of: Float.self, capacity: stride * (frames.count + rows)) { scratch in
                let values = scratch.baseAddress!
                gather(first, inside, count, stride, whole: count == length, into: values)
                withUnsafeTemporaryAllocation(of: UInt8.self, capacity: stride) { found in
                    found.initialize(repeating: FitCode.solved.rawValue)
                    let output = Output(
                        values: values + stride * frames.count, stride: stride, codes: found.baseAddress!, kept: kept)
                    let curves = ck_tile(values: values, stride: stride, voxels: stride, frames: frames.count)
                    fit(Tile(c: curves, count: count), output)
                    let whole = count == length
                    scatter(found.baseAddress!, inside, count, whole: whole, into: codes + first)
                    for (map, row) in zip(maps, kept) {
                        scatter(output.row(row), inside, count, whole: whole, into: map + first)
                    }
                }
            }
        }
    }

    /// Which of `length` voxels from `first` on are inside the mask, and how many.
    private func places(_ first: Int, _ length: Int, into inside: UnsafeMutablePointer<Int32>) -> Int {
        if mask.count == mask.isInside.count { return length }
        var count = 0
        mask.isInside.withUnsafeBufferPointer { mask in
            for voxel in 0..<length where mask[first &+ voxel] {
                inside[count] = Int32(truncatingIfNeeded: voxel)
                count &+= 1
            }
        }
        return count
    }

    /// Puts a tile's results where its voxels are.
    private func scatter<T>(
        _ found: UnsafePointer<T>, _ inside: UnsafePointer<Int32>, _ count: Int, whole: Bool,
        into map: UnsafeMutablePointer<T>
    ) {
        if whole {
            map.update(from: found, count: count)
        } else {
            for voxel in 0..<count { map[Int(inside[voxel])] = found[voxel] }
        }
    }

    /// Copies the curves of a tile's voxels side by side, zeros beyond them.
    private func gather(
        _ first: Int, _ inside: UnsafePointer<Int32>, _ count: Int, _ stride: Int, whole: Bool,
        into values: UnsafeMutablePointer<Float>
    ) {
        volume.voxels.withUnsafeBufferPointer { voxels in
            for (row, frame) in frames.enumerated() {
                let from = voxels.baseAddress! + frame * volume.grid.count + first
                let to = values + row * stride
                if whole {
                    to.initialize(from: from, count: count)
                } else {
                    for voxel in 0..<count { to[voxel] = from[Int(inside[voxel])] }
                }
                (to + count).initialize(repeating: 0, count: stride - count)
            }
        }
    }
}
