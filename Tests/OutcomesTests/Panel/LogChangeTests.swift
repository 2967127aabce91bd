import Outcomes
import Testing

/// The worked example of the graft panel: posterior putamen Ki 0.0045 → 0.0072, caudate 0.0075 → 0.0071, wCV 8.7 %;
/// computed with numpy to 8 digits, hence the tolerances.
@Suite struct LogChangeTests {
    let repeatability = Repeatability(wCV: 0.087, source: "Vingerhoets 1994")

    @Test func aGainOfSixtyPercentIsBeyondTheLimit() throws {
        let change = LogChange(from: 0.0045, to: 0.0072, repeatability: repeatability)
        #expect(abs(change.dln - 0.47000363) < 1e-8)
        #expect(abs(change.percent - 60) < 1e-9)
        #expect(abs(try #require(change.z) - 3.827) < 5e-4)
        #expect(change.flag == .up)
    }

    @Test func theDifferenceToTheCaudateHasThePublishedInterval() throws {
        let putamen = LogChange(from: 0.0045, to: 0.0072, repeatability: repeatability)
        let caudate = LogChange(from: 0.0075, to: 0.0071, repeatability: repeatability)
        #expect(abs(caudate.dln + 0.05480824) < 1e-8)
        #expect(caudate.flag == .within)
        let difference = putamen - caudate
        #expect(abs(difference.dln - 0.52481187) < 1e-8)
        let interval = try #require(difference.ratioInterval95)
        #expect(abs(interval.0 - 1.2025) < 5e-5 && abs(interval.1 - 2.3755) < 5e-5)
    }

    @Test(arguments: [
        (0.03, 8.7, -8.0), (0.05, 14.9, -12.9), (0.087, 27.2, -21.4), (0.10, 31.9, -24.2), (0.12, 39.3, -28.2),
    ])
    func theLimitsAreThoseOfTheTable(wCV: Double, above: Double, below: Double) throws {
        let change = LogChange(from: 1, to: 1, repeatability: Repeatability(wCV: wCV, source: "table"))
        let limit = try #require(change.limitPercent)
        #expect(abs(limit.above - above) < 0.05 && abs(limit.below - below) < 0.05)
    }

    @Test func withoutARepeatabilityThereIsNoFlag() {
        let change = LogChange(from: 1, to: 2, repeatability: nil)
        #expect(change.flag == nil && change.z == nil && change.ratioInterval95 == nil)
    }

    @Test func aFitWorseThanTheRepeatabilityWidensTheLimit() throws {
        let change = LogChange(from: 1, to: 1.4, repeatability: repeatability, standardErrors: (0.3, 0.3))
        #expect(change.flag == .within)
        let expected = (0.3 * 0.3 + (0.3 / 1.4) * (0.3 / 1.4)).squareRoot()
        #expect(abs(try #require(change.sigma) - expected) < 1e-12)
    }
}
