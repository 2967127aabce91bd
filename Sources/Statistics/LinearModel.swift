import Fitting

/// Ordinary least squares with everything that is said about it.
public struct LinearModel: Sendable {
    /// The columns.
    public let design: Design
    /// The outcome.
    public let outcome: [Double]
    /// One a column.
    public let coefficients: [Double]
    /// (XᵀX)⁻¹.
    public let unscaledCovariance: Matrix
    /// Outcome less what is fitted.
    public let residuals: [Double]
    /// Rows less columns.
    public let degreesOfFreedom: Int
    /// Σ residual².
    public let residualSumOfSquares: Double

    /// Fits an outcome. Throws where columns depend on each other, naming them, and where no degree of freedom is left.
    public init(_ outcome: [Double], _ design: Design) throws(StatisticsProblem) {
        guard outcome.count > design.columns.count else {
            throw .tooFew(
                "rows for \(design.columns.count) effects", needed: design.columns.count + 1, found: outcome.count)
        }
        try design.requireIndependentColumns()
        guard let fit = LinearFit(outcome, columns: design.values) else {
            throw .impossible("the least-squares fit failed: a value is not finite")
        }
        (self.design, self.outcome, coefficients) = (design, outcome, fit.coefficients)
        (unscaledCovariance, degreesOfFreedom) = (fit.unscaledCovariance, fit.degreesOfFreedom)
        residuals = zip(outcome, fit.fitted).map { $0 - $1 }
        residualSumOfSquares = fit.weightedRSS
    }

    /// The residual variance.
    public var variance: Double { residualSumOfSquares / Double(degreesOfFreedom) }
    /// The residual standard deviation.
    public var sigma: Double { variance.squareRoot() }
    /// The covariance of the coefficients.
    public var covariance: Matrix { variance * unscaledCovariance }

    /// The share of variance explained, about the mean.
    public var rSquared: Double { 1 - residualSumOfSquares / Summary(outcome).sumOfSquares }

    /// A coefficient by Student's t.
    public func estimate(_ column: Int, term: String? = nil) -> Estimate {
        var contrast = [Double](repeating: 0, count: coefficients.count)
        contrast[column] = 1
        return estimate(term ?? design.columns[column].name, contrast)
    }

    /// A sum of coefficients, each times its place in `contrast`, by Student's t.
    public func estimate(_ term: String, _ contrast: [Double]) -> Estimate {
        let value = zip(contrast, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
        let error = (variance * unscaledCovariance.quadraticForm(contrast)).squareRoot()
        return Estimate(term, value, standardError: error, t: Double(degreesOfFreedom))
    }

    /// How much each row pulls the fit to itself, 0 to 1: the diagonal of X (XᵀX)⁻¹ Xᵀ.
    public var leverages: [Double] { (0..<design.rows).map { unscaledCovariance.quadraticForm(design.row($0)) } }

    /// The covariance of the coefficients where rows may vary differently: HC3 [MacKinnonWhite1985], residuals over one
    /// less the leverage. `nil` where a row has a leverage of 1.
    public var robustCovariance: Matrix? {
        let leverages = leverages
        guard leverages.allSatisfy({ $0 < 1 - 1e-10 }) else { return nil }
        var middle = Matrix(rows: coefficients.count, columns: coefficients.count)
        for place in 0..<design.rows {
            let (row, spread) = (design.row(place), residuals[place] / (1 - leverages[place]))
            for a in row.indices { for b in row.indices { middle[a, b] += row[a] * row[b] * spread * spread } }
        }
        return unscaledCovariance * middle * unscaledCovariance
    }

    /// A coefficient with its HC3 standard error, by Student's t with the model's degrees of freedom.
    public func robustEstimate(_ column: Int, term: String? = nil) -> Estimate? {
        robustCovariance.map { covariance in
            Estimate(
                term ?? design.columns[column].name, coefficients[column],
                standardError: covariance[column, column].squareRoot(), t: Double(degreesOfFreedom))
        }
    }

    /// The F test of all of `columns` together: how much worse the fit is without them.
    public func test(of columns: [Int]) throws(StatisticsProblem) -> (f: Double, numerator: Int, p: Double) {
        let kept = design.columns.indices.filter { !columns.contains($0) }.map { design.columns[$0] }
        let smaller = try LinearModel(outcome, Design(kept, rows: design.rows, intercept: false))
        let f = (smaller.residualSumOfSquares - residualSumOfSquares) / Double(columns.count) / variance
        return (f, columns.count, FisherF(Double(columns.count), Double(degreesOfFreedom)).above(f))
    }
}
