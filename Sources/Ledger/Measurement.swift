import Records

/// One value of a patient at a visit, as a study's store keeps it: what was measured where, its error, and from what.
///
/// Nothing in it may identify a person: `code` is the study's code, and visits have names and months, no dates.
public struct Measurement: Sendable, Equatable {
    /// The study's code of the patient.
    public var code: String
    /// The visit's name.
    public var visit: String
    /// What was measured: "sbr", "mds_updrs_3", "tremor_peak_to_peak".
    public var measure: String
    /// The region, task or part of a scale; empty where the measure has none.
    public var region: String
    /// The side of the brain, the sensor's place or the medication state; empty where the measure has none.
    public var site: String
    /// The value in `unit`; `nil` where it could not be measured, with the reason in `flag`.
    public var value: Double?
    /// The unit as UCUM writes it, "1" for a ratio.
    public var unit: String
    /// The standard error, in `unit`; `nil` where not known.
    public var standardError: Double?
    /// The 95 % interval, in `unit`; `nil` where not known.
    public var interval95: Interval95?
    /// What was doubtful, or why there is no value; empty for nothing.
    public var flag: String
    /// How it was measured: "ref-patlak", "rater", "device"; empty where the measure says it.
    public var method: String
    /// SHA-256 of every file the value comes from, 64 lower-case hexadecimal digits each.
    public var inputs: [String]
    /// SHA-256 of the parameters' text; empty where there are none.
    public var parametersSHA256: String

    /// The lower and upper end of a 95 % interval.
    public struct Interval95: Sendable, Equatable {
        /// The lower end.
        public var low: Double
        /// The upper end.
        public var high: Double
        /// An interval.
        public init(low: Double, high: Double) { (self.low, self.high) = (low, high) }
    }

    /// A measurement.
    public init(
        code: String, visit: String, measure: String, region: String = "", site: String = "", value: Double?,
        unit: String, standardError: Double? = nil, interval95: Interval95? = nil, flag: String = "",
        method: String = "", inputs: [String] = [], parametersSHA256: String = ""
    ) {
        (self.code, self.visit, self.measure, self.region, self.site) = (code, visit, measure, region, site)
        (self.value, self.unit, self.standardError, self.interval95) = (value, unit, standardError, interval95)
        (self.flag, self.method, self.inputs, self.parametersSHA256) = (flag, method, inputs, parametersSHA256)
    }
}

extension Measurement {
    /// What is measured, by which a later value is known to replace an earlier one.
    struct Key: Hashable { let code, visit, measure, region, site: String }

    var key: Key { Key(code: code, visit: visit, measure: measure, region: region, site: site) }

    /// The hashes in one text, sorted: the same files in another order are the same inputs.
    var inputText: String { Set(inputs).sorted().joined(separator: " ") }

    /// The value's name for a sentence.
    var title: String {
        [code, visit, measure, region, site].filter { !$0.isEmpty }.joined(separator: " ")
    }
}

/// A patient of a study as the store keeps it.
public struct StudyPatient: Sendable, Equatable {
    /// The study's code.
    public var code: String
    /// The arm; `nil` where it is not said, as in a blinded study. An arm that is known stays.
    public var arm: String?
    /// The trial site; `nil` where it is not said.
    public var site: String?

    /// A patient.
    public init(code: String, arm: String? = nil, site: String? = nil) {
        (self.code, self.arm, self.site) = (code, arm, site)
    }
}

/// A visit of a patient as the store keeps it.
public struct StudyVisit: Sendable, Equatable {
    /// The study's code of the patient.
    public var code: String
    /// The visit's name.
    public var name: String
    /// Months since transplantation or randomisation, as the study counts; 0 and below are before treatment.
    public var months: Double

    /// A visit.
    public init(code: String, name: String, months: Double) {
        (self.code, self.name, self.months) = (code, name, months)
    }
}

/// What one run of a command found, stored together or not at all.
public struct StudyRun: Sendable {
    /// The command, as the store names it: "study run".
    public var command: String
    /// Patients that the run is about.
    public var patients: [StudyPatient]
    /// Their visits.
    public var visits: [StudyVisit]
    /// What was measured.
    public var measurements: [Measurement]

    /// A run.
    public init(
        command: String, patients: [StudyPatient] = [], visits: [StudyVisit] = [], measurements: [Measurement] = []
    ) {
        (self.command, self.patients, self.visits) = (command, patients, visits)
        self.measurements = measurements
    }
}
