import ArgumentParser
import Records
import Review
import Tremor

struct MovementCommand: RecordingSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "movement",
        abstract: "Freezing of gait, finger tapping, turning of the forearm, or walking in recordings.",
        discussion: """
            Reads the recordings that tremor reads, and looks for one sign:
              freezing   index over time, episodes; sensor on ankle, thigh or trunk
              tapping    rate, variation, decrement, pauses; sensor on the finger, or a touch screen
              pronation  the same of turns of the forearm, and their angle; gyroscope on the wrist
              walking    bouts, cadence, the arm's swing; sensor on the wrist

            What was not recorded, not worn or too short to be looked at is said and in no share. The worst recording is the \
            last: the largest share of time in episodes, fewest taps or turns a second, no walking at all or else fewest steps a minute. All of it is measured by a sensor, not rated.

            Example: engraft movement ankle.txt --sign freezing --axis y --png freezing.png
            """)

    @Argument(help: "Recordings, or folders of them.") var recordings: [String]
    @Option(help: "What is looked for.") var sign: MovementSign
    @Option(help: ArgumentHelp("Only this part, s after the first sample.", valueName: "from,to")) var part: TimeWindow?
    @OptionGroup(title: "Freezing") var freezing: FreezingOptionGroup
    @OptionGroup(title: "Reading") var reading: RecordingOptionGroup
    @Option(help: ArgumentHelp("Draw what was found in the (one) recording over time.", valueName: "png"))
    var png: String?
    @Option(
        help: ArgumentHelp("Write the (one) recording's windows, taps or turns as a table here.", valueName: "csv"))
    var windows: String?
    @OptionGroup var result: ResultOptions
    @OptionGroup var write: WriteOptions

    func validate() throws {
        for (name, path) in [("--png", png), ("--windows", windows)] where path != nil && recordings.count != 1 {
            throw ValidationError("\(name) is for one recording.")
        }
        try Self.checkNames(picture: png, tables: [("--windows", windows)])
        if sign != .freezing, let given = freezing.given {
            throw ValidationError("\(given) is for --sign freezing.")
        }
        if let part, part.from < 0 { throw ValidationError("--part begins at 0 s or later.") }
    }

    func execute() throws {
        let outputs = [png, windows].compactMap { $0 }
        let found = try Self.find(recordings)
        if let first = outputs.first, found.count > 1 {
            throw ValidationError("\(first) is for one recording; there are \(found.count) in \(recordings[0]).")
        }
        Terminal.warn(found.notes)
        try Self.check(outputs, inputs: found.paths, force: write.force)

        var provenance = Provenance(command: "movement", parameters: parameters)
        var (reports, failures) = try gather(found, &provenance) { path throws(FileProblem) in try report(path) }
        // The worst last, where the eye rests when a long table has scrolled by.
        reports.sort { ($0.finding.severity, $0.path) < ($1.finding.severity, $1.path) }
        let warnings = reports.flatMap { one in one.flags.map { "\(one.path): \($0)" } }
        provenance.warnings = warnings + failures.map(\.description)
        if let only = reports.first {
            try writeFiles(
                [(png, { try only.finding.picture(over: only.spanS) }), (windows, { Array(only.finding.table.utf8) })],
                beside: [.init("recordings", .array([.object(only.members)]))] + provenance.members)
        }
        if result.json {
            show(reports.map { .object($0.members) }, failures, provenance)
        } else if !reports.isEmpty {
            Terminal.show(MovementReport.text(reports, sign))
        }
        Terminal.warn(warnings)
        try end(failures, of: found.count)
    }

    private var parameters: [JSONValue.Member] {
        let part: JSONValue = part.map { JSONValue([$0.from, $0.to]) } ?? .null
        var parameters: [JSONValue.Member] = [.init("sign", .string(sign.rawValue)), .init("part_s", part)]
        parameters += reading.parameters
        switch sign {
        case .freezing: parameters += freezing.parameters
        case .walking: parameters += GaitAnalysis.Settings().members
        case .tapping, .pronation:
            let criteria = RepeatedMovement.Criteria()
            parameters += [
                .init("pause_factor", .number(criteria.pauseFactor)),
                .init("freeze_factor", .number(criteria.freezeFactor)),
                .init("longest_test_s", .number(RepeatedMovement.longestTestS)),
            ]
        }
        return parameters
    }

    private func report(_ path: String) throws(FileProblem) -> MovementReport {
        let part = part.map { $0.from...$0.to }
        if sign == .tapping, let touch = try TouchFile.read(path) {
            return MovementReport(
                path: path, touch, try naming(path) { try TouchTapping(reading: touch, part: part) })
        }
        let source = try RecordingFile.open(path, options: reading.options)
        return try naming(path) {
            let recording = try Recording(reading: source, part: part)
            let finding: any MovementFinding =
                switch sign {
                case .freezing: try freezing.freezing(in: recording)
                case .tapping: try RepeatedTest(tappingIn: recording)
                case .pronation: try RepeatedTest(turningIn: recording)
                case .walking: try Walking(recording)
                }
            return MovementReport(path: path, sign: sign, header: source.header, recording, finding)
        }
    }
}
