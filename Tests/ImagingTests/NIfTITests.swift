import Imaging
import Records
import Testing
import TestSupport

@Suite struct NIfTITests {
    static let oblique: VoxelGrid = {
        let rows = [[-1.9, 0.1, 0.2, 10], [0.15, 1.8, -0.3, -20], [0.05, 0.4, 2.2, 5]]
        guard let grid = try? VoxelGrid(shape: [5, 4, 3], worldFromVoxel: Affine(rows: rows)) else {
            preconditionFailure("a plain grid")
        }
        return grid
    }()

    static func ramp(frames: Int) -> Volume {
        Volume(grid: oblique, frames: frames, voxels: (0..<(60 * frames)).map { Float($0) * 0.37 - 11 })
    }

    @Test(arguments: ["a.nii", "a.nii.gz"], [1, 3])
    func whatIsWrittenReadsBackBitForBit(name: String, frames: Int) throws {
        try withTemporaryFolder { folder in
            let volume = Self.ramp(frames: frames)
            try NIfTI.write(volume, to: "\(folder)/\(name)")
            let back = try NIfTI.read("\(folder)/\(name)")
            #expect(back.volume.voxels == volume.voxels)
            #expect(back.volume.frames == frames)
            // The header stores the affine as Float32.
            #expect(back.volume.grid.matches(volume.grid, tolerance: 1e-4))
            #expect(back.header.datatype == .float32 && back.header.version == 1)
        }
    }

    @Test func sixteenBitStorageErrsByAtMostHalfItsStep() throws {
        try withTemporaryFolder { folder in
            let volume = Self.ramp(frames: 2)
            try NIfTI.write(volume, to: "\(folder)/a.nii.gz", storage: .int16)
            let back = try NIfTI.read("\(folder)/a.nii.gz")
            // Half a step, and the rounding of the result to Float32.
            let bound = back.header.slope * 0.500001
            for (a, b) in zip(volume.voxels, back.volume.voxels) { #expect(abs(Double(a) - Double(b)) <= bound) }
            #expect(back.header.datatype == .int16)
        }
    }

    @Test func anAxisLongerThanVersionOneAllowsIsWrittenAsVersionTwo() throws {
        let grid = try VoxelGrid(shape: [40000, 1, 1], worldFromVoxel: .identity)
        let bytes = NIfTI.encode(Volume(grid: grid, repeating: 2))
        try bytes.withUnsafeBytes { raw in
            let header = try NIfTIHeader(parsing: raw)
            #expect(header.version == 2 && header.shape.x == 40000 && header.dataOffset == 544)
        }
    }

    @Test(arguments: [200, 4000, 70000])
    func labelsKeepTheirNumbers(largest: Int32) throws {
        try withTemporaryFolder { folder in
            let labels = LabelMap(grid: Self.oblique, voxels: (0..<60).map { $0 == 59 ? largest : Int32($0) % 7 })
            try NIfTI.write(labels, to: "\(folder)/l.nii.gz")
            let back = try LabelImage.read("\(folder)/l.nii.gz")
            #expect(back.voxels == labels.voxels)
            #expect(back.labels == [1, 2, 3, 4, 5, 6, largest])
        }
    }

    /// A rotation about each axis by every quarter turn, and both handednesses: the qform alone must give the grid back.
    @Test func everyQuarterTurnSurvivesTheQuaternion() throws {
        let steps: [SIMD3<Double>] = [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]]
        for x in steps {
            for y in steps where dot(x, y) == 0 {
                for handedness in [1.0, -1.0] {
                    let affine = Affine(x: x * 2, y: y * 3, z: cross(x, y) * handedness * 1.5, translation: [1, -2, 3])
                    let grid = try VoxelGrid(shape: [2, 2, 2], worldFromVoxel: affine)
                    var bytes = NIfTI.encode(Volume(grid: grid, repeating: 0))
                    bytes[254] = 0  // no sform
                    try bytes.withUnsafeBytes { raw in
                        let header = try NIfTIHeader(parsing: raw)
                        #expect(header.affineRule == "qform")
                        #expect(
                            try VoxelGrid(shape: [2, 2, 2], worldFromVoxel: header.worldFromVoxel).matches(
                                grid, tolerance: 1e-6))
                        #expect(
                            try VoxelGrid(shape: [2, 2, 2], worldFromVoxel: header.worldFromVoxel).orientation
                                == grid.orientation)
                    }
                }
            }
        }
    }

    @Test func aFileCutAnywhereIsRefusedAndNeverTraps() throws {
        let whole = NIfTI.encode(Self.ramp(frames: 1))
        try withTemporaryFolder { folder in
            for length in stride(from: 0, to: whole.count, by: 7) {
                try OutputFile.write(whole.prefix(length), to: "\(folder)/cut.nii", force: true)
                #expect(throws: FileProblem.self) { try NIfTI.read("\(folder)/cut.nii") }
            }
        }
    }

    /// Every byte of the header set to extremes: read or refused, never a trap.
    @Test func aDamagedHeaderNeverTraps() throws {
        let whole = NIfTI.encode(Self.ramp(frames: 1))
        try withTemporaryFolder { folder in
            for place in 0..<352 {
                for value: UInt8 in [0, 0x7F, 0x80, 0xFF] {
                    var damaged = whole
                    damaged[place] = value
                    try OutputFile.write(damaged, to: "\(folder)/d.nii", force: true)
                    _ = try? NIfTI.read("\(folder)/d.nii")
                }
            }
        }
    }

    @Test func theMessageNamesTheFileAndTheBytes() throws {
        try withTemporaryFolder { folder in
            try OutputFile.write(NIfTI.encode(Self.ramp(frames: 1)).prefix(400), to: "\(folder)/sub-04_pet.nii")
            #expect {
                try NIfTI.read("\(folder)/sub-04_pet.nii")
            } throws: { error in
                "\(error)".hasSuffix("sub-04_pet.nii: the file ends at byte 400; byte 592 was expected")
            }
        }
    }

    @Test func aWebPageNamedAsGzipIsNamedForWhatItIs() throws {
        try withTemporaryFolder { folder in
            try OutputFile.write("<!DOCTYPE html><html><body>Not found</body></html>", to: "\(folder)/a.nii.gz")
            #expect {
                try NIfTI.read("\(folder)/a.nii.gz")
            } throws: { "\($0)".contains("not gzip") }
        }
    }

    @Test func aMissingFileIsNoInput() {
        #expect {
            try NIfTI.read("/nowhere/a.nii")
        } throws: { ($0 as? FileProblem)?.kind == .noInput }
    }

    @Test func anExistingFileIsKeptUnlessForced() throws {
        try withTemporaryFolder { folder in
            try NIfTI.write(Self.ramp(frames: 1), to: "\(folder)/a.nii")
            #expect {
                try NIfTI.write(Self.ramp(frames: 2), to: "\(folder)/a.nii")
            } throws: { ($0 as? FileProblem)?.kind == .cannotWrite }
            #expect(try NIfTI.read("\(folder)/a.nii").volume.frames == 1)
            try NIfTI.write(Self.ramp(frames: 2), to: "\(folder)/a.nii", force: true)
            #expect(try NIfTI.read("\(folder)/a.nii").volume.frames == 2)
            #expect(try InputFile.list(folder) == ["a.nii"])
        }
    }

    @Test func labelsThatAreNotWholeAreRefused() throws {
        let volume = Volume(grid: Self.oblique, voxels: (0..<60).map { $0 == 5 ? 2.5 : 1 })
        #expect(throws: LabelImage.Problem.notWhole(2.5)) { try LabelImage.labels(from: volume) }
    }
}

@Suite struct GzipTests {
    @Test func severalMembersReadAsOneStream() throws {
        let parts: [[UInt8]] = [Array("one ".utf8), Array("two ".utf8), Array("three".utf8)]
        let packed = try parts.flatMap { part in try part.withUnsafeBytes { try Gzip.deflate($0) } }
        let back = try packed.withUnsafeBytes { try Gzip.inflate($0) }
        #expect(String(decoding: back, as: UTF8.self) == "one two three")
    }

    @Test func aDamagedStreamIsRefused() throws {
        var packed = try [UInt8](repeating: 7, count: 5000).withUnsafeBytes { try Gzip.deflate($0) }
        packed[packed.count / 2] ^= 0x55
        #expect(throws: Gzip.Problem.self) { try packed.withUnsafeBytes { try Gzip.inflate($0) } }
    }

    @Test func aWrongChecksumIsNoticedAlthoughEveryVoxelCouldBeRead() throws {
        try withTemporaryFolder { folder in
            try NIfTI.write(NIfTITests.ramp(frames: 2), to: "\(folder)/a.nii.gz")
            var bytes = try InputFile.read("\(folder)/a.nii.gz")
            bytes[bytes.count - 6] ^= 1
            try OutputFile.write(bytes, to: "\(folder)/b.nii.gz")
            #expect {
                try NIfTI.read("\(folder)/b.nii.gz")
            } throws: { "\($0)".contains("damaged") }
        }
    }

    /// 400 bytes that promise 40 GB: refused before memory is taken.
    @Test func aHeaderThatPromisesMoreThanGzipCanHoldIsRefused() throws {
        try withTemporaryFolder { folder in
            var file = NIfTI.encode(NIfTITests.ramp(frames: 1))
            file.replaceSubrange(42..<48, with: [0x00, 0x70, 0x00, 0x70, 0x40, 0x00])
            let packed = try file.withUnsafeBytes { try Gzip.deflate($0) }
            try OutputFile.write(packed, to: "\(folder)/a.nii.gz")
            #expect {
                try NIfTI.read("\(folder)/a.nii.gz")
            } throws: { "\($0)".contains("was expected") }
        }
    }

    /// The last four bytes state the size; a lie of 4 GB must not take 4 GB.
    @Test func aLieAboutTheSizeIsNotBelieved() throws {
        var packed = try [UInt8](repeating: 7, count: 5000).withUnsafeBytes { try Gzip.deflate($0) }
        for place in 1...4 { packed[packed.count - place] = 0xFF }
        #expect(throws: Gzip.Problem.self) { try packed.withUnsafeBytes { try Gzip.inflate($0) } }
    }
}

/// A large image is written piece by piece; what is read back is the same to the bit, in a plain file and a packed one.
@Test(arguments: ["pieces.nii", "pieces.nii.gz"])
func whatIsWrittenInPiecesIsTheSameImage(name: String) throws {
    try withTemporaryFolder { folder in
        let grid = try VoxelGrid(shape: [40, 37, 29], worldFromVoxel: Affine(scale: [2, 2.5, 3]))
        let volume = Volume(
            grid: grid, frames: 7, voxels: (0..<(7 * grid.count)).map { Float(($0 &* 2_654_435_761) % 1013) / 7 })
        let path = "\(folder)/\(name)"
        try NIfTI.write(
            volume, to: path, storage: .float32, frameDurationS: 60, description: "", force: false, atOnce: 1)
        let back = try NIfTI.read(path).volume
        #expect(back.voxels == volume.voxels && back.frames == 7)
        #expect(back.grid.matches(grid))
        if name.hasSuffix(".nii") {
            #expect(try InputFile.read(path) == NIfTI.encode(volume, frameDurationS: 60))
        }
    }
}
