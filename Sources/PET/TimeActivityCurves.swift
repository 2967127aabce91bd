import Imaging

/// Mean activity per region and frame of a dynamic PET image.
public struct TimeActivityCurves: Sendable {
    /// One region's curve.
    public struct Curve: Sendable, Equatable {
        /// The region's name.
        public var name: String
        /// The region's label.
        public var label: Int32
        /// Voxels of the image grid that lie in it.
        public var voxels: Int
        /// Their volume, mL.
        public var volumeML: Double
        /// Mean over voxels per frame, in the image's unit.
        public var mean: [Double]
        /// SD over voxels per frame, in the image's unit.
        public var sd: [Double]
        /// Standard error of the mean per frame, voxels taken as independent, which smoothing makes too small.
        public var sem: [Double] { sd.map { $0 / Double(voxels).squareRoot() } }
    }

    /// Frame times after time zero, s.
    public var frames: [Frame]
    /// Curves by ascending label.
    public var curves: [Curve]
    /// What was doubtful.
    public var warnings: [String]

    /// Extracts the curves of every region of `labels`; labels on another grid are looked up by nearest, with a warning.
    public init(of volume: Volume, frames: [Frame], labels: LabelMap) throws {
        guard frames.count == volume.frames else {
            throw frames.isEmpty ? WindowError.noFrameTimes : .frameCount(image: volume.frames, sidecar: frames.count)
        }
        warnings = []
        let map = labels.grid.matches(volume.grid) ? labels : labels.resampled(onto: volume.grid)
        if !labels.grid.matches(volume.grid) {
            warnings.append("labels lie on another grid and were looked up at the voxel centres of the image (nearest)")
        }
        guard !map.labels.isEmpty else { throw UptakeError.noRegion }
        let courses = try regionCourses(of: volume, labels: map)
        self.frames = frames
        curves = courses.labels.indices.map { place in
            Curve(
                name: labels.names.name(of: courses.labels[place]), label: courses.labels[place],
                voxels: courses.voxels[place],
                volumeML: Double(courses.voxels[place]) * volume.grid.voxelVolumeML,
                mean: courses.mean[place], sd: courses.sd[place])
        }
    }
}
