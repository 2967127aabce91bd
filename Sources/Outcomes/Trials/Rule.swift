import Records

/// A condition on a subject's fields, in a small language that always ends with yes, no or unknown.
///
/// `age_years >= 60 and age_years <= 85`, `dialysis in {hemo, peritoneal}`, `allergies has {penicillin, streptomycin}`,
/// `malignancy_last_date within 5 years of screening_date and not (malignancy_type in {bcc_cured, in_situ})`. A field that is
/// not given makes what depends on it unknown; a date known to the month is all its days. Types are checked when the
/// study is read, so that no rule can fail on a subject.
public indirect enum Rule: Sendable, Equatable {
    case all([Rule])
    case any([Rule])
    case not(Rule)
    case isTrue(String)
    case compare(Operand, Comparison, Operand)
    case oneOf(String, [String])
    case has(String, [String])
    case within(String, Int, Period, of: String)

    /// One side of a comparison.
    public enum Operand: Sendable, Equatable {
        case field(String)
        case literal(FieldValue)
    }

    /// The comparisons.
    public enum Comparison: String, Sendable, CaseIterable {
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case equal = "=="
        case notEqual = "!="
        case less = "<"
        case greater = ">"
    }

    /// The units of "within".
    public enum Period: String, Sendable { case days, months, years }
}

extension Rule {
    /// The names of the fields it reads, in the order they stand.
    public var fields: [String] {
        var names: [String] = []
        func add(_ name: String) { if !names.contains(name) { names.append(name) } }
        func visit(_ rule: Rule) {
            switch rule {
            case .all(let parts), .any(let parts): parts.forEach(visit)
            case .not(let part): visit(part)
            case .isTrue(let name), .oneOf(let name, _), .has(let name, _): add(name)
            case .compare(let left, _, let right):
                for case .field(let name) in [left, right] { add(name) }
            case .within(let name, _, _, let anchor): [name, anchor].forEach(add)
            }
        }
        visit(self)
        return names
    }

    /// Whether the rule holds, given what is known.
    public func holds(_ value: (String) -> FieldValue) -> Truth {
        switch self {
        case .all(let parts): return parts.reduce(.yes) { $0 && $1.holds(value) }
        case .any(let parts): return parts.reduce(.no) { $0 || $1.holds(value) }
        case .not(let part): return !part.holds(value)
        case .isTrue(let name):
            if case .truth(let known) = value(name) { return Truth(known) }
            return .unknown
        case .oneOf(let name, let words):
            if case .word(let word) = value(name) { return Truth(words.contains(word)) }
            return .unknown
        case .has(let name, let words):
            if case .list(let given) = value(name) { return Truth(given.contains { words.contains($0) }) }
            return .unknown
        case .within(let name, let count, let period, let anchor):
            return Self.within(value(name), count, period, value(anchor))
        case .compare(let left, let comparison, let right):
            func known(_ operand: Operand) -> FieldValue {
                switch operand {
                case .field(let name): value(name)
                case .literal(let value): value
                }
            }
            return Self.compare(known(left), comparison, known(right))
        }
    }

    /// Whether an event lies less than a time before an anchor: after the same day so long before; that day is outside.
    private static func within(
        _ event: FieldValue, _ count: Int, _ period: Period, _ anchor: FieldValue
    ) -> Truth {
        if case .never = event { return .no }
        guard case .date(let date) = event, case .date(let end) = anchor else { return .unknown }
        func start(_ day: CalendarDate) -> CalendarDate {
            switch period {
            case .days: CalendarDate(dayNumber: day.dayNumber - count)
            case .months: day.earlier(byMonths: count)
            case .years: day.earlier(byMonths: 12 * count)
            }
        }
        if date.earliest > start(end.latest) { return .yes }
        return date.latest <= start(end.earliest) ? .no : .unknown
    }

    private static func compare(_ left: FieldValue, _ comparison: Comparison, _ right: FieldValue) -> Truth {
        if case .word(let a) = left, case .word(let b) = right { return equality(a == b, comparison) }
        if case .truth(let a) = left, case .truth(let b) = right { return equality(a == b, comparison) }
        guard let a = left.range, let b = right.range else { return .unknown }
        return compare(a, comparison, b)
    }

    private static func equality(_ same: Bool, _ comparison: Comparison) -> Truth {
        comparison == .equal ? Truth(same) : comparison == .notEqual ? Truth(!same) : .unknown
    }

    /// Compares all that two numbers can be; unknown where some of it holds and some does not.
    private static func compare(
        _ a: ClosedRange<Double>, _ comparison: Comparison, _ b: ClosedRange<Double>
    ) -> Truth {
        switch comparison {
        case .less: a.upperBound < b.lowerBound ? .yes : a.lowerBound >= b.upperBound ? .no : .unknown
        case .lessOrEqual: a.upperBound <= b.lowerBound ? .yes : a.lowerBound > b.upperBound ? .no : .unknown
        case .greater: compare(b, .less, a)
        case .greaterOrEqual: compare(b, .lessOrEqual, a)
        case .equal:
            !a.overlaps(b)
                ? .no : a.lowerBound == a.upperBound && b.lowerBound == b.upperBound ? .yes : .unknown
        case .notEqual: !compare(a, .equal, b)
        }
    }
}

extension FieldValue {
    /// The value as a range of numbers; dates are day numbers.
    fileprivate var range: ClosedRange<Double>? {
        switch self {
        case .number(let range): range
        case .date(let date): Double(date.earliest.dayNumber)...Double(date.latest.dayNumber)
        default: nil
        }
    }
}
