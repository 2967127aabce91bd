import Fitting

/// How fast an outcome changes with time in each arm: patients differ in where they start and in how fast they go.
///
/// `outcome ~ time × arm + covariates + (time | patient)`, restricted maximum likelihood. With a shared baseline the arms
/// start at one mean, as they do after randomisation; without it each has its own, as with an external control.
public struct SlopeModel: Sendable {
    /// One patient at one time.
    public struct Rows: Sendable {
        /// The outcome, the time (its unit is that of the slopes), the patient, the arm (reference first).
        public var outcome, time: [Double]
        public var subject, arm: Factor
        /// What else is adjusted for.
        public var covariates: [Design.Column]

        /// Rows, all of one length.
        public init(
            outcome: [Double], time: [Double], subject: Factor, arm: Factor, covariates: [Design.Column] = []
        ) {
            (self.outcome, self.time, self.subject, self.arm) = (outcome, time, subject, arm)
            self.covariates = covariates
        }
    }

    /// The fitted model.
    public let model: MixedModel
    /// How degrees of freedom are found.
    public let method: DegreesOfFreedomMethod
    /// Why patients have no slopes of their own, where the data did not support them.
    public let fallback: String?
    private let rows: Rows
    private let firstSlope: Int

    /// Fits the model; where the covariance of random slopes is singular, with random intercepts only, and says so.
    public init(
        _ rows: Rows, sharedBaseline: Bool = false, method: DegreesOfFreedomMethod = .satterthwaite
    ) throws(StatisticsProblem) {
        guard rows.arm.levels.count > 1 else { throw .tooFew("arms", needed: 2, found: rows.arm.levels.count) }
        let time = Design.Column("time", rows.time)
        let arms = rows.arm.indicators
        let before = [time] + (sharedBaseline ? [] : arms) + rows.covariates
        let design = Design(before + arms.map { time * $0 }, rows: rows.outcome.count)
        let ones = Design.Column("intercept", [Double](repeating: 1, count: rows.outcome.count))
        func fit(_ random: [Design.Column]) throws(StatisticsProblem) -> MixedModel {
            try MixedModel(
                outcome: rows.outcome, design: design, subject: rows.subject, random: random,
                structure: .unstructured, residual: true)
        }
        (self.rows, self.method, firstSlope) = (rows, method, before.count + 1)
        do throws(StatisticsProblem) {
            model = try fit([ones, time])
            fallback = nil
        } catch {
            guard case .notConverged(let reason) = error else { throw error }
            model = try fit([ones])
            fallback = "random slopes: \(reason); random intercepts only"
        }
    }

    /// The slope of an arm, in units of the outcome per unit of time.
    public func slope(ofArm level: Int) throws(StatisticsProblem) -> Estimate {
        try model.estimate("slope \(rows.arm.levels[level])", contrast(level), method: method)
    }

    /// Each arm's slope less that of the reference.
    public func differences() throws(StatisticsProblem) -> [Estimate] {
        var result: [Estimate] = []
        for level in rows.arm.levels.indices.dropFirst() {
            result.append(
                try model.estimate(
                    "slope \(rows.arm.levels[level]) − \(rows.arm.levels[0])",
                    model.contrast(firstSlope + level - 1), method: method))
        }
        return result
    }

    /// By how much an arm is slower than the reference, with Fieller's interval.
    public func slowing(ofArm level: Int) -> RelativeSlowing {
        let (reference, treated) = (contrast(0), contrast(level))
        func covariance(_ a: [Double], _ b: [Double]) -> Double {
            zip(a, model.covariance * b).reduce(0) { $0 + $1.0 * $1.1 }
        }
        func value(_ contrast: [Double]) -> Double { zip(contrast, model.coefficients).reduce(0) { $0 + $1.0 * $1.1 } }
        return RelativeSlowing(
            reference: value(reference), treated: value(treated), varianceOfReference: covariance(reference, reference),
            varianceOfTreated: covariance(treated, treated), covariance: covariance(reference, treated))
    }

    /// The best guess of each patient's own slope; `nil` without random slopes.
    public var patientSlopes: [(patient: String, slope: Double)]? {
        guard model.randomCovariance.rows == 2 else { return nil }
        var arms = [Int](repeating: 0, count: rows.subject.levels.count)
        for (row, code) in rows.subject.codes.enumerated() { arms[code] = rows.arm.codes[row] }
        return rows.subject.levels.indices.map { place in
            let fixed = zip(contrast(arms[place]), model.coefficients).reduce(0) { $0 + $1.0 * $1.1 }
            return (rows.subject.levels[place], fixed + model.randomEffects[place][1])
        }
    }

    private func contrast(_ level: Int) -> [Double] {
        var result = model.contrast(1)
        if level > 0 { result[firstSlope + level - 1] = 1 }
        return result
    }
}

/// A straight line through each patient's own values: descriptive, and the two-stage comparison of their slopes.
public enum PatientLines {
    /// The least-squares slope of each patient with two different times or more; `nil` for others.
    public static func slopes(outcome: [Double], time: [Double], subject: Factor) -> [Double?] {
        var members = [[Int]](repeating: [], count: subject.levels.count)
        for (row, code) in subject.codes.enumerated() { members[code].append(row) }
        return members.map { rows in
            let x = rows.map { time[$0] }, y = rows.map { outcome[$0] }
            let ones = [Double](repeating: 1, count: rows.count)
            return LinearFit(y, columns: [ones, x])?.coefficients[1]
        }
    }
}
