import ArgumentParser
import Outcomes
import Records

extension StudyCommand {
    struct Run: Subcommand {
        static let configuration = CommandConfiguration(
            abstract:
                "A trial's folder: every patient's page, the trial's page, tables; only what changed is computed again.",
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
        @Flag(
            help: "Read every input again instead of trusting that a file with unchanged size and times is unchanged.")
        var rehash = false
        @OptionGroup var audit: AuditOptions
        @OptionGroup var result: ResultOptions

        func validate() throws {
            guard (1...256).contains(jobs) else { throw ValidationError("--jobs is 1 to 256.") }
        }

        func execute() throws {
            let note = try audit.note()
            let study = try StudyFolder.read(folder)
            let progress = ProgressLine("patients", of: study.patients.count)
            let run = try TrialRun(study, out: out, jobs: jobs, trustsTimes: !rehash)
            let outcome = try run.run { progress.step($0) }
            let written = try StudyOutput.write(outcome, of: study, to: out)
            try note?.write(
                "study run", inputs: written.inputs, outputs: StudyOutput.names.map { "\(out)/\($0)" })
            Terminal.show(result.json ? written.document.text : StudySummary.text(of: outcome, study: study, out: out))
            Terminal.warn(outcome.warnings)
            for failure in outcome.failures { Terminal.warn(["\(failure.patient) has no results: \(failure.reason)"]) }
            if !outcome.failures.isEmpty || !outcome.incomplete.isEmpty { throw ExitCode(3) }
        }
    }
}
