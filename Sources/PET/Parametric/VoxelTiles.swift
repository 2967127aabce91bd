import CKernels
import Imaging

/// Goes through a dynamic image in tiles of neighbouring voxels, on all cores, and writes what a fit finds into maps.
///
/// A tile that lies in the mask as a whole is read where it is, and its results go straight into the maps. Of another, the
/// voxels inside are copied side by side, frame by frame. Either way each frame's voxels are read once, in order. Tiles do
/// not know of each other: the bits of a map do not depend on the number of cores.
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
        /// Voxels; a copied tile is filled up with zeros beyond.
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

    /// Where a fit puts its results: a value for each parameter that is kept and a code, voxel by voxel.
    struct Output {
        let c: ck_result

        var codes: UnsafeMutablePointer<UInt8> { c.codes }

        /// `nil` for parameters that do not go into maps.
        func row(_ row: Int) -> UnsafeMutablePointer<Float>? {
            withUnsafeBytes(of: c.row) { $0.load(fromByteOffset: 8 * row, as: UnsafeMutablePointer<Float>?.self) }
        }

        /// Sets a code and, where it says that there is no value, NaN in every row.
        func fail(_ voxel: Int, _ code: FitCode) {
            codes[voxel] = code.rawValue
            for row in 0..<VoxelTiles.rows { self.row(row)?[voxel] = .nan }
        }

        /// Says of voxels that a kernel calls an overflow what it came from.
        func explain(_ tile: Tile) {
            for voxel in 0..<tile.count where codes[voxel] == FitCode.overflow.rawValue {
                codes[voxel] = tile.reason(voxel).rawValue
            }
        }
    }

    /// Parameters a model has at the most.
    static let rows = 5

    /// Fills the maps of rows `kept`; `progress` is called after each of `steps` parts.
    func run(
        kept: [Int], progress: () -> Void = {}, fit: @Sendable (Tile, Output) -> Void
    ) -> (maps: [Volume], codes: [UInt8]) {
        let tiles = (volume.grid.count + Self.size - 1) / Self.size
        var codes = [UInt8](repeating: FitCode.outsideMask.rawValue, count: volume.grid.count)
        let maps = codes.withUnsafeMutableBufferPointer { codes in
            nonisolated(unsafe) let codes = codes.baseAddress!
            return withMaps(kept.count) { pointers in
                nonisolated(unsafe) let maps = pointers
                for part in 0..<Self.steps {
                    let first = tiles * part / Self.steps
                    parallelFor(tiles * (part + 1) / Self.steps - first) { tile in
                        fill(first + tile, kept: kept, maps: maps, codes: codes, fit: fit)
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
        _ tile: Int, kept: [Int], maps: [UnsafeMutablePointer<Float>], codes: UnsafeMutablePointer<UInt8>,
        fit: (Tile, Output) -> Void
    ) {
        let first = tile * Self.size
        let length = min(Self.size, volume.grid.count - first)
        let lanes = Int(CK_TILE_LANES)
        if isWhole(first, length), length % lanes == 0, let start = consecutive {
            volume.voxels.withUnsafeBufferPointer { voxels in
                let curves = ck_tile(
                    values: voxels.baseAddress! + start * volume.grid.count + first, stride: volume.grid.count,
                    voxels: length, frames: frames.count)
                fit(Tile(c: curves, count: length), output(kept, codes: codes + first) { maps[$0] + first })
            }
            return
        }
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: Self.size) { inside in
            let inside = inside.baseAddress!
            let count = places(first, length, into: inside)
            if count < length { for map in maps { (map + first).initialize(repeating: 0, count: length) } }
            guard count > 0 else { return }
            let stride = (count + lanes - 1) / lanes * lanes
            withUnsafeTemporaryAllocation(of: Float.self, capacity: stride * (frames.count + kept.count)) { scratch in
                let values = scratch.baseAddress!
                gather(first, inside, count, stride, into: values)
                withUnsafeTemporaryAllocation(of: UInt8.self, capacity: stride) { found in
                    let rows = values + stride * frames.count
                    let curves = ck_tile(values: values, stride: stride, voxels: stride, frames: frames.count)
                    fit(
                        Tile(c: curves, count: count),
                        output(kept, codes: found.baseAddress!) { rows + stride * $0 })
                    for voxel in 0..<count { codes[first + Int(inside[voxel])] = found[voxel] }
                    for (place, map) in maps.enumerated() {
                        let row = rows + stride * place
                        for voxel in 0..<count { map[first + Int(inside[voxel])] = row[voxel] }
                    }
                }
            }
        }
    }

    /// Rows of a result for the parameters `kept`, the i-th of them at `place(i)`.
    private func output(
        _ kept: [Int], codes: UnsafeMutablePointer<UInt8>, place: (Int) -> UnsafeMutablePointer<Float>
    ) -> Output {
        var result = ck_result()
        result.codes = codes
        (result.not_unique, result.no_washout) = (FitCode.notUnique.rawValue, FitCode.noWashout.rawValue)
        result.overflow = FitCode.overflow.rawValue
        withUnsafeMutableBytes(of: &result.row) { rows in
            let rows = rows.assumingMemoryBound(to: UnsafeMutablePointer<Float>?.self)
            for (index, row) in kept.enumerated() { rows[row] = place(index) }
        }
        return Output(c: result)
    }

    /// The first frame, where one follows the other.
    private var consecutive: Int? {
        guard let first = frames.first, frames.last == first + frames.count - 1 else { return nil }
        return first
    }

    private func isWhole(_ first: Int, _ length: Int) -> Bool {
        if mask.count == mask.isInside.count { return true }
        return mask.isInside.withUnsafeBufferPointer { inside in
            for voxel in first..<(first + length) where !inside[voxel] { return false }
            return true
        }
    }

    /// Which of `length` voxels from `first` on are inside the mask, and how many.
    private func places(_ first: Int, _ length: Int, into inside: UnsafeMutablePointer<Int32>) -> Int {
        var count = 0
        mask.isInside.withUnsafeBufferPointer { mask in
            for voxel in 0..<length where mask[first &+ voxel] {
                inside[count] = Int32(truncatingIfNeeded: voxel)
                count &+= 1
            }
        }
        return count
    }

    /// Copies the curves of a tile's voxels side by side, zeros beyond them.
    private func gather(
        _ first: Int, _ inside: UnsafePointer<Int32>, _ count: Int, _ stride: Int,
        into values: UnsafeMutablePointer<Float>
    ) {
        volume.voxels.withUnsafeBufferPointer { voxels in
            for (row, frame) in frames.enumerated() {
                let from = voxels.baseAddress! + frame * volume.grid.count + first
                let to = values + row * stride
                for voxel in 0..<count { to[voxel] = from[Int(inside[voxel])] }
                (to + count).initialize(repeating: 0, count: stride - count)
            }
        }
    }
}
