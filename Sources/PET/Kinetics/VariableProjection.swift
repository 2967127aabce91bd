import Glibc
import Fitting

/// Least squares of a model that is linear in all parameters but one rate [GolubPereyra2003].
///
/// For a given rate the others follow from a linear fit, so that only the rate is searched: over a grid even in its
/// logarithm, then inside every local minimum of the grid. No start can end in a wrong minimum.
struct VariableProjection {
    /// The rate with the smallest residual sum of squares, 1/min.
    let rate: Double
    /// Coefficients of the columns at that rate.
    let coefficients: [Double]
    /// Residuals on the full Jacobian, the columns and the derivative by the rate last: it holds the covariance.
    let jacobian: LinearFit?
    /// The model at that rate.
    let fitted: [Double]
    /// Whether the rate lies at an end of the range.
    let isAtEnd: Bool

    /// How the best rate of the grid is made finer.
    enum Refinement {
        /// To rounding: golden section in every local minimum, then Gauss-Newton steps of all parameters.
        case full
        /// The parabola through the best rate and its neighbours, as basis functions have it.
        case parabola
    }

    /// Searches; `columns` gives the linear columns for a rate at the fitted frames. `nil` where no rate gives a fit.
    init?(
        _ y: [Double], weights: [Double], range: ClosedRange<Double>, count: Int, refinement: Refinement = .full,
        columns: (_ rate: Double) -> [[Double]]
    ) {
        func fit(_ logRate: Double) -> LinearFit? { LinearFit(y, columns: columns(exp(logRate)), weights: weights) }
        func rss(_ logRate: Double) -> Double { fit(logRate)?.weightedRSS ?? .infinity }
        let (low, high) = (log(range.lowerBound), log(range.upperBound))
        let grid = (0..<count).map { low + (high - low) * Double($0) / Double(count - 1) }
        let sums = grid.map(rss)
        guard let best = sums.indices.min(by: { sums[$0] < sums[$1] }), sums[best].isFinite else { return nil }
        var found = (log: grid[best], sum: sums[best])
        let inner = 1..<(count - 1)
        switch refinement {
        case .full:
            for place in inner where sums[place] <= sums[place - 1] && sums[place] <= sums[place + 1] {
                let minimum = goldenSection(grid[place - 1], grid[place + 1], rss)
                if minimum.sum < found.sum { found = minimum }
            }
        case .parabola:
            if inner.contains(best) {
                let vertex = parabolaVertex(Array(grid[(best - 1)...(best + 1)]), Array(sums[(best - 1)...(best + 1)]))
                if case let sum = rss(vertex), sum < found.sum { found = (vertex, sum) }
            }
        }
        isAtEnd = found.log <= grid[0] + 1e-9 || found.log >= grid[count - 1] - 1e-9
        var rate = exp(found.log)
        guard var linear = fit(found.log) else { return nil }
        func full(_ rate: Double, _ linear: LinearFit) -> LinearFit? {
            let residuals = zip(y, linear.fitted).map { $0 - $1 }
            let step = rate * 1e-5
            let (above, below) = (columns(rate + step), columns(rate - step))
            var derivative = [Double](repeating: 0, count: y.count)
            for (column, coefficient) in linear.coefficients.enumerated() {
                for row in y.indices {
                    derivative[row] += coefficient * (above[column][row] - below[column][row]) / (2 * step)
                }
            }
            return LinearFit(residuals, columns: columns(rate) + [derivative], weights: weights)
        }
        var jacobian = full(rate, linear)
        if refinement == .full, !isAtEnd {
            for _ in 0..<8 {
                guard let step = jacobian?.coefficients.last, case let next = rate + step, range.contains(next),
                    let moved = fit(log(next)), moved.weightedRSS <= linear.weightedRSS * (1 + 1e-12)
                else { break }
                (rate, linear) = (next, moved)
                jacobian = full(rate, linear)
                if abs(step) < 1e-13 * rate { break }
            }
        }
        (self.rate, coefficients, fitted, self.jacobian) = (rate, linear.coefficients, linear.fitted, jacobian)
    }

    /// The standard error of a function of the coefficients and the rate, the rate last in the gradient.
    func standardError(_ gradient: [Double]) -> Double {
        isAtEnd ? .nan : jacobian?.standardError(gradient: gradient) ?? .nan
    }
}

/// The minimum of a function between two points, by golden section to the precision that comparing values gives.
private func goldenSection(_ from: Double, _ to: Double, _ f: (Double) -> Double) -> (log: Double, sum: Double) {
    let share = ((5.0).squareRoot() - 1) / 2
    var (a, b) = (from, to)
    var (c, d) = (b - share * (b - a), a + share * (b - a))
    var (fc, fd) = (f(c), f(d))
    while b - a > 1e-9 {
        if fc < fd {
            (b, d, fd) = (d, c, fc)
            c = b - share * (b - a)
            fc = f(c)
        } else {
            (a, c, fc) = (c, d, fd)
            d = a + share * (b - a)
            fd = f(d)
        }
    }
    return fc < fd ? (c, fc) : (d, fd)
}

/// Where the parabola through three evenly spaced points has its vertex; the middle where it has none between them.
private func parabolaVertex(_ x: [Double], _ y: [Double]) -> Double {
    let curvature = y[0] - 2 * y[1] + y[2]
    guard curvature > 0, curvature.isFinite else { return x[1] }
    let offset = (y[0] - y[2]) / (2 * curvature)
    return x[1] + min(max(offset, -1), 1) * (x[1] - x[0])
}
