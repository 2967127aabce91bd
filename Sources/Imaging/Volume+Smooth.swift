import CKernels

extension Volume {
    /// Every frame smoothed by a Gaussian of the given full widths at half maximum, mm along i, j and k.
    ///
    /// The filter's transfer function is the continuous Gaussian's to 1e-6 at any width (`GaussianKernel`), in Float32.
    /// An axis with width 0 or one voxel is left untouched. A non-finite voxel spoils what lies within the filter's reach.
    public func smoothed(fwhm: SIMD3<Double>, beyond border: SmoothingBorder = .mirror) -> Volume {
        precondition(
            fwhm.x >= 0 && fwhm.y >= 0 && fwhm.z >= 0 && fwhm.x.isFinite && fwhm.y.isFinite && fwhm.z.isFinite,
            "a full width at half maximum is 0 mm or more")
        let sigmas = fwhm * GaussianKernel.sigmaOfFWHM / grid.voxelSize
        func kernel(_ axis: Int) -> GaussianKernel? {
            guard sigmas[axis] > 0, grid.shape[axis] > 1 else { return nil }
            return GaussianKernel(sigma: sigmas[axis], line: grid.shape[axis], beyond: border)
        }
        let smoother = Smoother(shape: grid.shape, border: border, x: kernel(0), y: kernel(1), z: kernel(2))
        return Volume(grid: grid, frames: frames) { (output: UnsafeMutableBufferPointer<Float>) in
            voxels.withUnsafeBufferPointer { source in
                smoother.smooth(source.baseAddress!, into: output.baseAddress!, frames: frames)
            }
        }
    }
}

/// What an image is taken to be beyond its faces when it is smoothed.
public enum SmoothingBorder: String, Sendable, CaseIterable {
    /// Its mirror image, edge voxels repeated, as `scipy.ndimage` has it with `mode='reflect'`. The sum over the image
    /// stays, a constant image stays as it is, and the filter is its own transpose. (ITK and PETPVC repeat the edge
    /// voxel for ever: a constant stays there too, the sum does not.)
    case mirror
    /// Nothing: what is smoothed out through a face is lost. Its own transpose as well.
    case zero
}

/// Separable smoothing of frames of one shape: a sweep over slices for i and j, then one over rows of slices for k.
struct Smoother {
    let shape: SIMD3<Int>
    let border: SmoothingBorder
    let x, y, z: GaussianKernel?

    func smooth(_ source: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, frames: Int) {
        nonisolated(unsafe) let (source, output) = (source, output)
        let slice = shape.x * shape.y
        let xLine = x.map { FilterRows(kernel: $0, length: shape.x, border: border) }
        let yLine = y.map { FilterRows(kernel: $0, length: shape.y, border: border) }
        let zLine = z.map { FilterRows(kernel: $0, length: shape.z, border: border) }
        parallelFor(shape.z * frames) { k in
            let (from, to) = (source + k * slice, output + k * slice)
            switch (xLine, yLine) {
            case (nil, nil): to.initialize(from: from, count: slice)
            case (let x?, nil): x.alongRows(from, into: to, width: shape.x, rows: shape.y)
            case (nil, let y?): y.acrossRows(from, stride: shape.x, into: to, stride: shape.x, width: shape.x)
            case (let x?, let y?):
                withUnsafeTemporaryAllocation(of: Float.self, capacity: slice) { between in
                    let between = between.baseAddress!
                    x.alongRows(from, into: between, width: shape.x, rows: shape.y)
                    y.acrossRows(between, stride: shape.x, into: to, stride: shape.x, width: shape.x)
                }
            }
        }
        guard let zLine else { return }
        parallelFor(shape.y * frames) { row in
            let (frame, j) = row.quotientAndRemainder(dividingBy: shape.y)
            let base = output + frame * slice * shape.z + j * shape.x
            withUnsafeTemporaryAllocation(of: Float.self, capacity: shape.x * shape.z) { copy in
                let copy = copy.baseAddress!
                for k in 0..<shape.z { (copy + k * shape.x).initialize(from: base + k * slice, count: shape.x) }
                zLine.acrossRows(copy, stride: shape.x, into: base, stride: slice, width: shape.x)
            }
        }
    }
}

/// One axis of a smoothing: the taps, and which sample stands where around a line.
struct FilterRows: Sendable {
    let taps: [Float]
    let length: Int
    /// The samples at -radius ..< length + radius; `nil` is 0.
    let samples: [Int?]

    init(kernel: GaussianKernel, length: Int, border: SmoothingBorder) {
        (taps, self.length) = (kernel.taps, length)
        samples = (-kernel.radius..<(length + kernel.radius)).map { place in
            if 0 <= place && place < length { return place }
            return border == .zero ? nil : GaussianKernel.mirrored(place, length)
        }
    }

    /// Filters each of `rows` rows of `width` values along itself.
    func alongRows(
        _ source: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, width: Int, rows: Int
    ) {
        let radius = taps.count - 1
        withUnsafeTemporaryAllocation(of: Float.self, capacity: samples.count) { padded in
            withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: 2 * radius + 1) { shifted in
                let padded = padded.baseAddress!
                for m in 0...(2 * radius) { (shifted.baseAddress! + m).initialize(to: UnsafePointer(padded + m)) }
                for row in 0..<rows {
                    let from = source + row * width
                    for (place, sample) in samples.enumerated() {
                        (padded + place).initialize(to: sample.map { from[$0] } ?? 0)
                    }
                    ck_filter_rows(shifted.baseAddress!, output + row * width, width, taps, radius)
                }
            }
        }
    }

    /// Filters `length` rows of `width` values across each other.
    func acrossRows(
        _ source: UnsafePointer<Float>, stride sourceStride: Int, into output: UnsafeMutablePointer<Float>,
        stride outputStride: Int, width: Int
    ) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { nothing in
            nothing.initialize(repeating: 0)
            withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: samples.count) { rows in
                let (nothing, rows) = (UnsafePointer(nothing.baseAddress!), rows.baseAddress!)
                for (place, sample) in samples.enumerated() {
                    (rows + place).initialize(to: sample.map { source + $0 * sourceStride } ?? nothing)
                }
                for row in 0..<length {
                    ck_filter_rows(rows + row, output + row * outputStride, width, taps, taps.count - 1)
                }
            }
        }
    }
}
