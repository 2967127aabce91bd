import Records

extension Scoring {
    /// Members of the JSON document.
    public var members: [JSONValue.Member] {
        var members: [JSONValue.Member] = [
            .init("scale", .string(scale)), .init("scores", .array(scores.map(\.json))),
            .init("limits", .array(limits.map(\.json))),
        ]
        if let cafs {
            members.append(
                .init(
                    "arms",
                    .array(
                        cafs.arms.map {
                            ["arm": .string($0.arm), "subjects": .integer($0.count), "mean_rank": .number($0.meanRank)]
                        })))
            if cafs.arms.count == 2 {
                let (first, second) = (cafs.arms[0].arm, cafs.arms[1].arm)
                let pairs = cafs.pairs(first, second)
                members.append(
                    .init(
                        "pairs",
                        [
                            "first": .string(first), "second": .string(second), "won": .integer(pairs.won),
                            "lost": .integer(pairs.lost), "tied": .integer(pairs.tied),
                        ]))
            }
        }
        return members
    }

    /// The scores as a table; columns that would be empty are left out.
    public var text: String {
        func month(_ score: Score) -> String {
            score.visit.map { "month \(significant($0, 4))" } ?? score.date?.description ?? "all"
        }
        let columns: [(title: TextTable.Column, field: (Score) -> String)] = [
            (.text("code"), { $0.code }), (.text("visit"), month), (.text("state"), { $0.state?.uppercased() ?? "" }),
            (.text(scale), { $0.name }), (.number("value"), { Self.number($0.value) }),
            (.text("class"), { $0.label ?? "" }),
            (.number("change"), { $0.change.map { Self.signedNumber($0) } ?? "" }),
            (.text("reliable"), { $0.reliable.map { $0 ? "yes" : "no" } ?? ($0.change == nil ? "" : "not known") }),
            (.text("important"), { $0.important.map { $0 ? "yes" : "no" } ?? ($0.change == nil ? "" : "not known") }),
            (.text("direction"), { $0.direction ?? "" }), (.text("missing"), { Self.list($0.missing) }),
        ]
        let shown = columns.filter { column in scores.contains { !column.field($0).isEmpty } }
        var table = TextTable(shown.map(\.title))
        for score in scores { table.add(shown.map { $0.field(score) }) }
        var text = table.text
        let rules = scores.reduce(into: [String]()) { if !$0.contains($1.rule) { $0.append($1.rule) } }
        text += "\n  rules: \(rules.joined(separator: "; "))\n"
        if scores.contains(where: { $0.change != nil }) {
            text +=
                "  change: since baseline, the mean of the visits at month 0 and before. reliable: beyond 1.96 errors of\n"
            text +=
                "  measurement. important: as large as patients notice; for one patient that is usually the smaller of the two.\n"
        }
        for limit in limits {
            let parts = [
                limit.improvement.map { "improvement \(significant($0, 4))" },
                limit.worsening.map { "worsening \(significant($0, 4))" },
                limit.standardError.map { "error of one measurement \(significant($0, 4))" },
            ].compactMap { $0 }
            text += "  \(limit.score): \(parts.joined(separator: ", ")) (\(limit.source); \(limit.status))\n"
        }
        if let cafs {
            for arm in cafs.arms {
                text += "  \(arm.arm): \(arm.count) subjects, mean rank \(significant(arm.meanRank, 6))\n"
            }
            if cafs.arms.count == 2 {
                let pairs = cafs.pairs(cafs.arms[0].arm, cafs.arms[1].arm)
                text +=
                    "  \(cafs.arms[0].arm) against \(cafs.arms[1].arm): \(pairs.won) won, \(pairs.lost) lost, \(pairs.tied) tied\n"
            }
        }
        if scale == "diary" {
            text += "  A patient's diary and an observer agree poorly (kappa 0.36; daily totals, ICC 0.45 to 0.77).\n"
        }
        return text + "  \(Engraft.researchUse)\n"
    }

    private static func number(_ value: Double?) -> String {
        guard let value else { return "n/a" }
        if value == value.rounded() { return fixed(value, 0) }
        return abs(value) < 1 ? significant(value, 3) : fixed(value, 2)
    }

    private static func signedNumber(_ value: Double) -> String {
        signed(value, value == value.rounded() ? 0 : abs(value) < 0.1 ? 4 : 2)
    }

    private static func list(_ missing: [String]) -> String {
        missing.count <= 4
            ? missing.joined(separator: " ")
            : missing.prefix(3).joined(separator: " ") + " and \(missing.count - 3) more"
    }
}

extension Score {
    /// The score as JSON.
    var json: JSONValue {
        [
            "code": code.isEmpty ? .null : .string(code), "visit": JSONValue(visit),
            "date": JSONValue(date?.description),
            "state": JSONValue(state), "name": .string(name), "value": JSONValue(value), "class": JSONValue(label),
            "missing": JSONValue(missing), "observed_sum": JSONValue(observedSum), "possible": JSONValue(possible),
            "rule": .string(rule), "baseline": JSONValue(baseline), "change": JSONValue(change),
            "reliable": JSONValue(reliable), "important": JSONValue(important), "direction": JSONValue(direction),
        ]
    }
}
