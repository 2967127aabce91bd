import Imaging
import Records

/// How far an image is from being one activity a region: rms of h⊗(f − h⊗Σ T p) over rms of h⊗f.
///
/// Of the mean over the frames, frames counting alike, and in the voxels near a region other than the background: those
/// that get at least 1 % of the blurred regions, about one full width at half maximum around them. The second blur leaves
/// what is wide and takes away most of the noise between voxels.
struct ModelMisfit {
    let regions: PartialVolumeRegions
    let blur: Blur

    /// Above this a correction is not to be trusted.
    static let limit = 0.15
    /// The least share of regions in a voxel that counts as near.
    private static let near: Float = 0.01

    /// The misfit of regions' activities, by frame; `nil` where the image is 0 around the regions.
    func value(of image: Volume, activities: [[Double]]) -> Double? {
        let (count, frames) = (regions.grid.count, image.frames)
        let buffers = (0..<4).map { _ in FrameBuffer(count) }
        nonisolated(unsafe) let (share, measured, expected, sharp) = (
            buffers[0].base, buffers[1].base, buffers[2].base, buffers[3].base
        )
        let way = FrameBuffer(count)
        defer { withExtendedLifetime((buffers, way)) {} }
        regions.paint(regions.regions.map { $0.isBackground ? 0 : 1 }, into: sharp)
        blur.blur(frame: sharp, into: share, by: way.base)
        image.voxels.withUnsafeBufferPointer { voxels in
            nonisolated(unsafe) let voxels = voxels
            forEachSlice(of: blur.shape) { slice in
                for v in slice {
                    var sum = 0.0
                    for frame in 0..<frames { sum += Double(voxels[frame * count + v]) }
                    sharp[v] = Float(sum / Double(frames))
                }
            }
        }
        blur.blur(frame: sharp, into: measured, by: way.base)
        let means = regions.regions.indices.map { region in
            activities.reduce(0) { $0 + $1[region] } / Double(activities.count)
        }
        regions.paint(means, into: expected)
        blur.blur(frame: expected, into: sharp, by: way.base)
        blur.blur(frame: sharp, into: expected, by: way.base)
        func power(_ value: @Sendable (Int) -> Double) -> Double {
            sumOverSlices(of: blur.shape) { voxels in
                voxels.reduce(0) { share[$1] >= Self.near ? $0 + value($1) * value($1) : $0 }
            }
        }
        let whole = power { Double(measured[$0]) }
        guard whole > 0 else { return nil }
        return (power { Double(measured[$0]) - Double(expected[$0]) } / whole).squareRoot()
    }

    /// What to say of a misfit above the limit.
    static func warning(_ misfit: Double?) -> String? {
        guard let misfit, misfit > limit else { return nil }
        return
            "the image in and around the regions differs by \(fixed(100 * misfit, 0)) % from what the regions explain: what "
            + "surrounds them is not one activity; give a full segmentation, else corrected values are wrong"
    }
}
