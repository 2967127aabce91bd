import Foundation
import Imaging
import Records
import Testing

/// `engraft follow`: labels of a baseline on a follow-up whose head was moved by a known map.
@Suite struct FollowCommandTests {
    /// Where a point of the follow-up was at baseline, RAS mm.
    private static let move: Affine = {
        var map = Affine.rotation(vector: [0.1, -0.06, 0.15])
        map.translation = [6, -4, 9]
        return map
    }()

    /// An uneven head of formulas, its values from 0 to 100, and two boxes within it.
    private static func brightness(_ p: SIMD3<Double>) -> Double {
        func ball(_ center: SIMD3<Double>, _ size: SIMD3<Double>) -> Double {
            let d = (p - center) / size
            return 1 / (1 + exp((dot(d, d).squareRoot() - 1) * 24))
        }
        let inner = ball([0, 0, 12], [58, 76, 54])
        let outer = max(ball([0, 0, 12], [66, 86, 62]), ball([0, 40, -40], [40, 40, 46]))
        return 30 * (outer - min(inner, outer)) + 40 * inner + 60 * ball([25, 8, 5], [9, 18, 10])
            + 50 * ball([-25, 8, 5], [9, 18, 10]) - 25 * ball([5, -40, 20], [14, 10, 18])
    }

    private static func label(_ p: SIMD3<Double>) -> Int32 {
        func inside(_ center: SIMD3<Double>) -> Bool {
            let d = (p - center) / SIMD3<Double>(9, 18, 10)
            return dot(d, d) < 1
        }
        return inside([-25, 8, 5]) ? 12 : inside([25, 8, 5]) ? 51 : 0
    }

    private func fill<T>(_ grid: VoxelGrid, _ value: (SIMD3<Double>) -> T) -> [T] {
        (0..<grid.count).map { place in
            let (row, i) = place.quotientAndRemainder(dividingBy: grid.shape.x)
            return value(
                grid.worldFromVoxel([Double(i), Double(row % grid.shape.y), Double(row / grid.shape.y)]))
        }
    }

    private func visits(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("follow-\(UUID().uuidString)").path
        try OutputFile.makeFolder(folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let first = try VoxelGrid(
            shape: [60, 68, 56], worldFromVoxel: Affine(scale: [3, 3, 3], translation: [-88, -100, -80]))
        let second = try VoxelGrid(
            shape: [70, 80, 66], worldFromVoxel: Affine(scale: [2.7, 2.7, 2.7], translation: [-94, -104, -92]))
        // Noise of 3 % of the brightest.
        var state: UInt64 = 9
        func noise() -> Double {
            (0..<4).reduce(0.0) { sum, _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return sum + Double(state >> 11) / Double(1 << 53) - 0.5
            } * 5
        }
        try NIfTI.write(
            Volume(grid: first, voxels: fill(first) { Float(Self.brightness($0) + noise()) }),
            to: "\(folder)/m0.nii.gz")
        try NIfTI.write(
            Volume(grid: second, voxels: fill(second) { Float(Self.brightness(Self.move($0)) + noise()) }),
            to: "\(folder)/m12.nii.gz")
        try NIfTI.write(LabelMap(grid: first, voxels: fill(first, Self.label)), to: "\(folder)/labels.nii.gz")
        try OutputFile.write("index\tname\n12\tputamen-left\n51\tputamen-right\n", to: "\(folder)/labels.tsv")
        try NIfTI.write(
            Volume(
                grid: first, frames: 2,
                voxels: fill(first) { Self.label($0) == 12 ? 1 : 0 }
                    + fill(first) { Self.label($0) == 51 ? 1 : 0 }), to: "\(folder)/shares.nii.gz")
        try NIfTI.write(
            LabelMap(grid: second, voxels: fill(second) { Self.label(Self.move($0)) }), to: "\(folder)/truth.nii.gz")
        try body(folder)
    }

    private let carry = ["follow", "m12.nii.gz", "--baseline", "m0.nii.gz", "--labels", "labels.nii.gz", "--out"]

    /// Masks overlap with those drawn at follow-up but for their edges (7 mL in 3 mm steps on 2.7 mm voxels). Region means are those
    /// of the baseline's labels carried by the known map, to within noise of 3 % over some 300 voxels and a map 0.3 mm off.
    @Test func labelsFollowAHeadThatMoved() throws {
        try visits { folder in
            let made = try Binary.run(
                carry + [
                    "f.nii.gz", "--overlay", "f.png", "--out-transform", "f.tfm", "--probabilities", "shares.nii.gz",
                    "--out-probabilities", "p.nii.gz", "--tracts", "labels.nii.gz", "--out-tracts", "t.nii.gz",
                    "--json",
                ], in: folder)
            #expect(made.status == 0, "\(made.error)")
            let document = try JSONValue(parsing: Array(made.output.utf8))
            #expect(document["quality"]?["verdict"]?.string == "ok", "\(made.output)")
            for file in ["f.tsv", "f.json", "f.png", "f.tfm", "p.json", "t.tsv"] {
                #expect(FileManager.default.fileExists(atPath: "\(folder)/\(file)"))
            }
            let map = try TransformFile.read("\(folder)/f.tfm")
            // A third of a voxel: noise of 3 % and spots of 9 mm.
            #expect(map.distance(to: Self.move, center: [0, 0, 10], radius: 60) < 0.9)
            let found = try LabelImage.read("\(folder)/f.nii.gz")
            let truth = try LabelImage.read("\(folder)/truth.nii.gz")
            let image = try NIfTI.read("\(folder)/m12.nii.gz").volume
            let shares = try NIfTI.read("\(folder)/p.nii.gz").volume
            let drawn = try LabelImage.read("\(folder)/labels.nii.gz")
            let known = LabelFractions(of: drawn, onto: found.grid, through: .linear(Self.move)).mostly
            let wanted = try NIfTI.read("\(folder)/shares.nii.gz").volume
                .resampled(onto: found.grid, sourceFromTarget: Self.move)
            for (frame, label) in [Int32(12), 51].enumerated() {
                var (both, a, b) = (0, 0, 0)
                var (sumA, sumK, k) = (0.0, 0.0, 0)
                var (sumP, share, sumW, wantedShare) = (0.0, 0.0, 0.0, 0.0)
                for place in found.voxels.indices {
                    let (x, y) = (found.voxels[place] == label, truth.voxels[place] == label)
                    both += x && y ? 1 : 0
                    (a, b) = (a + (x ? 1 : 0), b + (y ? 1 : 0))
                    let value = Double(image.voxels[place])
                    if x { sumA += value }
                    if known.voxels[place] == label { (sumK, k) = (sumK + value, k + 1) }
                    let p = Double(shares.voxels[frame * found.grid.count + place])
                    let w = Double(wanted.voxels[frame * found.grid.count + place])
                    (sumP, share) = (sumP + p * value, share + p)
                    (sumW, wantedShare) = (sumW + w * value, wantedShare + w)
                }
                #expect(2 * Double(both) / Double(a + b) > 0.9)
                let mean = sumA / Double(a)
                #expect(abs(mean / (sumK / Double(k)) - 1) < 0.01)
                let weighted = sumP / share
                #expect(abs(weighted / (sumW / wantedShare) - 1) < 0.01)
            }
            let names = try LabelTable.read("\(folder)/f.tsv")
            #expect(names.name(of: 51) == "putamen-right")
            let uptake = try Binary.run(["uptake", "m12.nii.gz", "--labels", "f.nii.gz", "--json"], in: folder)
            #expect(uptake.status == 0 && !uptake.error.contains("make sure"), "\(uptake.error)")
            // The same labels on the other visit's image are noticed.
            let wrong = try Binary.run(["uptake", "m0.nii.gz", "--labels", "f.nii.gz", "--json"], in: folder)
            #expect(wrong.status == 0 && wrong.error.contains("f.nii.gz was made on m12.nii.gz"))
        }
    }

    /// Labels that were made on another image say so.
    @Test func labelsOfAnotherPatientAreNoticed() throws {
        try visits { folder in
            let record = """
                {"quality": {"verdict": "ok", "reasons": []}, "inputs": [{"path": "other.nii.gz", "sha256": "00"}]}
                """
            try OutputFile.write(record, to: "\(folder)/labels.json")
            let uptake = try Binary.run(["uptake", "m0.nii.gz", "--labels", "labels.nii.gz", "--json"], in: folder)
            #expect(uptake.status == 0 && uptake.error.contains("was made on other.nii.gz"), "\(uptake.error)")
            #expect(uptake.output.contains("was made on other.nii.gz"))
            let followed = try Binary.run(carry + ["f.nii.gz", "--json"], in: folder)
            #expect(followed.error.contains("was made on other.nii.gz"))
        }
    }

    /// A follow-up that is noise carries nothing; uptake refuses what was accepted all the same.
    @Test func whatCannotBeFollowedWritesNothing() throws {
        try visits { folder in
            let grid = try NIfTI.read("\(folder)/m12.nii.gz").volume.grid
            var state: UInt64 = 5
            let noise = (0..<grid.count).map { _ -> Float in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Float(state >> 40) / Float(1 << 24)
            }
            try NIfTI.write(
                Volume(grid: grid, voxels: noise).smoothed(fwhm: [8, 8, 8]), to: "\(folder)/noise.nii.gz")
            let arguments = [
                "follow", "noise.nii.gz", "--baseline", "m0.nii.gz", "--labels", "labels.nii.gz", "--out", "n.nii.gz",
            ]
            let refused = try Binary.run(arguments, in: folder)
            #expect(refused.status == 65 && refused.error.contains("could not be carried over"), "\(refused.error)")
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/n.nii.gz"))
            #expect(try Binary.run(arguments + ["--accept-fail"], in: folder).status == 0)
            let uptake = try Binary.run(["uptake", "noise.nii.gz", "--labels", "n.nii.gz"], in: folder)
            #expect(uptake.status == 65 && uptake.error.contains("not to be trusted"))
            let again = try Binary.run(
                ["follow", "m12.nii.gz", "--baseline", "noise.nii.gz", "--labels", "n.nii.gz", "--out", "x.nii.gz"],
                in: folder)
            #expect(again.status == 65 && again.error.contains("not to be trusted"))
        }
    }

    /// Labels far from the baseline, and a baseline of another size of world, are named.
    @Test func labelsAndImagesOfAnotherSpaceAreNamed() throws {
        try visits { folder in
            let far = try VoxelGrid(
                shape: [4, 4, 4], worldFromVoxel: Affine(scale: [2, 2, 2], translation: [500, 0, 0]))
            try NIfTI.write(LabelMap(grid: far, voxels: Array(repeating: 12, count: 64)), to: "\(folder)/far.nii.gz")
            let lost = try Binary.run(
                ["follow", "m12.nii.gz", "--baseline", "m0.nii.gz", "--labels", "far.nii.gz", "--out", "x.nii.gz"],
                in: folder)
            #expect(lost.status == 65 && lost.error.contains("far.nii.gz: the labels do not lie on the image"))
            // Millimetres written as metres.
            let image = try NIfTI.read("\(folder)/m12.nii.gz").volume
            let small = try VoxelGrid(
                shape: image.grid.shape,
                worldFromVoxel: Affine(scale: SIMD3(repeating: 0.001)) * image.grid.worldFromVoxel)
            try NIfTI.write(Volume(grid: small, voxels: image.voxels), to: "\(folder)/metres.nii.gz")
            for command in [
                ["register", "--fixed", "m0.nii.gz", "--moving", "metres.nii.gz"],
                [
                    "follow", "metres.nii.gz", "--baseline", "m0.nii.gz", "--labels", "labels.nii.gz", "--out",
                    "x.nii.gz",
                ],
            ] {
                let outcome = try Binary.run(command, in: folder)
                #expect(outcome.status == 65 && outcome.error.contains("metres"), "\(outcome.error)")
            }
        }
    }

    @Test(arguments: [
        ["--tracts", "t.nii"], ["--out-probabilities", "p.nii"], ["--out-transform", "x.mat"], ["--overlay", "o.jpg"],
    ])
    func optionsThatDoNotFitAreAUsageError(options: [String]) throws {
        #expect(try Binary.run(carry + ["x.nii.gz"] + options).status == 64)
    }
}
