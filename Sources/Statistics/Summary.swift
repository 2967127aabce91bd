/// Mean and spread of a list of numbers.
public struct Summary: Sendable, Equatable {
    /// How many.
    public let count: Int
    /// The mean; NaN of none.
    public let mean: Double
    /// Σ (x − mean)².
    public let sumOfSquares: Double

    /// Of a list, in two passes.
    public init(_ values: [Double]) {
        count = values.count
        let mean = values.reduce(0, +) / Double(values.count)
        self.mean = mean
        sumOfSquares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }

    /// Variance with n − 1; NaN of fewer than two.
    public var variance: Double { count > 1 ? sumOfSquares / Double(count - 1) : .nan }
    /// Standard deviation with n − 1.
    public var standardDeviation: Double { variance.squareRoot() }
}

/// The median; NaN of none.
public func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return .nan }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// Ranks from 1, ties sharing the mean of theirs, and Σ (t³ − t) over groups of t ties.
public func midRanks(_ values: [Double]) -> (ranks: [Double], tieSum: Double) {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var ranks = [Double](repeating: 0, count: values.count)
    var (start, tieSum) = (0, 0.0)
    while start < order.count {
        var end = start
        while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
        for place in start...end { ranks[order[place]] = Double(start + end + 2) / 2 }
        let ties = Double(end - start + 1)
        tieSum += ties * ties * ties - ties
        start = end + 1
    }
    return (ranks, tieSum)
}
