import Glibc

/// The difference of two groups in units of their common standard deviation.
public struct EffectSize: Sendable, Equatable {
    /// Cohen's d: the difference of means over the pooled standard deviation.
    public let cohenD: Double
    /// Γ(m/2) / (√(m/2) Γ((m−1)/2)), m = n₁ + n₂ − 2: what makes d unbiased [Hedges1981].
    public let correction: Double
    /// The 95 % interval of Cohen's d, from the noncentral t [SteigerFouladi1997].
    public let interval95: Interval?

    /// Hedges' g: d without its bias in small samples.
    public var hedgesG: Double { cohenD * correction }

    /// Of one group less another.
    public init(_ group: [Double], minus reference: [Double]) throws(StatisticsProblem) {
        let test = try TTest.pooled(group, minus: reference)
        let share = (1 / Double(group.count) + 1 / Double(reference.count)).squareRoot()
        let (t, df) = (test.statistic!, test.degreesOfFreedom!)
        cohenD = t * share
        correction = exp(logGamma(df / 2) - logGamma((df - 1) / 2)) / (df / 2).squareRoot()
        func noncentrality(_ p: Double) -> Double? {
            root(
                of: { NoncentralT(df, noncentrality: $0).below(t) - p }, between: t - 10 - abs(t),
                and: t + 10 + abs(t))
        }
        interval95 = noncentrality(0.975).flatMap { low in
            noncentrality(0.025).map { Interval(low * share, $0 * share) }
        }
    }
}

/// Student's and Welch's t of two independent groups.
public enum TTest {
    /// The difference of means, one variance for both groups.
    public static func pooled(_ group: [Double], minus reference: [Double]) throws(StatisticsProblem) -> Estimate {
        let (a, b) = try summaries(group, reference)
        let df = Double(a.count + b.count - 2)
        let variance = (a.sumOfSquares + b.sumOfSquares) / df
        let error = (variance * (1 / Double(a.count) + 1 / Double(b.count))).squareRoot()
        return Estimate("difference, pooled t", a.mean - b.mean, standardError: error, t: df)
    }

    /// The difference of means, a variance for each group [Welch1947].
    public static func welch(_ group: [Double], minus reference: [Double]) throws(StatisticsProblem) -> Estimate {
        let (a, b) = try summaries(group, reference)
        let (va, vb) = (a.variance / Double(a.count), b.variance / Double(b.count))
        let df = (va + vb) * (va + vb) / (va * va / Double(a.count - 1) + vb * vb / Double(b.count - 1))
        return Estimate("difference, Welch t", a.mean - b.mean, standardError: (va + vb).squareRoot(), t: df)
    }

    private static func summaries(
        _ a: [Double], _ b: [Double]
    ) throws(StatisticsProblem) -> (Summary, Summary) {
        guard min(a.count, b.count) > 1 else {
            throw .tooFew("values in a group", needed: 2, found: min(a.count, b.count))
        }
        let (first, second) = (Summary(a), Summary(b))
        guard first.sumOfSquares + second.sumOfSquares > 0 else { throw .constant("the outcome within each group") }
        return (first, second)
    }
}
