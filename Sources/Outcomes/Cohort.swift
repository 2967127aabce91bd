/// A trial's patients side by side: what a cohort page draws and counts.
///
/// Plain numbers, one row a patient and visit, made by a study run or by hand. Codes are the study's; nothing here
/// identifies a person. What does not exist is `nil`, and the visit says why in `missing`.
public struct Cohort: Sendable, Equatable {
    /// What the study is called: its identifier.
    public var study: String
    /// The primary uptake in words with its measure: "SBR of the posterior putamen".
    public var uptakeLabel: String
    /// Its unit; empty for a ratio.
    public var uptakeUnit: String
    /// The change of ln uptake that 95 % of unchanged patients stay within; `nil` without a repeatability.
    public var uptakeLimitLn: Double?
    /// Where that limit is from.
    public var uptakeLimitSource: String?
    /// The change of MDS-UPDRS III OFF beyond measurement error (SDC95), points; `nil` where unknown.
    public var motorReliable: Double?
    /// The change of MDS-UPDRS III OFF that matters to patients (MCID), points; `nil` where unknown.
    public var motorImportant: Double?
    /// Days after treatment in which a toxicity limits the dose; `nil` where the study has no such window.
    public var toxicityWindowDays: Double?
    /// The patients, in the order of their codes.
    public var patients: [Patient]

    /// A cohort.
    public init(
        study: String, uptakeLabel: String, uptakeUnit: String = "", uptakeLimitLn: Double? = nil,
        uptakeLimitSource: String? = nil, motorReliable: Double? = nil, motorImportant: Double? = nil,
        toxicityWindowDays: Double? = nil, patients: [Patient]
    ) {
        (self.study, self.uptakeLabel, self.uptakeUnit) = (study, uptakeLabel, uptakeUnit)
        (self.uptakeLimitLn, self.uptakeLimitSource) = (uptakeLimitLn, uptakeLimitSource)
        (self.motorReliable, self.motorImportant) = (motorReliable, motorImportant)
        (self.toxicityWindowDays, self.patients) = (toxicityWindowDays, patients)
    }

    /// A patient of the trial.
    public struct Patient: Sendable, Equatable {
        /// The study's code.
        public var code: String
        /// Arm, site, cell lot and dose level in the study's words; `nil` where blinded or not said.
        public var arm, site, lot, doseLevel: String?
        /// Visits in order of time, missed ones too.
        public var visits: [Visit]
        /// What happened, in order of time.
        public var events: [Event]

        /// A patient.
        public init(
            code: String, arm: String? = nil, site: String? = nil, lot: String? = nil, doseLevel: String? = nil,
            visits: [Visit], events: [Event] = []
        ) {
            (self.code, self.arm, self.site, self.lot, self.doseLevel) = (code, arm, site, lot, doseLevel)
            (self.visits, self.events) = (visits, events)
        }
    }

    /// One visit of a patient.
    public struct Visit: Sendable, Equatable {
        /// Its name in the study.
        public var name: String
        /// Months since the first visit.
        public var months: Double
        /// The primary uptake; `nil` where there was no scan.
        public var uptake: PrimaryUptake?
        /// MDS-UPDRS III in OFF; `nil` where there was no exam.
        public var motorOff: MotorOff?
        /// Why something is not there, one sentence each.
        public var missing: [String]

        /// A visit.
        public init(
            name: String, months: Double, uptake: PrimaryUptake? = nil, motorOff: MotorOff? = nil,
            missing: [String] = []
        ) {
            (self.name, self.months, self.uptake) = (name, months, uptake)
            (self.motorOff, self.missing) = (motorOff, missing)
        }
    }

    /// Uptake of the primary region, both sides, and its change since the first visit.
    public struct PrimaryUptake: Sendable, Equatable {
        /// The value in the cohort's measure; `nil` where the scan cannot be measured.
        public var value: Double?
        /// Its standard error; `nil` where unknown.
        public var standardError: Double?
        /// ln value − ln of the first visit's; `nil` at the first visit and where either has no logarithm.
        public var dln: Double?
        /// The SD of `dln` if nothing changed; `nil` without a repeatability.
        public var sigma: Double?
        /// How the change compares with its error; `nil` at the first visit and without a repeatability.
        public var flag: PETClass?

        /// A value.
        public init(
            value: Double?, standardError: Double? = nil, dln: Double? = nil, sigma: Double? = nil,
            flag: PETClass? = nil
        ) {
            (self.value, self.standardError, self.dln) = (value, standardError, dln)
            (self.sigma, self.flag) = (sigma, flag)
        }
    }

    /// MDS-UPDRS part III in OFF, and its change since the first visit.
    public struct MotorOff: Sendable, Equatable {
        /// The sum, 0-132; `nil` where an item is missing.
        public var total: Double?
        /// The sum minus that of the first visit: negative is better; `nil` at the first visit or where either is missing.
        public var change: Double?
        /// Whether the change is beyond measurement error, and whether it is large enough to matter; `nil` where unknown.
        public var isReliable, isImportant: Bool?

        /// A score.
        public init(
            total: Double?, change: Double? = nil, isReliable: Bool? = nil, isImportant: Bool? = nil
        ) {
            (self.total, self.change) = (total, change)
            (self.isReliable, self.isImportant) = (isReliable, isImportant)
        }
    }

    /// An adverse event.
    public struct Event: Sendable, Equatable {
        /// What it was, in the study's term.
        public var term: String
        /// Its CTCAE grade, 1-5; `nil` where not graded.
        public var grade: Int?
        /// Days after treatment.
        public var day: Double
        /// Whether the study counts it as limiting the dose.
        public var isDoseLimiting: Bool

        /// An event.
        public init(term: String, grade: Int?, day: Double, isDoseLimiting: Bool = false) {
            (self.term, self.grade, self.day, self.isDoseLimiting) = (term, grade, day, isDoseLimiting)
        }
    }
}

extension Cohort {
    /// Arms in the order of their first patient; "not said" for patients without one.
    public var arms: [String] {
        var found: [String] = []
        for patient in patients where !found.contains(patient.armName) { found.append(patient.armName) }
        return found
    }
}

extension Cohort.Patient {
    /// The arm, or that it is not said.
    public var armName: String { arm ?? "arm not said" }

    /// The last visit with a change of uptake that can be read.
    public var lastReadable: Cohort.Visit? {
        visits.last { $0.uptake?.dln != nil && $0.uptake?.flag != .unreadable }
    }
}
