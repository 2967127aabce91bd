import Records

/// One line of a medication table.
public struct Medication: Sendable, Equatable {
    /// The study's code.
    public var code: String
    /// From this day; `nil` for always.
    public var start: CalendarDate?
    /// Through this day; `nil` for on and on.
    public var stop: CalendarDate?
    /// The drug as LEDD tables name it.
    public var drug: String
    /// mg a day.
    public var mgPerDay: Double
    /// Whether it is taken only where needed, and does not count.
    public var asNeeded: Bool
    /// The line of the table.
    public var line: Int

    /// Whether it is taken on a day.
    public func isTaken(on day: CalendarDate?) -> Bool {
        guard let day else { return true }
        return (start.map { $0 <= day } ?? true) && (stop.map { day <= $0 } ?? true)
    }
}

extension Medication {
    /// Reads a medication table: code, start, stop, drug, form, dose_mg, times_per_day, prn; every fault at once.
    public static func read(_ path: String, today: CalendarDate = .today) throws -> (
        all: [Medication], warnings: [String]
    ) {
        var problems = TableProblems()
        var all: [Medication] = []
        try TableFile.read(path, needs: ["drug", "dose_mg"], problems: &problems) { header, _ in
            { line, problems in
                func day(_ column: String, _ problems: inout TableProblems) -> CalendarDate? {
                    let text = line[header[column]]
                    if text.isEmpty { return nil }
                    guard let day = PartialDate(text)?.day else {
                        problems.add(line.number, column, "\"\(text)\" is no date such as 2025-10-01")
                        return nil
                    }
                    return day
                }
                func number(_ column: String, _ standard: Double, _ problems: inout TableProblems) -> Double {
                    let text = line[header[column]]
                    if text.isEmpty, header[column] == nil { return standard }
                    guard let number = TableLine.number(text, decimalComma: line.decimalComma),
                        (0...100_000).contains(number)
                    else {
                        problems.add(line.number, column, "\"\(text)\" is no number from 0 to 100000")
                        return 0
                    }
                    return number
                }
                if header["code"] != nil, line[header["code"]].isEmpty {
                    problems.add(line.number, "code", "the subject has no code")
                }
                let (start, stop) = (day("start", &problems), day("stop", &problems))
                if let start, let stop, stop < start {
                    problems.add(line.number, "stop", "\(stop) lies before the start on \(start)")
                }
                if let start, start > today {
                    problems.add(line.number, "start", "\(start) lies in the future; today is \(today)")
                }
                let prn = line[header["prn"]].lowercased()
                if !["", "yes", "no", "true", "false", "1", "0"].contains(prn) {
                    problems.add(line.number, "prn", "\"\(prn)\" is neither yes nor no")
                }
                let drug = line[header["drug"]].lowercased()
                if drug.isEmpty { problems.add(line.number, "drug", "the drug is missing") }
                let form = line[header["form"]].lowercased()
                all.append(
                    Medication(
                        code: line[header["code"]], start: start, stop: stop,
                        drug: form.isEmpty ? drug : "\(drug)_\(form)",
                        mgPerDay: number("dose_mg", 0, &problems) * number("times_per_day", 1, &problems),
                        asNeeded: ["yes", "true", "1"].contains(prn), line: line.number))
            }
        }
        try problems.throwIfAny(path)
        return (all, overlaps(all))
    }

    /// The same drug twice at the same time: two doses a day may be meant, or a row that was not ended.
    private static func overlaps(_ all: [Medication]) -> [String] {
        var warnings: [String] = []
        var byDrug: [String: [Medication]] = [:]
        for row in all where !row.asNeeded { byDrug["\(row.code)\t\(row.drug)", default: []].append(row) }
        for rows in byDrug.values where rows.count > 1 {
            let ordered = rows.sorted { ($0.start?.dayNumber ?? Int.min) < ($1.start?.dayNumber ?? Int.min) }
            for (first, second) in zip(ordered, ordered.dropFirst()) where second.isTaken(on: second.start) {
                let ends = first.stop?.dayNumber ?? Int.max
                if ends >= second.start?.dayNumber ?? Int.min {
                    warnings.append("lines \(first.line) and \(second.line): \(second.drug) overlaps; both doses count")
                }
            }
        }
        return warnings.sorted()
    }
}

extension LEDD {
    /// The equivalents of every patient at every day on which something changes, or at one day.
    static func scores(
        _ all: [Medication], on day: CalendarDate?, table: LEDDTable
    ) -> (scores: [Score], warnings: [String]) {
        var byCode: [String: [Medication]] = [:]
        for row in all { byCode[row.code, default: []].append(row) }
        var scores: [Score] = []
        var warnings: [String] = []
        for (code, rows) in byCode.sorted(by: { $0.key < $1.key }) {
            let changes = Set(
                rows.compactMap(\.start) + rows.compactMap { $0.stop.map { CalendarDate(dayNumber: $0.dayNumber + 1) } }
            )
            let days: [CalendarDate?] = day.map { [$0] } ?? (changes.isEmpty ? [nil] : changes.sorted().map { $0 })
            for day in days {
                let taken = rows.filter { $0.isTaken(on: day) && !$0.asNeeded }
                let ledd = LEDD(of: taken.map { ($0.drug, $0.mgPerDay) }, table: table)
                warnings += ledd.warnings.map { (code.isEmpty ? "" : "\(code): ") + $0 }
                let parts: [(String, Double)] = [
                    ("ledd_mg", ledd.total), ("levodopa_mg", ledd.levodopa), ("comt_mg", ledd.comt),
                    ("istradefylline_mg", ledd.share), ("other_mg", ledd.other), ("fixed_mg", ledd.fixed),
                ]
                for (name, value) in parts {
                    var score = Score(
                        code: code, visit: nil, date: day, name: name, value: value,
                        missing: name == "ledd_mg" ? ledd.unresolved : [], rule: "\(table.name), unverified")
                    if name == "ledd_mg", !ledd.unresolved.isEmpty { score.label = "partial" }
                    scores.append(score)
                }
            }
        }
        return (scores, Array(Set(warnings)).sorted())
    }
}
