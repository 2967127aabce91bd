import Glibc
import Records
import TestSupport
import Testing
import Tremor

@Suite struct RecordingCSVTests {
    /// 40 samples at 20 Hz with gravity on z.
    static func lines(_ line: @Sendable (Int) -> String) -> String { (0..<40).map(line).joined(separator: "\n") }

    typealias Layout = (header: String, line: @Sendable (Int) -> String)
    static let layouts: [Layout] = [
        ("t,x,y,z\n", { i in "\(Double(i) * 0.05),0.1,0,1" }),
        ("\"timestamp\";\"acc_x\";\"acc_y\";\"acc_z\"\r\n", { i in "\(i * 50);0.1;0;1" }),
        ("ts\tx\ty\tz\n", { i in "\(1_600_000_000_000_000_000 + i * 50_000_000)\t0.1\t0\t1" }),
        ("", { i in "\(i * 50_000),0.1,0,1,7" }),
        ("time_ms,x_mg,y_mg,z_mg\n", { i in "\(i * 50),100,0,1000" }),
        ("ts,x,y,z\n", { i in "2019-03-21 14:58:0\(i / 20):\(milliseconds(i)),0.1,0,1" }),
        ("time,x,y,z\n", { i in "2024-10-27T02:59:0\(i / 20).\(milliseconds(i))+02:00,0.1,0,1" }),
    ]

    @Test(arguments: 0..<7)
    func everyLayoutGivesTheSameRecording(layout: Int) throws {
        let (header, line) = Self.layouts[layout]
        let recording = try RecordingCSV.read(Array((header + Self.lines(line)).utf8))
        // Nanoseconds since 1970 are beyond what a Double holds exactly: a quarter of a microsecond.
        #expect(abs(recording.sampleRateHz - 20) < 5e-6)
        #expect(recording.segments.count == 1 && recording.samples == 40)
        #expect(abs(recording.segments[0].acceleration[2][5] - 9.80665) < 1e-12)
        #expect(abs(recording.segments[0].acceleration[0][5] - 0.980665) < 1e-12)
        #expect(recording.hasGravity)
    }

    @Test func gravityAndUserAccelerationAreAdded() throws {
        let text =
            "timestamp,rotationRate.x,userAcceleration.x,userAcceleration.y,userAcceleration.z,gravity.x,gravity.y,gravity.z\n"
            + Self.lines { "\(Double($0) * 0.01),9,0.5,0,0,0,0.25,1" }
        let recording = try RecordingCSV.read(Array(text.utf8))
        #expect(recording.segments[0].acceleration.map { $0[0] } == [0.5 * 9.80665, 0.25 * 9.80665, 9.80665])
    }

    @Test func withoutTimesARateIsNeeded() throws {
        let text = "x,y,z\n" + Self.lines { _ in "0,0,1" }
        #expect(throws: RecordingError.noSampleRate) { try RecordingCSV.read(Array(text.utf8)) }
        #expect(try RecordingCSV.read(Array(text.utf8), options: .init(sampleRateHz: 31.25)).sampleRateHz == 31.25)
    }

    @Test func aUnitThatCannotBeToldIsAskedFor() throws {
        let text = "t,x,y,z\n" + Self.lines { "\(Double($0) * 0.01),0.01,0.02,0.01" }
        #expect {
            try RecordingCSV.read(Array(text.utf8))
        } throws: { "\($0)".contains("give --unit") }
        let given = try RecordingCSV.read(Array(text.utf8), options: .init(unit: .g))
        #expect(abs(given.segments[0].acceleration[1][0] - 0.02 * 9.80665) < 1e-12 && !given.hasGravity)
    }

    @Test(arguments: [
        ("", "no samples"), ("t,x,y,z\n", "no samples"), ("time,heart_rate\n0,60\n", "no three axes"),
        ("t,x,y,z\n0,1,2\n", "line 2 has 3 fields; 4 were expected"), ("t,x,y,z\n0,1,2,abc\n", "\"abc\" is no number"),
        ("t,x,y,z\n0,0,0,1\n1,0,0,1\n", "only 2 usable samples"),
        ("t,x,y,z\n" + String(repeating: "5,0,0,1\n", count: 20), "do not increase"),
    ])
    func whatIsWrongIsSaidInOneSentence(text: String, part: String) {
        #expect {
            try RecordingCSV.read(Array(text.utf8))
        } throws: { "\($0)".contains(part) }
    }

    @Test func gapsCutTheRecordingAndNoWindowTouchesThem() throws {
        var lines = toneText(frequency: 5, peakToPeakCm: 2, rate: 100, seconds: 60).split(separator: "\n").map(
            String.init)
        lines.removeSubrange(2001..<2501)
        let recording = try RecordingCSV.read(Array(lines.joined(separator: "\n").utf8))
        #expect(recording.segments.count == 2 && recording.gaps.count == 1)
        #expect(abs(recording.gaps[0].startS - 19.99) < 1e-9 && abs(recording.gaps[0].durationS - 5.01) < 1e-9)
        #expect(abs(recording.sampleRateHz - 100) < 1e-6 && recording.meanRateHz < 92)
        let result = try analyzeTremor(recording)
        #expect(result.windows.allSatisfy { $0.startS + 4 <= 20.001 || $0.startS >= 24.999 })
        #expect(abs(result.peakToPeakCm! / 2 - 1) < 0.01 && result.coverage < 0.92 && result.coverage > 0.85)
    }

    @Test func missingNumbersAreCountedNotInvented() throws {
        var lines = toneText(frequency: 5, peakToPeakCm: 2, rate: 100).split(separator: "\n").map(String.init)
        for line in 1000..<1010 { lines[line] = "\(Double(line - 1) / 100),nan,nan,nan" }
        let recording = try RecordingCSV.read(Array(lines.joined(separator: "\n").utf8))
        #expect(recording.gaps.count == 1 && recording.flags.contains { $0.contains("10 samples without a number") })
        #expect(abs(try analyzeTremor(recording).peakToPeakCm! / 2 - 1) < 0.01)
    }

    @Test func repeatedAndReversedStampsAreSaidAndPutInOrder() throws {
        var lines = toneText(frequency: 5, peakToPeakCm: 2, rate: 100).split(separator: "\n").map(String.init)
        lines.swapAt(500, 501)
        lines.insert(lines[900], at: 900)
        let recording = try RecordingCSV.read(Array(lines.joined(separator: "\n").utf8))
        #expect(recording.samples == 3000)
        #expect(
            recording.flags.contains { $0.contains("run backward") }
                && recording.flags.contains { $0.contains("repeat the time") })
        #expect(abs(try analyzeTremor(recording).peakToPeakCm! / 2 - 1) < 0.01)
    }

    /// Daphnet's clock: whole milliseconds of 64 Hz, so steps of 15 and 16.
    @Test func roundedStampsAreAnEvenClock() throws {
        let text =
            "time_ms,x_m_s2,y_m_s2,z_m_s2\n"
            + toneText(frequency: 5, peakToPeakCm: 2, rate: 64).split(separator: "\n").dropFirst().enumerated().map {
                place, line in
                let fields = line.split(separator: ",")
                return "\(Int((Double(place) / 64 * 1000).rounded(.down))),\(fields[1]),\(fields[2]),\(fields[3])"
            }.joined(separator: "\n")
        let recording = try RecordingCSV.read(Array(text.utf8))
        #expect(abs(recording.sampleRateHz - 64) < 0.01 && !recording.flags.contains { $0.contains("irregular") })
        let result = try analyzeTremor(recording)
        #expect(abs(result.peakFrequencyHz! - 5) < 0.01 && abs(result.peakToPeakCm! / 2 - 1) < 0.01)
    }

    /// Stamps that wander by a third of a sample: the spline restores the tone.
    @Test func jitteredStampsArePutOnAnEvenClock() throws {
        var state: UInt64 = 7
        var text = "time_s,x_m_s2,y_m_s2,z_m_s2\n"
        for sample in 0..<3000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let t = (Double(sample) + (Double(state >> 40) / Double(1 << 24) - 0.5) * 0.6) / 100
            let omega = 2 * Double.pi * 5
            text += "\(t),\(-0.01 * omega * omega * sine(omega * t)),0,9.8\n"
        }
        let result = try analyzed(text)
        #expect(result.flags.contains { $0.contains("cubic spline") })
        #expect(abs(result.peakFrequencyHz! - 5) < 0.01 && abs(result.peakToPeakCm! / 2 - 1) < 0.01)
    }

    @Test func aSensorThatWasOffCountsInNoDenominator() throws {
        var lines = toneText(frequency: 5, peakToPeakCm: 2, rate: 100, seconds: 60).split(separator: "\n").map(
            String.init)
        for line in 3001..<lines.count { lines[line] = "\(Double(line - 1) / 100),0,0,0" }
        let result = try analyzed(lines.joined(separator: "\n"))
        #expect(result.tremorTimePercent! > 95 && result.coverage < 0.56)
        #expect(result.flags.contains { $0.contains("without change") })
        let off =
            "time_s,x_m_s2,y_m_s2,z_m_s2\n" + (0..<2000).map { "\(Double($0) / 100),0,0,9.8" }.joined(separator: "\n")
        #expect {
            try analyzed(off)
        } throws: { "\($0)".contains("not worn") }
    }

    @Test func clippingIsFlagged() throws {
        let text = toneText(frequency: 6, peakToPeakCm: 4, rate: 100, direction: [0, 0, 1], gravity: [0, 0, 9.8])
        let clipped = text.split(separator: "\n").map { line -> String in
            let fields = line.split(separator: ",")
            guard let z = Double(fields[3]) else { return String(line) }
            return "\(fields[0]),\(fields[1]),\(fields[2]),\(max(-19.6133, min(19.6133, z)))"
        }.joined(separator: "\n")
        #expect(try RecordingCSV.read(Array(clipped.utf8)).flags.contains { $0.contains("lower bounds") })
        #expect(try !RecordingCSV.read(Array(text.utf8)).flags.contains { $0.contains("lower bounds") })
    }

    @Test func aRecordingShorterThanAWindowIsRefused() {
        #expect {
            try analyzed(toneText(frequency: 5, peakToPeakCm: 2, rate: 100, seconds: 3))
        } throws: { "\($0)".contains("as long as a window") }
    }

    @Test func oneWindowIsEnough() throws {
        let result = try analyzed(toneText(frequency: 5, peakToPeakCm: 2, rate: 100, seconds: 4))
        #expect(result.windows.count == 1 && result.peakToPeakCmCI95 == nil)
        #expect(abs(result.peakToPeakCm! / 2 - 1) < 0.01)
    }

    @Test func aBinaryFileIsNoText() {
        #expect(throws: RecordingError.notText) { try RecordingCSV.read([0x4D, 0x44, 0x00, 0x01]) }
    }

    @Test func absurdNumbersAreRefusedOrReadAndNeverTrap() throws {
        let huge = "x,y,z,time_s\n" + Self.lines { "1e300,1,1,\(Double($0) / 20)" }
        #expect(throws: RecordingError.self) { try RecordingCSV.read(Array(huge.utf8)) }
        let late = "time_s,x_m_s2,y_m_s2,z_m_s2\n" + Self.lines { "\($0 == 39 ? 1e300 : Double($0) / 20),0,0,9.8" }
        let flags = try RecordingCSV.read(Array(late.utf8)).flags
        #expect(flags.contains { $0.contains("1 samples in stretches shorter") })
        let dense = "time_s,x_m_s2,y_m_s2,z_m_s2\n" + Self.lines { "\(Double($0) * 1e-300),0,\(Double($0 % 2)),9.8" }
        #expect(throws: RecordingError.self) { try analyzed(dense) }
    }

    @Test func damagedTextNeverTraps() {
        let whole = Array(toneText(frequency: 5, peakToPeakCm: 2, rate: 100, seconds: 2).utf8)
        var state: UInt64 = 3
        for _ in 0..<300 {
            var bytes = whole
            for _ in 0..<8 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 20)
            }
            _ = try? RecordingCSV.read(Array(bytes.prefix(Int(state >> 40) % bytes.count)))
        }
    }
}

/// Milliseconds within the second of 20 samples a second, three digits.
private func milliseconds(_ i: Int) -> String {
    let text = String(i % 20 * 50)
    return String(repeating: "0", count: 3 - text.count) + text
}

private func sine(_ x: Double) -> Double { sin(x) }

/// Public recordings; frequencies by numpy 2.4 and scipy 1.17.1 (Welch, 4 s or the nearest smooth length, half overlap, linear detrend, log parabola).
@Suite(.enabled(if: ReferenceData.isPresent, "the reference data is not beside the checkout"))
struct ReferenceRecordingTests {
    func result(_ path: String, _ options: RecordingCSV.Options = .init()) throws -> TremorResult {
        try analyzeTremor(RecordingFile.open(ReferenceData.path("wearables/\(path)"), options: options))
    }

    @Test func theRestTremorOfAWatchIsThatOfTheOracle() throws {
        let r = try result("mhealthtools/rest_tremor_data.csv")
        #expect(abs(r.sampleRateHz - 92.77432861495816) < 1e-9 && r.gaps.isEmpty)
        #expect(abs(r.spectralPeakHz! - 6.510307667513424) < 1e-6)
        // Another oracle printed 6.53 Hz and 0.011 cm with windows of its own: a tenth of a bin of a weak, broad peak.
        #expect(abs(r.spectralPeakHz! - 6.53) < 0.025 && abs(r.spectralPeakToPeakCm! - 0.011) < 0.0005)
    }

    @Test func aPhoneWithThreeGapsHasItsTrueRate() throws {
        let r = try result("pdkit/kinetic_tremor_left_hand.csv")
        #expect(abs(r.meanRateHz - 49.66) < 0.005 && r.gaps.count == 3)
        #expect(abs(r.sampleRateHz - 49.997553919268576) < 1e-6)
    }

    @Test func aWatchAtAHundredHertzWithColonMilliseconds() throws {
        let r = try result("mahadevan/sample_wrist_accelerometer_data.csv")
        #expect(abs(r.sampleRateHz - 100) < 1e-6 && r.gaps.isEmpty && abs(r.durationS - 119.99) < 1e-6)
        #expect(abs(r.spectralPeakHz! - 3.139895314970711) < 1e-6)
    }

    @Test func userAccelerationNeedsItsUnit() throws {
        #expect {
            try result("mhealthtools/accelerometer_data.csv")
        } throws: { "\($0)".contains("--unit") }
        let r = try result("mhealthtools/accelerometer_data.csv", .init(unit: .g))
        #expect(abs(r.sampleRateHz - 100.02075169445766) < 1e-6)
        #expect(abs(r.spectralPeakHz! - 9.439462158510993) < 1e-3)
    }

    @Test func aTableOfTapsIsNoRecording() {
        #expect {
            try result("mhealthtools/tap_data.csv")
        } throws: { "\($0)".contains("no three axes") }
    }
}
