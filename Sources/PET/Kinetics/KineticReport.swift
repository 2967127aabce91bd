import Records

/// A fitted study as a table for people, a BIDS `_kinpar.tsv` and JSON members.
public struct KineticReport: Sendable {
    /// What was fitted.
    public var study: KineticStudy
    /// The formula of the weights.
    public var weights: FrameWeights

    /// A report.
    public init(_ study: KineticStudy, weights: FrameWeights) { (self.study, self.weights) = (study, weights) }

    /// Parameters in the model's order.
    private var names: [String] {
        let longest = study.fits.max { $0.parameters.count < $1.parameters.count }
        return longest?.parameters.map(\.name) ?? []
    }

    private var outcome: String { study.fits.lazy.compactMap(\.outcome?.name).first ?? "" }

    private func unit(_ name: String) -> String {
        study.fits.lazy.compactMap { $0[name]?.unit }.first ?? ""
    }

    // MARK: - For people

    /// Lines for a terminal: value ± SE, the coefficient of variation of the outcome, what was used and doubted.
    public var text: String {
        var table = TextTable(
            [TextTable.Column.text("region")] + names.map { TextTable.Column.number($0) }
                + [
                    .number(outcome.isEmpty ? "CV %" : "CV of \(outcome) %"), .number("frames"), .number("R²"),
                    .number("AICc"), .text("flags"),
                ])
        for fit in study.fits {
            var fields = [fit.region]
            for name in names {
                guard let found = fit[name] else { fields.append("n/a"); continue }
                let error = found.standardError.isFinite ? " ± \(significant(found.standardError, 2))" : ""
                fields.append(significant(found.value, 5) + error)
            }
            fields += [fixed(fit.outcome?.cvPercent, 1), String(fit.framesUsed.count), fixed(rSquared(fit), 4)]
            fields += [fixed(fit.aicc, 1), fit.flags.map(\.description).joined(separator: "; ")]
            table.add(fields)
        }
        return table.text + "\n" + lines.map { "  \($0)\n" }.joined()
    }

    /// Which frames and conventions, as sentences.
    public var lines: [String] {
        let options = study.options
        var lines: [String] = []
        if let used = study.fits.first(where: { !$0.framesUsed.isEmpty })?.framesUsed, let first = used.first,
            let last = used.last
        {
            let (from, to) = (study.frames.starts[first] * 60, study.frames.ends[last] * 60)
            lines.append(
                "frames \(first + 1) to \(last + 1) of \(study.frames.count), \(used.count) in all, "
                    + "\(significant(from, 6)) to \(significant(to, 6)) s; rates are per minute")
        }
        let integrals = study.model.isLinear && study.model != .suvr && study.model != .sbr
        lines.append(
            "convention \(options.convention.rawValue)"
                + (integrals ? ", integrals \(options.rule.rawValue)" : "") + ", weights \(weights.formula)")
        if study.model.hasNoisyRegressors {
            lines.append(
                "standard errors take the integrals as free of noise and are too small: 0.6 to 0.9 of the true spread")
        }
        if let k2Prime = study.k2Prime {
            lines.append(
                "k2' \(significant(k2Prime.value, 5)) 1/min, \(k2Prime.rule.rawValue) of a first pass over "
                    + "\(k2Prime.regions.count) region\(k2Prime.regions.count == 1 ? "" : "s") of those asked for")
        }
        return lines
    }

    /// R² means nothing for a ratio of two means.
    private func rSquared(_ fit: KineticFit) -> Double {
        study.model == .suvr || study.model == .sbr || fit.framesUsed.isEmpty ? .nan : fit.rSquared
    }

    // MARK: - For programs

    /// One row a region: name, each parameter and its standard error, quality of fit.
    public var table: DelimitedTable {
        DelimitedTable(
            columns: ["name"] + names.flatMap { [$0, "\($0)_se"] }
                + ["r_squared", "aicc", "frames", "first_frame", "last_frame", "flags"],
            rows: study.fits.map(row))
    }

    private func row(_ fit: KineticFit) -> [String] {
        var row = [fit.region]
        for name in names {
            row += [significant(fit[name]?.value, 10), significant(fit[name]?.standardError, 10)]
        }
        row += [significant(rSquared(fit), 10), significant(fit.aicc, 10), String(fit.framesUsed.count)]
        for frame in [fit.framesUsed.first, fit.framesUsed.last] { row.append(frame.map { String($0 + 1) } ?? "n/a") }
        row.append(fit.flags.isEmpty ? "n/a" : fit.flags.map(\.description).joined(separator: "; "))
        return row
    }

    /// The members of the JSON beside the table: the model in BIDS's words, and every fit.
    public var members: [JSONValue.Member] {
        let options = study.options
        var labels = ["convention", "weights", "frames"]
        var values: [JSONValue] = [
            .string(options.convention.rawValue), .string(weights.formula), .string(options.frames.description),
        ]
        var units = ["n/a", "n/a", "n/a"]
        func add(_ label: String, _ value: JSONValue, _ unit: String) {
            labels.append(label)
            values.append(value)
            units.append(unit)
        }
        if study.model.isLinear { add("integrals", .string(options.rule.rawValue), "n/a") }
        if let k2Prime = options.k2Prime { add("k2_prime", .number(k2Prime), "1/min") }
        if let fraction = options.bloodFraction { add("v_B", .number(fraction), "mL/cm3") }
        return [
            .init("ModelName", .string(study.model.bidsName)),
            .init("ReferenceRegion", JSONValue(study.model.needsReference ? options.referenceName : nil)),
            .init("AdditionalModelDetails", .string(lines.joined(separator: "; "))),
            .init("InputValues", .array(values)), .init("InputValuesLabels", JSONValue(labels)),
            .init("InputValuesUnits", JSONValue(units)),
            .init("SoftwareName", "engraft"), .init("SoftwareVersion", .string(Engraft.version)),
            .init("units", .object(names.map { .init($0, .string(unit($0))) })),
            .init(
                "k2_prime_estimate",
                study.k2Prime.map {
                    [
                        "value_per_min": .number($0.value), "rule": .string($0.rule.rawValue),
                        "regions": JSONValue($0.regions),
                    ]
                } ?? .null),
            .init("fits", .array(study.fits.map(json))),
        ]
    }

    private func json(_ fit: KineticFit) -> JSONValue {
        [
            "region": .string(fit.region), "model": .string(fit.model.rawValue),
            "parameters": .object(
                fit.parameters.map {
                    .init(
                        $0.name,
                        [
                            "value": .number($0.value), "se": .number($0.standardError),
                            "cv_percent": .number($0.cvPercent),
                        ])
                }),
            "flags": JSONValue(fit.flags.map(\.description)),
            "frames_used": JSONValue(fit.framesUsed), "r_squared": .number(rSquared(fit)), "aicc": .number(fit.aicc),
            "x": JSONValue(fit.x), "observed": JSONValue(fit.observed), "fitted": JSONValue(fit.fitted),
            "weights": JSONValue(fit.weights),
        ]
    }
}

extension KineticModel {
    /// The name in BIDS's `model-` entity and `ModelName`.
    public var bidsName: String {
        switch self {
        case .patlak: "Patlak"
        case .refPatlak: "RefPatlak"
        case .logan: "Logan"
        case .refLogan: "RefLogan"
        case .ma1: "MA1"
        case .mrtm: "MRTM"
        case .mrtm2: "MRTM2"
        case .srtm: "SRTM"
        case .srtmBasis: "SRTMbasis"
        case .srtm2: "SRTM2"
        case .oneTissue: "1TCM"
        case .twoTissue: "2TCM"
        case .twoTissueIrreversible: "2TCMirreversible"
        case .suvr: "SUVR"
        case .sbr: "SBR"
        }
    }
}
