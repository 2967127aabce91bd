import Imaging

/// What is done to a dynamic image before maps are made of it, frame by frame so that there is one copy of it.
public enum NoiseReduction: Sendable, Equatable {
    /// Every frame smoothed by a Gaussian of this full width at half maximum, mm.
    case gaussian(fwhm: SIMD3<Double>)
    /// HYPR-LR [Christian2010]: the sum of all frames times what a frame is of it after smoothing both.
    ///
    /// The paper smooths by a box; here it is a Gaussian of this full width at half maximum, mm.
    case hypr(fwhm: SIMD3<Double>)

    /// Reduces the noise of an image in place.
    ///
    /// HYPR: I = K · S(frame) / S(K), K being the sum over frames weighed by duration (alike where `frames` is empty). Where
    /// S(K) is not above a thousandth of its mean over the voxels above its mean, which is in air, there is no ratio to
    /// trust and the voxel keeps S(frame). A voxel that is not finite would spoil all the filter reaches, and is refused.
    public func apply(to volume: inout Volume, frames: [Frame]) throws(ParametricError) {
        precondition(frames.count == volume.frames || frames.isEmpty, "frames and times belong together")
        for frame in 0..<volume.frames {
            let broken = volume.withFrame(frame) { span in span.indices.count { !span[$0].isFinite } }
            if broken > 0 { throw .imageNotFinite(voxels: broken, frame: frame) }
        }
        switch self {
        case .gaussian(let fwhm): Self.frameByFrame(&volume) { $0.smoothed(fwhm: fwhm) }
        case .hypr(let fwhm):
            let even = (0..<volume.frames).map { Frame(start: 0, duration: frames.isEmpty ? 1 : frames[$0].duration) }
            let composite = frameMean(volume, frames: even, over: Array(0..<volume.frames))
            let smooth = composite.smoothed(fwhm: fwhm)
            let least = Self.least(smooth)
            Self.frameByFrame(&volume) { frame in
                var frame = frame.smoothed(fwhm: fwhm)
                frame.withMutableVoxels { voxels in
                    for place in voxels.indices where !(smooth.voxels[place] <= least) {
                        let ratio = Double(voxels[place]) / Double(smooth.voxels[place])
                        voxels[place] = Float(Double(composite.voxels[place]) * ratio)
                    }
                }
                return frame
            }
        }
    }

    /// A thousandth of the mean over the voxels above the mean.
    private static func least(_ image: Volume) -> Float {
        func mean(above limit: Double) -> Double {
            var (sum, count) = (0.0, 0)
            for value in image.voxels where value.isFinite && Double(value) > limit {
                sum += Double(value)
                count += 1
            }
            return count > 0 ? sum / Double(count) : 0
        }
        return Float(mean(above: mean(above: -.infinity)) / 1000)
    }

    private static func frameByFrame(_ volume: inout Volume, _ change: (Volume) -> Volume) {
        let count = volume.grid.count
        for frame in 0..<volume.frames {
            let changed = change(volume.frame(frame))
            volume.withMutableVoxels { voxels in
                for place in 0..<count { voxels[frame &* count &+ place] = changed.voxels[place] }
            }
        }
    }
}
