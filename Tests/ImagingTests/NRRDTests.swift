import Imaging
import Records
import Testing
import TestSupport

/// NRRD files written byte by byte, with what the format's definition says of them.
@Suite struct NRRDTests {
    static func file(
        type: String = "short", endian: String? = "little", sizes: String = "2 3 4", more: [String] = geometry,
        stored: String = "int16", count: Int = 24, encoding: String = "raw"
    ) -> [UInt8] {
        var file = FileBytes(bigEndian: endian == "big")
        file.append("NRRD0005\n# a comment\ntype: \(type)\n")
        file.append("dimension: \(sizes.split(separator: " ").count)\nsizes: \(sizes)\nencoding: \(encoding)\n")
        if let endian { file.append("endian: \(endian)\n") }
        for line in more { file.append(line + "\n") }
        file.append("a key:=a value: of any kind\n\n")
        file.append(Array(0..<count), as: stored)
        return file.bytes
    }

    static let geometry = [
        "space: left-posterior-superior", "space directions: (2,0,0) (0,3,0) (0,0,4)", "space origin: (10,20,30)",
    ]

    func read(_ bytes: [UInt8]) throws -> StoredImage { try reading(bytes) { try NRRD.read(bytes: $0) } }

    static let types = [
        ("signed char", "int8"), ("int8_t", "int8"), ("uchar", "uint8"), ("unsigned char", "uint8"),
        ("short", "int16"), ("signed short int", "int16"), ("ushort", "uint16"), ("uint16", "uint16"),
        ("int", "int32"), ("int32_t", "int32"), ("uint", "uint32"), ("unsigned int", "uint32"),
        ("long long", "int64"), ("longlong", "int64"), ("ulonglong", "uint64"), ("uint64_t", "uint64"),
        ("float", "float32"), ("double", "float64"),
    ]

    @Test(arguments: types, ["little", "big"])
    func everyTypeInBothByteOrders(_ type: (String, String), endian: String) throws {
        let image = try read(Self.file(type: type.0, endian: endian, stored: type.1))
        #expect(image.volume.voxels == (0..<24).map(Float.init) && image.datatype == type.1)
        #expect(image.volume.grid.orientation == "LPS" && image.warnings.isEmpty)
    }

    static let spaces: [(String, SIMD3<Double>, String)] = [
        ("left-posterior-superior", [-10, -20, 30], "LPS"), ("RAS", [10, 20, 30], "RAS"),
        ("left-anterior-superior", [-10, 20, 30], "LAS"),
    ]

    @Test(arguments: spaces)
    func theSpaceIsTurnedIntoRAS(space: String, origin: SIMD3<Double>, orientation: String) throws {
        let more = ["space: \(space)"] + Self.geometry.dropFirst()
        let grid = try read(Self.file(more: more)).volume.grid
        #expect(grid.worldFromVoxel.translation == origin && grid.orientation == orientation)
        #expect(grid.voxelSize == [2, 3, 4])
    }

    /// Sizes, directions, kinds, and voxel (0, 1, 0) of frame 1, wherever the frames stand.
    static let frameOrders: [(String, String?, String?, Int)] = [
        ("2 3 4 5", "(2,0,0) (0,3,0) (0,0,4) none", "domain domain domain list", 24 + 2),
        ("5 2 3 4", "none (2,0,0) (0,3,0) (0,0,4)", "list domain domain domain", 10 + 1),
        ("5 2 3 4", "none (2,0,0) (0,3,0) (0,0,4)", "??? space space space", 10 + 1),
        ("5 2 3 4", nil, "time domain domain domain", 10 + 1), ("2 3 4 5", nil, nil, 24 + 2),
    ]

    @Test(arguments: frameOrders)
    func framesStandLastOrFirst(sizes: String, directions: String?, kinds: String?, value: Int) throws {
        var more = ["space: LPS", "space origin: (0,0,0)"]
        if let directions { more.append("space directions: \(directions)") }
        if let kinds { more.append("kinds: \(kinds)") }
        let volume = try read(Self.file(sizes: sizes, more: more, count: 120)).volume
        #expect(volume.grid.shape == [2, 3, 4] && volume.frames == 5)
        #expect(volume[0, 1, 0, frame: 1] == Float(value))
        #expect(Set(volume.voxels).count == 120)
    }

    @Test(arguments: ["raw", "gzip"], ["a.raw", "sub/a.raw.gz"])
    func theVoxelsMayBeInAFileOfTheirOwn(encoding: String, name: String) throws {
        try withTemporaryFolder { folder in
            let whole = Self.file(more: Self.geometry + ["data file: \(name)"], encoding: encoding)
            let (header, voxels) = (Array(whole.dropLast(48)), Array(whole.suffix(48)))
            try OutputFile.write(header, to: "\(folder)/a.nhdr")
            #expect {
                try StoredImage.read("\(folder)/a.nhdr")
            } throws: { ($0 as? FileProblem)?.kind == .noInput }
            if name.hasPrefix("sub") { try OutputFile.makeFolder("\(folder)/sub") }
            try OutputFile.write(
                encoding == "gzip" ? voxels.withUnsafeBytes { try Gzip.deflate($0) } : voxels, to: "\(folder)/\(name)")
            #expect(try StoredImage.read("\(folder)/a.nhdr").volume.voxels == (0..<24).map(Float.init))
            #expect(throws: ImageProblem.noDataFile(name)) { try read(header) }
        }
    }

    @Test func bytesAndLinesBeforeTheVoxelsAreSkipped() throws {
        for skip in ["byte skip: 7", "byte skip: -1", "line skip: 2"] {
            var bytes = Self.file(more: Self.geometry + [skip])
            let voxels = bytes.suffix(48)
            bytes = bytes.dropLast(48) + Array((skip.hasPrefix("line") ? "one\ntwo\n" : "7 bytes").utf8) + voxels
            #expect(try read(bytes).volume.voxels == (0..<24).map(Float.init))
        }
    }

    @Test func anImageOfTwoAxesIsOneSlice() throws {
        let more = ["space: LPS", "space directions: (0,2,0) (0,0,3)", "space origin: (1,2,3)"]
        let grid = try read(Self.file(sizes: "4 6", more: more)).volume.grid
        #expect(grid.shape == [4, 6, 1] && grid.orientation == "PSL")
    }

    @Test func spacingsWithoutSpaceAreTakenAndTheDoubtIsSaid() throws {
        let image = try read(Self.file(more: ["spacings: 2 3 4"]))
        #expect(image.volume.grid.voxelSize == [2, 3, 4] && image.volume.grid.orientation == "LPS")
        #expect(image.warnings.count == 2)
        #expect(
            try read(Self.file(more: Self.geometry + ["space units: \"m\" \"m\" \"m\""])).volume.grid.voxelSize.x
                == 2000)
        #expect(try read(Self.file(more: Self.geometry + ["sample units: \"Bq/mL\""])).units == "Bq/mL")
    }

    static let refused: [([String], String)] = [
        (["encoding: bzip2"], "bzip2"), (["encoding: ascii"], "ascii"), (["encoding: hex"], "hex"),
        (["type: block"], "block"), (["kinds: RGB-color domain domain"], "rgb-color"),
        (["kinds: vector domain domain"], "vector"), (["space: right-anterior-superior-time"], "time"),
        (["data file: LIST"], "several files"), (["data file: a%02d.raw 1 4 1"], "several files"),
        (["sizes: 2 3 -4"], "sizes"), (["sizes: 2 3"], "sizes"), (["dimension: 0"], "dimension"),
        (["endian: middle"], "endian"), (["space directions: (1,0,0) (0,1,0)"], "space directions"),
        (["space directions: (1,0,0) (0,1,0) (0,1,0)"], "inverted"), (["space origin: (0,0)"], "space origin"),
        (["space units: \"mm\" \"m\" \"mm\""], "one unit"), (["sizes: 2 3 4000000000000"], "was expected"),
        (["sizes: 2 3 400000000000000"], "sizes"),
        (["sizes: 2 3 4000000"], "was expected"), (["byte skip: 99999999999999"], "was expected"),
        (["line skip: 5"], "line skip"),
    ]

    @Test(arguments: refused)
    func whatIsNotReadIsRefusedByName(more: [String], name: String) {
        // A field given again counts, which lets one be replaced.
        #expect {
            try read(
                Self.file(
                    more: Self.geometry.filter {
                        !more[0].contains("RGB") && !more[0].contains("vector") || $0.hasPrefix("space:")
                    } + more))
        } throws: { "\($0)".contains(name) }
    }

    @Test func theByteOrderOfOneByteNeedNotBeGivenButOfTwoMust() throws {
        #expect(try read(Self.file(type: "uchar", endian: nil, stored: "uint8")).volume.voxels.last == 23)
        #expect(throws: ImageProblem.missing("endian")) { try read(Self.file(endian: nil)) }
    }
}
