import Glibc
import Imaging
import Ledger
import Outcomes
import PET
import Records

/// The scans of patients' folders, written so that they tell nothing but what is read.
struct BlindScans {
    private let scans: [(folder: PatientFolder, visit: PatientFolder.Visit)]
    /// The scans as a key has them, in the folders' order.
    let entries: [BlindKey.Entry]

    init(_ folders: [PatientFolder]) throws {
        scans = folders.flatMap { folder in folder.visits.map { (folder, $0) } }
        var seen: Set<[String]> = []
        entries = try scans.map { scan in
            guard seen.insert([scan.folder.code, scan.visit.name]).inserted else {
                throw FileProblem(
                    scan.folder.path, .badData, "the visit \(scan.visit.name) of \(scan.folder.code) is there twice")
            }
            let pet = scan.folder.file(scan.visit.pet)
            var provenance = Provenance(command: "")
            try provenance.read(pet)
            return BlindKey.Entry(
                code: scan.folder.code, visit: scan.visit.name, months: scan.visit.months,
                sha256: provenance.inputs[0].sha256)
        }
    }

    /// The patients' folders in a folder: itself, those of a trial's folder, or those right below it.
    static func plans(in folder: String) throws -> [PatientFolder] {
        if InputFile.exists("\(folder)/patient.json") { return [try PatientFolder.read(folder)] }
        if InputFile.isFolder("\(folder)/patients") {
            let study = try StudyFolder.read(folder)
            return try study.patients.map { try PatientFolder.read($0, defaults: study.defaults) }
        }
        guard InputFile.isFolder(folder) else { return [try PatientFolder.read(folder)] }
        let found = try InputFile.list(folder).filter { InputFile.exists("\(folder)/\($0)/patient.json") }
        guard !found.isEmpty else {
            throw FileProblem(folder, .noInput, "there is no patient.json in it, nor in a folder right below")
        }
        return try found.map { try PatientFolder.read("\(folder)/\($0)") }
    }

    /// Writes one scan into a folder named by its code; the names of the files, relative to `out`.
    func write(_ entry: BlindKey.Entry, to out: String, ct: Bool, labels: Bool) throws -> [String] {
        guard let scan = scans.first(where: { $0.folder.code == entry.code && $0.visit.name == entry.visit }) else {
            preconditionFailure("the key is of these scans")
        }
        let place = "\(out)/\(entry.read)"
        try OutputFile.makeFolder(place)
        var image = try ImageFile.read(scan.folder.file(scan.visit.pet))
        if let mass = scan.visit.massKg, image.acquisition?.massKg == nil { image = image.withMass(mass) }
        try NIfTI.write(
            image.volume, to: "\(place)/pet.nii.gz", frameDurationS: image.frames.first?.duration ?? 0)
        try OutputFile.write(JSONValue.object(Self.kept(image.sidecarMembers())).text, to: "\(place)/pet.json")
        var names = ["pet.nii.gz", "pet.json"]
        if ct, let path = scan.visit.ct {
            try NIfTI.write(ImageFile.read(scan.folder.file(path)).volume, to: "\(place)/ct.nii.gz", storage: .int16)
            names.append("ct.nii.gz")
        }
        if labels {
            try NIfTI.write(LabelImage.read(scan.folder.file(scan.visit.labels)), to: "\(place)/labels.nii.gz")
            names.append("labels.nii.gz")
        }
        return names.map { "\(entry.read)/\($0)" }
    }

    /// What of a PET sidecar quantification needs. The time of day becomes midnight: all other times count from it.
    private static func kept(_ members: [JSONValue.Member]) -> [JSONValue.Member] {
        let needed = [
            "Modality", "Units", "TracerName", "TracerRadionuclide", "RadionuclideHalfLife", "InjectedRadioactivity",
            "InjectedRadioactivityUnits", "BodyWeight", "BodyHeight", "PatientSex", "SUVType", "TimeZero", "ScanStart",
            "InjectionStart", "FrameTimesStart", "FrameDuration", "ImageDecayCorrected", "ImageDecayCorrectionTime",
            "DecayCorrectionFactor",
        ]
        return members.filter { needed.contains($0.key) }.map {
            $0.key == "TimeZero" ? .init("TimeZero", "00:00:00") : $0
        }
    }

    /// A table for a reader to fill in, in the order of reading.
    static func form(_ key: BlindKey) -> String {
        DelimitedTable(
            columns: ["code", "reader", "value", "class"], rows: key.entries.map { [$0.read, "", "", ""] }
        ).csv
    }

    /// Whether a file lies in a folder or below it, by their names; neither need be there.
    static func isBelow(_ file: String, _ folder: String) -> Bool {
        func parts(_ path: String) -> [Substring] {
            var whole = path
            if !path.hasPrefix("/"), let here = getcwd(nil, 0) {
                whole = String(cString: here) + "/" + path
                free(here)
            }
            return whole.split(separator: "/").reduce(into: []) { parts, part in
                if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(part) }
            }
        }
        return parts(file).starts(with: parts(folder))
    }

    /// Lets only its owner read a file.
    static func keepPrivate(_ path: String) { chmod(path, 0o600) }
}
