import Glibc
import Outcomes
import PET
import Statistics
import Testing

/// The worked example of the panel: posterior putamen Ki 0.0045 → 0.0072, caudate 0.0075 → 0.0071, wCV 8.7 %, two years.
@Suite struct PanelExampleTests {
    static func visit(putamen: Double, caudate: Double) -> VisitUptake {
        VisitUptake(
            kind: .kiRef,
            regions: ["left", "right"].flatMap { side in
                [
                    ("putamen-posterior-\(side)", VisitUptake.Value(putamen, volumeML: 2)),
                    ("caudate-\(side)", VisitUptake.Value(caudate, volumeML: 3)),
                ]
            })
    }

    func panel(correlation: Double = 0) -> GraftPanel {
        var settings = GraftPanel.Settings(repeatability: Repeatability(wCV: 0.087, source: "Vingerhoets 1994"))
        settings.correlation = correlation
        return GraftPanel(
            before: Self.visit(putamen: 0.0045, caudate: 0.0075), after: Self.visit(putamen: 0.0072, caudate: 0.0071),
            years: 2, settings: settings)
    }

    @Test func thePrimaryRegionIsUp() throws {
        let row = try #require(panel().primary)
        let change = try #require(row.change)
        #expect(abs(change.dln - 0.47000363) < 5e-9 && abs(change.percent - 60) < 1e-9)
        let z = try #require(change.z)
        #expect(abs(z - 3.827) < 5e-4 && change.flag == .up)
        #expect(PETClass(panel()) == .up)
        #expect(PETClass(panel(), isReadable: false) == .unreadable)
    }

    /// Intervals as printed, for errors of putamen and caudate that are independent and that move together by half.
    @Test(arguments: [(0.0, 1.2025, 2.3755), (0.5, 1.3286, 2.1501)])
    func theCaudateReferencedRatioHasItsInterval(correlation: Double, low: Double, high: Double) throws {
        let found = try #require(
            panel(correlation: correlation).caudateReferenced.first {
                $0.part == .posteriorPutamen && $0.site == .bilateral
            })
        #expect(abs(found.change.dln - 0.52481187) < 5e-9)
        #expect(abs(1 + found.change.percent / 100 - 1.690141) < 5e-7)
        let interval = try #require(found.change.ratioInterval95)
        #expect(abs(interval.0 - low) < 5e-5 && abs(interval.1 - high) < 5e-5)
        #expect(found.caudateFlag == .within)
    }

    @Test func theProgressionIsARangeOverTheDeclines() throws {
        let found = try #require(
            panel().progression.first { $0.part == .posteriorPutamen && $0.site == .bilateral })
        #expect(found.excess.map(\.ratePerYear) == [0, 0.063, 0.103])
        for (percent, printed) in zip(found.excess.map(\.percent), [60.0, 81.5, 96.6]) {
            #expect(abs(percent - printed) < 0.05)
        }
    }

    @Test func theCaudateIsNeverItsOwnReference() {
        #expect(!panel().caudateReferenced.contains { $0.part == .caudate })
    }

    /// Four regions at 5 % each: 18.5 % of unchanged patients have at least one flag, which is why one region decides.
    @Test func fourRegionsFlagAlmostOneUnchangedPatientInFive() {
        var random = RandomSource(seed: 8)
        let settings = GraftPanel.Settings(repeatability: Repeatability(wCV: 0.087, source: "simulated"))
        let sigma = settings.repeatability!.sigmaLn
        let parts = ["caudate", "putamen-anterior", "putamen-posterior", "ventral-striatum"]
        func visit() -> VisitUptake {
            VisitUptake(
                kind: .sbr,
                regions: parts.map { ("\($0)-left", VisitUptake.Value(exp(sigma * random.gaussian()))) })
        }
        let patients = 20_000
        let flagged = (0..<patients).count { _ in
            GraftPanel(before: visit(), after: visit(), settings: settings).rows
                .contains { $0.part != .putamen && $0.change?.flag != .within }
        }
        // Four standard errors of a share of 0.185 in 20000.
        #expect(abs(Double(flagged) / Double(patients) - (1 - 0.95 * 0.95 * 0.95 * 0.95)) < 0.011)
    }

    /// Of 10000 patients with a gain of 40 % and as many without, seeded: the interval of the change holds the gain, and
    /// no change is within error, at the nominal rate (95 %; 93 to 97 % are asked for).
    @Test(arguments: [(0.0, 0.4), (0.087, 0.4), (0.03, 0.0), (0.087, 0.0), (0.15, 0.0)])
    func theIntervalHoldsTheTrueGain(wCV: Double, gain: Double) throws {
        var random = RandomSource(seed: UInt64(1000 * wCV + 10 * gain))
        let used = Repeatability(wCV: wCV == 0 ? 0.05 : wCV, source: "simulated")
        let truth = log(1 + gain)
        let patients = 10_000
        var (held, within) = (0, 0)
        for _ in 0..<patients {
            func scan(_ value: Double) -> VisitUptake {
                Self.visit(putamen: value * exp(used.sigmaLn * random.gaussian()), caudate: 0.0075)
            }
            let panel = GraftPanel(
                before: scan(0.0045), after: scan(0.0045 * (1 + gain)),
                settings: GraftPanel.Settings(repeatability: used))
            let change = try #require(panel.primary?.change)
            let sigma = try #require(change.sigma)
            if abs(change.dln - truth) <= 1.96 * sigma { held += 1 }
            if change.flag == .within { within += 1 }
        }
        // Four standard errors of a share of 0.95 in 10000 are 0.9 %.
        #expect(abs(Double(held) / Double(patients) - 0.95) < 0.009)
        if gain == 0 { #expect(within == held) }
    }
}
