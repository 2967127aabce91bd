import Records
import TestSupport
import Testing
import Tremor

/// Public recordings as text. Counts, rates (intervals over time) and sums of sizes by pandas 3.1.1 and numpy, which read the
/// same numbers; 1e-12 is the order of their sums.
@Suite(.enabled(if: ReferenceData.isPresent, "the reference data is not beside the checkout"))
struct TextReferenceTests {
    func open(_ path: String, _ options: RecordingOptions = .init()) throws -> any RecordingSource {
        try RecordingFile.open(ReferenceData.path("wearables/\(path)"), options: options)
    }

    static let files: [(path: String, count: Int, rateHz: Double, sum: Double)] = [
        ("mhealthtools/rest_tremor_data.csv", 862, 92.77432861495816, 8440.649380959867),
        ("mhealthtools/kinetic_tremor_data.csv", 869, 92.77398352386318, 8959.878320833377),
        ("mhealthtools/gravity_data.csv", 990, 100.02075169445766, 9708.58349914371),
        ("pdkit/kinetic_tremor_left_hand.csv", 1491, 49.6601992533839, 17055.194451979587),
        ("pdkit/pronation_supination_left_hand.csv", 1488, 49.55839867382125, 15682.56498947027),
        ("pdkit/cloudupdrs_gait.csv", 1126, 48.36157850128801, 11543.296294441996),
        ("pdkit/mpower_tremor.json", 1952, 102.61166407981095, 20398.090861320947),
        ("pdkit/mpower_gait.json", 2023, 101.09559602309686, 20037.125290691773),
        ("daphnet/S01R02.txt", 52095, 63.99998034323174, 576099.0974925765),
        ("daphnet/S02R01.txt", 72561, 64, 807441.0900952094),
        ("mahadevan/sample_wrist_accelerometer_data.csv", 12000, 100, 121116.24408135613),
        // Its stamps go from 1551178506.0000 to 1551178508.1075, which are no longer exact as Doubles.
        ("GGIR/ax3_testfile_unix_timestamps.csv", 210, 209 / 2.1075, 2181.5874103315937),
    ]

    @Test(arguments: files)
    func everySampleIsRead(file: (path: String, count: Int, rateHz: Double, sum: Double)) throws {
        let source = try open(file.path)
        let samples = try Samples(source)
        #expect(samples.count == file.count)
        #expect(abs(samples.rateHz / file.rateHz - 1) < 1e-9)
        #expect(abs(samples.sumOfSizes / file.sum - 1) < 1e-12)
        try source.rewind()
        #expect(try Samples(source).bits == samples.bits)
    }

    @Test func userAccelerationNeedsItsUnit() throws {
        #expect(sentence { _ = try open("mhealthtools/accelerometer_data.csv") }.contains("give --unit"))
        let samples = try Samples(open("mhealthtools/accelerometer_data.csv", .init(unit: .g)))
        #expect(samples.count == 990 && abs(samples.rateHz - 100.02075169445766) < 1e-7)
        #expect(abs(samples.sumOfSizes / 58.69 - 1) < 1e-3)
    }

    @Test func aWatchsRotationIsRead() throws {
        let samples = try Samples(open("mhealthtools/rest_tremor_data.csv"))
        let sum = samples.angularRate.joined().reduce(0) { $0 + abs($1) }
        #expect(abs(sum / 31.0852122363749 - 1) < 1e-12)
    }

    /// Steps by numpy: 19535 of 15 ms and 32559 of 16 ms.
    @Test func daphnetsStepsAreFifteenAndSixteenMilliseconds() throws {
        let source = try open("daphnet/S01R02.txt")
        let times = try Samples(source).times
        let steps = zip(times.dropFirst(), times).map { (($0 - $1) * 1000).rounded() }
        #expect(steps.filter { $0 == 15 }.count == 19535 && steps.filter { $0 == 16 }.count == 32559)
        #expect(source.header.sensors == ["ankle", "thigh", "trunk"])
        var options = RecordingOptions()
        for (sensor, sum) in [("thigh", 540096.9175855153), ("trunk", 521363.04545166163)] {
            options.sensor = sensor
            #expect(abs(try Samples(open("daphnet/S01R02.txt", options)).sumOfSizes / sum - 1) < 1e-12)
        }
    }

    @Test func stampsTellTheDate() throws {
        let watch = try open("mahadevan/sample_wrist_accelerometer_data.csv").header
        #expect(watch.startEpochS == 1_553_180_280.5 && !watch.isUTC && watch.stampPrecisionS == 0.001)
        let axivity = try open("GGIR/ax3_testfile_unix_timestamps.csv").header
        #expect(axivity.startEpochS == 1_551_178_506 && axivity.isUTC && axivity.stampPrecisionS == 1e-4)
    }

    /// This file's acceleration, in columns 5 to 7, is 16 times too large.
    @Test func columnsWithoutAKnownUnitAreRefused() throws {
        #expect(sentence { _ = try open("GGIR/ax6_testfile_formatted_timestamps.csv") }.contains("give --unit"))
        let options = columns(["t": "1", "x": "5", "y": "6", "z": "7"], unit: .metresPerSecondSquared)
        let samples = try Samples(open("GGIR/ax6_testfile_formatted_timestamps.csv", options))
        #expect(samples.count == 210 && abs(samples.rateHz / 99.05213270142181 - 1) < 1e-9)
        #expect(abs(samples.sumOfSizes / 3315.0577098540225 - 1) < 1e-12)
    }

    @Test func allMovementsOfACompleteSessionAreReadAt100Hz() throws {
        let folder = ReferenceData.path("wearables/pdkit/session_2458")
        let names = try InputFile.list(folder)
        for name in names where name.hasPrefix("T_") {
            let samples = try Samples(RecordingFile.open("\(folder)/\(name)"))
            #expect(abs(samples.rateHz - 100) < 0.001 && samples.count > 3190)
        }
        for name in names where !name.hasPrefix("T_") {
            #expect(throws: FileProblem.self) { try Samples(RecordingFile.open("\(folder)/\(name)")) }
        }
    }

    @Test(arguments: [
        ("GGIR/ukbiobank.csv", "one mean acceleration per 5seconds"), ("GGIRread/ActiGraph13.csv", "counts of 15 s"),
        ("GGIRread/ActiGraph13_timestamps_headers.csv", "counts of 1 s"), ("GGIRread/ActiGraph61.csv", "counts of 5 s"),
        ("mhealthtools/tap_data.csv", "no three axes"), ("mhealthtools/gyroscope_data.csv", "give --unit"),
        ("pdkit/finger_tapping_two_target_right_hand.csv", "only ever 0 or 1"),
        ("pdkit/mpower_finger_tapping.json", "TapCoordinate"),
        ("paradigma/tremor_expected.csv", "no three axes"), ("daphnet/README", "no table of numbers"),
        ("MANIFEST.md", "no table"),
    ])
    func whatIsNoRecordingIsRefused(path: String, part: String) {
        #expect(sentence { _ = try Samples(open(path)) }.contains(part))
    }

    /// pdkit's file of a wrong format ends within its fifth line.
    @Test func aFileThatEndsWithinALineIsSaidAndTooShort() throws {
        let source = try open("pdkit/kinetic_tremor_wrong_format.csv")
        #expect(try Samples(source).count == 4 && source.flags.contains { $0.contains("line 5, the last, breaks off") })
        let bytes = try InputFile.read(ReferenceData.path("wearables/pdkit/kinetic_tremor_wrong_format.csv"))
        #expect(throws: RecordingError.tooFewSamples(4)) { try RecordingCSV.read(bytes) }
    }
}
