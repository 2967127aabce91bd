import Foundation
import Imaging
import Records
import Testing
import TestSupport

/// The files of maps are the same, byte by byte, however they were computed.
@Suite struct MapBitsTests {
    /// Noisy curves of three regions on a background: 12 tiles of voxels, the last one not full.
    static func fill(_ folder: String) throws {
        try ParametricTests.fill(folder)
        let grid = try VoxelGrid(shape: [37, 29, 11], worldFromVoxel: Affine(scale: [2, 2, 2]))
        func region(_ place: Int) -> Int { place / 37 % 29 < 4 ? 0 : place % 37 / 13 + 1 }
        var state: UInt32 = 2_463_534_242
        var voxels: [Float] = []
        for frame in 0..<12 {
            let t = 5 * Double(frame) + 2.5
            let reference = 100 * t / (3 + t) * (1 - t / 130)
            for place in 0..<grid.count {
                state = state &* 1_664_525 &+ 1_013_904_223
                let noise = Double(state >> 8) / Double(1 << 24) - 0.5
                let shape = [0, 1 + 0.015 * t, 1, 1 + 0.03 * t * (1 - t / 200)][region(place)]
                voxels.append(Float(reference * shape + 4 * noise))
            }
        }
        try NIfTI.write(Volume(grid: grid, frames: 12, voxels: voxels), to: "\(folder)/pet.nii.gz", force: true)
        try NIfTI.write(
            LabelMap(grid: grid, voxels: (0..<grid.count).map { Int32(region($0)) }), to: "\(folder)/labels.nii.gz",
            force: true)
    }

    /// Hashes of all maps and of the failure map, by name.
    static func hashes(
        _ model: String, _ folder: String, core: Int? = nil, environment: [String: String] = [:]
    ) throws -> [String: String] {
        let line =
            "parametric pet.nii.gz --out m --force --labels labels.nii.gz --lut dseg.tsv --reference pons --model "
            + model
        let outcome = try Binary.run(
            line.split(separator: " ").map(String.init), in: folder, core: core, environment: environment)
        #expect(outcome.status == 0, "\(outcome.error)")
        let names = try InputFile.list(folder).filter { $0.hasPrefix("m_") && $0.hasSuffix(".nii.gz") }
        return try Dictionary(
            uniqueKeysWithValues: names.map { ($0, try SHA256.hex(ofFile: "\(folder)/\($0)")) })
    }

    /// With `--mask-fraction 0` tiles are read in place, else most are copied.
    static let models = [
        "ref-patlak --t-star 20", "ref-patlak --t-star 20 --mask-fraction 0", "mrtm --mask-fraction 0",
        "mrtm --weights duration", "mrtm2 --k2-prime-threshold 0", "srtm --mask-fraction 0", "srtm2 --k2-prime 0.1",
        "ref-logan --t-star 20 --mask-fraction 0", "suvr --window 1800,3600 --smooth 4",
    ]

    @Test(.enabled(if: Binary.firstCore != nil, "there is no taskset"), arguments: models)
    func oneCoreAndAllCoresGiveTheSameBytes(model: String) throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let all = try Self.hashes(model, folder)
            #expect(all.count > 1)
            #expect(try Self.hashes(model, folder, core: Binary.firstCore) == all)
        }
    }

    @Test(arguments: models) func everyInstructionSetGivesTheSameBytes(model: String) throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let highest = try Self.hashes(model, folder)
            for level in ["scalar", "v3"] {
                #expect(try Self.hashes(model, folder, environment: ["ENGRAFT_SIMD": level]) == highest)
            }
        }
    }
}
