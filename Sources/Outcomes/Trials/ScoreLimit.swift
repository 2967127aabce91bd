import Records

/// How large a change of a score must be: beyond its error of measurement to be reliable, beyond what patients notice to
/// be important. For one patient the second is often the smaller, so both are always shown.
public struct ScoreLimit: Sendable, Equatable {
    /// The score as results name it: "mds-updrs/part_3".
    public var score: String
    /// The smallest change that is an improvement, with its sign; `nil` where not known.
    public var improvement: Double?
    /// The smallest change that is a worsening, with its sign.
    public var worsening: Double?
    /// The standard error of one measurement, in the score's unit.
    public var standardError: Double?
    /// Where the numbers are from.
    public var source: String
    /// Whether the source was seen ("published"), is from memory ("unverified") or is a proposal ("proposed").
    public var status: String

    /// Reads one entry of `limits`; problems are noted.
    init?(_ node: StudyNode) {
        (score, source, status) = ("", "", "")
        let keys = ["score", "improvement", "worsening", "sem", "source", "status", "note"]
        for (key, value) in node.members(allowing: keys) where !value.isNull {
            switch key {
            case "score": score = value.text ?? ""
            case "improvement": improvement = value.number
            case "worsening": worsening = value.number
            case "sem":
                standardError = value.number
                if let standardError, standardError <= 0 { value.problem("is not positive") }
            case "source": source = value.text ?? ""
            case "status": status = value.text ?? ""
            default: break
            }
        }
        if score.isEmpty || source.isEmpty { node.problem("needs a score and the source of its numbers") }
        if !["published", "unverified", "proposed"].contains(status) {
            node.problem("needs a status: published, unverified or proposed")
        }
        if let improvement, let worsening, (improvement < 0) == (worsening < 0) {
            node.problem("has an improvement and a worsening of the same sign")
        }
    }
}
