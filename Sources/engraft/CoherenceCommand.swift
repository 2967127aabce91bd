import ArgumentParser
import Records
import Review
import Tremor

struct CoherenceCommand: RecordingSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "coherence",
        abstract: "Coherence and phase of two sensors' tremor, with 95 % intervals.",
        discussion: """
            Compares two recordings (both hands, or hand and forearm) or two sensors of one (--sensor a,b), each along the \
            direction in which it moves most within the band, over the time in which both have samples and were worn. Their \
            true rates may differ. Two devices need clocks that agree: at 5 Hz an offset of 10 ms turns the phase by 18°, \
            of 100 ms by half a turn; coherence bears an offset of a small part of a segment. A sensor's direction has no sign: \
            phases are known up to half a turn.

            Example: engraft coherence left.cwa right.cwa --png coherence.png
            Cite: Halliday et al. 1995; Welch 1967.
            """)

    @Argument(help: "Two recordings, or one and two of its sensors: --sensor a,b.") var recordings: [String]
    @Option(help: ArgumentHelp("The band searched for the tremor's peak, Hz.", valueName: "low,high")) var band:
        TimeWindow?
    @Option(help: ArgumentHelp("Length of a segment; bins are one over it apart.", valueName: "s")) var segment = 4.0
    @ArgumentParser.Flag(help: "Both first samples were taken at the same moment, whatever the clocks say.")
    var sameStart = false
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Added to the second recording's times, where its clock is known to be off.", valueName: "s")
    )
    var shift = 0.0
    @OptionGroup(title: "Reading") var reading: RecordingOptionGroup
    @Option(help: ArgumentHelp("Write the spectrum of coherence and phase here.", valueName: "csv")) var csv: String?
    @Option(help: ArgumentHelp("Write coherence and phase over frequency here.", valueName: "png")) var png: String?
    @OptionGroup var result: ResultOptions
    @OptionGroup var write: WriteOptions

    func validate() throws {
        try Self.checkNames(picture: png, tables: [("--csv", csv)])
        guard (1...2).contains(recordings.count) else {
            throw ValidationError("two recordings are compared, or two sensors of one.")
        }
        let names = sensorNames
        if recordings.count == 1, names.count != 2 {
            throw ValidationError("of one recording two sensors are compared: \(whichSensors).")
        }
        if names.count > 2 || names.contains("") || recordings.count == 1 && Self.stems(names).count < 2 {
            throw ValidationError("--sensor names one sensor, or two different ones as a,b.")
        }
        if recordings.count == 1, sameStart || shift != 0 {
            throw ValidationError("two sensors of one recording have one clock: --same-start and --shift are for two.")
        }
        if recordings.count == 2, recordings[0] == recordings[1], Self.stems(names).count < 2 {
            throw ValidationError("both recordings are the same one.")
        }
        guard segment >= 0.5, segment <= 600 else { throw ValidationError("--segment lies between 0.5 and 600 s.") }
        guard abs(shift) <= 1e8 else {
            throw ValidationError("--shift is a number of seconds between -100000000 and 100000000.")
        }
        if let band, !(band.from >= 0.5 && band.to <= 50 && band.to - band.from >= 2) {
            throw ValidationError("--band lies between 0.5 and 50 Hz and is at least 2 Hz wide.")
        }
    }

    /// What to give for the sensors of one recording, by the names that it has.
    private var whichSensors: String {
        var options = reading.options
        options.sensor = nil
        guard let source = try? RecordingFile.open(recordings[0], options: options) else {
            return "give --sensor a,b, or a second recording"
        }
        let known = source.header.sensors
        guard known.count > 1 else { return "this one names no sensors; give a second recording" }
        return "this one has \(known.joined(separator: ", ")); give two of them, as in --sensor "
            + "\(known[0]),\(known[1]), or a second recording"
    }

    /// The sensors named; none, one for both, or two.
    private var sensorNames: [String] {
        reading.sensor.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(Self.trimmed) } ?? []
    }

    private static func trimmed(_ name: Substring) -> String {
        String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    private var paths: [String] { recordings.count == 2 ? recordings : [recordings[0], recordings[0]] }

    private var settings: CoherenceSettings {
        var settings = CoherenceSettings()
        settings.segmentS = segment
        if let band { settings.bandHz = band.from...band.to }
        settings.clock = recordings.count == 1 ? .shared : sameStart ? .sameStart : .civil
        settings.shiftS = shift
        return settings
    }

    func execute() throws {
        let outputs = [csv, png].compactMap { $0 }
        try Self.check(outputs, inputs: recordings, force: write.force)
        var provenance = Provenance(command: "coherence", parameters: parameters)
        let (paths, names) = (paths, sensorNames)
        let sources = try paths.indices.map { place throws(FileProblem) in
            try RecordingFile.open(paths[place], options: options(place, names))
        }
        for path in Set(recordings).sorted() { try naming(path) { try provenance.read(path) } }
        try refuseCopies(provenance.inputs, sources)
        let called = reportNames(names)
        let report = CoherenceReport(names: called, found: try compare(sources, paths, called))
        provenance.warnings = report.found.flags
        let document = report.members + provenance.members
        let file = recordings.count == 1 ? Self.file(recordings[0]) : nil
        try writeFiles(
            [
                (csv, { Array(report.found.csv.utf8) }),
                (png, { try CoherencePicture.png(of: report.found, first: called[0], second: called[1], file: file) }),
            ], beside: document)
        Terminal.show(result.json ? JSONValue.object(document).text : report.text)
        Terminal.warn(report.found.flags)
    }

    /// A recording and its copy are coherent at every frequency, whatever was recorded.
    private func refuseCopies(_ inputs: [Provenance.Input], _ sources: [any RecordingSource]) throws(FileProblem) {
        guard inputs.count == 2, Self.stems(sensorNames).count < 2,
            Self.areCopies(inputs.map(\.sha256), sources[0].header.format)
        else { return }
        throw FileProblem(
            "\(paths[0]) and \(paths[1])", .badData,
            "both hold the same bytes: a recording cannot be compared with a copy of itself; give the other sensor's "
                + "recording, or two sensors of this one as --sensor a,b")
    }

    /// Names as readers of files compare them.
    private static func stems(_ names: [String]) -> Set<String> {
        Set(names.map { $0.lowercased().filter { $0.isLetter || $0.isNumber } })
    }

    private func options(_ place: Int, _ names: [String]) -> RecordingOptions {
        var options = reading.options
        options.sensor = names.isEmpty ? nil : names[min(place, names.count - 1)]
        return options
    }

    /// What the two are called: file names, and sensors where they are named.
    private func reportNames(_ names: [String]) -> [String] {
        paths.enumerated().map { place, path in
            let file = Self.file(path)
            guard !names.isEmpty else {
                return recordings.count == 2 && paths[0].hasSuffix("/" + file) && paths[1].hasSuffix("/" + file)
                    ? path : file
            }
            let sensor = names[min(place, names.count - 1)]
            return recordings.count == 1 ? sensor : "\(file) \(sensor)"
        }
    }

    private static func file(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    private func compare(
        _ sources: [any RecordingSource], _ paths: [String], _ called: [String]
    ) throws(FileProblem) -> SensorCoherence {
        let places = recordings.count == 2 ? called : called.map { "\(recordings[0]) \($0)" }
        let progress = ShareLine("coherence")
        defer { progress.finish() }
        do throws(PairError) {
            return try sensorCoherence(
                of: sources[0], and: sources[1], settings: settings, names: (places[0], places[1]),
                progress: progress.show)
        } catch {
            switch error {
            case .first, .noDate(isFirst: true), .still(isFirst: true):
                throw FileProblem(paths[0], .badData, error.description)
            case .second, .noDate(isFirst: false), .still(isFirst: false):
                throw FileProblem(paths[1], .badData, error.description)
            default:
                let both = paths[0] == paths[1] ? paths[0] : "\(paths[0]) and \(paths[1])"
                throw FileProblem(both, .badData, error.description)
            }
        }
    }

    private var parameters: [JSONValue.Member] {
        [
            .init("segment_s", .number(segment)),
            .init("band_hz", JSONValue([settings.bandHz.lowerBound, settings.bandHz.upperBound])),
            .init("same_start", .bool(sameStart)), .init("shift_s", .number(shift)), .init("csv", JSONValue(csv)),
            .init("png", JSONValue(png)),
        ] + reading.parameters
    }
}
