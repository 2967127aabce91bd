/// The first lines of a text, for finding out how it is laid out.
struct TextLines {
    /// A line that is neither blank nor a comment.
    struct Line {
        /// Its text without the line end.
        var text: String
        /// Its first byte in the file.
        var start: Int
        /// Its number, from 1.
        var number: Int
    }

    /// Lines in order.
    private(set) var lines: [Line] = []
    /// A line feed, or a carriage return in files that have no other.
    let lineEnd: UInt8

    /// - Parameters:
    ///   - bytes: the beginning of a file.
    ///   - isWhole: whether they are all of it, so that the last line is complete.
    init(_ bytes: [UInt8], isWhole: Bool, most: Int = 1000) {
        lineEnd = bytes.contains(0x0A) ? 0x0A : 0x0D
        // A byte order mark belongs to no line.
        var place = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var number = 0
        while place < bytes.count && lines.count < most {
            let end = bytes[place...].firstIndex(of: lineEnd) ?? bytes.count
            guard end < bytes.count || isWhole else { break }
            number += 1
            var text = bytes[place..<end]
            while text.last == 0x0D { text.removeLast() }
            let first = text.first { $0 != 0x20 && $0 != 0x09 }
            if first != nil && first != UInt8(ascii: "#") {
                lines.append(Line(text: String(decoding: text, as: UTF8.self), start: place, number: number))
            }
            place = end + 1
        }
    }
}

/// Fields of one line.
enum TextFields {
    /// A tab, a semicolon, a comma, or else blanks, whatever the line has first in this order.
    static func separator(of line: String) -> UInt8 {
        for mark in [UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: ",")] where line.utf8.contains(mark) {
            return mark
        }
        return 0x20
    }

    /// Fields without blanks and quotes around them; blanks as separators may be several.
    static func split(_ line: String, _ separator: UInt8) -> [String] {
        var (fields, field, isQuoted): ([[UInt8]], [UInt8], Bool) = ([], [], false)
        for byte in line.utf8 {
            if byte == 0x22 { isQuoted.toggle() }
            if byte == separator && !isQuoted {
                if separator != 0x20 || !field.isEmpty { fields.append(field) }
                field = []
            } else {
                field.append(byte)
            }
        }
        if separator != 0x20 || !field.isEmpty { fields.append(field) }
        return fields.map { field in
            let isAround: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x22 }
            let end = field.lastIndex { !isAround($0) }.map { $0 + 1 } ?? 0
            return String(decoding: field[..<end].drop(while: isAround), as: UTF8.self)
        }
    }

    /// Whether a field is a number.
    static func number(_ text: String, point: UInt8 = 0x2E) -> Double? {
        withBytes(text) { NumberParser.double($0, $1, point: point) }
    }

    /// A field as a date and time.
    static func dated(_ text: String, _ order: TimeStamp.DateOrder) -> TimeStamp? {
        withBytes(text) { TimeStamp.dated($0, $1, order) }
    }

    /// A field as a time of day.
    static func timeOfDay(_ text: String) -> TimeStamp? { withBytes(text) { TimeStamp.timeOfDay($0, $1) } }

    /// A field as a date, s since 1970.
    static func date(_ text: String, _ order: TimeStamp.DateOrder) -> Int64? {
        withBytes(text) { TimeStamp.date($0, $1, order) }
    }

    /// The order of a date, where its parts tell.
    static func order(_ text: String) -> TimeStamp.DateOrder? {
        let parts = text.split { !$0.isNumber }.prefix(3).map { Int($0) ?? 0 }
        guard parts.count == 3, text.first?.isNumber == true else { return nil }
        if parts[0] > 31 { return .yearMonthDay }
        let mark = text.first { !$0.isNumber }
        if parts[0] > 12 || mark == "." { return .dayMonthYear }
        return parts[1] > 12 ? .monthDayYear : nil
    }

    private static func withBytes<R>(
        _ text: String, _ body: (UnsafePointer<UInt8>, UnsafePointer<UInt8>) -> R?
    ) -> R? {
        var text = text
        return text.withUTF8 { buffer in buffer.baseAddress.flatMap { body($0, $0 + buffer.count) } }
    }
}
