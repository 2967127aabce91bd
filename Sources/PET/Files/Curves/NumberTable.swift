import Records

/// A table of numbers as PET programs write them: tabs, commas, semicolons or blanks between fields, `#` before comments.
struct NumberTable {
    /// Column names.
    var columns: [String]
    /// One row a line.
    var rows: [[String]]
    /// The line of the file on which each row stands, from 1.
    var lines: [Int]
    /// Comments in order, without the mark.
    var comments: [String]
    /// Whether fields are separated by tabs.
    var isTabbed: Bool

    /// Reads a table whose first line that is no comment names the columns.
    init(parsing bytes: [UInt8]) throws(CurveProblem) {
        let text = try Self.text(bytes)
        var body: [(number: Int, text: String)] = []
        comments = []
        for (place, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let plain = Field.trimmed(line)
            if plain.hasPrefix("#") {
                comments.append(Field.trimmed(plain.drop { $0 == "#" }))
            } else if !plain.isEmpty {
                // Blanks at the start of a line may be an empty field between tabs.
                body.append((place + 1, line.contains("\t") ? String(line) : plain))
            }
        }
        guard let first = body.first else { throw .empty }
        if let names = Self.missingHeader(first.text, comments) { body.insert((first.number, names), at: 0) }
        let header = body[0]
        isTabbed = header.text.contains("\t")
        let separator: Character? = [Character]("\t,;").first { first.text.contains($0) }
        if separator == nil || separator == ";" {
            body = body.map { line in
                let fields =
                    separator == nil
                    ? line.text.split(whereSeparator: \.isWhitespace)
                    : line.text.split(separator: ";", omittingEmptySubsequences: false)
                return (line.number, fields.joined(separator: "\t"))
            }
        }
        // A separator behind the last name, as PMOD leaves one, is no column.
        if let last = body[0].text.last, last == "\t" || last == "," { body[0].text.removeLast() }
        let table: DelimitedTable
        do {
            table = try DelimitedTable(parsing: Array(body.map(\.text).joined(separator: "\n").utf8))
        } catch let problem {
            throw .table(Self.renumbered(problem, body.map(\.number)))
        }
        (columns, rows, lines) = (table.columns, table.rows, body.dropFirst().map(\.number))
        guard rows.count == lines.count else { throw .header(line: header.number, "a quoted field runs over lines") }
        guard !rows.isEmpty else { throw .empty }
    }

    /// Names for columns whose first line is numbers already: the words of the last comment where they are as many, else
    /// "column_1" and so on. `nil` where the line is a header.
    private static func missingHeader(_ line: String, _ comments: [String]) -> String? {
        let fields = line.split { $0.isWhitespace || $0 == "," || $0 == ";" }
        guard !fields.isEmpty, fields.allSatisfy({ Double($0) != nil }) else { return nil }
        let separator = [Character]("\t,;").first { line.contains($0) } ?? "\t"
        let words = comments.last.map { $0.split(whereSeparator: \.isWhitespace) } ?? []
        let names = words.count == fields.count ? words.map(String.init) : fields.indices.map { "column_\($0 + 1)" }
        return names.joined(separator: String(separator))
    }

    /// The rows of one scan, where a column names scans. Throws where there are several and none is chosen.
    func scan(_ wanted: String?, option: String = "--scan") throws(CurveProblem) -> NumberTable {
        guard let place = columns.firstIndex(where: Self.namesScan) else {
            if let wanted { throw .noScan(wanted, []) }
            return self
        }
        var names: [String] = []
        for row in rows where !names.contains(row[place]) { names.append(row[place]) }
        guard let name = wanted ?? (names.count == 1 ? names[0] : nil) else {
            throw .severalScans(names, option: option)
        }
        guard names.contains(name) else { throw .noScan(name, names) }
        return filtered { $0[place] == name }
    }

    /// Whether a column names the scans of a table that has several.
    static func namesScan(_ column: String) -> Bool {
        ["pet", "scan", "scanid", "subject", "participantid", "participant", "session"]
            .contains(ColumnTitle(column).key)
    }

    /// The text of a file with line ends of one kind.
    static func text(_ bytes: [UInt8]) throws(CurveProblem) -> String {
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
        guard let text = String(validating: body, as: UTF8.self) else { throw .table(.notText) }
        // "\r\n" is one Character.
        return String(text.map { $0.isNewline ? "\n" : $0 })
    }

    private static func renumbered(_ problem: DelimitedTable.Problem, _ lines: [Int]) -> DelimitedTable.Problem {
        func line(_ number: Int) -> Int { lines.indices.contains(number - 1) ? lines[number - 1] : number }
        switch problem {
        case .unevenRow(let number, let fields, let columns):
            return .unevenRow(line: line(number), fields: fields, columns: columns)
        case .unclosedQuote(let number): return .unclosedQuote(line: line(number))
        case .empty, .notText: return problem
        }
    }

    /// A column of numbers; NaN for "n/a", "NA", "NaN", "." and empty fields.
    func numbers(_ column: Int) throws(CurveProblem) -> [Double] {
        var values: [Double] = []
        values.reserveCapacity(rows.count)
        for (row, line) in zip(rows, lines) {
            guard let value = Field.number(row[column]) else {
                throw .badNumber(line: line, column: columns[column], row[column])
            }
            values.append(value)
        }
        return values
    }

    /// Those rows for which `keep` holds.
    private func filtered(_ keep: ([String]) -> Bool) -> NumberTable {
        var result = self
        let places = rows.indices.filter { keep(rows[$0]) }
        (result.rows, result.lines) = (places.map { rows[$0] }, places.map { lines[$0] })
        return result
    }
}

/// One field of a table.
enum Field {
    /// A number of a table; NaN where the field says that there is none, `nil` where it is no number.
    static func number(_ field: some StringProtocol) -> Double? {
        switch field {
        case "", ".", "n/a", "N/A", "NA", "na", "nan", "NaN", "NAN", "-": return .nan
        default:
            guard let value = Double(field), value.isFinite else { return nil }
            return value
        }
    }

    /// A text without blanks at its ends.
    static func trimmed(_ text: some StringProtocol) -> String {
        var slice = Substring(text)
        while slice.first?.isWhitespace == true { slice.removeFirst() }
        while slice.last?.isWhitespace == true { slice.removeLast() }
        return String(slice)
    }
}
