/// A unit of time in a file of curves or blood.
public enum TimeUnit: String, Sendable, CaseIterable {
    case milliseconds = "ms"
    case seconds = "s"
    case minutes = "min"
    case hours = "h"

    /// The unit of a word: "s", "sec", "seconds", "min", "minutes" …; `nil` for any other.
    public init?(named text: some StringProtocol) {
        switch text.lowercased() {
        case "ms", "msec", "milliseconds": self = .milliseconds
        case "s", "sec", "secs", "second", "seconds": self = .seconds
        case "min", "mins", "minute", "minutes": self = .minutes
        case "h", "hour", "hours": self = .hours
        default: return nil
        }
    }

    /// Its length, s.
    public var seconds: Double {
        switch self {
        case .milliseconds: 1e-3
        case .seconds: 1
        case .minutes: 60
        case .hours: 3600
        }
    }
}

/// A column's name and the unit written into it: `start[seconds]`, `Activity (kBq/ml)`, `frame_start_min`.
struct ColumnTitle: Equatable {
    /// The name as the file has it, without the unit.
    let name: String
    /// The unit in brackets, or a unit of time behind an underscore; `nil` where there is none.
    let unit: String?
    /// The name in lower case, letters and digits only.
    let key: String

    init(_ text: String) {
        var (name, unit) = (Substring(text), Substring?.none)
        for (open, close) in [("[", "]"), ("(", ")")] as [(Character, Character)] {
            if unit == nil, name.last == close, let start = name.lastIndex(of: open), start > name.startIndex {
                unit = name[name.index(after: start)...].dropLast()
                name = name[..<start]
            }
        }
        if unit == nil, let underscore = name.lastIndex(of: "_"), underscore > name.startIndex,
            TimeUnit(named: name[name.index(after: underscore)...]) != nil
        {
            unit = name[name.index(after: underscore)...]
            name = name[..<underscore]
        }
        while name.last?.isWhitespace == true { name.removeLast() }
        self.name = String(name)
        self.unit = unit.map(String.init)
        key = name.lowercased().filter { $0.isLetter || $0.isNumber }
    }
}
