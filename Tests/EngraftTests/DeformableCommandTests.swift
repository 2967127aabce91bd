import Foundation
import Imaging
import Records
import Testing

/// `engraft register --deformable` and `resample` through what it writes; labels onto coarser grids.
@Suite struct DeformableCommandTests {
    /// A smooth bend by up to 4 mm.
    private static func bend(_ p: SIMD3<Double>) -> SIMD3<Double> {
        p + [2.5 * sin(p.y / 20), 2.5 * sin(p.z / 18 + 0.5), 2 * cos(p.x / 22)]
    }

    /// A head of formulas with folds all over it.
    private static func brightness(_ p: SIMD3<Double>) -> Double {
        let d = p / SIMD3<Double>(60, 76, 58)
        let inside = 1 / (1 + exp((dot(d, d).squareRoot() - 1) * 24))
        return 60 * inside * (1 + 0.5 * sin(p.x / 6) * sin(p.y / 7) * cos(p.z / 6.5)) + 20 * inside * cos(p.y / 15)
    }

    private func heads(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bend-\(UUID().uuidString)").path
        try OutputFile.makeFolder(folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func write(_ name: String, _ grid: VoxelGrid, _ map: (SIMD3<Double>) -> SIMD3<Double>) throws {
            let voxels = (0..<grid.count).map { place -> Float in
                let (row, i) = place.quotientAndRemainder(dividingBy: grid.shape.x)
                let p = grid.worldFromVoxel([Double(i), Double(row % grid.shape.y), Double(row / grid.shape.y)])
                return Float(Self.brightness(map(p)))
            }
            try NIfTI.write(Volume(grid: grid, voxels: voxels), to: "\(folder)/\(name)")
        }
        // At p the fixed image shows what the moving one shows at bend(p).
        let grid = try VoxelGrid(
            shape: [48, 58, 46], worldFromVoxel: Affine(scale: [3, 3, 3], translation: [-70, -86, -68]))
        try write("fixed.nii.gz", grid, Self.bend)
        try write("moving.nii.gz", grid) { $0 }
        try body(folder)
    }

    private let arguments = [
        "register", "--fixed", "fixed.nii.gz", "--moving", "moving.nii.gz", "--metric", "ncc", "--start", "header",
        "--no-turns", "--deformable",
    ]

    /// The field brings the moving image onto the fixed one, as `--out` and as `resample` through it, to the same voxels; and
    /// twice, on one core and on all, it is the same file.
    @Test func aFieldIsWrittenThatResampleTakes() throws {
        try heads { folder in
            let made = try Binary.run(
                arguments + [
                    "--out", "w.nii.gz", "--out-field", "field.nii.gz", "--out-inverse-field", "back.nii.gz",
                    "--out-jacobian", "j.nii.gz", "--picture", "fit.png", "--json",
                ], in: folder)
            #expect(made.status == 0, "\(made.error)")
            let deformation = try #require(try JSONValue(parsing: Array(made.output.utf8))["deformation"])
            #expect(deformation["jacobian"]?["percent_not_positive"]?.double == 0)
            #expect(try #require(deformation["jacobian"]?["minimum"]?.double) > 0.2)
            let gain = (
                try #require(deformation["metric"]?["before"]?.double),
                try #require(deformation["metric"]?["after"]?.double)
            )
            // Of what was not alike, more than half is gone.
            #expect(1 - gain.1 < (1 - gain.0) / 2)
            let resampled = try Binary.run(
                ["resample", "moving.nii.gz", "r.nii.gz", "--like", "fixed.nii.gz", "--transform", "field.nii.gz"],
                in: folder)
            #expect(resampled.status == 0, "\(resampled.error)")
            let (warped, again) = (try NIfTI.read("\(folder)/w.nii.gz"), try NIfTI.read("\(folder)/r.nii.gz"))
            #expect(warped.volume.voxels == again.volume.voxels)
            let field = try DisplacementField.read("\(folder)/field.nii.gz")
            var errors: [Double] = []
            for x in stride(from: -36.0, through: 36, by: 12) {
                for y in stride(from: -48.0, through: 48, by: 12) {
                    for z in stride(from: -36.0, through: 36, by: 12) {
                        let p = SIMD3(x, y, z)
                        let moved = try #require(field(p))
                        errors.append(norm(moved - Self.bend(p)))
                    }
                }
            }
            // A third of a voxel of 3 mm.
            #expect(errors.reduce(0, +) / Double(errors.count) < 1, "\(errors.max()!)")
            let back = try DisplacementField.read("\(folder)/back.nii.gz")
            let p = SIMD3<Double>(10, -20, 15)
            let there = try #require(field(p))
            let returned = try #require(back(there))
            #expect(norm(returned - p) < 0.2)
            if let core = Binary.firstCore {
                let single = try Binary.run(
                    arguments + ["--out-field", "one.nii.gz"], in: folder, core: core)
                #expect(single.status == 0)
                let files = try ["field", "one"].map { try Data(contentsOf: URL(filePath: "\(folder)/\($0).nii.gz")) }
                #expect(files[0] == files[1])
            }
        }
    }

    @Test(arguments: [
        (["--metric", "nmi", "--deformable"], "two images of one kind"),
        (["--out-field", "f.nii.gz"], "--deformable only"),
        (["--metric", "ncc", "--deformable", "--out-field", "f.mha"], ".nii"),
        (["--metric", "ncc", "--deformable", "--update-fwhm", "0"], "2 to 100 mm"),
    ])
    func optionsThatDoNotFitAreAUsageError(options: [String], sentence: String) throws {
        let outcome = try Binary.run(["register", "--fixed", "a.nii", "--moving", "b.nii"] + options)
        #expect(outcome.status == 64 && outcome.error.contains(sentence), "\(outcome.error)")
    }

    /// An image is no field, and a field no linear transform.
    @Test func whatIsNoTransformIsNamed() throws {
        try heads { folder in
            for (transform, sentence) in [
                ("fixed.nii.gz", "no displacement field"), ("none.nii.gz", "no such file"),
                ("empty.nii.gz", "empty.nii.gz"),
            ] {
                if transform.hasPrefix("empty") { try OutputFile.write("", to: "\(folder)/empty.nii.gz") }
                let outcome = try Binary.run(
                    ["resample", "moving.nii.gz", "x.nii.gz", "--like", "fixed.nii.gz", "--transform", transform],
                    in: folder)
                #expect([65, 66].contains(outcome.status) && outcome.error.contains(sentence), "\(outcome.error)")
            }
        }
    }

    // MARK: Images of another scale

    /// Voxels of 20 mm and of 0.2 mm hold nothing in common that a search could find: a failure, or a named error; never `ok`.
    @Test func voxelsOfWildlyDifferentSizeAreNotAligned() throws {
        try heads { folder in
            func write(_ name: String, _ size: Double) throws {
                let grid = try VoxelGrid(
                    shape: [12, 12, 12],
                    worldFromVoxel: Affine(scale: SIMD3(repeating: size), translation: SIMD3(repeating: -5.5 * size)))
                let voxels = (0..<grid.count).map { Float(($0 * 7919) % 101) }
                try NIfTI.write(Volume(grid: grid, voxels: voxels), to: "\(folder)/\(name)")
            }
            try write("large.nii.gz", 20)
            try write("small.nii.gz", 0.2)
            for (fixed, moving) in [("large.nii.gz", "small.nii.gz"), ("small.nii.gz", "fixed.nii.gz")] {
                let outcome = try Binary.run(
                    ["register", "--fixed", fixed, "--moving", moving, "--out-transform", "t.tfm"], in: folder)
                #expect(outcome.status == 65, "\(outcome.output)")
                #expect(!FileManager.default.fileExists(atPath: "\(folder)/t.tfm"))
            }
        }
    }

    // MARK: Labels

    /// A box of 6 × 9 × 16 mm on voxels of 4 mm: in nearest the label at the centre counts, in overlap the larger share.
    @Test func labelsGoToCoarserGridsByTheirShares() throws {
        try heads { folder in
            let grid = try VoxelGrid(
                shape: [16, 16, 16], worldFromVoxel: Affine(scale: .one, translation: SIMD3(repeating: 0.5)))
            let box = (0..<grid.count).map { place -> Int32 in
                let (x, y) = (place % 16, place / 16 % 16)
                return x < 6 && y < 9 ? 7 : 0
            }
            try NIfTI.write(LabelMap(grid: grid, voxels: box), to: "\(folder)/box.nii.gz")
            let made = try Binary.run(
                [
                    "resample", "box.nii.gz", "o.nii.gz", "--voxel-size", "4", "--interpolation", "overlap",
                    "--out-fractions", "f.nii.gz",
                ], in: folder)
            #expect(made.status == 0, "\(made.error)")
            let overlap = try LabelImage.read("\(folder)/o.nii.gz")
            #expect(overlap.voxels.filter { $0 == 7 }.count == 2 * 2 * 4)
            let shares = try NIfTI.read("\(folder)/f.nii.gz").volume
            // 6 · 9 · 16 of the 64 mm³ of a voxel.
            let sum: Float = shares.voxels.reduce(0, +)
            #expect(sum == 13.5)
            #expect(try String(contentsOfFile: "\(folder)/f.tsv", encoding: .utf8) == "frame\tindex\tname\n0\t7\t7\n")
            let refused = try Binary.run(
                ["resample", "moving.nii.gz", "x.nii.gz", "--voxel-size", "4", "--interpolation", "overlap"], in: folder
            )
            #expect(refused.status == 65 && refused.error.contains("whole numbers"))
            let usage = try Binary.run(
                ["resample", "box.nii.gz", "x.nii.gz", "--voxel-size", "4", "--out-fractions", "g.nii.gz"], in: folder)
            #expect(usage.status == 64)
        }
    }
}
