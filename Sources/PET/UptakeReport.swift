import Records

/// Uptake with its indices, as a table for people, a TSV and JSON members.
public struct UptakeReport: Sendable {
    /// What was measured.
    public var uptake: Uptake
    /// Striatal indices.
    public var indices: StriatalIndices
    /// The time that was averaged, s after time zero; `nil` for an image without frame times.
    public var windowS: (from: Double, to: Double)?

    /// A report.
    public init(uptake: Uptake, indices: StriatalIndices, windowS: (from: Double, to: Double)?) {
        (self.uptake, self.indices, self.windowS) = (uptake, indices, windowS)
    }

    /// The members of the JSON document that are about uptake.
    public var members: [JSONValue.Member] {
        [
            .init("regions", .array(uptake.regions.map(Self.json))),
            .init("indices", indicesJSON),
            .init(
                "reference",
                uptake.reference.map {
                    [
                        "name": .string($0), "voxels": JSONValue(uptake.referenceVoxels),
                        "mean": JSONValue(uptake.referenceMean),
                    ]
                } ?? .null),
            .init("window_s", windowS.map { JSONValue([$0.from, $0.to]) } ?? .null),
        ]
    }

    private static func json(_ r: Uptake.Region) -> JSONValue {
        [
            "name": .string(r.name), "index": .integer(Int(r.label)), "side": JSONValue(r.side?.rawValue),
            "voxels": .integer(r.voxels), "volume_ml": .number(r.volumeML), "mean": .number(r.mean),
            "sd": .number(r.sd),
            "median": .number(r.median), "min": .number(r.min), "max": .number(r.max), "suv_bw": JSONValue(r.suvBW),
            "suvr": JSONValue(r.suvr), "sbr": JSONValue(r.sbr),
        ]
    }

    private var indicesJSON: JSONValue {
        var members: [JSONValue.Member] = [.init("measure", .string(indices.measure.rawValue))]
        members.append(
            .init(
                "asymmetry_percent",
                .object(
                    StriatalPart.allCases.compactMap { part in
                        indices.asymmetryPercent(part).map { .init(Self.key(part), .number($0)) }
                    })))
        func bySide(_ ratio: (RegionName.Side) -> Double?) -> JSONValue {
            .object(RegionName.Side.allCases.map { .init($0.rawValue, JSONValue(ratio($0))) })
        }
        members.append(.init("caudate_to_putamen", bySide(indices.caudateToPutamen)))
        members.append(.init("posterior_to_anterior_putamen", bySide(indices.posteriorToAnterior)))
        return .object(members)
    }

    private static func key(_ part: StriatalPart) -> String {
        String(part.rawValue.map { $0 == "-" ? "_" : $0 })
    }

    /// One row a region, for a TSV file.
    public var table: DelimitedTable {
        DelimitedTable(
            columns: [
                "index", "name", "voxels", "volume_ml", "mean", "sd", "median", "min", "max", "suv_bw", "suvr", "sbr",
            ],
            rows: uptake.regions.map { r in
                [String(r.label), r.name, String(r.voxels)]
                    + [r.volumeML, r.mean, r.sd, r.median, r.min, r.max, r.suvBW, r.suvr, r.sbr].map {
                        significant($0, 10)
                    }
            })
    }

    /// Lines for a terminal.
    public var text: String {
        var regions = TextTable([
            .text("region"), .number("voxels"), .number("mL"), .number("mean"), .number("SD"), .number("min"),
            .number("max"),
            .number("SUV"), .number("SUVR"), .number("SBR"),
        ])
        for r in uptake.regions {
            regions.add(
                [r.name, String(r.voxels), fixed(r.volumeML, 2)]
                    + [r.mean, r.sd, r.min, r.max].map { significant($0, 5) }
                    + [r.suvBW, r.suvr, r.sbr].map { fixed($0, 3) })
        }
        return regions.text + indicesText
    }

    private var indicesText: String {
        var table = TextTable([
            .text("index of \(indices.measure.rawValue.uppercased())"), .number("left"), .number("right"),
            .number("asymmetry %"),
        ])
        var isEmpty = true
        for part in StriatalPart.allCases where indices.values[part] != nil {
            isEmpty = false
            table.add([
                part.rawValue, fixed(indices.value(part, .left), 3), fixed(indices.value(part, .right), 3),
                signed(indices.asymmetryPercent(part), 1),
            ])
        }
        let ratios: [(String, (RegionName.Side) -> Double?)] = [
            ("caudate / putamen", indices.caudateToPutamen),
            ("posterior / anterior putamen", indices.posteriorToAnterior),
        ]
        for (name, ratio) in ratios where ratio(.left) != nil || ratio(.right) != nil {
            table.add([name, fixed(ratio(.left), 3), fixed(ratio(.right), 3), ""])
        }
        return isEmpty ? "" : "\n" + table.text
    }
}
