import Foundation
import TestSupport
import Testing
import Tremor

/// Signs in recordings with gaps, read as a command reads them.
@Suite struct RecordingMovementTests {
    /// Samples at 100 Hz but in `gap`: gravity and 3 m/s² along z, of a frequency that each second has; the angular rate about x
    /// where there is one.
    private func source(
        seconds: Int, gap: Range<Double> = 0..<0, angularRate: ((Double) -> Double)? = nil,
        _ hz: (Int) -> Double
    ) -> SyntheticSource {
        SyntheticSource(
            (0..<(100 * seconds)).compactMap { place in
                let time = Double(place) / 100
                guard !gap.contains(time) else { return nil }
                return .init(
                    time: time, acceleration: [0, 0, 9.80665 + 3 * sin(2 * .pi * hz(Int(time)) * time)],
                    angularRate: angularRate.map { [$0(time), 0, 0] })
            })
    }

    private func recording(
        seconds: Int, gap: Range<Double> = 0..<0, angularRate: ((Double) -> Double)? = nil,
        _ hz: (Int) -> Double
    ) throws -> Recording {
        try Recording(reading: source(seconds: seconds, gap: gap, angularRate: angularRate, hz))
    }

    /// Steps at 1 Hz, trembling at 5 Hz from 60 to 70 s, and no samples from 30 to 40 s: the episode is where it is, and the gap
    /// is in no share.
    @Test func anEpisodeAfterAGapKeepsItsTimeAndTheGapIsInNoShare() throws {
        let found = try FreezingOfGait(recording(seconds: 100, gap: 30..<40) { (60..<70).contains($0) ? 5 : 1 })
        let summary = try #require(found.summary)
        #expect(found.courses.count == 2 && summary.episodes.count == 1)
        let episode = try #require(summary.episodes.first)
        // Half a window of 5 s.
        #expect(abs(episode.startS - 60) < 2.5 && abs(episode.startS + episode.durationS - 70) < 2.5)
        #expect(abs(found.time.gapsS - 10) < 0.03 && abs(found.time.recordedS - 99.99) < 1e-6)
        #expect(abs(summary.frozenPercent - 100 * episode.durationS / found.time.analyzedS) < 1e-9)
        let t = found.time
        #expect(abs(t.analyzedS + t.gapsS + t.notWornS + t.leftOutS - t.recordedS) < 1e-9 && t.notWornS == 0)
        // Each of two stretches loses a window less one step at its ends.
        #expect(t.leftOutS > 8 && t.leftOutS < 10)
        #expect(found.isFrozen(atS: 65) && !found.isFrozen(atS: 20))
    }

    @Test func withoutAGapTheResultIsThatOfTheCourse() throws {
        let whole = try recording(seconds: 60) { (20..<30).contains($0) ? 5 : 1 }
        let found = try FreezingOfGait(whole, method: .moore2008, axes: [2], threshold: 2)
        let course = try FreezingMethod.moore2008.course(
            of: [whole.segments[0].acceleration[2]], sampleRateHz: whole.segments[0].sampleRateHz)
        #expect(found.courses == [course] && found.summary == course.summary(threshold: 2))
        #expect(found.movingS == course.summary(threshold: 2)?.movingS)
    }

    /// Rates that stamps give are never quite those of the device; a bin on 3 Hz belongs to the band of freezing in all three.
    @Test(arguments: [63.99998, 64.00002])
    func aClockThatIsAHairOffHasTheSameBins(rate: Double) throws {
        let leg = (0..<1280).map { place -> Double in
            let turn = 2 * Double.pi * Double(place) / 64
            return 3 * sin(3 * turn) + sin(turn)
        }
        for method in FreezingMethod.all {
            let exact = try method.course(of: [leg], sampleRateHz: 64)
            let found = try method.course(of: [leg], sampleRateHz: rate)
            for (a, b) in zip(found.index, exact.index) {
                let tolerance: Double = 1e-9 * max(1, abs(b))
                #expect(abs(a - b) < tolerance)
            }
            #expect(found.index.count == exact.index.count)
        }
    }

    @Test func aMethodWithoutAThresholdSaysNullAndNotZero() throws {
        let tremble = try recording(seconds: 20) { _ in 5 }
        let (found, known) = (try FreezingOfGait(tremble, method: .cockx2023), try FreezingOfGait(tremble))
        #expect(found.summary == nil && found.medianIndex != nil)
        for key in ["freezing_episodes", "freezing_time_percent", "freezing"] {
            #expect(found.members.first { $0.key == key }?.value == .null)
        }
        #expect(known.members.map(\.key) == found.members.map(\.key))
    }

    @Test func aPartHasTheTimesOfTheWhole() throws {
        let whole = try recording(seconds: 60, gap: 20..<25) { $0 < 40 ? 1 : 5 }
        let part = try whole.part(22...50)
        #expect(part.segments.count == 1 && abs(part.segments[0].startS - 25) < 1e-6)
        #expect(part.segments[0].count == 2501 && abs(part.durationS - 28) < 1e-9)
        // From 22 to 25 s.
        #expect(part.gaps.count == 1 && abs(part.gaps[0].durationS - 3) < 1e-6)
        let frozen = try #require(FreezingOfGait(part).summary?.episodes.first)
        #expect(abs(frozen.startS - 40) < 2.5)
        #expect(throws: RecordingError.self) { try whole.part(70...80) }
    }

    @Test func aLongRecordingIsRefusedBeforeItIsReadAndAPartOfItIsNot() throws {
        let long = source(seconds: 300) { _ in 1 }
        #expect(throws: RecordingError.tooLongForMemory(samples: 30_000, most: 20_000)) {
            try Recording(reading: long, atMost: 20_000)
        }
        let part = try Recording(reading: long, part: 100...160, atMost: 20_000)
        #expect(part.samples == 6001 && abs(part.segments[0].startS - 100) < 1e-6)
        let whole = try Recording(reading: long).part(100...160)
        #expect(part.segments == whole.segments)
    }

    /// An hour and a half without movement between two quarters of an hour with it.
    @Test func timeNotWornIsInNoShare() throws {
        let samples = (0..<(25 * 7200)).map { place -> SyntheticSource.Sample in
            let time = Double(place) / 25
            let isWorn = time < 900 || time >= 6300
            let size = isWorn ? 3 * sin(2 * .pi * 1.2 * time) : 0.001 * sin(2 * .pi * 3 * time)
            return .init(time: time, acceleration: [0.3 * size, 0.3 * size, 9.8 + size])
        }
        let found = try FreezingOfGait(Recording(reading: SyntheticSource(samples)))
        #expect(abs(found.time.notWornS - 5400) < 1 && abs(found.time.analyzedS - 1790) < 3)
        #expect(abs(found.movingS - found.time.analyzedS) < 1e-9)
    }

    /// ±40° twice a second for 20 s, a gap, and 10 s more: the rhythm is that of the longer stretch, with the recording's times.
    @Test func aRhythmIsNotPutTogetherAcrossAGap() throws {
        let peak = 2 * Double.pi * 2 * 40 * Double.pi / 180
        let turning = try recording(seconds: 38, gap: 10..<18, angularRate: { peak * sin(2 * .pi * 2 * $0 + 0.4) }) {
            _ in 2
        }
        let found = try RepeatedTest(turningIn: turning)
        #expect(abs(found.startS - 18) < 0.02 && found.otherStretches == 1 && found.measure.source == .gyroscope)
        #expect(abs(found.measure.rhythm.rateHz - 2) < 0.004 && found.measure.rhythm.pauses.isEmpty)
        #expect(found.measure.rhythm.timesS.allSatisfy { $0 > 18 && $0 < 38 })
        #expect(found.measure.turns.allSatisfy { abs(abs($0.angleDeg) - 80) < 0.8 })
        #expect(abs(found.time.analyzedS - 20) < 0.02 && abs(found.time.leftOutS - 10) < 0.05)
    }

    @Test func anHourOfMovementIsNoTest() throws {
        let long = try recording(seconds: 400, angularRate: { 8 * sin(2 * .pi * 2 * $0) }) { _ in 2 }
        #expect(throws: RecordingError.self) { try RepeatedTest(turningIn: long) }
        #expect(try RepeatedTest(turningIn: long.part(100...130)).measure.rhythm.timesS.count > 50)
    }

    @Test func stretchesShorterThanAWindowAreRefused() throws {
        let short = try recording(seconds: 3) { _ in 5 }
        #expect(throws: RecordingError.self) { try FreezingOfGait(short) }
        #expect(throws: RecordingError.self) { try Walking(short) }
    }

    /// Steps twice a second, a hole of 10 s: two bouts with their times in the whole recording.
    @Test func walkingOnBothSidesOfAGapIsTwoBouts() throws {
        let found = try Walking(recording(seconds: 60, gap: 25..<35) { _ in 2 })
        #expect(found.bouts.count == 2 && abs(found.bouts[1].startS - 35) < 0.02)
        #expect(abs(try #require(found.bouts.cadence) - 120) < 1)
        #expect(found.walkingPercent > 99 && found.walkingPercent <= 100 && found.armSwingDeg == nil)
        #expect(found.bouts[1].windows.allSatisfy { $0.startS >= 35 - 0.02 && abs($0.cadence - 120) < 2 })
    }

    /// Tremor that swells and fades, with its harmonic and the noise of a wrist: periods of a tremor fit into any stride.
    @Test(arguments: [3.8, 4.4, 4.83, 5.5, 7.0])
    func tremorIsNoWalking(hz: Double) throws {
        var noise = SeededNoise(seed: 21)
        let axes = (0..<6000).map { place -> SIMD3<Double> in
            let time = Double(place) / 100
            let turn: Double = 2 * .pi * hz * time
            let swell: Double = 2 + sin(2 * .pi * 0.13 * time)
            let size: Double = swell * (sin(turn) + 0.2 * sin(2 * turn))
            let random: SIMD3<Double> = [noise.gaussian(), noise.gaussian(), noise.gaussian()]
            let direction: SIMD3<Double> = [0.6, 0.5, 0.6]
            return [0.5, 8, 5.6] + direction * size + random * 0.1
        }
        let found = try Walking(
            Recording(acceleration: (0..<3).map { axis in axes.map { $0[axis] } }, sampleRateHz: 100))
        #expect(found.bouts.isEmpty)
    }

    @Test func walkingWithoutGravityIsRefused() throws {
        let user = (0..<3000).map { sin(2 * .pi * Double($0) * 0.018) }
        let recording = Recording(acceleration: [user, user, user], sampleRateHz: 100)
        #expect(throws: RecordingError.self) { try Walking(recording) }
    }
}
