import Foundation
import Imaging
import Records
import TestSupport
import Testing

/// Pictures and labels as DICOM, as a user writes them.
@Suite struct ExportCommandTests {
    /// A folder, named after the patient, of ten slices of 64 × 76 voxels that lie on the sample patient's PET.
    private func images(in folder: String) throws {
        let grid = try NIfTI.read("\(SampleScans.folder)/month-12/labels.nii.gz").volume.grid
        let size = grid.voxelSize
        try OutputFile.makeFolder("\(folder)/Doe_Jane")
        for slice in 0..<grid.shape.z {
            let place = grid.worldFromVoxel([0, 0, Double(slice)])
            var file = DICOMFile(z: place.z)
            file.elements[0x0020_0032] = .text("DS", "\(-place.x)\\\(-place.y)\\\(place.z)")
            file.elements[0x0020_0037] = .text("DS", "-1\\0\\0\\0\\-1\\0")
            file.elements[0x0028_0030] = .text("DS", "\(size.y)\\\(size.x)")
            file.elements[0x0028_0010] = .short(UInt16(grid.shape.y))
            file.elements[0x0028_0011] = .short(UInt16(grid.shape.x))
            file.elements[0x0010_0010] = .text("PN", "Doe^Jane")
            file.elements[0x0020_000D] = .text("UI", "1.2.3.4.5")
            file.elements[0x0008_0018] = .text("UI", "1.2.3.\(100 + slice)")
            file.pixels = [Int16](repeating: 1, count: grid.shape.x * grid.shape.y)
            try OutputFile.write(file.bytes, to: "\(folder)/Doe_Jane/\(slice).dcm")
        }
    }

    private let labels = "\(SampleScans.folder)/month-12/labels.nii.gz"
    private let names = "\(SampleScans.folder)/labels_dseg.tsv"

    @Test func labelsBecomeASegmentationThatIsReadBack() throws {
        try withTemporaryFolder { folder in
            try images(in: folder)
            let arguments = ["export", "dicom-seg", labels, "--lut", names, "--like", "Doe_Jane", "--code", "P07"]
            let outcome = try Binary.run(arguments + ["--out", "seg.dcm", "--audit", "audit.jsonl"], in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            #expect(outcome.output.contains("12 segments"))
            let original = try LabelImage.read(labels, names: LabelTable.read(names))
            let back = try LabelImage.read("\(folder)/seg.dcm")
            for (place, label) in original.labels.enumerated() {
                #expect(back.names.name(of: Int32(place + 1)) == original.names.name(of: label))
                #expect(back.voxels.count { $0 == place + 1 } == original.voxels.count { $0 == label })
            }
            for name in ["seg.dcm", "seg.dcm.json", "audit.jsonl"] {
                let text = String(decoding: try InputFile.read("\(folder)/\(name)"), as: Unicode.ASCII.self)
                #expect(!text.contains("Doe"), "\(name)")
            }
            let again = try Binary.run(arguments + ["--out", "seg.dcm"], in: folder)
            #expect(again.status == 73 && again.error.contains("--force"))
        }
    }

    @Test func aPictureBecomesASecondaryCapture() throws {
        try withTemporaryFolder { folder in
            try images(in: folder)
            let drawn = try Binary.run(
                ["overlay", "\(SampleScans.folder)/month-12/pet.nii.gz", "--labels", labels, "--out", "o.png"],
                in: folder)
            #expect(drawn.status == 0, "\(drawn.error)")
            let arguments = ["export", "dicom-sc", "o.png", "--like", "Doe_Jane", "--out", "o.dcm"]
            let neither = try Binary.run(arguments, in: folder)
            #expect(neither.status == 64 && neither.error.contains("Give --code"))
            let outcome = try Binary.run(arguments + ["--code", "P07"], in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            let bytes = try InputFile.read("\(folder)/o.dcm")
            #expect(!String(decoding: bytes, as: Unicode.ASCII.self).contains("Doe"))
            let kept = try Binary.run(arguments + ["--keep-identity", "--force"], in: folder)
            #expect(kept.status == 0, "\(kept.error)")
            let named = String(decoding: try InputFile.read("\(folder)/o.dcm"), as: Unicode.ASCII.self)
            #expect(named.contains("Doe^Jane"))
        }
    }

    @Test(arguments: [
        ("dicom-sc gone.png", Int32(66), "gone.png: there is no such file"), ("dicom-sc a.txt", 65, "a.txt: "),
        ("dicom-seg a.txt", 65, "a.txt: "), ("dicom-seg gone.nii", 66, "gone.nii: there is no such file"),
    ])
    func aWrongInputIsOneSentence(arguments: String, status: Int32, sentence: String) throws {
        try withTemporaryFolder { folder in
            try images(in: folder)
            try OutputFile.write("hello", to: "\(folder)/a.txt")
            let outcome = try Binary.run(
                ["export"] + arguments.split(separator: " ").map(String.init)
                    + ["--like", "Doe_Jane", "--code", "P07", "--out", "x.dcm"], in: folder)
            #expect(outcome.status == status && outcome.error.contains(sentence), "\(outcome.error)")
            #expect(!InputFile.exists("\(folder)/x.dcm"))
        }
    }
}
