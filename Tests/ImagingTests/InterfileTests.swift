import Imaging
import Records
import Testing
import TestSupport

/// Interfile pairs written byte by byte.
@Suite struct InterfileTests {
    static func header(_ more: [String: String] = [:]) -> [UInt8] {
        var fields = [
            "!imagedata byte order": "LITTLEENDIAN", "!number format": "float", "!number of bytes per pixel": "4",
            "name of data file": "a.v", "!matrix size [1]": "2", "!matrix size [2]": "3", "!matrix size [3]": "4",
            "scaling factor (mm/pixel) [1]": "2", "scaling factor (mm/pixel) [2]": "3",
            "scaling factor (mm/pixel) [3]": "4", "first pixel offset (mm) [1]": "-10",
            "first pixel offset (mm) [2]": "-20", "first pixel offset (mm) [3]": "5", "patient orientation": "head_in",
            "patient rotation": "supine",
        ]
        for (key, value) in more { fields[key] = value.isEmpty ? nil : value }
        let lines = fields.sorted { $0.key < $1.key }.map { "\($0.key) := \($0.value)" }
        return Array(
            (["!INTERFILE  :="] + lines + ["!END OF INTERFILE :=", "matrix size [1] := 99"])
                .joined(separator: "\r\n").utf8)
    }

    static func voxels(_ type: String = "float32", bigEndian: Bool = false, count: Int = 24) -> [UInt8] {
        var file = FileBytes(bigEndian: bigEndian)
        file.append(Array(0..<count), as: type)
        return file.bytes
    }

    func read(_ header: [UInt8], _ voxels: [UInt8]) throws -> StoredImage {
        try reading(header) { h in try reading(voxels) { try Interfile.read(header: h, data: $0) } }
    }

    static let numbers: [(String, Int, String)] = [
        ("float", 4, "float32"), ("short float", 4, "float32"), ("long float", 8, "float64"),
        ("signed integer", 1, "int8"), ("signed integer", 2, "int16"), ("signed integer", 4, "int32"),
        ("unsigned integer", 1, "uint8"), ("unsigned integer", 2, "uint16"), ("unsigned integer", 4, "uint32"),
    ]

    @Test(arguments: numbers, [false, true])
    func everyNumberInBothByteOrders(_ type: (String, Int, String), bigEndian: Bool) throws {
        let header = Self.header([
            "!number format": type.0, "!number of bytes per pixel": "\(type.1)",
            "!imagedata byte order": bigEndian ? "BIGENDIAN" : "LITTLEENDIAN",
        ])
        let image = try read(header, Self.voxels(type.2, bigEndian: bigEndian))
        #expect(image.volume.voxels == (0..<24).map(Float.init) && image.datatype == type.2)
        #expect(image.volume.grid.voxelSize == [2, 3, 4] && image.warnings.isEmpty)
    }

    static let positions: [(String, String, String, SIMD3<Double>)] = [
        ("head_in", "supine", "LPI", [10, 20, -5]), ("head_in", "prone", "RAI", [-10, -20, -5]),
        ("feet_in", "supine", "RPS", [-10, 20, 5]), ("feet_in", "prone", "LAS", [10, -20, 5]),
    ]

    /// STIR's `get_physical_coordinates` conventions for the four ways to lie; x is left of a supine patient, head first.
    @Test(arguments: positions)
    func howThePatientLayGivesTheAxes(orientation: String, rotation: String, code: String, first: SIMD3<Double>) throws
    {
        let header = Self.header(["patient orientation": orientation, "patient rotation": rotation])
        let grid = try read(header, Self.voxels()).volume.grid
        #expect(grid.orientation == code && grid.worldFromVoxel.translation == first)
    }

    @Test func framesHaveTheirOwnScaleAndTimes() throws {
        let header = Self.header([
            "number of time frames": "2", "image scaling factor[1]": "2", "image scaling factor[2]": "10",
            "image relative start time (sec)[1]": "0", "image duration (sec)[1]": "30",
            "image relative start time (sec)[2]": "30", "image duration (sec)[2]": "60", "data offset in bytes[1]": "4",
        ])
        let image = try read(header, [1, 2, 3, 4] + Self.voxels(count: 48))
        #expect(image.volume[1, 0, 0] == 2 && image.volume[1, 0, 0, frame: 1] == 250)
        #expect(image.frameTimes == [.init(startS: 0, durationS: 30), .init(startS: 30, durationS: 60)])
        let listed = Self.header([
            "number of time frames": "2", "image scaling factor": "{2, 10}", "data offset in bytes": "{96, 0}",
        ])
        let swapped = try read(listed, Self.voxels(count: 48)).volume
        #expect(swapped[1, 0, 0] == 50 && swapped[1, 0, 0, frame: 1] == 10)
    }

    @Test func quantificationUnitsScaleWhereNothingElseDoes() throws {
        #expect(try read(Self.header(["quantification units": "3"]), Self.voxels()).volume[1, 0, 0] == 3)
        let both = try read(
            Self.header(["quantification units": "3", "image scaling factor[1]": "2"]), Self.voxels())
        #expect(both.volume[1, 0, 0] == 2 && both.warnings.count == 1)
    }

    @Test func whatTheHeaderLeavesOpenIsSaid() throws {
        let header = Self.header([
            "patient orientation": "", "first pixel offset (mm) [1]": "", "imagedata byte order": "",
            "!imagedata byte order": "", "scaling factor (mm/pixel) [3]": "",
        ])
        let image = try read(header, Self.voxels(bigEndian: true))
        #expect(image.warnings.count == 4 && image.volume.voxels == (0..<24).map(Float.init))
    }

    static let refused: [([String: String], String)] = [
        (["PET data type": "Emission"], "emission"), (["process status": "Acquired"], "projections"),
        (["!number format": "bit"], "bit"), (["!number of bytes per pixel": "3"], "3 bytes"),
        (["!matrix size [1]": ""], "matrix size"), (["!matrix size [2]": "x"], "matrix size"),
        (["!matrix size [3]": "-4"], "matrix size"), (["name of data file": ""], "name of data file"),
        (["number of time frames": "0"], "time frames"), (["number of time frames": "2"], "was expected"),
        (["data offset in bytes[1]": "-1"], "data offset"), (["data offset in bytes[1]": "9999"], "was expected"),
        (["image scaling factor[1]": "0"], "image scaling factor"), (["!imagedata byte order": "MIDDLE"], "byte order"),
        (["data compression": "zip"], "compressed"),
    ]

    @Test(arguments: refused)
    func whatIsNotReadIsRefusedByName(more: [String: String], name: String) {
        #expect {
            try read(Self.header(more), Self.voxels())
        } throws: { "\($0)".contains(name) }
    }

    @Test func aPairIsReadByItsHeaderAndTheVoxelsPointToIt() throws {
        try withTemporaryFolder { folder in
            try OutputFile.write(Self.header(), to: "\(folder)/a.hv")
            #expect {
                try StoredImage.read("\(folder)/a.hv")
            } throws: { ($0 as? FileProblem)?.kind == .noInput }
            try OutputFile.write(Self.voxels(), to: "\(folder)/a.v")
            let image = try StoredImage.read("\(folder)/a.hv")
            #expect(image.format == "Interfile" && image.volume.voxels.last == 23)
            #expect {
                try StoredImage.read("\(folder)/a.v")
            } throws: { "\($0)".contains("a.hv") }
        }
    }

    @Test func damagedHeadersNeverTrap() throws {
        let (header, voxels) = (Self.header(["number of time frames": "2"]), Self.voxels(count: 48))
        for place in header.indices {
            for value: UInt8 in [0, 0x2D, 0x39, 0x3A, 0xFF] {
                var damaged = header
                damaged[place] = value
                _ = try? read(damaged, voxels)
            }
        }
        for length in header.indices { _ = try? read(Array(header[..<length]), voxels) }
        #expect(try read(header, voxels).volume.frames == 2)
    }
}
