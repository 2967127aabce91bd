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
        let outputs = [("--png", png), ("--spectrum", spectrum), ("--windows", windows), ("--bouts", bouts)].filter {
            $0.1 != nil
        }
        for (name, _) in outputs {
            if recordings.count != 1 { throw ValidationError("\(name) is for one recording.") }
            if method == .paradigma { throw ValidationError("\(name) is not for --method paradigma.") }
        }
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
        var notes: [String] = []
        let paths = try recordings.flatMap { try Self.files($0, &notes) }
        Terminal.warn(notes)
        if eventsPath != nil, paths.count != 1 {
            throw ValidationError("--events is for one recording; there are \(paths.count) in this folder.")
        }
        if let first = outputs.first, paths.count > 1 {
            throw ValidationError("\(first) is for one recording; there are \(paths.count) in \(recordings[0]).")
        }
        let others = [baseline, eventsPath].compactMap { $0 }
        try Self.check(outputs, inputs: paths + others, force: write.force)
        switch method {
        case .spectral: try runSpectral(paths)
        case .paradigma: try runParadigma(paths)
        }
    }

    /// The table of events that was asked for.
    private var eventsPath: String? { events == "none" ? nil : events }

    private func provenance() -> Provenance {
        Provenance(
            command: "tremor",
            parameters: [
                .init("site", JSONValue(tremor.site)), .init("method", .string(method.rawValue)),
                .init("law", .string(tremor.law)), .init("baseline", JSONValue(baseline)),
                .init("events", JSONValue(events)),
            ] + reading.parameters + tremor.settings.members)
    }

    // MARK: - Spectral

    private func runSpectral(_ paths: [String]) throws {
        var provenance = provenance()
        let before = try baseline.map { path in
            try provenance.read(path)
            return try report(path, hasTasks: false).result
        }
        let (found, failures) = try gather(paths, &provenance) { path throws(FileProblem) in try report(path) }
        var reports = found
        for place in reports.indices where before != nil {
            reports[place].hasBaseline = true
            reports[place].change = change(from: before, to: reports[place].result)
        }
        // The worst last, where the eye rests when a long table has scrolled by.
        reports.sort { ($0.result.peakToPeakCm ?? 0, $0.path) < ($1.result.peakToPeakCm ?? 0, $1.path) }
        for table in reports.compactMap(\.events) { try naming(table.path) { try provenance.read(table.path) } }
        let warnings = reports.flatMap { one in one.warnings.map { "\(one.path): \($0)" } }
        provenance.warnings = warnings + failures.map(\.description)
        if let only = reports.first { try writeFiles(only, provenance) }
        if result.json {
            show(reports.map { .object($0.members) }, failures, provenance)
        } else if !reports.isEmpty {
            let details = reports.count == 1 ? reports[0].lines.map { $0 + "\n" }.joined() : ""
            Terminal.show(TremorReport.table(reports) + details + taskTable(reports) + Engraft.researchUse + "\n")
        }
        Terminal.warn(warnings)
        try end(failures, of: paths.count)
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

    private func change(from before: TremorResult?, to after: TremorResult) -> AmplitudeChange? {
        guard let before, let a = Self.amplitude(before), let b = Self.amplitude(after) else { return nil }
        return AmplitudeChange(from: a, to: b)
    }

    private static func amplitude(_ result: TremorResult) -> UncertainValue? {
        result.peakToPeakCm.flatMap { size in
            UncertainValue(size, ci95: result.peakToPeakCmCI95 ?? (size, size))
        }
    }

    private func writeFiles(_ report: TremorReport, _ provenance: Provenance) throws {
        var batch = OutputBatch(force: write.force)
        let document = JSONValue.object(
            [.init("recordings", .array([.object(report.members)]))] + provenance.members
        ).text
        if let png {
            let picture = try TremorPicture.png(
                of: report.result, file: report.path.split(separator: "/").last.map(String.init) ?? report.path,
                site: tremor.site)
            try batch.write(png) { try OutputFile.write(picture, to: $0, force: true) }
        }
        let tasks = report.events == nil ? nil : report.tasks.map(\.found)
        for (path, text) in [
            (spectrum, { TremorTables.spectrum(of: report.result) }),
            (windows, { tasks.map(TremorTables.windows) ?? TremorTables.windows(of: report.result) }),
            (bouts, { tasks.map(TremorTables.bouts) ?? TremorTables.bouts(of: report.result) }),
        ] {
            if let path { try batch.write(path) { try OutputFile.write(text(), to: $0, force: true) } }
        }
        for path in Self.sidecars(of: [png, spectrum, windows, bouts].compactMap { $0 }) {
            try batch.write(path) { try OutputFile.write(document, to: $0, force: true) }
        }
        try batch.commit()
    }

    // MARK: - ParaDigMa

    private func runParadigma(_ paths: [String]) throws {
        var provenance = provenance()
        let (reports, failures) = try gather(paths, &provenance) { path throws(FileProblem) in
            let source = try RecordingFile.open(path, options: reading.options)
            return ParadigmaReport(path: path, result: try naming(path) { try analyzeParadigma(source) })
        }
        provenance.warnings =
            reports.flatMap { one in one.result.flags.map { "\(one.path): \($0)" } } + failures.map(\.description)
        if result.json {
            show(reports.map { .object($0.members) }, failures, provenance)
        } else if !reports.isEmpty {
            Terminal.show(ParadigmaReport.table(reports))
        }
        Terminal.warn(reports.flatMap { one in one.result.flags.map { "\(one.path): \($0)" } })
        try end(failures, of: paths.count)
    }
}
