import PET
import Records

/// Kinetic models against kinfitr, Turku PET Centre's programs, and curves of known kinetics.
public enum KineticValidation {
    /// Whether a folder holds the data: `kinfitr`, `tacmagic_tpc` and `synthetic`.
    public static func describes(_ folder: String) -> Bool { InputFile.isFolder("\(folder)/kinfitr") }

    /// The comparisons. Throws where a file is missing or damaged.
    public static func rows(folder: String, progress: (String) -> Void = { _ in }) throws -> [ValidationRow] {
        progress("kinfitr")
        let kinfitr =
            try simulatedScans("\(folder)/kinfitr") + [plasmaPlots("\(folder)/kinfitr")]
            + CompartmentValidation.rows(folder: "\(folder)/kinfitr")
        progress("Turku PET Centre")
        let turku = try turkuRatios("\(folder)/tacmagic_tpc")
        progress("known kinetics")
        return try kinfitr + [turku] + knownKinetics("\(folder)/synthetic")
    }

    private static func simulatedScans(_ folder: String) throws -> [ValidationRow] {
        let curves = try KineticTable("\(folder)/simref_tacs.csv")
        var (linear, errors, rectangles, exact) = (WorstError(), WorstError(), WorstError(), WorstError())
        for row in try KinfitrRow.all("\(folder)/simref_kinfitr_expected.csv") {
            guard let ours = row.ours else { continue }
            let frames = try curves.frames(scan: row.scan)
            let reference = try ReferenceCurve(
                frames: frames, means: curves.numbers("Reference", scan: row.scan))
            var options = row.options(weights: try curves.numbers("Weights", scan: row.scan))
            let target = try curves.numbers(row.region, scan: row.scan)
            func parameter() throws -> KineticFit.Parameter? {
                try KineticModels.fit(
                    ours.model, target: target, input: .reference(reference), frames: frames, options: options)[
                        ours.name]
            }
            let found = try parameter()
            if ours.model.isLinear {
                linear.compare(found?.value, with: row.value)
                errors.compare(found.map { abs($0.standardError / $0.value) }, with: abs(row.relativeError))
            } else {
                rectangles.compare(found?.value, with: row.value)
                (options.convention, options.integralRule) = (.exact, nil)
                exact.compare(try parameter()?.value, with: row.value)
            }
        }
        let against = "kinfitr (R 4.2.2), 10 simulated scans"
        return [
            ValidationRow(
                "MRTM, MRTM2, reference Logan and Patlak", against: against, cases: linear.cases, error: linear.error,
                limit: 1e-9, unit: "relative", reason: "the same equations in Double; 12 digits are printed"),
            ValidationRow(
                "their standard errors", against: against, cases: errors.cases, error: errors.error, limit: 1e-6,
                unit: "relative", reason: "8 digits are printed"),
            ValidationRow(
                "BP of SRTM and SRTM2, kinfitr's convention", against: against, cases: rectangles.cases,
                error: rectangles.error, limit: 3e-5, unit: "relative",
                reason: "its search stops up to 3e-9 above the smallest sum of squares"),
            ValidationRow(
                "BP of SRTM and SRTM2, exact: median", against: against, cases: exact.cases, error: exact.median,
                limit: 2e-3, unit: "relative", reason: "its rectangles are off by half a step times k2a"),
            ValidationRow(
                "BP of SRTM and SRTM2, exact: largest", against: against, cases: exact.cases, error: exact.error,
                limit: 1.65e-2, unit: "relative", reason: "its rectangles, and its values at the middles of frames"),
        ]
    }

    private static func plasmaPlots(_ folder: String) throws -> ValidationRow {
        let data = try PlasmaScans(folder)
        var worst = WorstError()
        for row in data.golden {
            guard let ours = row.ours else { continue }
            let fit = try data.fit(ours.model, row, row.options(weights: []))
            worst.compare(fit[ours.name]?.value, with: row.value)
        }
        return ValidationRow(
            "Logan, MA1 and Patlak with plasma", against: "kinfitr (R 4.2.2), [11C]PBR28 of 4 scans",
            cases: worst.cases, error: worst.error, limit: 1e-9, unit: "relative",
            reason: "the same equations in Double; 12 digits are printed")
    }

    private static func turkuRatios(_ folder: String) throws -> ValidationRow {
        let curves = try KineticTable("\(folder)/AD06_17roi_tacs.csv")
        let expected = try KineticTable("\(folder)/AD06_refLogan_expected.csv")
        let frames = FrameTimes(
            starts: try curves.numbers("start", times: 1 / 60.0), ends: try curves.numbers("end", times: 1 / 60.0))
        let reference = try ReferenceCurve(frames: frames, means: curves.numbers("cerebellum"))
        var worst = WorstError()
        for (column, k2Prime) in [("tpcc_logan_nok2", Double?.none), ("tpcc_logan_k2prime0.2", 0.2)] {
            for (region, ratio) in zip(try expected.texts("roi"), try expected.numbers(column)) {
                let fit = try KineticModels.fit(
                    .refLogan, target: curves.numbers(region), input: .reference(reference), frames: frames,
                    options: KineticOptions(convention: .tpc, frames: .from(20), k2Prime: k2Prime))
                worst.compare(fit["DVR"]?.value, with: ratio, relative: false)
            }
        }
        return ValidationRow(
            "DVR of reference Logan, Turku's convention", against: "Turku PET Centre's logan, amyloid PET",
            cases: worst.cases, error: worst.error, limit: 1e-4, unit: "absolute", reason: "4 decimals are printed")
    }

    // MARK: - Known kinetics

    private static func frames(_ curves: KineticTable) throws -> FrameTimes {
        FrameTimes(starts: try curves.numbers("frame_start_min"), ends: try curves.numbers("frame_end_min"))
    }

    private static func knownKinetics(_ folder: String) throws -> [ValidationRow] {
        let binding = try KineticTable("\(folder)/srtm_dat_like_tacs.csv")
        let truth = try regions("\(folder)/srtm_dat_like_truth.json")
        let frames = try frames(binding)
        let measured = try ReferenceCurve(frames: frames, means: binding.numbers("cerebellum"))
        let known = ReferenceCurve(sampled: referenceCurve, frames: frames)
        var (parameters, bias) = (WorstError(), WorstError())
        for region in truth where region.key != "null" {
            let target = try binding.numbers(region.key)
            let fit = try KineticModels.fit(.srtm, target: target, input: .reference(known), frames: frames)
            for (name, key) in [("BP_ND", "BPND"), ("R1", "R1"), ("k2", "k2"), ("k2a", "k2a"), ("k2_prime", "k2prime")]
            {
                parameters.compare(fit[name]?.value, with: region.value[key]?.double ?? .nan)
            }
            for (suffix, rule) in [("trapzmid", IntegralRule.midTrapezoid), ("framecum", .frameSum)] {
                for (model, key, chosen) in [
                    (KineticModel.mrtm, "MRTM1", KineticFrames.all), (.mrtm2, "MRTM2", .all),
                    (.refLogan, "refLogan_k2p_39_94", .from(39)),
                ] {
                    let options = KineticOptions(
                        integralRule: rule, frames: chosen, k2Prime: model == .mrtm ? nil : 0.15)
                    let fit = try KineticModels.fit(
                        model, target: target, input: .reference(measured), frames: frames, options: options)
                    let expected = region.value["recovered_OLS"]?["\(key)_\(suffix)"]?["BPND"]?.double
                    bias.compare(fit["BP_ND"]?.value, with: expected ?? .nan)
                }
            }
        }
        try influx(folder, &bias)
        return [
            ValidationRow(
                "SRTM: BP, R1, k2, k2a, k2'", against: "exact averages of a closed form, reference known",
                cases: parameters.cases, error: parameters.error, limit: 1e-6, unit: "relative",
                reason: "10 digits of the curves"),
            ValidationRow(
                "linear methods, with their bias", against: "numpy on the same curves, two integral rules",
                cases: bias.cases, error: bias.error, limit: 1e-9, unit: "relative", reason: "10 digits of the curves"),
        ]
    }

    private static func influx(_ folder: String, _ bias: inout WorstError) throws {
        let curves = try KineticTable("\(folder)/fdopa_like_tacs.csv")
        let frames = try frames(curves)
        let occipital = try ReferenceCurve(frames: frames, means: curves.numbers("occipital"))
        for region in try regions("\(folder)/fdopa_like_truth.json") {
            let target = try curves.numbers(region.key)
            for (key, rule) in [("trapzmid", IntegralRule.midTrapezoid), ("framecum", .frameSum)] {
                let fit = try KineticModels.fit(
                    .refPatlak, target: target, input: .reference(occipital), frames: frames,
                    options: KineticOptions(integralRule: rule, frames: .window(29, 90)))
                bias.compare(
                    fit["Ki_ref"]?.value, with: region.value["refPatlak_29_90_\(key)"]?.double ?? .nan)
            }
            let ratio = try KineticModels.fit(
                .sbr, target: target, input: .reference(occipital), frames: frames,
                options: KineticOptions(frames: .window(64, 94)))
            bias.compare(ratio["SBR"]?.value, with: region.value["SBR_64_94"]?.double ?? .nan)
        }
    }

    private static func regions(_ path: String) throws -> [JSONValue.Member] {
        try naming(path) { try JSONValue(parsing: InputFile.read(path)) }["regions"]?.members ?? []
    }

    /// The reference of the set, K1 0.3 and k2 0.15 per minute: its input's constants have six digits [Feng1993].
    private static var referenceCurve: SampledCurve {
        let input = ExponentialSum([
            .init(851.1225, power: 1, rate: 4.133859), .init(-21.8798 - 20.8113, rate: 4.133859),
            .init(21.8798, rate: 0.1191), .init(20.8113, rate: 0.01043),
        ])
        let tissue = 0.3 * input.convolved(withExponentialOfRate: 0.15)
        // Straight lines between samples are off by their distance squared over 8, times the curve's second derivative.
        let early = (0..<4000).map { Double($0) * 0.001 } + (0..<4000).map { 4 + Double($0) * 0.004 }
        let times = early + (0...8000).map { 20 + Double($0) * 0.01 }
        return SampledCurve(times: times, values: times.map { tissue($0) })!
    }
}
