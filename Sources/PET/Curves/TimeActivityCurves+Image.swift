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
    ///   - decay: whether the image is corrected for decay, where that is known.
    public init(
        of volume: Volume, frames: [Frame], labels: LabelMap, units: String? = nil, decay: DecayState? = nil
    ) throws {
        guard frames.count == volume.frames else {
            throw frames.isEmpty ? WindowError.noFrameTimes : .frameCount(image: volume.frames, sidecar: frames.count)
        }
        var warnings: [String] = []
        let map = labels.grid.matches(volume.grid) ? labels : labels.resampled(onto: volume.grid)
        if !labels.grid.matches(volume.grid) {
            warnings.append("labels lie on another grid and were looked up at the voxel centres of the image (nearest)")
            warnings += Self.cuts(labels, by: volume.grid)
        }
        guard !map.labels.isEmpty else { throw UptakeError.noRegion }
        let courses = try regionCourses(of: volume, labels: map)
        let (names, doubtful) = uniqueNames(of: courses.labels, in: labels.names)
        warnings += doubtful
        var curves = courses.labels.indices.map { place in
            let nonFinite = courses.nonFinite[place]
            return Curve(
                name: names[place], mean: courses.mean[place], sd: courses.sd[place], label: courses.labels[place],
                voxels: courses.voxels[place],
                volumeML: Double(courses.voxels[place]) * volume.grid.voxelVolumeML,
                nonFinite: nonFinite.contains { $0 > 0 } ? nonFinite : nil)
        }
        warnings += Self.losses(curves, labels: labels, on: map)
        warnings += Self.nameForTable(&curves)
        warnings += Self.doubts(of: frames)
        self = TimeActivityCurves(frames: frames, curves: curves, units: nil, decay: decay, warnings: warnings)
            .converted(fromDeclared: units)
    }

    /// Regions that the edge of the image cuts, where more than 1 % of their voxels have their centre outside of it.
    private static func cuts(_ labels: LabelMap, by grid: VoxelGrid) -> [String] {
        let map = grid.voxelFromWorld * labels.grid.worldFromVoxel
        let (shape, far) = (labels.grid.shape, SIMD3<Double>(grid.shape) - 0.5)
        var (all, outside) = ([Int32: Int](), [Int32: Int]())
        for k in 0..<shape.z {
            for j in 0..<shape.y {
                let row = labels.grid.offset(0, j, k)
                var (run, count, lost) = (Int32(0), 0, 0)
                for i in 0..<shape.x {
                    let label = labels.voxels[row + i]
                    if label != run {
                        if run != 0 { all[run, default: 0] += count; outside[run, default: 0] += lost }
                        (run, count, lost) = (label, 0, 0)
                    }
                    guard label != 0 else { continue }
                    count += 1
                    let point = map([Double(i), Double(j), Double(k)])
                    let isInside =
                        point.x >= -0.5 && point.y >= -0.5 && point.z >= -0.5 && point.x < far.x && point.y < far.y
                        && point.z < far.z
                    if !isInside { lost += 1 }
                }
                if run != 0 { all[run, default: 0] += count; outside[run, default: 0] += lost }
            }
        }
        return all.keys.sorted().compactMap { label in
            let (total, lost) = (all[label] ?? 0, outside[label] ?? 0)
            // A region wholly outside is named with those that are lost.
            guard lost * 100 > total, lost < total else { return nil }
            let volume = Double(lost) * labels.grid.voxelVolumeML
            return "region \(labels.names.name(of: label)) is cut by the edge of the image: "
                + "\(fixed(100 * Double(lost) / Double(total), 1)) % of its volume (\(significant(volume, 3)) mL) lies outside"
        }
    }

    /// Makes names fit to head a column: blanks for tabs and line ends, the label for a name without letters, and another
    /// name than those of times and weights.
    private static func nameForTable(_ curves: inout [Curve]) -> [String] {
        var warnings: [String] = []
        for place in curves.indices {
            let old = curves[place].name
            var name = String(old.map { $0.isNewline || $0 == "\t" ? " " : $0 })
            if name.allSatisfy(\.isWhitespace), let label = curves[place].label { name = String(label) }
            if CurveTable.isReserved(name) {
                name += "_region"
                warnings.append("region \(old) has the name of a column of times or weights and is called \(name)")
            }
            curves[place].name = name
        }
        return warnings
    }

    /// Regions without voxels, and voxels without values.
    private static func losses(_ curves: [Curve], labels: LabelMap, on map: LabelMap) -> [String] {
        var warnings: [String] = []
        let found = Set(labels.labels)
        let absent = labels.names.entries.keys.filter { $0 != 0 && !found.contains($0) }.sorted()
        if !absent.isEmpty {
            let names = absent.count > 10 ? "" : ": " + absent.map { labels.names.name(of: $0) }.joined(separator: ", ")
            warnings.append("\(absent.count) of the \(labels.names.entries.count) regions named have no voxel" + names)
        }
        for label in labels.names.renamed.sorted() where found.contains(label) {
            warnings.append(
                "label \(label) has two names in the table of names; the later, \(labels.names.name(of: label)), is used"
            )
        }
        let kept = Set(map.labels)
        let lost = labels.labels.filter { !kept.contains($0) }.map { labels.names.name(of: $0) }
        if !lost.isEmpty {
            warnings.append(
                "lost on the grid of the image: \(counted(lost.count, "region")), \(lost.joined(separator: ", "))")
        }
        for curve in curves {
            guard let counts = curve.nonFinite, let most = counts.max() else { continue }
            let frames = counts.count { $0 > 0 }
            let empty = counts.count { $0 == curve.voxels }
            warnings.append(
                "region \(curve.name): left out up to \(counted(most, "voxel")) without a finite value in \(frames) of "
                    + counted(counts.count, "frame") + (empty > 0 ? "; nothing is left in \(empty) of them" : ""))
        }
        return warnings
    }

    /// Gaps between frames and frames that overlap; starts and lengths may each be rounded to whole seconds.
    static func doubts(of frames: [Frame]) -> [String] {
        let steps = zip(frames, frames.dropFirst()).map { $1.start - $0.end }
        let (gaps, overlaps) = (steps.filter { $0 > 1 }, steps.filter { $0 < -1 })
        var warnings: [String] = []
        if !gaps.isEmpty {
            warnings.append(
                "\(counted(gaps.count, "gap")) between frames, together \(fixed(gaps.reduce(0, +), 0)) s")
        }
        if !overlaps.isEmpty { warnings.append("\(overlaps.count) of \(frames.count) frames overlap the next") }
        return warnings
    }
}

/// A number and what it counts: "1 voxel", "2 voxels".
func counted(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
