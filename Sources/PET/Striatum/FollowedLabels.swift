import Imaging
import Records

/// Labels made at one visit, carried to another of the same patient: the same masks at every visit.
///
/// The baseline image is laid on the follow-up by a rigid map, and each voxel of the follow-up takes the label that fills most
/// of it there. Nothing is fitted to the follow-up's uptake, so that a change of uptake cannot move a mask.
public struct FollowedLabels: Sendable {
    /// One label at both visits.
    public struct Region: Sendable, Equatable {
        /// The label and its name.
        public let label: Int32, name: String
        /// Its volume on the baseline grid and on the follow-up's, mL.
        public let beforeML, afterML: Double
        /// The share of its volume that lies inside the follow-up's grid, 0...1.
        public let inside: Double
    }

    /// The labels on the follow-up's grid.
    public let labels: LabelMap
    /// How the visits were laid on each other; its map takes a point of the follow-up to the baseline.
    public let registration: Registration
    /// Each label, ascending.
    public let regions: [Region]
    /// How sure it is.
    public let quality: PlacementQuality

    /// The baseline's world from the follow-up's, RAS mm.
    public var baselineFromFollowUp: Affine { registration.movingFromFixed }

    /// Carries `labels`, made on `baseline`, to `followUp`, both of one frame.
    /// - Parameters:
    ///   - grid: where the labels are wanted, in the follow-up's space; `nil` for the follow-up's own grid.
    ///   - pet: the follow-up's PET on that grid, on which striatal labels are judged; `nil` without one.
    public init(
        _ labels: LabelMap, from baseline: Volume, to followUp: Volume, onto grid: VoxelGrid? = nil,
        metric: SimilarityMetric = .normalizedMutualInformation, pet: Volume? = nil
    ) throws {
        let grid = grid ?? followUp.grid
        var quality = PlacementQuality()
        let on = Self.share(of: labels, on: baseline.grid)
        guard let on, on > 0.5 else { throw StriatumError.noOverlap }
        quality.add(
            "labels_on_baseline", 100 * on, "%", on > 0.98 ? .ok : .check,
            "\(fixed(100 * on, 1)) % of the labelled voxels lie on the baseline image")
        let found = try Registration.align(
            fixed: followUp, moving: baseline, options: RegistrationOptions(model: .rigid, metric: metric))
        quality.judge(found, as: "baseline_on_followup", "baseline and follow-up")
        let shares = LabelFractions(of: labels, onto: grid, through: .linear(found.movingFromFixed))
        self.labels = shares.mostly
        regions = Self.regions(labels, self.labels, shares.volume)
        for region in regions { quality.judge(region) }
        if let pet, let striatal = Self.striatal(self.labels) { quality.judge(striatal, on: pet) }
        (registration, self.quality) = (found, quality)
    }

    /// The same with a check of the labels that were given.
    public func with(_ name: String, _ verdict: PlacementQuality.Verdict, _ reason: String) -> FollowedLabels {
        var changed = quality
        changed.add(name, nil, "", verdict, reason)
        return FollowedLabels(labels, registration, regions, changed)
    }

    private init(
        _ labels: LabelMap, _ registration: Registration, _ regions: [Region], _ quality: PlacementQuality
    ) {
        (self.labels, self.registration, self.regions, self.quality) = (labels, registration, regions, quality)
    }

    /// The share of labelled voxels whose centre lies in a grid; `nil` where nothing is labelled.
    private static func share(of labels: LabelMap, on grid: VoxelGrid) -> Double? {
        var (inside, all) = (0, 0)
        let far = SIMD3<Double>(grid.shape) - 0.5
        labels.forEachLabelled { _, point in
            let p = grid.voxelFromWorld(point)
            all += 1
            if p.min() >= -0.5 && p.x <= far.x && p.y <= far.y && p.z <= far.z { inside += 1 }
        }
        return all > 0 ? Double(inside) / Double(all) : nil
    }

    private static func regions(_ before: LabelMap, _ after: LabelMap, _ shares: Volume) -> [Region] {
        func counts(_ map: LabelMap) -> [Int32: Int] {
            var counts: [Int32: Int] = [:]
            for label in map.voxels where label != 0 { counts[label, default: 0] += 1 }
            return counts
        }
        let (was, stays) = (counts(before), counts(after))
        return before.labels.enumerated().map { frame, label in
            let volume = Double(was[label] ?? 0) * before.grid.voxelVolumeML
            let share = shares.withFrame(frame) { span in
                var sum = 0.0
                for voxel in 0..<span.count { sum += Double(span[voxel]) }
                return sum * after.grid.voxelVolumeML / volume
            }
            return Region(
                label: label, name: before.names.name(of: label), beforeML: volume,
                afterML: Double(stays[label] ?? 0) * after.grid.voxelVolumeML, inside: share)
        }
    }

    /// The labels as a striatum, where they name one.
    private static func striatal(_ labels: LabelMap) -> StriatalLabels? {
        let made = StriatalLabels(map: labels, putamenRule: "as at baseline")
        return made.regions.contains { $0.structure.isStriatal } ? made : nil
    }
}

extension PlacementQuality {
    /// Whether a label survived its way to another grid whole.
    mutating func judge(_ region: FollowedLabels.Region) {
        let name = region.name.replacing("-", with: "_").lowercased()
        add(
            "inside_\(name)", 100 * region.inside, "%",
            region.inside > 0.98 ? .ok : region.inside > 0.5 ? .check : .fail,
            "\(fixed(100 * region.inside, 1)) % of \(region.name) lies inside the follow-up's image")
        let ratio = region.afterML / region.beforeML
        add(
            "volume_\(name)", ratio, "", (0.8...1.25).contains(ratio) ? .ok : ratio > 0 ? .check : .fail,
            "\(region.name) has \(fixed(region.afterML, 2)) mL on the follow-up's voxels and "
                + "\(fixed(region.beforeML, 2)) mL at baseline")
    }
}

extension FollowedLabels {
    /// The members of the JSON document: where from, how sure, the map and the volumes.
    public var members: [JSONValue.Member] {
        [
            .init("source", "follow"), .init("quality", quality.json),
            .init("baseline_from_followup", .array(baselineFromFollowUp.rows.map { JSONValue($0) })),
            .init(
                "metric",
                [
                    "name": .string(registration.options.metric.rawValue),
                    "before": JSONValue(registration.metricBefore),
                    "after": .number(registration.metricAfter),
                ]),
            .init(
                "regions",
                .array(
                    regions.map {
                        [
                            "name": .string($0.name), "index": .integer(Int($0.label)),
                            "volume_baseline_ml": .number($0.beforeML), "volume_followup_ml": .number($0.afterML),
                            "inside_percent": .number(100 * $0.inside),
                        ]
                    })),
        ]
    }

    /// Lines for a terminal.
    public var text: String {
        var table = TextTable([
            .text("region"), .number("baseline mL"), .number("follow-up mL"), .number("inside %"),
        ])
        for region in regions {
            table.add([
                region.name, fixed(region.beforeML, 2), fixed(region.afterML, 2), fixed(100 * region.inside, 1),
            ])
        }
        var lines = "placement: \(quality.verdict.rawValue)\n"
        for reason in quality.reasons { lines += "  \(reason)\n" }
        return lines + "\n" + table.text
    }
}
