import Records

/// Why a run's results are not stored.
public enum StoreProblem: Error, Equatable, CustomStringConvertible {
    case empty(field: String, of: String)
    case notPlain(field: String, text: String)
    case dated(field: String, text: String)
    case notFinite(of: String)
    case badError(of: String)
    case badHash(of: String)
    case noReason(of: String)
    case twice(String)
    case twoSpellings(String)
    case unknownVisit(code: String, visit: String)

    /// One sentence for the person who has the results.
    public var description: String {
        switch self {
        case .empty(let field, let title): "\(title.isEmpty ? "a result" : title) has no \(field)"
        case .notPlain(let field, let text):
            "the \(field) \"\(text.unicodeScalars.map { $0.value < 0x20 ? " " : "\($0)" }.joined())\" holds a line end, a tab or more than 200 bytes"
        case .dated(let field, let text):
            "the \(field) \"\(text)\" looks like a date; a store keeps no dates of patients, only months"
        case .notFinite(let title): "the value of \(title) is not a finite number; leave it out and say why in flag"
        case .badError(let title):
            "the standard error or interval of \(title) is not one: negative, reversed or not finite"
        case .badHash(let title): "an input or parameter hash of \(title) is not 64 hexadecimal digits"
        case .noReason(let title): "\(title) has neither a value nor a flag that says why"
        case .twice(let title): "\(title) stands twice in one run with different values"
        case .twoSpellings(let title): "\(title) is given twice in one run with different facts"
        case .unknownVisit(let code, let visit): "the visit \(visit) of \(code) is not in the store, nor in this run"
        }
    }
}

extension StudyRun {
    /// Throws where something may not be stored; `record` asks this too.
    public func check() throws(StoreProblem) {
        var known: [String: StudyPatient] = [:]
        for patient in patients {
            try Self.check([("code", patient.code)], [("arm", patient.arm ?? ""), ("site", patient.site ?? "")], "")
            if let other = known.updateValue(patient, forKey: patient.code), other != patient {
                throw .twoSpellings(patient.code)
            }
        }
        var months: [[String]: Double] = [:]
        for visit in visits {
            let title = "\(visit.code) \(visit.name)"
            try Self.check([("code", visit.code), ("visit", visit.name)], [], title)
            guard visit.months.isFinite else { throw .notFinite(of: "the months of \(title)") }
            let known = months.updateValue(visit.months, forKey: [visit.code, visit.name])
            if let known, known != visit.months { throw .twoSpellings(title) }
        }
        var seen: [Measurement.Key: Measurement] = [:]
        for measurement in measurements {
            try measurement.check()
            if let known = seen.updateValue(measurement, forKey: measurement.key), known != measurement {
                throw .twice(measurement.title)
            }
        }
    }

    /// Texts that must be there, and texts that may be empty: plain, short and no dates.
    fileprivate static func check(
        _ needed: [(field: String, text: String)], _ optional: [(field: String, text: String)], _ title: String
    ) throws(StoreProblem) {
        for (field, text) in needed where text.isEmpty { throw .empty(field: field, of: title) }
        for (field, text) in needed + optional {
            if text.utf8.count > 200 || text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
                throw .notPlain(field: field, text: text)
            }
            if holdsDate(text) { throw .dated(field: field, text: text) }
        }
    }

    /// Whether a text holds a day as "2024-05-01", "2024/05/01", "01.05.2024" or "20240501".
    static func holdsDate(_ text: String) -> Bool {
        let shapes = Array(
            text.utf8.map { byte -> UInt8 in
                switch byte {
                case 0x30...0x39: 0x39
                case 0x2D, 0x2E, 0x2F: 0x2D
                default: 0x78
                }
            })
        let runs = String(decoding: shapes, as: UTF8.self).split(separator: "x")
        return runs.contains { run in
            if run == "99999999" { return isDay(text) }
            let widths = run.split(separator: "-", omittingEmptySubsequences: false).map(\.count)
            return zip(widths, zip(widths.dropFirst(), widths.dropFirst(2))).contains { first, rest in
                (first == 4 && (1...2).contains(rest.0) && (1...2).contains(rest.1))
                    || ((1...2).contains(first) && (1...2).contains(rest.0) && rest.1 == 4)
            }
        }
    }

    /// Whether the eight digits in a text are a day of 1900 to 2099.
    private static func isDay(_ text: String) -> Bool {
        text.split { !$0.isNumber }.contains { digits in
            guard digits.count == 8, let number = Int(digits) else { return false }
            let (year, month, day) = (number / 10000, number / 100 % 100, number % 100)
            return (1900...2099).contains(year) && CalendarDate(year: year, month: month, day: day) != nil
        }
    }
}

extension Measurement {
    fileprivate func check() throws(StoreProblem) {
        try StudyRun.check(
            [("code", code), ("visit", visit), ("measure", measure), ("unit", unit)],
            [("region", region), ("site", site), ("method", method)], title)
        if flag.utf8.count > 1000 || flag.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            throw .notPlain(field: "flag", text: flag)
        }
        if let value, !value.isFinite { throw .notFinite(of: title) }
        if value == nil, flag.isEmpty { throw .noReason(of: title) }
        if let standardError, !(standardError >= 0 && standardError.isFinite) { throw .badError(of: title) }
        if let ends = interval95, !(ends.low <= ends.high && ends.low.isFinite && ends.high.isFinite) {
            throw .badError(of: title)
        }
        for hash in inputs + (parametersSHA256.isEmpty ? [] : [parametersSHA256]) where !hash.isSHA256 {
            throw .badHash(of: title)
        }
    }
}

extension String {
    /// Whether this is a SHA-256 hash: 64 lower-case hexadecimal digits.
    var isSHA256: Bool {
        utf8.count == 64 && utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
