import Foundation
import Imaging
import Records
import Testing
import TestSupport

/// `engraft parametric` as a user calls it.
@Suite struct ParametricTests {
    /// A dynamic image of three regions, its labels and its times: the middle one is the reference.
    static func fill(_ folder: String) throws {
        let grid = try VoxelGrid(shape: [12, 6, 4], worldFromVoxel: Affine(scale: [2, 2, 2]))
        let (count, frames) = (grid.count, 12)
        var voxels: [Float] = []
        for frame in 0..<frames {
            let t = 5 * Double(frame) + 2.5
            let reference = 100 * t / (3 + t) * (1 - t / 130)
            for place in 0..<count {
                let region = place % 12 / 4
                voxels.append(Float(reference * (1 + [0.015 * t, 0, 0.03 * t][region])))
            }
        }
        let pet = Volume(grid: grid, frames: frames, voxels: voxels)
        try NIfTI.write(pet, to: "\(folder)/pet.nii.gz")
        try NIfTI.write(pet.frame(0), to: "\(folder)/one.nii.gz")
        try NIfTI.write(
            LabelMap(grid: grid, voxels: (0..<count).map { Int32($0 % 12 / 4 + 1) }), to: "\(folder)/labels.nii.gz")
        try OutputFile.write("index\tname\n1\tleft\n2\tpons\n3\tright\n", to: "\(folder)/dseg.tsv")
        let times = (0..<frames).map { String(300 * $0) }.joined(separator: ", ")
        let durations = [String](repeating: "300", count: frames).joined(separator: ", ")
        try OutputFile.write(
            "{\"FrameTimesStart\": [\(times)], \"FrameDuration\": [\(durations)], \"Units\": \"Bq/mL\"}",
            to: "\(folder)/pet.json")
    }

    static let patlak =
        "parametric pet.nii.gz --model ref-patlak --labels labels.nii.gz --lut dseg.tsv --reference pons"

    static func run(_ line: String, _ folder: String) throws -> Binary.Outcome {
        try Binary.run(line.split(separator: " ").map(String.init), in: folder)
    }

    @Test func mapsAndFailureMapAreWrittenWithTheirSidecars() throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let outcome = try Self.run(Self.patlak + " --t-star 20 --out sub --json", folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            #expect(
                try InputFile.list(folder).filter { $0.hasPrefix("sub") } == [
                    "sub_model-RefPatlak_desc-failure_dseg.json", "sub_model-RefPatlak_desc-failure_dseg.nii.gz",
                    "sub_model-RefPatlak_meas-Kiref_mimap.json", "sub_model-RefPatlak_meas-Kiref_mimap.nii.gz",
                    "sub_model-RefPatlak_meas-intercept_mimap.json",
                    "sub_model-RefPatlak_meas-intercept_mimap.nii.gz",
                ])
            let document = try JSONValue(parsing: Array(outcome.output.utf8))
            for key in [
                "version", "command", "inputs", "warnings", "parameters", "maps", "failures", "mask", "reference",
            ] {
                #expect(document[key] != nil, "\(key)")
            }
            #expect(document["frames_used"]?.doubles == [4, 5, 6, 7, 8, 9, 10, 11])
            #expect(document["inputs"]?.elements?.count == 4)
            let sidecar = try JSONValue(parsing: InputFile.read("\(folder)/sub_model-RefPatlak_meas-Kiref_mimap.json"))
            #expect(sidecar["ModelName"]?.string == "RefPatlak" && sidecar["ReferenceRegion"]?.string == "pons")
            #expect(sidecar["Units"]?.string == "1/min" && sidecar["SoftwareName"]?.string == "Engraft")
            #expect(sidecar["inputs"]?[0]?["sha256"]?.string?.count == 64)
            #expect(sidecar["FailureCodes"]?.elements?.count == 10)
            let map = try NIfTI.read("\(folder)/sub_model-RefPatlak_meas-Kiref_mimap.nii.gz").volume
            // The reference is straight against itself: 0 in its voxels; the others rise, the right twice as fast.
            #expect(abs(map[5, 2, 1]) < 1e-6 && map[1, 2, 1] > 0.005)
            #expect(abs(map[9, 2, 1] / map[1, 2, 1] - 2) < 1e-4)
        }
    }

    @Test(arguments: [
        ("srtm", ["BPND", "R1", "k2"]), ("mrtm", ["BPND", "R1"]), ("mrtm2 --k2-prime 0.1", ["BPND", "R1"]),
        ("srtm2 --k2-prime 0.1 --parameters BP_ND", ["BPND"]), ("ref-logan --t-star 20", ["BPND"]),
        ("suvr --window 1800,3600", ["SUVR"]), ("mean --window 1800,3600 --smooth 4", ["mean"]),
        ("ref-logan --t-star 20 --hypr 4 --parameters DVR,intercept", ["DVR", "intercept"]),
    ])
    func everyModelWritesItsMaps(model: String, measures: [String]) throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let outcome = try Self.run(
                "parametric pet.nii.gz --out m "
                    + (model.hasPrefix("mean") ? "" : "--labels labels.nii.gz --lut dseg.tsv --reference pons ")
                    + "--model \(model)", folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            let written = try InputFile.list(folder).filter { $0.hasSuffix("mimap.nii.gz") }
            #expect(Set(written.map { $0.split(separator: "_")[2] }) == Set(measures.map { "meas-\($0)" }))
            #expect(outcome.output.contains("what became of each voxel"))
        }
    }

    @Test(arguments: [
        ("parametric gone.nii --model mean --out m", 66, "gone.nii: there is no such file"),
        (
            "parametric one.nii.gz --model srtm --labels gone.nii --reference a --out m", 66,
            "gone.nii: there is no such file"
        ),
        ("parametric one.nii.gz --model srtm --labels labels.nii.gz --reference 1 --out m", 65, "no frame times"),
        (
            "parametric pet.nii.gz --model srtm --labels labels.nii.gz --reference x --out m", 65,
            "no reference region x"
        ),
        (patlak + " --t-star 50 --out m", 65, "2 frames can be used from 3000 s on; 3 are needed"),
        ("parametric pet.nii.gz --model mean --mask one.nii.gz --out nowhere/m", 73, "nowhere/m_model-Mean"),
        ("parametric pet.nii.gz --model mean --mask gone.nii --out m", 66, "gone.nii: there is no such file"),
        ("parametric pet.nii.gz --model patlak --t-star 20 --out m", 64, "needs --blood"),
        (patlak + " --out m", 64, "needs --t-star or --window"),
        ("parametric pet.nii.gz --model srtm --out m", 64, "needs --reference, and --labels or"),
        ("parametric pet.nii.gz --model mean --parameters BP_ND --out m", 64, "has no map BP_ND; it has mean"),
        (patlak + " --t-star 20 --out m --overlay nowhere/m.png", 73, "nowhere/m.png"),
        ("parametric pet.nii.gz --model mean --mask pet.nii.gz --out m", 65, "a mask has one frame, but this has 12"),
        (patlak + " --t-star 20 --out m --parameters ,", 64, "names maps, each once"),
        (patlak + " --t-star 20 --out m --parameters intercept,intercept", 64, "names maps, each once"),
        (patlak + " --t-star 20 --out m --k2-prime 0.1 --rates 0.01,1,32", 64, "takes no --k2-prime and no --rates"),
        (patlak + " --t-star 20 --out m --overlay m.nii", 64, "--overlay ends in .png"),
        (
            "parametric pet.nii.gz --model suvr --labels labels.nii.gz --reference 2 --out m", 64,
            "needs --window or --t-star"
        ),
        (
            "parametric pet.nii.gz --model mean --labels labels.nii.gz --reference 2 --out m", 64,
            "takes no reference region"
        ),
        (patlak + " --t-star 20 --smooth 4 --hypr 4 --out m", 64, "Give either --smooth or --hypr."),
    ])
    func oneSentenceTheRightCodeAndNothingWritten(line: String, status: Int32, part: String) throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let before = try InputFile.list(folder)
            let outcome = try Self.run(line, folder)
            #expect(outcome.status == status && outcome.error.contains(part), "\(outcome)")
            #expect(outcome.output.isEmpty)
            #expect(try InputFile.list(folder) == before)
        }
    }

    /// Plasma of 1 throughout: C / C_p against time is a line whose slope is the curve's own.
    @Test func plasmaPatlakTakesItsInputFromBlood() throws {
        try withTemporaryFolder { folder in
            let grid = try VoxelGrid(shape: [2, 2, 2], worldFromVoxel: Affine(scale: [2, 2, 2]))
            let frames = (0..<12).flatMap { frame in
                [Float](repeating: Float(4 + 0.3 * (5 * Double(frame) + 2.5)), count: 8)
            }
            try NIfTI.write(Volume(grid: grid, frames: 12, voxels: frames), to: "\(folder)/pet.nii.gz")
            let times = (0..<12).map { String(300 * $0) }.joined(separator: ", ")
            let durations = [String](repeating: "300", count: 12).joined(separator: ", ")
            try OutputFile.write(
                "{\"FrameTimesStart\": [\(times)], \"FrameDuration\": [\(durations)], \"Units\": \"kBq/mL\"}",
                to: "\(folder)/pet.json")
            try OutputFile.write(
                "time\tplasma_radioactivity\n0\t1000\n1800\t1000\n3600\t1000\n", to: "\(folder)/a_blood.tsv")
            try OutputFile.write(
                "{\"time\": {\"Units\": \"s\"}, \"plasma_radioactivity\": {\"Units\": \"Bq/mL\"}}",
                to: "\(folder)/a_blood.json")
            let outcome = try Self.run(
                "parametric pet.nii.gz --model patlak --t-star 10 --blood a_blood.tsv --parent-fraction none --out m",
                folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            let Ki = try NIfTI.read("\(folder)/m_model-Patlak_meas-Ki_mimap.nii.gz").volume
            let intercept = try NIfTI.read("\(folder)/m_model-Patlak_meas-intercept_mimap.nii.gz").volume
            #expect(abs(Ki[1, 1, 1] - 0.3) < 1e-6 && abs(intercept[1, 1, 1] - 4) < 2e-5)
        }
    }

    @Test func aTableOfCurvesGivesTheSameReference() throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            #expect(
                try Self.run("tacs pet.nii.gz --labels labels.nii.gz --lut dseg.tsv --out t_tacs.tsv", folder).status
                    == 0)
            let model = " --model srtm --rates 0.001,2,64 --overlay "
            let image = Self.patlak.replacingOccurrences(of: "--model ref-patlak", with: "")
            let table = image.replacingOccurrences(
                of: "--labels labels.nii.gz --lut dseg.tsv", with: "--reference-tac t_tacs.tsv")
            #expect(try Self.run(image + model + "a.png --out a", folder).status == 0)
            let outcome = try Self.run(table + model + "b.png --out b", folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            #expect(try PNGSize("\(folder)/a.png") > 100)
            let maps = try ["a", "b"].map {
                try NIfTI.read("\(folder)/\($0)_model-SRTM_meas-R1_mimap.nii.gz").volume.voxels
            }
            // The table has ten digits. The reference itself has no unique solution in either.
            for (a, b) in zip(maps[0], maps[1]) {
                #expect(a.isNaN && b.isNaN || abs(a - b) < 1e-4 * max(1, abs(a)), "\(a), \(b)")
            }
        }
    }

    /// The width that a PNG's header says.
    func PNGSize(_ path: String) throws -> Int {
        let bytes = try InputFile.read(path)
        return bytes[16..<20].reduce(0) { $0 << 8 | Int($1) }
    }

    @Test func existingMapsAreRefusedWithoutForce() throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            #expect(try Self.run(Self.patlak + " --t-star 20 --out m", folder).status == 0)
            let again = try Self.run(Self.patlak + " --t-star 20 --out m", folder)
            #expect(again.status == 73 && again.error.contains("--force overwrites it"))
            #expect(try Self.run(Self.patlak + " --t-star 20 --out m --force", folder).status == 0)
        }
    }
}
