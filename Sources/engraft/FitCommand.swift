import ArgumentParser
import PET
import Records
import Review

struct FitCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "fit",
        abstract: "Kinetic models of regions: binding potential, influx, volume of distribution, with standard errors.",
        discussion: """
            With a reference region: ref-patlak, ref-logan, mrtm, mrtm2, srtm, srtm-basis, srtm2, suvr, sbr. With arterial \
            plasma: patlak, logan, ma1, 1tcm, 2tcm, 2tcm-irreversible. Rates are per minute. k2a is the efflux \
            k2 / (1 + BP_ND), k2_prime that of the reference. srtm2 and mrtm2 without --k2-prime take it from a first pass \
            over the regions.

            Example: engraft fit sub-01_tacs.tsv --model srtm --reference cerebellum --out sub-01_model-SRTM_kinpar.tsv
            Example: engraft fit sub-01_tacs.tsv --model ref-patlak --reference occipital --window 1740,5340

            Cite: Lammertsma and Hume 1996, doi 10.1006/nimg.1996.0066, for SRTM; Ichise et al. 2003 for MRTM and MRTM2; \
            Logan et al. 1996 for DVR; Patlak and Blasberg 1985 for reference Patlak.
            """)

    @Argument(help: "Time-activity curves: BIDS or PETPrep _tacs.tsv, PMOD .tac, Turku .dft or CSV.") var tacs: String
    @Option(help: "The model.") var model: KineticModel
    @OptionGroup(title: "Curves") var source: FitSource
    @OptionGroup(title: "Blood") var blood: BloodOptions
    @OptionGroup(title: "Fit") var fitting: FitOptions
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Also write the table here, BIDS: _model-SRTM_kinpar.tsv, with its JSON.", valueName: "tsv"))
    var out: String?
    @Option(help: ArgumentHelp("Draw every fit with its residuals here.", valueName: "png")) var plot: String?
    @OptionGroup var result: ResultOptions
    @OptionGroup var write: WriteOptions

    private var outputs: PlannedOutputs { PlannedOutputs(out: out, plot: plot) }

    func validate() throws {
        try source.check(model)
        try fitting.check(model)
        try outputs.check(inputs: [tacs] + source.paths + fitting.paths)
    }

    func execute() throws {
        try outputs.refuseExisting(force: write.force)
        let curves = try source.curves(tacs)
        var (input, inputWarnings) = try source.input(model, tacs, curves, blood)
        let regions = try naming(tacs) { try source.regions(of: curves, model) }
        let weights = try fitting.frameWeights(model, curves, tacs)
        var (delayS, tStar) = (Double?.none, Double?.none)
        let study = try naming(tacs) {
            var options = fitting.options(model, referenceName: source.reference)
            options.weights = weights.values(frames: curves.times, activity: FitSource.meanCurve(of: curves))
            if fitting.fitDelay, case .plasma(let arterial) = input {
                let delay = try fitting.delay(
                    model, options, of: FitSource.meanCurve(of: curves), arterial, frames: curves.times)
                input = .plasma(arterial.delayed(byMin: delay))
                delayS = 60 * delay
            }
            if fitting.tStar == .automatic {
                let found = try KineticStudy.tStar(
                    model, regions: regions, input: input, frames: curves.times, options: options,
                    tolerance: fitting.maxError / 100)
                guard let found else {
                    throw FitProblem.noTStar(fitting.maxError)
                }
                tStar = found
                options.frames = .from(found)
            }
            return try KineticStudy(
                model, regions: regions, input: input, frames: curves.times, options: options,
                k2PrimeRule: fitting.k2PrimeRule)
        }
        let report = KineticReport(study, weights: weights)
        var provenance = Provenance(command: "fit", parameters: parameters(tStarMin: tStar))
        for path in [tacs] + source.paths + fitting.paths {
            try provenance.read(path)
            guard !fitting.paths.contains(path) else { continue }
            for sidecar in try InheritedSidecar.read(for: path)?.paths ?? [] { try provenance.read(sidecar) }
        }
        // The study says of the same gaps what was done about them.
        let isFilled = study.warnings.contains { $0.contains("between frames") }
        provenance.warnings =
            curves.warnings.filter { !(isFilled && $0.contains("between frames")) } + inputWarnings + study.warnings
        let delay = delayS.map { [JSONValue.Member("fitted_delay_s", .number($0))] } ?? []
        let document = JSONValue.object(report.members + delay + provenance.members)
        if let out {
            try OutputFile.write(report.table.tsv, to: out, force: write.force)
            try OutputFile.write(document.text, to: ImageFile.sidecarPath(of: out), force: write.force)
        }
        if let plot, let picture = try FitPicture.png(of: study.fits, activityUnit: curves.units) {
            try OutputFile.write(picture, to: plot, force: write.force)
        }
        Terminal.show(result.json ? document.text : report.text)
        if let delayS {
            Terminal.say("blood was moved by \(significant(delayS, 3)) s, which fits the mean of all regions best")
        }
        for path in [out, plot].compactMap({ $0 }) where InputFile.exists(path) { Terminal.say("wrote \(path)") }
        Terminal.warn(provenance.warnings)
        try Self.finish(study, tacs)
    }

    /// 65 where no region has an answer, 3 where some have none.
    private static func finish(_ study: KineticStudy, _ tacs: String) throws {
        guard !study.failed.isEmpty else { return }
        for fit in study.failed { Terminal.say("engraft: \(tacs): \(fit.region): \(fit.failure ?? "")") }
        throw ExitCode(study.failed.count == study.fits.count ? FileProblem.Kind.badData.rawValue : 3)
    }

    private func parameters(tStarMin: Double?) -> [JSONValue.Member] {
        [.init("model", .string(model.rawValue))] + source.record + fitting.record(tStarMin: tStarMin)
            + (source.blood.isEmpty ? [] : blood.parameters)
    }
}

/// What is fitted, and against what.
struct FitSource: ParsableArguments {
    @Option(help: "The reference region; a name without a side means both sides.") var reference: String?
    @Option(
        help: ArgumentHelp("Recordings of arterial blood: BIDS _blood.tsv, PMOD or text; repeatable.", valueName: "tsv")
    )
    var blood: [String] = []
    @Option(help: ArgumentHelp("Only these regions.", valueName: "name,name")) var regions: String?
    @Option(help: ArgumentHelp("Of several scans in the table, which.", valueName: "name")) var scan: String?
    @Option(help: ArgumentHelp("The unit of the curves, where the file does not say it.", valueName: "unit"))
    var units: String?
    @Option(help: "The unit of their times, where the file does not say it: s or min.") var timeUnit: TimeUnit?

    func check(_ model: KineticModel) throws {
        if model.needsReference, reference == nil {
            throw ValidationError("--model \(model.rawValue) needs --reference.")
        }
        if !model.needsReference, blood.isEmpty {
            throw ValidationError("--model \(model.rawValue) needs arterial plasma: give --blood.")
        }
        if !model.needsReference, reference != nil {
            throw ValidationError("--model \(model.rawValue) takes arterial plasma, not --reference.")
        }
        if let regions {
            let names = Self.names(regions)
            guard !names.isEmpty, !names.contains("") else {
                throw ValidationError("--regions has an empty name; names are separated by commas.")
            }
            guard Set(names).count == names.count else { throw ValidationError("--regions has a name twice.") }
        }
        if model.needsReference, !blood.isEmpty {
            throw ValidationError("--model \(model.rawValue) takes a reference region, not --blood.")
        }
    }

    private static func names(_ list: String) -> [String] {
        list.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }

    /// The curves; refused where they are declared as not corrected for decay.
    func curves(_ tacs: String) throws -> TimeActivityCurves {
        let curves = try TimeActivityCurves.read(tacs, units: units, timeUnit: timeUnit, scan: scan)
        if curves.decay == .uncorrected { throw FileProblem(tacs, .badData, "\(CurveProblem.notCorrected)") }
        return curves
    }

    func input(
        _ model: KineticModel, _ tacs: String, _ curves: TimeActivityCurves, _ options: BloodOptions
    ) throws -> (KineticInput, warnings: [String]) {
        if !model.needsReference {
            // Blood is in Bq/mL, and so must tissue be.
            guard curves.isActivity else {
                throw FileProblem(tacs, .badData, "\(FitProblem.noActivity(curves.units))")
            }
            let input = try options.input(blood)
            return (.plasma(input.arterial), input.warnings)
        }
        let curve = try naming(tacs) { try curves.curve(named: reference ?? "") }
        guard curve.mean.contains(where: { $0 > 0 }) else {
            throw FileProblem(tacs, .badData, "the reference region \(curve.name) has no value above 0")
        }
        let input = try naming(tacs) { try ReferenceCurve(frames: curves.times, means: curve.mean) }
        return (.reference(input), [])
    }

    /// The regions asked for; without that all but the reference.
    func regions(of curves: TimeActivityCurves, _ model: KineticModel) throws -> [TimeActivityCurves.Curve] {
        if let regions {
            return try Self.names(regions).map { try curves.curve(named: $0) }
        }
        guard model.needsReference, let reference else { return curves.curves }
        let used = try curves.curve(named: reference)
        if curves.curves.contains(where: { $0.name == used.name }) {
            return curves.curves.filter { $0.name != used.name }
        }
        // Both sides together are the reference: neither is a target.
        let structure = RegionName(reference).structure
        return curves.curves.filter { RegionName($0.name).structure != structure }
    }

    /// The mean of all regions, weighted by their volumes where all are known: what weights are made of.
    static func meanCurve(of curves: TimeActivityCurves) -> [Double] {
        let sizes = curves.curves.compactMap(\.volumeML)
        let shares = sizes.count == curves.curves.count ? sizes : curves.curves.map { _ in 1 }
        return curves.frames.indices.map { frame in
            let known = zip(curves.curves, shares).filter { $0.0.mean[frame].isFinite }
            return known.reduce(0) { $0 + $1.0.mean[frame] * $1.1 } / known.reduce(0) { $0 + $1.1 }
        }
    }

    var paths: [String] { blood }

    /// What is recorded of it.
    var record: [JSONValue.Member] {
        [
            .init("reference", JSONValue(reference)), .init("regions", JSONValue(regions)),
            .init("scan", JSONValue(scan)), .init("units", JSONValue(units)),
            .init("time_unit", JSONValue(timeUnit?.rawValue)),
        ]
    }
}

/// Why curves cannot be fitted as asked.
enum FitProblem: Error, CustomStringConvertible {
    case noTStar(Double)
    case noWeights
    case noActivity(String?)
    case noDelay

    var description: String {
        switch self {
        case .noTStar(let percent):
            "from no frame on is the slope of every region's later points within \(significant(percent, 3)) % of the slope "
                + "of all; --regions leaves out regions without uptake, --t-star gives the time"
        case .noWeights: "the file has no weights; --weights names a formula or a file with one number a frame"
        case .noDelay:
            "no delay between −30 and 30 s fits best; is the blood sampled against the same clock? --blood-delay sets it"
        case .noActivity(let units):
            units.map { "the curves are in \($0), and blood is in Bq/mL: curves of activity per volume are needed" }
                ?? "the unit of the curves is not said, and blood is in Bq/mL: give --units"
        }
    }
}

extension KineticModel: ExpressibleByArgument {}
extension Convention: ExpressibleByArgument {}
extension KineticStudy.K2PrimeRule: ExpressibleByArgument {}
