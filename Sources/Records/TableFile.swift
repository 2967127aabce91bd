/// A table read line by line from a file that is mapped, not copied: any length in the memory of one line [RFC4180].
///
/// UTF-8 with or without a byte-order mark; separated by the tabs, semicolons or commas of its header; fields in double
/// quotes may hold separators, line ends and doubled quotes. What is wrong with its form is noted and reading goes on.
public enum TableFile {
    /// Reads a table.
    ///
    /// - Parameters:
    ///   - needs: columns that must be there, compared without case.
    ///   - body: is given the header, and returns what is done with each line.
    public static func read(
        _ path: String, needs: [String] = [], problems: inout TableProblems,
        _ body: (TableHeader, inout TableProblems) -> (TableLine, inout TableProblems) -> Void
    ) throws {
        if InputFile.exists(path), !InputFile.isFolder(path) { try refuseBinary(path) }
        try InputFile.withMapped(path) { bytes in
            let scanner = LineScanner(bytes)
            guard scanner.next(&problems) else {
                problems.add(0, nil, "the table is empty; a header line was expected")
                return
            }
            let names = scanner.line.fields.map { $0.lowercased() }
            let header = TableHeader(columns: names)
            let missing = needs.filter { header[$0] == nil }
            if !missing.isEmpty {
                problems.add(
                    1, nil,
                    "the table needs the column\(missing.count > 1 ? "s" : "") \(missing.joined(separator: ", ")), "
                        + "but has \(names.joined(separator: ", "))")
            }
            for (place, name) in names.enumerated() where names[..<place].contains(name) && !name.isEmpty {
                problems.add(1, name, "the column stands twice")
            }
            if !problems.isEmpty { return }
            let take = body(header, &problems)
            if !problems.isEmpty { return }
            var count = 0
            while scanner.next(&problems) {
                count += 1
                if scanner.line.isBroken { continue }
                let fields = scanner.line.count
                if fields != names.count {
                    problems.add(
                        scanner.line.number, nil,
                        "there are \(fields) fields, but the header has \(names.count) columns")
                    continue
                }
                take(scanner.line, &problems)
            }
            if count == 0, problems.isEmpty { problems.add(0, nil, "the table has no rows below its header") }
        }
    }

    private static func refuseBinary(_ path: String) throws {
        struct Enough: Error {}
        do {
            try InputFile.forEachPiece(of: path) { piece in
                if piece.prefix(4096).contains(0) {
                    throw FileProblem(path, .badData, "this is not a text file in UTF-8")
                }
                throw Enough()
            }
        } catch is Enough {}
    }
}

/// The columns of a table.
public struct TableHeader: Sendable {
    /// Names in lower case, in order.
    public let columns: [String]

    /// The place of a column; `nil` where the table has none.
    public subscript(name: String) -> Int? { columns.firstIndex(of: name.lowercased()) }
    /// The place of the first of some names that is there.
    public func any(_ names: String...) -> Int? { names.lazy.compactMap { self[$0] }.first }
}

/// One line of a table, lent while it is read.
public struct TableLine {
    /// Its number in the file, from 1.
    public internal(set) var number = 1
    let bytes: UnsafeRawBufferPointer
    var ranges: [Range<Int>] = []
    var isQuoted: [Bool] = []
    /// Whether its form is wrong, so that its fields mean nothing.
    var isBroken = false
    /// Whether a comma is a decimal point in its numbers.
    public internal(set) var decimalComma = false

    /// How many fields it has.
    public var count: Int { ranges.count }
    var fields: [String] { ranges.indices.map { self[$0] } }

    /// A field without surrounding blanks and quotes; empty where the file has nothing or "n/a".
    public subscript(column: Int) -> String {
        let range = ranges[column]
        let raw = String(decoding: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self)
        let text = isQuoted[column] ? raw.replacingDoubledQuotes : raw
        return text.utf8.count == 3 && text.lowercased() == "n/a" ? "" : text
    }

    /// A field of a column that may not be there.
    public subscript(column: Int?) -> String { column.map { self[$0] } ?? "" }

    /// A number; `nil` where the field is none. A comma is a decimal point where semicolons separate the fields.
    public func number(_ column: Int) -> Double? { Self.number(self[column], decimalComma: decimalComma) }

    /// A number written in plain decimals.
    public static func number(_ text: String, decimalComma: Bool = false) -> Double? {
        guard text.utf8.allSatisfy({ (0x2B...0x2E).contains($0) || (0x30...0x39).contains($0) || $0 | 0x20 == 0x65 })
        else { return nil }
        let plain = decimalComma ? String(text.map { $0 == "," ? "." : $0 }) : text
        return Double(plain).flatMap { $0.isFinite ? $0 : nil }
    }
}

extension String {
    fileprivate var replacingDoubledQuotes: String {
        split(separator: "\"\"", omittingEmptySubsequences: false).joined(separator: "\"")
    }
}

/// Finds the lines and fields of a table in its bytes.
final class LineScanner {
    private let bytes: UnsafeRawBufferPointer
    private var place: Int
    private var lineNumber = 1
    private var separator: UInt8
    private var firstEnd: LineEnd?
    private var saidMixed = false
    private(set) var line: TableLine

    private enum LineEnd: String { case lf = "LF", crlf = "CR LF", cr = "CR" }

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        place = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let header = bytes[place...].prefix { $0 != 0x0A && $0 != 0x0D }
        let (commas, semicolons) = (header.count { $0 == 0x2C }, header.count { $0 == 0x3B })
        separator = header.contains(0x09) ? 0x09 : semicolons > commas ? 0x3B : 0x2C
        line = TableLine(bytes: bytes)
        line.decimalComma = separator == 0x3B
    }

    /// Goes to the next line that is not blank; false at the end.
    func next(_ problems: inout TableProblems) -> Bool {
        while place < bytes.count {
            if !scan(&problems) { return false }
            let isBlank = line.ranges.allSatisfy(\.isEmpty) && (line.count == 1 || separator == 0x09)
            if !isBlank { return true }
        }
        return false
    }

    /// Reads one line; false where a quote is never closed.
    private func scan(_ problems: inout TableProblems) -> Bool {
        line.ranges.removeAll(keepingCapacity: true)
        line.isQuoted.removeAll(keepingCapacity: true)
        line.number = lineNumber
        line.isBroken = false
        let lineStart = place
        var isASCII = true
        while true {
            while place < bytes.count, isBlank(bytes[place]) { place += 1 }
            let quoted = place < bytes.count && bytes[place] == 0x22
            var (start, end) = (place, place)
            if quoted {
                start += 1
                guard let close = closingQuote(from: start) else {
                    problems.add(line.number, nil, "the quotation mark opened in this line is never closed")
                    place = bytes.count
                    return false
                }
                for byte in bytes[start..<close] {
                    if byte == 0x0A { lineNumber += 1 }
                    if byte >= 0x80 { isASCII = false }
                }
                end = close
                place = close + 1
                let stray = place
                skip(&isASCII)
                if bytes[stray..<place].contains(where: { !isBlank($0) }) {
                    line.isBroken = true
                    problems.add(line.number, nil, "there is text behind a closing quotation mark")
                }
            } else {
                skip(&isASCII)
                end = place
                while end > start, isBlank(bytes[end - 1]) { end -= 1 }
            }
            line.ranges.append(start..<end)
            line.isQuoted.append(quoted)
            if place < bytes.count, bytes[place] == separator {
                place += 1
                continue
            }
            break
        }
        if !isASCII, String(validating: bytes[lineStart..<place], as: UTF8.self) == nil {
            line.isBroken = true
            problems.add(line.number, nil, "the line is not UTF-8 text; save the table as UTF-8")
        }
        endLine(&problems)
        return true
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (byte == 0x09 && separator != 0x09) }

    private func skip(_ isASCII: inout Bool) {
        while place < bytes.count {
            let byte = bytes[place]
            if byte == separator || byte == 0x0A || byte == 0x0D { return }
            if byte >= 0x80 { isASCII = false }
            place += 1
        }
    }

    private func closingQuote(from start: Int) -> Int? {
        var at = start
        while at < bytes.count {
            if bytes[at] == 0x22 {
                guard at + 1 < bytes.count, bytes[at + 1] == 0x22 else { return at }
                at += 1
            }
            at += 1
        }
        return nil
    }

    private func endLine(_ problems: inout TableProblems) {
        guard place < bytes.count else { return }
        let isPair = bytes[place] == 0x0D && place + 1 < bytes.count && bytes[place + 1] == 0x0A
        let end: LineEnd = isPair ? .crlf : bytes[place] == 0x0A ? .lf : .cr
        place += isPair ? 2 : 1
        if let firstEnd, firstEnd != end, !saidMixed {
            saidMixed = true
            problems.add(
                lineNumber, nil,
                "the line ends in \(end.rawValue), those before in \(firstEnd.rawValue); save the table with one kind of line end"
            )
        }
        if firstEnd == nil { firstEnd = end }
        lineNumber += 1
    }
}
