import Records

extension EscalationState {
    /// Reads the table of treated subjects and their adverse events, one row each; every problem of it at once.
    ///
    /// - Parameters:
    ///   - asOf: the day whose state is asked for; later dates are refused.
    ///   - windowDays: replaces the study's window.
    public static func read(
        _ path: String, plan: DoseEscalation, variant: DoseEscalation.Variant? = nil, windowDays: Int? = nil,
        asOf: CalendarDate = .today
    ) throws -> EscalationState {
        guard let levels = plan.levels.used, let variant = variant ?? plan.variant.used else {
            throw FileProblem(
                path, .badData, "the study names no levels or no variant under design, so nothing can be decided")
        }
        guard let window = windowDays ?? plan.windowDays.used else {
            throw FileProblem(
                path, .badData,
                "the study has no design.dlt_window_days; take it from the protocol, or give --dlt-window")
        }
        var problems = TableProblems()
        var rows: [EventRow] = []
        try TableFile.read(path, needs: ["code", "level", "infusion_dates", "dlt"], problems: &problems) { header, _ in
            { line, problems in rows.append(EventRow(line, header, levels, asOf, &problems)) }
        }
        var byCode: [String: [EventRow]] = [:]
        for row in rows where !row.code.isEmpty { byCode[row.code, default: []].append(row) }
        for (code, own) in byCode {
            for row in own.dropFirst() {
                if row.level != own[0].level {
                    problems.add(row.line, "level", "\(code) stands at another level in line \(own[0].line)")
                }
                if !row.infusions.isEmpty, row.infusions != own[0].infusions {
                    problems.add(row.line, "infusion_dates", "\(code) has other dates in line \(own[0].line)")
                }
            }
            let first = own[0]
            if let level = first.level, first.infusions.count > levels[level].infusions {
                problems.add(
                    first.line, "infusion_dates",
                    "\(code) has \(first.infusions.count) infusions, but \(levels[level].id) has \(levels[level].infusions)"
                )
            }
        }
        try problems.throwIfAny(path)

        let start = plan.windowFrom.used ?? .lastInfusion
        var state = EscalationState(plan: plan, levels: levels, variant: variant, participants: [], warnings: [])
        for own in byCode.values.sorted(by: {
            ($0[0].infusions.first?.dayNumber ?? 0, $0[0].code) < ($1[0].infusions.first?.dayNumber ?? 0, $1[0].code)
        }) {
            state.add(own, window: window, from: start, asOf: asOf)
        }
        state.note(window: windowDays, variant: variant)
        return state
    }

    /// Says what rests on a proposal of the study file, and what a 3+3 trial would not have done.
    private mutating func note(window: Int?, variant: DoseEscalation.Variant) {
        if window == nil, plan.windowDays.isAssumed {
            warnings.append(
                "the window of \(plan.windowDays.used ?? 0) days is assumed by the study file, not the protocol's")
        }
        if plan.windowFrom.used == nil || plan.windowFrom.isAssumed {
            warnings.append(
                "the window counts from the \(plan.windowFrom.used == .firstInfusion ? "first" : "last") infusion, which is assumed"
            )
        }
        if plan.variant.isAssumed, variant == plan.variant.used {
            warnings.append("the variant \(variant.rawValue) is assumed by the study file, not the protocol's")
        }
        if plan.levels.isAssumed { warnings.append("the levels are assumed by the study file, not the protocol's") }
        let counts = counts
        for (place, level) in levels.enumerated() {
            if counts[place].treated > 6 {
                warnings.append(
                    "\(level.id) has \(counts[place].treated) evaluable subjects; a level of a 3+3 trial holds six")
            }
            let isOpen = participants.contains { $0.level == place }
            if place > 0, isOpen, counts[place - 1].treated < 3 {
                warnings.append("\(level.id) was opened before three at \(levels[place - 1].id) could be evaluated")
            }
        }
    }

    private mutating func add(
        _ rows: [EventRow], window: Int, from start: DoseEscalation.WindowStart, asOf: CalendarDate
    ) {
        guard let first = rows.first, let level = first.level else { return }
        var person = Participant(code: first.code, level: level, infusions: first.infusions, outcome: .inWindow)
        let planned = levels[level].infusions
        let end = (start == .firstInfusion ? first.infusions.first : first.infusions.last).map { $0.dayNumber + window }
        let isOver = first.infusions.count == planned && (end.map { asOf.dayNumber >= $0 } ?? false)
        let unsigned = rows.first { ($0.dlt == .yes || $0.dlt == .no && !$0.term.isEmpty) && !$0.isSigned }
        if let toxic = rows.first(where: { $0.dlt == .yes && $0.isSigned }) {
            person.outcome = .toxic
            if let onset = toxic.onset {
                let before = first.infusions.count { $0 <= onset }
                person.note = "\(toxic.term.isEmpty ? "toxicity" : toxic.term) after infusion \(before) of \(planned)"
                if let end, onset.dayNumber > end {
                    warnings.append(
                        "\(person.code): the onset lies behind the window, but is signed as dose-limiting; it counts")
                }
            }
        } else if let pending = rows.first(where: { $0.dlt == .pending }) {
            person.outcome = .pendingAdjudication
            person.note =
                "\(pending.term.isEmpty ? "an event" : pending.term) is not adjudicated (line \(pending.line))"
        } else if let unsigned {
            person.outcome = .pendingAdjudication
            person.note = "the adjudication is not signed and dated (line \(unsigned.line))"
        } else if isOver {
            person.outcome = .tolerated
        } else if let left = rows.compactMap(\.withdrawal).first {
            person.outcome = .replaced
            person.note = "left on \(left) without a toxicity"
        } else if first.infusions.count < planned {
            person.note = "\(first.infusions.count) of \(planned) infusions"
        } else if let end {
            person.note = "until \(CalendarDate(dayNumber: end))"
        }
        participants.append(person)
    }
}

/// One row of the table of events.
struct EventRow {
    enum Answer: String { case yes, no, pending }

    var line: Int
    var code: String
    var level: Int?
    var infusions: [CalendarDate]
    var term: String
    var onset: CalendarDate?
    var dlt: Answer
    var isSigned: Bool
    var withdrawal: CalendarDate?

    init(
        _ row: TableLine, _ header: TableHeader, _ levels: [DoseEscalation.Level], _ asOf: CalendarDate,
        _ problems: inout TableProblems
    ) {
        func text(_ name: String) -> String { row[header[name]] }
        func day(_ text: String, _ column: String, _ problems: inout TableProblems) -> CalendarDate? {
            if text.isEmpty { return nil }
            guard let day = PartialDate(text)?.day else {
                problems.add(row.number, column, "\"\(text)\" is no date such as 2025-10-01")
                return nil
            }
            if day > asOf { problems.add(row.number, column, "\(day) lies behind \(asOf), the day of this state") }
            return day
        }
        (line, code, term) = (row.number, text("code"), text("ae_term"))
        if code.isEmpty { problems.add(line, "code", "the subject has no code") }
        let name = text("level")
        level = levels.firstIndex { $0.id.lowercased() == name.lowercased() }
        if level == nil, let number = Int(name), levels.indices.contains(number - 1) { level = number - 1 }
        if level == nil {
            problems.add(line, "level", "\"\(name)\" is none of \(levels.map(\.id).joined(separator: ", "))")
        }
        infusions = []
        for part in text("infusion_dates").split(whereSeparator: { " ;|,".contains($0) }) {
            guard let date = day(String(part), "infusion_dates", &problems) else { continue }
            if let last = infusions.last, last >= date {
                problems.add(line, "infusion_dates", "\(date) is not behind \(last)")
            }
            infusions.append(date)
        }
        let grade = text("grade")
        if !grade.isEmpty, Int(grade).map({ (1...5).contains($0) }) != true {
            problems.add(line, "grade", "\"\(grade)\" is no grade from 1 to 5")
        }
        let related = text("related").lowercased()
        if !["", "unrelated", "unlikely", "possibly", "probably", "definitely"].contains(related) {
            problems.add(
                line, "related", "\"\(related)\" is none of unrelated, unlikely, possibly, probably, definitely")
        }
        onset = day(text("onset"), "onset", &problems)
        if let onset, let first = infusions.first, onset < first {
            problems.add(line, "onset", "\(onset) lies before the first infusion")
        }
        withdrawal = day(text("withdrawal_date"), "withdrawal_date", &problems)
        let answer = text("dlt").lowercased()
        dlt = Answer(rawValue: answer) ?? (term.isEmpty ? .no : .pending)
        if !answer.isEmpty, Answer(rawValue: answer) == nil {
            problems.add(line, "dlt", "\"\(answer)\" is none of yes, no, pending")
        }
        isSigned = !text("signed_by").isEmpty && day(text("signed_at"), "signed_at", &problems) != nil
    }
}
