import Records

/// Files of taps on a touch screen: CloudUPDRS and mPower.
///
/// CloudUPDRS has one line a touch or its end, without a header: time in ms, ms down, 0 for a touch and 1 for its end, x, y, pressure, size,
/// the target's x and y; a last line may count the taps. mPower has JSON with `TapTimeStamp` in s and `TapCoordinate`, or a table with `t` in s, `x`, `y` and
/// `buttonid`; it knows no ends of touches.
public enum TouchFile {
    /// A test that was read.
    public struct Contents: Sendable, Equatable {
        /// The format, as in "touch screen (CloudUPDRS)".
        public let format: String
        /// The taps, s after the first touch.
        public let taps: [TouchTapping.Tap]
    }

    /// The test in a file; `nil` where it is a file of something else.
    public static func read(_ path: String) throws(FileProblem) -> Contents? {
        let start = try naming(path) { try FileBytes(path).bytes(at: 0, count: 4096) }
        guard let kind = kind(of: start) else { return nil }
        return try naming(path) { try contents(InputFile.readText(path), kind) }
    }

    /// The test that a file's bytes hold; `nil` where they hold something else.
    public static func parse(_ bytes: [UInt8]) throws(RecordingError) -> Contents? {
        guard let kind = kind(of: Array(bytes.prefix(4096))) else { return nil }
        return try contents(bytes, kind)
    }

    private enum Kind { case cloudUPDRS, json, table }

    private static func contents(_ bytes: [UInt8], _ kind: Kind) throws(RecordingError) -> Contents {
        var (format, taps) = ("touch screen (mPower)", [TouchTapping.Tap]())
        switch kind {
        case .cloudUPDRS:
            format = "touch screen (CloudUPDRS)"
            taps = try cloudUPDRS(lines(bytes))
        case .json: taps = try json(bytes)
        case .table: taps = try table(lines(bytes))
        }
        guard let first = taps.first?.downS else { throw .empty }
        for place in taps.indices {
            taps[place].downS -= first
            taps[place].upS = taps[place].upS.map { $0 - first }
        }
        return Contents(format: format, taps: taps)
    }

    private static func kind(of start: [UInt8]) -> Kind? {
        guard let text = String(validating: start.prefix { $0 < 0x80 }, as: UTF8.self) else { return nil }
        if text.hasPrefix("["), text.contains("\"TapTimeStamp\"") { return .json }
        let lines = text.split(whereSeparator: \.isNewline)
        guard let first = lines.first else { return nil }
        let names = first.lowercased().split(separator: ",", omittingEmptySubsequences: false)
        if names == ["t", "x", "y", "buttonid"] { return .table }
        // The last line may be cut, or count the taps.
        let rows = lines.count > 1 ? lines.dropLast() : lines[...]
        let isCloudUPDRS = rows.allSatisfy { line in
            let numbers = fields(line)
            return numbers.count == 9 && numbers.allSatisfy { $0 != nil } && (numbers[2] == 0 || numbers[2] == 1)
                && (numbers[2] == 1 || numbers[1] == 0)
        }
        return isCloudUPDRS ? .cloudUPDRS : nil
    }

    private static func lines(_ bytes: [UInt8]) throws(RecordingError) -> [Substring] {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notText }
        return text.split(whereSeparator: \.isNewline)
    }

    private static func fields(_ line: Substring) -> [Double?] {
        line.split(separator: ",", omittingEmptySubsequences: false).map { field in
            Double(field.filter { $0 != " " }).flatMap { $0.isFinite ? $0 : nil }
        }
    }

    private static let total = "Total number of taps:"

    private static func cloudUPDRS(_ lines: [Substring]) throws(RecordingError) -> [TouchTapping.Tap] {
        var taps: [TouchTapping.Tap] = []
        for (place, line) in lines.enumerated() {
            if place == lines.count - 1, line.hasPrefix(total) {
                guard Int(line.dropFirst(total.count).filter { $0 != " " }) == taps.count else {
                    throw .damaged("its last line is \"\(line.prefix(60))\", and it has \(taps.count)")
                }
                continue
            }
            let found = fields(line)
            guard found.count == 9 else { throw .unevenLine(line: place + 1, fields: found.count, expected: 9) }
            let f = found.compactMap { $0 }
            guard f.count == 9 else { throw .badNumber(line: place + 1, field: String(line.prefix(40))) }
            let at = SIMD2(f[3], f[4])
            if f[2] == 0 {
                taps.append(.init(downS: f[0] / 1000, down: at, target: SIMD2(f[7], f[8])))
            } else {
                guard let last = taps.indices.last, taps[last].upS == nil else {
                    throw .damaged("line \(place + 1) is the end of a touch that has no beginning")
                }
                (taps[last].upS, taps[last].up) = (f[0] / 1000, at)
            }
        }
        return taps
    }

    private static func json(_ bytes: [UInt8]) throws(RecordingError) -> [TouchTapping.Tap] {
        guard let rows = (try? JSONValue(parsing: bytes))?.elements else { throw .damaged("it is no JSON") }
        var taps: [TouchTapping.Tap] = []
        for (place, row) in rows.enumerated() {
            let numbers = (row["TapCoordinate"]?.string ?? "").filter { !"{} ".contains($0) }.split(separator: ",")
                .compactMap { Double($0) }
            guard let time = row["TapTimeStamp"]?.double, time.isFinite, numbers.count == 2 else {
                throw .damaged("tap \(place + 1) has no TapTimeStamp or no TapCoordinate of two numbers")
            }
            taps.append(.init(downS: time, down: SIMD2(numbers[0], numbers[1])))
        }
        return taps
    }

    private static func table(_ lines: [Substring]) throws(RecordingError) -> [TouchTapping.Tap] {
        var taps: [TouchTapping.Tap] = []
        for (place, line) in lines.enumerated().dropFirst() {
            let numbers = line.split(separator: ",", omittingEmptySubsequences: false).prefix(3).compactMap {
                Double($0)
            }
            guard numbers.count == 3, numbers.allSatisfy(\.isFinite) else {
                throw .badNumber(line: place + 1, field: String(line.prefix(40)))
            }
            taps.append(.init(downS: numbers[0], down: SIMD2(numbers[1], numbers[2])))
        }
        return taps
    }
}

extension TouchTapping {
    /// The test of a file, or of the part of it between two times, s after the first touch.
    ///
    /// Throws where there are fewer than four taps, where they are out of order, and where one begins before the last one ended.
    public init(reading contents: TouchFile.Contents, part: ClosedRange<Double>? = nil) throws(RecordingError) {
        let taps = contents.taps.filter { part?.contains($0.downS) ?? true }
        guard taps.count >= 4 else { throw .noValidWindow("there are only \(taps.count) taps; four are needed") }
        guard let test = TouchTapping(taps: taps) else {
            throw .noValidWindow(
                "touches are out of order, at one time, or overlap (two fingers at once): which tap follows which is not known"
            )
        }
        self = test
    }

    /// The time that was looked at: from the first touch to the last.
    public var time: AnalyzedTime {
        let last = taps[taps.count - 1]
        return AnalyzedTime(ofTest: (last.upS ?? last.downS) - taps[0].downS)
    }
}
