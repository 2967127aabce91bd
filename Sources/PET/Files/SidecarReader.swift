import Records

/// Reads the keys of a sidecar and keeps every problem met, so that one pass names them all.
struct SidecarReader {
    private let sidecar: JSONValue
    /// What is wrong, one sentence each.
    private(set) var problems: [AcquisitionProblem] = []

    /// A reader of a sidecar, which should be an object.
    init(_ sidecar: JSONValue) { self.sidecar = sidecar }

    /// The value of a key; `nil` where it is absent, null or BIDS's word for that, "n/a".
    func value(_ key: String) -> JSONValue? {
        guard let value = sidecar[key], value != .null, value != .string("n/a") else { return nil }
        return value
    }

    /// A text.
    mutating func text(_ key: String) -> String? {
        guard let value = value(key) else { return nil }
        if value.string == nil { note(.badValue(key, "a text")) }
        return value.string
    }

    /// A finite number.
    mutating func number(_ key: String) -> Double? {
        guard let value = value(key) else { return nil }
        guard let number = value.double, number.isFinite else {
            note(.badValue(key, "a number"))
            return nil
        }
        return number
    }

    /// A list of finite numbers, or one number.
    mutating func numbers(_ key: String) -> [Double]? {
        guard let value = value(key) else { return nil }
        if let one = value.double { return [one] }
        guard let numbers = value.doubles, !numbers.isEmpty, numbers.allSatisfy(\.isFinite) else {
            note(.badValue(key, "a list of numbers"))
            return nil
        }
        return numbers
    }

    /// True or false.
    mutating func truth(_ key: String) -> Bool? {
        guard let value = value(key) else { return nil }
        if value.bool == nil { note(.badValue(key, "true or false")) }
        return value.bool
    }

    /// How many entries a list has; `nil` where it is absent or no list.
    func count(_ key: String) -> Int? { value(key)?.elements?.count }

    /// Keeps a problem.
    mutating func note(_ problem: AcquisitionProblem) { problems.append(problem) }
}
