import ArgumentParser
import Records
import Review
import Tremor

struct TremorCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "tremor",
        abstract: "Tremor of wearable recordings: frequency, displacement in cm, time with tremor.",
        discussion: """
            Reads CSV recordings of a three-axis accelerometer, in m/s² or g, with or without a header and timestamps. The \
            true sampling rate, gaps and clipping are found from the file. Amplitude is the displacement of the sensor, \
            peak to peak along the tremor's axis while tremor is on: acceleration divided by (2πf)²; with a \
            95 % interval. It is sensor-derived, not a rating.

            Example: engraft tremor wrist.csv --site wrist-left --task rest --png tremor.png
            """)

    @Argument(help: "Recordings (CSV).") var recordings: [String]
    @Option(help: "Where the sensor was, such as wrist-left; noted in the result.") var site: String?
    @Option(help: "What the patient did; noted in the result.") var task: Task?
    @Option(help: "The unit of the acceleration, where the file does not say: m/s2, g or mg.") var unit:
        AccelerationUnit?
    @Option(help: ArgumentHelp("Samples a second, where the file has no timestamps.", valueName: "Hz")) var sampleRate:
        Double?
    @Option(help: ArgumentHelp("The band searched for tremor, Hz.", valueName: "low,high")) var band: TimeWindow?
    @Option(help: ArgumentHelp("Write spectrum and spectrogram of the (one) recording here.", valueName: "png"))
    var png: String?
    @OptionGroup var result: ResultOptions
    @OptionGroup var write: WriteOptions

    enum Task: String, ExpressibleByArgument, CaseIterable { case rest, postural, kinetic }

    func validate() throws {
        if png != nil && recordings.count != 1 { throw ValidationError("--png is for one recording.") }
        if let sampleRate, !(sampleRate > 0 && sampleRate <= 1e6) {
            throw ValidationError("--sample-rate is positive and at most 1000000 Hz.")
        }
    }

    func execute() throws {
        if let png { try OutputFile.refuseExisting(png, force: write.force) }
        var settings = TremorSettings()
        if let band { settings.bandHz = band.from...band.to }
        let options = RecordingCSV.Options(unit: unit, sampleRateHz: sampleRate)
        var provenance = Provenance(
            command: "tremor",
            parameters: [
                .init("site", JSONValue(site)), .init("task", JSONValue(task?.rawValue)),
                .init("unit", JSONValue(unit?.rawValue)), .init("sample_rate_hz", JSONValue(sampleRate)),
            ] + settings.members)
        let progress = ProgressLine("recordings", of: recordings.count)
        var done: [(path: String, result: TremorResult)] = []
        var failures: [FileProblem] = []
        for path in recordings {
            do throws(FileProblem) {
                let recording = try naming(path) { try RecordingCSV.read(InputFile.readText(path), options: options) }
                done.append((path, try naming(path) { try analyzeTremor(recording, settings: settings) }))
                try naming(path) { try provenance.read(path) }
            } catch {
                if recordings.count == 1 { throw error }
                failures.append(error)
            }
            progress.step()
        }
        if let png, let only = done.first {
            try OutputFile.write(try TremorPicture.png(of: only.result, title: site ?? ""), to: png, force: write.force)
        }
        provenance.warnings =
            done.flatMap { one in one.result.flags.map { "\(one.path): \($0)" } } + failures.map(\.description)
        if result.json {
            let list = JSONValue.array(done.map { .object([.init("path", .string($0.path))] + $0.result.members) })
            Terminal.show(JSONValue.object([.init("recordings", list)] + provenance.members).text)
        } else {
            Terminal.show(Self.table(done))
        }
        Terminal.warn(provenance.warnings)
        if !failures.isEmpty { throw ExitCode(3) }
    }

    private static func table(_ done: [(path: String, result: TremorResult)]) -> String {
        var table = TextTable([
            .text("recording"), .number("Hz"), .number("s"), .number("coverage %"), .number("windows"),
            .number("peak Hz"),
            .number("peak-to-peak cm"), .text("95 %"), .number("tremor time %"),
        ])
        for (path, r) in done {
            table.add([
                path.split(separator: "/").last.map(String.init) ?? path, fixed(r.sampleRateHz, 3),
                fixed(r.durationS, 1),
                fixed(r.coverage * 100, 1), String(r.windows.count), fixed(r.peakFrequencyHz ?? r.spectralPeakHz, 2),
                fixed(r.peakToPeakCm, 3), r.peakToPeakCmCI95.map { "\(fixed($0.low, 3))–\(fixed($0.high, 3))" } ?? "",
                fixed(r.tremorTimePercent, 1),
            ])
        }
        return table.text
    }
}

extension AccelerationUnit: ExpressibleByArgument {}
