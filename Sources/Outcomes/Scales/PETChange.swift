import Records

/// Uptake values of several visits from a table, and their change on the log scale.
enum PETChange {
    private struct Row {
        var line: Int; var code: String; var visit: Double; var name: String; var value: Double; var se: Double?
    }

    /// Reads code, visit_month, tracer, kind, roi, side, value, se, scanner, qc; two tracers or kinds in one patient are an
    /// error, another scanner and values that failed their quality control are warned of.
    static func read(_ path: String, repeatability: Repeatability?) throws -> (scores: [Score], warnings: [String]) {
        var problems = TableProblems()
        var rows: [Row] = []
        var warnings: [String] = []
        var first: [String: (line: Int, tracer: String, kind: String, scanner: String)] = [:]
        var seen: Set<String> = []
        let needs = ["code", "visit_month", "tracer", "kind", "roi", "side", "value"]
        try TableFile.read(path, needs: needs, problems: &problems) { header, _ in
            { line, problems in
                let (code, tracer, kind) = (line[header["code"]], line[header["tracer"]], line[header["kind"]])
                if code.isEmpty { problems.add(line.number, "code", "the subject has no code") }
                let visit = TableLine.number(line[header["visit_month"]], decimalComma: line.decimalComma)
                if visit == nil {
                    problems.add(line.number, "visit_month", "\"\(line[header["visit_month"]])\" is no month")
                }
                if !["ki_ref", "suvr", "sbr", "bpnd"].contains(kind.lowercased()) {
                    problems.add(line.number, "kind", "\"\(kind)\" is none of Ki_ref, SUVR, SBR, BPnd")
                }
                let scanner = line[header["scanner"]]
                if let before = first[code] {
                    if before.tracer.lowercased() != tracer.lowercased() {
                        problems.add(
                            line.number, "tracer",
                            "\(code) has \(tracer) here and \(before.tracer) in line \(before.line); tracers are never mixed within a patient"
                        )
                    }
                    if before.kind.lowercased() != kind.lowercased() {
                        problems.add(
                            line.number, "kind", "\(code) has \(kind) here and \(before.kind) in line \(before.line)")
                    }
                    if !scanner.isEmpty, !before.scanner.isEmpty, scanner != before.scanner {
                        warnings.append(
                            "line \(line.number): \(code) was on scanner \(before.scanner) before, now on \(scanner)")
                    }
                } else {
                    first[code] = (line.number, tracer, kind, scanner)
                }
                let text = line[header["value"]]
                let value = TableLine.number(text, decimalComma: line.decimalComma)
                if value.map({ $0 <= 0 }) ?? !text.isEmpty {
                    problems.add(line.number, "value", "\"\(text)\" is no number above 0")
                }
                let name = [kind, line[header["roi"]], line[header["side"]]].joined(separator: "/")
                if !seen.insert("\(code) \(visit ?? 0) \(name)").inserted {
                    problems.add(line.number, "roi", "\(name) of \(code) at this visit stands twice")
                }
                let qc = line[header["qc"]].lowercased()
                if !["", "pass", "fail"].contains(qc) {
                    problems.add(line.number, "qc", "\"\(qc)\" is neither pass nor fail")
                }
                if qc == "fail" {
                    warnings.append("line \(line.number): the value failed its quality control and is left out")
                    return
                }
                guard let visit, let value, value > 0 else { return }
                rows.append(
                    Row(
                        line: line.number, code: code, visit: visit, name: name, value: value,
                        se: header["se"].flatMap { TableLine.number(line[$0], decimalComma: line.decimalComma) }))
            }
        }
        try problems.throwIfAny(path)
        return (scores(rows, repeatability), warnings)
    }

    private static func scores(_ rows: [Row], _ repeatability: Repeatability?) -> [Score] {
        let ordered = rows.sorted { ($0.code, $0.name, $0.visit) < ($1.code, $1.name, $1.visit) }
        var scores: [Score] = []
        var base: Row?
        for row in ordered {
            scores.append(
                Score(code: row.code, visit: row.visit, name: row.name, value: row.value, rule: "as measured"))
            guard let before = base, before.code == row.code, before.name == row.name else {
                base = row
                continue
            }
            let change = LogChange(
                from: before.value, to: row.value, repeatability: repeatability, standardErrors: (before.se, row.se))
            var score = Score(
                code: row.code, visit: row.visit, name: "\(row.name)/change_percent", value: change.percent,
                rule: "100 (exp(Δ ln) − 1)"
                    + (repeatability.map { ", wCV \(significant($0.wCV, 3)) (\($0.source))" } ?? ""))
            score.hasChange = false
            score.reliable = change.flag.map { $0 != .within }
            score.label = change.flag?.rawValue
            scores.append(score)
        }
        return scores
    }
}
