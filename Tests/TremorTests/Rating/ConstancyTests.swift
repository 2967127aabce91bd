import Glibc
import TestSupport
import Testing
import Tremor

@Suite struct ConstancyTests {
    /// A recording at rest whose windows have tremor for the shares given.
    private func recording(seconds: Double, _ share: (Int) -> Float) throws -> TremorResult {
        var settings = TremorSettings()
        settings.task = .rest
        var result = try analyzeTremor(
            SyntheticSource(tone(5, 1, rate: 50, seconds: seconds, noise: 0.02)), settings: settings)
        for place in result.windows.indices {
            (result.windows[place].kind, result.windows[place].tremorShare) = (.rest, share(place))
        }
        return result
    }

    /// All of the time is not less sure than nearly all of it: with less tremor neither end of the interval rises.
    @Test(arguments: [40.0, 60, 300, 1800])
    func moreTremorIsNeverLessSure(seconds: Double) throws {
        let steps = try (0...20).map { step in
            let found = try recording(seconds: seconds) { $0 % 20 < step ? 1 : 0 }
            return try #require(found.restTremorTimePercentCI95)
        }
        let full = steps[20]
        #expect(full.high == 100 && steps[0].low == 0)
        // 2 % of the time is missing in one place, or everywhere.
        for part in [
            try recording(seconds: seconds) { $0 == 3 ? 0.42 : 1 }, try recording(seconds: seconds) { _ in 0.98 },
        ] {
            let interval = try #require(part.restTremorTimePercentCI95)
            #expect(interval.low < full.low && interval.high - interval.low >= 0.98 * (full.high - full.low))
        }
        for place in 0..<20 { #expect(steps[place].low <= full.low && steps[place].high >= steps[0].high) }
    }

    /// The exact bound where n of n batches are full: 0.025^(1/n) [Clopper1934]; 60 s have 6 batches, an hour 30.
    @Test(arguments: [(60.0, 6.0), (3600, 30)])
    func theIntervalOfAllTheTimeIsTheBinomials(seconds: Double, batches: Double) throws {
        let full = try #require(recording(seconds: seconds) { _ in 1 }.restTremorTimePercentCI95)
        // The tolerance is that of a power.
        #expect(abs(full.low - 100 * pow(0.025, 1 / batches)) < 1e-9 && full.high == 100)
    }

    /// Tremors of 0.5 and 5 cm, half a minute of each: no end of an interval is beyond what was there.
    @Test func anIntervalOfTwoTremorsLiesWithinThem() throws {
        let result = try analyzeTremor(
            SyntheticSource(tone(5, 5, rate: 100, seconds: 60, noise: 0.01) { $0 < 30 ? 0.1 : 1 }))
        let largest = try #require(result.largestPeakToPeakCm)
        let interval = try #require(result.peakToPeakCmCI95)
        let smallest = result.windows.filter(\.isTremor).map { Double($0.peakToPeakCm) }.min() ?? 0
        #expect(interval.high <= largest && interval.low >= smallest && interval.low < interval.high)
        for kind in result.kinds {
            if let interval = kind.peakToPeakCmCI95 { #expect(interval.high <= largest) }
        }
        // What a rater scores is the larger one: 5 cm is a score of 3.
        let rating = try #require(result.rating(site: "wrist-left"))
        #expect(try #require(rating.fahnTolosaMarin).values[4] > 0.95)
    }
}
