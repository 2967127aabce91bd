import CKernels
import Imaging

/// Blurs images on one grid: a whole frame on all cores, or a box on the core it is called from.
struct Blur: Sendable {
    let shape: SIMD3<Int>
    let border: PointSpread.Border
    /// One for each axis; `nil` along an axis of one voxel.
    let kernels: [AxisKernel?]

    init(_ spread: PointSpread, on grid: VoxelGrid) {
        (shape, border) = (grid.shape, spread.border)
        kernels = (0..<3).map { axis in
            grid.shape[axis] > 1 ? spread.kernel(axis, voxelSize: grid.voxelSize[axis]) : nil
        }
    }

    /// How far a region's response is followed along each axis, voxels.
    var reach: SIMD3<Int> { SIMD3(kernels[0]?.reach ?? 0, kernels[1]?.reach ?? 0, kernels[2]?.reach ?? 0) }

    private func line(_ axis: Int, from source: VoxelBox, to target: VoxelBox) -> BlurLine {
        BlurLine(
            kernel: kernels[axis], border: border, length: shape[axis],
            source: source.lower[axis]..<source.upper[axis], target: target.lower[axis]..<target.upper[axis])
    }

    /// What values that fill a box, and are 0 elsewhere, become over another box. `source` is packed, i fastest.
    func blur(_ source: UnsafePointer<Float>, filling from: VoxelBox, over target: VoxelBox) -> BoxImage {
        let stride = BoxImage.stride(target.shape.x)
        let (x, y, z) = (
            line(0, from: from, to: target), line(1, from: from, to: target), line(2, from: from, to: target)
        )
        let values = [Float](unsafeUninitializedCapacity: stride * target.shape.y * target.shape.z) { output, count in
            let across = stride * target.shape.y
            withUnsafeTemporaryAllocation(of: Float.self, capacity: across * from.shape.z) { middle in
                let middle = middle.baseAddress!
                withUnsafeTemporaryAllocation(of: Float.self, capacity: stride * from.shape.y) { rows in
                    let rows = rows.baseAddress!
                    for k in 0..<from.shape.z {
                        x.along(
                            source + k * from.shape.x * from.shape.y, stride: from.shape.x, into: rows, stride: stride,
                            rows: from.shape.y)
                        y.across(rows, stride: stride, into: middle + k * across, stride: stride, width: stride)
                    }
                }
                z.across(middle, stride: across, into: output.baseAddress!, stride: across, width: across)
            }
            count = across * target.shape.z
        }
        return BoxImage(box: target, stride: stride, values: values)
    }

    /// Blurs a whole frame, on all cores. `between` has room for a frame; none of the three overlap.
    func blur(
        frame source: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>,
        by way: UnsafeMutablePointer<Float>
    ) {
        nonisolated(unsafe) let (source, output, way) = (source, output, way)
        let (nx, slice) = (shape.x, shape.x * shape.y)
        let whole = VoxelBox(shape: shape)
        let (x, y, z) = (
            line(0, from: whole, to: whole), line(1, from: whole, to: whole), line(2, from: whole, to: whole)
        )
        parallelFor(shape.z) { k in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: slice) { rows in
                let rows = rows.baseAddress!
                x.along(source + k * slice, stride: nx, into: rows, stride: nx, rows: shape.y)
                y.across(rows, stride: nx, into: way + k * slice, stride: nx, width: nx)
            }
        }
        // Strips narrow enough for the rows under all taps to stay in the nearest cache.
        let strip = 256
        parallelFor((slice + strip - 1) / strip) { part in
            let start = part * strip
            z.across(
                way + start, stride: slice, into: output + start, stride: slice, width: min(strip, slice - start))
        }
    }
}

/// One axis of a blur: the taps, and which sample of the source stands under them.
private struct BlurLine: Sendable {
    let taps: [Float]
    /// The sample, counted in the source, at each place from `radius` before the target's first to `radius` after its
    /// last; -1 where there is none.
    let samples: [Int]
    let count: Int

    init(kernel: AxisKernel?, border: PointSpread.Border, length: Int, source: Range<Int>, target: Range<Int>) {
        let taps = kernel?.taps ?? [1]
        let radius = taps.count - 1
        samples = ((target.lowerBound - radius)..<(target.upperBound + radius)).map { place in
            let inside: Int
            switch border {
            case .mirror:
                let m = ((place % (2 * length)) + 2 * length) % (2 * length)
                inside = m < length ? m : 2 * length - 1 - m
            case .nearest: inside = min(max(place, 0), length - 1)
            case .zero: inside = place
            }
            return source.contains(inside) ? inside - source.lowerBound : -1
        }
        (self.taps, count) = (taps, target.count)
    }

    /// Filters each of `rows` rows along itself; `stride` is rows apart, and as much as is written of each.
    func along(
        _ source: UnsafePointer<Float>, stride sourceStride: Int, into output: UnsafeMutablePointer<Float>,
        stride: Int, rows: Int
    ) {
        let radius = taps.count - 1
        withUnsafeTemporaryAllocation(of: Float.self, capacity: stride + 2 * radius) { padded in
            let padded = padded.baseAddress!
            padded.initialize(repeating: 0, count: stride + 2 * radius)
            withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: 2 * radius + 1) { shifted in
                for m in 0...(2 * radius) { (shifted.baseAddress! + m).initialize(to: UnsafePointer(padded + m)) }
                samples.withUnsafeBufferPointer { samples in
                    for row in 0..<rows {
                        let from = source + row * sourceStride
                        for place in 0..<samples.count {
                            let sample = samples[place]
                            padded[place] = sample < 0 ? 0 : from[sample]
                        }
                        ck_filter_rows(shifted.baseAddress!, output + row * stride, stride, taps, radius)
                    }
                }
            }
        }
    }

    /// Filters rows of `width` values across each other.
    func across(
        _ source: UnsafePointer<Float>, stride sourceStride: Int, into output: UnsafeMutablePointer<Float>,
        stride: Int, width: Int
    ) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { nothing in
            nothing.initialize(repeating: 0)
            withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: samples.count) { rows in
                let (nothing, rows) = (UnsafePointer(nothing.baseAddress!), rows.baseAddress!)
                for (place, sample) in samples.enumerated() {
                    (rows + place).initialize(to: sample < 0 ? nothing : source + sample * sourceStride)
                }
                for row in 0..<count {
                    ck_filter_rows(rows + row, output + row * stride, width, taps, taps.count - 1)
                }
            }
        }
    }
}
