import Foundation
import Imaging
import Records
import Testing
import TestSupport

/// A wrong file in each place: one clear sentence, the right exit code, and no output file.
@Suite struct WrongInputTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var arguments: [String]
        var status: Int32
        var sentence: String
        var testDescription: String { arguments.joined(separator: " ") }

        init(_ arguments: String, _ status: Int32, _ sentence: String) {
            self.arguments = arguments.split(separator: " ").map(String.init)
            (self.status, self.sentence) = (status, sentence)
        }
    }

    /// Files that the cases name, in a folder of their own.
    static func fill(_ folder: String) throws {
        let grid = try VoxelGrid(shape: [4, 4, 4], worldFromVoxel: Affine(scale: [2, 2, 2]))
        let image = Volume(grid: grid, voxels: (0..<64).map { Float($0) })
        try NIfTI.write(image, to: "\(folder)/pet.nii.gz")
        try NIfTI.write(
            Volume(grid: grid, frames: 2, voxels: Array(repeating: 1, count: 128)), to: "\(folder)/two.nii.gz")
        try NIfTI.write(
            LabelMap(grid: grid, voxels: (0..<64).map { Int32($0 / 32 + 1) }), to: "\(folder)/labels.nii.gz")
        let far = try VoxelGrid(shape: [4, 4, 4], worldFromVoxel: Affine(scale: [2, 2, 2], translation: [500, 0, 0]))
        try NIfTI.write(LabelMap(grid: far, voxels: Array(repeating: 1, count: 64)), to: "\(folder)/far.nii.gz")
        try OutputFile.write(NIfTI.encode(image).prefix(400), to: "\(folder)/cut.nii")
        try OutputFile.write("", to: "\(folder)/empty.nii")
        try OutputFile.write("", to: "\(folder)/empty.csv")
        try OutputFile.write("<html>not found</html>", to: "\(folder)/page.nii.gz")
        try OutputFile.write("some text", to: "\(folder)/notes.txt")
        try OutputFile.write("not a table of labels\n", to: "\(folder)/lut.txt")
        try OutputFile.write("time,heart_rate\n0,60\n", to: "\(folder)/heart.csv")
        try OutputFile.write("t,x,y,z\n0,0.01,0,0\n0.01,0.01,0,0\n", to: "\(folder)/unit.csv")
        try OutputFile.write("{\"code\": 1}", to: "\(folder)/two.json")
        try OutputFile.makeFolder("\(folder)/bare")
        try OutputFile.makeFolder("\(folder)/patient")
        try OutputFile.write(
            "{\"code\": \"p\", \"measure\": \"sur\", \"visits\": []}", to: "\(folder)/patient/patient.json")
    }

    @Test(arguments: [
        Case("info gone.nii", 66, "gone.nii: there is no such file or folder"),
        Case("info empty.nii", 65, "empty.nii: the file ends at byte 0; byte 348 was expected"),
        Case("info cut.nii", 65, "cut.nii: the file ends at byte 400; byte 608 was expected"),
        Case("info page.nii.gz", 65, "page.nii.gz: the file name says gzip, but the content is not gzip"),
        Case("info notes.txt", 65, "notes.txt: this is no image of a format that is read"),
        Case("info bare", 65, "bare: there is no DICOM image in this folder"),
        Case("info pet.nii.gz --probe 9,0,0", 65, "pet.nii.gz: voxel [9, 0, 0] is outside the image"),
        Case("convert gone.nii out.nii.gz", 66, "gone.nii: there is no such file or folder"),
        Case("convert pet.nii.gz out.nii.gz --suv bw", 65, "pet.nii.gz: no SUV"),
        Case("resample pet.nii.gz out.nii.gz --like gone.nii", 66, "gone.nii: there is no such file or folder"),
        Case("smooth cut.nii out.nii --fwhm 6", 65, "cut.nii: the file ends at byte 400"),
        Case("overlay pet.nii.gz --ct gone.nii --out out.png", 66, "gone.nii: there is no such file or folder"),
        Case("uptake pet.nii.gz --labels gone.nii --out out.tsv", 66, "gone.nii: there is no such file"),
        Case("uptake pet.nii.gz --labels far.nii.gz --out out.tsv", 65, "pet.nii.gz: no label lies on the image"),
        Case("uptake pet.nii.gz --labels labels.nii.gz --lut lut.txt --out out.tsv", 65, "lut.txt: "),
        Case(
            "uptake pet.nii.gz --labels labels.nii.gz --reference pons --out out.tsv", 65,
            "no reference region pons; the regions are 1, 2"),
        Case("uptake two.nii.gz --labels labels.nii.gz --out out.tsv", 65, "two.nii.gz: the image has no frame times"),
        Case(
            "uptake pet.nii.gz --labels labels.nii.gz --window 0,60 --out out.tsv", 65,
            "pet.nii.gz: the image has no frame times"),
        Case("tacs two.nii.gz --labels labels.nii.gz --out out.tsv", 65, "two.nii.gz: the image has no frame times"),
        Case("tremor gone.csv --png out.png", 66, "gone.csv: there is no such file"),
        Case("tremor empty.csv --png out.png", 65, "empty.csv: the file has no samples"),
        Case("tremor heart.csv --png out.png", 65, "heart.csv: no three axes of acceleration were found"),
        Case("tremor unit.csv --png out.png", 65, "unit.csv: the unit of the acceleration is not said"),
        Case("patient gone --out out", 66, "gone: there is no such folder"),
        Case("patient bare --out out", 66, "bare/patient.json: there is no such file"),
        Case("patient patient --out out", 65, "patient/patient.json: reference is missing"),
        Case("convert pet.nii.gz labels.nii.gz", 73, "labels.nii.gz: the file exists already; --force overwrites it"),
        Case("convert pet.nii.gz nowhere/out.nii.gz", 73, "nowhere/out.nii.gz: No such file or directory"),
    ])
    func oneSentenceTheRightCodeAndNothingWritten(wrong: Case) throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let before = try InputFile.list(folder)
            let outcome = try Binary.run(wrong.arguments, in: folder)
            #expect(outcome.status == wrong.status, "\(outcome)")
            #expect(outcome.output.isEmpty)
            #expect(outcome.error.hasPrefix("engraft: ") && outcome.error.contains(wrong.sentence), "\(outcome.error)")
            #expect(outcome.complaints.filter { !$0.hasPrefix("  ") }.count == 1, "\(outcome.error)")
            #expect(try InputFile.list(folder) == before)
        }
    }

    @Test func allProblemsOfAPatientAreSaidAtOnce() throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let outcome = try Binary.run(["patient", "patient", "--out", "out"], in: folder)
            #expect(outcome.error.contains("measure is \"sur\"") && outcome.error.contains("visits is empty"))
        }
    }

    @Test func oneBadRecordingOfTwoIsDoneInPart() throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let good = "\(SampleScans.folder)/month-00/wrist-right_postural.csv"
            let outcome = try Binary.run(["tremor", good, "heart.csv", "--json"], in: folder)
            #expect(outcome.status == 3)
            #expect(try JSONValue(parsing: Array(outcome.output.utf8))["recordings"]?.elements?.count == 1)
            #expect(outcome.error.contains("heart.csv: no three axes"))
        }
    }

    /// One that fails alone ends with its own code; of several, all failed is still 3, with each reason.
    @Test(arguments: [["tremor"], ["movement", "--sign", "freezing"]])
    func foldersWithoutARecordingAndRecordingsThatFailHaveTheirCodes(command: [String]) throws {
        try withTemporaryFolder { folder in
            for name in ["empty", "one", "two"] { try OutputFile.makeFolder("\(folder)/\(name)") }
            for name in ["one/a.csv", "two/a.csv", "two/b.csv"] {
                try OutputFile.write("nothing\n", to: "\(folder)/\(name)")
            }
            for (paths, status, lines) in [
                (["empty"], 66, 1), (["gone.csv"], 66, 1), (["one"], 65, 1), (["two"], 3, 3),
                (["empty", "one"], 3, 3), (["empty", "gone.csv"], 3, 3),
            ] {
                let outcome = try Binary.run(command + paths, in: folder)
                #expect(outcome.status == Int32(status) && outcome.output.isEmpty, "\(paths) \(outcome)")
                #expect(outcome.complaints.count == lines, "\(paths) \(outcome.error)")
            }
        }
    }
}
