/// A table of text with one header line, separated by tabs or commas [RFC4180].
///
/// A field in double quotes may hold separators, line ends and doubled quotes. "n/a" and an empty field are no value.
public struct DelimitedTable: Sendable, Equatable {
    /// Column names, in order, without surrounding blanks.
    public var columns: [String]
    /// One row a line; every row has as many fields as there are columns.
    public var rows: [[String]]

    /// A table of given columns and rows.
    public init(columns: [String], rows: [[String]]) { (self.columns, self.rows) = (columns, rows) }

    /// Why a table cannot be read.
    public enum Problem: Error, Equatable, CustomStringConvertible {
        case empty
        case notText
        case unevenRow(line: Int, fields: Int, columns: Int)
        case unclosedQuote(line: Int)

        /// One sentence for the person holding the file.
        public var description: String {
            switch self {
            case .empty: "the table is empty; a header line was expected"
            case .notText: "the table is not UTF-8 text"
            case .unevenRow(let line, let fields, let columns):
                "line \(line) has \(fields) fields, but the header has \(columns) columns"
            case .unclosedQuote(let line): "the quotation mark opened in line \(line) is never closed"
            }
        }
    }

    /// Reads a table; the separator is a tab where the header line has one, else a comma.
    public init(parsing bytes: [UInt8]) throws(Problem) {
        guard
            let text = String(
                validating: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...], as: UTF8.self)
        else { throw .notText }
        let header = text.prefix { !$0.isNewline }
        let separator: Character = header.contains("\t") ? "\t" : ","
        let lines = try Self.split(text, separator)
        guard let first = lines.first else { throw .empty }
        columns = first.fields.map(Self.trimmed)
        rows = []
        for line in lines.dropFirst() {
            guard line.fields.count == columns.count else {
                throw .unevenRow(line: line.number, fields: line.fields.count, columns: columns.count)
            }
            rows.append(line.fields.map(Self.trimmed))
        }
    }

    /// The place of a column, compared without case; the first of `names` that is there.
    public func column(_ names: String...) -> Int? {
        for name in names {
            if let place = columns.firstIndex(where: { $0.lowercased() == name.lowercased() }) { return place }
        }
        return nil
    }

    /// The table as tab-separated text.
    public var tsv: String {
        ([columns] + rows).map { $0.joined(separator: "\t") }.joined(separator: "\n") + "\n"
    }

    /// The table as comma-separated text, with quotes where a field needs them.
    public var csv: String {
        func quoted(_ field: String) -> String {
            field.contains { $0 == "," || $0 == "\"" || $0.isNewline }
                ? "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
                : field
        }
        return ([columns] + rows).map { $0.map(quoted).joined(separator: ",") }.joined(separator: "\n") + "\n"
    }

    private static func trimmed(_ field: String) -> String {
        var slice = Substring(field)
        while slice.first?.isWhitespace == true { slice.removeFirst() }
        while slice.last?.isWhitespace == true { slice.removeLast() }
        return String(slice)
    }

    private static func split(_ text: String, _ separator: Character) throws(Problem) -> [(
        number: Int, fields: [String]
    )] {
        var lines: [(number: Int, fields: [String])] = []
        var (fields, field): ([String], String) = ([], "")
        var (number, started, quoteLine) = (1, 1, 0)
        var inQuotes = false
        func isBlank() -> Bool { fields.isEmpty && field.allSatisfy(\.isWhitespace) }
        var characters = text.makeIterator()
        var pending = characters.next()
        while let character = pending {
            pending = characters.next()
            if inQuotes {
                if character == "\"" && pending == "\"" {
                    field.append("\"")
                    pending = characters.next()
                } else if character == "\"" {
                    inQuotes = false
                } else {
                    field.append(character)
                }
            } else if character == "\"" && field.isEmpty {
                (inQuotes, quoteLine) = (true, number)
            } else if character == separator {
                fields.append(field)
                field = ""
            } else if character.isNewline {
                if !isBlank() { lines.append((started, fields + [field])) }
                (fields, field) = ([], "")
                started = number + 1
            } else {
                field.append(character)
            }
            if character.isNewline { number += 1 }
        }
        guard !inQuotes else { throw .unclosedQuote(line: quoteLine) }
        if !isBlank() { lines.append((started, fields + [field])) }
        return lines
    }
}
