import Fitting

/// p values from rearranging the data themselves.
public struct PermutationTest: Sendable, Equatable {
    /// Two-sided p.
    public let p: Double
    /// Rearrangements as extreme as the data, and all that were looked at; with `isExact` the data are one of them.
    public let extreme, total: Int
    /// Whether all rearrangements were looked at, so that p has no error of its own.
    public let isExact: Bool

    /// The standard error that p has from chance; 0 where exact.
    public var standardError: Double { isExact ? 0 : (p * (1 - p) / Double(total)).squareRoot() }

    /// How many rearrangements are all looked at: C(20, 10) is 184,756.
    public static let exactLimit = 200_000

    /// Two groups by the difference of their means; all ways to form groups of the same sizes where there are at most
    /// `exactLimit`, else `resamples` of them.
    public init(
        _ group: [Double], against reference: [Double], resamples: Int = 20_000, seed: UInt64
    ) throws(StatisticsProblem) {
        guard !group.isEmpty, !reference.isEmpty else { throw .tooFew("values in a group", needed: 1, found: 0) }
        let all = group + reference
        // |mean difference| grows with the distance of the group's sum from its share of all.
        let share = all.reduce(0, +) * Double(group.count) / Double(all.count)
        let seen = abs(group.reduce(0, +) - share)
        let slack = 1e-12 * all.reduce(0) { $0 + abs($1) }
        if let ways = Self.choose(all.count, group.count), ways <= Self.exactLimit {
            var extreme = 0
            Self.forEachChoice(of: group.count, from: all.count) { chosen in
                var sum = 0.0
                for place in chosen { sum += all[place] }
                if abs(sum - share) >= seen - slack { extreme += 1 }
            }
            (self.extreme, total, isExact, p) = (extreme, ways, true, Double(extreme) / Double(ways))
            return
        }
        let hits = Self.resampled(resamples, seed) { random in
            var shuffled = all
            random.shuffle(&shuffled)
            var sum = 0.0
            for place in 0..<group.count { sum += shuffled[place] }
            return abs(sum - share) >= seen - slack
        }
        (extreme, total, isExact, p) = (hits, resamples, false, Double(1 + hits) / Double(1 + resamples))
    }

    /// One coefficient of a linear model by permuting what the model without it leaves [FreedmanLane1983]; all orders
    /// where rows are so few that there are at most `exactLimit`.
    public init(
        of column: Int, in model: LinearModel, resamples: Int = 20_000, seed: UInt64
    ) throws(StatisticsProblem) {
        let kept = model.design.columns.indices.filter { $0 != column }.map { model.design.columns[$0] }
        let reduced = try LinearModel(model.outcome, Design(kept, rows: model.design.rows, intercept: false))
        // The part of the column that the others leave decides alone: t² = (r·y)² / (|r|² s²).
        let part = try LinearModel(
            model.design.columns[column].values, Design(kept, rows: model.design.rows, intercept: false)
        ).residuals
        let length = part.reduce(0) { $0 + $1 * $1 }
        let df = Double(model.degreesOfFreedom)
        let basis = try Self.orthonormal(kept)
        /// |t| of permuted residuals; the fitted part of the smaller model changes nothing.
        @Sendable func statistic(_ residuals: [Double]) -> Double {
            let (along, whole) = (dot(part, residuals), dot(residuals, residuals))
            let explained = basis.reduce(0) { $0 + dot($1, residuals) * dot($1, residuals) }
            let rss = max(0, whole - explained - along * along / length)
            return abs(along) / (length * rss / df).squareRoot()
        }
        let seen = statistic(reduced.residuals)
        let limit = seen * (1 - 1e-10)
        if let orders = Self.factorial(model.design.rows), orders <= Self.exactLimit {
            var extreme = 0
            Self.forEachOrder(of: reduced.residuals) { if statistic($0) >= limit { extreme += 1 } }
            (self.extreme, total, isExact, p) = (extreme, orders, true, Double(extreme) / Double(orders))
            return
        }
        let hits = Self.resampled(resamples, seed) { random in
            var shuffled = reduced.residuals
            random.shuffle(&shuffled)
            return statistic(shuffled) >= limit
        }
        (extreme, total, isExact, p) = (hits, resamples, false, Double(1 + hits) / Double(1 + resamples))
    }

    /// How many of `count` random rearrangements `body` is true of, in pieces with a stream each.
    private static func resampled(
        _ count: Int, _ seed: UInt64, _ body: @Sendable (inout RandomSource) -> Bool
    ) -> Int {
        let block = 500
        return parallelMap((count + block - 1) / block) { piece in
            var random = RandomSource(seed: seed, stream: UInt64(piece))
            return (0..<min(block, count - piece * block)).count { _ in body(&random) }
        }.reduce(0, +)
    }

    /// Orthonormal columns that span the same, by two passes of Gram and Schmidt with `LinearFit`'s residuals.
    private static func orthonormal(_ columns: [Design.Column]) throws(StatisticsProblem) -> [[Double]] {
        var basis: [[Double]] = []
        for column in columns {
            var rest = column.values
            for _ in 0..<2 {
                for direction in basis {
                    let along = dot(direction, rest)
                    for place in rest.indices { rest[place] -= along * direction[place] }
                }
            }
            let length = dot(rest, rest).squareRoot()
            guard length > 0 else { throw .dependent(column: column.name, on: []) }
            basis.append(rest.map { $0 / length })
        }
        return basis
    }

    /// C(n, k), `nil` beyond what is looked at.
    private static func choose(_ n: Int, _ k: Int) -> Int? {
        var result = 1
        for step in 0..<min(k, n - k) {
            result = result * (n - step) / (step + 1)
            if result > exactLimit * 1000 { return nil }
        }
        return result
    }

    private static func factorial(_ n: Int) -> Int? { n <= 9 ? (1...max(1, n)).reduce(1, *) : nil }

    private static func forEachChoice(of k: Int, from n: Int, _ body: ([Int]) -> Void) {
        var chosen = Array(0..<k)
        while true {
            body(chosen)
            guard let place = (0..<k).last(where: { chosen[$0] < n - k + $0 }) else { return }
            chosen[place] += 1
            for after in (place + 1)..<max(place + 1, k) { chosen[after] = chosen[after - 1] + 1 }
        }
    }

    /// All orders, by Heap's method [Heap1963].
    private static func forEachOrder(of values: [Double], _ body: ([Double]) -> Void) {
        var (order, counts) = (values, [Int](repeating: 0, count: values.count))
        body(order)
        var place = 1
        while place < order.count {
            if counts[place] < place {
                order.swapAt(place % 2 == 0 ? 0 : counts[place], place)
                body(order)
                counts[place] += 1
                place = 1
            } else {
                counts[place] = 0
                place += 1
            }
        }
    }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for place in a.indices { sum += a[place] * b[place] }
    return sum
}
