import Imaging
import Records
import Testing
import TestSupport

/// MetaImage files written byte by byte.
@Suite struct MetaImageTests {
    static func file(
        type: String = "MET_SHORT", bigEndian: Bool = false, stored: String = "int16", size: String = "2 3 4",
        count: Int = 24, more: [String] = geometry, dataFile: String = "LOCAL"
    ) -> [UInt8] {
        var file = FileBytes(bigEndian: bigEndian)
        file.append("ObjectType = Image\nNDims = \(size.split(separator: " ").count)\nBinaryData = True\n")
        file.append("BinaryDataByteOrderMSB = \(bigEndian ? "True" : "False")\nDimSize = \(size)\n")
        for line in more { file.append(line + "\n") }
        file.append("ElementType = \(type)\nElementDataFile = \(dataFile)\n")
        file.append(Array(0..<count), as: stored)
        return file.bytes
    }

    static let geometry = [
        "TransformMatrix = 0 1 0 -1 0 0 0 0 1", "Offset = 10 20 30", "ElementSpacing = 2 3 4",
        "CenterOfRotation = 0 0 0", "AnatomicalOrientation = ???",
    ]

    func read(_ bytes: [UInt8]) throws -> StoredImage { try reading(bytes) { try MetaImage.read(bytes: $0) } }

    static let types = [
        ("MET_CHAR", "int8"), ("MET_UCHAR", "uint8"), ("MET_SHORT", "int16"), ("MET_USHORT", "uint16"),
        ("MET_INT", "int32"), ("MET_UINT", "uint32"), ("MET_LONG_LONG", "int64"), ("MET_ULONG_LONG", "uint64"),
        ("MET_FLOAT", "float32"), ("MET_DOUBLE", "float64"),
    ]

    @Test(arguments: types, [false, true])
    func everyTypeInBothByteOrders(_ type: (String, String), bigEndian: Bool) throws {
        let image = try read(Self.file(type: type.0, bigEndian: bigEndian, stored: type.1))
        #expect(image.volume.voxels == (0..<24).map(Float.init) && image.datatype == type.1)
        #expect(image.warnings.isEmpty)
    }

    /// The rows of TransformMatrix are the axes' directions in LPS: i to the back, j to the right, k up.
    @Test func theMatrixHasTheDirectionOfAnAxisInEachRow() throws {
        let grid = try read(Self.file()).volume.grid
        #expect(grid.orientation == "PRS" && grid.voxelSize == [2, 3, 4])
        #expect(
            grid.worldFromVoxel([0, 0, 0]) == [-10, -20, 30] && grid.worldFromVoxel([1, 0, 0]) == [-10, -22, 30])
        #expect(grid.worldFromVoxel([0, 1, 0]) == [-7, -20, 30])
    }

    @Test func aFourthAxisIsFrames() throws {
        let more = [
            "TransformMatrix = 1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1", "Offset = 1 2 3 0", "ElementSpacing = 2 3 4 60",
        ]
        let image = try read(Self.file(size: "2 3 4 5", count: 120, more: more))
        #expect(image.volume.frames == 5 && image.volume[0, 0, 0, frame: 4] == 96)
        #expect(image.volume.grid.orientation == "LPS")
    }

    @Test(arguments: ["a.raw", "a.zraw"])
    func theVoxelsMayBeInAFileOfTheirOwn(name: String) throws {
        try withTemporaryFolder { folder in
            let whole = Self.file(
                more: Self.geometry + (name == "a.zraw" ? ["CompressedData = True"] : []), dataFile: name)
            try OutputFile.write(Array(whole.dropLast(48)), to: "\(folder)/a.mhd")
            #expect {
                try StoredImage.read("\(folder)/a.mhd")
            } throws: { ($0 as? FileProblem)?.kind == .noInput }
            // gzip is what some writers put there instead of zlib.
            let voxels = Array(whole.suffix(48))
            try OutputFile.write(
                name == "a.zraw" ? voxels.withUnsafeBytes { try Gzip.deflate($0) } : voxels, to: "\(folder)/\(name)")
            #expect(try StoredImage.read("\(folder)/a.mhd").volume.voxels == (0..<24).map(Float.init))
            #expect {
                try StoredImage.read("\(folder)/\(name)")
            } throws: { "\($0)".contains("name the header") }
        }
    }

    @Test(arguments: [0, 5, -1])
    func aHeaderBeforeTheVoxelsIsSkipped(size: Int) throws {
        var bytes = Self.file(more: Self.geometry + ["HeaderSize = \(size)"])
        bytes = bytes.dropLast(48) + [UInt8](repeating: 9, count: size == 0 ? 0 : 5) + bytes.suffix(48)
        #expect(try read(bytes).volume.voxels == (0..<24).map(Float.init))
    }

    @Test func whatITKLeavesOutIsSaid() throws {
        let scaled = try read(Self.file(more: Self.geometry + ["ElementToIntensityFunctionSlope = 2"]))
        #expect(scaled.volume.voxels.last == 46 && scaled.warnings.count == 1)
        let turned = try read(
            Self.file(more: Self.geometry.filter { !$0.hasPrefix("Center") } + ["CenterOfRotation = 1 0 0"]))
        #expect(turned.warnings.count == 1 && turned.volume.grid.worldFromVoxel.translation == [-10, -20, 30])
        #expect(try read(Self.file(more: [])).warnings.count == 2)
    }

    static let refused: [([String], String)] = [
        (["ObjectType = Tube"], "Tube"), (["NDims = 5"], "NDims"), (["DimSize = 2 3"], "DimSize"),
        (["DimSize = 2 3 x"], "DimSize"), (["ElementNumberOfChannels = 3"], "3 values"),
        (["BinaryData = False"], "text"),
        (["Offset = 1 2"], "offset"), (["ElementSpacing = 1 1 nan"], "elementspacing"),
        (["ElementSpacing = 1 1 0"], "cannot be inverted"), (["HeaderSize = -2"], "HeaderSize"),
        (["HeaderSize = 999999"], "was expected"), (["DimSize = 2000 3000 4000"], "was expected"),
        (["CompressedData = True"], "gzip"),
    ]

    @Test(arguments: refused)
    func whatIsNotReadIsRefusedByName(more: [String], name: String) {
        // A field given again counts.
        #expect {
            try read(Self.file(more: Self.geometry + more))
        } throws: { "\($0)".contains(name) }
    }

    @Test(arguments: ["LIST", "slice%03d.raw 1 4 1"])
    func severalFilesAreRefused(dataFile: String) {
        #expect {
            try read(Self.file(dataFile: dataFile))
        } throws: { "\($0)".contains("several files") }
        #expect {
            try read(Self.file(type: "MET_LONG"))
        } throws: { "\($0)".contains("MET_LONG") }
    }
}
