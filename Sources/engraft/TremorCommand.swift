import ArgumentParser
import Records
import Review
import Tremor

struct TremorCommand: RecordingSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "tremor",
        abstract: "Tremor of wearable recordings: frequency, displacement in cm, time with tremor.",
        discussion: """
            Reads a recording of any wearable, or all of a folder: Axivity, GENEActiv, ActiGraph, TSDF, WFDB, Motion-BIDS, \
            phones' JSON, and text with any columns. The true sampling rate, gaps, clipping, times not worn and the \
            sensor's calibration are found from the samples. Amplitude is the displacement of the sensor, peak to peak \
            along the tremor's axis while tremor is on, with a 95 % interval; a gyroscope adds the angle and takes \
            gravity out. All of it is sensor-derived, not a rating.

            Example: engraft tremor wrist.cwa --site wrist-left --task rest --png tremor.png
            """)

    enum Method: String, ExpressibleByArgument, CaseIterable { case spectral, paradigma }

    @Argument(help: "Recordings, or folders of them.") var recordings: [String]
    @OptionGroup(title: "Tremor") var tremor: TremorOptionGroup
    @Option(help: "The detector: spectral, or paradigma as published, which needs a gyroscope.") var method: Method =
        .spectral
    @Option(
        help: ArgumentHelp(
            "A BIDS events.tsv, or a table like it, of what the patient did when: measures per task, too. A Motion-BIDS "
                + "recording's own is used where it is there; none leaves it out.", valueName: "file"))
    var events: String?
    @Option(help: ArgumentHelp("An earlier recording that amplitudes are compared with.", valueName: "file"))
    var baseline: String?
    @ArgumentParser.Flag(
        help: "Stability and entropy of long recordings, too; of up to two hours they are always given.") var details =
        false
    @OptionGroup(title: "Reading") var reading: RecordingOptionGroup
    @Option(
        help: ArgumentHelp(
            "Write a picture of the (one) recording here: result, spectrogram, spectrum, days.", valueName: "png"))
    var png: String?
    @Option(
        help: ArgumentHelp(
            "Write the (one) recording's mean spectrum with its interval as a table here.", valueName: "csv"))
    var spectrum: String?
    @Option(help: ArgumentHelp("Write the (one) recording's windows as a table here.", valueName: "csv")) var windows:
        String?
    @Option(help: ArgumentHelp("Write the (one) recording's bouts as a table here.", valueName: "csv")) var bouts:
        String?
    @OptionGroup var result: ResultOptions
    @OptionGroup var write: WriteOptions

    /// Longer recordings are only read a third time where that is asked for, s.
    private static let longS = 7200.0

    func validate() throws {
        let tables = [("--spectrum", spectrum), ("--windows", windows), ("--bouts", bouts)]
        for (name, path) in [("--png", png)] + tables where path != nil {
            if recordings.count != 1 { throw ValidationError("\(name) is for one recording.") }
            if method == .paradigma { throw ValidationError("\(name) is not for --method paradigma.") }
        }
        try Self.checkNames(picture: png, tables: tables)
        if events != nil, events != "none" {
            if recordings.count != 1 { throw ValidationError("--events is for one recording.") }
            if method == .paradigma { throw ValidationError("--events is not for --method paradigma.") }
            if tremor.task != nil {
                throw ValidationError("--task is for a recording of one task; with --events the table names the tasks.")
            }
        }
        if method == .paradigma, tremor.band != nil || tremor.noCalibration || tremor.lever != 25 {
            throw ValidationError("--band, --lever and --no-calibration are not for --method paradigma.")
        }
        if let site = tremor.site, !RatingItem.isSite(site) {
            throw ValidationError(
                "--site names no part of the body that is known: \"\(site)\". Known are wrist, hand, forearm, arm, ankle, leg, chin, "
                    + "trunk and the like, with left or right.")
        }
        if method == .paradigma, baseline != nil { throw ValidationError("--baseline is not for --method paradigma.") }
    }

    func execute() throws {
        let outputs = [png, spectrum, windows, bouts].compactMap { $0 }
        let found = try Self.find(recordings)
        Terminal.warn(found.notes)
        if eventsPath != nil, found.count != 1 {
            throw ValidationError("--events is for one recording; there are \(found.count) in this folder.")
        }
        if let first = outputs.first, found.count > 1 {
            throw ValidationError("\(first) is for one recording; there are \(found.count) in \(recordings[0]).")
        }
        let others = [baseline, eventsPath].compactMap { $0 }
        try Self.check(outputs, inputs: found.paths + others, force: write.force)
        switch method {
        case .spectral: try runSpectral(found)
        case .paradigma: try runParadigma(found)
        }
    }

    /// The table of events that was asked for.
    private var eventsPath: String? { events == "none" ? nil : events }

    func provenance() -> Provenance {
        Provenance(
            command: "tremor",
            parameters: [
                .init("site", JSONValue(tremor.site)), .init("method", .string(method.rawValue)),
                .init("law", .string(tremor.law)), .init("baseline", JSONValue(baseline)),
                .init("events", JSONValue(events)),
            ] + reading.parameters + tremor.settings.members)
    }

    // MARK: - Spectral

    private func runSpectral(_ recordings: FoundRecordings) throws {
        var provenance = provenance()
        var before: TremorBaseline?
        if let baseline {
            try provenance.read(baseline)
            before = TremorBaseline(result: try report(baseline, hasTasks: false).result, input: provenance.inputs[0])
        }
        let (found, failures) = try gather(recordings, &provenance) { path throws(FileProblem) in
            var found = try report(path)
            try before?.compare(&found, isAlone: recordings.count == 1)
            return found
        }
        // The worst last, where the eye rests when a long table has scrolled by.
        let reports = found.sorted { ($0.result.peakToPeakCm ?? 0, $0.path) < ($1.result.peakToPeakCm ?? 0, $1.path) }
        for table in reports.compactMap(\.events) { try naming(table.path) { try provenance.read(table.path) } }
        let warnings = reports.flatMap { one in one.warnings.map { "\(one.path): \($0)" } }
        provenance.warnings = warnings + failures.map(\.description)
        if let only = reports.first { try writeOutputs(only, provenance) }
        if result.json {
            show(reports.map { .object($0.members) }, failures, provenance)
        } else if !reports.isEmpty {
            let details = reports.count == 1 ? reports[0].lines.map { $0 + "\n" }.joined() : ""
            Terminal.show(TremorReport.table(reports) + details + taskTable(reports) + Engraft.researchUse + "\n")
        }
        Terminal.warn(warnings)
        try end(failures, of: recordings.count)
        // What was asked for and is not there is no success.
        if events != nil, reports.contains(where: { $0.tasks.contains { $0.found.result == nil } }) {
            throw ExitCode(3)
        }
    }

    private func taskTable(_ reports: [TremorReport]) -> String {
        let rows = reports.flatMap { report in
            report.tasks.map { (recording: reports.count > 1 ? report.name : nil, task: $0) }
        }
        return rows.isEmpty ? "" : "\n" + TaskReport.table(rows)
    }

    /// The table of events that goes with a recording; `nil` for none.
    private func table(_ path: String, _ source: any RecordingSource, _ notes: inout [String]) throws(FileProblem)
        -> EventsTable?
    {
        if let eventsPath { return try EventsTable(eventsPath, for: source) }
        return events == nil && tremor.task == nil ? EventsTable(beside: path, for: source, &notes) : nil
    }

    private func report(_ path: String, hasTasks: Bool = true) throws(FileProblem) -> TremorReport {
        let source = try RecordingFile.open(path, options: reading.options)
        let progress = ShareLine(path.split(separator: "/").last.map(String.init) ?? path)
        var notes: [String] = []
        let table = hasTasks ? try table(path, source, &notes) : nil
        let (result, tasks) = try naming(path) {
            try analyzeTremor(source, plan: table?.plan, settings: tremor.settings, progress: progress.show)
        }
        if let table, !table.isBeside, tasks.allSatisfy({ $0.result == nil }) {
            let reasons = tasks.flatMap(\.notes).map { "\n  \($0)" }.joined()
            throw FileProblem(table.path, .badData, "no task can be measured in \(path)\(reasons)")
        }
        progress.finish()
        let details =
            details || result.durationS <= Self.longS
            ? try naming(path) { try tremorDetails(of: source, result: result) } : nil
        var report = TremorReport(
            path: path, result: result, details: details,
            rating: result.rating(site: tremor.site, law: tremor.chosenLaw))
        // Rest is what the events say it is; the tasks have its constancy.
        if table != nil { report.rating?.constancy = nil }
        report.tasks = tasks.map {
            TaskReport(found: $0, rating: $0.rating(site: tremor.site, law: tremor.chosenLaw))
        }
        report.events = table
        report.notes = notes + (table.map { table in table.plan.notes.map { "\(table.path): \($0)" } } ?? [])
        return report
    }

    private func writeOutputs(_ report: TremorReport, _ provenance: Provenance) throws {
        let tasks = report.events == nil ? nil : report.tasks.map(\.found)
        let result = report.result
        try writeFiles(
            [
                (png, { try TremorPicture.png(of: result, file: report.name, site: tremor.site) }),
                (spectrum, { Array(TremorTables.spectrum(of: result).utf8) }),
                (windows, { Array((tasks.map(TremorTables.windows) ?? TremorTables.windows(of: result)).utf8) }),
                (bouts, { Array((tasks.map(TremorTables.bouts) ?? TremorTables.bouts(of: result)).utf8) }),
            ], beside: [.init("recordings", .array([.object(report.members)]))] + provenance.members)
    }
}
