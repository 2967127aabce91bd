/// What a column of a table is read as.
enum ColumnUse: UInt8 {
    /// Not at all.
    case none
    /// Time as a number; a date and time; a time of day; a date.
    case number, dated, timeOfDay, date
    /// A measured value.
    case value
}

/// Reads lines of a table straight into columns of numbers, in one pass over the bytes; nothing is made in between.
final class RowParser {
    /// A column: what it is read as and, for a value, which of the columns of `values` it goes to.
    struct Column {
        var use = ColumnUse.none
        var slot = 0
    }

    /// Rows there is room for.
    let room: Int
    /// Columns of numbers, one after the other, `room` apart.
    let values: UnsafeMutablePointer<Double>
    /// The time of each row: whole units, and the rest. Rows are counted from the file's first where it has no time.
    let whole: UnsafeMutablePointer<Int64>
    let fraction: UnsafeMutablePointer<Double>
    /// Rows read since `begin`.
    private(set) var rows = 0
    /// The number of the line read last, from 1.
    private(set) var line = 0
    /// Lines left out because their time is missing.
    private(set) var untimed = 0
    /// Midnights that a time of day without a date has passed.
    private(set) var midnights: Int64 = 0
    /// The file's last line, where it breaks off and was left out; 0 otherwise.
    private(set) var cutLine = 0

    private let reader: FieldReader
    private let columns: UnsafeMutablePointer<Column>
    private let count: Int
    private let clock: ColumnUse
    private let hasDate: Bool
    private let firstLine: Int
    private var lastTime: Int64 = 0
    private var total: Int64 = 0

    init(_ reader: FieldReader, _ given: [Column], firstLine: Int, room: Int) {
        (self.reader, count, self.firstLine, self.room) = (reader, given.count, firstLine, room)
        let slots = given.reduce(1) { max($0, $1.slot + 1) }
        clock = given.map(\.use).first { $0 == .number || $0 == .dated || $0 == .timeOfDay } ?? .none
        hasDate = given.contains { $0.use == .date }
        // One more stands for all fields beyond the last.
        columns = .allocate(capacity: count + 1)
        columns.initialize(repeating: Column(), count: count + 1)
        for (place, column) in given.enumerated() { columns[place] = column }
        values = .allocate(capacity: slots * room)
        values.initialize(repeating: 0, count: slots * room)
        whole = .allocate(capacity: room)
        whole.initialize(repeating: 0, count: room)
        fraction = .allocate(capacity: room)
        fraction.initialize(repeating: 0, count: room)
        restart()
    }

    deinit {
        columns.deallocate()
        values.deallocate()
        whole.deallocate()
        fraction.deallocate()
    }

    /// Forgets all lines.
    func restart() {
        (rows, line, untimed, midnights, cutLine, lastTime, total) = (0, firstLine - 1, 0, 0, 0, 0, 0)
    }

    /// Makes room for the next rows.
    func begin() { rows = 0 }

    /// Reads lines until `end` or until there is no room; returns where the next line begins.
    ///
    /// - Parameters:
    ///   - start: where a line begins; every line before `end` has a line end.
    ///   - isOpen: whether the last of them is the file's last and had no line end of its own.
    func parse(
        _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, isOpen: Bool
    ) throws(RecordingError) -> UnsafePointer<UInt8> {
        let (reader, columns, count, room) = (reader, columns, count, room)
        let (values, whole, fraction) = (values, whole, fraction)
        var (p, row, line) = (start, rows, line)
        defer { (rows, self.line) = (row, line) }
        while p < end && row < room {
            line &+= 1
            if p.pointee <= 0x23, let next = Self.afterBlank(p) {
                p = next
                continue
            }
            var bad: UnsafePointer<UInt8>?
            var day: Int64 = 0
            var (found, isTimed) = (0, true)
            repeat {
                while p.pointee == 0x20 { p += 1 }
                let column = columns[found < count ? found : count]
                switch column.use {
                case .value: values[column.slot &* room &+ row] = reader.value(&p, &bad)
                case .none:
                    let field = p
                    reader.skip(&p)
                    // A separator at the end of a line opens a field that is none.
                    if found == count && p == field { found &-= 1 }
                case .number:
                    if let time = reader.time(&p, &bad) {
                        (whole[row], fraction[row]) = time
                    } else {
                        isTimed = false
                    }
                case .date:
                    if let date = reader.text(&p, &bad, .date) { day = date.whole } else { isTimed = false }
                case .dated, .timeOfDay:
                    if let time = reader.text(&p, &bad, column.use) {
                        (whole[row], fraction[row]) = (time.whole, time.fraction)
                    } else {
                        isTimed = false
                    }
                }
                found &+= 1
            } while Self.passSeparator(&p, reader.separator)
            let (next, isLast) = Self.afterLineEnd(p, end)
            p = next
            if bad != nil || found != count {
                guard isOpen && isLast && found <= count else { throw problem(line, bad, found) }
                cutLine = line
                continue
            }
            guard isTimed else {
                untimed += 1
                continue
            }
            if clock != .number { setClock(row, day) }
            row &+= 1
        }
        return p
    }

    /// The time of a row whose clock is no plain number.
    @inline(__always)
    private func setClock(_ row: Int, _ day: Int64) {
        if clock == .none {
            whole[row] = total
            total &+= 1
        } else if clock == .timeOfDay {
            if !hasDate {
                // Half a day back is midnight; less is a clock that was set.
                if whole[row] + 43200 < lastTime { midnights += 1 }
                lastTime = whole[row]
            }
            whole[row] += day + midnights * 86400
        }
    }

    private func problem(_ line: Int, _ bad: UnsafePointer<UInt8>?, _ found: Int) -> RecordingError {
        guard found == count, let bad else { return .unevenLine(line: line, fields: found, expected: count) }
        var end = bad
        reader.skip(&end)
        let (start, stop) = FieldReader.trimmed(bad, end)
        return .badNumber(line: line, field: FieldReader.text(start, stop))
    }

    @inline(__always)
    private static func passSeparator(_ p: inout UnsafePointer<UInt8>, _ separator: UInt8) -> Bool {
        if separator == 0x20 {
            while p.pointee == 0x20 { p += 1 }
            return p.pointee != 0x0A && p.pointee != 0x0D
        }
        guard p.pointee == separator else { return false }
        p += 1
        return true
    }

    /// Behind the end of a line, and whether that is `end`.
    @inline(__always)
    private static func afterLineEnd(
        _ p: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
    ) -> (UnsafePointer<UInt8>, Bool) {
        let next = p.pointee == 0x0D && p + 1 < end && p[1] == 0x0A ? p + 2 : p + 1
        return (next, next >= end)
    }

    /// Behind a line that is blank or a comment; `nil` where it is neither.
    private static func afterBlank(_ start: UnsafePointer<UInt8>) -> UnsafePointer<UInt8>? {
        var p = start
        while p.pointee == 0x20 || p.pointee == 0x09 { p += 1 }
        guard p.pointee == 0x0A || p.pointee == 0x0D || p.pointee == UInt8(ascii: "#") else { return nil }
        while p.pointee != 0x0A && p.pointee != 0x0D { p += 1 }
        return p.pointee == 0x0D && p[1] == 0x0A ? p + 2 : p + 1
    }
}
