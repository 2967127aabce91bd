import Statistics
import Testing

/// scipy 1.17.1, `stats.t`, `nct`, `f`, `chi2`, `norm`, `beta`; both programs have about 14 digits.
@Suite struct DistributionTests {
    private func near(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 2e-13 * abs(b) }

    @Test(arguments: [
        (3, 0.5, 0.6742760175759246), (27, -3.79703473, 0.00037763221053109904), (2.5, 4.0, 0.9804935120793409),
        (1e4, 1.96, 0.9749882398840835),
    ])
    func studentsT(df: Double, x: Double, below: Double) {
        #expect(near(StudentT(df).below(x), below))
        #expect(abs(StudentT(df).above(x) + StudentT(df).below(x) - 1) < 1e-15)
        #expect(near(StudentT(df).quantile(below), x))
    }

    @Test(arguments: [
        (27, 2.0, 2.05, 0.5117799336588925, 0.4882200663411075),
        (5, -1.0, 0.3, 0.8997366890218874, 0.10026331097811264),
        (97, 4.0, 1.98, 0.022487401345240854, 0.9775125986547591),
    ])
    func noncentralT(df: Double, shift: Double, x: Double, below: Double, above: Double) {
        let t = NoncentralT(df, noncentrality: shift)
        // Both sum series until a term is small beside the sum.
        #expect(abs(t.below(x) - below) < 1e-12 && abs(t.above(x) - above) < 1e-12)
    }

    @Test func othersAtAPoint() {
        #expect(near(FisherF(2, 27).above(9.19952007), 0.0008980091475454261))
        #expect(near(chiSquaredAbove(11.3, df: 7), 0.1260579522494619))
        #expect(near(Normal.above(6), 9.865876450376946e-10) && near(Normal.quantile(0.001), -3.090232306167813))
        #expect(near(Normal.quantile(0.975), Normal.quantile975))
        #expect(near(logGamma(14.5), 23.86276584168909))
    }

    @Test func outsideTheDomainThereIsNoNumber() {
        #expect(StudentT(-1).below(0).isNaN && StudentT(0).quantile(0.5).isNaN && StudentT(5).quantile(1.5).isNaN)
        #expect(FisherF(0, 3).above(1).isNaN)
        #expect(Normal.quantile(0) == -.infinity && Normal.quantile(1) == .infinity)
    }

    @Test func rootsAreFoundToTheLastBits() {
        #expect(abs(root(of: { $0 * $0 - 2 }, between: 0, and: 2)! - 2.0.squareRoot()) < 1e-14)
        #expect(root(of: { $0 * $0 + 1 }, between: -1, and: 1) == nil)
        #expect(root(of: { _ in .nan }, between: -1, and: 1) == nil)
    }
}
