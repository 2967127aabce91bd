import Imaging
import Records
import Testing
import TestSupport

/// NIfTI files written byte by byte, with what the standard says of them.
@Suite struct NIfTIFormatTests {
    /// A header and voxels 0, 1, 2, ... of the type.
    struct File {
        var version = 1
        var bigEndian = false
        var dim = [3, 2, 3, 4]
        var code = 4
        var type = "int16"
        var slope = 0.0
        var intercept = 0.0
        var intent = 0
        var extensionBytes = 0
        var magic: String?
        var spatialUnit = 2
        var sform: [[Double]]? = [[2, 0, 0, -1], [0, 3, 0, -2], [0, 0, 4, -3]]
        var qformOffset: SIMD3<Double>?
        var voxels: [Int]?

        var count: Int { dim.dropFirst().prefix(dim[0]).reduce(1, *) }

        func header() -> FileBytes {
            let start = (version == 1 ? 352 : 544) + extensionBytes
            var file = FileBytes(bigEndian: bigEndian, count: start)
            let sizes = dim + Array(repeating: 1, count: 8 - dim.count)
            if version == 1 {
                file.put(Int32(348), at: 0)
                for (axis, size) in sizes.enumerated() { file.put(Int16(size), at: 40 + 2 * axis) }
                file.put(Int16(intent), at: 68)
                file.put(Int16(code), at: 70)
                for axis in 0..<4 { file.put(Float(1), at: 76 + 4 * axis) }
                file.put(Float(start), at: 108)
                file.put(Float(slope), at: 112)
                file.put(Float(intercept), at: 116)
                file.put(UInt8(spatialUnit), at: 123)
                file.put(magic ?? "n+1\0", at: 344)
                if extensionBytes > 0 { file.put(UInt8(1), at: 348) }
            } else {
                file.put(Int32(540), at: 0)
                file.put(magic ?? "n+2\0\r\n\u{1A}\n", at: 4)
                file.put(Int16(code), at: 12)
                for (axis, size) in sizes.enumerated() { file.put(Int64(size), at: 16 + 8 * axis) }
                for axis in 0..<4 { file.put(Double(1), at: 104 + 8 * axis) }
                file.put(Int64(start), at: 168)
                file.put(slope, at: 176)
                file.put(intercept, at: 184)
                file.put(Int32(spatialUnit), at: 500)
                file.put(Int32(intent), at: 504)
                if extensionBytes > 0 { file.put(UInt8(1), at: 540) }
            }
            if let sform {
                if version == 1 { file.put(Int16(1), at: 254) } else { file.put(Int32(1), at: 348) }
                for (row, values) in sform.enumerated() {
                    for (column, value) in values.enumerated() {
                        if version == 1 {
                            file.put(Float(value), at: 280 + 16 * row + 4 * column)
                        } else {
                            file.put(value, at: 400 + 32 * row + 8 * column)
                        }
                    }
                }
            }
            if let qformOffset {
                if version == 1 { file.put(Int16(2), at: 252) } else { file.put(Int32(2), at: 344) }
                for axis in 0..<3 {
                    let (size, offset) = (sform?[axis][axis] ?? 1, qformOffset[axis])
                    if version == 1 {
                        file.put(Float(size), at: 80 + 4 * axis)
                        file.put(Float(offset), at: 268 + 4 * axis)
                    } else {
                        file.put(size, at: 112 + 8 * axis)
                        file.put(offset, at: 376 + 8 * axis)
                    }
                }
            }
            return file
        }

        func bytes() -> [UInt8] {
            var file = header()
            file.append(voxels ?? Array(0..<count), as: type)
            return file.bytes
        }
    }

    static let types = [
        (2, "uint8"), (256, "int8"), (4, "int16"), (512, "uint16"), (8, "int32"), (768, "uint32"), (1024, "int64"),
        (1280, "uint64"), (16, "float32"), (64, "float64"),
    ]

    func read(_ file: File) throws -> NIfTI.Image { try reading(file.bytes()) { try NIfTI.read(bytes: $0) } }

    @Test(arguments: types, [1, 2])
    func everyTypeInBothByteOrders(_ type: (Int, String), version: Int) throws {
        for bigEndian in [false, true] {
            var file = File(version: version, bigEndian: bigEndian, code: type.0, type: type.1)
            file.voxels = (0..<24).map { type.1.hasPrefix("u") ? 5 * $0 : 10 * $0 - 120 }
            let image = try read(file)
            #expect(image.volume.voxels == file.voxels!.map(Float.init))
            #expect(image.header.datatype.name == type.1 && image.header.version == version)
            #expect(image.volume.grid.voxelSize == [2, 3, 4] && image.header.warnings.isEmpty)
        }
    }

    /// The ends of the 64-bit types, which only the nearest Float32 can hold.
    @Test func theEndsOfSixtyFourBitsAreTheNearestFloat32() throws {
        let ends = [Int.min, -1, 0, Int.max]
        let signed = try read(File(dim: [3, 4, 1, 1], code: 1024, type: "int64", voxels: ends))
        #expect(signed.volume.voxels == ends.map(Float.init))
        var file = File(dim: [3, 1, 1, 1], code: 1280, type: "uint64", voxels: []).header()
        file.append(UInt64.max)
        #expect(try reading(file.bytes) { try NIfTI.read(bytes: $0) }.volume.voxels == [Float(UInt64.max)])
    }

    /// A slope of 0 or NaN scales nothing, whatever the intercept [NIfTI1].
    @Test(
        arguments: [(2.5, -7.0, true), (0, 9, false), (Double.nan, 9, false), (1, 3, true), (-1, 0, true)]
            as [(Double, Double, Bool)])
    func slopeAndInterceptScaleUnlessTheSlopeIsZeroOrNaN(slope: Double, intercept: Double, scales: Bool) throws {
        for version in [1, 2] {
            let image = try read(File(version: version, slope: slope, intercept: intercept))
            let expected = (0..<24).map { scales ? Float(Double($0) * slope + intercept) : Float($0) }
            #expect(image.volume.voxels == expected)
        }
    }

    @Test(arguments: [(.infinity, 0), (1, .nan), (1, .infinity)] as [(Double, Double)])
    func aScalingThatIsNoNumberIsRefused(slope: Double, intercept: Double) {
        #expect {
            try read(File(slope: slope, intercept: intercept))
        } throws: { "\($0)".contains("scl_slope") }
    }

    @Test(arguments: [
        (128, "RGB"), (2304, "RGBA"), (32, "complex64"), (1792, "complex128"), (1536, "float128"), (1, "binary"),
        (0, "unknown"), (99, "not in the standard"),
    ])
    func whatIsNoRealNumberIsRefusedByName(code: Int, name: String) {
        #expect {
            try read(File(code: code))
        } throws: { "\($0)".contains("(\(name))") }
    }

    @Test(arguments: [1, 2], [16, 4000])
    func extensionsAreSkipped(version: Int, bytes: Int) throws {
        let image = try read(File(version: version, extensionBytes: bytes))
        #expect(image.volume.voxels == (0..<24).map(Float.init))
    }

    @Test func aFifthAxisIsFramesWhereNothingSaysOtherwise() throws {
        let image = try read(File(dim: [5, 2, 1, 1, 1, 3]))
        #expect(image.volume.frames == 3 && image.volume.voxels == [0, 1, 2, 3, 4, 5])
        #expect(image.header.warnings == ["the fifth axis of the image is read as 3 frames"])
        #expect(try read(File(dim: [7, 2, 1, 1, 4, 1, 1, 1])).volume.frames == 4)
    }

    @Test(
        arguments: [
            ([5, 2, 1, 1, 1, 3], 1007, "vectors"), ([5, 2, 1, 1, 1, 6], 1005, "tensors"),
            ([5, 2, 1, 1, 2, 3], 0, "more than one kind"), ([6, 2, 1, 1, 1, 1, 2], 0, "more than five"),
            ([6, 2, 1, 1, 1, 1, 2], 3006, "CIFTI"),
        ] as [([Int], Int, String)])
    func moreThanOneValueAVoxelIsRefusedByName(dim: [Int], intent: Int, name: String) {
        #expect {
            try read(File(dim: dim, intent: intent))
        } throws: { "\($0)".contains(name) }
    }

    /// The tolerance is 0.1 mm at any corner.
    @Test(arguments: [(0, false), (0.09, false), (0.11, true), (5, true)] as [(Double, Bool)])
    func aQformThatDisagreesIsWarnedOf(shift: Double, warns: Bool) throws {
        for version in [1, 2] {
            let image = try read(File(version: version, qformOffset: [-1 + shift, -2, -3]))
            #expect(image.header.affineRule == "sform" && image.volume.grid.worldFromVoxel.translation == [-1, -2, -3])
            #expect(image.header.warnings.contains { $0.contains("disagree") } == warns)
        }
    }

    @Test(arguments: [(1, 1000), (3, 0.001), (2, 1), (0, 1)] as [(Int, Double)])
    func distancesAreTurnedIntoMillimetres(unit: Int, scale: Double) throws {
        let image = try read(File(spatialUnit: unit))
        #expect(abs(image.volume.grid.voxelSize.x / (2 * scale) - 1) < 1e-12)
        #expect(image.header.warnings.isEmpty == (scale == 1))
    }

    @Test(arguments: ["a.hdr", "a.img"], [false, true])
    func aPairIsReadByEitherName(name: String, zipped: Bool) throws {
        try withTemporaryFolder { folder in
            var file = File(bigEndian: true, magic: "ni1\0")
            file.extensionBytes = 0
            var header = file.header()
            header.put(Float(0), at: 108)
            var voxels = FileBytes(bigEndian: true)
            voxels.append(Array(0..<24), as: "int16")
            let parts = [("a.hdr", header.bytes), ("a.img", voxels.bytes)]
            for (name, bytes) in parts {
                let stored = zipped ? try bytes.withUnsafeBytes { try Gzip.deflate($0) } : bytes
                try OutputFile.write(stored, to: "\(folder)/\(name)" + (zipped ? ".gz" : ""))
            }
            let image = try StoredImage.read("\(folder)/\(name)" + (zipped ? ".gz" : ""))
            #expect(image.volume.voxels == (0..<24).map(Float.init))
            #expect(throws: ImageProblem.self) { try reading(header.bytes) { try NIfTI.read(bytes: $0) } }
        }
    }

    @Test(arguments: ["a.img", "a.hdr", "a.nii.gz", "a", "a.mgz"])
    func aSingleFileIsReadUnderAnyName(name: String) throws {
        for zipped in [false, true] {
            try withTemporaryFolder { folder in
                let bytes = File().bytes()
                let stored = zipped ? try bytes.withUnsafeBytes { try Gzip.deflate($0) } : bytes
                try OutputFile.write(stored, to: "\(folder)/\(name)")
                #expect(try StoredImage.read("\(folder)/\(name)").volume.voxels == (0..<24).map(Float.init))
            }
        }
    }

    @Test func anAnalyzeHeaderIsRefusedByName() {
        #expect {
            try read(File(magic: "\0\0\0\0"))
        } throws: { "\($0)".contains("Analyze 7.5") }
    }

    /// 2^45 voxels promised by 600 bytes, plain and gzipped.
    @Test(arguments: [false, true])
    func aPromiseTheFileCannotHoldIsRefusedBeforeMemoryIsTaken(zipped: Bool) throws {
        var header = File(version: 2, voxels: []).header()
        for axis in 1...3 { header.put(Int64(1 << 15), at: 16 + 8 * axis) }
        let bytes = zipped ? try header.bytes.withUnsafeBytes { try Gzip.deflate($0) } : header.bytes
        #expect {
            try reading(bytes) { try NIfTI.read(bytes: $0) }
        } throws: { "\($0)".contains("was expected") }
    }

    /// Gzip that could hold 300 MiB but holds 64: found out by its length alone.
    @Test func anUnlikelyPromiseIsCheckedBeforeMemoryIsTaken() throws {
        var header = File(version: 2, code: 2, type: "uint8", voxels: []).header()
        for (axis, size) in [1024, 1024, 300].enumerated() { header.put(Int64(size), at: 24 + 8 * axis) }
        let part = header.bytes + [UInt8](repeating: 0, count: 64 << 20)
        // Zeros after the last member are padding, and let the file be large enough for the promise.
        let packed = try part.withUnsafeBytes { try Gzip.deflate($0, level: 1) } + [UInt8](repeating: 0, count: 400_000)
        let problem = try #require(throws: ImageProblem.self) { try reading(packed) { try NIfTI.read(bytes: $0) } }
        #expect(problem == .truncated(needed: 544 + 1024 * 1024 * 300, available: part.count))
    }
}
