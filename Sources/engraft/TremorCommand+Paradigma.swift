import Records
import Tremor

extension TremorCommand {
    /// The detector as published, in place of ours.
    func runParadigma(_ recordings: FoundRecordings) throws {
        var provenance = provenance()
        let (reports, failures) = try gather(recordings, &provenance) { path throws(FileProblem) in
            let source = try RecordingFile.open(path, options: reading.options)
            return ParadigmaReport(path: path, result: try naming(path) { try analyzeParadigma(source) })
        }
        let warnings = reports.flatMap { one in one.result.flags.map { "\(one.path): \($0)" } }
        provenance.warnings = warnings + failures.map(\.description)
        if result.json {
            show(reports.map { .object($0.members) }, failures, provenance)
        } else if !reports.isEmpty {
            Terminal.show(ParadigmaReport.table(reports))
        }
        Terminal.warn(warnings)
        try end(failures, of: recordings.count)
    }
}
