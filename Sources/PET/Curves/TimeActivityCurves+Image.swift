import Imaging
import Records

extension TimeActivityCurves {
    /// Extracts the curves of every region of `labels` from a dynamic image.
    ///
    /// Labels on another grid are looked up at the image's voxel centres (nearest), with a warning. Voxels that are not
    /// finite are left out and counted. Throws where no label lies on the image.
    /// - Parameters:
    ///   - frames: one for every frame of the image, s.
    ///   - units: the image's unit as declared; activity per volume becomes Bq/mL.
    public init(of volume: Volume, frames: [Frame], labels: LabelMap, units: String? = nil) throws {
        guard frames.count == volume.frames else {
            throw frames.isEmpty ? WindowError.noFrameTimes : .frameCount(image: volume.frames, sidecar: frames.count)
        }
        var warnings: [String] = []
        let map = labels.grid.matches(volume.grid) ? labels : labels.resampled(onto: volume.grid)
        if !labels.grid.matches(volume.grid) {
            warnings.append("labels lie on another grid and were looked up at the voxel centres of the image (nearest)")
        }
        guard !map.labels.isEmpty else { throw UptakeError.noRegion }
        let courses = try regionCourses(of: volume, labels: map)
        let curves = courses.labels.indices.map { place in
            let nonFinite = courses.nonFinite[place]
            return Curve(
                name: labels.names.name(of: courses.labels[place]), mean: courses.mean[place], sd: courses.sd[place],
                label: courses.labels[place], voxels: courses.voxels[place],
                volumeML: Double(courses.voxels[place]) * volume.grid.voxelVolumeML,
                nonFinite: nonFinite.contains { $0 > 0 } ? nonFinite : nil)
        }
        warnings += Self.losses(curves, labels: labels, on: map)
        warnings += Self.doubts(of: frames)
        self = TimeActivityCurves(frames: frames, curves: curves, units: nil, warnings: warnings)
            .converted(fromDeclared: units)
    }

    /// Regions without voxels, and voxels without values.
    private static func losses(_ curves: [Curve], labels: LabelMap, on map: LabelMap) -> [String] {
        var warnings: [String] = []
        let kept = Set(map.labels)
        let lost = labels.labels.filter { !kept.contains($0) }.map { labels.names.name(of: $0) }
        if !lost.isEmpty {
            warnings.append(
                "\(lost.count) regions have no voxel on the grid of the image: \(lost.joined(separator: ", "))")
        }
        for curve in curves {
            guard let counts = curve.nonFinite, let most = counts.max() else { continue }
            let frames = counts.count { $0 > 0 }
            let empty = counts.count { $0 == curve.voxels }
            warnings.append(
                "region \(curve.name) has up to \(most) voxels that are not finite in \(frames) of \(counts.count) frames; "
                    + "they were left out" + (empty > 0 ? ", and \(empty) frames have no value" : ""))
        }
        return warnings
    }

    /// Gaps between frames and frames that overlap; starts and lengths may each be rounded to whole seconds.
    static func doubts(of frames: [Frame]) -> [String] {
        let steps = zip(frames, frames.dropFirst()).map { $1.start - $0.end }
        let (gaps, overlaps) = (steps.filter { $0 > 1 }, steps.filter { $0 < -1 })
        var warnings: [String] = []
        if !gaps.isEmpty {
            warnings.append("there are \(gaps.count) gaps between frames, together \(fixed(gaps.reduce(0, +), 0)) s")
        }
        if !overlaps.isEmpty { warnings.append("\(overlaps.count) of \(frames.count) frames overlap the next") }
        return warnings
    }
}
