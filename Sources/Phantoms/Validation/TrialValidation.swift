import Statistics

/// Synthetic trials analysed as real ones: how often the 95 % interval holds the true effect, and how often p is below 0.05
/// where there is none.
public enum TrialValidation {
    /// What is analysed.
    public enum Method: String, Sendable, CaseIterable {
        /// ANCOVA at month 12 of patients who all came.
        case ancova = "ANCOVA"
        /// MMRM at month 24 with patients missing at random.
        case mmrm = "MMRM"
        /// The difference of random slopes, with dropouts.
        case slope = "slopes"
    }

    /// One trial: whether the interval held the truth, or the sentence why there was no result.
    public struct Outcome: Sendable {
        /// Estimate less truth.
        public var error: Double
        /// Whether the 95 % interval holds the truth.
        public var covers: Bool
        /// Whether p < 0.05.
        public var isSignificant: Bool
    }

    /// Analyses one trial; `effect` scales the true effects, 0 for a trial without one.
    public static func trial(
        _ method: Method, seed: UInt64, effect: Double
    ) throws(StatisticsProblem) -> Outcome {
        let (line, truth): (Estimate, Double)
        switch method {
        case .ancova: (line, truth) = try ancova(seed, effect)
        case .mmrm: (line, truth) = try mmrm(seed, effect)
        case .slope: (line, truth) = try slope(seed, effect)
        }
        return Outcome(
            error: line.estimate - truth, covers: line.interval95!.contains(truth), isSignificant: line.p! < 0.05)
    }

    private static func settings(_ seed: UInt64, _ effect: Double) -> TrialPhantomSettings {
        var settings = TrialPhantomSettings(seed: seed)
        settings.effects = settings.effects.map { $0 * effect }
        return settings
    }

    private static func ancova(_ seed: UInt64, _ effect: Double) throws(StatisticsProblem) -> (Estimate, Double) {
        let settings = settings(seed, effect)
        let patients = TrialPhantom(settings).patients
        let visit = settings.months.firstIndex(of: 12)!
        let fit = try ANCOVA(
            outcome: patients.map { Double($0.scores[visit] - $0.baseline) },
            arm: Factor("arm", patients.map(\.arm), reference: "SOC")!,
            covariates: [Design.Column("baseline", patients.map { Double($0.baseline) })],
            factors: [Factor("site", patients.map(\.site))!])
        return (fit.differences[0], settings.effects[visit])
    }

    private static func mmrm(_ seed: UInt64, _ effect: Double) throws(StatisticsProblem) -> (Estimate, Double) {
        let settings = settings(seed, effect)
        let rows = TrialPhantom(settings).patients.flatMap { patient in
            (0..<patient.visitsKept).map { (patient: patient, visit: $0) }
        }
        let fit = try MMRM(
            MMRM.Rows(
                outcome: rows.map { Double($0.patient.scores[$0.visit] - $0.patient.baseline) },
                subject: Factor("code", rows.map(\.patient.code))!,
                arm: Factor("arm", rows.map(\.patient.arm), reference: "SOC")!,
                visit: Factor("month", rows.map { "\(settings.months[$0.visit])" })!,
                baseline: Design.Column("baseline", rows.map { Double($0.patient.baseline) })))
        return (try fit.differences().last!, settings.effects.last!)
    }

    private static func slope(_ seed: UInt64, _ effect: Double) throws(StatisticsProblem) -> (Estimate, Double) {
        var settings = SlopePhantomSettings(seed: seed)
        settings.effect *= effect
        let rows = SlopePhantom(settings).patients.flatMap { patient in
            patient.scores.indices.map { (patient: patient, visit: $0) }
        }
        let fit = try SlopeModel(
            SlopeModel.Rows(
                outcome: rows.map { Double($0.patient.scores[$0.visit]) },
                time: rows.map { Double(settings.months[$0.visit]) },
                subject: Factor("code", rows.map(\.patient.code))!,
                arm: Factor("arm", rows.map(\.patient.arm), reference: "SOC")!))
        return (try fit.differences()[0], settings.effect)
    }

    /// Rows of the error table: coverage of the truth and false findings, in percentage points from 95 and 5.
    ///
    /// From 1000 trials on coverage may be 2 points off and false findings 1; fewer trials may be off by 3.3 of their
    /// standard errors, which chance exceeds once in a thousand.
    static func rows(trials: Int) throws -> [ValidationRow] {
        var result: [ValidationRow] = []
        for method in Method.allCases {
            let seeds = UInt64(trials)
            let found = outcomes(method, 0..<seeds, effect: 1)
            let none = outcomes(method, seeds..<(2 * seeds), effect: 0)
            let chance = 330 * (0.05 * 0.95 / Double(trials)).squareRoot()
            let covered = 100 * Double(found.count { $0?.covers == true }) / Double(trials)
            let false05 = 100 * Double(none.count { $0?.isSignificant == true }) / Double(trials)
            let failed = (found + none).count { $0 == nil }
            let bias = Summary(found.compactMap { $0?.error })
            let digits = (bias.mean / (bias.standardDeviation / Double(bias.count).squareRoot()) * 100).rounded() / 100
            result.append(
                ValidationRow(
                    "\(method.rawValue), 95 % intervals",
                    against:
                        "trials of 15 + 15, \(covered) % hold the truth, bias \(digits) SE, \(failed) without result",
                    cases: trials, error: failed > 0 ? .nan : abs(covered - 95), limit: trials >= 1000 ? 2 : chance,
                    unit: "% points", reason: trials >= 1000 ? "93 to 97 %" : "3.3 standard errors of so many trials"))
            result.append(
                ValidationRow(
                    "\(method.rawValue), false findings",
                    against: "trials without an effect, \(false05) % with p < 0.05",
                    cases: trials, error: failed > 0 ? .nan : abs(false05 - 5),
                    limit: trials >= 1000 ? 1 : chance, unit: "% points",
                    reason: trials >= 1000 ? "4 to 6 %" : "3.3 standard errors of so many trials"))
        }
        return result
    }

    /// All trials of a range of seeds, in order; `nil` where the analysis gave no result.
    public static func outcomes(_ method: Method, _ seeds: Range<UInt64>, effect: Double) -> [Outcome?] {
        parallelMap(seeds.count) { place in
            try? trial(method, seed: seeds.lowerBound + UInt64(place), effect: effect)
        }
    }
}
