import ArgumentParser
import PET
import Records

/// How the model is fitted.
struct FitOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Fit the frames between these times, s after time zero.", valueName: "from,to"))
    var window: TimeWindow?
    @Option(
        help: ArgumentHelp(
            "Fit the frames that start at this time or later, min; auto finds the earliest.", valueName: "min|auto"))
    var tStar: TStarArgument?
    @Option(help: ArgumentHelp("Fit the last frames of the scan, as kinfitr does.", valueName: "n"))
    var lastFrames: Int?
    @Option(
        help: ArgumentHelp(
            "--t-star auto: by how much the slope of the later half of the points may differ from that of all, %.",
            valueName: "percent"))
    var maxError = 10.0
    @Option(help: ArgumentHelp("k2' of the reference, 1/min, for mrtm2, srtm2 and ref-logan.", valueName: "rate"))
    var k2Prime: Double?
    @Option(help: "How k2' of several regions becomes one: median or weighted (by 1/SE²).")
    var k2PrimeRule: KineticStudy.K2PrimeRule = .median
    @Option(help: "Whose integration and convolution: exact, kinfitr or tpc.") var convention: Convention = .exact
    @Option(help: "How running integrals are taken, if not as in the convention: frame-sum or mid-trapezoid.")
    var integral: IntegralRule?
    @Option(
        help: ArgumentHelp(
            "Weights of frames: uniform, duration, duration-activity, counts, tacs (the file's own), or a file.",
            valueName: "formula"))
    var weights = "uniform"
    @Option(help: ArgumentHelp("The nuclide or its half-life, for --weights counts: F18, C-11 …", valueName: "name|s"))
    var nuclide: HalfLifeArgument?
    @Option(
        help: ArgumentHelp(
            "The fraction of blood in tissue, for models with plasma: a number, or fit. Not given, compartment models fit "
                + "it, and it is 0 for the others.",
            valueName: "v_B|fit"))
    var bloodVolume: BloodVolumeArgument?
    @Flag(help: "Add blood without scaling tissue by 1 − v_B, as some tools do (compartment models).")
    var addBlood = false
    @Flag(help: "Find by how much blood is to be moved, up to 30 s, on the mean of all regions (compartment models).")
    var fitDelay = false

    func check(_ model: KineticModel) throws {
        guard [window != nil, tStar != nil, lastFrames != nil].count(where: { $0 }) < 2 else {
            throw ValidationError("Give one of --window, --t-star and --last-frames.")
        }
        if model == .suvr || model == .sbr, window == nil {
            throw ValidationError("--model \(model.rawValue) needs --window.")
        }
        let isLine = [.patlak, .refPatlak, .logan, .refLogan].contains(model)
        if isLine, window == nil, tStar == nil, lastFrames == nil {
            throw ValidationError(
                "--model \(model.rawValue) needs --t-star or --window: a line is fitted to late frames.")
        }
        if tStar == .automatic, !isLine { throw ValidationError("--t-star auto is for Patlak's and Logan's plots.") }
        guard maxError > 0, maxError.isFinite else { throw ValidationError("--max-error is a percentage above 0.") }
        if let k2Prime {
            guard k2Prime > 0, k2Prime.isFinite else {
                throw ValidationError("--k2-prime is positive, per minute.")
            }
            guard model.takesK2Prime else { throw ValidationError("--model \(model.rawValue) takes no k2'.") }
        }
        if weights == "counts", nuclide == nil {
            throw ValidationError("--weights counts needs --nuclide, such as F18.")
        }
        if bloodVolume != nil, model.needsReference {
            throw ValidationError("--blood-volume is for models with plasma.")
        }
        if fitDelay || addBlood, ![.oneTissue, .twoTissue, .twoTissueIrreversible].contains(model) {
            throw ValidationError("--fit-delay and --add-blood are for compartment models.")
        }
        if integral != nil, !model.isLinear || isRatio(model) {
            throw ValidationError("--integral is for Patlak's and Logan's plots, ma1, mrtm and mrtm2.")
        }
        if isRatio(model), weights != "uniform" {
            throw ValidationError("--model \(model.rawValue) weighs frames by their length and takes no --weights.")
        }
        if bloodVolume == .fitted, model.isLinear {
            throw ValidationError("--blood-volume fit is for compartment models.")
        }
    }

    private func isRatio(_ model: KineticModel) -> Bool { model == .suvr || model == .sbr }

    func options(_ model: KineticModel, referenceName: String?) -> KineticOptions {
        var options = KineticOptions(
            convention: convention, integralRule: integral, frames: frames, k2Prime: k2Prime,
            referenceName: model.needsReference ? referenceName : nil)
        if case .fixed(let fraction) = bloodVolume { options.bloodFraction = fraction }
        options.scalesTissue = !addBlood
        return options
    }

    /// The delay that fits a curve best, min.
    func delay(
        _ model: KineticModel, _ options: KineticOptions, of mean: [Double], _ input: ArterialInput, frames: FrameTimes
    ) throws -> Double {
        let compartments = CompartmentModel(
            model, bloodVolume: options.bloodFraction.map { .fixed($0) } ?? .fitted,
            scalesTissue: options.scalesTissue, convention: convention)
        let weights = options.weights ?? frames.starts.map { _ in 1 }
        guard let delay = try compartments.delay(of: mean, input: input, frames: frames, weights: weights) else {
            throw FitProblem.noDelay
        }
        return delay
    }

    private var frames: KineticFrames {
        if let window { return .window(window.from / 60, window.to / 60) }
        if case .minutes(let time) = tStar { return .from(time) }
        return lastFrames.map { .last($0) } ?? .all
    }

    /// The weights' formula, or the numbers of a file.
    func frameWeights(_ model: KineticModel, _ curves: TimeActivityCurves, _ tacs: String) throws -> FrameWeights {
        if isRatio(model) { return .duration }
        switch weights {
        case "uniform": return .uniform
        case "duration": return .duration
        case "duration-activity": return .durationPerActivity
        case "counts":
            // `check` asked for it.
            return nuclide.map { .counts(halfLifeS: $0.seconds) } ?? .uniform
        case "tacs":
            guard let own = curves.weights else { throw FileProblem(tacs, .badData, "\(FitProblem.noWeights)") }
            return .given(own, from: tacs)
        default:
            let table = try naming(weights) { try DelimitedTable(parsing: InputFile.readText(weights)) }
            guard let place = table.column("weight", "weights") ?? (table.columns.count == 1 ? 0 : nil) else {
                throw FileProblem(
                    weights, .badData,
                    "there is no column weight; the columns are \(table.columns.joined(separator: ", "))")
            }
            // One column may do without a header.
            let fields =
                (Double(table.columns[place]) == nil ? [] : [table.columns[place]]) + table.rows.map { $0[place] }
            let numbers = fields.compactMap { Double($0) }
            guard numbers.count == fields.count, numbers.count == curves.frames.count else {
                throw FileProblem(
                    weights, .badData,
                    "one number a frame was expected under the header weight: \(curves.frames.count) frames")
            }
            return .given(numbers, from: weights)
        }
    }

    private var isWeightFile: Bool {
        !["uniform", "duration", "duration-activity", "counts", "tacs"].contains(weights)
    }

    var paths: [String] { isWeightFile ? [weights] : [] }

    /// What is recorded of it.
    func record(tStarMin: Double?) -> [JSONValue.Member] {
        [
            .init("window_s", JSONValue(window.map { [$0.from, $0.to] } ?? [])),
            .init("t_star_min", tStarMin.map { .number($0) } ?? tStar?.record ?? .null),
            .init("t_star_rule", tStar.map { $0 == .automatic ? "auto" : "given" } ?? .null),
            .init("last_frames", JSONValue(lastFrames)),
            .init("max_error_percent", .number(maxError)), .init("k2_prime_per_min", JSONValue(k2Prime)),
            .init("k2_prime_rule", .string(k2PrimeRule.rawValue)),
            .init("convention", .string(convention.rawValue)), .init("integral", JSONValue(integral?.rawValue)),
            .init("weights", .string(weights)), .init("half_life_s", JSONValue(nuclide?.seconds)),
            .init("v_B", bloodVolume?.record ?? .null), .init("fit_delay", .bool(fitDelay)),
            .init("add_blood", .bool(addBlood)),
        ]
    }
}

/// When a line begins: a time, or found.
enum TStarArgument: ExpressibleByArgument, Equatable {
    case minutes(Double)
    case automatic

    init?(argument: String) {
        if argument == "auto" { self = .automatic; return }
        guard let minutes = Double(argument), minutes >= 0, minutes.isFinite else { return nil }
        self = .minutes(minutes)
    }

    var record: JSONValue { if case .minutes(let time) = self { .number(time) } else { .null } }
}

/// The fraction of blood in tissue: given, or fitted.
enum BloodVolumeArgument: ExpressibleByArgument, Equatable {
    case fixed(Double)
    case fitted

    init?(argument: String) {
        if argument == "fit" { self = .fitted; return }
        guard let fraction = Double(argument), fraction >= 0, fraction < 1 else { return nil }
        self = .fixed(fraction)
    }

    var record: JSONValue { if case .fixed(let fraction) = self { .number(fraction) } else { "fit" } }
}
