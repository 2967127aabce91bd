import Imaging

/// The voxels for which maps are computed.
public struct VoxelMask: Sendable, Equatable {
    /// One a voxel, i fastest.
    public let isInside: [Bool]
    /// Voxels inside.
    public let count: Int
    /// The mean activity above which voxels are inside, in the image's unit; `nil` where the mask was given.
    public let threshold: Double?

    /// A mask from its voxels.
    public init(_ isInside: [Bool], threshold: Double? = nil) {
        (self.isInside, self.threshold) = (isInside, threshold)
        count = isInside.reduce(0) { $0 + ($1 ? 1 : 0) }
    }

    /// All voxels of a grid.
    public init(all grid: VoxelGrid) {
        isInside = [Bool](repeating: true, count: grid.count)
        (count, threshold) = (grid.count, nil)
    }

    /// The voxels of an image that are above 0. Throws where it lies on another grid.
    public init(_ image: Volume, on grid: VoxelGrid) throws(ParametricError) {
        guard image.grid.matches(grid) else { throw .maskGrid }
        guard image.frames == 1 else { throw .maskFrames(image.frames) }
        self.init(image.voxels.prefix(grid.count).map { $0 > 0 })
    }

    /// The voxels whose mean over the scan, frames weighing by duration, is above a fraction of the head's mean.
    ///
    /// The head's mean is that of the voxels above an eighth of the mean of all, which leaves the air around it out, as
    /// SPM's global mean does. Frames weigh alike where their times are not known. A voxel with frames that are not finite is inside, so that it is counted as such, unless
    /// all are.
    public init(above fraction: Double, of volume: Volume, frames: [Frame]) {
        let durations = frames.count == volume.frames ? frames.map(\.duration) : []
        let total = durations.reduce(0, +)
        let share = (0..<volume.frames).map { total > 0 ? durations[$0] / total : 1 / Double(volume.frames) }
        let fit = LinearFrames(places: Array(0..<volume.frames), first: share, second: nil)
        let tiles = VoxelTiles(volume: volume, mask: VoxelMask(all: volume.grid), frames: fit.places)
        let means = tiles.run(kept: [0], fit: fit.fit).maps[0].voxels
        func mean(above limit: Double) -> Double {
            var (sum, count) = (0.0, 0)
            for value in means where value.isFinite && Double(value) > limit {
                sum += Double(value)
                count += 1
            }
            return count > 0 ? sum / Double(count) : 0
        }
        let threshold = fraction * mean(above: mean(above: -.infinity) / 8)
        self.init(
            means.indices.map { voxel in
                if means[voxel].isFinite { return Double(means[voxel]) > threshold }
                return (0..<volume.frames).contains { volume.voxels[$0 * volume.grid.count + voxel].isFinite }
            }, threshold: threshold)
    }
}
