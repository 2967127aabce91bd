import Foundation
import TestSupport
import Testing
import Tremor

@Suite struct RepeatedMovementTests {
    @Test func aRhythmHasItsRateItsVariationAndItsPauses() throws {
        // Intervals of 0.2 s but one of 0.5 and one of 1.
        let intervals = [0.2, 0.2, 0.2, 0.5, 0.2, 0.2, 1.0, 0.2, 0.2, 0.2]
        let times = intervals.reduce(into: [1.0]) { $0.append($0[$0.count - 1] + $1) }
        let rhythm = try #require(RepeatedMovement(timesS: times))
        #expect(abs(rhythm.rateHz - 10 / 3.1) < 1e-12 && abs(rhythm.medianIntervalS - 0.2) < 1e-12)
        #expect(try #require(rhythm.intervalCV) < 1e-12)
        #expect(rhythm.pauses.map(\.isFreeze) == [false, true])
        #expect(abs(rhythm.pauses[0].startS - 1.6) < 1e-12 && abs(rhythm.pauses[1].durationS - 1) < 1e-12)
        #expect(rhythm.decrementPercent == nil && rhythm.amplitudeCV == nil)
    }

    /// 1.1 · median is no pause, and neither is exactly twice the median; numbers that binary fractions hold exactly.
    @Test func anIntervalOfTwiceTheMedianIsNoPause() throws {
        let rhythm = try #require(RepeatedMovement(timesS: [0, 0.25, 0.5, 1, 1.25, 1.5]))
        #expect(rhythm.pauses.isEmpty)
    }

    /// numpy: CV of 0.18, 0.22, 0.2, 0.24, 0.16 with n − 1 is 0.158113883…; thirds of 9 amplitudes from 9 to 1 are 24 and 6.
    @Test func decrementAndVariationAreThoseOfTheirDefinition() throws {
        let times = [0.18, 0.22, 0.2, 0.24, 0.16].reduce(into: [0.0]) { $0.append($0[$0.count - 1] + $1) }
        #expect(abs(try #require(RepeatedMovement(timesS: times)?.intervalCV) - 0.15811388300841897) < 1e-12)
        let shrinking = try #require(
            RepeatedMovement(timesS: (0..<10).map(Double.init), amplitudes: (1...9).reversed().map(Double.init)))
        #expect(abs(try #require(shrinking.decrementPercent) - 75) < 1e-12)
        let slowing = (0..<9).reduce(into: [0.0]) { $0.append($0[$0.count - 1] + ($1 < 3 ? 0.2 : $1 < 6 ? 0.25 : 0.3)) }
        #expect(abs(try #require(RepeatedMovement(timesS: slowing)?.slowingPercent) - 50) < 1e-9)
    }

    @Test func fewMovementsOrTimesThatRunBackAreNoRhythm() {
        #expect(RepeatedMovement(timesS: [0, 1, 2]) == nil)
        #expect(RepeatedMovement(timesS: [0, 1, 1, 2, 3]) == nil)
        #expect(RepeatedMovement(timesS: [0, 1, 2, .nan, 4]) == nil)
        #expect(RepeatedMovement(timesS: []) == nil)
    }
}

@Suite struct WeakTapTests {
    /// Bursts of 30 Hz in gravity, three a second from 2 s on, of sizes that are given, and others halfway after them.
    private func bursts(_ sizes: [Double], between: [Double]) -> [[Double]] {
        var random = SeededNoise(seed: 5)
        var axes: [[Double]] = [[], [], []]
        for place in 0..<Int(100 * (4 + Double(sizes.count) / 3)) {
            var size = 0.0
            for tap in sizes.indices {
                for (after, height) in [(0.0, sizes[tap]), (0.17, between[tap])] {
                    let since = Double(place) / 100 - 2 - Double(tap) / 3 - after
                    if since >= 0 && since < 0.2 { size += height * exp(-since / 0.01) * sin(2 * .pi * 30 * since) }
                }
            }
            for axis in 0..<3 {
                axes[axis].append((axis == 2 ? 9.8 : 0) + (axis == 0 ? size : 0) + 0.05 * random.gaussian())
            }
        }
        return axes
    }

    /// Impacts shrink to a fourth; the first openings are a fifth of them.
    @Test func anOpeningIsNoTap() throws {
        let sizes = (0..<30).map { 20 - 0.5 * Double($0) }
        let between = (0..<30).map { $0 < 6 ? 4.0 : 0 }
        let found = try FingerTapping(acceleration: bursts(sizes, between: between), sampleRateHz: 100)
        #expect(found.rhythm.timesS.count == 30 && abs(found.rhythm.rateHz - 3) < 0.01)
        #expect(abs(try #require(found.rhythm.slowingPercent)) < 3)
    }

    /// Without it there would be a hole of two intervals.
    @Test func aSoftTapIsATap() throws {
        let sizes = (0..<30).map { $0 == 12 ? 5.0 : 20.0 }
        let found = try FingerTapping(
            acceleration: bursts(sizes, between: [Double](repeating: 0, count: 30)), sampleRateHz: 100)
        #expect(found.rhythm.timesS.count == 30 && found.rhythm.pauses.isEmpty)
        #expect(found.weakest > 1 && found.weakest < 4)
    }
}

/// A finger that opens and closes: a raised cosine between closings, and at each a burst that fades within hundredths of a second.
private struct Finger {
    var intervals: [Double]
    /// Opening in metres, one an interval.
    var openings: [Double]
    var direction = SIMD3(0.6, 0.0, 0.8)
    var gravity = SIMD3(0.0, 9.80665, 0.0)

    func acceleration(rate: Double, seed: UInt64 = 1, noise: Double = 0.05) -> [[Double]] {
        var random = SeededNoise(seed: seed)
        let closings = intervals.reduce(into: [1.0]) { $0.append($0[$0.count - 1] + $1) }
        let count = Int((closings[closings.count - 1] + 1) * rate)
        var axes: [[Double]] = [[], [], []]
        for place in 0..<count {
            let time = Double(place) / rate
            var size = 0.0
            if let at = closings.lastIndex(where: { $0 <= time }) {
                let last = max(0, at - 1)
                if at < intervals.count {
                    let omega = 2 * Double.pi / intervals[at]
                    size += openings[at] / 2 * omega * omega * cos(omega * (time - closings[at]))
                }
                let since = time - closings[at]
                size += 300 * openings[last] / intervals[last] * exp(-since / 0.01) * sin(2 * .pi * 30 * since)
            }
            for axis in 0..<3 {
                axes[axis].append(gravity[axis] + size * direction[axis] + noise * random.gaussian())
            }
        }
        return axes
    }
}

@Suite struct FingerTappingTests {
    @Test(arguments: [2.0, 3.5, 5.0], [92.774, 98.87, 200.0])
    func tapsAreCountedAndTheirRateIsExact(tapsPerSecond: Double, rate: Double) throws {
        let finger = Finger(
            intervals: Array(repeating: 1 / tapsPerSecond, count: 40), openings: Array(repeating: 0.05, count: 40))
        let found = try FingerTapping(acceleration: finger.acceleration(rate: rate), sampleRateHz: rate)
        #expect(found.rhythm.timesS.count == 41)
        // A closing is placed to a third of a sample; over 40 intervals that is less than 0.1 %.
        #expect(abs(found.rhythm.rateHz / tapsPerSecond - 1) < 1e-3)
        #expect(found.rhythm.pauses.isEmpty && abs(found.silentAtEndS - 1) < 0.05)
        #expect(abs(try #require(found.rhythm.decrementPercent)) < 4)
    }

    @Test func directionOfTheSensorAndOfGravityDoesNotMatter() throws {
        for (direction, gravity) in [
            (SIMD3(1.0, 0, 0), SIMD3(9.8, 0, 0)), (SIMD3(0, 0.8, -0.6), SIMD3(0, 0, -9.8)),
            (SIMD3(-0.48, 0.6, 0.64), SIMD3(5.6, 5.6, 5.6)),
        ] {
            let finger = Finger(
                intervals: Array(repeating: 0.25, count: 30), openings: Array(repeating: 0.05, count: 30),
                direction: direction, gravity: gravity)
            let found = try FingerTapping(acceleration: finger.acceleration(rate: 100), sampleRateHz: 100)
            #expect(found.rhythm.timesS.count == 31 && abs(found.rhythm.rateHz - 4) < 0.004)
        }
    }

    /// From 5 to 2.5 cm. 3 points: noise and the burst's rest in the middle of an opening.
    @Test func openingsThatBecomeSmallerHaveTheirDecrement() throws {
        let openings = (0..<36).map { 0.05 - 0.025 * Double($0) / 35 }
        let finger = Finger(intervals: Array(repeating: 0.25, count: 36), openings: openings)
        let found = try FingerTapping(acceleration: finger.acceleration(rate: 100), sampleRateHz: 100)
        let (first, last) = (openings.prefix(12).reduce(0, +), openings.suffix(12).reduce(0, +))
        let truth = 100 * (1 - last / first)
        let decrement = try #require(found.rhythm.decrementPercent)
        #expect(abs(decrement - truth) < 3)
        #expect(abs(try #require(found.rhythm.slowingPercent)) < 2)
    }

    /// The same opening from 0.2 to 0.34 s: the acceleration falls to a third, the size does not.
    @Test func slowingIsNoDecrement() throws {
        let intervals = (0..<36).map { 0.2 + 0.004 * Double($0) }
        let finger = Finger(intervals: intervals, openings: Array(repeating: 0.05, count: 36))
        let found = try FingerTapping(acceleration: finger.acceleration(rate: 200), sampleRateHz: 200)
        #expect(abs(try #require(found.rhythm.decrementPercent)) < 5)
        // Medians of the thirds are 0.222 and 0.318 s.
        let slowing = try #require(found.rhythm.slowingPercent)
        #expect(abs(slowing - 43.24) < 2)
    }

    @Test func unevenTapsHaveTheirVariationAndPausesTheirs() throws {
        var noise = SeededNoise(seed: 12)
        var intervals = (0..<40).map { _ in 0.25 + 0.025 * noise.gaussian() }
        intervals[13] = 0.7
        intervals[27] = 1.6
        let finger = Finger(intervals: intervals, openings: Array(repeating: 0.05, count: 40))
        let found = try FingerTapping(acceleration: finger.acceleration(rate: 100), sampleRateHz: 100)
        #expect(found.rhythm.pauses.map(\.isFreeze) == [false, true])
        let truth = try #require(
            RepeatedMovement(timesS: intervals.reduce(into: [0.0]) { $0.append($0[$0.count - 1] + $1) }))
        // A closing is placed to a third of a sample, 3 ms of 250.
        let (cv, trueCV) = (try #require(found.rhythm.intervalCV), try #require(truth.intervalCV))
        #expect(abs(cv - trueCV) < 0.015)
    }

    @Test(arguments: [4.0, 5.0, 7.5])
    func tremorIsNoTapping(frequency: Double) {
        let tremor = (0..<1000).map { 9.8 + 5 * sin(2 * .pi * frequency * Double($0) / 100) }
        let rest = [Double](repeating: 0, count: 1000)
        #expect(throws: RecordingError.noValidWindow("no impacts of a finger stand out")) {
            try FingerTapping(acceleration: [tremor, rest, rest], sampleRateHz: 100)
        }
    }

    @Test func stillnessGapsAndLowRatesAreRefused() {
        let rest = [Double](repeating: 0, count: 1000)
        #expect(throws: RecordingError.self) { try FingerTapping(acceleration: [rest, rest, rest], sampleRateHz: 100) }
        #expect(throws: RecordingError.rateTooLow(rate: 64, needed: 90)) {
            try FingerTapping(acceleration: [rest, rest, rest], sampleRateHz: 64)
        }
        #expect(throws: RecordingError.tooFewSamples(1000)) {
            try FingerTapping(acceleration: [rest, rest, rest], sampleRateHz: 1000)
        }
        var holed = rest
        holed[500] = .nan
        #expect(throws: RecordingError.noValidWindow("a sample is missing during finger tapping")) {
            try FingerTapping(acceleration: [holed, rest, rest], sampleRateHz: 100)
        }
    }
}

@Suite struct TouchTappingTests {
    /// Rows of CloudUPDRS: time in ms, time down in ms, 0 for a touch and 1 for its end, x, y, two sizes, the target's x and y.
    private func cloudUPDRS(_ name: String) throws -> [TouchTapping.Tap] {
        let text = try String(contentsOfFile: ReferenceData.path("wearables/pdkit/\(name)"), encoding: .utf8)
        var taps: [TouchTapping.Tap] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let f = line.split(separator: ",").compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
            guard f.count == 9 else { continue }
            if f[2] == 0 {
                taps.append(.init(downS: f[0] / 1000, down: SIMD2(f[3], f[4]), target: SIMD2(f[7], f[8])))
            } else {
                taps[taps.count - 1].upS = f[0] / 1000
                taps[taps.count - 1].up = SIMD2(f[3], f[4])
            }
        }
        return taps
    }

    /// pdkit 1.4.4, its own test. Times are as far from 0 as 380180 s, so that their differences have 10 digits.
    @Test(.enabled(if: ReferenceData.isPresent, "the pdkit recordings are not there"))
    func twoTargetsHaveTheNumbersOfPdkit() throws {
        let test = try #require(
            TouchTapping(taps: try cloudUPDRS("finger_tapping_two_target_right_hand.csv")))
        #expect(test.taps.count == 204)
        #expect(abs(test.tapsPerSecond - 3.4455385342949314) < 1e-9)
        #expect(abs(1000 * (try #require(test.movingTimeS)) - 136.75369458128074) < 1e-6)
        #expect(abs(1000 * pow(try #require(test.movingTimeSD), 2) - 0.7649147030988328) < 1e-8)
        #expect(abs(try #require(test.distance) - 480.04403524710443) < 1e-9)
        #expect(abs(try #require(test.dwellS) - 0.15414705882352947) < 1e-9)
        #expect(abs(try #require(test.targetError) - 58.2339485875795) < 1e-9)
    }

    /// mPower, two buttons in turn. numpy 2.4.6 on the file's times.
    @Test(.enabled(if: ReferenceData.isPresent, "the pdkit recordings are not there"))
    func tapsWithoutAnEndHaveARhythm() throws {
        let rows = try #require(try ReferenceData.json("wearables/pdkit/mpower_finger_tapping.json").elements)
        let taps = rows.compactMap { row in
            row["TapTimeStamp"]?.double.map { TouchTapping.Tap(downS: $0, down: .zero) }
        }
        let test = try #require(TouchTapping(taps: taps))
        #expect(test.taps.count == 166 && test.dwellS == nil && test.distance == nil && test.targetError == nil)
        #expect(abs(test.rhythm.rateHz - 8.275627566908984) < 1e-9)
        #expect(abs(test.rhythm.medianIntervalS - 0.1169093749995227) < 1e-12)
        #expect(abs(try #require(test.rhythm.intervalCV) - 0.523669156531619) < 1e-9)
        #expect(abs(try #require(test.rhythm.slowingPercent) - 13.707641294188) < 1e-9)
        #expect(test.rhythm.pauses.count == 10)
    }

    /// mhealthtools: two fingers, whose touches the device reports out of order and two at once.
    @Test(.enabled(if: ReferenceData.isPresent, "the mhealthtools recordings are not there"))
    func touchesOutOfOrderOrAtOneTimeAreRefused() throws {
        let text = try String(
            contentsOfFile: ReferenceData.path("wearables/mhealthtools/tap_data.csv"), encoding: .utf8)
        let taps = text.split(whereSeparator: \.isNewline).dropFirst().compactMap { line in
            Double(line.split(separator: ",")[0]).map { TouchTapping.Tap(downS: $0, down: .zero) }
        }
        #expect(taps.count == 181 && TouchTapping(taps: taps) == nil)
        #expect(TouchTapping(taps: taps.sorted { $0.downS < $1.downS }) == nil)
    }

    @Test func tapsThatOverlapAreRefused() {
        let taps = (0..<5).map { TouchTapping.Tap(downS: Double($0), upS: Double($0) + 1.5, down: .zero) }
        #expect(TouchTapping(taps: taps) == nil)
        #expect(TouchTapping(taps: []) == nil)
    }
}
