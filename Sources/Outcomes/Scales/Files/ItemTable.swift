import Records

/// Reads tables of items, one row each: code, visit_month, date, scale, version, state, minutes_since_levodopa, item, value.
///
/// Memory grows with the patients, not with the rows; every fault is found in one pass, before any number is given.
public enum ItemTable {
    /// What a table held.
    public struct Content: Sendable {
        /// Assessments in order of code, visit and state.
        public var assessments: [Assessment]
        /// What was doubtful.
        public var warnings: [String]
    }

    /// Reads the rows of one scale; rows of others are passed over.
    public static func read(_ path: String, scale: ItemScale, options: ItemTableOptions = .init()) throws -> Content {
        var problems = TableProblems()
        let collector = ItemCollector(scale, options)
        try TableFile.read(path, needs: ["item"], problems: &problems) { header, problems in
            guard header.any("value", "score") != nil else {
                problems.add(1, nil, "the table needs a column value")
                return { _, _ in }
            }
            if scale.states.contains(.needed), header["state"] == nil {
                problems.add(1, nil, "the table needs a column state; OFF and ON are never pooled")
                return { _, _ in }
            }
            collector.begin(header)
            return { line, problems in collector.take(line, &problems) }
        }
        try problems.throwIfAny(path)
        if collector.assessments.isEmpty {
            throw FileProblem(path, .badData, "the table has no rows of the scale \(scale.id)")
        }
        return Content(assessments: collector.sorted, warnings: collector.warnings)
    }
}

/// Puts rows to the assessments they belong to.
private final class ItemCollector {
    private let scale: ItemScale
    private let options: ItemTableOptions
    private(set) var assessments: [Assessment] = []
    private(set) var warnings: [String] = []
    private var groups: [Key: Int] = [:]
    private var last: (key: Key, group: Int)?
    private var columns = Columns()
    private var lastScale = (name: "", isOurs: true)

    private struct Key: Hashable {
        var code: String
        var visit: Double
        var state: MedicationState
    }

    private struct Columns {
        var code, visit, date, scale, version, state, minutes, item, value: Int?
    }

    init(_ scale: ItemScale, _ options: ItemTableOptions) { (self.scale, self.options) = (scale, options) }

    var sorted: [Assessment] {
        assessments.sorted { ($0.code, $0.visit, $0.state.rawValue) < ($1.code, $1.visit, $1.state.rawValue) }
    }

    func begin(_ header: TableHeader) {
        columns = Columns(
            code: header["code"], visit: header.any("visit_month", "visit"), date: header["date"],
            scale: header["scale"],
            version: header["version"], state: header["state"], minutes: header["minutes_since_levodopa"],
            item: header["item"], value: header.any("value", "score"))
    }

    func take(_ line: TableLine, _ problems: inout TableProblems) {
        let scaleName = line[columns.scale]
        if scaleName != lastScale.name { lastScale = (scaleName, scaleName.isEmpty || scale.isNamed(scaleName)) }
        if !lastScale.isOurs {
            if !["diary", "ledd", "pet"].contains(scaleName.lowercased()), ItemScale.named(scaleName) == nil {
                problems.add(line.number, "scale", "there is no scale \"\(scaleName)\"")
            }
            return
        }
        if columns.code != nil, line[columns.code].isEmpty {
            problems.add(line.number, "code", "the subject has no code")
        }
        let code = line[columns.item]
        guard let place = scale.place(code) else {
            problems.add(line.number, "item", "\(scale.id) has no item \"\(code)\"")
            return
        }
        guard let key = key(line, place, &problems) else { return }
        let reason = Self.reason(line[columns.value])
        let value = reason == nil ? value(line, place, &problems) : nil
        let group = group(of: key, line, &problems)
        if let reason { assessments[group].reasons[place] = reason }
        if assessments[group].isSeen[place] {
            let state = key.state == .none ? "" : " \(key.state.rawValue.uppercased())"
            problems.add(
                line.number, "item",
                "item \(scale.items[place]) of \(key.code.isEmpty ? "the patient" : key.code) at month "
                    + "\(significant(key.visit, 4))\(state) stands twice")
        }
        assessments[group].isSeen[place] = true
        if let value { assessments[group].values[place] = value }
    }

    private func key(_ line: TableLine, _ place: Int, _ problems: inout TableProblems) -> Key? {
        var visit = 0.0
        let text = line[columns.visit]
        if !text.isEmpty {
            guard let month = TableLine.number(text, decimalComma: line.decimalComma), (-120...1200).contains(month)
            else {
                problems.add(line.number, "visit_month", "\"\(text)\" is no month")
                return nil
            }
            visit = month
        } else if columns.visit != nil {
            problems.add(line.number, "visit_month", "the month is missing")
            return nil
        }
        let stateText = line[columns.state].lowercased()
        guard let state = stateText.isEmpty ? MedicationState.none : MedicationState(rawValue: stateText) else {
            problems.add(line.number, "state", "\"\(stateText)\" is none of off, on, na")
            return nil
        }
        switch scale.states[place] {
        case .ignored: return Key(code: line[columns.code], visit: visit, state: .none)
        case .kept: return Key(code: line[columns.code], visit: visit, state: state)
        case .needed:
            if state == .none {
                problems.add(line.number, "state", "item \(scale.items[place]) needs the state off or on")
                return nil
            }
            return Key(code: line[columns.code], visit: visit, state: state)
        }
    }

    /// Why a value is missing, where the field says so.
    private static func reason(_ text: String) -> String? {
        guard let first = text.utf8.first, first >= 0x41 else { return nil }
        let word = text.lowercased()
        return Assessment.missingReasons.contains(word) ? word : nil
    }

    /// The value of an item; `nil` where missing or wrong.
    private func value(_ line: TableLine, _ place: Int, _ problems: inout TableProblems) -> Double? {
        let text = line[columns.value]
        if text.isEmpty { return nil }
        let number = TableLine.number(text, decimalComma: line.decimalComma)
        switch scale.allowed[place] {
        case .whole(let range):
            if let number, let whole = Int(exactly: number), range.contains(whole) { return number }
            problems.add(
                line.number, "value",
                "\"\(text)\" of item \(scale.items[place]) is no whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        case .oneOf(let values):
            if let number, values.contains(number) { return number }
            let list = values.map { significant($0, 3) }.joined(separator: ", ")
            problems.add(line.number, "value", "\"\(text)\" of item \(scale.items[place]) is none of \(list)")
        case .number(let range, let orUnable):
            if orUnable, text.lowercased() == "unable" { return .infinity }
            if let number, range.contains(number) { return number }
            problems.add(
                line.number, "value",
                "\"\(text)\" of item \(scale.items[place]) is no number from \(significant(range.lowerBound, 6)) to "
                    + significant(range.upperBound, 6) + (orUnable ? " or the word unable" : ""))
        }
        return nil
    }

    private func group(of key: Key, _ line: TableLine, _ problems: inout TableProblems) -> Int {
        if let last, last.key == key { return last.group }
        if let group = groups[key] {
            last = (key, group)
            return group
        }
        let count = scale.items.count
        var assessment = Assessment(
            code: key.code, visit: key.visit, state: key.state, date: nil, minutesSinceLevodopa: nil,
            version: line[columns.version].lowercased(), line: line.number,
            values: Array(repeating: .nan, count: count), isSeen: Array(repeating: false, count: count))
        let date = line[columns.date]
        if !date.isEmpty {
            assessment.date = PartialDate(date)?.day
            if assessment.date == nil { problems.add(line.number, "date", "\"\(date)\" is no date such as 2025-10-01") }
            if let day = assessment.date, day > options.today {
                problems.add(line.number, "date", "\(day) lies in the future; today is \(options.today)")
            }
        }
        let minutes = line[columns.minutes]
        if !minutes.isEmpty {
            assessment.minutesSinceLevodopa = TableLine.number(minutes, decimalComma: line.decimalComma)
            if assessment.minutesSinceLevodopa.map({ $0 < 0 }) ?? true {
                problems.add(line.number, "minutes_since_levodopa", "\"\(minutes)\" is no count of minutes")
            }
        }
        if key.state == .off { check(off: assessment, &problems) }
        groups[key] = assessments.count
        assessments.append(assessment)
        last = (key, assessments.count - 1)
        return assessments.count - 1
    }

    private func check(off: Assessment, _ problems: inout TableProblems) {
        let hours = significant(options.offHours, 3)
        if let minutes = off.minutesSinceLevodopa, minutes < 60 * options.offHours {
            problems.add(
                off.line, "minutes_since_levodopa",
                "an OFF rating \(fixed(minutes / 60, 1)) h after levodopa; at least \(hours) h are asked for (--off-hours)"
            )
        } else if off.minutesSinceLevodopa == nil, warnings.count < 100 {
            warnings.append(
                "line \(off.line): an OFF rating without minutes_since_levodopa; \(hours) h cannot be checked")
        }
    }
}
