import Fitting

/// Analysis of covariance: an outcome by arm, adjusted for the baseline and what else was known before treatment.
///
/// The response may be the final value or the change from baseline: the arm's effect is the same. LS means are the model
/// at the mean of every covariate over all patients; a factor such as the site counts by the share of patients it has.
public struct ANCOVA: Sendable {
    /// The fitted model: intercept, covariates, factors, arms.
    public let model: LinearModel
    /// The arms, the reference first.
    public let arm: Factor
    /// The place of the first arm's column.
    private let firstArm: Int

    /// Fits the model. Rows are patients, in one order for all arguments.
    public init(
        outcome: [Double], arm: Factor, covariates: [Design.Column], factors: [Factor] = []
    ) throws(StatisticsProblem) {
        guard arm.levels.count > 1 else { throw .tooFew("arms", needed: 2, found: arm.levels.count) }
        let before = covariates + factors.flatMap(\.indicators)
        model = try LinearModel(outcome, Design(before + arm.indicators, rows: outcome.count))
        (self.arm, firstArm) = (arm, before.count + 1)
    }

    /// The column of an arm; the reference has none.
    public func column(ofArm level: Int) -> Int { firstArm + level - 1 }

    /// Every arm less the reference.
    public var differences: [Estimate] {
        arm.levels.indices.dropFirst().map { model.estimate(column(ofArm: $0), term: term($0)) }
    }

    /// Every arm less the reference, with HC3 standard errors; none where a patient alone decides a coefficient.
    public var robustDifferences: [Estimate] {
        arm.levels.indices.dropFirst().compactMap {
            model.robustEstimate(column(ofArm: $0), term: "\(term($0)), HC3")
        }
    }

    /// The outcome that each arm would have if all had the mean of every covariate.
    public var leastSquaresMeans: [Estimate] {
        let means = model.design.columns.map { Summary($0.values).mean }
        return arm.levels.indices.map { level in
            var contrast = means
            for other in arm.levels.indices.dropFirst() { contrast[column(ofArm: other)] = other == level ? 1 : 0 }
            return model.estimate("LS mean \(arm.levels[level])", contrast)
        }
    }

    /// The effects of the covariates and factors.
    public var covariateEffects: [Estimate] { (1..<firstArm).map { model.estimate($0) } }

    /// Whether the effect of the arm depends on a covariate: the F test of their products.
    public func interaction(with covariate: Int) throws(StatisticsProblem) -> (f: Double, df: Int, p: Double) {
        let products = (1..<arm.levels.count).map {
            model.design.columns[1 + covariate] * model.design.columns[column(ofArm: $0)]
        }
        let count = model.design.columns.count
        let larger = try LinearModel(
            model.outcome, Design(model.design.columns + products, rows: model.design.rows, intercept: false))
        let test = try larger.test(of: Array(count..<(count + products.count)))
        return (test.f, larger.degreesOfFreedom, test.p)
    }

    private func term(_ level: Int) -> String { "\(arm.levels[level]) − \(arm.levels[0])" }
}
