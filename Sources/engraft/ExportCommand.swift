import ArgumentParser
import Ledger
import Records

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Hands results over to other systems: FHIR, DICOM.",
        discussion: """
            docs/exports.md says what is in each file, and what is not.
            """,
        subcommands: [FHIR.self, SecondaryCapture.self, Segmentation.self])

    struct FHIR: Subcommand {
        static let configuration = CommandConfiguration(
            abstract: "A patient's results as a FHIR R4 Bundle of Observations.",
            discussion: """
                PATIENT is the patient.json of a report: uptake per region and its change, MDS-UPDRS part III, tremor. The \
                subject is the study code alone; there are no dates. Measures are coded by urn:engraft:measure.

                Example: engraft export fhir report/patient.json --out bundle.json
                """)

        @Argument(help: "The patient.json that engraft patient wrote.") var patient: String
        @Option(name: .shortAndLong, help: "The Bundle to write.") var out: String
        @OptionGroup var audit: AuditOptions
        @OptionGroup var write: WriteOptions

        func execute() throws {
            try OutputFile.refuseExisting(out, force: write.force)
            try OutputFile.refuseInputs([out], [patient])
            let note = try audit.note()
            let bytes = try InputFile.readText(patient)
            let bundle = try naming(patient) {
                try FHIRBundle(patient: JSONValue(parsing: bytes), sha256: SHA256.hex(bytes))
            }
            try OutputFile.write(bundle.json.text, to: out, force: write.force)
            try note?.write("export fhir", inputs: [patient], outputs: [out])
            Terminal.show("wrote \(out): \(bundle.count) observations")
        }
    }
}
