import Imaging

/// Regional uptake of one image: statistics per region, ratios to a reference region, striatal indices.
public struct Uptake: Sendable {
    /// What a ratio or an index is made of.
    public enum Measure: String, Sendable, CaseIterable {
        /// Standardised uptake value, by body mass.
        case suv
        /// Uptake over that of the reference region.
        case suvr
        /// Specific binding ratio: SUVR − 1 [Morbelli2020].
        case sbr
    }

    /// One region.
    public struct Region: Sendable, Equatable {
        /// The region's name.
        public var name: String
        /// The region's label.
        public var label: Int32
        /// The side its name says.
        public var side: RegionName.Side?
        /// Voxels of the image grid that lie in it.
        public var voxels: Int
        /// Those of them that are not finite and were left out.
        public var nonFinite: Int
        /// Their volume, mL.
        public var volumeML: Double
        /// Statistics in the image's unit; `sd` as `RegionStatistics` has it.
        public var mean, sd, median, min, max: Double
        /// Mean SUV by body mass; `nil` where dose or mass are not known.
        public var suvBW: Double?
        /// Mean over the reference's mean; `nil` without a reference.
        public var suvr: Double?
        /// `suvr` − 1.
        public var sbr: Double? { suvr.map { $0 - 1 } }

        /// The region's value in a measure.
        public func value(_ measure: Measure) -> Double? {
            switch measure {
            case .suv: suvBW
            case .suvr: suvr
            case .sbr: sbr
            }
        }
    }

    /// Regions by ascending label.
    public var regions: [Region]
    /// The reference region as it was named; `nil` without one.
    public var reference: String?
    /// Voxels of the reference.
    public var referenceVoxels: Int?
    /// Mean of the reference, in the image's unit.
    public var referenceMean: Double?
    /// What was doubtful.
    public var warnings: [String]

    /// Measures uptake in every region of `labels`.
    ///
    /// Labels on another grid are looked up at the image's voxel centres (nearest), with a warning.
    /// - Parameters:
    ///   - image: one frame, or the mean of a window; any unit.
    ///   - reference: names of the regions that together are the reference; a name without a side means both sides.
    ///   - suvFactor: SUV (body mass) from the image's unit; `nil` where not known.
    public init(
        of image: Volume, labels: LabelMap, reference: String? = nil, suvFactor: Double? = nil
    ) throws {
        precondition(image.frames == 1, "uptake is of one frame; average the window first")
        warnings = []
        let map: LabelMap
        if labels.grid.matches(image.grid) {
            map = labels
        } else {
            map = labels.resampled(onto: image.grid)
            warnings.append("labels lie on another grid and were looked up at the voxel centres of the image (nearest)")
            let kept = Set(map.labels)
            for lost in labels.labels where !kept.contains(lost) {
                warnings.append("region \(labels.names.name(of: lost)) has no voxel on the grid of the image")
            }
        }
        guard !map.labels.isEmpty else { throw UptakeError.noRegion }
        let statistics = try regionStatistics(of: image, labels: map)
        let members = try reference.map { try Self.members(of: $0, in: statistics.map(\.label), names: labels.names) }
        self.reference = reference
        if let members {
            let chosen = statistics.filter { members.contains($0.label) }
            referenceVoxels = chosen.reduce(0) { $0 + $1.voxels }
            referenceMean = chosen.reduce(0) { $0 + $1.mean * Double($1.voxels) } / Double(referenceVoxels!)
            guard referenceMean! > 0 else { throw UptakeError.referenceNotPositive(reference!, referenceMean!) }
        }
        let denominator = referenceMean
        regions = statistics.map { s in
            let name = labels.names.name(of: s.label)
            return Region(
                name: name, label: s.label, side: RegionName(name).side, voxels: s.voxels, nonFinite: s.nonFinite,
                volumeML: Double(s.voxels) * image.grid.voxelVolumeML, mean: s.mean, sd: s.sd, median: s.median,
                min: s.min, max: s.max, suvBW: suvFactor.map { s.mean * $0 }, suvr: denominator.map { s.mean / $0 })
        }
        for region in regions where region.nonFinite > 0 {
            warnings.append(
                "region \(region.name) has \(region.nonFinite) voxels that are not finite; they were left out")
        }
    }

    /// The labels that a reference's name means: a label's number, a whole name, or a structure on both sides.
    static func members(of reference: String, in labels: [Int32], names: LabelTable) throws -> Set<Int32> {
        if let number = Int32(reference), labels.contains(number) { return [number] }
        let exact = labels.filter { names.name(of: $0).lowercased() == reference.lowercased() }
        if !exact.isEmpty { return Set(exact) }
        let wanted = RegionName(reference)
        let both = labels.filter { label in
            let name = RegionName(names.name(of: label))
            return name.structure == wanted.structure && (wanted.side == nil || name.side == wanted.side)
        }
        guard !both.isEmpty else {
            throw UptakeError.noReference(reference, labels.map { names.name(of: $0) })
        }
        return Set(both)
    }
}

/// Why uptake cannot be measured.
public enum UptakeError: Error, Equatable, CustomStringConvertible {
    case noRegion
    case noReference(String, [String])
    case referenceNotPositive(String, Double)

    /// One sentence for the person holding the file.
    public var description: String {
        switch self {
        case .noRegion: "no label lies on the image: check that both are in the same space"
        case .noReference(let name, let all):
            "there is no reference region \(name); the regions are \(all.joined(separator: ", "))"
        case .referenceNotPositive(let name, let mean):
            "the reference region \(name) has a mean of \(mean); a ratio to it has no meaning"
        }
    }
}
