import Records
import TestSupport
import Testing
import Tremor

@Suite struct RatingTests {
    private func amplitude(_ value: Double, _ low: Double, _ high: Double) throws -> UncertainValue {
        try #require(UncertainValue(value, ci95: (low, high)))
    }

    /// scipy 1.17.1, `Golden/rating.py`; 15 digits are printed, differences of two near 1 lose more.
    @Test(arguments: [
        (2.0, 1.25, 3.2, [0.00192317343808484, 0.952642345703818, 0.0454344808484666, 9.63018553790107e-12]),
        (0.9, 0.7, 1.3, [0.712795127332361, 0.287204872598212, 6.94266866219095e-11, 0]),
        (11.0, 8.0, 14.0, [1.36326086697576e-49, 6.39497295057879e-16, 0.278736654262337, 0.721263345737663]),
        (0.012, 0.01, 0.015, [1, 0, 0, 0]),
    ])
    func probabilitiesOfALimbAreThoseOfScipy(value: Double, low: Double, high: Double, expected: [Double]) throws {
        let scores = ScoreProbabilities(try amplitude(value, low, high), bins: .limb)
        #expect(scores.values[0] == 0)
        for (score, p) in expected.enumerated() { #expect(abs(scores.values[score + 1] - p) < 1e-14) }
    }

    /// scipy 1.17.1, `Golden/rating.py`.
    @Test func aLipHasItsOwnBins() throws {
        let scores = ScoreProbabilities(try amplitude(2.5, 2, 3.125), bins: .lipOrJaw)
        let expected = [0, 4.20211978816589e-16, 0.0249999999999996, 0.920356618087935, 0.0546433819120647]
        for (p, q) in zip(scores.values, expected) { #expect(abs(p - q) < 1e-14) }
    }

    /// An edge is the median there: half of the probability lies on either side, whatever the interval's width.
    @Test(arguments: [1.0, 3.0, 10.0], [1.0, 1.01, 1.4])
    func anAmplitudeOnAnEdgeHasBothScoresWithOneHalf(edge: Double, factor: Double) throws {
        let scores = ScoreProbabilities(try amplitude(edge, edge / factor, edge * factor), bins: .limb).values
        let lower = edge == 1 ? 1 : edge == 3 ? 2 : 3
        // At a factor of 1.4 the next edge is 6.4 SD away.
        #expect(abs(scores[lower] - 0.5) < 1e-9 && abs(scores[lower + 1] - 0.5) < 1e-9)
    }

    @Test func theEndsOfTheIntervalArePercentilesOnUnevenIntervalsToo() throws {
        let value = try amplitude(2, 1.9, 3.7)
        #expect(abs(value.probability(below: 1.9) - 0.025) < 1e-12)
        #expect(abs(value.probability(below: 3.7) - 0.975) < 1e-12)
        #expect(value.probability(below: 2) == 0.5 && value.probability(below: 0) == 0)
    }

    @Test func anIntervalFromZeroHasAFiniteLowerHalf() throws {
        let value = try amplitude(2, 0, 4)
        #expect(abs(value.probability(below: 1) - 0.025) < 1e-12)
    }

    @Test func whatIsNoAmplitudeIsRefused() {
        let bad = [(0.0, 0.0, 1.0), (.nan, 1, 2), (2, 3, 4), (2, 1, 1.5), (2, -1, 3), (2, 1, .infinity), (-1, -2, 0)]
        for (value, low, high) in bad { #expect(UncertainValue(value, ci95: (low, high)) == nil) }
        #expect(UncertainValue(0, ci95: (0, 3), scale: .plain) != nil)
    }

    /// For 2000 random estimates: the five sum to 1, none is below 0, and a larger tremor is never less likely to reach a score.
    @Test func probabilitiesAreADistributionThatGrowsWithAmplitude() throws {
        var noise = SeededNoise(seed: 5)
        for _ in 0..<2000 {
            let value = Double.random(in: 0.01...20, using: &noise)
            let (down, up) = (Double.random(in: 1...3, using: &noise), Double.random(in: 1...3, using: &noise))
            let presence = Double.random(in: 0...1, using: &noise)
            let smaller = ScoreProbabilities(
                try amplitude(value, value / down, value * up), bins: .limb, presence: presence)
            let larger = ScoreProbabilities(
                try amplitude(value * 1.1, value * 1.1 / down, value * 1.1 * up), bins: .limb, presence: presence)
            #expect(smaller.values.allSatisfy { $0 >= 0 } && abs(smaller.values.reduce(0, +) - 1) < 1e-12)
            #expect(abs(smaller.values[0] - (1 - presence)) < 1e-15)
            for score in 1...4 {
                #expect(larger.values[score...].reduce(0, +) >= smaller.values[score...].reduce(0, +) - 1e-12)
            }
        }
    }

    @Test func withoutTremorTheScoreIsZero() {
        let item = RatingItem(site: "wrist-left", task: .rest)
        let view = RatingView(item: item, amplitude: UncertainValue(0.02, ci95: (0.01, 0.04)), presence: 0)
        #expect(view.probabilities == .noTremor && view.probabilities?.mostProbable == 0)
        // An amplitude of nothing has no logarithm, so that the law has no answer.
        #expect(view.rating == nil)
    }

    @Test(arguments: [
        ("wrist-left", RatingItem.Task.rest, "3.17b"), ("wrist-right", .rest, "3.17a"), ("ankle-right", .rest, "3.17c"),
        ("Left Foot", .rest, "3.17d"), ("chin", .rest, "3.17e"), ("wrist-left", .postural, "3.15b"),
        ("right_hand", .postural, "3.15a"), ("finger-right", .kinetic, "3.16a"), ("forearm-l", .reemergent, "3.15b"),
        ("wrist", .rest, "3.17"), ("wrist", .kinetic, "3.16"),
    ])
    func siteAndTaskNameTheItem(site: String, task: RatingItem.Task, code: String) throws {
        #expect(try #require(RatingItem(site: site, task: task)).code == code)
    }

    @Test(arguments: [
        ("ankle-left", RatingItem.Task.postural), ("chin", .kinetic), ("sternum", .rest), ("lumbar", .postural),
        ("", .rest), ("wrist-ankle", .rest),
    ])
    func whatNoItemScoresHasNone(site: String, task: RatingItem.Task) {
        #expect(RatingItem(site: site, task: task) == nil)
    }

    @Test func constancyIsOverValidRest() throws {
        let share = try #require(UncertainValue(40, ci95: (30, 48), scale: .plain))
        let view = RatingView(item: nil, amplitude: nil, presence: 1, tremorTimePercent: share, restS: 600)
        // scipy 1.17.1, `Golden/rating.py`.
        let expected = [0, 0.00164134738227096, 0.991214948768902, 0.00714370384882745, 0]
        let found = try #require(view.constancy).values
        for (p, q) in zip(found, expected) { #expect(abs(p - q) < 1e-14) }
        #expect(RatingView(item: nil, amplitude: nil, presence: 1, tremorTimePercent: share, restS: 0).constancy == nil)
        let none = UncertainValue(0, ci95: (0, 4), scale: .plain)
        let still = RatingView(item: nil, amplitude: nil, presence: 1, tremorTimePercent: none, restS: 600)
        #expect(still.constancy == .noTremor)
    }

    @Test(arguments: [25.0, 50.0, 75.0])
    func aShareOnAnEdgeHasBothScoresWithOneHalf(edge: Double) throws {
        let share = try #require(UncertainValue(edge, ci95: (edge - 2, edge + 2), scale: .plain))
        let scores = ScoreProbabilities(share, bins: .constancy).values
        let lower = Int(edge / 25)
        #expect(abs(scores[lower] - 0.5) < 1e-12 && abs(scores[lower + 1] - 0.5) < 1e-12)
    }

    @Test func theMembersHaveItemAndProbabilities() throws {
        let view = RatingView(
            item: RatingItem(site: "wrist-right", task: .postural), amplitude: try amplitude(2, 1.25, 3.2),
            presence: 0.9)
        let json = JSONValue.object(view.members)
        #expect(json["updrs"]?["item"]?.string == "3.15a")
        let probabilities = try #require(json["updrs"]?["probabilities"]?.doubles)
        #expect(probabilities.count == 5 && abs(probabilities[0] - 0.1) < 1e-15)
        #expect(json["updrs"]?["most_probable"]?.int == 2)
        #expect(json["ftm"]?["probabilities"]?.elements?.count == 5)
        #expect(json["rating_note"]?.string == "sensor-derived, not a rating")
        let empty = JSONValue.object(RatingView(item: nil, amplitude: nil, presence: 1).members)
        #expect(empty["updrs"] == .null && empty["elble_rating"] == .null && empty["updrs_constancy"] == .null)
    }
}
