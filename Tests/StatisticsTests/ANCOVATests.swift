import Records
import Statistics
import Testing

@Suite struct ANCOVATests {
    /// R 4.2.2 `lm`, emmeans; statsmodels 0.15.0 agrees to ten digits.
    @Test(.enabled(if: Clinical.isPresent))
    func theReferenceIsReproduced() throws {
        let (outcome, arm, base) = try Clinical.ancova()
        let fit = try ANCOVA(outcome: outcome, arm: arm, covariates: [base])
        let truth = try #require(Clinical.expected()["ancova"])
        func value(_ key: String) -> Double { truth[key]!.double! }
        let line = fit.differences[0]
        #expect(line.term == "XS411 − SOC")
        #expect(agrees(line.estimate, value("arm"), decimals: 10))
        #expect(agrees(line.standardError, value("se"), decimals: 9))
        #expect(agrees(line.statistic, value("t"), decimals: 8))
        #expect(line.degreesOfFreedom == value("df") && agrees(line.p, value("p"), decimals: 10))
        #expect(agrees(line.interval95?.low, truth["ci"]![0]!.double!, decimals: 8))
        #expect(agrees(line.interval95?.high, truth["ci"]![1]!.double!, decimals: 8))
        #expect(agrees(fit.model.coefficients[1], value("base"), decimals: 10))
        #expect(agrees(fit.model.sigma, value("sigma"), decimals: 10))
        let means = fit.leastSquaresMeans
        #expect(agrees(means[0].estimate, value("ls_soc"), decimals: 10))
        #expect(agrees(means[1].estimate, value("ls_xs411"), decimals: 10))
        #expect(agrees(means[0].standardError, 1.8166725756, decimals: 10))
        #expect(agrees(means[1].interval95?.high, -4.15195185, decimals: 8))
        #expect(agrees(fit.robustDifferences[0].standardError, value("hc3_se"), decimals: 10))
        #expect(agrees(try fit.interaction(with: 0).p, 0.60549792, decimals: 8))
        #expect(agrees(fit.model.rSquared, 0.4052737697, decimals: 10))
        #expect(agrees(try fit.model.test(of: [1, 2]).f, 9.19952007, decimals: 8))
    }

    @Test(.enabled(if: Clinical.isPresent))
    func theFinalValueHasTheSameEffectAsTheChange() throws {
        let (change, arm, base) = try Clinical.ancova()
        let first = try ANCOVA(outcome: change, arm: arm, covariates: [base])
        let second = try ANCOVA(outcome: Clinical.ancova(final: true).outcome, arm: arm, covariates: [base])
        let (a, b) = (first.differences[0], second.differences[0])
        // Rounding of sums over 30 values of up to 100.
        #expect(abs(a.estimate - b.estimate) < 1e-12 && abs(a.standardError! - b.standardError!) < 1e-12)
        #expect(abs(second.model.coefficients[1] - first.model.coefficients[1] - 1) < 1e-13)
    }

    /// R 4.2.2 `t.test`, `wilcox.test(exact = FALSE)`.
    @Test(.enabled(if: Clinical.isPresent))
    func withoutCovariateTheReferenceIsReproduced() throws {
        let (outcome, arm, _) = try Clinical.ancova()
        let group = outcome.indices.filter { arm.codes[$0] == 1 }.map { outcome[$0] }
        let reference = outcome.indices.filter { arm.codes[$0] == 0 }.map { outcome[$0] }
        let (pooled, welch) = (
            try TTest.pooled(group, minus: reference), try TTest.welch(group, minus: reference)
        )
        #expect(agrees(pooled.statistic, -4.15173823, decimals: 8) && agrees(pooled.p, 2.79391139e-4, decimals: 12))
        #expect(
            agrees(welch.degreesOfFreedom, 24.52204499, decimals: 8) && agrees(welch.p, 3.46163025e-4, decimals: 12))
        let size = try EffectSize(group, minus: reference)
        let truth = try #require(Clinical.expected()["effect_size"])
        #expect(agrees(size.cohenD, truth["cohen_d"]!.double!, decimals: 10))
        #expect(agrees(size.hedgesG, truth["hedges_g_exact"]!.double!, decimals: 10))
        #expect(agrees(size.correction, truth["J"]!.double!, decimals: 10))
        // The interval's ends are those noncentralities at which the t seen is a 2.5 % and a 97.5 % point.
        let interval = try #require(size.interval95)
        for (end, share) in [(interval.low, 0.975), (interval.high, 0.025)] {
            let t = NoncentralT(28, noncentrality: end / (2.0 / 15).squareRoot())
            #expect(abs(t.below(pooled.statistic!) - share) < 1e-9)
        }
        let ranks = try RankSumTest(reference, against: group)
        #expect(ranks.u == 194 && agrees(ranks.p, 0.00075826, decimals: 8))
        #expect(try RankSumTest(group, against: reference).u == 225 - 194)
    }

    @Test func aColumnThatOthersDetermineIsNamed() throws {
        let arm = Factor("arm", ["a", "a", "b", "b", "a", "b"])!
        let site = Factor("site", ["x", "x", "y", "y", "x", "y"])!
        #expect(throws: StatisticsProblem.dependent(column: "arm b", on: ["site y"])) {
            try ANCOVA(outcome: [1, 2, 3, 4, 5, 6], arm: arm, covariates: [], factors: [site])
        }
        let same = Design.Column("age", [50, 50, 50, 50, 50, 50])
        do {
            _ = try ANCOVA(outcome: [1, 2, 3, 4, 5, 6], arm: arm, covariates: [same])
            Issue.record("a constant covariate has no effect")
        } catch {
            #expect(
                "\(error)" == "the column age is the same for everybody, so that it has no effect that could be told")
        }
        #expect(throws: StatisticsProblem.tooFew("rows for 3 effects", needed: 4, found: 3)) {
            try ANCOVA(
                outcome: [1, 2, 3], arm: Factor("arm", ["a", "b", "a"])!,
                covariates: [Design.Column("x", [1, 2, 4])])
        }
    }

    /// The F of a factor with two levels is the square of its t.
    @Test func theTestOfOneColumnIsItsT() throws {
        var random = RandomSource(seed: 5)
        let x = (0..<20).map { _ in random.gaussian() }
        let arm = Factor("arm", (0..<20).map { $0 % 2 == 0 ? "a" : "b" })!
        let fit = try ANCOVA(
            outcome: x.map { $0 + random.gaussian() }, arm: arm, covariates: [Design.Column("x", x)])
        let (f, t) = (try fit.model.test(of: [2]), fit.differences[0])
        #expect(abs(f.f - t.statistic! * t.statistic!) < 1e-12 * f.f + 1e-12 && abs(f.p - t.p!) < 1e-12)
    }
}
