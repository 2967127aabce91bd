import Records
import Yams

/// Collects what is wrong with a study file, with lines, while it is read.
final class StudyProblems {
    var found = TableProblems()
    func add(_ node: Node?, _ text: String) { found.add(node?.mark?.line ?? 0, nil, text) }
}

/// A place in a study file, and where it is.
struct StudyNode {
    let node: Node
    let path: String
    let problems: StudyProblems

    func problem(_ text: String) { problems.add(node, path.isEmpty ? text : "\(path) \(text)") }

    /// Whether the file says null here.
    var isNull: Bool {
        guard case .scalar(let scalar) = node else { return false }
        return scalar.style != .singleQuoted && scalar.style != .doubleQuoted
            && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    /// The text of a scalar; a number counts as text.
    var text: String? {
        guard case .scalar(let scalar) = node, !isNull else {
            problem("is no text")
            return nil
        }
        return scalar.string
    }

    var number: Double? {
        if case .scalar(let scalar) = node, let value = TableLine.number(scalar.string) { return value }
        problem("is no number")
        return nil
    }

    var whole: Int? {
        if case .scalar(let scalar) = node, let value = Int(scalar.string) { return value }
        problem("is no whole number")
        return nil
    }

    /// The elements of a sequence.
    var elements: [StudyNode] {
        guard case .sequence(let sequence) = node else {
            problem("is no list")
            return []
        }
        return sequence.enumerated().map { StudyNode(node: $1, path: "\(path)[\($0)]", problems: problems) }
    }

    var numbers: [Double] { elements.compactMap(\.number) }
    var words: [String] { elements.compactMap(\.text).map { $0.lowercased() } }

    /// Keys and values of a mapping; keys that are not allowed are problems.
    func members(allowing keys: [String]? = nil) -> [(key: String, value: StudyNode)] {
        guard case .mapping(let mapping) = node else {
            problem("is no mapping of keys to values")
            return []
        }
        return mapping.compactMap { key, value in
            guard case .scalar(let scalar) = key else {
                problems.add(key, "a key that is no text")
                return nil
            }
            let name = scalar.string
            if let keys, !keys.contains(name) {
                problems.add(
                    key,
                    "\(path.isEmpty ? "" : "\(path): ")there is no key \"\(name)\"; known are \(keys.joined(separator: ", "))"
                )
            }
            return (name, StudyNode(node: value, path: path.isEmpty ? name : "\(path).\(name)", problems: problems))
        }
    }

    /// A range written `[low, high]`.
    var range: ClosedRange<Double>? {
        let limits = numbers
        guard limits.count == 2, limits[0] <= limits[1] else {
            problem("is no pair of a lower and an upper limit")
            return nil
        }
        return limits[0]...limits[1]
    }

    /// A value, or `{value, assumed}`: null alone where the protocol has not said.
    func stated<Value>(_ read: (StudyNode) -> Value?) -> Stated<Value> {
        if isNull { return Stated() }
        if case .mapping(let mapping) = node,
            mapping.contains(where: { $0.key.scalar?.string == "value" || $0.key.scalar?.string == "assumed" })
        {
            var stated = Stated<Value>()
            for (key, value) in members(allowing: ["value", "assumed", "note", "unit", "source"]) where !value.isNull {
                if key == "value" { stated.value = read(value) }
                if key == "assumed" { stated.assumed = read(value) }
            }
            return stated
        }
        return Stated(read(self))
    }
}

extension StudyNode {
    /// The root of a YAML text; throws one sentence with the line where it is none.
    static func root(of text: String, _ problems: StudyProblems) throws(TableProblems) -> StudyNode {
        func refuse(_ line: Int, _ sentence: String) -> TableProblems {
            var problems = TableProblems()
            problems.add(line, nil, sentence)
            return problems
        }
        guard text.utf8.count <= 1 << 18 else {
            throw refuse(0, "the file has more than 256 KiB, too much for a study")
        }
        if let line = tooDeep(text) { throw refuse(line, "lists and mappings are nested more than 40 deep") }
        do {
            guard let node = try compose(yaml: text) else { throw refuse(0, "the file is empty; a study was expected") }
            guard case .mapping = node else {
                throw refuse(node.mark?.line ?? 1, "a study is a mapping of keys to values")
            }
            return StudyNode(node: node, path: "", problems: problems)
        } catch let problems as TableProblems { throw problems } catch let error as YamlError {
            switch error {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                throw refuse(mark.line, "this is no YAML: \(problem)")
            case .duplicatedKeysInMapping(let duplicates, let context):
                throw refuse(context.mark.line, "the key \(duplicates.joined(separator: ", ")) stands twice")
            case .reader(let problem, _, _, _): throw refuse(0, "this is no YAML: \(problem)")
            default: throw refuse(0, "this is no YAML")
            }
        } catch { throw refuse(0, "this is no YAML: \(error)") }
    }

    /// The line where brackets, dashes or indentation go too deep for a study; the parser recurses.
    private static func tooDeep(_ text: String) -> Int? {
        var depth = 0
        for (place, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let indent = line.utf8.prefix { $0 == 0x20 || $0 == 0x2D || $0 == 0x3F }.count
            for byte in line.utf8 {
                if byte == 0x5B || byte == 0x7B { depth += 1 }
                if byte == 0x5D || byte == 0x7D { depth = max(0, depth - 1) }
                if depth > 40 { return place + 1 }
            }
            if indent > 80 { return place + 1 }
        }
        return nil
    }
}
