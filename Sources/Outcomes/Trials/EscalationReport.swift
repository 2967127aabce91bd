import Records

/// The state of a dose escalation and the behaviour of its design, as JSON and for a person.
public struct EscalationReport: Sendable {
    /// The study.
    public var study: Study
    /// The state; `nil` where no events were given.
    public var state: EscalationState?
    /// The design's behaviour, one entry a variant.
    public var characteristics: [OperatingCharacteristics]

    /// A report.
    public init(study: Study, state: EscalationState?, characteristics: [OperatingCharacteristics]) {
        (self.study, self.state, self.characteristics) = (study, state, characteristics)
    }

    private var seeksFeasible: Bool { study.escalation?.seeksFeasible ?? false }

    /// The highest tolerated level; "not reached" where the highest level of a search for the feasible dose was tolerated,
    /// "none in range" where the lowest was not.
    public var mtd: String? {
        guard let state, let mtd = state.mtd else { return nil }
        if mtd == 0 { return "none in range" }
        return seeksFeasible && mtd == state.levels.count ? "not reached" : state.levels[mtd - 1].id
    }

    /// The highest feasible level; `nil` while the trial goes on, and where no level is tolerated.
    public var mfd: String? {
        guard let state, let mtd = state.mtd, mtd > 0 else { return nil }
        return state.levels[mtd - 1].id
    }

    /// What is permitted next, as a sentence.
    public var nextSentence: String {
        guard let state else { return "no events were given" }
        switch state.action {
        case .treat(let count, let level): return "treat \(count) more at \(state.levels[level].id)"
        case .finish(let mtd):
            return mtd == 0
                ? "stop: \(state.levels[0].id) is too toxic, there is no tolerated level in range"
                : "stop: \(state.levels[mtd - 1].id) is the highest tolerated level"
        case nil:
            let waits = state.awaited.map { "\($0.code) (\($0.note ?? $0.outcome.rawValue))" }
            return "wait: no decision before the outcome of \(waits.joined(separator: ", "))"
        }
    }

    /// Members of the JSON document.
    public var members: [JSONValue.Member] {
        [
            .init("study", .string(study.id)), .init("state", stateJSON), .init("next", nextJSON),
            .init("mtd", JSONValue(mtd)), .init("mfd", JSONValue(mfd)),
            .init("operating_characteristics", characteristics.isEmpty ? .null : .array(characteristics.map(\.json))),
        ]
    }

    private var nextJSON: JSONValue {
        guard let state else { return .null }
        var (action, level, count): (String, String?, Int?) = ("wait", nil, nil)
        if case .treat(let more, let place) = state.action {
            (action, level, count) = ("treat", state.levels[place].id, more)
        }
        if case .finish = state.action { action = "stop" }
        return [
            "action": .string(action), "level": JSONValue(level), "count": JSONValue(count),
            "reason": .string(nextSentence),
        ]
    }

    private var stateJSON: JSONValue {
        guard let state else { return .null }
        let levels = zip(state.levels, state.counts).enumerated().map { place, level -> JSONValue in
            let here = state.participants.filter { $0.level == place }
            return [
                "level": .string(level.0.id), "evaluable": .integer(level.1.treated), "dlt": .integer(level.1.toxic),
                "awaited": .integer(here.count { $0.outcome == .inWindow || $0.outcome == .pendingAdjudication }),
                "replaced": .integer(here.count { $0.outcome == .replaced }),
                "largest_rate_95": JSONValue(largestRate(toxic: level.1.toxic, of: level.1.treated)),
            ]
        }
        let subjects = state.participants.map { person -> JSONValue in
            [
                "code": .string(person.code), "level": .string(state.levels[person.level].id),
                "infusions": .integer(person.infusions.count), "outcome": .string(person.outcome.rawValue),
                "note": JSONValue(person.note),
            ]
        }
        return ["variant": .string(state.variant.rawValue), "levels": .array(levels), "subjects": .array(subjects)]
    }

    /// The tables.
    public var text: String {
        var text = ""
        if let state {
            var table = TextTable([
                .text(study.id), .number("evaluable"), .number("DLT"), .number("awaited"), .number("replaced"),
                .number("rate still possible"),
            ])
            for (place, level) in state.levels.enumerated() {
                let (count, here) = (state.counts[place], state.participants.filter { $0.level == place })
                let rate = largestRate(toxic: count.toxic, of: count.treated)
                table.add([
                    level.id, "\(count.treated)", "\(count.toxic)",
                    "\(here.count { $0.outcome == .inWindow || $0.outcome == .pendingAdjudication })",
                    "\(here.count { $0.outcome == .replaced })", rate.map { "\(fixed(100 * $0, 1)) %" } ?? "n/a",
                ])
            }
            text += table.text
            let noted = state.participants.filter { $0.note != nil }
            if !noted.isEmpty { text += "\n" }
            for person in noted { text += "  \(person.code): \(person.outcome.rawValue), \(person.note ?? "")\n" }
            text += "\n  next  \(nextSentence)\n  MTD   \(mtd ?? "n/a")\n  MFD   \(mfd ?? "n/a")\n"
            text += "  The rate still possible is the one-sided 95 % limit for the counts.\n"
        }
        if !characteristics.isEmpty { text += (text.isEmpty ? "" : "\n") + characteristicsText }
        return text + "  \(Engraft.researchUse)\n"
    }

    private var characteristicsText: String {
        let names = study.escalation?.levels.used?.map(\.id) ?? []
        var table = TextTable(
            [.text("3+3, exact")] + characteristics.map { .number($0.variant.rawValue) })
        let count = characteristics[0].toxicity.count
        func name(_ level: Int) -> String { names.count == count ? names[level] : "level \(level + 1)" }
        func row(_ title: String, _ value: (OperatingCharacteristics) -> String) {
            table.add([title] + characteristics.map(value))
        }
        row("P(no MTD in range)") { fixed($0.mtd[0].double, 6) }
        for level in 0..<count {
            row("P(MTD = \(name(level))), true rate \(significant(characteristics[0].toxicity[level].double, 6))") {
                fixed($0.mtd[level + 1].double, 6)
            }
        }
        row("expected subjects") { fixed($0.expectedSubjects.double, 6) }
        row("expected DLT") { fixed($0.expectedToxicities.double, 6) }
        row("sum of all probabilities") { $0.total.description }
        return table.text
    }
}

extension OperatingCharacteristics {
    /// The behaviour as JSON; `exact` are the probabilities as fractions.
    var json: JSONValue {
        [
            "variant": .string(variant.rawValue), "p": JSONValue(toxicity.map(\.double)),
            "mtd": .array(
                mtd.enumerated().map { level, value in
                    [
                        "level": .integer(level), "probability": .number(value.double),
                        "exact": .string(value.description),
                    ]
                }),
            "subjects": .array(
                subjects.map { ["n": .integer($0.count), "probability": .number($0.probability.double)] }),
            "expected_subjects": .number(expectedSubjects.double), "expected_dlt": .number(expectedToxicities.double),
            "expected_subjects_per_level": JSONValue(expectedTreated.map(\.double)),
            "expected_dlt_per_level": JSONValue(expectedToxic.map(\.double)), "sum": .string(total.description),
        ]
    }
}
