import ArgumentParser
import Outcomes
import Records

struct Demo: Subcommand {
    static let configuration = CommandConfiguration(
        abstract: "A first look: a sample patient through everything, expected beside measured.",
        discussion: """
            Takes the patient in sample-scans (made anew where the folder is not here) through uptake, change, overlays, tremor \
            and the page, and prints what the phantom's truth says beside what was measured.

            Example: engraft demo
            """)

    @Option(help: "The sample patient; made into OUT where there is none.") var samples: String = "sample-scans"
    @Option(name: .shortAndLong, help: "The folder to write.") var out: String = "engraft-demo"
    @OptionGroup var write: WriteOptions

    func execute() throws {
        var folder = samples
        if !InputFile.exists("\(folder)/patient.json") {
            folder = "\(out)/sample-scans"
            try SamplePatientFolder.write(to: folder, seed: SamplePatientFolder.seed, force: write.force)
        }
        let written = try PatientOutput.write(folder, to: out, force: write.force)
        let truth = try JSONValue(parsing: InputFile.read("\(folder)/truth.json"))
        let rows = written.assessment.compared(with: truth)
        var table = TextTable([
            .text("patient \(written.assessment.folder.code)"), .number("expected"), .number("measured"), .text("unit"),
            .text(""),
        ])
        for row in rows {
            table.add([
                row.name, fixed(row.expected, 3), fixed(row.measured, 3), row.unit, row.agrees ? "ok" : "DIFFERS",
            ])
        }
        Terminal.show(table.text)
        Terminal.show(PatientSummary.text(of: written.assessment))
        let agreeing = rows.filter(\.agrees).count
        Terminal.show("\(agreeing) of \(rows.count) measures agree with the truth of the phantom.")
        Terminal.show("The page: \(out)/index.html")
        if agreeing < rows.count || rows.isEmpty { throw ExitCode(3) }
    }
}
