import Fitting

/// Weighted least squares with coefficients of 0 or more, for a handful of columns.
///
/// All sets of columns are tried, so the answer is the optimum itself and not where an active-set walk stopped.
struct NonNegativeFit {
    /// One coefficient a column; exactly 0 for columns that were left out.
    let coefficients: [Double]
    /// Σ w (y − X b)².
    let weightedRSS: Double

    /// Fits `y`; `nil` where not even one column fits. At most 8 columns.
    ///
    /// - Precondition: as `LinearFit`.
    init?(_ y: [Double], columns: [[Double]], weights: [Double]) {
        precondition(columns.count <= 8, "all sets of columns are tried")
        var best: (coefficients: [Double], rss: Double)?
        // All columns first: where none of them wants to be negative, that is the optimum.
        for set in (1..<(1 << columns.count)).reversed() {
            let chosen = columns.indices.filter { set >> $0 & 1 == 1 }
            guard let fit = LinearFit(y, columns: chosen.map { columns[$0] }, weights: weights),
                fit.coefficients.allSatisfy({ $0 >= 0 }), fit.weightedRSS < best?.rss ?? .infinity
            else { continue }
            var coefficients = [Double](repeating: 0, count: columns.count)
            for (place, column) in chosen.enumerated() { coefficients[column] = fit.coefficients[place] }
            best = (coefficients, fit.weightedRSS)
            if chosen.count == columns.count { break }
        }
        guard let best else { return nil }
        (coefficients, weightedRSS) = (best.coefficients, best.rss)
    }
}

/// The same from inner products alone: quick enough for a grid of a thousand pairs of exponents, half the digits.
struct GramSearch {
    /// Inner products of columns, weights applied.
    let gram: [[Double]]
    /// Inner products of columns with the data.
    let moments: [Double]
    /// The data's own.
    let total: Double

    init(_ y: [Double], columns: [[Double]], weights: [Double]) {
        func inner(_ a: [Double], _ b: [Double]) -> Double {
            var sum = 0.0
            for place in a.indices where weights[place] > 0 { sum += weights[place] * a[place] * b[place] }
            return sum
        }
        gram = columns.map { a in columns.map { b in inner(a, b) } }
        moments = columns.map { inner($0, y) }
        total = inner(y, y)
    }

    /// The least Σ w (y − X b)², b ≥ 0, with up to three of the columns.
    func leastRSS(_ columns: [Int]) -> Double {
        var least = total
        for set in 1..<(1 << columns.count) {
            let chosen = columns.indices.filter { set >> $0 & 1 == 1 }.map { columns[$0] }
            if let gain = gain(chosen) { least = min(least, total - gain) }
        }
        return max(least, 0)
    }

    /// How much of the sum of squares a set of columns explains; `nil` where a coefficient would be negative.
    private func gain(_ set: [Int]) -> Double? {
        // Gauss without pivoting on a positive definite matrix of at most 3 × 3.
        var rows = set.map { a in set.map { gram[a][$0] } + [moments[a]] }
        let n = set.count
        for pivot in 0..<n {
            guard rows[pivot][pivot] > 1e-14 * gram[set[pivot]][set[pivot]] else { return nil }
            for row in (pivot + 1)..<max(n, pivot + 1) {
                let factor = rows[row][pivot] / rows[pivot][pivot]
                for column in pivot...n { rows[row][column] -= factor * rows[pivot][column] }
            }
        }
        var solution = [Double](repeating: 0, count: n)
        for row in (0..<n).reversed() {
            var value = rows[row][n]
            for column in (row + 1)..<max(n, row + 1) { value -= rows[row][column] * solution[column] }
            solution[row] = value / rows[row][row]
            if solution[row] < 0 { return nil }
        }
        return zip(set, solution).reduce(0) { $0 + moments[$1.0] * $1.1 }
    }
}
