import Ledger
import Outcomes
import Records
import Review

/// The files of a trial's results beside those of its patients.
enum StudyOutput {
    /// The trial's own files.
    static let names = ["index.html", "study.json", "study.csv", "study.db"]

    static func write(
        _ outcome: TrialRun.Outcome, of study: StudyFolder, to out: String
    ) throws -> (document: JSONValue, inputs: [String]) {
        let events = try study.eventsByCode()
        let cohort = Cohort(
            of: outcome.patients, in: study, repeatability: outcome.repeatability, events: events)
        var provenance = Provenance(
            command: "study run",
            parameters: [
                .init("control_arm", JSONValue(study.controlArm)),
                .init("wcv", JSONValue(outcome.repeatability?.wCV)),
                .init("wcv_source", JSONValue(outcome.repeatability?.source)),
            ])
        provenance.warnings =
            outcome.warnings + outcome.failures.map { "\($0.patient) has no results: \($0.reason)" }
            + outcome.incomplete.map { "\($0): some inputs could not be analysed" }
        for file in ["study.json", study.events, study.testRetest].compactMap({ $0 })
        where InputFile.exists("\(study.path)/\(file)") {
            try provenance.read("\(study.path)/\(file)")
        }
        for name in study.patients.compactMap({ $0.split(separator: "/").last }) {
            let file = "\(out)/patients/\(name)/patient.json"
            if InputFile.exists(file) { try provenance.read(file) }
        }
        let document = JSONValue.object(
            [
                .init("study", .string(study.name)), .init("patients", .integer(outcome.patients.count)),
                .init(
                    "failures",
                    .array(
                        outcome.failures.map { ["patient": .string($0.patient), "reason": .string($0.reason)] })),
                .init("incomplete", JSONValue(outcome.incomplete)),
                .init("visits", cohort.json),
            ] + provenance.members)
        let page = try CohortPage(of: cohort, warnings: provenance.warnings, provenance: provenance).html()
        try store(outcome, in: "\(out)/study.db", out: out)
        try OutputFile.write(cohort.table.csv, to: "\(out)/study.csv", force: true)
        try OutputFile.write(document.text, to: "\(out)/study.json", force: true)
        try OutputFile.write(page, to: "\(out)/index.html", force: true)
        return (document, provenance.inputs.map(\.path))
    }

    /// Every patient's values in the study's store, together or not at all; those that are there already are not added again.
    private static func store(_ outcome: TrialRun.Outcome, in path: String, out: String) throws {
        var run = Ledger.StudyRun(command: "study run")
        for (name, folder) in outcome.folders {
            let one = try ResultTable.read("\(out)/patients/\(name)/patient.csv", command: run.command)
            run.patients += one.patients.map { StudyPatient(code: $0.code, arm: folder.arm, site: folder.site) }
            run.visits += one.visits
            run.measurements += one.measurements
        }
        _ = try ResultStore(path, for: .adding).record(run)
    }
}

/// A trial in a few lines for the terminal.
enum StudySummary {
    static func text(of outcome: TrialRun.Outcome, study: StudyFolder, out: String) -> String {
        var table = TextTable([
            .text("patient"), .text("visit"), .number("uptake"), .number("change %"), .text("flag"),
            .number("part III OFF"), .text("together"),
        ])
        for (document, _) in outcome.patients {
            for change in document.json["changes"]?.elements ?? [] {
                let row = change["g1_g2"]?.elements?.first {
                    $0["region"]?.string == document.primary && $0["site"]?.string == "bilateral"
                }
                let to = change["to"]?.string ?? ""
                let months = document.json["visits"]?.elements?.first { $0["name"]?.string == to }?["months"]?.double
                let score = document.json["scores"]?.elements?.first {
                    $0["name"]?.string == "part_3" && $0["state"]?.string == "off" && $0["visit"]?.double == months
                }
                table.add([
                    document.code, to, significant(row?["after"]?.double, 4),
                    signed(row?["change_percent"]?.double, 1), row?["flag"]?.string ?? "",
                    score?["value"]?.double.map { fixed($0, 0) } ?? "", change["sentence"]?.string ?? "",
                ])
            }
        }
        let limit =
            outcome.repeatability.map { "wCV \(fixed($0.wCV * 100, 1)) % (\($0.source))" }
            ?? "no repeatability: no flags"
        return table.text
            + "\n\(outcome.patients.count) patients: \(outcome.computed) computed, \(outcome.kept) unchanged, \(outcome.failures.count) failed; \(limit)\n"
            + "wrote \(out)/study.json, study.csv and patients/"
    }
}
