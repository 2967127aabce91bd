import Records

/// One number of a scale, with what is missing of it, the rule that made it, and its change since baseline.
public struct Score: Sendable, Equatable {
    /// The study's code; empty where the table has one patient.
    public var code: String
    /// Months from day 0; `nil` where the score belongs to a date or to all visits.
    public var visit: Double?
    /// The date; `nil` where not said.
    public var date: CalendarDate?
    /// The medication state; `nil` where none applies.
    public var state: String?
    /// The name, such as "part_3".
    public var name: String
    /// The value; `nil` where it does not exist.
    public var value: Double?
    /// A class, such as "TD"; `nil` where the score has none.
    public var label: String?
    /// What is missing: item codes, or sentences.
    public var missing: [String]
    /// The rule and its version.
    public var rule: String
    /// The sum of the items there are, where a value is prorated or missing; `nil` where it does not apply.
    public var observedSum: Double?
    /// The value and the class at least and at most possible, where items are missing.
    public var possible: String?
    /// How many equal measurements the value is a mean of: the error of measurement falls with its root.
    public var replicates = 1
    /// Whether a difference of two values means something.
    public var hasChange = true

    /// The value at baseline; `nil` for the baseline itself.
    public var baseline: Double?
    /// The change since baseline.
    public var change: Double?
    /// Whether the change is beyond what measurement alone does to one patient in twenty; `nil` where its error is not known.
    public var reliable: Bool?
    /// Whether the change is as large as patients notice; `nil` where that is not known.
    public var important: Bool?
    /// "improvement" or "worsening" of an important change.
    public var direction: String?

    init(
        _ assessment: Assessment, _ name: String, _ value: Double?, state: String? = nil, label: String? = nil,
        missing: [String] = [], rule: String, hasChange: Bool = true
    ) {
        self.init(
            code: assessment.code, visit: assessment.visit, date: assessment.date, name: name, value: value,
            missing: missing, rule: rule)
        (self.state, self.label, self.hasChange) = (state, label, hasChange)
    }

    init(
        code: String, visit: Double?, date: CalendarDate? = nil, name: String, value: Double?, missing: [String] = [],
        rule: String
    ) {
        (self.code, self.visit, self.date, self.name, self.value) = (code, visit, date, name, value)
        (self.missing, self.rule) = (missing, rule)
    }
}

extension Score {
    /// Fills in changes since baseline, and whether they are reliable and important.
    ///
    /// Baseline is the mean of the visits at month 0 and before, the last two where there are more; without one, the first
    /// visit. A change is reliable beyond 1.96 SEM √(1 + 1/n) with n values at baseline [JacobsonTruax1991], important at or
    /// beyond the published difference of its direction.
    static func withChanges(_ scores: [Score], scale: String, limits: [ScoreLimit]) -> [Score] {
        struct Key: Hashable { var code, name, state: String }
        var scores = scores
        var groups: [Key: [Int]] = [:]
        for (place, score) in scores.enumerated() where score.hasChange && score.value != nil && score.visit != nil {
            groups[Key(code: score.code, name: score.name, state: score.state ?? ""), default: []].append(place)
        }
        for (key, places) in groups {
            let ordered = places.sorted { (scores[$0].visit ?? 0) < (scores[$1].visit ?? 0) }
            let before = ordered.filter { (scores[$0].visit ?? 0) <= 0 }.suffix(2)
            let base = before.isEmpty ? ordered.prefix(1) : before[...]
            let values = base.compactMap { scores[$0].value }
            let baseline = values.reduce(0, +) / Double(values.count)
            let limit = limits.last { $0.score == "\(scale)/\(key.name)" }
            let lastBase = base.compactMap { scores[$0].visit }.max() ?? 0
            let baseVariance =
                base.map { 1 / Double(scores[$0].replicates) }.reduce(0, +) / Double(values.count * values.count)
            for place in ordered where (scores[place].visit ?? 0) > lastBase {
                guard let value = scores[place].value else { continue }
                let change = value - baseline
                (scores[place].baseline, scores[place].change) = (baseline, change)
                if let error = limit?.standardError {
                    let spread = error * (baseVariance + 1 / Double(scores[place].replicates)).squareRoot()
                    scores[place].reliable = abs(change) > normalQuantile975 * spread
                }
                if let improvement = limit?.improvement, change / improvement >= 1 {
                    (scores[place].important, scores[place].direction) = (true, "improvement")
                } else if let worsening = limit?.worsening, change / worsening >= 1 {
                    (scores[place].important, scores[place].direction) = (true, "worsening")
                } else if limit?.improvement != nil || limit?.worsening != nil {
                    scores[place].important = false
                }
            }
        }
        return scores
    }
}
