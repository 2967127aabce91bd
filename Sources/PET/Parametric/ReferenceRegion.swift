import Imaging

/// The curve that voxels are held against: the mean of a reference region in every frame.
public struct ReferenceRegion: Sendable, Equatable {
    /// The region's name, as it was asked for.
    public var name: String
    /// Mean per frame, in the image's unit.
    public var means: [Double]
    /// Voxels the mean is over; `nil` for a curve from a table.
    public var voxels: Int?
    /// What was doubtful.
    public var warnings: [String] = []

    /// A curve from elsewhere.
    public init(name: String, means: [Double]) { (self.name, self.means) = (name, means) }

    /// The mean over all voxels of the regions a name means: a label's number, a whole name, or a structure on both sides.
    ///
    /// Labels on another grid are looked up at the image's voxel centres (nearest), with a warning. Voxels that are not
    /// finite are left out, with a warning. Throws where there is no such region, or a frame of it has no finite voxel.
    public init(of volume: Volume, labels: LabelMap, named name: String) throws {
        let map = labels.grid.matches(volume.grid) ? labels : labels.resampled(onto: volume.grid)
        let present = map.labels
        guard !present.isEmpty else { throw UptakeError.noRegion }
        let members = try Uptake.members(of: name, in: present, names: labels.names)
        let merged = LabelMap(grid: map.grid, voxels: map.voxels.map { members.contains($0) ? 1 : 0 })
        let courses = try regionCourses(of: volume, labels: merged)
        self.init(name: name, means: courses.mean[0])
        voxels = courses.voxels[0]
        if !labels.grid.matches(volume.grid) {
            warnings.append("labels lie on another grid and were looked up at the voxel centres of the image (nearest)")
        }
        let lost = courses.nonFinite[0].max() ?? 0
        if lost > 0 {
            warnings.append("the reference \(name) has \(lost) voxels that are not finite; they were left out")
        }
        guard means.allSatisfy(\.isFinite) else { throw ParametricError.referenceNotFinite(name) }
    }

    /// A region of a table of curves, for an image of the given frames and unit; activity is converted between units.
    ///
    /// Throws where there is no such region, where its frames are not the image's to half a second, and where one is
    /// activity in a declared unit and the other is not.
    public init(from curves: TimeActivityCurves, named name: String, frames: [Frame], unit: String?) throws {
        guard curves.frames.count == frames.count else {
            throw ParametricError.referenceFrames(image: frames.count, reference: curves.frames.count)
        }
        if let other = frames.indices.first(where: {
            abs(frames[$0].start - curves.frames[$0].start) > 0.5 || abs(frames[$0].end - curves.frames[$0].end) > 0.5
        }) {
            throw ParametricError.referenceTimes(frame: other)
        }
        let same = unit != nil && unit == curves.units
        let curve = try (same ? curves : curves.inUnits(unit ?? "")).curve(named: name)
        guard curve.mean.allSatisfy(\.isFinite) else { throw ParametricError.referenceNotFinite(name) }
        self.init(name: name, means: curve.mean)
        (voxels, warnings) = (curve.voxels, curves.warnings)
    }
}
