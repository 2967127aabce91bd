import Foundation
import TestSupport
import Testing
import Tremor

@Suite struct FreezingTests {
    private func tone(_ parts: [(hz: Double, amplitude: Double)], seconds: Double, rate: Double = 100) -> [Double] {
        (0..<Int(seconds * rate)).map { place in
            parts.reduce(0) { $0 + $1.amplitude * sin(2 * .pi * $1.hz * Double(place) / rate) }
        }
    }

    /// Tones on bins of each window: the ratio of powers is that of squared amplitudes, (0.5/2)² = 1/16.
    @Test(arguments: FreezingMethod.all.filter { $0.window == .rectangular })
    func theRatioOfTwoTonesIsThatOfTheirPowers(method: FreezingMethod) throws {
        let course = try method.course(of: [tone([(1, 2), (5, 0.5)], seconds: 20)], sampleRateHz: 100)
        let expected = method.scale == .ratio ? 1.0 / 16 : log(100.0 / 256)
        for value in course.index { #expect(abs(value - expected) < 1e-9) }
        // Mean square of both tones.
        for value in course.rms { #expect(abs(value - 2.125.squareRoot()) < 1e-9) }
    }

    /// The tapers spread a tone by ±0.5 Hz; outside of that a four-thousandth leaks.
    @Test(arguments: [FreezingMethod.multitaper, .cockx2023])
    func tapersKeepTheRatioOfTwoTones(method: FreezingMethod) throws {
        let course = try method.course(of: [tone([(1.5, 2), (5.5, 0.5)], seconds: 20)], sampleRateHz: 100)
        let expected = method.scale == .ratio ? 1.0 / 16 : log(100.0 / 256)
        for value in course.index { #expect(abs(value - expected) < 0.01 * abs(expected)) }
    }

    @Test func gravityAndItsDirectionAreNoMovement() throws {
        let leg = tone([(1, 2), (5, 1)], seconds: 20)
        let upright = try FreezingMethod.multitaper.course(
            of: [leg.map { $0 + 9.80665 }, leg.map { _ in 0 }, leg.map { _ in 0 }], sampleRateHz: 100)
        let tilted = try FreezingMethod.multitaper.course(
            of: [leg.map { 0.6 * ($0 + 9.80665) }, leg.map { _ in 0 }, leg.map { -0.8 * ($0 + 9.80665) }],
            sampleRateHz: 100)
        for (a, b) in zip(upright.index, tilted.index) { #expect(abs(a - b) < 1e-9) }
    }

    /// White noise has twice as much power from 3 to 8 Hz as from 0.5 to 3: by the ratio alone, standing would be freezing. Only the
    /// threshold of 3 is above that.
    @Test(arguments: FreezingMethod.all.filter { $0.threshold != nil })
    func standingStillIsNoFreezing(method: FreezingMethod) throws {
        var noise = SeededNoise(seed: 3)
        let standing = (0..<6000).map { _ in 9.80665 + 0.05 * noise.gaussian() }
        let course = try method.course(of: [standing], sampleRateHz: 100)
        if method != .moore2013 { #expect(try #require(course.summary(stillBelow: 0)).frozenPercent > 10) }
        let summary = try #require(course.summary())
        #expect(summary.episodes.isEmpty && summary.frozenPercent == 0 && summary.movingS == 0)
        #expect(summary.frozenPercentOfMovement == nil)
    }

    @Test func anAllZeroRecordingHasNoFreezing() throws {
        let course = try FreezingMethod.multitaper.course(of: [[Double](repeating: 0, count: 3000)], sampleRateHz: 100)
        #expect(course.index.allSatisfy { $0 == 0 })
        #expect(try #require(course.summary(stillBelow: 0)).episodes.isEmpty)
    }

    /// 20 s of steps, 10 s of trembling, 20 s of steps. Each end is sure to half a window.
    @Test(arguments: FreezingMethod.all.filter { $0.threshold != nil })
    func anEpisodeIsWhereItIs(method: FreezingMethod) throws {
        let leg = tone([(1, 3)], seconds: 20) + tone([(5, 3)], seconds: 10) + tone([(1, 3)], seconds: 20)
        let summary = try #require(try method.course(of: [leg], sampleRateHz: 100).summary())
        #expect(summary.episodes.count == 1)
        let episode = try #require(summary.episodes.first)
        #expect(abs(episode.startS - 20) < method.windowS / 2)
        #expect(abs(episode.startS + episode.durationS - 30) < method.windowS / 2)
        #expect(abs(summary.frozenPercent - 100 * episode.durationS / summary.analyzedS) < 1e-9)
    }

    @Test func aMethodWithoutThresholdHasAnIndexButNoEpisodes() throws {
        let course = try FreezingMethod.cockx2023.course(of: [tone([(5, 3)], seconds: 20)], sampleRateHz: 100)
        #expect(!course.index.isEmpty && course.summary() == nil)
        #expect(course.summary(threshold: 2)?.episodes.count == 1)
    }

    @Test func windowsWithMissingSamplesAreLeftOutAndCounted() throws {
        var leg = tone([(1, 2), (5, 1)], seconds: 60)
        let whole = try FreezingMethod.bachlin2010.course(of: [leg], sampleRateHz: 100)
        for place in 3000..<3010 { leg[place] = .nan }
        let cut = try FreezingMethod.bachlin2010.course(of: [leg], sampleRateHz: 100)
        // Windows of 400 samples every 50 that hold one of 3000 to 3009: starts 2650 to 3000.
        #expect(cut.windowsLeftOut == 8 && whole.index.count - cut.index.count == 8)
        #expect(cut.index.allSatisfy { $0.isFinite })
        for (time, value) in zip(cut.timesS, cut.index) {
            let place = try #require(whole.timesS.firstIndex(of: time))
            #expect(whole.index[place] == value)
        }
    }

    @Test func tooLowARateAndTooShortARecordingAreRefused() {
        #expect(throws: RecordingError.rateTooLow(rate: 16, needed: 20)) {
            try FreezingMethod.zach2015.course(of: [[Double](repeating: 0, count: 1000)], sampleRateHz: 16)
        }
        #expect(throws: RecordingError.tooFewSamples(499)) {
            try FreezingMethod.multitaper.course(of: [[Double](repeating: 0, count: 499)], sampleRateHz: 100)
        }
        #expect(throws: RecordingError.self) {
            try FreezingMethod.zach2015.course(of: [[Double](repeating: .nan, count: 1000)], sampleRateHz: 100)
        }
    }
}

@Suite struct RankAUCTests {
    /// Against the definition, all pairs counted, with ties and infinities.
    @Test func areaIsTheShareOfPairsInOrder() throws {
        var noise = SeededNoise(seed: 9)
        for count in 2...40 {
            let scores = (0..<count).map { _ -> Double in
                let whole = Int.random(in: -4...4, using: &noise)
                return whole == -4 ? -.infinity : whole == 4 ? .infinity : Double(whole)
            }
            let isPositive = (0..<count).map { $0 == 0 || ($0 > 1 && Bool.random(using: &noise)) }
            var (wins, pairs) = (0.0, 0.0)
            for p in 0..<count where isPositive[p] {
                for n in 0..<count where !isPositive[n] {
                    pairs += 1
                    wins += scores[p] > scores[n] ? 1 : scores[p] == scores[n] ? 0.5 : 0
                }
            }
            #expect(abs(try #require(RankAUC.area(scores: scores, isPositive: isPositive)) - wins / pairs) < 1e-12)
        }
    }

    @Test func oneClassOrNaNHasNoArea() {
        #expect(RankAUC.area(scores: [1, 2], isPositive: [true, true]) == nil)
        #expect(RankAUC.area(scores: [1, 2], isPositive: [false, false]) == nil)
        #expect(RankAUC.area(scores: [1, .nan], isPositive: [true, false]) == nil)
    }
}
