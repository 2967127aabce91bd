import Foundation
import Imaging
import Records
import TestSupport
import Testing

/// What `convert` leaves behind, and what it must not.
@Suite struct ConvertTests {
    /// Everything that names a person, a place, a device or a day, one distinct text in each element.
    static let secrets: [(tag: UInt32, kind: String, text: String)] = [
        (0x0002_0016, "AE", "SECRETAE"), (0x0008_0012, "DA", "20310203"), (0x0008_0018, "UI", "1.2.840.777.18"),
        (0x0008_0020, "DA", "20310204"), (0x0008_0023, "DA", "20310205"), (0x0008_0050, "SH", "SECRET0050"),
        (0x0008_0080, "LO", "SECRET0080"), (0x0008_0081, "ST", "SECRET0081"), (0x0008_0090, "PN", "SECRET^0090"),
        (0x0008_0092, "ST", "SECRET0092"), (0x0008_1010, "SH", "SECRET1010"), (0x0008_1030, "LO", "SECRET1030"),
        (0x0008_103E, "LO", "SECRET103E"), (0x0008_1040, "LO", "SECRET1040"), (0x0008_1048, "PN", "SECRET^1048"),
        (0x0008_1050, "PN", "SECRET^1050"), (0x0008_1060, "PN", "SECRET^1060"), (0x0008_1070, "PN", "SECRET^1070"),
        (0x0008_1080, "LO", "SECRET1080"), (0x0008_2111, "ST", "SECRET2111"), (0x0008_4000, "LT", "SECRET84000"),
        (0x0009_0010, "LO", "SECRET CREATOR"), (0x0009_1001, "LO", "SECRETPRIVATE"), (0x0010_0010, "PN", "SECRET^NAME"),
        (0x0010_0020, "LO", "SECRETID"), (0x0010_0021, "LO", "SECRETISSUER"), (0x0010_0030, "DA", "19470809"),
        (0x0010_0032, "TM", "031415"), (0x0010_1000, "LO", "SECRETOTHERID"), (0x0010_1001, "PN", "SECRET^OTHER"),
        (0x0010_1005, "PN", "SECRET^BIRTHNAME"), (0x0010_1040, "LO", "SECRETSTREET"),
        (0x0010_1060, "PN", "SECRET^MOTHER"), (0x0010_2154, "SH", "SECRETPHONE"), (0x0010_2160, "SH", "SECRETETHNIC"),
        (0x0010_2180, "SH", "SECRETJOB"), (0x0010_21B0, "LT", "SECRETHISTORY"), (0x0010_4000, "LT", "SECRET104000"),
        (0x0018_1000, "LO", "SECRETSERIAL"), (0x0018_1030, "LO", "SECRETPROTOCOL"), (0x0018_1200, "DA", "20310206"),
        (0x0020_000D, "UI", "1.2.840.777.13"), (0x0020_000E, "UI", "1.2.840.777.14"), (0x0020_0010, "SH", "SECRET2010"),
        (0x0020_0052, "UI", "1.2.840.777.52"), (0x0020_4000, "LT", "SECRET204000"), (0x0029_0010, "LO", "SECRET CSA"),
        (0x0029_1010, "LO", "SECRETCSADATA"), (0x0032_1032, "PN", "SECRET^1032"), (0x0032_1060, "LO", "SECRET1060B"),
        (0x0040_0006, "PN", "SECRET^0006"), (0x0040_0253, "SH", "SECRET0253"), (0x0040_0254, "LO", "SECRET0254"),
        (0x0040_1001, "SH", "SECRET1001"), (0x0040_A123, "PN", "SECRET^A123"), (0x0040_A730, "LO", "SECRETA730"),
    ]

    /// A scan of 3 March 2031 with every secret, in a folder that is named after the patient.
    static func secretScan(in folder: String, modality: String = "PT") throws -> String {
        let path = "\(folder)/SECRET_FOLDER_19470809"
        try OutputFile.makeFolder(path)
        for n in 0..<2 {
            var file = DICOMFile(z: Double(4 * n), modality: modality)
            for secret in secrets where secret.tag >> 16 != 2 {
                file.elements[secret.tag] = .text(secret.kind, secret.text)
            }
            for day: UInt32 in [0x0008_0021, 0x0008_0022] { file.elements[day] = .text("DA", "20310303") }
            try OutputFile.write(file.bytes, to: "\(path)/SECRET^FILE\(n)")
        }
        // A damaged neighbour: its name would come with a warning.
        try OutputFile.write([UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + [1], to: "\(path)/SECRET^BROKEN")
        return path
    }

    @Test(arguments: [
        ["--suv", "bw"], ["--suv", "lbm-james128"], [], ["--series", "1.2.840.777.14"], ["--series", "1"],
    ])
    func nothingOfThePatientIsWritten(options: [String]) throws {
        try withTemporaryFolder { folder in
            let scan = try ConvertTests.secretScan(in: folder)
            let outcome = try Binary.run(["convert", scan, "\(folder)/out.nii"] + options)
            #expect(outcome.status == 0, "\(outcome.error)")
            let words = ConvertTests.secrets.map(\.text) + ["SECRET", "20310303", "2031", "1947", "1.2.840"]
            for name in ["out.nii", "out.json"] {
                let text = String(decoding: try InputFile.read("\(folder)/\(name)"), as: UTF8.self)
                for word in words { #expect(!text.contains(word), "\(name) has \(word)") }
                // The date in other spellings.
                for word in ["03/03/2031", "2031-03-03"] { #expect(!text.contains(word)) }
            }
        }
    }

    @Test func aCTIsWrittenWithoutThePatientToo() throws {
        try withTemporaryFolder { folder in
            let scan = try ConvertTests.secretScan(in: folder, modality: "CT")
            let outcome = try Binary.run(["convert", scan, "\(folder)/ct.nii"])
            #expect(outcome.status == 0 && !outcome.error.contains("PET-BIDS"), "\(outcome.error)")
            let text = String(decoding: try InputFile.read("\(folder)/ct.json"), as: UTF8.self)
            let sidecar = try JSONValue(parsing: Array(text.utf8))
            #expect(sidecar["Modality"]?.string == "CT" && sidecar["Units"]?.string == "HU")
            #expect(!text.contains("SECRET") && !text.contains("2031") && !text.contains("1.2.840"))
        }
    }

    /// What BIDS requires and the headers lack is said to people and programs alike.
    @Test func missingFieldsAreListedOnceInEachPlace() throws {
        try withTemporaryFolder { folder in
            let scan = try ConvertTests.secretScan(in: folder)
            let outcome = try Binary.run(["convert", scan, "\(folder)/out.nii.gz", "--suv", "bw"])
            let lines = outcome.complaints.filter { $0.contains("PET-BIDS requires") }
            let sidecar = try JSONValue(parsing: InputFile.read("\(folder)/out.json"))
            let missing = sidecar["engraft"]?["missing_bids_fields"]?.elements?.compactMap(\.string) ?? []
            #expect(lines.count == 1 && missing.contains("ModeOfAdministration") && missing.contains("InjectedMass"))
            for field in missing { #expect(lines[0].contains(field) && sidecar[field] == nil) }
            #expect(sidecar["Units"]?.string == "g/mL" && sidecar["SUVType"]?.string == "BW")
            #expect(sidecar["TimeZero"]?.string == "10:00:00" && sidecar["FrameTimesStart"]?.doubles == [3600])
            let scaled = sidecar["engraft"]?["scaled"]
            // Golden/suv.py of PETTests, "plain".
            #expect(abs((scaled?["factor"]?.double ?? .nan) / 0.00027777812496068244 - 1) < 1e-12)
            #expect(scaled?["from_units"]?.string == "BQML" && scaled?["rule"]?.string?.isEmpty == false)
        }
    }

    /// Sidecars of the folders above are inputs too, each with its hash.
    @Test func inheritedSidecarsAreNamedAmongTheInputs() throws {
        try withTemporaryFolder { folder in
            try OutputFile.makeFolder("\(folder)/sub-01")
            try OutputFile.write("{}", to: "\(folder)/dataset_description.json")
            try OutputFile.write("{\"TracerName\": \"FDOPA\", \"Units\": \"kBq/mL\"}", to: "\(folder)/pet.json")
            try OutputFile.write("{\"ModeOfAdministration\": \"bolus\"}", to: "\(folder)/sub-01/sub-01_pet.json")
            let grid = try VoxelGrid(shape: [2, 1, 1], worldFromVoxel: .identity)
            try NIfTI.write(Volume(grid: grid, frames: 1, repeating: 3), to: "\(folder)/sub-01/sub-01_pet.nii")
            for command in [
                ["convert", "sub-01/sub-01_pet.nii", "out.nii"], ["info", "sub-01/sub-01_pet.nii", "--json"],
            ] {
                let outcome = try Binary.run(command, in: folder)
                #expect(outcome.status == 0, "\(outcome.error)")
                let text = command[0] == "info" ? Array(outcome.output.utf8) : try InputFile.read("\(folder)/out.json")
                let document = try JSONValue(parsing: text)
                let inputs = (document["engraft"] ?? document)["inputs"]?.elements ?? []
                #expect(
                    inputs.map { $0["path"]?.string } == [
                        "sub-01/sub-01_pet.nii", "pet.json", "sub-01/sub-01_pet.json",
                    ])
                #expect(inputs.allSatisfy { $0["sha256"]?.string?.count == 64 })
            }
            let sidecar = try JSONValue(parsing: InputFile.read("\(folder)/out.json"))
            #expect(sidecar["ModeOfAdministration"]?.string == "bolus" && sidecar["Units"]?.string == "Bq/mL")
            #expect(try NIfTI.read("\(folder)/out.nii").volume.voxels == [3000, 3000])
        }
    }
}
