import Records

extension Study {
    /// Reads a declared field: `{type: number, range: [0, 30]}`, `{type: word, of: [...]}`, `list`, `date`, `yes_no`.
    static func field(_ name: String, _ node: StudyNode) -> StudyField? {
        var (type, range, words): (String?, ClosedRange<Double>?, [String]?) = (nil, nil, nil)
        for (key, value) in node.members(allowing: ["type", "range", "of", "unit", "note"]) {
            if key == "type" { type = value.text }
            if key == "range" { range = value.range }
            if key == "of" { words = value.words }
        }
        guard name.utf8.allSatisfy({ $0 == 0x5F || (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }) else {
            node.problem("is a name with other signs than a to z, digits and _")
            return nil
        }
        if ["and", "or", "not", "in", "has", "within", "of", "true", "false"].contains(name) {
            node.problem("is a word of the rules' language")
            return nil
        }
        switch type {
        case "number": return StudyField(name, .number(range))
        case "yes_no": return StudyField(name, .truth)
        case "date": return StudyField(name, .date)
        case "word", "list":
            guard let words, !words.isEmpty else {
                node.problem("needs its words under of")
                return nil
            }
            return StudyField(name, type == "word" ? .word(words) : .list(words))
        default:
            node.problem("has the type \"\(type ?? "")\"; number, yes_no, date, word or list was expected")
            return nil
        }
    }

    mutating func readCriteria(_ node: StudyNode) {
        for (key, list) in node.members(allowing: ["inclusion", "exclusion"]) where !list.isNull {
            for element in list.elements {
                guard let criterion = criterion(element, isInclusion: key == "inclusion") else { continue }
                if criteria.contains(where: { $0.id == criterion.id }) {
                    element.problem("has the id \(criterion.id), which stands twice")
                }
                criteria.append(criterion)
            }
        }
        criteria = criteria.filter(\.isInclusion) + criteria.filter { !$0.isInclusion }
    }

    private func criterion(_ node: StudyNode, isInclusion: Bool) -> Criterion? {
        var (id, kind): (String?, Criterion.Kind?) = (nil, nil)
        var (statement, note): (String?, String?) = (nil, nil)
        var ruleNode: StudyNode?
        for (key, value) in node.members(allowing: ["id", "kind", "rule", "attest", "note", "source"])
        where !value.isNull {
            switch key {
            case "id": id = value.text
            case "kind":
                kind = value.text.flatMap { Criterion.Kind(rawValue: $0) }
                if kind == nil { value.problem("is none of data, mixed and judgement") }
            case "rule": ruleNode = value
            case "attest": statement = value.text
            case "note": note = value.text
            default: break
            }
        }
        guard let id, !id.isEmpty else {
            node.problem("has no id")
            return nil
        }
        guard let kind else {
            node.problem("(\(id)) has no kind: data, mixed or judgement")
            return nil
        }
        var rule: Rule?
        let ruleText = ruleNode?.text
        if let ruleNode, let ruleText {
            do { rule = try Rule(parsing: ruleText, fields: fields) } catch { ruleNode.problem("(\(id)): \(error)") }
        }
        if (kind == .judgement) != (ruleNode == nil) {
            node.problem("(\(id)) is \(kind.rawValue), which \(kind == .judgement ? "has no rule" : "needs a rule")")
        }
        if (kind == .data) != (statement == nil) {
            node.problem(
                "(\(id)) is \(kind.rawValue), which \(kind == .data ? "has nothing to attest" : "needs attest")")
        }
        return Criterion(
            id: id, isInclusion: isInclusion, kind: kind, rule: rule, ruleText: ruleText, statement: statement,
            note: note)
    }
}
