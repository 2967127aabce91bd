import Foundation
import Imaging
import Records
import Testing

/// `engraft striatum` from image to labels that `uptake` reads, and what it refuses.
@Suite struct StriatumCommandTests {
    /// A PET of boxes named as FreeSurfer numbers them, 2 mm; files in a folder of its own.
    private func filled(_ body: (String) throws -> Void) throws {
        let name = "striatum-\(UUID().uuidString)"
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
        try OutputFile.makeFolder(folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let grid = try VoxelGrid(
            shape: [40, 40, 24], worldFromVoxel: Affine(scale: [2, 2, 2], translation: [-39, -39, -23]))
        func point(_ voxel: Int) -> SIMD3<Double> {
            grid.worldFromVoxel([Double(voxel % 40), Double(voxel / 40 % 40), Double(voxel / 1600)])
        }
        let labels = (0..<grid.count).map { voxel -> Int32 in
            let p = point(voxel)
            if abs(p.x) >= 20, abs(p.x) < 28, abs(p.y) < 18, abs(p.z) < 10 { return p.x < 0 ? 12 : 51 }
            if abs(p.x) >= 8, abs(p.x) < 14, p.y >= 0, p.y < 20, abs(p.z) < 14 { return p.x < 0 ? 11 : 50 }
            if p.y < -30, abs(p.z) < 10 { return p.x < 0 ? 8 : 47 }
            return 0
        }
        let uptake: [Int32: Float] = [12: 3, 51: 3, 11: 2.8, 50: 2.8]
        try NIfTI.write(LabelMap(grid: grid, voxels: labels), to: "\(folder)/aseg.nii.gz")
        try NIfTI.write(
            LabelMap(grid: grid, voxels: labels.map { [12: 51, 51: 12, 11: 50, 50: 11][$0] ?? $0 }),
            to: "\(folder)/mirrored.nii.gz")
        try NIfTI.write(
            Volume(grid: grid, voxels: labels.map { uptake[$0] ?? 1 }), to: "\(folder)/pet.nii.gz")
        try NIfTI.write(Volume(grid: grid, repeating: 1), to: "\(folder)/flat.nii.gz")
        try NIfTI.write(
            Volume(grid: try VoxelGrid(shape: [40, 40, 1], worldFromVoxel: grid.worldFromVoxel), repeating: 1),
            to: "\(folder)/slice.nii.gz")
        let far = try VoxelGrid(shape: [4, 4, 4], worldFromVoxel: Affine(scale: [2, 2, 2], translation: [500, 0, 0]))
        try NIfTI.write(LabelMap(grid: far, voxels: Array(repeating: 12, count: 64)), to: "\(folder)/far.nii.gz")
        try body(folder)
    }

    /// Uptake of 3 over a reference of 1 is an SBR of 2, in every part of the putamen.
    @Test func aSegmentationBecomesLabelsThatUptakeReads() throws {
        try filled { folder in
            let made = try Binary.run(
                [
                    "striatum", "pet.nii.gz", "--segmentation", "aseg.nii.gz", "--tracer", "dat", "--ac", "0", "--out",
                    "labels.nii.gz", "--probabilities", "shares.nii.gz", "--overlay", "o.png", "--tract",
                    "-24,60,0:-24,-8,0", "--out-tracts", "tracts.nii.gz", "--json",
                ], in: folder)
            #expect(made.status == 0, "\(made.error)")
            let document = try JSONValue(parsing: Array(made.output.utf8))
            #expect(
                document["putamen_rule"]?.string?.hasPrefix("coronal plane through the anterior commissure") == true)
            #expect(document["quality"]?["verdict"]?.string != "fail")
            let tract = try #require(document["tracts"]?.elements?.first)
            #expect(tract["side"]?.string == "left")
            #expect(try #require(tract["contrast"]?.double) == 0)
            for file in ["labels.tsv", "labels.json", "shares.json", "o.png", "tracts.tsv", "tracts.json"] {
                #expect(FileManager.default.fileExists(atPath: "\(folder)/\(file)"))
            }
            let uptake = try Binary.run(
                ["uptake", "pet.nii.gz", "--labels", "labels.nii.gz", "--reference", "cerebellum", "--json"], in: folder
            )
            #expect(uptake.status == 0, "\(uptake.error)")
            let regions = try #require(try JSONValue(parsing: Array(uptake.output.utf8))["regions"]?.elements)
            let posterior = try #require(regions.first { $0["name"]?.string == "putamen-posterior-right" })
            #expect(posterior["sbr"]?.double == 2)
            // A tract takes nothing from the putamen it lies in.
            let sides = ["left", "right"].map { side in
                regions.first { $0["name"]?.string == "putamen-posterior-\(side)" }?["voxels"]?.int
            }
            #expect(sides[0] != nil && sides[0] == sides[1])
        }
    }

    @Test func aMirroredSegmentationFailsAndWritesNothingUnlessAccepted() throws {
        try filled { folder in
            let arguments = [
                "striatum", "pet.nii.gz", "--segmentation", "mirrored.nii.gz", "--tracer", "dat", "--out",
                "labels.nii.gz",
            ]
            let refused = try Binary.run(arguments, in: folder)
            #expect(refused.status == 65 && refused.error.contains("mirrored"))
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/labels.nii.gz"))
            #expect(try Binary.run(arguments + ["--accept-fail"], in: folder).status == 0)
            let uptake = ["uptake", "pet.nii.gz", "--labels", "labels.nii.gz"]
            let distrusted = try Binary.run(uptake, in: folder)
            #expect(distrusted.status == 65 && distrusted.error.contains("not to be trusted"))
            #expect(try Binary.run(uptake + ["--accept-fail"], in: folder).status == 0)
        }
    }

    @Test(arguments: [
        (["flat.nii.gz"], "the same value everywhere"), (["slice.nii.gz"], "at least 8 along each axis"),
        (["pet.nii.gz", "--segmentation", "far.nii.gz"], "do not lie on the image"),
        (["pet.nii.gz", "--segmentation", "pet.nii.gz"], "a label image holds whole numbers"),
    ])
    func whatCannotBeLabelledIsNamed(arguments: [String], sentence: String) throws {
        try filled { folder in
            let outcome = try Binary.run(["striatum"] + arguments + ["--out", "x.nii.gz"], in: folder)
            #expect(outcome.status == 65)
            #expect(outcome.error.contains(sentence), "\(outcome.error)")
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/x.nii.gz"))
        }
    }

    @Test(arguments: [
        ["--atlas", "a.nii"], ["--segmentation", "a.nii", "--template", "t.nii", "--atlas", "b.nii"], ["--ac", "0"],
        ["--normal", "n.csv"], ["--out", "labels.tsv"], ["--overlay", "o.jpg"], ["--tract", "1,2,3"],
    ])
    func optionsThatDoNotFitAreAUsageError(options: [String]) throws {
        #expect(try Binary.run(["striatum", "pet.nii.gz"] + options).status == 64)
    }
}
