import Records

/// What readers of a blinded export wrote down.
public struct ReadingTable: Sendable {
    /// One reading.
    public struct Reading: Sendable, Equatable {
        /// The code of the scan.
        public var read: String
        /// Who read it.
        public var reader: String
        /// The value, in the readers' unit; `nil` where the table has none.
        public var value: Double?
        /// The visual class, a whole number; `nil` where the table has none.
        public var grade: Int?
    }

    /// Readings in the order of their tables.
    public private(set) var readings: [Reading] = []

    /// No readings yet.
    public init() {}

    /// Adds a table with the columns code, reader, and value or class or both. Throws with every problem of the table: a
    /// scan that the key does not have, one that a reader has twice, what is no number.
    public mutating func add(_ path: String, known: Set<String>) throws {
        var problems = TableProblems()
        var found = readings
        var seen = Set(readings.map { "\($0.read)\t\($0.reader)" })
        try TableFile.read(path, needs: ["code", "reader"], problems: &problems) { header, problems in
            let (code, reader) = (header["code"] ?? 0, header["reader"] ?? 0)
            let (value, grade) = (header["value"], header["class"])
            if value == nil, grade == nil { problems.add(1, nil, "the table needs the column value, or class") }
            return { line, problems in
                let before = problems.count
                var reading = Reading(read: line[code], reader: line[reader])
                if reading.reader.isEmpty { problems.add(line.number, "reader", "the field is empty") }
                if !known.contains(reading.read) {
                    problems.add(line.number, "code", "\"\(reading.read)\" is no scan of this export")
                }
                if let value, !line[value].isEmpty {
                    reading.value = line.number(value)
                    if reading.value == nil { problems.add(line.number, "value", "\"\(line[value])\" is no number") }
                }
                if let grade, !line[grade].isEmpty {
                    reading.grade = line.number(grade).flatMap { Int(exactly: $0) }
                    if reading.grade == nil {
                        problems.add(line.number, "class", "\"\(line[grade])\" is no whole number")
                    }
                }
                if !seen.insert("\(reading.read)\t\(reading.reader)").inserted {
                    problems.add(line.number, "reader", "\(reading.reader) has read \(reading.read) before")
                }
                if problems.count == before { found.append(reading) }
            }
        }
        try problems.throwIfAny(path)
        readings = found
    }

    /// The readers, sorted.
    public var readers: [String] { Set(readings.map(\.reader)).sorted() }

    /// What every reader said of each scan that all of them read, in the order of the key: a row a scan, a column a reader.
    public func complete<Value>(_ scans: [String], _ value: (Reading) -> Value?) -> [[Value]] {
        let readers = readers
        var said: [String: [String: Value]] = [:]
        for reading in readings {
            if let found = value(reading) { said[reading.read, default: [:]][reading.reader] = found }
        }
        return scans.compactMap { scan in
            let row = readers.compactMap { said[scan]?[$0] }
            return row.count == readers.count ? row : nil
        }
    }
}
