import Records

/// Whether a subject may take part in a trial, criterion by criterion, each with its reason.
///
/// Nobody is called eligible by data alone: every statement that the protocol asks of an investigator must be signed.
public struct Screening: Sendable, Equatable {
    /// What came out for one subject.
    public enum Verdict: String, Sendable, CaseIterable {
        /// An inclusion criterion does not hold or an exclusion criterion does.
        case ineligible
        /// A field that a rule needs is not given.
        case incomplete
        /// All data are there and allow it; statements are not signed yet.
        case pendingJudgement = "pending-judgement"
        /// All criteria are met and all statements signed.
        case eligible
    }

    /// What came out for one criterion.
    public enum Result: String, Sendable {
        /// The criterion allows taking part.
        case pass
        /// The criterion forbids it.
        case fail
        /// Data are missing.
        case unknown
        /// A statement is not signed yet.
        case pending
    }

    /// A criterion's result and its reason.
    public struct Finding: Sendable, Equatable {
        /// The criterion.
        public var id: String
        /// Its result.
        public var result: Result
        /// Why, in one sentence.
        public var reason: String
    }

    /// The subject.
    public var code: String
    /// The findings, in the order of the study.
    public var findings: [Finding]
    /// Whether an investigator signed any statement; nobody is eligible by data alone.
    public var isSigned: Bool

    /// The verdict that follows from the findings.
    public var verdict: Verdict {
        func has(_ result: Result) -> Bool { findings.contains { $0.result == result } }
        if has(.fail) { return .ineligible }
        if has(.unknown) { return .incomplete }
        return has(.pending) || !isSigned ? .pendingJudgement : .eligible
    }

    /// The criteria with a result.
    public func ids(_ result: Result) -> [String] { findings.filter { $0.result == result }.map(\.id) }
}

extension Screening {
    /// Screens a subject.
    public init(of subject: Subject, for study: Study, attested: [String: Attestation] = [:]) {
        code = subject.code
        isSigned = study.criteria.contains { attested[$0.id] != nil }
        findings = study.criteria.map { Self.finding($0, subject, study, attested[$0.id]) }
    }

    private static func finding(
        _ criterion: Criterion, _ subject: Subject, _ study: Study, _ attestation: Attestation?
    ) -> Finding {
        let data = criterion.rule.map { $0.holds { subject.value($0, in: study) } }
        // An exclusion criterion forbids where it holds, by its data or by the statement; an inclusion one where either does not.
        let wanted: Truth = criterion.isInclusion ? .yes : .no
        let signed = attestation.map { Truth($0.holds) }
        var reasons: [String] = []
        if let rule = criterion.rule, let text = criterion.ruleText, let data {
            reasons.append(reason(rule, text, data, subject, study))
        }
        if let statement = criterion.statement, data == nil || data == wanted || signed == !wanted {
            if let attestation {
                reasons.append("attested \(attestation.holds ? "yes" : "no") on \(attestation.signedAt): \(statement)")
            } else {
                reasons.append("to be attested: \(statement)")
            }
        }
        let fails = data == !wanted || signed == !wanted
        let result: Result =
            fails
            ? .fail : data == .unknown ? .unknown : criterion.kind != .data && attestation == nil ? .pending : .pass
        return Finding(id: criterion.id, result: result, reason: reasons.joined(separator: "; "))
    }

    private static func reason(
        _ rule: Rule, _ text: String, _ data: Truth, _ subject: Subject, _ study: Study
    ) -> String {
        let fields = rule.fields.map { ($0, subject.value($0, in: study)) }
        let known = fields.filter { $0.1 != .unknown }.map { "\($0) is \($1.text)" }
        let missing = fields.filter { $0.1 == .unknown }.map(\.0)
        var parts = known
        if data == .unknown && !missing.isEmpty {
            parts.append("\(missing.joined(separator: " and ")) \(missing.count > 1 ? "are" : "is") not given")
        }
        let verb = data == .yes ? "holds" : data == .no ? "does not hold" : "cannot be decided"
        return (parts.isEmpty ? "" : parts.joined(separator: ", ") + ": ") + "\(text) \(verb)"
    }
}
