import ArgumentParser
import Outcomes
import Records
import Review

/// The files of a blinded reading: the page and its pictures in one folder, the key in another place.
enum BlindedOutput {
    static func write(_ folder: String, to out: String, key: String, force: Bool) throws {
        let plan = try PatientFolder.read(folder)
        for name in ["patient.json", "patient.csv"] where InputFile.exists("\(out)/\(name)") {
            throw FileProblem(
                "\(out)/\(name)", .cannotWrite, "it says which scan is which; a blinded page needs a folder of its own")
        }
        if key.hasPrefix(out.hasSuffix("/") ? out : "\(out)/") {
            throw FileProblem(key, .cannotWrite, "the key does not belong into the folder that readers get")
        }
        try OutputFile.refuseExisting(key, force: force)
        if InputFile.exists("\(out)/index.html") { try OutputFile.refuseExisting("\(out)/index.html", force: force) }
        let progress = ProgressLine("visits", of: plan.visits.count)
        let assessment = try PatientAssessment(of: plan) { progress.step($0) }
        var provenance = Provenance(command: "patient")
        try provenance.read("\(folder)/patient.json")
        let hashes = try plan.visits.map { try SHA256.hex(ofFile: plan.file($0.pet)) }
        for file in plan.files { try provenance.read(plan.file(file)) }
        provenance.warnings = assessment.warnings
        let blinded = BlindedPatient(assessment, hashes: hashes)
        let report = try PatientReport(of: blinded)
        let page = try report.page.html()
        let document = JSONValue.object(
            [
                .init("code", .string(plan.code)),
                .init(
                    "scans",
                    .array(
                        blinded.key.map {
                            ["scan": .string($0.scan), "visit": .string($0.visit), "pet_sha256": .string($0.sha256)]
                        })),
            ] + provenance.members)
        try OutputFile.makeFolder(out)
        for picture in report.pictures { try OutputFile.write(picture.png, to: "\(out)/\(picture.name)", force: force) }
        try OutputFile.write(document.text, to: key, force: force)
        try OutputFile.write(page, to: "\(out)/index.html", force: force)
        Terminal.show("wrote \(out)/index.html, and \(key) for those who may know")
    }
}
