import Statistics
import Testing

/// Reaction times of 18 people over ten days of short sleep [Belenky2003], the data that lme4 teaches with, reduced to
/// what decides a balanced fit: each person's least-squares line, and the sum of squares about them.
enum Sleepstudy {
    static let lines: [(intercept: Double, slope: Double)] = [
        (244.1926690909, 21.7647024242),
        (205.0549454545, 2.2617854545),
        (203.4842254545, 6.1148987879),
        (289.6850927273, 3.0080727273),
        (285.7389654545, 5.2660187879),
        (264.2516145455, 9.5667678788),
        (275.0191054545, 9.1420454545),
        (240.1629145455, 12.2531412121),
        (263.0346927273, -2.8810339394),
        (290.1041272727, 19.0259739394),
        (215.1117727273, 13.4939327273),
        (225.8346036364, 19.5040169697),
        (261.1470109091, 6.4334975758),
        (276.3720690909, 13.5665490909),
        (254.9681490909, 11.3481090909),
        (210.4490909091, 18.0561509091),
        (253.6360381818, 9.1884448485),
        (267.0448000000, 11.2980733333),
    ]
    static let residualSumOfSquares = 94311.5078984110

    /// The lines, with residuals that have that sum and no line of their own.
    static func rows() throws -> (outcome: [Double], days: [Double], person: [String]) {
        let pattern = (0..<10).map { day in
            let t = (Double(day) - 4.5) / 4.5
            return t * t
        }
        let days = Design.Column("days", (0..<10).map(Double.init))
        let rest = try LinearModel(pattern, Design([days], rows: 10)).residuals
        let size = (residualSumOfSquares / 18 / rest.reduce(0) { $0 + $1 * $1 }).squareRoot()
        var (outcome, times, person): ([Double], [Double], [String]) = ([], [], [])
        for (place, line) in lines.enumerated() {
            for day in 0..<10 {
                outcome.append(line.intercept + line.slope * Double(day) + size * rest[day])
                times.append(Double(day))
                person.append("\(place)")
            }
        }
        return (outcome, times, person)
    }
}

@Suite struct SleepstudyTests {
    private func fit() throws -> MixedModel {
        let (outcome, times, person) = try Sleepstudy.rows()
        let days = Design.Column("days", times)
        let ones = Design.Column("intercept", [Double](repeating: 1, count: outcome.count))
        return try MixedModel(
            outcome: outcome, design: Design([days], rows: outcome.count), subject: Factor("person", person)!,
            random: [ones, days], structure: .unstructured, residual: true)
    }

    /// lme4 1.1-31 `lmer(Reaction ~ Days + (Days | Subject))`. Its search ends early: it prints a residual variance of
    /// 654.94000826, where the sum of squares over 144 degrees of freedom is 654.94102707. Variances therefore agree to
    /// 2e-5 and standard errors to 1e-5; the fixed effects and the criterion, flat there, to all digits.
    @Test func theTextbookFitIsReproduced() throws {
        let fit = try fit()
        #expect(agrees(fit.coefficients[0], 251.4051048485, decimals: 9))
        #expect(agrees(fit.coefficients[1], 10.4672859596, decimals: 9))
        #expect(agrees(fit.deviance, 1743.628272, decimals: 6))
        for (found, theirs, tolerance) in [
            (fit.covariance[0, 0].squareRoot(), 6.8245967, 1e-5), (fit.covariance[1, 1].squareRoot(), 1.54578964, 1e-5),
            (fit.randomCovariance[0, 0], 612.10015802, 2e-5), (fit.randomCovariance[1, 1], 35.07171445, 2e-5),
            (fit.residualVariance!, 654.94000826, 2e-5),
            // A small difference of large parts.
            (fit.randomCovariance[1, 0], 9.60440895, 1e-4),
        ] { #expect(abs(found / theirs - 1) < tolerance) }
    }

    /// Balanced data have a closed form: σ² is the mean square within people, and G what the lines vary by, less what
    /// they would by σ² alone, σ² (XᵀX)⁻¹.
    @Test func theClosedFormOfBalancedDataHolds() throws {
        let fit = try fit()
        let sigma = Sleepstudy.residualSumOfSquares / 144
        #expect(abs(fit.residualVariance! / sigma - 1) < 1e-10)
        let (a, b) = (Sleepstudy.lines.map(\.intercept), Sleepstudy.lines.map(\.slope))
        // Σx 45, Σx² 285, n 10: the determinant is 825.
        #expect(abs(fit.randomCovariance[0, 0] / (Summary(a).variance - sigma * 285 / 825) - 1) < 1e-8)
        #expect(abs(fit.randomCovariance[1, 1] / (Summary(b).variance - sigma * 10 / 825) - 1) < 1e-8)
    }
}
