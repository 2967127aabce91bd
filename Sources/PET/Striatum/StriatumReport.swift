import Imaging
import Records

/// What is measured on striatal labels: uptake and its indices, gradients, tracts, a comparison with normal values, and how
/// sure the labels are.
public struct StriatumReport: Sendable {
    /// Where labels came from.
    public enum Source: String, Sendable { case segmentation, atlas, builtIn = "built-in" }

    /// The labels.
    public let labels: StriatalLabels
    /// Where they came from.
    public let source: Source
    /// How sure they are.
    public let quality: PlacementQuality
    /// How they were placed; empty for a segmentation.
    public let steps: [StriatalPlacement.Step]
    /// Uptake in each region and tract.
    public let uptake: Uptake
    /// Indices of SBR, or of SUVR without a reference.
    public let indices: StriatalIndices
    /// Uptake with the labels' outer voxels left out; `nil` where nothing is left.
    public let eroded: Uptake?
    /// The slope of SUVR along each putamen.
    public let gradients: [RegionName.Side: PutamenGradient]
    /// The cannula paths; `nil` without any.
    public let tracts: TractRegions?
    /// Values in percent of normal, region by region.
    public let normal: [(region: StriatalRegion, percent: Double?, z: Double)]

    /// Measures one frame.
    /// - Parameters:
    ///   - reference: the region that is divided by; `nil` for the mean of none.
    ///   - normal: lines of SBR and the patient's age, years.
    public init(
        of image: Volume, labels: StriatalLabels, source: Source, quality: PlacementQuality,
        steps: [StriatalPlacement.Step] = [], reference: String?, suvFactor: Double?, tracts paths: [TractPath] = [],
        normal: (table: NormalTable, age: Double)? = nil
    ) throws {
        (self.labels, self.source, self.quality, self.steps) = (labels, source, quality, steps)
        let uptake = try Uptake(of: image, labels: labels.map, reference: reference, suvFactor: suvFactor)
        self.uptake = uptake
        indices = StriatalIndices(of: uptake, measure: reference == nil ? .suvr : .sbr)
        // The reference stays whole: erosion asks about the striatum's edge.
        let inner = labels.eroded()
        let mixed = labels.map.voxels.indices.map { voxel in
            let label = labels.map.voxels[voxel]
            return StriatalRegion(label: label)?.structure.isStriatal ?? false ? inner.map.voxels[voxel] : label
        }
        let innerMap = LabelMap(grid: labels.map.grid, voxels: mixed, names: labels.map.names)
        eroded = try? Uptake(of: image, labels: innerMap, reference: reference, suvFactor: suvFactor)
        tracts = paths.isEmpty ? nil : TractRegions(paths, in: labels)
        var gradients: [RegionName.Side: PutamenGradient] = [:]
        for side in RegionName.Side.allCases {
            gradients[side] = PutamenGradient(
                of: image, labels: labels, side: side, reference: uptake.referenceMean ?? 1)
        }
        self.gradients = gradients
        tractUptake = try tracts.flatMap { tracts in
            tracts.map.labels.isEmpty
                ? nil : try Uptake(of: image, labels: tracts.map, suvFactor: suvFactor)
        }
        self.normal =
            normal.map { normal in
                uptake.regions.compactMap { region in
                    guard let own = StriatalRegion(label: region.label), let sbr = region.sbr,
                        let line = normal.table.line(for: own)
                    else { return nil }
                    return (own, line.percent(sbr, age: normal.age), line.z(sbr, age: normal.age))
                }
            } ?? []
    }

    /// Means of tracts and shells, in the image's unit.
    private let tractUptake: Uptake?

    private func mean(_ label: Int32) -> Double? { tractUptake?.regions.first { $0.label == label }?.mean }

    /// Uptake of a tract over that of its shell, minus 1.
    public func contrast(of tract: TractRegions.Tract) -> Double? {
        guard let inside = mean(tract.label), let around = mean(tract.shellLabel) else { return nil }
        return TractRegions.contrast(tract: inside, shell: around)
    }

    // MARK: Documents

    /// The members of the JSON document that are about the striatum.
    public var members: [JSONValue.Member] {
        [
            .init("source", .string(source.rawValue)), .init("putamen_rule", .string(labels.putamenRule)),
            .init("quality", quality.json),
            .init(
                "placement",
                .array(
                    steps.map { step in
                        [
                            "step": .string(step.what), "metric": .string(step.metric),
                            "before": JSONValue(step.before), "after": JSONValue(step.after),
                            "map": .array(step.map.rows.map { JSONValue($0) }),
                        ]
                    })),
        ] + UptakeReport(uptake: uptake, indices: indices, windowS: nil).members.filter { $0.key != "window_s" } + [
            .init("putamen_gradient", .object(RegionName.Side.allCases.map { .init($0.rawValue, gradientJSON($0)) })),
            .init("eroded", eroded.map(Self.erodedJSON) ?? .null),
            .init("tracts", tracts.map { .array($0.tracts.map(tractJSON)) } ?? .array([])),
            .init(
                "normal",
                .array(
                    normal.map {
                        [
                            "name": .string($0.region.name), "percent_of_normal": JSONValue($0.percent),
                            "z": .number($0.z),
                        ]
                    })),
        ]
    }

    private func gradientJSON(_ side: RegionName.Side) -> JSONValue {
        guard let gradient = gradients[side] else { return .null }
        return [
            "slope_per_mm": .number(gradient.slopePerMM), "standard_error": .number(gradient.standardError),
            "slope_percent_per_mm": .number(100 * gradient.slopePerMM / gradient.atCenter),
            "value_at_center": .number(gradient.atCenter), "length_mm": .number(gradient.lengthMM),
            "slabs": .integer(gradient.slabs),
        ]
    }

    private static func erodedJSON(_ uptake: Uptake) -> JSONValue {
        .array(
            uptake.regions.filter { StriatalRegion(label: $0.label)?.structure.isStriatal ?? false }.map {
                [
                    "name": .string($0.name), "voxels": .integer($0.voxels), "mean": .number($0.mean),
                    "sbr": JSONValue($0.sbr),
                ]
            })
    }

    private func tractJSON(_ tract: TractRegions.Tract) -> JSONValue {
        func point(_ p: SIMD3<Double>) -> JSONValue { JSONValue([p.x, p.y, p.z]) }
        return [
            "name": .string(tract.name), "entry_mm": point(tract.path.entry), "target_mm": point(tract.path.target),
            "side": JSONValue(tract.side?.rawValue), "voxels": .integer(tract.voxels),
            "shell_voxels": .integer(tract.shellVoxels), "mean": JSONValue(mean(tract.label)),
            "shell_mean": JSONValue(mean(tract.shellLabel)), "contrast": JSONValue(contrast(of: tract)),
            "flags": JSONValue(tract.flags),
        ]
    }

    /// Lines for a terminal.
    public var text: String {
        var lines = "labels: \(source.rawValue); putamen divided at: \(labels.putamenRule)\n"
        lines += "placement: \(quality.verdict.rawValue)\n"
        for reason in quality.reasons { lines += "  \(reason)\n" }
        lines += "\n" + UptakeReport(uptake: uptake, indices: indices, windowS: nil).text
        for side in RegionName.Side.allCases {
            guard let g = gradients[side] else { continue }
            let percent = 100 * g.slopePerMM / g.atCenter
            lines += "  slope along the \(side.rawValue) putamen: \(signed(percent, 2)) % per mm"
            lines += " forward (SE \(fixed(100 * g.standardError / abs(g.atCenter), 2)))\n"
        }
        for tract in tracts?.tracts ?? [] {
            lines += "  \(tract.name): \(tract.voxels) voxels, contrast \(signed(contrast(of: tract), 3))"
            lines += tract.flags.map { "; \($0)" }.joined() + "\n"
        }
        for (region, percent, z) in normal {
            lines += "  \(region.name): \(fixed(percent, 0)) % of normal, Z \(signed(z, 1))\n"
        }
        return lines
    }
}
