import Foundation
import Records
import TestSupport
import Testing

/// A folder of several DICOM series, as an archive hands it out.
@Suite struct SeriesTests {
    /// A PET of two slices, a CT of three and a set of structures, each in a folder of its own.
    static func withArchive<R>(_ modalities: [String] = ["PT", "CT", "RTSTRUCT"], _ body: (String) throws -> R) throws
        -> R
    {
        try withTemporaryFolder { folder in
            for (n, modality) in modalities.enumerated() {
                try OutputFile.makeFolder("\(folder)/\(modality)")
                for k in 0..<(modality == "CT" ? 3 : 2) {
                    var file = DICOMFile(z: Double(4 * k), modality: modality, uid: "1.2.3.\(n)")
                    file.elements[0x0020_0011] = .text("IS", "\(n + 1)")
                    try OutputFile.write(file.bytes, to: "\(folder)/\(modality)/\(k).dcm")
                }
            }
            return try body(folder)
        }
    }

    @Test func infoListsThemAndANumberOrUIDPicks() throws {
        try Self.withArchive { folder in
            let list = try JSONValue(parsing: Array(Binary.run(["info", folder, "--json"]).output.utf8))
            let series = try #require(list["series"]?.elements)
            #expect(series.map { $0["modality"]?.string } == ["PT", "CT", "RTSTRUCT"])
            #expect(series.map { $0["images"]?.double } == [2, 3, 2])
            #expect(series.map { $0["folder"]?.string } == ["PT", "CT", "RTSTRUCT"])
            for choice in ["2", "1.2.3.1"] {
                let arguments = ["info", folder, "--json", "--series", choice]
                let one = try JSONValue(parsing: Array(Binary.run(arguments).output.utf8))
                #expect(one["shape"]?.doubles == [4, 3, 3, 1] && one["units"]?.string == "HU")
            }
        }
    }

    @Test func aCommandThatNeedsOneSaysWhichThereAre() throws {
        try Self.withArchive { folder in
            let outcome = try Binary.run(["convert", folder, "\(folder)/out.nii.gz"])
            #expect(outcome.status == 65 && !InputFile.exists("\(folder)/out.nii.gz"))
            #expect(outcome.error.contains("1: PT, 2 images") && outcome.error.contains("2: CT, 3 images"))
            let wrong = try Binary.run(["info", folder, "--series", "9"])
            #expect(wrong.status == 65 && wrong.error.contains("there is no series 9"))
        }
    }

    @Test func theOnlySeriesOfImagesIsMeant() throws {
        try Self.withArchive(["PT", "RTSTRUCT"]) { folder in
            let one = try JSONValue(parsing: Array(Binary.run(["info", folder, "--json"]).output.utf8))
            #expect(one["shape"]?.doubles == [4, 3, 2, 1] && one["pet"]?["weight_kg"]?.double == 70)
        }
    }

    /// Folders and files are often named after the patient: no warning carries their paths into the sidecar.
    @Test func noPathOfAPatientReachesTheSidecar() throws {
        try withTemporaryFolder { folder in
            let scan = "\(folder)/DOE JOHN 1960"
            try OutputFile.makeFolder(scan)
            for z in [0.0, 4, 12, 16] {
                try OutputFile.write(DICOMFile(z: z).bytes, to: "\(scan)/DOE JOHN \(Int(z)).dcm")
            }
            try OutputFile.write("no image", to: "\(scan)/DOE JOHN bad.dcm")
            let outcome = try Binary.run(["convert", scan, "\(folder)/out.nii.gz", "--allow-gaps"])
            #expect(outcome.status == 0, "\(outcome.error)")
            let sidecar = try String(contentsOfFile: "\(folder)/out.json", encoding: .utf8)
            #expect(sidecar.contains("was left out") && sidecar.contains("1 slice is missing"))
            #expect(!sidecar.contains("DOE") && !sidecar.contains("JOHN") && !sidecar.contains("1960"))
        }
    }

    @Test func aMissingSliceNeedsTheWord() throws {
        try withTemporaryFolder { folder in
            for z in [0.0, 4, 12, 16] {
                try OutputFile.write(DICOMFile(z: z, modality: "CT").bytes, to: "\(folder)/\(Int(z)).dcm")
            }
            let refused = try Binary.run(["info", folder])
            #expect(refused.status == 65 && refused.error.contains("1 slice is missing"))
            let read = try JSONValue(
                parsing: Array(Binary.run(["info", folder, "--json", "--allow-gaps"]).output.utf8))
            #expect(read["shape"]?.doubles == [4, 3, 5, 1])
            #expect(read["warnings"]?.elements?.contains { $0.string?.contains("--allow-gaps") == true } == true)
        }
    }
}
