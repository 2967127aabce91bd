import ArgumentParser
import Imaging
import PET
import Records

/// What voxels are held against.
struct MapInput: ParsableArguments {
    @Option(help: "The label image with the reference region.") var labels: String?
    @Option(help: "Names of the labels: FreeSurfer colour table, BIDS dseg.tsv or CSV.") var lut: String?
    @Option(
        help: ArgumentHelp(
            "Instead of --labels: a file of time-activity curves of the same frames.", valueName: "file"))
    var referenceTac: String?
    @Option(help: "The reference region; a name without a side means both sides.") var reference: String?
    @Option(help: ArgumentHelp("Blood of the scan: BIDS _blood.tsv or PMOD .bld; may be repeated.", valueName: "file"))
    var blood: [String] = []
    @OptionGroup(title: "Blood") var sampling: BloodOptions

    func check(_ model: ParametricModel) throws {
        guard labels == nil || referenceTac == nil else {
            throw ValidationError("Give either --labels or --reference-tac.")
        }
        guard (labels == nil && referenceTac == nil) == (reference == nil) else {
            throw ValidationError("--reference goes with --labels or --reference-tac.")
        }
        switch model.input {
        case .reference where reference == nil:
            throw ValidationError("--model \(model.rawValue) needs --reference, and --labels or --reference-tac.")
        case .plasma where blood.isEmpty: throw ValidationError("--model \(model.rawValue) needs --blood.")
        case .plasma where reference != nil, .none where reference != nil:
            throw ValidationError("--model \(model.rawValue) takes no reference region.")
        case .reference where !blood.isEmpty, .none where !blood.isEmpty:
            throw ValidationError("--model \(model.rawValue) takes no --blood.")
        default: break
        }
    }

    /// Plasma in the unit of the image, or the reference region's curve, where one was named.
    func input(
        _ model: ParametricModel, _ image: ImageFile, _ pet: String
    ) throws -> (input: ParametricMaps.Input, warnings: [String]) {
        if model.input != .plasma { return (try reference(image, pet), []) }
        let found = try sampling.input(blood)
        guard let unit = image.units.flatMap({ ActivityUnit(named: $0) }) else {
            throw FileProblem(pet, .badData, "its unit is no activity per volume, so plasma cannot be held against it")
        }
        let plasma = found.arterial.parentPlasma
        let curve = SampledCurve(
            times: plasma.times, values: plasma.values.map { $0 / unit.becquerelsPerML }, end: .level)
        return (curve.map { .plasma($0) } ?? .none, found.warnings)
    }

    private func reference(_ image: ImageFile, _ pet: String) throws -> ParametricMaps.Input {
        guard let reference else { return .none }
        if let labels {
            let names = try lut.map { try LabelTable.read($0) } ?? LabelTable()
            let map = try LabelImage.read(labels, names: names)
            return .reference(
                try naming(pet) { try ReferenceRegion(of: image.volume, labels: map, named: reference) })
        }
        guard let referenceTac else { return .none }
        let curves = try TimeActivityCurves.read(referenceTac)
        return .reference(
            try naming(referenceTac) {
                try ReferenceRegion(from: curves, named: reference, frames: image.frames, unit: image.units)
            })
    }

    var paths: [String] { [labels, lut, referenceTac].compactMap { $0 } + blood }

    /// What is recorded of it.
    var record: [JSONValue.Member] {
        [.init("reference", JSONValue(reference))] + (blood.isEmpty ? [] : sampling.parameters)
    }
}

/// How the model is fitted.
struct MapFitting: ParsableArguments {
    @Option(help: ArgumentHelp("Fit the frames between these times, s after time zero.", valueName: "from,to"))
    var window: TimeWindow?
    @Option(help: ArgumentHelp("Fit the frames that start at this time or later, min.", valueName: "min")) var tStar:
        Double?
    @Option(help: "How running integrals are taken: frame-sum or mid-trapezoid (frame-sum).")
    var integral: IntegralRule?
    @Option(help: "Weights of frames: uniform or duration (uniform).") var weights: MapWeights?
    @Option(help: ArgumentHelp("k2' of the reference, 1/min, for mrtm2, srtm2 and ref-logan.", valueName: "rate"))
    var k2Prime: Double?
    @Option(
        help: ArgumentHelp(
            "Without --k2-prime, mrtm2 and srtm2 take the median over voxels whose BP_ND is above this.",
            valueName: "bp"))
    var k2PrimeThreshold = 0.5
    @Option(
        help: ArgumentHelp(
            "Lowest and highest k2a, 1/min, and number of basis functions (0.0006,6,128).", valueName: "low,high,n"))
    var rates: RateGridArgument?
    @Option(help: ArgumentHelp("The maps wanted, such as BP_ND,k2a; without it the usual ones.", valueName: "names"))
    var parameters: String?

    func check(_ model: ParametricModel) throws {
        guard window == nil || tStar == nil else { throw ValidationError("Give either --window or --t-star.") }
        if let tStar, !(tStar >= 0 && tStar.isFinite) { throw ValidationError("--t-star is 0 min or more.") }
        if [.patlak, .refPatlak, .refLogan].contains(model), window == nil, tStar == nil {
            throw ValidationError(
                "--model \(model.rawValue) needs --t-star or --window: a line is fitted to late frames.")
        }
        if let k2Prime, !(k2Prime > 0 && k2Prime.isFinite) {
            throw ValidationError("--k2-prime is positive, per minute.")
        }
        if model == .suvr, window == nil, tStar == nil {
            throw ValidationError("--model suvr needs --window or --t-star: it is a ratio of late frames.")
        }
        let unused = [
            (k2Prime != nil && !model.takesK2Prime, "--k2-prime"), (integral != nil && !model.integrates, "--integral"),
            (rates != nil && ![.srtm, .srtm2].contains(model), "--rates"),
            (weights != nil && [.mean, .suvr, .refLogan].contains(model), "--weights"),
        ].filter(\.0).map(\.1)
        guard unused.isEmpty else {
            throw ValidationError("--model \(model.rawValue) takes no \(unused.joined(separator: " and no ")).")
        }
        if let names, names.isEmpty || Set(names).count < names.count {
            throw ValidationError("--parameters names maps, each once.")
        }
        guard k2PrimeThreshold.isFinite else { throw ValidationError("--k2-prime-threshold is a number.") }
        for name in names ?? [] where !model.parameters.contains(where: { $0.name == name }) {
            let all = model.parameters.map(\.name).joined(separator: ", ")
            throw ValidationError("--model \(model.rawValue) has no map \(name); it has \(all).")
        }
    }

    private var names: [String]? {
        parameters.map { list in
            list.split(separator: ",").map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
        }
    }

    private var grid: RateGrid { rates?.grid ?? RateGrid() }

    func settings(_ model: ParametricModel) -> ParametricSettings {
        var settings = ParametricSettings(model)
        settings.parameters = names
        if let window { (settings.fromS, settings.toS) = (window.from, window.to) }
        if let tStar { settings.fromS = tStar * 60 }
        (settings.integral, settings.k2Prime) = (integral ?? .frameSum, k2Prime)
        (settings.k2PrimeThreshold, settings.rates) = (k2PrimeThreshold, grid)
        return settings
    }

    /// What is recorded of it.
    var record: [JSONValue.Member] {
        [
            .init("window_s", JSONValue(window.map { [$0.from, $0.to] } ?? [])), .init("t_star_min", JSONValue(tStar)),
            .init("integral", .string((integral ?? .frameSum).rawValue)),
            .init("weights", .string((weights ?? .uniform).rawValue)),
            .init("k2_prime_per_min", JSONValue(k2Prime)), .init("k2_prime_threshold", .number(k2PrimeThreshold)),
            .init("rates_per_min", [.number(grid.lowest), .number(grid.highest)]),
            .init("basis_functions", .integer(grid.count)), .init("maps", JSONValue(parameters)),
        ]
    }
}

/// Formulas for the weights of frames.
enum MapWeights: String, CaseIterable, ExpressibleByArgument {
    case uniform, duration
}

/// A grid of rates, written `LOW,HIGH,N`.
struct RateGridArgument: ExpressibleByArgument {
    var grid = RateGrid()

    init() {}

    init?(argument: String) {
        let fields = argument.split(separator: ",", omittingEmptySubsequences: false)
        guard fields.count == 3, let low = Double(fields[0]), let high = Double(fields[1]), let count = Int(fields[2]),
            low > 0, low < high, high <= 1000, (16...4096).contains(count)
        else { return nil }
        grid = RateGrid(lowest: low, highest: high, count: count)
    }

    var defaultValueDescription: String { "\(grid.lowest),\(grid.highest),\(grid.count)" }
}

extension IntegralRule: ExpressibleByArgument {}

extension ParametricModel: ExpressibleByArgument {
    /// A model by its name; srtm is short for srtm-basis.
    public init?(argument: String) {
        guard let model = ParametricModel(rawValue: argument == "srtm" ? "srtm-basis" : argument) else { return nil }
        self = model
    }
}
