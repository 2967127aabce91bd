import CLAPACK

/// Weighted linear least squares: the coefficients that make Σ w (y − X b)² smallest, with their covariance.
///
/// Rows are multiplied by √w and columns scaled to unit length, then QR with Householder reflections (LAPACK). Exact to
/// rounding also where the normal equations would lose half the digits.
public struct LinearFit: Sendable {
    /// One coefficient a column.
    public let coefficients: [Double]
    /// (XᵀWX)⁻¹: times `variance` it is the covariance of the coefficients.
    public let unscaledCovariance: Matrix
    /// Σ w (y − X b)².
    public let weightedRSS: Double
    /// X b.
    public let fitted: [Double]
    /// Rows with a weight above 0 less columns.
    public let degreesOfFreedom: Int
    /// The reciprocal condition of the scaled columns, 0 (dependent) to 1.
    public let reciprocalCondition: Double

    /// Fits `y` by the columns; a row with weight 0 takes no part. `nil` where fewer rows than columns have weight, where
    /// the columns depend on each other to rounding, or where a value that takes part is not finite.
    ///
    /// - Precondition: columns, `y` and `weights` have one length; weights are 0 or more.
    public init?(_ y: [Double], columns: [[Double]], weights: [Double]? = nil) {
        let (all, count) = (y.count, columns.count)
        precondition(count > 0 && columns.allSatisfy { $0.count == all }, "columns as long as the data")
        precondition(weights.map { $0.count == all && !$0.contains { $0 < 0 } } ?? true, "a weight of 0 or more a row")
        let roots = weights.map { $0.map { $0.squareRoot() } } ?? [Double](repeating: 1, count: all)
        let used = (0..<all).filter { roots[$0] > 0 }
        guard used.count >= count else { return nil }
        var right = used.map { y[$0] * roots[$0] }
        var design = columns.map { column in used.map { column[$0] * roots[$0] } }
        let scales = design.map { column in column.reduce(0) { $0 + $1 * $1 }.squareRoot() }
        guard scales.allSatisfy({ $0 > 0 && $0.isFinite }), right.allSatisfy(\.isFinite) else { return nil }
        for (place, scale) in scales.enumerated() { design[place] = design[place].map { $0 / scale } }

        var factors = design.flatMap(\.self)
        var reflectors = [Double](repeating: 0, count: count)
        let (m, n) = (Int32(used.count), Int32(count))
        let (upper, transposed, plain) = (CChar(UInt8(ascii: "U")), CChar(UInt8(ascii: "T")), CChar(UInt8(ascii: "N")))
        var reciprocal = 0.0
        guard LAPACKE_dgeqrf(LAPACK_COL_MAJOR, m, n, &factors, m, &reflectors) == 0,
            LAPACKE_dtrcon(
                LAPACK_COL_MAJOR, CChar(UInt8(ascii: "1")), upper, plain, n, factors, m, &reciprocal) == 0,
            reciprocal > 4 * .ulpOfOne,
            LAPACKE_dormqr(
                LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), transposed, m, 1, n, factors, m, reflectors, &right, m)
                == 0,
            LAPACKE_dtrtrs(LAPACK_COL_MAJOR, upper, plain, plain, n, 1, factors, m, &right, m) == 0
        else { return nil }
        let solution = (0..<count).map { right[$0] / scales[$0] }

        var inverse = Matrix(rows: count, columns: count)
        for row in 0..<count { for column in row..<count { inverse[row, column] = factors[column * used.count + row] } }
        guard LAPACKE_dpotri(LAPACK_COL_MAJOR, upper, n, &inverse.values, n) == 0 else { return nil }
        for row in 0..<count {
            for column in row..<count {
                inverse[row, column] /= scales[row] * scales[column]
                inverse[column, row] = inverse[row, column]
            }
        }
        fitted = (0..<all).map { row in (0..<count).reduce(0) { $0 + solution[$1] * columns[$1][row] } }
        var rss = 0.0
        for row in used { rss += ((y[row] - fitted[row]) * roots[row]) * ((y[row] - fitted[row]) * roots[row]) }
        (coefficients, unscaledCovariance, weightedRSS) = (solution, inverse, rss)
        (degreesOfFreedom, reciprocalCondition) = (used.count - count, reciprocal)
    }

    /// Σ w (y − X b)² per degree of freedom; NaN where there is none left.
    public var variance: Double { degreesOfFreedom > 0 ? weightedRSS / Double(degreesOfFreedom) : .nan }

    /// Covariance of two coefficients.
    public func covariance(_ a: Int, _ b: Int) -> Double { variance * unscaledCovariance[a, b] }

    /// The standard error of a function of the coefficients, from its gradient (delta method).
    public func standardError(gradient: [Double]) -> Double {
        propagatedError(gradient, unscaledCovariance, variance)
    }
}

/// √(gᵀ C g · s²): the delta method.
func propagatedError(_ gradient: [Double], _ covariance: Matrix, _ variance: Double) -> Double {
    var sum = 0.0
    for a in gradient.indices {
        for b in gradient.indices { sum += gradient[a] * gradient[b] * covariance[a, b] }
    }
    return (Swift.max(sum, 0) * variance).squareRoot()
}
