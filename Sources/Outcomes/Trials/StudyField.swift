import Records

/// What a field of the subjects' table holds, as a study declares it.
public struct StudyField: Sendable, Equatable {
    /// The kinds of value a field can have.
    public enum Kind: Sendable, Equatable {
        /// A number, between limits where the study gives them.
        case number(ClosedRange<Double>?)
        /// Yes or no.
        case truth
        /// A date; "never" where the field is one of an event that did not happen.
        case date
        /// One of some words.
        case word([String])
        /// Any of some words, separated by semicolons or blanks; "none" for none of them.
        case list([String])
    }

    /// The name, as rules and the table's header have it.
    public var name: String
    /// What it holds.
    public var kind: Kind

    /// A field.
    public init(_ name: String, _ kind: Kind) { (self.name, self.kind) = (name, kind) }

    /// Fields that every study knows; some are computed where the table has none (`age_years`, `bmi`,
    /// `disease_duration_years`).
    public static let standard: [StudyField] = [
        StudyField("screening_date", .date), StudyField("consent_date", .date), StudyField("birth_date", .date),
        StudyField("diagnosis_date", .date), StudyField("onset_date", .date), StudyField("consent_signed", .truth),
        StudyField("age_years", .number(0...130)), StudyField("disease_duration_years", .number(0...130)),
        StudyField("height_cm", .number(50...250)), StudyField("weight_kg", .number(10...400)),
        StudyField("bmi", .number(5...150)), StudyField("sex", .word(["female", "male"])),
    ]

    /// Columns of a subjects' table that no rule reads.
    public static let administrative = [
        "code", "arm", "surgery_date", "site", "device", "immunosuppression_stop", "birth_year_or_age", "lot",
    ]
}

/// A value of a field for one subject, as far as it is known.
public enum FieldValue: Sendable, Equatable {
    case unknown
    /// A number between two limits, which are the same where it is known.
    case number(ClosedRange<Double>)
    case truth(Bool)
    case date(PartialDate)
    /// The event did not happen.
    case never
    case word(String)
    case list([String])

    /// The value for a person.
    public var text: String {
        switch self {
        case .unknown: "not given"
        case .number(let range):
            range.lowerBound == range.upperBound
                ? significant(range.lowerBound, 6)
                : "\(significant(range.lowerBound, 6)) to \(significant(range.upperBound, 6))"
        case .truth(let value): value ? "yes" : "no"
        case .date(let date): date.description
        case .never: "never"
        case .word(let word): word
        case .list(let words): words.isEmpty ? "none" : words.joined(separator: ", ")
        }
    }
}

extension StudyField {
    /// Reads a field of a table; the error is the sentence that says why it is refused.
    func value(of text: String, decimalComma: Bool) -> Result<FieldValue, FieldProblem> {
        if text.isEmpty || text.lowercased() == "unknown" { return .success(.unknown) }
        let lower = text.lowercased()
        switch kind {
        case .number(let limits):
            guard let number = TableLine.number(text, decimalComma: decimalComma) else {
                return .failure(FieldProblem("\"\(text)\" is no number"))
            }
            if let limits, !limits.contains(number) {
                let (low, high) = (significant(limits.lowerBound, 6), significant(limits.upperBound, 6))
                return .failure(FieldProblem("\(text) is outside \(low) to \(high)"))
            }
            return .success(.number(number...number))
        case .truth:
            if ["yes", "true", "1"].contains(lower) { return .success(.truth(true)) }
            if ["no", "false", "0"].contains(lower) { return .success(.truth(false)) }
            return .failure(FieldProblem("\"\(text)\" is neither yes nor no"))
        case .date:
            if lower == "never" { return .success(.never) }
            guard let date = PartialDate(text) else {
                return .failure(FieldProblem("\"\(text)\" is no date such as 2025-10-01, 2025-10 or 2025"))
            }
            return .success(.date(date))
        case .word(let words):
            guard words.contains(lower) else {
                return .failure(FieldProblem("\"\(text)\" is none of \(words.joined(separator: ", "))"))
            }
            return .success(.word(lower))
        case .list(let words):
            let given = lower.split { $0 == ";" || $0 == " " || $0 == "," }.map(String.init)
            if let odd = given.first(where: { $0 != "none" && !words.contains($0) }) {
                return .failure(FieldProblem("\"\(odd)\" is none of \(words.joined(separator: ", "))"))
            }
            if given.count > 1 && given.contains("none") {
                return .failure(FieldProblem("\"none\" stands beside \(given.filter { $0 != "none" }[0])"))
            }
            return .success(.list(given.filter { $0 != "none" }))
        }
    }
}

/// Why a field is refused, as the end of a sentence.
struct FieldProblem: Error, Equatable {
    var reason: String
    init(_ reason: String) { self.reason = reason }
}
