/// The rank-sum test of two independent groups [MannWhitney1947], for ordered scores and small samples.
public struct RankSumTest: Sendable, Equatable {
    /// How many pairs the group wins against the reference, ties as half: Mann and Whitney's U, R's W.
    public let u: Double
    /// The chance that one of the group lies above one of the reference, ties as half.
    public let superiority: Double
    /// Two-sided p by the normal approximation with corrections for ties and continuity.
    public let p: Double
    /// Two-sided exact p over all ways to share out the ranks; `nil` above 60 patients, where the normal one is as good.
    public let exactP: Double?

    /// Compares a group with the reference.
    public init(_ group: [Double], against reference: [Double]) throws(StatisticsProblem) {
        guard !group.isEmpty && !reference.isEmpty else { throw .tooFew("values in a group", needed: 1, found: 0) }
        let (ranks, tieSum) = midRanks(group + reference)
        let (a, b, n) = (Double(group.count), Double(reference.count), Double(group.count + reference.count))
        u = ranks[..<group.count].reduce(0, +) - a * (a + 1) / 2
        superiority = u / (a * b)
        let variance = a * b / 12 * (n + 1 - tieSum / (n * (n - 1)))
        guard variance > 0 else { throw .constant("the outcome") }
        let distance = u - a * b / 2
        p = Normal.twoSided(max(0, abs(distance) - 0.5) / variance.squareRoot())
        exactP = ranks.count <= 60 ? Self.exact(ranks, group.count) : nil
    }

    /// Counts the sums that as many ranks as the group has can make, in half ranks, which are whole numbers.
    private static func exact(_ ranks: [Double], _ size: Int) -> Double {
        let halves = ranks.map { Int(($0 * 2).rounded()) }
        let total = halves.reduce(0, +)
        var ways = [[Double]](repeating: [Double](repeating: 0, count: total + 1), count: size + 1)
        ways[0][0] = 1
        for half in halves {
            for count in stride(from: size, through: 1, by: -1) {
                for sum in stride(from: total, through: half, by: -1) {
                    ways[count][sum] += ways[count - 1][sum - half]
                }
            }
        }
        // Twice the distance from the mean, as whole numbers: sum · n − total · size.
        let seen = abs(halves[..<size].reduce(0, +) * halves.count - total * size)
        var (extreme, all) = (0.0, 0.0)
        for (sum, count) in ways[size].enumerated() {
            all += count
            if abs(sum * halves.count - total * size) >= seen { extreme += count }
        }
        return min(1, extreme / all)
    }
}

/// Analysis of covariance by ranks [Quade1967]: outcome and covariates are ranked over all patients, and what the
/// covariates' ranks leave of the outcome's is compared between the arms.
public struct RankANCOVA: Sendable, Equatable {
    /// The mean residual rank of each arm, the reference first.
    public let meanResiduals: [Double]
    /// F of the analysis of variance of the residuals.
    public let f: Double
    /// Its degrees of freedom.
    public let numerator, denominator: Int
    /// p of F.
    public let p: Double

    /// Compares the arms.
    public init(outcome: [Double], arm: Factor, covariates: [Design.Column]) throws(StatisticsProblem) {
        func centred(_ values: [Double]) -> [Double] {
            let ranks = midRanks(values).ranks
            let middle = Double(values.count + 1) / 2
            return ranks.map { $0 - middle }
        }
        let columns = covariates.map { Design.Column("rank of \($0.name)", centred($0.values)) }
        let ranked = try LinearModel(centred(outcome), Design(columns, rows: outcome.count))
        let between = try LinearModel(ranked.residuals, Design(arm.indicators, rows: outcome.count))
        let arms = Array(1..<arm.levels.count)
        let test = try between.test(of: arms)
        meanResiduals = [between.coefficients[0]] + arms.map { between.coefficients[0] + between.coefficients[$0] }
        (f, numerator, denominator, p) = (test.f, test.numerator, between.degreesOfFreedom, test.p)
    }
}
