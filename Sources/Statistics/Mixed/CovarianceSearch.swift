import Fitting
import Glibc

/// Finds the covariance at which the restricted likelihood is greatest.
struct CovarianceSearch {
    let likelihood: RestrictedLikelihood
    let structure: CovarianceStructure
    /// A standard deviation that each effect may have; the search is in units of these.
    let scales: [Double]
    /// The standard deviation of all that the fixed effects leave.
    let sigma: Double

    struct End {
        var theta: [Double]
        var g: Matrix
        var residual: Double
        var point: RestrictedLikelihood.Point
        var curvature: RestrictedLikelihood.Curvature
        var remaining: Double
        var evaluations: Int
    }

    private var k: Int { scales.count }
    private var parameters: Int { structure.count(k) }

    func run() throws(StatisticsProblem) -> End {
        let start = structure.start(k) + (likelihood.hasResidual ? [log(0.5)] : [])
        let perRow = 1 / Double(likelihood.rows)
        let found = GradientSearch(start: start, tolerance: 1e-10, limit: 1000) { free, gradient in
            let (theta, residual) = natural(free)
            guard let point = likelihood.evaluate(structure.matrix(theta, k), residual: residual) else {
                return .infinity
            }
            let slope = structure.slope(Array(free[..<parameters]), scales: scales, point.slopeG)
            for place in slope.indices { gradient[place] = slope[place] * perRow }
            if likelihood.hasResidual { gradient[parameters] = point.slopeResidual * residual * perRow }
            return point.deviance * perRow
        }
        let (theta, residual) = natural(found.parameters)
        let end = try polished(theta, residual, evaluations: found.evaluations)
        try requireInterior(end)
        return end
    }

    private func natural(_ free: [Double]) -> (theta: [Double], residual: Double) {
        let theta = structure.theta(Array(free[..<parameters]), scales: scales)
        return (theta, likelihood.hasResidual ? sigma * sigma * exp(free[parameters]) : 0)
    }

    /// Newton's steps in θ, halved until the deviance falls, until one would gain nothing.
    private func polished(_ start: [Double], _ first: Double, evaluations: Int) throws(StatisticsProblem) -> End {
        let singular = StatisticsProblem.notConverged(
            "the \(structure.name) covariance ends where it is singular: the data do not support it")
        var (theta, residual, count) = (start, first, evaluations)
        guard var point = likelihood.evaluate(structure.matrix(theta, k), residual: residual) else { throw singular }
        var (remaining, finishing) = (Double.infinity, 0)
        for _ in 0..<50 {
            let curvature = curvature(at: point, theta)
            guard
                let inverse = curvature.observed.positiveDefiniteInverse ?? curvature.expected.positiveDefiniteInverse
            else { throw singular }
            let step = inverse.inverse * curvature.gradient
            remaining = zip(step, curvature.gradient).reduce(0) { $0 + $1.0 * $1.1 } / 2
            guard remaining.isFinite else { throw singular }
            // Below this the deviance's own rounding decides; the slope is still good for steps that square the error.
            if abs(remaining) < 1e-13 * max(1, abs(point.deviance)) { finishing += 1 }
            if finishing > 2 {
                return End(
                    theta: theta, g: structure.matrix(theta, k), residual: residual, point: point, curvature: curvature,
                    remaining: remaining, evaluations: count)
            }
            var (length, moved) = (1.0, false)
            while length > 1e-6 {
                let next = zip(theta, step).map { $0 - length * $1 }
                let nextResidual = likelihood.hasResidual ? residual - length * step[parameters] : 0
                count += 1
                if !likelihood.hasResidual || nextResidual > 0,
                    let there = likelihood.evaluate(structure.matrix(next, k), residual: nextResidual),
                    there.deviance <= point.deviance + 1e-11 * max(1, abs(point.deviance))
                {
                    (theta, residual, point, moved) = (next, nextResidual, there, true)
                    break
                }
                length /= 2
            }
            if !moved { break }
        }
        throw .notConverged(
            "the search for the \(structure.name) covariance did not end; another step would still gain "
                + "\(abs(remaining)) of deviance")
    }

    private func curvature(at point: RestrictedLikelihood.Point, _ theta: [Double]) -> RestrictedLikelihood.Curvature {
        likelihood.curvature(
            at: point, first: structure.derivatives(theta, k), second: structure.secondDerivatives(theta, k))
    }

    /// Throws where G has next to nothing in some direction: an effect without variance, or a correlation of 1.
    private func requireInterior(_ end: End) throws(StatisticsProblem) {
        var scaled = end.g
        let own = (0..<k).map { end.g[$0, $0] / (scales[$0] * scales[$0]) }
        // A standard deviation below 1e-4 of what is left of the outcome, as lme4 calls a fit singular.
        guard own.allSatisfy({ $0 > 1e-8 }) else {
            throw .notConverged("the \(structure.name) covariance is singular: an effect has no variance of its own")
        }
        for a in 0..<k { for b in 0..<k { scaled[a, b] /= (end.g[a, a] * end.g[b, b]).squareRoot() } }
        guard let least = scaled.symmetricEigenvalues.first, least > 1e-8 else {
            throw .notConverged("the \(structure.name) covariance is singular: a correlation lies at ±1 or beyond")
        }
    }
}
