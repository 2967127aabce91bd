import Imaging
import PET
import Records

/// One file of a sample study: where it goes, and what is in it.
public struct SampleFile: Sendable {
    /// What a file holds.
    public enum Content: Sendable {
        /// Text, UTF-8.
        case text(String)
        /// A JSON document.
        case json(JSONValue)
        /// An image, to be stored as 16-bit numbers; `description` goes into the file's header.
        case image(Volume, description: String)
        /// A label image.
        case labels(LabelMap)
    }

    /// The path inside the folder.
    public let path: String
    /// What it holds.
    public let content: Content
}

/// A made-up patient with two visits, as files.
public struct SamplePatient: Sendable {
    /// The files, in the order in which they are best read.
    public let files: [SampleFile]
    /// What is true of the patient, the content of `truth.json`.
    public let truth: JSONValue
}

/// Makes the patient of `sample-scans`: grafted in both posterior putamina after the first visit, seen again after a year.
///
/// The left graft survives well and its gain is beyond a scan's repeatability; the right one survives poorly and stays
/// within it. Caudate and anterior putamen decline. Tremor of the right arm, which the left putamen serves, falls most.
public func samplePatient(seed: UInt64) -> SamplePatient {
    let visits = SampleVisit.both(seed: seed)
    let scans = petPhantoms(visits.map(\.scanSettings))
    var files: [SampleFile] = [
        SampleFile(path: "patient.json", content: .json(patientDocument(visits))),
        SampleFile(path: "participants.tsv", content: .text(participants)),
        SampleFile(path: "sessions.tsv", content: .text(sessions(visits))),
        SampleFile(path: "labels_dseg.tsv", content: .text(labelTable)),
    ]
    var truths: [JSONValue] = []
    for (visit, scan) in zip(visits, scans) {
        files += [
            SampleFile(
                path: "\(visit.name)/pet.nii.gz",
                content: .image(scan.pet.coarse(), description: "phantom FDOPA-like PET, Bq/mL")),
            SampleFile(path: "\(visit.name)/pet.json", content: .json(scan.sidecar)),
            SampleFile(path: "\(visit.name)/ct.nii.gz", content: .image(scan.ct, description: "phantom CT, HU")),
            SampleFile(path: "\(visit.name)/labels.nii.gz", content: .labels(scan.labels)),
            SampleFile(path: "\(visit.name)/mds_updrs.tsv", content: .text(visit.scores.table)),
        ]
        var recordings: [JSONValue.Member] = []
        for recording in visit.recordings {
            let phantom = tremorPhantom(recording.settings)
            files.append(SampleFile(path: "\(visit.name)/\(recording.file)", content: .text(phantom.csv)))
            recordings.append(.init(recording.file, phantom.truth))
        }
        truths.append([
            "name": .string(visit.name), "pet_ct": scan.truth, "recordings": .object(recordings),
            "mds_updrs_part_3": ["off": .integer(visit.scores.total(.off)), "on": .integer(visit.scores.total(.on))],
        ])
    }
    let truth: JSONValue = [
        "made_by": "engraft phantom patient", "seed": .string(String(seed)), "visits": .array(truths),
    ]
    files.append(SampleFile(path: "truth.json", content: .json(truth)))
    return SamplePatient(files: files, truth: truth)
}

private func patientDocument(_ visits: [SampleVisit]) -> JSONValue {
    [
        "code": "demo-01",
        "visits": .array(
            visits.map { visit in
                [
                    "name": .string(visit.name), "months": .number(visit.months),
                    "pet": .string("\(visit.name)/pet.nii.gz"), "ct": .string("\(visit.name)/ct.nii.gz"),
                    "labels": .string("\(visit.name)/labels.nii.gz"),
                    "recordings": .array(
                        visit.recordings.map { recording in
                            [
                                "path": .string("\(visit.name)/\(recording.file)"), "site": .string(recording.site),
                                "task": .string(recording.task),
                            ]
                        }),
                    "scores": .string("\(visit.name)/mds_updrs.tsv"), "mass_kg": .number(visit.massKg),
                ]
            }),
        "label_names": "labels_dseg.tsv",
        "reference": "occipital", "measure": "sbr", "window_s": [4500, 5400],
        "primary_region": "putamen-posterior", "worse_body_side": "right",
        "wcv": ["value": 0.087, "source": "Vingerhoets 1994"],
        "notes": [
            "Digital phantom, not a person: truth.json states what was put in",
            "Simulated cell grafts in both posterior putamina two weeks after the first visit",
        ],
    ]
}

private let participants = """
    participant_id\tage\tsex\tdiagnosis\tis_phantom
    sub-demo01\t61\tM\tParkinson's disease (simulated)\tyes

    """

private func sessions(_ visits: [SampleVisit]) -> String {
    "session_id\tmonths\tbody_weight\n"
        + visits.map { "ses-\($0.name)\t\(fixed($0.months, decimals: 0))\t\(fixed($0.massKg, decimals: 1))\n" }.joined()
}

/// The names of the regions, as `labels_dseg.tsv` has them.
var labelTable: String {
    let rows = Region.table.entries.sorted { $0.key < $1.key }.map { label, entry -> String in
        let color = entry.color ?? .zero
        func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
        return "\(label)\t\(entry.name)\t#\(hex(color.x))\(hex(color.y))\(hex(color.z))\n"
    }
    return "index\tname\tcolor\n" + rows.joined()
}

extension Volume {
    /// Voxels rounded to 512 steps up to the largest, far below the noise: in 16 bits these compress to two thirds.
    func coarse() -> Volume {
        let step = voxels.reduce(0) { max($0, abs($1)) } / 512
        return Volume(grid: grid, frames: frames, voxels: voxels.map { ($0 / step).rounded() * step })
    }
}
