import ArgumentParser
import Records
import Tremor

/// The motor signs other than tremor that are looked for.
enum MovementSign: String, ExpressibleByArgument, CaseIterable { case freezing, tapping, pronation, walking }

/// How the freezing index is taken; for other signs none of this is given.
struct FreezingOptionGroup: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The published index: multitaper (without this option), moore2008, moore2013, bachlin2010, zach2015, cockx2023.",
            valueName: "name"))
    var method: FreezingMethodArgument?
    @Option(help: "One axis of the sensor, such as the vertical one; without this the spectra of all three are added.")
    var axis: AxisArgument?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The index above which gait is frozen, instead of the method's own.", valueName: "index"))
    var threshold: Double?
    @Option(help: ArgumentHelp("Movement below which a leg is at rest, m/s² RMS; 0.5 without.", valueName: "m/s2"))
    var stillBelow: Double?

    func validate() throws {
        if let threshold, !threshold.isFinite { throw ValidationError("--threshold is a number.") }
        if let stillBelow, !(stillBelow >= 0 && stillBelow.isFinite) {
            throw ValidationError("--still-below is an acceleration of 0 m/s² or more.")
        }
    }

    /// The option that is given, where one is.
    var given: String? {
        if method != nil { return "--method" }
        if axis != nil { return "--axis" }
        if threshold != nil { return "--threshold" }
        return stillBelow != nil ? "--still-below" : nil
    }

    var chosenMethod: FreezingMethod { method?.method ?? .multitaper }

    func freezing(in recording: Recording) throws(RecordingError) -> FreezingOfGait {
        try FreezingOfGait(
            recording, method: chosenMethod, axes: axis.map { [$0.place] } ?? [0, 1, 2], threshold: threshold,
            stillBelow: stillBelow ?? FreezingCourse.stillBelow)
    }

    var parameters: [JSONValue.Member] {
        [
            .init("method", chosenMethod.json), .init("axis", .string(axis?.rawValue ?? "all")),
            .init("threshold", JSONValue(threshold ?? chosenMethod.threshold)),
            .init("still_below_m_s2", .number(stillBelow ?? FreezingCourse.stillBelow)),
            .init("shortest_episode_s", .number(FreezingOfGait.shortestEpisodeS)),
        ]
    }
}

/// An axis of the sensor.
enum AxisArgument: String, ExpressibleByArgument, CaseIterable {
    case x, y, z

    var place: Int { Self.allCases.firstIndex(of: self)! }
}

/// A published freezing index, by its name.
struct FreezingMethodArgument: ExpressibleByArgument {
    let method: FreezingMethod

    init?(argument: String) {
        guard let method = FreezingMethod.named(argument) else { return nil }
        self.method = method
    }
}
