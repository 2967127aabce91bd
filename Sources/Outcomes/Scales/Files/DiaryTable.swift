import Records

/// One day of a home diary: how many half hours in each state [Hauser2004].
public struct DiaryDay: Sendable, Equatable {
    /// What a half hour can be.
    public enum State: String, Sendable, CaseIterable {
        case sleep, off, on
        case nonTroublesome = "on_nontroub"
        case troublesome = "on_troub"
        case missing, double
    }

    /// The study's code.
    public var code: String
    /// Months from day 0.
    public var visit: Double
    /// The day of the visit, from 1.
    public var day: Int
    /// The state of each of 48 half hours; `nil` where there is no row.
    public var slots: [State?]

    /// How many half hours are in a state.
    public func count(_ state: State) -> Int { slots.count { $0 == state } }
    /// How many half hours are missing, marked twice, or have no row.
    public var missing: Int { slots.count { $0 == nil || $0 == .missing || $0 == .double } }
    /// Waking half hours.
    public var awake: Int { 48 - missing - count(.sleep) }
    /// A share of the day as hours of 16; `nil` where nobody was awake.
    public func hours16(_ slots: Int) -> Double? { awake > 0 ? Double(slots) * 16 / Double(awake) : nil }
}

extension DiaryDay {
    /// Reads a diary: code, visit_month, day, slot (0 to 47), state; every fault at once.
    public static func read(_ path: String) throws -> [DiaryDay] {
        var problems = TableProblems()
        var days: [DiaryDay] = []
        struct Key: Hashable { var code: String; var visit: Double; var day: Int }
        var places: [Key: Int] = [:]
        try TableFile.read(path, needs: ["day", "slot", "state"], problems: &problems) { header, _ in
            let (code, visit) = (header["code"], header.any("visit_month", "visit"))
            let columns = (day: header["day"] ?? 0, slot: header["slot"] ?? 0, state: header["state"] ?? 0)
            return { line, problems in
                if code != nil, line[code].isEmpty { problems.add(line.number, "code", "the subject has no code") }
                let month = visit == nil ? 0 : TableLine.number(line[visit], decimalComma: line.decimalComma)
                if month == nil { problems.add(line.number, "visit_month", "\"\(line[visit])\" is no month") }
                let day = Int(line[columns.day]).flatMap { (1...31).contains($0) ? $0 : nil }
                if day == nil { problems.add(line.number, "day", "\"\(line[columns.day])\" is no day from 1 to 31") }
                let slot = Int(line[columns.slot]).flatMap { (0...47).contains($0) ? $0 : nil }
                if slot == nil {
                    problems.add(line.number, "slot", "\"\(line[columns.slot])\" is no half hour from 0 to 47")
                }
                let text = line[columns.state].lowercased()
                let state = text.isEmpty ? State.missing : State(rawValue: text)
                if state == nil {
                    let known = State.allCases.map(\.rawValue).joined(separator: ", ")
                    problems.add(line.number, "state", "\"\(text)\" is none of \(known)")
                }
                guard let month, let day, let slot, let state else { return }
                let key = Key(code: line[code], visit: month, day: day)
                let place = places[key] ?? days.count
                if place == days.count {
                    places[key] = place
                    days.append(
                        DiaryDay(code: key.code, visit: month, day: day, slots: Array(repeating: nil, count: 48)))
                }
                if days[place].slots[slot] != nil {
                    problems.add(
                        line.number, "slot",
                        "half hour \(slot) of day \(day) stands twice; a double mark is the state double")
                }
                days[place].slots[slot] = state
            }
        }
        try problems.throwIfAny(path)
        return days.sorted { ($0.code, $0.visit, $0.day) < ($1.code, $1.visit, $1.day) }
    }
}
