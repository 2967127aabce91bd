/// A clinical trial as its study file says: who may take part, what is done when, and how it is decided.
///
/// What the protocol has not said has no value; `Stated.assumed` is a proposal beside it, and a result that rests on one
/// says so. The schema is documented in `docs/trials.md`.
public struct Study: Sendable {
    /// The trial's own identifier.
    public var id: String
    /// Its number in a registry.
    public var registry: String?
    /// Its phase, as the protocol writes it.
    public var phase: String?
    /// What is tested.
    public var product: String?
    /// The disease.
    public var condition: String?
    /// From which date the duration of disease counts: "diagnosis_date" or "onset_date".
    public var durationFrom: Stated<String>
    /// The groups.
    public var arms: [Arm]
    /// Months of the visits from day 0.
    public var visitMonths: Stated<[Double]>
    /// How many days a visit may be early or late, by its month.
    public var windowsDays: Stated<[Double: Double]>
    /// What is assessed at which visits.
    public var assessments: [Assessment]
    /// The primary endpoint.
    public var primaryEndpoint: Stated<String>
    /// Fields of the subjects' table, the standard ones too.
    public var fields: [String: StudyField]
    /// Inclusion criteria, then exclusion criteria, in the order of the file.
    public var criteria: [Criterion]
    /// The dose escalation; `nil` for a trial without one.
    public var escalation: DoseEscalation?
    /// Versions of tables and rules, as `ledd: jost2023`.
    public var tables: [String: String]
    /// Errors of measurement and important differences, replacing the built-in ones.
    public var limits: [ScoreLimit]

    /// A group of subjects.
    public struct Arm: Sendable, Equatable {
        /// Its identifier.
        public var id: String
        /// How many subjects are planned.
        public var size: Stated<Int>
    }

    /// What is assessed.
    public struct Assessment: Sendable, Equatable {
        /// Its name.
        public var name: String
        /// Months of the visits.
        public var visits: [Double]
    }
}

/// A value of a protocol, or the proposal that stands in for it.
public struct Stated<Value: Sendable & Equatable>: Sendable, Equatable {
    /// What the protocol says; `nil` where it has not said.
    public var value: Value?
    /// A proposal where it has not said.
    public var assumed: Value?

    /// A value, or a proposal, or neither.
    public init(_ value: Value? = nil, assumed: Value? = nil) { (self.value, self.assumed) = (value, assumed) }

    /// What is reckoned with.
    public var used: Value? { value ?? assumed }
    /// Whether what is reckoned with is a proposal.
    public var isAssumed: Bool { value == nil && assumed != nil }
}

/// A reason for or against taking part.
public struct Criterion: Sendable, Equatable {
    /// Who decides.
    public enum Kind: String, Sendable, CaseIterable {
        /// The rule alone.
        case data
        /// The rule and a signed statement.
        case mixed
        /// A signed statement alone.
        case judgement
    }

    /// Its identifier in the protocol.
    public var id: String
    /// Whether it must hold; else it must not.
    public var isInclusion: Bool
    /// Who decides.
    public var kind: Kind
    /// The rule over the fields; `nil` for a judgement.
    public var rule: Rule?
    /// The rule as the file writes it.
    public var ruleText: String?
    /// What an investigator must state; `nil` for data.
    public var statement: String?
    /// What the source leaves open.
    public var note: String?
}
