import CBoost
import Glibc

/// Successes among patients.
public struct Proportion: Sendable, Equatable {
    /// How many had it, of how many.
    public let successes, total: Int

    /// A proportion; 0 ≤ successes ≤ total and at least one patient.
    public init(_ successes: Int, of total: Int) {
        precondition(total > 0 && (0...total).contains(successes), "some of at least one")
        (self.successes, self.total) = (successes, total)
    }

    /// The share.
    public var share: Double { Double(successes) / Double(total) }

    /// The score interval [Wilson1927].
    public func wilson(z: Double = Normal.quantile975) -> Interval {
        let (n, p) = (Double(total), share)
        let (middle, scale) = (p + z * z / (2 * n), 1 + z * z / n)
        let half = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        return Interval(successes == 0 ? 0 : (middle - half) / scale, successes == total ? 1 : (middle + half) / scale)
    }

    /// The exact interval [ClopperPearson1934]: it covers at least `confidence`, mostly more.
    public func clopperPearson(confidence: Double = 0.95) -> Interval {
        let (x, n, tail) = (Double(successes), Double(total), (1 - confidence) / 2)
        return Interval(
            successes == 0 ? 0 : cboost_beta_quantile(x, n - x + 1, tail),
            successes == total ? 1 : cboost_beta_quantile(x + 1, n - x, 1 - tail))
    }

    /// The highest share that is not excluded with `confidence`, one-sided: what 0 of 6 still allows.
    public func upperBound(confidence: Double = 0.95) -> Double {
        successes == total
            ? 1 : cboost_beta_quantile(Double(successes) + 1, Double(total - successes), confidence)
    }

    /// The difference of two shares with Newcombe's interval from both score intervals [Newcombe1998].
    public static func difference(_ a: Proportion, minus b: Proportion) -> (estimate: Double, interval95: Interval) {
        let (d, first, second) = (a.share - b.share, a.wilson(), b.wilson())
        let below = (pow(a.share - first.low, 2) + pow(second.high - b.share, 2)).squareRoot()
        let above = (pow(first.high - a.share, 2) + pow(b.share - second.low, 2)).squareRoot()
        return (d, Interval(d - below, d + above))
    }
}

/// Fisher's exact test of two proportions: all tables with the same margins [Fisher1935].
public struct FisherExact: Sendable, Equatable {
    /// Two-sided: the chance of all tables at most as likely as the one seen.
    public let p: Double
    /// a d / (b c) of the table; infinite or NaN where a cell is empty.
    public let sampleOddsRatio: Double
    /// The odds ratio that makes the table likeliest, given its margins; NaN where they leave only one table.
    public let conditionalOddsRatio: Double
    /// Its exact 95 % interval.
    public let interval95: Interval

    /// Compares two proportions.
    public init(_ a: Proportion, _ b: Proportion) {
        let (marked, drawn, all) = (a.successes + b.successes, a.total, a.total + b.total)
        let (least, most) = (max(0, drawn - (all - marked)), min(drawn, marked))
        let chances = (least...most).map {
            cboost_hypergeometric(UInt32(marked), UInt32(drawn), UInt32(all), UInt32($0))
        }
        let seen = chances[a.successes - least]
        p = min(1, chances.filter { $0 <= seen * (1 + 1e-7) }.reduce(0, +))
        sampleOddsRatio =
            Double(a.successes * (b.total - b.successes)) / Double(b.successes * (a.total - a.successes))
        let x = a.successes
        /// The chances with the odds ratio e^ln, and the mean they have.
        func weighted(_ ln: Double) -> [Double] {
            let logs = chances.enumerated().map { log($1) + ln * Double($0) }
            let largest = logs.max() ?? 0
            let values = logs.map { exp($0 - largest) }
            let sum = values.reduce(0, +)
            return values.map { $0 / sum }
        }
        func odds(_ excess: (Double) -> Double) -> Double? { root(of: excess, between: -60, and: 60).map { exp($0) } }
        let mean: (Double) -> Double = { ln in
            weighted(ln).enumerated().reduce(0) { $0 + Double($1.offset + least) * $1.element } - Double(x)
        }
        conditionalOddsRatio =
            least == most ? .nan : x == least ? 0 : x == most ? .infinity : odds(mean) ?? .nan
        let low = x == least ? 0 : odds { weighted($0)[(x - least)...].reduce(0, +) - 0.025 } ?? .nan
        let high = x == most ? .infinity : odds { weighted($0)[...(x - least)].reduce(0, +) - 0.025 } ?? .nan
        interval95 = Interval(low, high)
    }
}
