import Foundation
import TestSupport
import Testing
import Tremor

@Suite struct WeberFechnerTests {
    private func amplitude(_ value: Double, _ low: Double, _ high: Double) throws -> UncertainValue {
        try #require(UncertainValue(value, ci95: (low, high)))
    }

    /// [Elble2018]: with α = 0.5, one point less is 68 % less amplitude, two points are 90 %.
    @Test(arguments: [(-1.0, 68.4), (-2.0, 90.0)])
    func aPointOfRatingIsAFactorOfAmplitude(points: Double, lessPercent: Double) throws {
        let ratio = 1 - lessPercent / 100
        let found = try #require(WeberFechner.usual.points(ofRatio: ratio))
        // 68.4 is printed to a digit: 0.3 % of the ratio.
        #expect(abs(found.value - points) < 0.002)
    }

    @Test func theUsualLawIsFourAtOneCentimetreAndIsClamped() throws {
        for (cm, rating) in [(1.0, 4.0), (0.1, 2), (0.01, 0), (0.031622776601683794, 1), (0.001, 0), (20, 4), (0, 0)] {
            #expect(abs(try #require(WeberFechner.usual.rating(of: cm)) - rating) < 1e-12)
        }
        #expect(WeberFechner.usual.rating(of: .nan) == nil)
    }

    @Test func theIntervalGoesThroughTheLaw() throws {
        let found = try #require(WeberFechner.usual.rating(of: try amplitude(0.1, 0.05, 0.2)))
        #expect(abs(found.value - 2) < 1e-12)
        #expect(abs(found.ci95.low - (2 - 2 * 0.3010299956639812)) < 1e-12)
        #expect(abs(found.ci95.high - (2 + 2 * 0.3010299956639812)) < 1e-12)
    }

    @Test func headCoefficientsAreThoseOfTheirPaper() throws {
        let head = try #require(WeberFechner.named("elble2016-head"))
        // log10 T = 0.47 · 2 − 1.8
        #expect(abs(try #require(head.rating(of: 0.138038426460288)) - 2) < 1e-9)
        let rotation = try #require(WeberFechner.named("elble2016-head-rotation"))
        #expect(rotation.unit == .degrees)
        // log10 T = 0.64 · 1 − 1.4
        #expect(abs(try #require(rotation.rating(of: 0.173780082874938)) - 1) < 1e-9)
    }

    @Test(arguments: ["rest", "postural", "spiral", "writing", "finger-nose"])
    func slopesAloneGiveNoRatingButAChange(item: String) throws {
        let law = try #require(WeberFechner.named("elble2006-\(item)"))
        #expect(law.rating(of: 1.0) == nil)
        #expect(law.rating(of: try amplitude(1, 0.5, 2)) == nil)
        let change = try #require(law.points(ofRatio: 0.1))
        #expect(abs(change.value + 1 / law.middleAlpha) < 1e-12)
        #expect(abs(change.range.lowerBound + 1 / law.alpha.lowerBound) < 1e-12)
    }

    @Test func aLawInDegreesRatesNoCentimetres() throws {
        let law = try #require(WeberFechner.named("elble2016-head-rotation"))
        let view = RatingView(item: nil, amplitude: try amplitude(1, 0.5, 2), presence: 1, law: law)
        #expect(view.rating == nil)
    }

    /// scipy 1.17.1, `Golden/rating.py`.
    @Test func aChangeHasTheIntervalOfBothRecordings() throws {
        let change = AmplitudeChange(from: try amplitude(2, 1.5, 2.6), to: try amplitude(0.6, 0.5, 0.75))
        #expect(abs(change.log10Ratio + 0.5228787452803376) < 1e-14)
        #expect(abs(change.log10RatioCI95.low + 0.6616330506570517) < 1e-13)
        #expect(abs(change.log10RatioCI95.high + 0.36476094575574325) < 1e-13)
        #expect(abs(change.percentCI95.low + 78.20449433220476) < 1e-10)
        #expect(abs(change.percentCI95.high + 56.824333124517366) < 1e-10)
        #expect(abs(change.percent + 70) < 1e-12 && change.isReliable && change.isImportant)
    }

    @Test func aLargeChangeWithinErrorIsNotReliable() throws {
        let change = AmplitudeChange(from: try amplitude(1, 0.3, 3), to: try amplitude(3.5, 1, 12))
        #expect(change.exceedsMinimumDetectable && !change.exceedsRecordingError && !change.isReliable)
        #expect(change.isImportant)
    }

    @Test func aSureChangeBelowTheMinimumDetectableIsNotReliable() throws {
        let change = AmplitudeChange(from: try amplitude(1, 0.98, 1.02), to: try amplitude(0.6, 0.59, 0.61))
        #expect(change.exceedsRecordingError && !change.exceedsMinimumDetectable)
        #expect(!change.isReliable && !change.isImportant)
        var criteria = AmplitudeChange.Criteria()
        criteria.minimumDetectablePercent = 30
        criteria.importantPoints = 0.4
        let narrow = AmplitudeChange(from: change.baseline, to: change.followUp, criteria: criteria)
        #expect(narrow.isReliable && narrow.isImportant)
    }

    @Test func aRiseIsDetectableByTheSameFactorAsAFall() throws {
        for (ratio, isMore) in [(0.35, false), (0.33, true), (1 / 0.35, false), (1 / 0.33, true)] {
            let change = AmplitudeChange(from: try amplitude(1, 0.9, 1.1), to: try amplitude(ratio, ratio, ratio))
            #expect(change.exceedsMinimumDetectable == isMore && change.isReliable == isMore)
        }
    }

    @Test func theSameAmplitudeTwiceIsNoChange() throws {
        let one = try amplitude(1.3, 1.1, 1.6)
        let change = AmplitudeChange(from: one, to: one)
        #expect(change.percent == 0 && change.points == 0 && !change.isReliable && !change.isImportant)
        #expect(change.json["percent_change"]?.double == 0)
    }

    /// 1000 pairs with errors of 10 and 20 %: the interval holds the true ratio in 95 % of them; four SD of a binomial are 2.8 %.
    @Test func theIntervalOfAChangeCoversTheTruth() throws {
        var noise = SeededNoise(seed: 77)
        var hits = 0
        for _ in 0..<1000 {
            func measured(_ truth: Double, _ sd: Double) throws -> UncertainValue {
                let value = truth * exp(sd * noise.gaussian())
                return try amplitude(value, value * exp(-1.96 * sd), value * exp(1.96 * sd))
            }
            let change = AmplitudeChange(from: try measured(2, 0.1), to: try measured(0.5, 0.2))
            let truth = -0.6020599913279624
            if change.log10RatioCI95.low <= truth && truth <= change.log10RatioCI95.high { hits += 1 }
        }
        #expect(abs(hits - 950) <= 28)
    }
}
