import Records

/// What a study file holds, and what in it is assumed or not said.
public struct StudyReport: Sendable {
    /// The study.
    public var study: Study

    /// A report.
    public init(study: Study) { self.study = study }

    /// What the protocol has not said, and the proposal that stands in for it.
    public var open: [(name: String, assumed: Bool)] {
        var open: [(String, Bool)] = []
        func note<Value>(_ name: String, _ value: Stated<Value>) {
            if value.value == nil { open.append((name, value.assumed != nil)) }
        }
        note("visits.months", study.visitMonths)
        note("endpoints.primary", study.primaryEndpoint)
        for arm in study.arms { note("arms.\(arm.id).n", arm.size) }
        if study.criteria.contains(where: { $0.rule?.fields.contains("disease_duration_years") == true }) {
            note("population.disease_duration_from", study.durationFrom)
        }
        if let design = study.escalation {
            note("design.variant", design.variant)
            note("design.dlt_window_days", design.windowDays)
            note("design.dlt_window_from", design.windowFrom)
            note("design.levels", design.levels)
        }
        return open
    }

    /// Members of the JSON document.
    public var members: [JSONValue.Member] {
        [
            .init("study", .string(study.id)), .init("registry", JSONValue(study.registry)),
            .init("phase", JSONValue(study.phase)), .init("product", JSONValue(study.product)),
            .init("condition", JSONValue(study.condition)), .init("arms", JSONValue(study.arms.map(\.id))),
            .init("visits_months", JSONValue(study.visitMonths.used ?? [])),
            .init(
                "criteria",
                .array(
                    study.criteria.map {
                        [
                            "id": .string($0.id), "role": .string($0.isInclusion ? "inclusion" : "exclusion"),
                            "kind": .string($0.kind.rawValue), "rule": JSONValue($0.ruleText),
                            "fields": JSONValue($0.rule?.fields ?? []), "attest": JSONValue($0.statement),
                        ]
                    })),
            .init(
                "open", .array(open.map { ["name": .string($0.name), "assumed": .bool($0.assumed)] })),
        ]
    }

    /// The study in a few lines.
    public var text: String {
        let heads: [String?] = [study.id, study.phase.map { "phase \($0)" }, study.product, study.condition]
        var text = "  " + heads.compactMap { $0 }.joined(separator: ", ") + "\n"
        if !study.criteria.isEmpty {
            var table = TextTable([
                .text("criterion"), .text("role"), .text("kind"), .text("rule, or what is attested"),
            ])
            for criterion in study.criteria {
                let parts = [criterion.ruleText, criterion.statement.map { "attest: \($0)" }].compactMap { $0 }
                table.add([
                    criterion.id, criterion.isInclusion ? "inclusion" : "exclusion", criterion.kind.rawValue,
                    parts.joined(separator: "; "),
                ])
            }
            text += "\n" + table.text
        }
        if !open.isEmpty {
            text += "\n"
            for (name, assumed) in open {
                text +=
                    "  \(name): the protocol has not said\(assumed ? "; a proposal stands in" : ", and nothing is assumed")\n"
            }
        }
        return text
    }
}
