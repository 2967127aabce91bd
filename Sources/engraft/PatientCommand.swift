import ArgumentParser
import Outcomes
import PET
import Records
import Review

struct PatientCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "patient",
        abstract: "One patient's page: uptake and change per region, overlays, tremor, scores.",
        discussion: """
            FOLDER has a patient.json that names each visit's PET, CT, labels, recordings and scores, and how they are to be \
            measured; sample-scans is an example. Writes into --out: a page that needs nothing else (index.html), the same \
            sheet as page.png, the pictures, patient.json with every number and its error, and patient.csv.

            With --blinded a reader gets the images and each scan's uptake as "scan A", "scan B" … in an order that time does \
            not give: no code, visit names, arm, dates, scores or changes. Which scan is which stands in the --key file only.

            Example: engraft patient sample-scans --out report
            """)

    @Argument(help: "The patient's folder.") var folder: String
    @Option(name: .shortAndLong, help: "The folder to write.") var out: String
    @ArgumentParser.Flag(help: "Write a page for a reader who must not know which scan is which.")
    var blinded = false
    @Option(help: ArgumentHelp("With --blinded: the JSON file that says which scan is which.", valueName: "file"))
    var key: String?
    @OptionGroup var result: ResultOptions
    @OptionGroup var write: WriteOptions

    func validate() throws {
        guard blinded == (key != nil) else { throw ValidationError("--blinded and --key belong together.") }
        guard !(blinded && result.json) else { throw ValidationError("--json would say what --blinded hides.") }
    }

    func execute() throws {
        if let key { return try BlindedOutput.write(folder, to: out, key: key, force: write.force) }
        let written = try PatientOutput.write(folder, to: out, force: write.force)
        if result.json {
            Terminal.show(written.document.text)
        } else {
            Terminal.show(PatientSummary.text(of: written.assessment))
            Terminal.show("wrote \(out)/index.html")
        }
        Terminal.warn(written.assessment.warnings)
        if !written.assessment.isComplete { throw ExitCode(3) }
    }
}

/// The files of a patient's report.
enum PatientOutput {
    static func write(
        _ folder: String, to out: String, force: Bool
    ) throws -> (assessment: PatientAssessment, document: JSONValue) {
        let plan = try PatientFolder.read(folder)
        if InputFile.exists("\(out)/index.html") { try OutputFile.refuseExisting("\(out)/index.html", force: force) }
        let progress = ProgressLine("visits", of: plan.visits.count)
        var hashes = FileHashes()
        let inputs = try plan.inputs().map { Provenance.Input(path: $0, sha256: try hashes.hex(ofFile: $0)) }
        return try write(plan, inputs: inputs, to: out, force: force) { progress.step($0) }
    }

    /// The report of a patient whose inputs are hashed already.
    static func write(
        _ plan: PatientFolder, inputs: [Provenance.Input], to out: String, force: Bool,
        progress: (String) -> Void = { _ in }
    ) throws -> (assessment: PatientAssessment, document: JSONValue) {
        let assessment = try PatientAssessment(of: plan, progress: progress)
        var provenance = Provenance(command: "patient")
        provenance.inputs = inputs
        provenance.warnings = assessment.warnings
        let report = try PatientReport(of: assessment, provenance: provenance)
        let document = JSONValue.object(assessment.members + provenance.members)
        let page = try report.page.html()
        try OutputFile.makeFolder(out)
        for picture in report.pictures { try OutputFile.write(picture.png, to: "\(out)/\(picture.name)", force: force) }
        try OutputFile.write(assessment.table.csv, to: "\(out)/patient.csv", force: force)
        try OutputFile.write(document.text, to: "\(out)/patient.json", force: force)
        try OutputFile.write(page, to: "\(out)/index.html", force: force)
        return (assessment, document)
    }
}

/// A patient in a few lines for the terminal.
enum PatientSummary {
    static func text(of patient: PatientAssessment) -> String {
        var lines = "\(patient.folder.code): \(patient.visits.map(\.plan.name).joined(separator: ", "))\n"
        for (panel, visit) in zip(patient.panels, patient.visits.dropFirst()) {
            var table = TextTable([
                .text("\(panel.kind.label) to \(visit.plan.name)"), .text("side"), .number("before"),
                .number("after"), .number("change %"), .text("flag"),
            ])
            for row in panel.rows {
                table.add([
                    row.part.rawValue, row.site.rawValue, fixed(row.before, 3), fixed(row.after, 3),
                    signed(row.change?.percent, 1), row.change?.flag?.rawValue ?? "",
                ])
            }
            lines += table.text
        }
        var tremor = TextTable([
            .text("tremor"), .text("sensor"), .text("task"), .number("Hz"), .number("peak-to-peak cm"),
            .number("time %"),
        ])
        var hasTremor = false
        for visit in patient.visits {
            for recording in visit.recordings {
                hasTremor = true
                tremor.add([
                    visit.plan.name, recording.file.site, recording.file.task,
                    fixed(recording.result?.peakFrequencyHz, 2),
                    fixed(recording.result?.peakToPeakCm, 2), fixed(recording.result?.tremorTimePercent, 0),
                ])
            }
        }
        return lines + (hasTremor ? "\n" + tremor.text : "")
    }
}
