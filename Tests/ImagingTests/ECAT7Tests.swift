import Imaging
import Records
import Testing
import TestSupport

/// ECAT 7 files written field by field.
@Suite struct ECAT7Tests {
    static func frame(_ number: Int, first: Int = 0) -> ECATFile.Frame {
        ECATFile.Frame(number: number, voxels: (0..<24).map { first + $0 })
    }

    func read(_ file: ECATFile) throws -> StoredImage { try reading(file.bytes) { try ECAT7.read(bytes: $0) } }

    @Test(arguments: [(1, "uint8"), (5, "float32"), (6, "int16"), (7, "int32")])
    func everyTypeIsRead(type: Int, name: String) throws {
        var file = ECATFile(frames: [Self.frame(1)])
        file.dataType = type
        let image = try read(file)
        // Head first: stored from the other end of every axis.
        #expect(image.volume.voxels == (0..<24).reversed().map(Float.init) && image.datatype == name)
        #expect(image.format == "ECAT 7" && image.units == "Bq/mL" && image.warnings.isEmpty)
        // Centimetres in Float32; the centre at the origin.
        let grid = image.volume.grid
        #expect(norm(grid.voxelSize - [2, 3, 4]) < 1e-6 && grid.orientation == "RAS")
        #expect(norm(grid.worldFromVoxel([0.5, 1, 1.5])) < 1e-6)
    }

    @Test(arguments: [2, 3, 4, 0, 9])
    func otherTypesAreRefusedByNumber(type: Int) {
        var file = ECATFile(frames: [Self.frame(1)])
        file.dataType = type
        #expect {
            try read(file)
        } throws: { "\($0)".contains("ECAT type \(type)") }
    }

    @Test(arguments: [1, 3, 11, 14, 0])
    func whatIsNoVolumeIsRefused(type: Int) {
        var file = ECATFile(frames: [Self.frame(1)])
        file.fileType = type
        #expect {
            try read(file)
        } throws: { "\($0)".contains("type \(type)") }
    }

    /// nibabel 5.4.2 `_get_oriented_data`: odd codes reverse all axes, even ones rows and slices, 8 nothing.
    @Test(
        arguments: [(3, [1, 2, 3]), (1, [1, 2, 3]), (2, [0, 2, 3]), (0, [0, 2, 3]), (8, [0, 0, 0])]
            as [(Int, SIMD3<Int>)])
    func voxelsAreInNibabelsOrder(orientation: Int, first: SIMD3<Int>) throws {
        var file = ECATFile(frames: [Self.frame(1)])
        file.orientation = orientation
        let image = try read(file)
        #expect(image.volume[first.x, first.y, first.z] == 0)
        #expect(image.volume[1 - first.x, 2 - first.y, 3 - first.z] == 23)
        #expect(image.warnings.isEmpty == (orientation == 2 || orientation == 3))
    }

    /// stored · SCALE_FACTOR of the frame · ECAT_CALIBRATION_FACTOR, the last only where not calibrated already.
    @Test(
        arguments: [(0, 4, 4, true), (1, 4, 1, false), (1, 1, 1, true), (0, 0, 1, true)] as [(Int, Float, Double, Bool)]
    )
    func eachFrameHasItsScaleAndCalibrationIsNotAppliedTwice(
        units: Int, factor: Float, applied: Double, silent: Bool
    ) throws {
        var file = ECATFile(frames: [Self.frame(1), Self.frame(2)])
        (file.calibrationUnits, file.calibrationFactor) = (units, factor)
        file.frames[0].scale = 0.5
        file.frames[1].scale = 0.25
        let image = try read(file)
        #expect(image.volume[0, 0, 0] == Float(23 * 0.5 * applied))
        #expect(image.volume[0, 0, 0, frame: 1] == Float(23 * 0.25 * applied))
        #expect(!image.warnings.contains { $0.contains("ECAT_CALIBRATION_FACTOR") } == silent)
        // Counts that nothing calibrates have no unit.
        #expect(image.units == (units == 0 && factor == 0 ? nil : "Bq/mL"))
    }

    @Test func timesAreMillisecondsAndFramesAreInOrderOfTheirNumber() throws {
        // 70 frames need three directory blocks; they stand in the file backwards.
        var file = ECATFile(frames: (1...70).map { Self.frame($0, first: 100 * $0) })
        for n in 0..<70 { (file.frames[n].startMs, file.frames[n].durationMs) = (1500 * n, 1500) }
        file.order = Array((0..<70).reversed())
        for zipped in [false, true] {
            let bytes = zipped ? try file.bytes.withUnsafeBytes { try Gzip.deflate($0) } : file.bytes
            let image = try reading(bytes) { try ECAT7.read(bytes: $0) }
            #expect(image.volume.frames == 70 && image.warnings.isEmpty)
            for n in 0..<70 { #expect(image.volume[1, 2, 3, frame: n] == Float(100 * (n + 1))) }
            let header = try #require(image.ecat)
            #expect(header.frames.map(\.startS) == (0..<70).map { 1.5 * Double($0) })
            #expect(header.frames.allSatisfy { $0.durationS == 1.5 })
        }
    }

    @Test func theHeaderIsReadWithoutThePatient() throws {
        let header = try #require(read(ECATFile(frames: [Self.frame(1)])).ecat)
        #expect(header.isotope == "F-18" && header.radiopharmaceutical == "FDOPA" && header.dataUnits == "Bq/ml")
        #expect(header.scanStart == 1_556_622_282 && header.doseStart == 1_556_622_222)
        #expect(header.massKg == 70 && header.height == 170 && header.sex == "F" && header.dosage == 2e8)
        #expect(!"\(header)".contains("SECRET") && !"\(header)".contains("123456789"))
    }

    @Test func whatIsDoubtfulIsSaid() throws {
        var file = ECATFile(frames: [Self.frame(1)])
        file.frameCount = 9
        #expect(try read(file).warnings.first?.contains("9 frames") == true)
        file.frameCount = nil
        file.offsetCm = [1, 0, 0]
        let moved = try read(file)
        #expect(moved.warnings.count == 1 && abs(moved.volume.grid.worldFromVoxel([0.5, 1, 1.5]).x - 10) < 1e-6)
        file.offsetCm = [0, 0, 0]
        file.dataUnits = ""
        #expect(try read(file).units == nil)
    }

    @Test func framesOfAnotherSizeOrScaleZeroAreRefused() throws {
        var file = ECATFile(frames: [Self.frame(1)])
        file.frames[0].scale = 0
        #expect(throws: ImageProblem.self) { try read(file) }
        var two = ECATFile(frames: [Self.frame(1), Self.frame(2)]).bytes
        // The second subheader: main, directory, subheader, voxels, subheader.
        two[4 * 512 + 5] = 3
        #expect {
            try reading(two) { try ECAT7.read(bytes: $0) }
        } throws: { "\($0)".contains("frame 2 has another size") }
    }

    /// The directory is the part that points around the file: continued elsewhere, too many or no entries, a frame
    /// inside the headers or behind the end, deleted.
    @Test(
        arguments: [
            (4, Int32(2_000_000_000), "was expected"), (12, 32, "entries"), (12, -1, "entries"), (12, 0, "no frame"),
            (20, 1, "block 1"), (20, 2_000_000_000, "was expected"), (28, 3, "no frame"),
        ] as [(Int, Int32, String)])
    func aDirectoryThatMisleadsIsRefused(place: Int, value: Int32, message: String) {
        var bytes = ECATFile(frames: [Self.frame(1)]).bytes
        bytes.replaceSubrange((512 + place)..<(516 + place), with: withUnsafeBytes(of: value.bigEndian) { Array($0) })
        #expect {
            try reading(bytes) { try ECAT7.read(bytes: $0) }
        } throws: { "\($0)".contains(message) }
    }

    @Test func aDirectoryThatGoesBackIsRefused() {
        var bytes = ECATFile(frames: (1...40).map { Self.frame($0) }).bytes
        // The second directory block names itself as the next.
        let second = bytes[516..<520].reduce(0) { $0 << 8 | Int($1) }
        bytes.replaceSubrange(((second - 1) * 512 + 4)..<((second - 1) * 512 + 8), with: bytes[516..<520])
        #expect {
            try reading(bytes) { try ECAT7.read(bytes: $0) }
        } throws: { "\($0)".contains("going forward") }
    }

    @Test func aFileCutAnywhereIsRefused() {
        let whole = ECATFile(frames: [Self.frame(1), Self.frame(2)]).bytes
        let end = 5 * 512 + 48
        for length in 0..<end {
            #expect(throws: ImageProblem.self) { try reading(Array(whole[..<length])) { try ECAT7.read(bytes: $0) } }
        }
        #expect(throws: Never.self) { try reading(Array(whole[..<end])) { try ECAT7.read(bytes: $0) } }
    }

    @Test func aDamagedHeaderNeverTraps() {
        let whole = ECATFile(frames: [Self.frame(1), Self.frame(2)]).bytes
        var refused = 0
        for place in 0..<1200 {
            for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
                var damaged = whole
                damaged[place] = value
                do { _ = try reading(damaged) { try StoredImage.read(bytes: $0) } } catch { refused += 1 }
            }
        }
        #expect(refused > 100)
    }
}
