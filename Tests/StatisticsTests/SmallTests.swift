import Statistics
import Testing

@Suite struct ProportionTests {
    /// statsmodels 0.15.0 and scipy 1.17.1.
    @Test func respondersNineAndThreeOfFifteen() {
        let (a, b) = (Proportion(9, of: 15), Proportion(3, of: 15))
        let difference = Proportion.difference(a, minus: b)
        #expect(abs(difference.estimate - 0.4) < 1e-15)
        #expect(agrees(difference.interval95.low, 0.05035402530813132, decimals: 14))
        #expect(agrees(difference.interval95.high, 0.6397534011999869, decimals: 14))
        #expect(agrees(a.wilson().low, 0.35746830120624595, decimals: 14))
        #expect(agrees(a.wilson().high, 0.8017550385865843, decimals: 14))
        #expect(agrees(b.wilson().low, 0.07047549346981555, decimals: 14))
        let exact = FisherExact(a, b)
        #expect(agrees(exact.p, 0.0604329414, decimals: 10) && exact.sampleOddsRatio == 6)
        // scipy's `contingency.odds_ratio`, to its roots' 1e-8; R's `fisher.test` prints 5.61371483 [0.942292, 44.934804]
        // from roots it finds to 1e-4.
        #expect(abs(exact.conditionalOddsRatio / 5.613712809734316 - 1) < 1e-7)
        #expect(abs(exact.interval95.low / 0.9422914775881551 - 1) < 1e-7)
        #expect(abs(exact.interval95.high / 44.94053383931016 - 1) < 1e-7)
        let other = FisherExact(Proportion(8, of: 15), Proportion(2, of: 15))
        #expect(agrees(other.p, 0.05017491254372814, decimals: 13))
    }

    /// The beta quantiles in closed form: 0 of n allows 1 − 0.05^(1/n) one-sided.
    @Test func noneOfSixStillAllowsFourOfTen() {
        #expect(agrees(Proportion(0, of: 6).upperBound(), 0.393, decimals: 3))
        #expect(agrees(Proportion(0, of: 12).upperBound(), 0.221, decimals: 3))
        #expect(agrees(Proportion(1, of: 6).upperBound(), 0.582, decimals: 3))
        #expect(abs(Proportion(0, of: 6).upperBound() - 0.39303776899708265) < 1e-14)
    }

    @Test func allAndNoneHaveOneSidedIntervals() {
        for n in 1...40 {
            let (none, all) = (Proportion(0, of: n), Proportion(n, of: n))
            #expect(none.wilson().low == 0 && all.wilson().high == 1 && none.clopperPearson().low == 0)
            #expect(abs(none.clopperPearson().high - (1 - all.clopperPearson().low)) < 1e-14)
            for x in 0...n {
                let (p, q) = (Proportion(x, of: n), Proportion(n - x, of: n))
                #expect(p.clopperPearson().contains(p.share) && p.wilson().contains(p.share))
                #expect(abs(p.wilson().low - (1 - q.wilson().high)) < 1e-14)
            }
        }
    }

    /// Exchanging the groups turns the odds ratio over and leaves p.
    @Test func fishersTestHasNoSide() {
        for a in 0...6 {
            for b in 0...5 {
                let (x, y) = (Proportion(a, of: 6), Proportion(b, of: 5))
                let (first, second) = (FisherExact(x, y), FisherExact(y, x))
                #expect(abs(first.p - second.p) < 1e-14 && first.p <= 1 && first.p > 0)
                let product = first.conditionalOddsRatio * second.conditionalOddsRatio
                #expect(product.isNaN || abs(product - 1) < 1e-9)
            }
        }
    }
}

@Suite struct MultiplicityTests {
    /// R 4.2.2 `p.adjust`; statsmodels 0.15.0 `multipletests`.
    @Test func adjustedAsPrinted() {
        let p = [0.01, 0.02, 0.03, 0.04, 0.045]
        func same(_ a: [Double], _ b: [Double]) -> Bool { zip(a, b).allSatisfy { abs($0 - $1) < 1e-15 } }
        #expect(same(Multiplicity.holm.adjusted(p), [0.05, 0.08, 0.09, 0.09, 0.09]))
        #expect(same(Multiplicity.hochberg.adjusted(p), [0.045, 0.045, 0.045, 0.045, 0.045]))
        #expect(same(Multiplicity.benjaminiHochberg.adjusted(p), [0.045, 0.045, 0.045, 0.045, 0.045]))
        let q = [0.001, 0.012, 0.021, 0.04, 0.30]
        #expect(same(Multiplicity.bonferroni.adjusted(q), [0.005, 0.06, 0.105, 0.2, 1]))
        #expect(same(Multiplicity.holm.adjusted(q), [0.005, 0.048, 0.063, 0.08, 0.3]))
        #expect(same(Multiplicity.hochberg.adjusted(q), [0.005, 0.048, 0.063, 0.08, 0.3]))
        #expect(same(Multiplicity.benjaminiHochberg.adjusted(q), [0.005, 0.03, 0.035, 0.05, 0.3]))
    }

    /// BH ≤ Hochberg ≤ Holm ≤ Bonferroni, each at least p, none depends on the order given.
    @Test func theOrderOfTheMethodsHolds() {
        var random = RandomSource(seed: 3)
        for _ in 0..<200 {
            let p = (0..<7).map { _ in random.uniform() * random.uniform() }
            let all = [Multiplicity.benjaminiHochberg, .hochberg, .holm, .bonferroni].map { $0.adjusted(p) }
            for place in p.indices {
                #expect(all[0][place] >= p[place])
                for method in 1..<4 { #expect(all[method - 1][place] <= all[method][place] + 1e-15) }
            }
            for method in Multiplicity.allCases {
                #expect(method.adjusted(p.reversed()) == method.adjusted(p).reversed())
            }
        }
    }
}

@Suite struct RankTests {
    /// scipy 1.17.1 `mannwhitneyu(method='exact')`: U 1, p 4/252.
    @Test func exactWithoutTies() throws {
        let test = try RankSumTest([-12, -8, -3, -15, -6], against: [2, -1, 4, 0, -5])
        #expect(test.u == 1 && abs(test.exactP! - 4.0 / 252) < 1e-15 && abs(test.superiority - 1.0 / 25) < 1e-15)
    }

    /// With ties, against looking at all C(8, 3) groups.
    @Test func exactWithTies() throws {
        let (a, b) = ([1.0, 2, 2], [2.0, 3, 3, 4, 5])
        let ranks = midRanks(a + b).ranks
        let (mean, seen) = (3 * 4.5, ranks[..<3].reduce(0, +))
        var (extreme, all) = (0, 0)
        for i in 0..<8 {
            for j in (i + 1)..<8 {
                for k in (j + 1)..<8 {
                    all += 1
                    if abs(ranks[i] + ranks[j] + ranks[k] - mean) >= abs(seen - mean) { extreme += 1 }
                }
            }
        }
        #expect(abs(try RankSumTest(a, against: b).exactP! - Double(extreme) / Double(all)) < 1e-15)
    }

    @Test func ranksShareTies() {
        let (ranks, ties) = midRanks([3, 1, 3, 2, 3])
        #expect(ranks == [4, 1, 4, 2, 4] && ties == 24)
    }

    /// scipy 1.17.1: `rankdata`, a line by numpy, `f_oneway` of its residuals.
    @Test func rankANCOVAIsQuades() throws {
        let y = [12.0, 21, 9, 26, 22, 24, 30, 34, 25, 20, 17, 17], x = [3, 5, 2, 8, 9, 6, 10, 9.5, 7, 1, 4, 2.5]
        let arm = Factor("arm", y.indices.map { $0 % 2 == 0 ? "a" : "b" })!
        let found = try RankANCOVA(outcome: y, arm: arm, covariates: [Design.Column("x", x)])
        #expect(abs(found.f - 9.951062493883398) < 1e-12 && abs(found.p - 0.010253684493365249) < 1e-14)
        #expect(abs(found.meanResiduals[1] - 1.2057109557109558) < 1e-14 && found.denominator == 10)
    }
}

@Suite struct CorrelationTests {
    /// scipy 1.17.1 and the ANCOVA form of Bakdash and Marusich.
    @Test(.enabled(if: Clinical.isPresent))
    func theReferenceIsReproduced() throws {
        let data = try Clinical.Columns("change_change")
        let (month, put, caud) = (data.number("month"), data.number("dln_ki_put"), data.number("dln_ki_caud"))
        let score = data.number("d_updrs3_off")
        let last = month.indices.filter { month[$0] == 24 }
        let (x, y) = (last.map { put[$0] }, last.map { score[$0] })
        let r = try Correlation.pearson(x, y)
        #expect(agrees(r.estimate, -0.6894470662, decimals: 10) && agrees(r.p, 4.461e-3, decimals: 6))
        #expect(agrees(r.interval95?.low, -0.888065, decimals: 6) && agrees(r.interval95?.high, -0.273930, decimals: 6))
        let rho = try Correlation.spearman(x, y)
        #expect(agrees(rho.estimate, -0.5752725124, decimals: 10) && agrees(rho.p, 2.485e-2, decimals: 5))
        let did = try Correlation.pearson(last.map { put[$0] - caud[$0] }, y)
        #expect(
            agrees(did.estimate, -0.6941178127, decimals: 10) && agrees(did.interval95?.low, -0.889943, decimals: 6))
        let within = try Correlation.repeatedMeasures(put, score, subject: Factor("id", data.text("id"))!)
        #expect(agrees(within.correlation.estimate, -0.2991018122, decimals: 10))
        #expect(within.correlation.degreesOfFreedom == 29)
        #expect(agrees(within.correlation.statistic, -1.68798654, decimals: 8))
        #expect(agrees(within.correlation.p, 1.021e-1, decimals: 4))
        #expect(agrees(within.correlation.interval95?.low, -0.59082416, decimals: 8))
        #expect(agrees(within.correlation.interval95?.high, 0.06178669, decimals: 8))
        #expect(agrees(within.slope, -13.89687542, decimals: 8))
    }

    /// Two covariates that say nothing of either leave Pearson's r but for two degrees of freedom.
    @Test func partialWithoutCovariatesIsPearson() throws {
        var random = RandomSource(seed: 2)
        let x = (0..<25).map { _ in random.gaussian() }, y = x.map { $0 + random.gaussian() }
        let (a, b) = (try Correlation.pearson(x, y), try Correlation.partial(x, y, given: []))
        #expect(abs(a.estimate - b.estimate) < 1e-14 && a.degreesOfFreedom == b.degreesOfFreedom)
        let z = x.map { $0 * 2 + random.gaussian() * 0.01 }
        #expect(abs(try Correlation.partial(x, y, given: [Design.Column("z", z)]).estimate) < 0.6)
    }

    @Test func aConstantHasNoCorrelation() {
        #expect(throws: StatisticsProblem.constant("one of the measurements")) {
            try Correlation.pearson([1, 1, 1, 1], [1, 2, 3, 4])
        }
    }
}

@Suite struct ReliabilityTests {
    private let first = [4.9, 6.1, 3.8, 7.2, 5.5, 4.4, 8.0, 5.0]
    private let second = [5.3, 5.8, 4.1, 6.8, 5.1, 4.6, 8.6, 5.0]

    /// `out_04_stats.txt` of the reference: numpy, by the formulas.
    @Test func theExampleIsReproduced() throws {
        let found = try Reliability(test: first, retest: second)
        #expect(agrees(found.withinSD, 0.25739075, decimals: 8))
        #expect(agrees(found.repeatabilityCoefficient, 0.71343766, decimals: 8))
        #expect(agrees(found.wCV, 0.04374950, decimals: 8) && agrees(found.withinSDOfLog, 0.04376759, decimals: 8))
        #expect(agrees(found.absoluteVariabilityPercent, 5.676863, decimals: 6))
        #expect(agrees(found.icc11, 0.96740038, decimals: 8) && agrees(found.icc21, 0.96733580, decimals: 8))
        #expect(agrees(found.icc31, 0.96351837, decimals: 8) && agrees(found.concordance, 0.96284287, decimals: 8))
    }

    /// With two measurements and equal means Lin's concordance is ICC(3,1).
    @Test func concordanceIsTheICCWhereMeansAreEqual() throws {
        var random = RandomSource(seed: 4)
        for _ in 0..<50 {
            let a = (0..<9).map { _ in random.gaussian() }
            var b = a.map { $0 + 0.5 * random.gaussian() }
            let shift = Summary(a).mean - Summary(b).mean
            b = b.map { $0 + shift }
            let found = try Reliability(test: a, retest: b)
            #expect(abs(found.concordance - found.icc31) < 1e-13)
        }
    }

    /// Section 1.3 of the specification: from 30 pairs the SD is known to a factor of 0.80 to 1.34.
    @Test func thirtyPairsGiveFactors() throws {
        let test = (0..<30).map { Double($0) }, retest = (0..<30).map { Double($0) + ($0 % 2 == 0 ? 1 : -1) }
        let factors = try #require(Reliability(test: test, retest: retest).withinSDFactors)
        #expect(agrees(factors.low, 0.80, decimals: 2) && agrees(factors.high, 1.34, decimals: 2))
    }

    @Test func logsNeedPositiveValues() throws {
        let found = try Reliability(test: [-1, 2, 3], retest: [1, 2.5, 3])
        #expect(found.wCV == nil && found.withinSDOfLog == nil && found.withinSD > 0)
    }
}
