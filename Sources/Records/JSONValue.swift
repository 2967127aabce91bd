import FoundationEssentials

/// A JSON document whose object keys keep the order they were given in.
///
/// Numbers that are not finite become null when written, since JSON has no word for them.
public enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// One key of an object and its value.
    public struct Member: Sendable, Equatable {
        /// The key, snake_case with its unit in our own documents.
        public var key: String
        /// The value.
        public var value: JSONValue

        /// A member.
        public init(_ key: String, _ value: JSONValue) { (self.key, self.value) = (key, value) }
    }
}

extension JSONValue {
    /// A number, or null where there is none.
    public init(_ value: Double?) { self = value.map { .number($0) } ?? .null }
    /// A single-precision number with the digits that single precision has.
    public init(_ value: Float) { self = value.isFinite ? .number(Double(value.description) ?? Double(value)) : .null }
    /// A whole number, or null where there is none.
    public init(_ value: Int?) { self = value.map { .integer($0) } ?? .null }
    /// A text, or null where there is none.
    public init(_ value: String?) { self = value.map { .string($0) } ?? .null }
    /// A truth value, or null where there is none.
    public init(_ value: Bool?) { self = value.map { .bool($0) } ?? .null }
    /// A list of numbers.
    public init(_ values: [Double]) { self = .array(values.map { .number($0) }) }
    /// A list of whole numbers.
    public init(_ values: [Int]) { self = .array(values.map { .integer($0) }) }
    /// A list of texts.
    public init(_ values: [String]) { self = .array(values.map { .string($0) }) }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
    /// An object, keys in the order written.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
    /// An array.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// A text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A whole number.
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// A number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// Null.
    public init(nilLiteral: ()) { self = .null }
}

// MARK: - Reading values

extension JSONValue {
    /// The value of a key of an object; `nil` where there is no such key or this is no object.
    public subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// The element of an array; `nil` past its end or where this is no array.
    public subscript(index: Int) -> JSONValue? {
        guard case .array(let values) = self, values.indices.contains(index) else { return nil }
        return values[index]
    }

    /// The number, whether written as a whole one or not.
    public var double: Double? {
        switch self {
        case .number(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }

    /// The whole number; `nil` where there is a fraction.
    public var int: Int? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    /// The text.
    public var string: String? { if case .string(let value) = self { value } else { nil } }
    /// The truth value.
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// The elements of an array.
    public var elements: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
    /// The members of an object.
    public var members: [Member]? { if case .object(let members) = self { members } else { nil } }
    /// All elements as numbers; `nil` where this is no array or one is no number.
    public var doubles: [Double]? {
        guard let elements else { return nil }
        let values = elements.compactMap(\.double)
        return values.count == elements.count ? values : nil
    }

    /// The same object with a key set, in place where it was there and at the end where not.
    public func setting(_ key: String, _ value: JSONValue) -> JSONValue {
        var members = self.members ?? []
        if let place = members.firstIndex(where: { $0.key == key }) {
            members[place].value = value
        } else {
            members.append(Member(key, value))
        }
        return .object(members)
    }
}

// MARK: - Parsing

extension JSONValue: Decodable {
    /// Decodes any JSON document; object keys come in sorted order.
    public init(from decoder: any Decoder) throws {
        if let keyed = try? decoder.container(keyedBy: AnyKey.self) {
            self = .object(
                try keyed.allKeys.sorted { $0.stringValue < $1.stringValue }
                    .map { Member($0.stringValue, try keyed.decode(JSONValue.self, forKey: $0)) })
        } else if var list = try? decoder.unkeyedContainer() {
            var values: [JSONValue] = []
            while !list.isAtEnd { values.append(try list.decode(JSONValue.self)) }
            self = .array(values)
        } else {
            let single = try decoder.singleValueContainer()
            if single.decodeNil() {
                self = .null
            } else if let value = try? single.decode(Bool.self) {
                self = .bool(value)
            } else if let value = try? single.decode(Int.self) {
                self = .integer(value)
            } else if let value = try? single.decode(Double.self) {
                self = .number(value)
            } else {
                self = .string(try single.decode(String.self))
            }
        }
    }

    /// The document in `bytes`, UTF-8 with or without a byte order mark. Throws where it is not JSON.
    public init(parsing bytes: [UInt8]) throws(JSONProblem) {
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        do { self = try JSONDecoder().decode(JSONValue.self, from: Data(body)) } catch { throw .notJSON }
    }

    private struct AnyKey: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

/// Why a JSON document cannot be read.
public enum JSONProblem: Error, Equatable, CustomStringConvertible {
    case notJSON

    /// One sentence for the person holding the file.
    public var description: String { "the file is not valid JSON" }
}

// MARK: - Writing

extension JSONValue {
    /// The document as text, indented by two spaces; arrays of plain values stay on one line.
    public var text: String {
        var out = ""
        write(to: &out, indent: 0)
        return out + "\n"
    }

    private var isPlain: Bool {
        switch self {
        case .array, .object: false
        default: true
        }
    }

    private func write(to out: inout String, indent: Int) {
        let inner = String(repeating: "  ", count: indent + 1)
        let outer = String(repeating: "  ", count: indent)
        switch self {
        case .null: out += "null"
        case .bool(let value): out += value ? "true" : "false"
        case .integer(let value): out += String(value)
        case .number(let value): out += Self.digits(value)
        case .string(let value): Self.quote(value, into: &out)
        case .array(let values) where values.allSatisfy(\.isPlain):
            out += "["
            for (place, value) in values.enumerated() {
                if place > 0 { out += ", " }
                value.write(to: &out, indent: indent)
            }
            out += "]"
        case .array(let values):
            out += "[\n"
            for (place, value) in values.enumerated() {
                out += inner
                value.write(to: &out, indent: indent + 1)
                out += place + 1 < values.count ? ",\n" : "\n"
            }
            out += outer + "]"
        case .object(let members) where members.isEmpty: out += "{}"
        case .object(let members):
            out += "{\n"
            for (place, member) in members.enumerated() {
                out += inner
                Self.quote(member.key, into: &out)
                out += ": "
                member.value.write(to: &out, indent: indent + 1)
                out += place + 1 < members.count ? ",\n" : "\n"
            }
            out += outer + "}"
        }
    }

    static func digits(_ value: Double) -> String {
        guard value.isFinite else { return "null" }
        if let whole = Int(exactly: value), abs(whole) < 1 << 53 { return String(whole) }
        return value.description
    }

    static func quote(_ text: String, into out: inout String) {
        out += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case let control where control.value < 0x20:
                let hex = String(control.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: out.unicodeScalars.append(scalar)
            }
        }
        out += "\""
    }
}
