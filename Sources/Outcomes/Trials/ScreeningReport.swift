import Records

/// All subjects of a screening, as JSON and for a person.
public struct ScreeningReport: Sendable {
    /// The study.
    public var study: Study
    /// The subjects in the order of their table.
    public var screenings: [Screening]

    /// A report.
    public init(study: Study, screenings: [Screening]) { (self.study, self.screenings) = (study, screenings) }

    /// What rests on a proposal of the study file instead of the protocol.
    public var warnings: [String] {
        var warnings: [String] = []
        let usesDuration = study.criteria.contains { $0.rule?.fields.contains("disease_duration_years") == true }
        if usesDuration, let from = study.durationFrom.used, study.durationFrom.isAssumed {
            warnings.append("the duration of disease counts from \(from), which the study file assumes")
        }
        if usesDuration, study.durationFrom.used == nil {
            warnings.append("the study does not say from which date the duration of disease counts; it stays unknown")
        }
        if !study.criteria.isEmpty, study.criteria.allSatisfy({ $0.kind == .data }) {
            warnings.append("the study asks for no signed statement, and nobody is called eligible by data alone")
        }
        if study.criteria.isEmpty { warnings.append("the study has no criteria") }
        return warnings
    }

    /// Members of the JSON document.
    public var members: [JSONValue.Member] {
        [
            .init("study", .string(study.id)),
            .init(
                "counts",
                .object(
                    Screening.Verdict.allCases.map { verdict in
                        .init(verdict.rawValue, .integer(screenings.count { $0.verdict == verdict }))
                    })),
            .init(
                "subjects",
                .array(
                    screenings.map { screening in
                        [
                            "code": .string(screening.code), "verdict": .string(screening.verdict.rawValue),
                            "criteria": .array(
                                screening.findings.map {
                                    [
                                        "id": .string($0.id), "result": .string($0.result.rawValue),
                                        "reason": .string($0.reason),
                                    ]
                                }),
                        ]
                    })),
        ]
    }

    /// The table, and below it the reason of everything that stands in the way; with `all`, of every criterion.
    public func text(all: Bool = false) -> String {
        var table = TextTable([.text(study.id), .text("verdict"), .text("fails"), .text("unknown"), .text("to attest")])
        for screening in screenings {
            table.add(
                [screening.code, screening.verdict.rawValue]
                    + [.fail, .unknown, .pending].map { list(screening.ids($0), all ? 99 : 6) })
        }
        var text = table.text
        for screening in screenings {
            let shown = screening.findings.filter { all || $0.result == .fail || $0.result == .unknown }
            if shown.isEmpty { continue }
            text += "\n  \(screening.code)\n"
            for finding in shown { text += "    \(finding.id)  \(finding.result.rawValue): \(finding.reason)\n" }
        }
        let counts = Screening.Verdict.allCases.map { verdict in
            "\(screenings.count { $0.verdict == verdict }) \(verdict.rawValue)"
        }
        return text + "\n  \(counts.joined(separator: ", "))\n  \(Engraft.researchUse)\n"
    }

    private func list(_ ids: [String], _ limit: Int) -> String {
        ids.count <= limit
            ? ids.joined(separator: " ") : ids.prefix(limit).joined(separator: " ") + " +\(ids.count - limit)"
    }
}
