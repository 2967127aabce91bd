import Records
import Statistics

/// What a synthetic two-arm trial of a graft in Parkinson's disease is made of; MDS-UPDRS III in OFF, points.
public struct TrialPhantomSettings: Sendable, Equatable {
    /// The seed; the same seed gives the same patients everywhere.
    public var seed: UInt64
    /// Patients in each arm.
    public var patientsPerArm = 15
    /// Months of the visits after baseline.
    public var months = [3, 6, 12, 24]
    /// By how much the graft changes the score at each visit; all 0 for a trial without an effect.
    public var effects = [-2.0, -6, -10, -14]
    /// How the score changes in the control arm.
    public var controlChanges = [-1.0, -0.5, 1.5, 4]
    /// Baseline: mean and SD.
    public var baseline = (mean: 47.0, sd: 9.0)
    /// How much of the distance from the mean baseline the change takes back.
    public var baselineSlope = -0.25
    /// SD of what stays with a patient, and of a single visit.
    public var patientSD = 4.5, visitSD = 4.0
    /// How much the sites differ, points.
    public var siteEffects = [0.0, 1, -1]
    /// The chance to drop out before a visit: always, and besides where the last change was above 2. Both depend on what
    /// was seen only, so that the missing values are missing at random.
    public var dropout = (always: 0.03, besides: 0.06)
    /// Uptake in the posterior putamen: the change a year of ln Ki in the control arm, and the graft's at two years.
    public var uptake = (controlPerYear: -0.08, graftAtTwoYears: 0.35, sdOfGraft: 0.12, wCV: 0.06)

    /// A trial.
    public init(seed: UInt64) { self.seed = seed }

    /// Whether two trials are made of the same.
    public static func == (a: TrialPhantomSettings, b: TrialPhantomSettings) -> Bool {
        a.truth(for: .parkinson) == b.truth(for: .parkinson)
    }
}

/// A synthetic trial: its patients with everything measured.
public struct TrialPhantom: Sendable {
    /// One patient.
    public struct Patient: Sendable {
        /// The code, the arm (`GRAFT` or `SOC`), the site and, for a graft, the lot of cells.
        public let code, arm, site, lot: String
        /// Years of age and of disease.
        public let age, diseaseYears: Int
        /// `F` or `M`.
        public let sex: String
        /// The score before treatment.
        public let baseline: Int
        /// The score at each visit, also at those that were missed.
        public let scores: [Int]
        /// How many visits were kept.
        public let visitsKept: Int
        /// Ki in the posterior putamen, 1/min: before, and at each visit.
        public let uptake: [Double]
    }

    /// What it is made of.
    public let settings: TrialPhantomSettings
    /// The patients, arms in turn.
    public let patients: [Patient]

    /// Makes the patients.
    public init(_ settings: TrialPhantomSettings) {
        self.settings = settings
        var random = RandomSource(seed: settings.seed, stream: 0x71A1)
        patients = (0..<(2 * settings.patientsPerArm)).map { Self.patient($0, settings, &random) }
    }

    private static func patient(
        _ place: Int, _ settings: TrialPhantomSettings, _ random: inout RandomSource
    ) -> Patient {
        let isGraft = place % 2 == 0
        let age = 50 + random.below(26), years = 5 + random.below(11)
        let baseline = bounded(settings.baseline.mean + settings.baseline.sd * random.gaussian())
        // Sites in blocks of both arms, so that each has as many of either.
        let site = place / 2 % settings.siteEffects.count
        let own = settings.patientSD * random.gaussian() + settings.siteEffects[site]
        let pull = settings.baselineSlope * (Double(baseline) - settings.baseline.mean)
        let scores = settings.months.indices.map { visit in
            bounded(
                Double(baseline) + settings.controlChanges[visit] + (isGraft ? settings.effects[visit] : 0) + pull + own
                    + settings.visitSD * random.gaussian())
        }
        var kept = 0
        for visit in settings.months.indices {
            let last = visit == 0 ? 0 : scores[visit - 1] - baseline
            if random.uniform() < settings.dropout.always + (last > 2 ? settings.dropout.besides : 0) { break }
            kept += 1
        }
        let graft = settings.uptake.graftAtTwoYears + settings.uptake.sdOfGraft * random.gaussian()
        let noise = PortableMath.log(1 + settings.uptake.wCV * settings.uptake.wCV).squareRoot()
        let start = 0.0045 * PortableMath.exp(0.25 * random.gaussian())
        let uptake = ([0] + settings.months).map { month -> Double in
            let years = Double(month) / 12
            let change = settings.uptake.controlPerYear * years + (isGraft ? graft * min(1, years / 2) : 0)
            return start * PortableMath.exp(change + noise * random.gaussian())
        }
        let number = place < 9 ? "0\(place + 1)" : "\(place + 1)"
        return Patient(
            code: "P\(number)", arm: isGraft ? "GRAFT" : "SOC", site: ["A", "B", "C", "D", "E"][site % 5],
            lot: isGraft ? "L\(1 + place / 10 % 3)" : "", age: age, diseaseYears: years,
            sex: random.below(2) == 0 ? "F" : "M", baseline: baseline, scores: scores, visitsKept: kept, uptake: uptake)
    }

    /// A score as it is written down: whole, within 0 to 132.
    private static func bounded(_ value: Double) -> Int { max(0, min(132, Int(value.rounded()))) }
}

/// What a synthetic trial of a cell therapy in ALS is made of; ALSFRS-R, points a month.
public struct SlopePhantomSettings: Sendable, Equatable {
    /// The seed.
    public var seed: UInt64
    /// Patients in each arm.
    public var patientsPerArm = 15
    /// Months of the visits.
    public var months = [0, 1, 2, 3, 4, 5, 6]
    /// The slope of the control arm, and by how much that of the cells is flatter.
    public var controlSlope = -1.05, effect = 0.5
    /// Mean and SD of the score at the start; SD of the slopes; SD of a visit.
    public var startMean = 37.0, startSD = 3.0, slopeSD = 0.45, visitSD = 1.0
    /// The chance to drop out before a visit.
    public var dropout = 0.015

    /// A trial.
    public init(seed: UInt64) { self.seed = seed }
}

/// A synthetic trial of slopes.
public struct SlopePhantom: Sendable {
    /// One patient: the score at each visit kept.
    public struct Patient: Sendable {
        /// The code and the arm, `CELLS` or `SOC`.
        public let code, arm: String
        /// Scores from the first visit on.
        public let scores: [Int]
    }

    /// What it is made of.
    public let settings: SlopePhantomSettings
    /// The patients, arms in turn.
    public let patients: [Patient]

    /// Makes the patients.
    public init(_ settings: SlopePhantomSettings) {
        self.settings = settings
        var random = RandomSource(seed: settings.seed, stream: 0xA15)
        patients = (0..<(2 * settings.patientsPerArm)).map { place in
            let isTreated = place % 2 == 0
            let start = settings.startMean + settings.startSD * random.gaussian()
            let mean = settings.controlSlope + (isTreated ? settings.effect : 0)
            let slope = mean + settings.slopeSD * random.gaussian()
            var scores: [Int] = []
            for (visit, month) in settings.months.enumerated() {
                let value = start + slope * Double(month) + settings.visitSD * random.gaussian()
                // Two visits are kept by everybody.
                if visit > 1, random.uniform() < settings.dropout { break }
                scores.append(max(0, min(48, Int(value.rounded()))))
            }
            let number = place < 9 ? "0\(place + 1)" : "\(place + 1)"
            return Patient(code: "A\(number)", arm: isTreated ? "CELLS" : "SOC", scores: scores)
        }
    }
}

/// Which trial a phantom study is.
public enum TrialDisease: String, Sendable, CaseIterable {
    case parkinson
    case als
}

extension TrialPhantomSettings {
    /// What the trial's tables should show.
    public func truth(for disease: TrialDisease) -> JSONValue {
        [
            "disease": .string(disease.rawValue), "seed": .string("\(seed)"),
            "patients_per_arm": .integer(patientsPerArm), "visit_months": JSONValue(months),
            "arm_effect_points": JSONValue(effects), "control_change_points": JSONValue(controlChanges),
            "baseline_mean": .number(baseline.mean), "baseline_sd": .number(baseline.sd),
            "change_per_baseline_point": .number(baselineSlope), "patient_sd": .number(patientSD),
            "visit_sd": .number(visitSD), "site_effects_points": JSONValue(siteEffects), "lot_effect_points": 0,
            "dropout_per_visit": .number(dropout.always),
            "dropout_besides_where_change_above_2": .number(dropout.besides),
            "uptake_dln_per_year_control": .number(uptake.controlPerYear),
            "uptake_dln_graft_at_24_months": .number(uptake.graftAtTwoYears),
            "uptake_dln_graft_sd": .number(uptake.sdOfGraft), "uptake_wcv": .number(uptake.wCV),
        ]
    }
}

extension SlopePhantomSettings {
    /// What the trial's tables should show.
    public var truth: JSONValue {
        [
            "disease": "als", "seed": .string("\(seed)"), "patients_per_arm": .integer(patientsPerArm),
            "visit_months": JSONValue(months), "control_slope_per_month": .number(controlSlope),
            "slope_difference_per_month": .number(effect),
            "relative_slowing_percent": .number(-100 * effect / controlSlope), "start_mean": .number(startMean),
            "start_sd": .number(startSD), "slope_sd": .number(slopeSD), "visit_sd": .number(visitSD),
            "dropout_per_visit": .number(dropout),
        ]
    }
}
