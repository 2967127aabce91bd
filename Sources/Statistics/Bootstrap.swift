import Glibc

/// How sure a statistic is, from drawing the patients again and again with putting back [EfronTibshirani1993].
///
/// The interval is bias-corrected and accelerated (BCa) [Efron1987]. Patients are drawn within their arm.
public struct Bootstrap: Sendable, Equatable {
    /// The statistic of the data.
    public let estimate: Double
    /// The standard deviation of the drawn values.
    public let standardError: Double
    /// The plain 95 % interval of percentiles.
    public let percentile95: Interval
    /// The bias-corrected and accelerated one.
    public let bca95: Interval
    /// Its bias correction and acceleration.
    public let z0, acceleration: Double
    /// The shares of drawn values that its ends lie at.
    public let levels: Interval
    /// How many drawn samples gave a value, and how many none.
    public let used, failed: Int

    /// Draws samples and computes the statistic of each.
    ///
    /// - Parameters:
    ///   - strata: the arm of each patient, as a number; each drawn sample has as many of each as the data.
    ///   - statistic: of patients given by their places; `nil` where it does not exist. Called from several threads.
    /// - Throws: where the statistic of the data or of leaving one patient out does not exist, or that of one sample in
    ///   twenty; where all samples give the same.
    public init(
        strata: [Int], resamples: Int, seed: UInt64, statistic: @Sendable ([Int]) -> Double?
    ) throws(StatisticsProblem) {
        let members = Dictionary(grouping: strata.indices, by: { strata[$0] }).sorted { $0.key < $1.key }.map(\.value)
        let block = 100
        let drawn = parallelMap((resamples + block - 1) / block) { piece in
            var random = RandomSource(seed: seed, stream: UInt64(piece))
            return (0..<min(block, resamples - piece * block)).map { _ in
                statistic(members.flatMap { group in group.map { _ in group[random.below(group.count)] } })
            }
        }.flatMap(\.self)
        let values = drawn.compactMap { $0 }
        guard values.count * 20 > drawn.count * 19 else {
            throw .impossible("\(drawn.count - values.count) of \(drawn.count) drawn samples have no estimate")
        }
        guard let estimate = statistic(Array(strata.indices)) else { throw .impossible("the data have no estimate") }
        let without = parallelMap(strata.count) { left in statistic(strata.indices.filter { $0 != left }) }
        guard !without.contains(nil) else {
            throw .impossible("without one of the patients there is no estimate, so that no BCa interval exists")
        }
        try self.init(
            estimate: estimate, values: values.map { ($0, 1) }, leavingOneOut: without.compactMap { $0 },
            failed: drawn.count - values.count)
    }

    /// From values with how often each was drawn; whole enumerations give the exact bootstrap.
    public init(
        estimate: Double, values: [(value: Double, count: Int)], leavingOneOut: [Double], failed: Int = 0
    ) throws(StatisticsProblem) {
        let sorted = values.sorted { $0.value < $1.value }
        let total = sorted.reduce(0) { $0 + $1.count }
        guard let first = sorted.first, let last = sorted.last, first.value < last.value else {
            throw .constant("the estimate")
        }
        // Sums and orders of drawing the same patients differ in their rounding.
        let slack = 1e-10 * max(abs(first.value), abs(last.value))
        let below = sorted.reduce(0) { $0 + ($1.value < estimate - slack ? $1.count : 0) }
        let equal = sorted.reduce(0) { $0 + (abs($1.value - estimate) <= slack ? $1.count : 0) }
        let share = (Double(below) + Double(equal) / 2) / Double(total)
        guard share > 0, share < 1 else {
            throw .impossible("all drawn samples lie on one side of the estimate, so that no BCa interval exists")
        }
        let z0 = Normal.quantile(share)
        let center = Summary(leavingOneOut).mean
        let cubes = leavingOneOut.reduce(0) { $0 + pow(center - $1, 3) }
        let squares = leavingOneOut.reduce(0) { $0 + pow(center - $1, 2) }
        let acceleration = squares > 0 ? cubes / (6 * pow(squares, 1.5)) : 0
        func level(_ p: Double) -> Double {
            let z = z0 + Normal.quantile(p)
            return Normal.below(z0 + z / (1 - acceleration * z))
        }
        /// The smallest value that at least this share lies at or below.
        func quantile(_ share: Double) -> Double {
            var sum = 0
            for (value, count) in sorted {
                sum += count
                if Double(sum) >= share * Double(total) * (1 - 1e-15) { return value }
            }
            return last.value
        }
        self.estimate = estimate
        let mean = sorted.reduce(0) { $0 + $1.value * Double($1.count) } / Double(total)
        let spread = sorted.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) * Double($1.count) }
        standardError = (spread / Double(total)).squareRoot()
        levels = Interval(level(0.025), level(0.975))
        percentile95 = Interval(quantile(0.025), quantile(0.975))
        bca95 = Interval(quantile(levels.low), quantile(levels.high))
        (self.z0, self.acceleration, used, self.failed) = (z0, acceleration, total, failed)
    }
}
