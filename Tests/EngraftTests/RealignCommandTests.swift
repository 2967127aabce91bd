import Foundation
import Imaging
import Records
import Testing
import TestSupport

/// `engraft realign` as a user calls it.
@Suite struct RealignCommandTests {
    /// A soft ball with a smaller one in it over five minutes; from the third on 4 mm further up. Speckled by a few per cent.
    static func fill(_ folder: String) throws {
        let grid = try VoxelGrid(
            shape: [36, 36, 30], worldFromVoxel: Affine(scale: [4, 4, 4], translation: [-70, -70, -58]))
        var state: UInt32 = 2_463_534_242
        var voxels: [Float] = []
        for frame in 0..<5 {
            let shift: SIMD3<Double> = [0, 0, frame < 3 ? 0 : 4]
            func soft(_ distance: Double) -> Double { 1 / (1 + exp(distance / 2)) }
            for place in 0..<grid.count {
                let (i, j, k) = (place % 36, place / 36 % 36, place / 1296)
                let p = grid.worldFromVoxel([Double(i), Double(j), Double(k)]) - shift
                state = state &* 1_664_525 &+ 1_013_904_223
                let noise = 1 + 0.1 * (Double(state >> 8) / Double(1 << 24) - 0.5)
                let clean =
                    100 * soft(norm(p * [1, 0.8, 1.1]) - 44) + 150
                    * soft(norm((p - [15, 5, -4]) / [1, 1.4, 0.8]) - 14)
                voxels.append(Float(clean * noise))
            }
        }
        let pet = Volume(grid: grid, frames: 5, voxels: voxels)
        try NIfTI.write(pet, to: "\(folder)/pet.nii.gz")
        try NIfTI.write(pet, to: "\(folder)/untimed.nii.gz")
        try NIfTI.write(pet.frame(0), to: "\(folder)/one.nii.gz")
        try OutputFile.write(
            """
            {"FrameTimesStart": [0, 60, 120, 180, 240], "FrameDuration": [60, 60, 60, 60, 60], "Units": "Bq/mL",
            "TracerRadionuclide": "F18", "PatientName": "never"}
            """, to: "\(folder)/pet.json")
    }

    static func run(_ line: String, _ folder: String, core: Int? = nil) throws -> Binary.Outcome {
        try Binary.run(line.split(separator: " ").map(String.init), in: folder, core: core)
    }

    @Test func imageTablePictureAndTheirSidecarsAreWritten() throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let outcome = try Self.run("realign pet.nii.gz out.nii.gz --confounds c.tsv --plot p.png --json", folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            let document = try JSONValue(parsing: Array(outcome.output.utf8))
            for key in ["version", "command", "inputs", "warnings", "parameters", "frames", "center_mm", "metric"] {
                #expect(document[key] != nil, "\(key)")
            }
            let out = try NIfTI.read("\(folder)/out.nii.gz").volume
            #expect(out.frames == 5)
            let text = try String(contentsOfFile: "\(folder)/out.json", encoding: .utf8)
            #expect(!text.contains("never"))
            let sidecar = try JSONValue(parsing: Array(text.utf8))
            #expect(sidecar["FrameDuration"]?.doubles == [60, 60, 60, 60, 60])
            #expect(sidecar["engraft"]?["frames"]?.elements?.count == 5)
            let table = try DelimitedTable(parsing: Array(try Data(contentsOf: URL(filePath: "\(folder)/c.tsv"))))
            #expect(table.rows.count == 5 && table.rows[0][6] == "n/a")
            let z = table.rows.compactMap { Double($0[2]) }
            // Where it was put, to a tenth of a millimetre of voxels of 4 mm.
            #expect(abs(z[4] - z[0] - 4) < 0.1)
            for name in ["c.json", "p.png"] { #expect(InputFile.exists("\(folder)/\(name)")) }
        }
    }

    @Test func filesAreTheSameOnOneCoreAndOnAll() throws {
        guard let core = Binary.firstCore else { return }
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            for (name, pinned) in [("a", nil), ("b", core)] as [(String, Int?)] {
                let outcome = try Self.run(
                    "realign pet.nii.gz \(name).nii --confounds \(name)c.tsv", folder, core: pinned)
                #expect(outcome.status == 0, "\(outcome.error)")
            }
            for (a, b) in [("a.nii", "b.nii"), ("ac.tsv", "bc.tsv")] {
                #expect(try SHA256.hex(ofFile: "\(folder)/\(a)") == SHA256.hex(ofFile: "\(folder)/\(b)"))
            }
        }
    }

    @Test(arguments: [
        ("realign one.nii.gz out.nii.gz", 65, "one.nii.gz: the image has one frame"),
        ("realign untimed.nii.gz out.nii.gz", 65, "untimed.nii.gz: the image has no frame times"),
        ("realign none.nii.gz out.nii.gz", 66, "none.nii.gz: there is no such file"),
        ("realign pet.nii.gz out.nii.gz --window 900,1000", 65, "pet.nii.gz: no frame lies wholly between"),
        ("realign pet.nii.gz out.nii.gz --reference-image pet.nii.gz", 65, "pet.nii.gz: the reference has 5 frames"),
        ("realign pet.nii.gz pet.nii.gz --force", 73, "pet.nii.gz: this is an input"),
        ("realign pet.nii.gz out.nrrd", 64, "named .nii"),
        ("realign pet.nii.gz out.nii.gz --interpolation nearest", 64, "cubic or linear"),
        ("realign pet.nii.gz out.nii.gz --window 0,60 --reference mean", 64, "Give one of"),
    ])
    func whatCannotBeDoneIsSaidInOneSentence(line: String, status: Int, sentence: String) throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let outcome = try Self.run(line, folder)
            #expect(outcome.status == Int32(status))
            #expect(outcome.error.contains(sentence), "\(outcome.error)")
            #expect(!InputFile.exists("\(folder)/out.nii.gz"))
        }
    }
}
