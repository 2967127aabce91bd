import Foundation
import Imaging
import Records
import Testing
import TestSupport

/// `engraft pvc` as it is called.
@Suite struct PvcTests {
    /// A block of 4 in 1, and a second frame of twice that; not blurred.
    static func fill(_ folder: String) throws {
        let grid = try VoxelGrid(shape: [20, 18, 16], worldFromVoxel: Affine(scale: [2, 2, 2]))
        let inside = (0..<grid.count).map { (voxel: Int) -> Bool in
            let (i, j, k) = (voxel % 20, voxel / 20 % 18, voxel / 360)
            return (6..<14).contains(i) && (5..<12).contains(j) && (5..<11).contains(k)
        }
        let frame = inside.map { $0 ? Float(4) : 1 }
        try NIfTI.write(
            Volume(grid: grid, frames: 2, voxels: frame + frame.map { $0 * 2 }).smoothed(fwhm: [6, 6, 6]),
            to: "\(folder)/pet.nii.gz")
        try OutputFile.write(
            #"{"Units": "kBq/mL", "FrameTimesStart": [0, 60], "FrameDuration": [60, 120]}"#, to: "\(folder)/pet.json")
        try NIfTI.write(LabelMap(grid: grid, voxels: inside.map { $0 ? 12 : 0 }), to: "\(folder)/labels.nii.gz")
        try OutputFile.write("index\tname\n12\tputamen\n", to: "\(folder)/dseg.tsv")
        try NIfTI.write(Volume(grid: grid, voxels: inside.map { $0 ? 1 : 0 }), to: "\(folder)/maps.nii.gz")
        var broken = Volume(grid: grid, repeating: 1)
        broken[3, 3, 3] = .nan
        try NIfTI.write(broken, to: "\(folder)/nan.nii.gz")
        let far = try VoxelGrid(shape: [4, 4, 4], worldFromVoxel: Affine(scale: [2, 2, 2], translation: [500, 0, 0]))
        try NIfTI.write(LabelMap(grid: far, voxels: Array(repeating: 1, count: 64)), to: "\(folder)/far.nii.gz")
    }

    @Test func everythingInOneCall() throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let outcome = try Binary.run(
                [
                    "pvc", "pet.nii.gz", "--labels", "labels.nii.gz", "--lut", "dseg.tsv", "--fwhm", "4.5", "--fwhm",
                    "3.968627", "--method", "rbv", "--out", "corrected.nii.gz", "--tacs-out", "tacs.tsv", "--json",
                ], in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            let document = try JSONValue(parsing: Array(outcome.output.utf8))
            #expect(document["method"]?.string == "rbv" && document["command"]?.string == "pvc")
            #expect(abs(try #require(document["fwhm_mm"]?[0]?.double) - 6) < 1e-6)
            let putamen = try #require(document["regions"]?[0])
            #expect(putamen["name"]?.string == "putamen" && putamen["index"]?.int == 12)
            // The blur is `smooth`'s, the correction's has taps of its own: Float32 and 1e-6 of tail.
            let corrected = try #require(putamen["corrected"]?.doubles)
            #expect(abs(corrected[0] - 4) < 4e-5 && abs(corrected[1] - 8) < 8e-5)
            #expect(try #require(putamen["uncorrected"]?.doubles)[0] < 3.2)
            #expect(try #require(putamen["noise_amplification"]?.double) > 1)
            #expect(try #require(document["condition_number"]?.double) > 1)
            let image = try NIfTI.read("\(folder)/corrected.nii.gz").volume
            #expect(image.frames == 2 && abs(image[9, 8, 8] - 4) < 1e-3 && abs(image[0, 0, 0, frame: 1] - 2) < 1e-3)
            let sidecar = try JSONValue(parsing: InputFile.read("\(folder)/corrected.json"))
            #expect(sidecar["Units"]?.string == "kBq/mL" && sidecar["FrameDuration"]?.doubles == [60, 120])
            #expect(sidecar["engraft"]?["parameters"]?["fwhm_mm"]?[0]?[0]?.double == 4.5)
            #expect(sidecar["engraft"]?["inputs"]?.elements?.count == 4)
            let table = String(decoding: try InputFile.read("\(folder)/tacs.tsv"), as: UTF8.self)
            #expect(table.hasPrefix("frame_start\tframe_end\tputamen\n0\t60\t"))
            #expect(try JSONValue(parsing: InputFile.read("\(folder)/tacs.json"))["Units"]?.string == "Bq/mL")

            let again = try Binary.run(
                [
                    "pvc", "pet.nii.gz", "--labels", "labels.nii.gz", "--fwhm", "6", "--method", "rbv", "--out",
                    "corrected.nii.gz",
                ], in: folder)
            #expect(again.status == 73 && again.error.contains("corrected.nii.gz: the file exists already"))
        }
    }

    @Test func probabilitiesGiveTheSameTable() throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let labels = try Binary.run(["pvc", "pet.nii.gz", "--labels", "labels.nii.gz", "--fwhm", "6"], in: folder)
            let maps = try Binary.run(
                ["pvc", "pet.nii.gz", "--probabilities", "maps.nii.gz", "--fwhm", "6"], in: folder)
            #expect(labels.status == 0 && labels.output.hasPrefix("gtm, FWHM 6.00 × 6.00 × 6.00 mm, condition number"))
            func numbers(_ text: String) -> [Substring] {
                text.split(separator: "\n").dropFirst(2).flatMap { $0.split(separator: " ").dropFirst() }
            }
            #expect(numbers(labels.output) == numbers(maps.output) && !numbers(maps.output).isEmpty)
        }
    }

    /// The same bytes on one core and on all.
    @Test func oneCoreGivesTheSameBits() throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            var images: [[UInt8]] = []
            for (name, prefix) in [("one", ["taskset", "-c", "0"]), ("all", [])] {
                let process = Process()
                process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
                process.arguments =
                    prefix + [
                        Binary.path, "pvc", "pet.nii.gz", "--labels", "labels.nii.gz", "--fwhm", "6", "--method",
                        "iy+vc",
                        "--out", "\(name).nii",
                    ]
                process.currentDirectoryURL = URL(fileURLWithPath: folder)
                (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
                try process.run()
                process.waitUntilExit()
                #expect(process.terminationStatus == 0)
                images.append(try InputFile.read("\(folder)/\(name).nii"))
            }
            #expect(images[0] == images[1])
        }
    }

    @Test(arguments: [
        ("pvc gone.nii --labels labels.nii.gz --fwhm 6", Int32(66), "gone.nii: there is no such file or folder"),
        ("pvc pet.nii.gz --labels gone.nii --fwhm 6", 66, "gone.nii: there is no such file"),
        ("pvc pet.nii.gz --labels far.nii.gz --fwhm 6", 65, "far.nii.gz: no region lies on the image"),
        ("pvc nan.nii.gz --labels labels.nii.gz --fwhm 6", 65, "nan.nii.gz: 1 voxels of frame 0 are not a number"),
        ("pvc pet.nii.gz --probabilities nan.nii.gz --fwhm 6", 65, "nan.nii.gz: region 1 has 1 probabilities"),
        (
            "pvc pet.nii.gz --labels labels.nii.gz --fwhm 6 --method mg", 65,
            "labels.nii.gz: no region is known as white"
        ),
        (
            "pvc pet.nii.gz --labels labels.nii.gz --fwhm 6 --method mg --white wm", 65,
            "labels.nii.gz: there is no region wm"
        ),
        (
            "pvc maps.nii.gz --labels labels.nii.gz --fwhm 6 --tacs-out t.tsv", 65,
            "maps.nii.gz: the image has no frame times"
        ),
        ("pvc pet.nii.gz --labels labels.nii.gz --fwhm 6 --tacs-out dseg.tsv", 73, "dseg.tsv: the file exists already"),
    ])
    func aWrongInputIsNamed(arguments: String, status: Int32, sentence: String) throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let before = try InputFile.list(folder)
            let outcome = try Binary.run(arguments.split(separator: " ").map(String.init), in: folder)
            #expect(outcome.status == status && outcome.output.isEmpty, "\(outcome)")
            #expect(outcome.error.hasPrefix("engraft: ") && outcome.error.contains(sentence), "\(outcome.error)")
            #expect(try InputFile.list(folder) == before)
        }
    }

    /// What cannot be done is told before the work; not even --force overwrites an input.
    @Test(arguments: [
        ("--method rbv --out x.nii.gz --tacs-out x.tsv", Int32(64), "x.json would be written twice"),
        ("--method rbv --out x.nii --tacs-out ./x.nii", 64, "x.nii would be written twice"),
        ("--method rbv --out x.mgz", 64, "ends in .nii or .nii.gz"),
        ("--out x.nii", 64, "corrects regions and has no image"),
        ("--iterations 5", 64, "--iterations does not apply to --method gtm"),
        ("--method rbv --silent CSF", 64, "--silent belongs to mg"),
        ("--white-activity 1", 64, "--white-activity belongs to mg"),
        ("--white wm", 64, "--white belongs to mg"),
        ("--fwhm -4", 64, "--fwhm is more than 0"),
        ("--method rbv -f --out pet.nii.gz", 73, "pet.nii.gz: this is an input; it is not overwritten"),
        ("--method rbv -f --out pet.nii", 73, "pet.json: this is an input"),
        ("--method rbv -f --out ./link.nii.gz", 73, "link.nii.gz: this is an input"),
        ("--method rbv -f --out labels.nii.gz", 73, "labels.nii.gz: this is an input"),
        ("--tacs-out nowhere/t.tsv", 73, "nowhere/t.tsv: there is no folder nowhere"),
    ])
    func whatCannotBeDoneIsToldFirst(arguments: String, status: Int32, sentence: String) throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/link.nii.gz", withDestinationPath: "pet.nii.gz")
            let before = try InputFile.list(folder).map { "\($0) \(SHA256.hex(try InputFile.read("\(folder)/\($0)")))" }
            let outcome = try Binary.run(
                "pvc pet.nii.gz --labels labels.nii.gz --fwhm 6 \(arguments)".split(separator: " ").map(String.init),
                in: folder)
            #expect(outcome.status == status && outcome.output.isEmpty, "\(outcome)")
            #expect(outcome.error.contains(sentence), "\(outcome.error)")
            #expect(
                try InputFile.list(folder).map { "\($0) \(SHA256.hex(try InputFile.read("\(folder)/\($0)")))" }
                    == before)
        }
    }

    /// The misfit is of all methods with the regions' equations, the noise of those it is right for.
    @Test(arguments: [("gtm", true, true), ("rbv", true, true), ("mtc", true, false), ("iy", false, false)])
    func whatIsNotKnownIsNull(method: String, hasMisfit: Bool, hasNoise: Bool) throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let outcome = try Binary.run(
                ["pvc", "pet.nii.gz", "--labels", "labels.nii.gz", "--fwhm", "6", "--json", "--method", method],
                in: folder)
            let document = try JSONValue(parsing: Array(outcome.output.utf8))
            #expect((document["model_misfit"]?.double != nil) == hasMisfit)
            #expect((document["regions"]?[0]?["noise_amplification"]?.double != nil) == hasNoise)
            #expect(document["warnings"]?.elements?.isEmpty == true, "\(outcome.output)")
        }
    }
}
