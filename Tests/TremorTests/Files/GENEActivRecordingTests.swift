import TestSupport
import Testing
import Tremor

@Suite struct GENEActivRecordingTests {
    static let g = AccelerationUnit.standardGravity
    static func read(_ file: GENEActivFile) throws -> ReadRecording {
        try ReadRecording(GENEActivRecording(FileBytes(file.bytes)))
    }

    static func steady(_ times: [String?]) -> GENEActivFile {
        GENEActivFile(times.map { .init($0, (0..<300).map { [$0, -$0, 256] }) })
    }

    /// GENEActiv Instruction Manual: (value × 100 − offset) / gain, g.
    @Test func theHeadersCalibrationIsApplied() throws {
        let file = GENEActivFile([.init("2024-10-27 02:59:59:500", [[0, 0, 0], [2047, -2048, 256], [-1, 1, -256]])])
        let source = try GENEActivRecording(FileBytes(file.bytes))
        let read = try ReadRecording(source)
        #expect(agree(read.sampleG(0), [-100.0 / 25000, 400.0 / 20000, 0], 1e-12))
        #expect(agree(read.sampleG(1), [204_600.0 / 25000, -204_400.0 / 20000, 1], 1e-12))
        #expect(agree(read.sampleG(2), [-200.0 / 25000, 500.0 / 20000, -1], 1e-12))
        #expect(read.stamps == [.init(place: 0, timeS: 0)] && read.flags.isEmpty)
        #expect(source.header.startEpochS == 1_729_997_999.5 && source.header.nominalRateHz == 50)
        #expect(source.header.accelerationRange == 8 * Self.g && !source.header.isUTC)
    }

    @Test func eachPageHasAStamp() throws {
        let times = (0..<40).map { (page: Int) -> String in
            let (minute, second) = (page / 10, page % 10 * 6)
            return "2024-01-01 00:0\(minute):\(second < 10 ? "0" : "")\(second):000"
        }
        let read = try Self.read(Self.steady(times))
        #expect(read.count == 12000 && read.batches == 3)
        let expected = (0..<40).map { (page: Int) -> SampleBatch.Stamp in
            .init(place: 300 * page, timeS: 6 * Double(page))
        }
        #expect(read.stamps == expected)
    }

    @Test func linesMayEndAsOnWindows() throws {
        var file = Self.steady(["2024-01-01 00:00:00:000", "2024-01-01 00:00:06:000"])
        let expected = try Self.read(file)
        file.lineEnd = "\r\n"
        #expect(try Self.read(file) == expected)
    }

    /// A clock that ticks twice a second places a page to half a second, not to the millisecond it prints.
    @Test func aCoarseClockIsCalledSo() throws {
        func precision(_ times: [String]) throws -> Double {
            try GENEActivRecording(FileBytes(Self.steady(times).bytes)).header.stampPrecisionS
        }
        #expect(try precision(["2024-01-01 00:00:00:500", "2024-01-01 00:00:06:500"]) == 0.5)
        #expect(try precision(["2024-01-01 00:00:00:500", "2024-01-01 00:00:06:498"]) == 0.001)
    }

    @Test func whatIsLeftOutIsCounted() throws {
        var file = Self.steady([
            "2024-01-01 00:00:00:000", nil, "2024-01-01 00:00:12:000", "2024-01-01 00:00:18:000", nil,
        ])
        file.pages[3].rate = "100.0"
        file.promised = 9
        let read = try Self.read(file)
        #expect(read.count == 900 && read.stamps.map(\.place) == [0, 600])
        #expect(
            read.flags == [
                "1 pages of another rate than the header's were left out",
                "1 pages have no time and were read as following the one before",
                "1 pages have no time, follow no other and were left out",
                "the header promises 9 pages; the file holds 5",
            ])
    }

    @Test func aPageWithWrongDigitsIsLeftOut() throws {
        let text = Self.steady(["2024-01-01 00:00:00:000", "2024-01-01 00:00:06:000", "2024-01-01 00:00:12:000"]).text
        var bytes = Array(text.utf8)
        let middle = bytes.count - 6000
        bytes[middle] = UInt8(ascii: "G")
        let read = try ReadRecording(GENEActivRecording(FileBytes(bytes)))
        #expect(read.count == 600 && read.stamps.map(\.timeS) == [0, 12])
        #expect(read.flags == ["1 pages with characters that are no hexadecimal digits were left out"])
        // Cut within the last page's digits.
        let cut = try ReadRecording(GENEActivRecording(FileBytes(Array(text.utf8.dropLast(100)))))
        #expect(cut.count == 891 && cut.flags == ["1 pages end within a sample, which was left out"])
    }

    @Test func aHeaderWithoutCalibrationIsRefused() throws {
        var file = Self.steady(["2024-01-01 00:00:00:000"])
        for gain in ["0", "", "nan", "abc"] {
            file.calibration[1][0] = gain
            #expect(throws: RecordingError.damaged("the calibration of y is missing from the header")) {
                try Self.read(file)
            }
        }
        file = Self.steady(["2024-01-01 00:00:00:000"])
        file.unit = "m/s"
        #expect(throws: RecordingError.self) { try Self.read(file) }
        #expect(throws: RecordingError.empty) { try Self.read(GENEActivFile([])) }
    }

    @Test func aSecondReadingIsTheSame() throws {
        let source = try GENEActivRecording(
            FileBytes(Self.steady(["2024-01-01 00:00:00:000", nil, "2024-01-01 00:00:12:000"]).bytes))
        let first = try ReadRecording(source)
        source.rewind()
        #expect(source.flags.isEmpty)
        #expect(try ReadRecording(source) == first)
    }

    @Test func noDamagedFileTraps() throws {
        let file = Self.steady(["2024-01-01 00:00:00:000", nil, "2024-01-01 00:00:12:000"])
        for bytes in damaged(file.bytes, seed: 3) { try survives(bytes) { try GENEActivRecording($0) } }
        let long = file.bytes + [UInt8](repeating: 65, count: 200_000)
        try survives(long) { try GENEActivRecording($0) }
    }
}

/// Recordings of real devices, read by actfast 1.3.0 and scikit-digital-health 0.17.18.
@Suite(.enabled(if: ReferenceData.isPresent, "the reference recordings are absent"))
struct GENEActivReferenceTests {
    /// actfast gives single precision: 1e-7 of 8 g a sample, 1e-3 for a sum of thousands.
    @Test(arguments: [
        (
            "actfast/geneactiv.bin", 6000, [0.943648577, 0.038804781, 0.093962707],
            [0.084922835, -0.837689221, 0.061742317],
            [-2281.551249, -3343.904369, 1359.535217], 60.0
        ),
        (
            "skdh/gnactv_sample.bin", 900, [-0.880495250, 0.197548807, 0.040235210],
            [-0.527858317, -0.560592353, 0.801441848],
            [-364.512970, -274.753505, 164.311893], 50.0
        ),
        (
            "GGIRread/GENEActiv_testfile.bin", 5031, [0.740521729, 0.014066993, -0.643903196],
            [-0.577352643, 0.309396118, -0.855352819], [-2601.700826, 1459.128848, -2295.910561], 85.7
        ),
    ])
    func everySampleIsWhatActfastFinds(
        path: String, count: Int, first: [Double], last: [Double], sums: [Double], rate: Double
    ) throws {
        let source = try reference(path)
        let read = try ReadRecording(source)
        #expect(read.count == count && source.header.nominalRateHz == rate)
        #expect(agree(read.sampleG(0), first, 1e-6) && agree(read.sampleG(count - 1), last, 1e-6))
        #expect(agree(read.sumsG, sums, 1e-3))
        // 85.7 Hz is 600/7 on the page's clock, read from half seconds.
        if count != 900 { #expect(abs(read.rateHz / rate - 1) < 1e-3) }
    }

    /// scikit-digital-health's truth of four decimals: the sum of all absolute values, 900 x 3 x 5e-5 at most.
    @Test func theAbsoluteSumIsTheirTruths() throws {
        let read = try ReadRecording(reference("skdh/gnactv_sample.bin"))
        let sum = read.acceleration.joined().reduce(0) { $0 + abs($1) } / AccelerationUnit.standardGravity
        #expect(abs(sum - 1369.0317) < 0.02)
        // Page times as written, 2019-05-21 16:16:43.5, 50.0 and 56.0.
        #expect(read.stamps.map(\.timeS) == [0, 6.5, 12.5])
    }

    /// The file was cut: the header promises 222,048 pages.
    @Test func aFileThatWasCutSaysSo() throws {
        let source = try reference("GGIRread/GENEActiv_testfile.bin")
        let flags = try ReadRecording(source).flags
        #expect(flags.contains("the header promises 222048 pages; the file holds 17") && flags.count == 2)
        // GGIRread: 1369905174.5 in Europe/London; the device's own clock is an hour ahead of UTC.
        #expect(source.header.startEpochS == 1_369_905_174.5 + 3600)
    }
}
