import ArgumentParser
import PET
import Records

/// How blood is read and made into an input, in every command that takes it.
struct BloodOptions: ParsableArguments {
    /// Models of the parent fraction, and none for tracers without metabolites.
    enum ParentFractionChoice: String, ExpressibleByArgument, CaseIterable {
        case linear, hill, power, exponential, none

        var model: ParentFraction.Model? { ParentFraction.Model(rawValue: rawValue) }
    }

    @Option(help: "The unit of the activity in blood, where its files do not say it.") var bloodUnits: String?
    @Option(help: ArgumentHelp("The unit of times in blood files, where they do not say it.", valueName: "s|min"))
    var bloodTimeUnit: TimeUnit?
    @Option(help: "What the one column of a blood file is: whole-blood, plasma, parent-plasma or parent-fraction.")
    var signal: BloodSamples.Signal?
    @Option(help: ArgumentHelp("Of several scans in a blood table, which.", valueName: "name")) var bloodScan: String?
    @Option(help: "The parent fraction between samples: linear, hill, power, exponential, or none where all is parent.")
    var parentFraction = ParentFractionChoice.linear
    @Option(
        help: ArgumentHelp(
            "How much later blood arrives in tissue than it was sampled, s; earlier as --blood-delay=-30.",
            valueName: "s"))
    var bloodDelay = 0.0
    @Option(
        help: ArgumentHelp("Correct samples for decay to time zero, by this nuclide or half-life.", valueName: "name|s")
    )
    var bloodDecay: HalfLifeArgument?

    func validate() throws {
        guard bloodDelay.isFinite else { throw ValidationError("--blood-delay is a number of seconds.") }
    }

    /// The samples of all recordings.
    func read(_ paths: [String]) throws -> BloodSamples {
        let samples = try BloodSamples.read(
            paths, CurveDeclarations(units: bloodUnits, timeUnit: bloodTimeUnit, scan: bloodScan), signal: signal)
        return bloodDecay.map { samples.decayCorrected(toS: 0, halfLifeS: $0.seconds) } ?? samples
    }

    /// The arterial input, in Bq/mL.
    func input(_ paths: [String]) throws -> BloodInput {
        let samples = try read(paths)
        return try naming(paths.joined(separator: ", ")) {
            try samples.input(parentFraction: parentFraction.model, delayS: bloodDelay)
        }
    }

    /// The options as they are recorded.
    var parameters: [JSONValue.Member] {
        [
            .init("blood_units", JSONValue(bloodUnits)), .init("blood_time_unit", JSONValue(bloodTimeUnit?.rawValue)),
            .init("signal", JSONValue(signal?.rawValue)), .init("blood_scan", JSONValue(bloodScan)),
            .init("parent_fraction", .string(parentFraction.rawValue)), .init("blood_delay_s", .number(bloodDelay)),
            .init("blood_decay_half_life_s", JSONValue(bloodDecay?.seconds)),
        ]
    }
}

/// A half-life in s, or the nuclide that has it.
struct HalfLifeArgument: ExpressibleByArgument {
    var seconds: Double

    init?(argument: String) {
        guard let seconds = Radionuclide.halfLifeS(of: argument) ?? Double(argument), seconds > 0, seconds.isFinite
        else { return nil }
        self.seconds = seconds
    }
}

extension TimeUnit: ExpressibleByArgument {}
extension BloodSamples.Signal: ExpressibleByArgument {}
