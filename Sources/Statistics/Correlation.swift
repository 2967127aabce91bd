import Glibc

/// How two measurements go together.
public enum Correlation {
    /// Pearson's r with Fisher's interval; p by Student's t.
    public static func pearson(_ x: [Double], _ y: [Double]) throws(StatisticsProblem) -> Estimate {
        let r = try coefficient(x, y)
        return line("Pearson r", r, df: Double(x.count - 2), weight: Double(x.count - 3))
    }

    /// Spearman's ρ: Pearson's of the mid-ranks. p by Student's t; the interval takes the variance
    /// (1 + ρ²/2)/(n − 3) of Fisher's z [BonettWright2000].
    public static func spearman(_ x: [Double], _ y: [Double]) throws(StatisticsProblem) -> Estimate {
        let rho = try coefficient(midRanks(x).ranks, midRanks(y).ranks)
        let weight = Double(x.count - 3) / (1 + rho * rho / 2)
        return line("Spearman ρ", rho, df: Double(x.count - 2), weight: weight)
    }

    /// Pearson's r of what covariates leave of both.
    public static func partial(
        _ x: [Double], _ y: [Double], given covariates: [Design.Column]
    ) throws(StatisticsProblem) -> Estimate {
        let design = Design(covariates, rows: x.count)
        let r = try coefficient(LinearModel(x, design).residuals, LinearModel(y, design).residuals)
        let k = Double(covariates.count)
        return line("partial r", r, df: Double(x.count) - 2 - k, weight: Double(x.count) - 3 - k)
    }

    /// Within patients, over several visits each [BakdashMarusich2017]: whether x and y move together about each
    /// patient's own means. Also the common slope, y per x.
    public static func repeatedMeasures(
        _ x: [Double], _ y: [Double], subject: Factor
    ) throws(StatisticsProblem) -> (correlation: Estimate, slope: Double) {
        var sums = [(n: Double, x: Double, y: Double)](repeating: (0, 0, 0), count: subject.levels.count)
        for (place, code) in subject.codes.enumerated() {
            sums[code].n += 1
            sums[code].x += x[place]
            sums[code].y += y[place]
        }
        let (dx, dy) = (
            subject.codes.enumerated().map { x[$0] - sums[$1].x / sums[$1].n },
            subject.codes.enumerated().map { y[$0] - sums[$1].y / sums[$1].n }
        )
        let df = x.count - subject.levels.count - 1
        guard df > 0 else {
            throw .tooFew("pairs of values within patients", needed: subject.levels.count + 2, found: x.count)
        }
        let (xx, yy, xy) = (dot(dx, dx), dot(dy, dy), dot(dx, dy))
        guard xx > 0, yy > 0 else { throw .constant("a measurement, within every patient,") }
        let r = xy / (xx * yy).squareRoot()
        return (line("repeated-measures r", r, df: Double(df), weight: Double(df - 1)), xy / xx)
    }

    private static func coefficient(_ x: [Double], _ y: [Double]) throws(StatisticsProblem) -> Double {
        guard x.count > 2 else { throw .tooFew("pairs of values", needed: 3, found: x.count) }
        let (mx, my) = (Summary(x).mean, Summary(y).mean)
        let (dx, dy) = (x.map { $0 - mx }, y.map { $0 - my })
        let (xx, yy) = (dot(dx, dx), dot(dy, dy))
        guard xx > 0, yy > 0 else { throw .constant("one of the measurements") }
        return max(-1, min(1, dot(dx, dy) / (xx * yy).squareRoot()))
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

    /// `weight` is one over the variance of Fisher's z; without it there is no interval.
    private static func line(_ term: String, _ r: Double, df: Double, weight: Double) -> Estimate {
        let t = r * (df / (1 - r * r)).squareRoot()
        let interval =
            weight > 0
            ? Interval(
                tanh(atanh(r) - Normal.quantile975 / weight.squareRoot()),
                tanh(atanh(r) + Normal.quantile975 / weight.squareRoot())) : nil
        return Estimate(
            term, r, degreesOfFreedom: df, statistic: t, p: df > 0 ? StudentT(df).twoSided(t) : nil,
            interval95: abs(r) < 1 ? interval : nil)
    }
}
