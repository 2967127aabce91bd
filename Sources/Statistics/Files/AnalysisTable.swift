import Records

/// The columns of a table that an analysis needs, each read for its use.
///
/// Everything that is wrong is found in one pass, with its line and column, before any number is computed.
public struct AnalysisTable: Sendable {
    /// How a column is used, and what an empty field means.
    public enum Use: Sendable, Equatable {
        /// A number that every row has.
        case number
        /// A number that may be missing: the row is left out and counted.
        case numberOrLeaveOut
        /// A number that may be missing, as the time of a death may.
        case optionalNumber
        /// A word that every row has, such as the arm.
        case text
        /// A word that may be missing, as a patient without a graft has no lot: it becomes `none`.
        case textOrNone
        /// Yes or no, as 1/0, yes/no or true/false; a row without is left out and counted.
        case yesNo
    }

    /// The path, as given.
    public let path: String
    /// The line of each row in the file.
    public let lines: [Int]
    /// Rows that had no outcome.
    public let leftOut: Int
    private let numbers: [String: [Double]]
    private let texts: [String: [String]]
    private let optionals: [String: [Double?]]

    /// How many rows there are.
    public var count: Int { lines.count }

    /// Reads columns of a table.
    public static func read(_ path: String, _ columns: [(name: String, use: Use)]) throws -> AnalysisTable {
        var problems = TableProblems()
        let reader = Reader(columns)
        try TableFile.read(path, needs: columns.map(\.name), problems: &problems) { header, _ in
            reader.places = columns.map { header[$0.name]! }
            return { line, problems in reader.take(line, &problems) }
        }
        let table = AnalysisTable(path, reader)
        if problems.isEmpty, table.count == 0 { problems.add(0, nil, "no row has all the values that are needed") }
        try problems.throwIfAny(path)
        return table
    }

    /// The numbers of a column read as such.
    public func numbers(_ name: String) -> [Double] { numbers[name.lowercased()]! }
    /// The numbers of a column that may be missing.
    public func optionalNumbers(_ name: String) -> [Double?] { optionals[name.lowercased()]! }
    /// The words of a column.
    public func texts(_ name: String) -> [String] { texts[name.lowercased()]! }

    /// A factor of a column.
    public func factor(_ name: String, reference: String? = nil) throws(FileProblem) -> Factor {
        guard let factor = Factor(name, texts(name), reference: reference) else {
            let levels = Factor(name, texts(name))!.levels.joined(separator: ", ")
            throw FileProblem(path, .badData, "the column \(name) has no \(reference ?? ""); it has \(levels)")
        }
        return factor
    }

    /// Throws, naming every line, where a column differs within a patient, or a patient has a time twice.
    public func require(
        constant columns: [String] = [], once time: String? = nil, within id: String
    ) throws {
        var problems = TableProblems()
        let patients = texts(id)
        for column in columns {
            let values = texts[column.lowercased()] ?? numbers(column).map { "\($0)" }
            var first: [String: Int] = [:]
            for row in lines.indices {
                guard let before = first[patients[row]] else {
                    first[patients[row]] = row
                    continue
                }
                if values[before] != values[row] {
                    problems.add(
                        lines[row], column,
                        "\(patients[row]) has \(shown(values[row])), but \(shown(values[before])) in line \(lines[before])"
                    )
                }
            }
        }
        if let time {
            let values = texts[time.lowercased()] ?? numbers(time).map { "\($0)" }
            var seen: [[String]: Int] = [:]
            for row in lines.indices {
                let key = [patients[row], values[row]]
                if let before = seen[key] {
                    problems.add(
                        lines[row], time,
                        "\(patients[row]) has \(shown(values[row])) a second time; the first is line \(lines[before])")
                } else {
                    seen[key] = row
                }
            }
        }
        try problems.throwIfAny(path)
    }

    private func shown(_ value: String) -> String { value.hasSuffix(".0") ? String(value.dropLast(2)) : value }

    private init(_ path: String, _ reader: Reader) {
        (self.path, lines, leftOut) = (path, reader.lines, reader.leftOut)
        var (numbers, texts): ([String: [Double]], [String: [String]]) = ([:], [:])
        var optionals: [String: [Double?]] = [:]
        for (place, column) in reader.columns.enumerated() {
            let name = column.name.lowercased()
            switch column.use {
            case .number, .numberOrLeaveOut, .yesNo: numbers[name] = reader.values[place].map { $0 ?? .nan }
            case .optionalNumber: optionals[name] = reader.values[place]
            case .text, .textOrNone: texts[name] = reader.words[place]
            }
        }
        (self.numbers, self.texts, self.optionals) = (numbers, texts, optionals)
    }
}

/// Collects the rows of a table.
private final class Reader {
    let columns: [(name: String, use: AnalysisTable.Use)]
    var places: [Int] = []
    private(set) var lines: [Int] = []
    private(set) var values: [[Double?]]
    private(set) var words: [[String]]
    private(set) var leftOut = 0

    init(_ columns: [(name: String, use: AnalysisTable.Use)]) {
        self.columns = columns
        values = [[Double?]](repeating: [], count: columns.count)
        words = [[String]](repeating: [], count: columns.count)
    }

    func take(_ line: TableLine, _ problems: inout TableProblems) {
        var numbers = [Double?](repeating: nil, count: columns.count)
        var (leaveOut, isSound) = (false, true)
        for (place, column) in columns.enumerated() {
            let field = line[places[place]]
            switch column.use {
            case .text:
                if field.isEmpty {
                    problems.add(line.number, column.name, "the field is empty")
                    isSound = false
                }
            case .textOrNone: break
            case .yesNo:
                numbers[place] = Self.yesNo(field)
                if field.isEmpty {
                    leaveOut = true
                } else if numbers[place] == nil {
                    problems.add(line.number, column.name, "\"\(field)\" is neither yes nor no")
                    isSound = false
                }
            case .number, .numberOrLeaveOut, .optionalNumber:
                numbers[place] = field.isEmpty ? nil : line.number(places[place])
                if field.isEmpty {
                    if column.use == .number {
                        problems.add(line.number, column.name, "the field is empty")
                        isSound = false
                    }
                    if column.use == .numberOrLeaveOut { leaveOut = true }
                } else if numbers[place] == nil {
                    problems.add(line.number, column.name, "\"\(field)\" is not a number")
                    isSound = false
                }
            }
        }
        guard isSound else { return }
        if leaveOut {
            leftOut += 1
            return
        }
        lines.append(line.number)
        for place in columns.indices {
            if columns[place].use == .text || columns[place].use == .textOrNone {
                let word = line[places[place]]
                words[place].append(word.isEmpty ? "none" : word)
            } else {
                values[place].append(numbers[place])
            }
        }
    }

    private static func yesNo(_ field: String) -> Double? {
        switch field.lowercased() {
        case "1", "yes", "true", "y": 1
        case "0", "no", "false", "n": 0
        default: nil
        }
    }
}
