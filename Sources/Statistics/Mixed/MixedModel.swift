import Fitting
import Glibc

/// How the degrees of freedom of a mixed model's estimates are found.
public enum DegreesOfFreedomMethod: String, Sendable, CaseIterable {
    /// By the variance of the estimate's variance [Satterthwaite1946] [FaiCornelius1996].
    case satterthwaite
    /// The same with the expected information, and a standard error that counts what estimating the covariance costs
    /// [KenwardRoger1997].
    case kenwardRoger = "kenward-roger"

    /// What it is called in a report.
    public var name: String { self == .satterthwaite ? "Satterthwaite" : "Kenward-Roger" }
}

/// A linear mixed model: fixed effects for all, random effects or correlated visits within each patient, fitted by
/// restricted maximum likelihood.
///
/// The search runs without bounds in factors of the covariance (`GradientSearch`), and ends with Newton's steps in the
/// covariance itself, so that the estimates have as many digits as the data allow.
public struct MixedModel: Sendable {
    /// The columns of the fixed effects.
    public let design: Design
    /// The structure of G.
    public let structure: CovarianceStructure
    /// Fixed effects.
    public let coefficients: [Double]
    /// Their covariance, by the model.
    public let covariance: Matrix
    /// The covariance of the random effects, or of the visits.
    public let randomCovariance: Matrix
    /// σ² of the residual; `nil` where the visits' covariance is all there is.
    public let residualVariance: Double?
    /// −2 ln of the restricted likelihood, with its constant.
    public let deviance: Double
    /// How far the next of Newton's steps would lower the deviance.
    public let remainingDeviance: Double
    /// Evaluations of the likelihood.
    public let evaluations: Int
    /// Rows and patients.
    public let observations, patients: Int
    /// The best guess of each patient's random effects, in the order of the subject's levels.
    public let randomEffects: [[Double]]

    private let likelihood: RestrictedLikelihood
    private let point: RestrictedLikelihood.Point
    private let theta: [Double]
    private let curvature: RestrictedLikelihood.Curvature
    private let parameterCovariance: (observed: Matrix?, expected: Matrix?)

    /// ln of the restricted likelihood.
    public var logLikelihood: Double { -deviance / 2 }

    /// Fits a model.
    ///
    /// - Parameters:
    ///   - random: columns of Z: what varies from patient to patient, or an indicator for each visit.
    ///   - residual: whether each value has an independent error besides.
    /// - Throws: where columns depend on each other; where the search finds no end; where the best covariance is singular,
    ///   so that the data do not support as many random effects.
    public init(
        outcome: [Double], design: Design, subject: Factor, random: [Design.Column], structure: CovarianceStructure,
        residual: Bool
    ) throws(StatisticsProblem) {
        let ordinary = try LinearModel(outcome, design)
        let k = random.count
        guard subject.levels.count > k else {
            throw .tooFew("patients", needed: k + 1, found: subject.levels.count)
        }
        guard ordinary.variance > 0 else { throw .constant("what the fixed effects leave of the outcome") }
        let likelihood = RestrictedLikelihood(
            design: design, random: random.map(\.values), outcome: outcome, subject: subject, hasResidual: residual)
        let scales = random.map { column in
            let used = column.values.filter { $0 != 0 }
            return ordinary.sigma / (Summary(used.map { $0 * $0 }).mean).squareRoot()
        }
        let search = CovarianceSearch(
            likelihood: likelihood, structure: structure, scales: scales, sigma: ordinary.sigma)
        let end = try search.run()
        self.design = design
        self.structure = structure
        (coefficients, covariance) = (end.point.coefficients, end.point.covariance)
        (randomCovariance, residualVariance) = (end.g, residual ? end.residual : nil)
        (deviance, remainingDeviance, evaluations) = (end.point.deviance, end.remaining, end.evaluations)
        (observations, patients) = (outcome.count, likelihood.patients.count)
        self.likelihood = likelihood
        (point, theta, curvature) = (end.point, end.theta, end.curvature)
        parameterCovariance = (
            curvature.observed.positiveDefiniteInverse.map { 2 * $0.inverse },
            curvature.expected.positiveDefiniteInverse.map { 2 * $0.inverse }
        )
        let transposed = likelihood.patterns.map(\.transposed)
        randomEffects = zip(likelihood.patients, end.point.weightedResiduals).map { patient, e in
            end.g * (transposed[patient.pattern] * e)
        }
    }

    /// A sum of fixed effects, each times its place in `contrast`.
    ///
    /// - Throws: where the information about the covariance is singular, so that no degrees of freedom can be given.
    public func estimate(
        _ term: String, _ contrast: [Double], method: DegreesOfFreedomMethod = .satterthwaite
    ) throws(StatisticsProblem) -> Estimate {
        let value = zip(contrast, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
        let information = method == .satterthwaite ? parameterCovariance.observed : parameterCovariance.expected
        guard let information else {
            throw .notConverged("the information about the covariance is singular: no degrees of freedom can be given")
        }
        let variance = covariance.quadraticForm(contrast)
        let moved = covariance * contrast
        let slopes = curvature.p.map { -$0.quadraticForm(moved) }
        let df = 2 * variance * variance / information.quadraticForm(slopes)
        let used = method == .satterthwaite ? variance : adjustedCovariance!.quadraticForm(contrast)
        return Estimate(term, value, standardError: used.squareRoot(), t: df)
    }

    /// The covariance of the fixed effects that counts what estimating V costs [KenwardRoger1997]; `nil` where the
    /// information is singular.
    public var adjustedCovariance: Matrix? {
        guard let w = parameterCovariance.expected else { return nil }
        let k = randomCovariance.rows
        var middle = likelihood.bends(
            at: point, first: structure.derivatives(theta, k), second: structure.secondDerivatives(theta, k), weights: w
        )
        for r in curvature.p.indices {
            for s in curvature.p.indices { middle += -w[r, s] * (curvature.p[r] * covariance * curvature.p[s]) }
        }
        return covariance + 2 * (covariance * middle * covariance)
    }

    /// A contrast that is 1 at a column and 0 elsewhere.
    public func contrast(_ column: Int) -> [Double] { design.columns.indices.map { $0 == column ? 1 : 0 } }
}
