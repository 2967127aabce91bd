import ArgumentParser
import Outcomes
import Records
import Review

extension StudyCommand {
    struct Run: Subcommand {
        static let configuration = CommandConfiguration(
            abstract: "A trial's folder: every patient's page, the trial's page, tables; only what changed is computed again.",
            discussion: """
                FOLDER has patients/CODE/patient.json, each as `engraft patient` reads it, and may have a study.json with \
                defaults for all patients, the control arm, test and retest, planned visits and events. A patient that fails \
                is listed and stops nobody else; the exit code is 3 then. An interrupted run is gone on with by the same \
                command.

                Example: engraft phantom trial --patients 4 --out trial
                         engraft study run trial --out results
                """)

        @Argument(help: "The trial's folder.") var folder: String
        @Option(name: .shortAndLong, help: "The folder to write, or to go on with.") var out: String
        @Option(help: "Patients at a time; memory grows with them.") var jobs = 2
        @Flag(help: "Read every input again instead of trusting that a file with unchanged size and times is unchanged.")
        var rehash = false
        @OptionGroup var result: ResultOptions

        func validate() throws {
            guard (1...256).contains(jobs) else { throw ValidationError("--jobs is 1 to 256.") }
        }

        func execute() throws {
            let study = try StudyFolder.read(folder)
            let progress = ProgressLine("patients", of: study.patients.count)
            let run = try StudyRun(study, out: out, jobs: jobs, trustsTimes: !rehash)
            let outcome = try run.run { progress.step($0) }
            let written = try StudyOutput.write(outcome, of: study, to: out)
            Terminal.show(result.json ? written.text : StudySummary.text(of: outcome, study: study, out: out))
            Terminal.warn(outcome.warnings)
            for failure in outcome.failures { Terminal.warn(["\(failure.patient) has no results: \(failure.reason)"]) }
            if !outcome.failures.isEmpty || !outcome.incomplete.isEmpty { throw ExitCode(3) }
        }
    }
}

/// The files of a trial's results beside those of its patients.
enum StudyOutput {
    static func write(_ outcome: StudyRun.Outcome, of study: StudyFolder, to out: String) throws -> JSONValue {
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
        try OutputFile.write(cohort.table.csv, to: "\(out)/study.csv", force: true)
        try OutputFile.write(document.text, to: "\(out)/study.json", force: true)
        return document
    }
}

/// A trial in a few lines for the terminal.
enum StudySummary {
    static func text(of outcome: StudyRun.Outcome, study: StudyFolder, out: String) -> String {
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
