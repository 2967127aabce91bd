import Records

/// Why a rule of a study is refused.
public struct RuleProblem: Error, Equatable, CustomStringConvertible {
    /// What is wrong, with the place in the rule.
    public var description: String
    init(_ description: String) { self.description = description }
}

extension Rule {
    /// Reads a rule over fields of known kinds; every name and type is checked.
    public init(parsing text: String, fields: [String: StudyField]) throws(RuleProblem) {
        guard text.utf8.count <= 2000 else { throw RuleProblem("the rule is longer than 2000 characters") }
        var parser = RuleParser(tokens: try RuleParser.tokens(of: text), fields: fields)
        self = try parser.disjunction(depth: 0)
        if let rest = parser.peek { throw RuleProblem("\"\(rest)\" was not expected here") }
    }
}

/// Reads a rule by recursive descent, at most 50 parentheses deep.
struct RuleParser {
    let tokens: [String]
    let fields: [String: StudyField]
    private var place = 0

    init(tokens: [String], fields: [String: StudyField]) { (self.tokens, self.fields) = (tokens, fields) }

    var peek: String? { place < tokens.count ? tokens[place] : nil }

    static func tokens(of text: String) throws(RuleProblem) -> [String] {
        var tokens: [String] = []
        var rest = Substring(text)
        while let first = rest.first {
            if first.isWhitespace {
                rest.removeFirst()
            } else if first.isLetter || first.isNumber || first == "_" || first == "." || first == "-" {
                let word = rest.prefix { $0.isLetter || $0.isNumber || "_.-".contains($0) }
                tokens.append(String(word))
                rest = rest.dropFirst(word.count)
            } else if let symbol = ["<=", ">=", "==", "!=", "&&", "||", "<", ">", "!", "(", ")", "{", "}", ","]
                .first(where: { rest.hasPrefix($0) })
            {
                tokens.append(["&&": "and", "||": "or", "!": "not"][symbol] ?? symbol)
                rest = rest.dropFirst(symbol.count)
            } else {
                throw RuleProblem("\"\(first)\" has no meaning in a rule")
            }
        }
        if tokens.isEmpty { throw RuleProblem("the rule is empty") }
        return tokens
    }

    private mutating func take(_ token: String) -> Bool {
        guard peek == token else { return false }
        place += 1
        return true
    }

    private mutating func expect(_ token: String) throws(RuleProblem) {
        if !take(token) {
            throw RuleProblem("\"\(token)\" was expected instead of \(peek.map { "\"\($0)\"" } ?? "the end")")
        }
    }

    private mutating func next(_ what: String) throws(RuleProblem) -> String {
        guard let token = peek else { throw RuleProblem("the rule ends where \(what) was expected") }
        place += 1
        return token
    }

    mutating func disjunction(depth: Int) throws(RuleProblem) -> Rule {
        var parts = [try conjunction(depth: depth)]
        while take("or") { parts.append(try conjunction(depth: depth)) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func conjunction(depth: Int) throws(RuleProblem) -> Rule {
        var parts = [try negation(depth: depth)]
        while take("and") { parts.append(try negation(depth: depth)) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func negation(depth: Int) throws(RuleProblem) -> Rule {
        guard depth < 50 else { throw RuleProblem("the rule is nested more than 50 deep") }
        if take("not") { return .not(try negation(depth: depth + 1)) }
        if take("(") {
            let inner = try disjunction(depth: depth + 1)
            try expect(")")
            return inner
        }
        return try condition()
    }

    private mutating func condition() throws(RuleProblem) -> Rule {
        let first = try next("a field")
        if let field = fields[first] {
            if take("in") { return .oneOf(first, try set(of: field, list: false)) }
            if take("has") { return .has(first, try set(of: field, list: true)) }
            if take("within") { return try within(field) }
        }
        let left = try operand(first)
        guard let symbol = peek, let comparison = Comparison(rawValue: symbol) else {
            guard case .field = left, case .truth = fields[first]?.kind else {
                throw RuleProblem("\"\(first)\" is not yes or no by itself; a comparison was expected behind it")
            }
            return .isTrue(first)
        }
        place += 1
        let second = try next("a value")
        let right = try operand(second, beside: left)
        try check(try operand(first, beside: right), comparison, right, "\(first) \(symbol) \(second)")
        return .compare(try operand(first, beside: right), comparison, right)
    }

    typealias Comparison = Rule.Comparison

    private func operand(_ token: String, beside other: Rule.Operand? = nil) throws(RuleProblem) -> Rule.Operand {
        if fields[token] != nil { return .field(token) }
        if let number = TableLine.number(token) { return .literal(.number(number...number)) }
        if token == "true" || token == "false" { return .literal(.truth(token == "true")) }
        if let date = PartialDate(token) { return .literal(.date(date)) }
        guard token.first?.isLetter == true else { throw RuleProblem("\"\(token)\" is neither a field nor a value") }
        if case .field(let name) = other, case .word(let words) = fields[name]?.kind {
            guard words.contains(token.lowercased()) else {
                throw RuleProblem("\"\(token)\" is none of the words of \(name): \(words.joined(separator: ", "))")
            }
            return .literal(.word(token.lowercased()))
        }
        if other == nil, case .some = peek.flatMap({ Comparison(rawValue: $0) }), place + 1 < tokens.count,
            case .word = fields[tokens[place + 1]]?.kind
        {
            return .literal(.word(token.lowercased()))
        }
        let near = fields.keys.sorted().first { $0.hasPrefix(token.prefix(4)) }
        throw RuleProblem(
            "there is no field \"\(token)\"" + (near.map { "; is \($0) meant?" } ?? "; declare it under fields"))
    }

    /// Throws where two sides are not of one type, or have no order.
    private func check(
        _ left: Rule.Operand, _ comparison: Comparison, _ right: Rule.Operand, _ text: String
    ) throws(RuleProblem) {
        func type(_ operand: Rule.Operand) -> String {
            switch operand {
            case .field(let name):
                switch fields[name]?.kind {
                case .number: "number"
                case .date: "date"
                case .truth: "yes or no"
                case .list: "list"
                default: "word"
                }
            case .literal(let value):
                switch value {
                case .number: "number"
                case .date: "date"
                case .truth: "yes or no"
                default: "word"
                }
            }
        }
        let (a, b) = (type(left), type(right))
        // A bare year reads as a number; beside a date it is one.
        guard a == b else { throw RuleProblem("\(text) compares a \(a) with a \(b)") }
        if a == "list" { throw RuleProblem("\(text): a list is asked with has {…}") }
        if a == "word" || a == "yes or no", comparison != .equal, comparison != .notEqual {
            throw RuleProblem("\(text): a \(a) has no order; == or != was expected")
        }
    }

    private mutating func set(of field: StudyField, list: Bool) throws(RuleProblem) -> [String] {
        let words: [String]
        switch field.kind {
        case .word(let known) where !list: words = known
        case .list(let known) where list: words = known
        default:
            throw RuleProblem(
                "\"\(field.name)\" is no \(list ? "list" : "word"), so that \(list ? "has" : "in") does not apply")
        }
        try expect("{")
        var members: [String] = []
        repeat {
            let member = try next("a word").lowercased()
            guard words.contains(member) else {
                throw RuleProblem(
                    "\"\(member)\" is none of the words of \(field.name): \(words.joined(separator: ", "))")
            }
            members.append(member)
        } while take(",")
        try expect("}")
        return members
    }

    private mutating func within(_ field: StudyField) throws(RuleProblem) -> Rule {
        guard case .date = field.kind else {
            throw RuleProblem("\"\(field.name)\" is no date, so that within does not apply")
        }
        guard let count = Int(try next("a number")), (1...1200).contains(count) else {
            throw RuleProblem("a whole number was expected behind within")
        }
        let unit = try next("days, months or years")
        guard let period = Rule.Period(rawValue: unit.hasSuffix("s") ? unit : unit + "s") else {
            throw RuleProblem("\"\(unit)\" is none of days, months and years")
        }
        let anchor = take("of") ? try next("a date") : "screening_date"
        guard case .date = fields[anchor]?.kind else { throw RuleProblem("\"\(anchor)\" is no date") }
        return .within(field.name, count, period, of: anchor)
    }
}
