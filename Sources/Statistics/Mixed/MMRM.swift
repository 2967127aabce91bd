import Fitting

/// The mixed model for repeated measures [Mallinckrodt2008]: an outcome at several visits by arm, adjusted for the
/// baseline at each visit, with correlated visits within a patient and none imputed.
///
/// `outcome ~ visit × arm + visit × baseline + covariates`, restricted maximum likelihood. With complete data the
/// difference at each visit and its standard error are those of the ANCOVA at that visit.
public struct MMRM: Sendable {
    /// One patient at one visit.
    public struct Rows: Sendable {
        /// The outcome.
        public var outcome: [Double]
        /// The patient, the arm with its reference first, the visit in order.
        public var subject, arm, visit: Factor
        /// The value before treatment, the same at all visits of a patient.
        public var baseline: Design.Column
        /// What else is adjusted for, the same at all visits: `Factor.indicators` of the site among them.
        public var covariates: [Design.Column]

        /// Rows, all of one length.
        public init(
            outcome: [Double], subject: Factor, arm: Factor, visit: Factor, baseline: Design.Column,
            covariates: [Design.Column] = []
        ) {
            (self.outcome, self.subject, self.arm, self.visit) = (outcome, subject, arm, visit)
            (self.baseline, self.covariates) = (baseline, covariates)
        }
    }

    /// The structures tried one after the other, unless one is asked for.
    public static let order: [CovarianceStructure] = [.unstructured, .toeplitz, .autoregressive, .compoundSymmetry]

    /// The fitted model.
    public let model: MixedModel
    /// How degrees of freedom are found.
    public let method: DegreesOfFreedomMethod
    /// The structures that did not converge before the one that did, each with the reason.
    public let fallbacks: [String]
    private let rows: Rows

    /// Fits the model with the first structure of `structures` that converges, and says which did not.
    public init(
        _ rows: Rows, structures: [CovarianceStructure] = MMRM.order,
        method: DegreesOfFreedomMethod = .satterthwaite
    ) throws(StatisticsProblem) {
        guard rows.arm.levels.count > 1 else { throw .tooFew("arms", needed: 2, found: rows.arm.levels.count) }
        guard rows.visit.levels.count > 1 else { throw .tooFew("visits", needed: 2, found: rows.visit.levels.count) }
        try Self.requireOneRowAVisit(rows)
        let visits = rows.visit.levels.indices.map { visit in
            Design.Column("visit \(rows.visit.levels[visit])", rows.visit.codes.map { $0 == visit ? 1 : 0 })
        }
        let arms = rows.arm.indicators
        let columns =
            visits + arms.flatMap { arm in visits.map { arm * $0 } } + visits.map { rows.baseline * $0 }
            + rows.covariates
        let design = Design(columns, rows: rows.outcome.count, intercept: false)
        var failures: [String] = []
        for structure in structures {
            do throws(StatisticsProblem) {
                model = try MixedModel(
                    outcome: rows.outcome, design: design, subject: rows.subject, random: visits,
                    structure: structure, residual: false)
                (self.rows, self.method, fallbacks) = (rows, method, failures)
                return
            } catch {
                guard case .notConverged(let reason) = error else { throw error }
                failures.append(reason)
            }
        }
        throw .notConverged("no covariance converged: \(failures.joined(separator: "; "))")
    }

    /// Every arm less the reference at every visit.
    public func differences() throws(StatisticsProblem) -> [Estimate] {
        var result: [Estimate] = []
        for level in rows.arm.levels.indices.dropFirst() {
            for visit in rows.visit.levels.indices {
                let term =
                    "\(rows.arm.levels[level]) − \(rows.arm.levels[0]), \(rows.visit.name) \(rows.visit.levels[visit])"
                result.append(try model.estimate(term, contrast(level, visit, mean: false), method: method))
            }
        }
        return result
    }

    /// The outcome of each arm at each visit at the mean baseline of the patients, and of the covariates.
    public func leastSquaresMeans() throws(StatisticsProblem) -> [Estimate] {
        var result: [Estimate] = []
        for level in rows.arm.levels.indices {
            for visit in rows.visit.levels.indices {
                let term =
                    "LS mean \(rows.arm.levels[level]), \(rows.visit.name) \(rows.visit.levels[visit])"
                result.append(try model.estimate(term, contrast(level, visit, mean: true), method: method))
            }
        }
        return result
    }

    /// The sum of columns for an arm at a visit, or for its difference from the reference.
    private func contrast(_ level: Int, _ visit: Int, mean: Bool) -> [Double] {
        var result = [Double](repeating: 0, count: model.coefficients.count)
        let (visits, arms) = (rows.visit.levels.count, rows.arm.levels.count)
        if level > 0 { result[visits * level + visit] = 1 }
        guard mean else { return result }
        result[visit] = 1
        result[visits * arms + visit] = patientMean(rows.baseline.values)
        for (place, column) in rows.covariates.enumerated() {
            result[visits * (arms + 1) + place] = patientMean(column.values)
        }
        return result
    }

    /// The mean over patients, each counted once however many visits there are.
    private func patientMean(_ values: [Double]) -> Double {
        var first: [Int: Double] = [:]
        for (row, code) in rows.subject.codes.enumerated() where first[code] == nil { first[code] = values[row] }
        return Summary(first.keys.sorted().map { first[$0]! }).mean
    }

    private static func requireOneRowAVisit(_ rows: Rows) throws(StatisticsProblem) {
        var seen: Set<[Int]> = []
        for (subject, visit) in zip(rows.subject.codes, rows.visit.codes)
        where !seen.insert([subject, visit]).inserted {
            throw .impossible(
                "\(rows.subject.levels[subject]) has two rows at \(rows.visit.name) \(rows.visit.levels[visit])")
        }
        guard rows.outcome.count > Set(rows.subject.codes).count else {
            throw .impossible("no patient has more than one \(rows.visit.name): there is nothing to be correlated")
        }
    }
}
