import Glibc

/// How far two measurements of an unchanged patient differ, from test and retest.
public struct Reliability: Sendable, Equatable {
    /// Patients.
    public let count: Int
    /// Mean of second less first.
    public let bias: Double
    /// The standard deviation of one measurement within a patient: √(Σd²/2n).
    public let withinSD: Double
    /// Within-subject coefficient of variation, root mean square: 0.087 for 8.7 %; `nil` where a value is not positive.
    public let wCV: Double?
    /// The standard deviation of one measurement on the log scale; `nil` where a value is not positive.
    public let withinSDOfLog: Double?
    /// Mean of |d| over the pair's mean, %; `nil` where a value is not positive.
    public let absoluteVariabilityPercent: Double?
    /// Agreement of single measurements [ShroutFleiss1979]: one way random, two way random, two way fixed.
    public let icc11, icc21, icc31: Double
    /// Lin's concordance [Lin1989], variances with n: the same as ICC(3,1) where both means are equal.
    public let concordance: Double
    /// Limits that 95 % of differences lie within [BlandAltman1986]: bias ± 1.96 SD.
    public let limitsOfAgreement: Interval

    /// The repeatability coefficient: 95 % of differences of an unchanged patient are smaller, 1.96 √2 wSD.
    public var repeatabilityCoefficient: Double { Normal.quantile975 * 2.0.squareRoot() * withinSD }

    /// How far the within-patient SD may be off, with 95 %: it is known from n pairs as √(n/χ²).
    public var withinSDFactors: Interval? {
        let n = Double(count)
        guard let low = root(of: { chiSquaredAbove($0, df: n) - 0.025 }, between: 1e-9, and: 20 * n + 100),
            let high = root(of: { chiSquaredAbove($0, df: n) - 0.975 }, between: 1e-9, and: 20 * n + 100)
        else { return nil }
        return Interval((n / low).squareRoot(), (n / high).squareRoot())
    }

    /// From the first and second measurement of every patient.
    public init(test: [Double], retest: [Double]) throws(StatisticsProblem) {
        precondition(test.count == retest.count, "a retest for every test")
        guard test.count > 1 else { throw .tooFew("patients with two measurements", needed: 2, found: test.count) }
        count = test.count
        let (n, pairs) = (Double(test.count), Array(zip(test, retest)))
        let differences = Summary(pairs.map { $0.1 - $0.0 })
        let squares = pairs.reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) }
        bias = differences.mean
        withinSD = (squares / (2 * n)).squareRoot()
        let half = Normal.quantile975 * differences.standardDeviation
        limitsOfAgreement = Interval(bias - half, bias + half)
        if pairs.allSatisfy({ $0.0 > 0 && $0.1 > 0 }) {
            func mean(_ part: (Double, Double) -> Double) -> Double { pairs.reduce(0) { $0 + part($1.0, $1.1) } / n }
            wCV = mean { 2 * ($0 - $1) * ($0 - $1) / (($0 + $1) * ($0 + $1)) }.squareRoot()
            withinSDOfLog = mean { log($0 / $1) * log($0 / $1) / 2 }.squareRoot()
            absoluteVariabilityPercent = 200 * mean { abs($0 - $1) / ($0 + $1) }
        } else {
            (wCV, withinSDOfLog, absoluteVariabilityPercent) = (nil, nil, nil)
        }
        let (first, second) = (Summary(test), Summary(retest))
        let grand = (first.mean + second.mean) / 2
        let patients = Summary(pairs.map { ($0.0 + $0.1) / 2 })
        let (msr, msw) = (2 * patients.sumOfSquares / (n - 1), squares / (2 * n))
        let msc = n * (pow(first.mean - grand, 2) + pow(second.mean - grand, 2))
        let mse = differences.sumOfSquares / (2 * (n - 1))
        guard msr + msw > 0 else { throw .constant("the measurement") }
        icc11 = (msr - msw) / (msr + msw)
        icc21 = (msr - mse) / (msr + mse + 2 * (msc - mse) / n)
        icc31 = (msr - mse) / (msr + mse)
        let covariance = pairs.reduce(0) { $0 + ($1.0 - first.mean) * ($1.1 - second.mean) } / n
        let spread = (first.sumOfSquares + second.sumOfSquares) / n
        concordance = 2 * covariance / (spread + pow(first.mean - second.mean, 2))
    }

    /// The 95 % interval of ICC(3,1), from F with n − 1 and n − 1 degrees of freedom [ShroutFleiss1979].
    public var icc31Interval95: Interval? {
        let df = Double(count - 1)
        guard icc31 < 1,
            let quantile = root(of: { FisherF(df, df).above($0) - 0.025 }, between: 1e-9, and: 1e6)
        else { return nil }
        let f = (1 + icc31) / (1 - icc31)
        let (low, high) = (f / quantile, f * quantile)
        return Interval((low - 1) / (low + 1), (high - 1) / (high + 1))
    }
}
