import TestSupport
import Testing
import Tremor

@Suite struct GT3XRecordingTests {
    static let g = AccelerationUnit.standardGravity
    static func read(_ file: GT3XFile) throws -> ReadRecording {
        try ReadRecording(GT3XRecording(FileBytes(file.bytes)))
    }

    /// A second of 30 samples in the order y, x, z.
    static func second(_ x: Int, _ y: Int, _ z: Int) -> [UInt8] {
        GT3XFile.packed((0..<30).flatMap { [y, x, z + $0] })
    }

    static func seconds(_ times: [Int]) -> GT3XFile {
        var file = GT3XFile()
        for time in times { file.add(0, time, second(-100, 200, 256)) }
        return file
    }

    /// The example of ActiGraph's document: "00 60 08 EB D0 07 00 9E BF 00 70 08 EB F0" is y 6, x 8, z -323 and two more.
    @Test func theDocumentsExampleIsReadInItsOrder() throws {
        var file = GT3XFile()
        file.info[2] = "Acceleration Scale: 341.0"
        file.add(0, 0, [0x00, 0x60, 0x08, 0xEB, 0xD0, 0x07, 0x00, 0x9E, 0xBF, 0x00, 0x70, 0x08, 0xEB, 0xF0])
        let read = try Self.read(file)
        #expect(read.count == 3)
        for (axis, values) in [[8.0, 9, 8], [6, 7, 7], [-323, -321, -321]].enumerated() {
            #expect(agree(read.acceleration[axis], values.map { $0 / 341 * Self.g }, 1e-12))
        }
    }

    @Test func sixteenBitsAreInTheOrderXYZ() throws {
        var file = GT3XFile()
        file.add(26, 5, GT3XFile.shorts([256, -512, 32767, -32768, 0, 1]))
        file.add(27, 6, GT3XFile.packed([256, -512, 2047, -2048, 0, 1]))
        let read = try Self.read(file)
        #expect(
            agree(read.sampleG(0), [1, -2, 32767.0 / 256], 1e-12)
                && agree(read.sampleG(1), [-128, 0, 1 / 256.0], 1e-12))
        #expect(
            agree(read.sampleG(2), [1, -2, 2047.0 / 256], 1e-12) && agree(read.sampleG(3), [-8, 0, 1 / 256.0], 1e-12))
        #expect(read.stamps == [.init(place: 0, timeS: 0), .init(place: 2, timeS: 1)])
    }

    /// Parameters, then info.txt (with a decimal comma too), then the device's family. 0x09400000 is 256, the document's example.
    @Test func theScaleComesFromTheParametersFirst() throws {
        func unit(_ info: [String], _ parameters: [UInt8]?) throws -> Double {
            var file = GT3XFile()
            file.info = info + ["Sample Rate: 30"]
            if let parameters { file.add(21, 0, parameters) }
            file.add(26, 0, GT3XFile.shorts([1024, 0, 0]))
            return 1024 / (try Self.read(file)).sampleG(0)[0]
        }
        let parameters: [UInt8] = [1, 0, 10, 0, 30, 0, 0, 0, 0, 0, 55, 0, 0, 0, 0x40, 9]
        #expect(abs(try unit(["Serial Number: MOS2", "Acceleration Scale: 341.0"], parameters) - 256) < 1e-9)
        #expect(abs(try unit(["Acceleration Scale: 341,5"], nil) - 341.5) < 1e-9)
        #expect(abs(try unit(["Serial Number: CLE2"], nil) - 341) < 1e-9)
        #expect(abs(try unit(["Serial Number: TAS1"], nil) - 256) < 1e-9)
        #expect(throws: RecordingError.self) { try unit(["Serial Number: XYZ"], nil) }
    }

    @Test func idleSleepIsAGapAndNoSampleIsMadeUp() throws {
        var file = Self.seconds([1000, 1001])
        file.add(3, 1002, [8])
        file.add(3, 1090, [9])
        file.add(0, 1090, Self.second(1, 2, 3))
        file.add(0, 1095, [0x5A])
        let source = try GT3XRecording(FileBytes(file.bytes))
        let read = try ReadRecording(source)
        #expect(read.count == 90 && read.stamps.map(\.timeS) == [0, 1, 90])
        #expect(read.flags == ["1 stretches of 88 s in all have no samples; the device went to sleep 1 times"])
        #expect(source.header.startEpochS == 1000 && source.header.nominalRateHz == 30 && !source.header.isUTC)
        #expect(source.header.accelerationRange == 8 * Self.g)
    }

    @Test func aWrongChecksumCostsOneRecord() throws {
        var file = Self.seconds([1000])
        file.add(0, 1001, Self.second(1, 2, 3), checksumError: 1)
        file.log += [0, 0, 0]
        file.add(0, 1002, Self.second(4, 5, 6))
        let read = try Self.read(file)
        #expect(read.stamps.map(\.timeS) == [0, 2] && read.count == 60)
        #expect(read.flags.contains("1 stretches of damaged bytes between records were left out"))
        #expect(abs(read.sampleG(30)[1] - 5.0 / 256) < 1e-12)
    }

    /// A size that was damaged must not swallow what follows.
    @Test func aDamagedSizeCostsOneRecord() throws {
        var file = Self.seconds([1000, 1001, 1002, 1003])
        file.log[144 + 7] = 0xFF
        #expect(try Self.read(file).stamps.map(\.timeS) == [0, 2, 3])
    }

    @Test func zerosBetweenRecordsAreNoDamage() throws {
        var file = Self.seconds([1000])
        file.log += [0, 0, 0, 0]
        file.add(0, 1001, Self.second(1, 2, 3))
        #expect(try Self.read(file).flags.isEmpty)
    }

    @Test func recordsOfOtherSizesAndSensorsAreCounted() throws {
        var file = Self.seconds([1000])
        file.add(0, 1001, GT3XFile.packed([Int](repeating: 1, count: 93)))
        file.add(25, 1001, [1, 2, 3])
        let read = try Self.read(file)
        #expect(read.count == 30 && read.flags.count == 2)
    }

    @Test func whatCannotBeScaledIsRefused() throws {
        var file = Self.seconds([1000])
        file.others = [("calibration.json", Array("{ \"isCalibrated\" : false }".utf8))]
        #expect(throws: RecordingError.self) { try Self.read(file) }
        file = Self.seconds([1000])
        file.info = ["Serial Number: MOS2"]
        #expect(throws: RecordingError.damaged("info.txt has no sample rate")) { try Self.read(file) }
        #expect(throws: RecordingError.empty) { try Self.read(GT3XFile()) }
        file = Self.seconds([1000])
        file.add(21, 1001, [0, 0, 55, 0, 0, 0, 0x40, 8])
        #expect(throws: RecordingError.unsupported("the scale of the samples changes within the recording")) {
            try Self.read(file)
        }
    }

    @Test func longRecordingsComeInBatchesAndTwiceTheSame() throws {
        let source = try GT3XRecording(FileBytes(Self.seconds(Array(1000..<1600)).bytes))
        let first = try ReadRecording(source)
        #expect(first.count == 18000 && first.batches == 3 && first.stamps.count == 600)
        try source.rewind()
        #expect(try ReadRecording(source) == first)
    }

    /// NHANES: one stream of samples from the start date, 30 Hz, 341 units a g.
    @Test func theFirstGenerationIsReadWithoutAClock() throws {
        let info = ["Serial Number: NEO1C16110020", "Sample Rate: 30", "Start Date: 634556532600000000"]
        let samples = (0..<20001).flatMap { [$0 % 100, -5, 341] }
        func archive(_ info: [String]) -> FileBytes {
            FileBytes(
                ZipFile.bytes([
                    ("info.txt", Array(info.joined(separator: "\n").utf8)), ("activity.bin", GT3XFile.packed(samples)),
                    ("lux.bin", [0, 0]),
                ]))
        }
        let source = try GT3XOldRecording(archive(info))
        let read = try ReadRecording(source)
        #expect(read.count == 20001 && read.stamps.map(\.place) == [0, 8192, 16384])
        #expect(agree(read.stamps.map(\.timeS), [0, 8192 / 30.0, 16384 / 30.0], 1e-9))
        #expect(agree(read.sampleG(20000), [-5.0 / 341, 0, 1], 1e-12))
        #expect(read.flags == ["the samples have no times; they follow from the stated rate"])
        // 2011-10-31 10:21:00, by Python's datetime.
        #expect(source.header.startEpochS == 1_320_056_460)
        #expect(throws: RecordingError.self) { try GT3XOldRecording(archive(["Serial Number: MOS", info[1]])) }
    }

    @Test func noDamagedFileTraps() throws {
        var file = Self.seconds([1000, 1001, 1005])
        file.add(21, 1006, [0, 0, 55, 0, 0, 0, 0x40, 9])
        for bytes in damaged(file.bytes, seed: 5) { try survives(bytes) { try GT3XRecording($0) } }
        // Damage within a sound archive.
        for log in damaged(file.log, seed: 6) {
            file.log = log
            try survives(file.bytes) { try GT3XRecording($0) }
        }
    }
}

/// Recordings of real devices, read by actfast 1.3.0; single precision of 1/256 g is exact.
@Suite(.enabled(if: ReferenceData.isPresent, "the reference recordings are absent"))
struct GT3XReferenceTests {
    @Test(arguments: [
        (
            "actfast/actigraph.gt3x", 4860, [-0.51953125, -0.51953125, -0.63671875],
            [-1.47265625, -0.02734375, -0.1171875],
            [0.1171875, 0.00390625, 0.9453125], [-2117.41015625, -1561.31640625, 262.7578125], 60.0, 1_714_488_780.0
        ),
        (
            "GGIR/actigraph_testfile.gt3x", 17640, [0.00390625, 0.0234375, -0.95703125], [-0.046875, -0.296875, 1.0],
            [-0.5, 0.01953125, -0.875], [1387.8828125, -843.0859375, 2186.76953125], 30, 1_598_436_540
        ),
    ])
    func everySampleIsWhatActfastFinds(
        path: String, count: Int, first: [Double], middle: [Double], last: [Double], sums: [Double], rate: Double,
        start: Double
    ) throws {
        let source = try reference(path)
        let read = try ReadRecording(source)
        #expect(read.count == count && source.header.nominalRateHz == rate && source.header.startEpochS == start)
        #expect(agree(read.sampleG(0), first, 1e-12) && agree(read.sampleG(count / 2), middle, 1e-12))
        #expect(agree(read.sampleG(count - 1), last, 1e-12) && agree(read.sumsG, sums, 1e-8))
    }

    /// 1768 s from the first to the last sample, 588 of them with samples: pygt3x fills the others by repeating the last sample
    /// and returns 53,040; the samples that the sensor took are 17,640.
    @Test func idleSleepIsLeftEmpty() throws {
        let read = try ReadRecording(reference("GGIR/actigraph_testfile.gt3x"))
        #expect(read.flags == ["23 stretches of 1180 s in all have no samples; the device went to sleep 23 times"])
        #expect(read.stamps.count == 588 && read.stamps.last?.timeS == 1767)
        // The longest: 261 s without a sample after 23:49 of the device's clock.
        let steps = zip(read.stamps.dropFirst(), read.stamps).map { $0.timeS - $1.timeS }
        #expect(steps.max() == 262)
    }
}
