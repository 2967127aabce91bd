/// Recordings as text: one sample a line, separated by commas, semicolons, tabs or blanks, with or without a header.
///
/// Columns are found by their names, or by their number without a header. Time may be in s, ms, µs or ns, or a date and time
/// of day; without it a rate is needed. What is not said and cannot be told is refused.
public enum RecordingCSV {
    /// What the file does not say itself.
    public struct Options: Sendable {
        /// The unit of the acceleration; `nil` takes it from the header or from the size of gravity.
        public var unit: AccelerationUnit?
        /// Samples a second, for a file without times.
        public var sampleRateHz: Double?

        /// Options.
        public init(unit: AccelerationUnit? = nil, sampleRateHz: Double? = nil) {
            (self.unit, self.sampleRateHz) = (unit, sampleRateHz)
        }
    }

    /// Reads a recording.
    public static func read(_ bytes: [UInt8], options: Options = Options()) throws(RecordingError) -> Recording {
        var table = SampleTable(options)
        try table.read(bytes)
        return try table.recording()
    }
}

/// A recording being read: times and three axes, and what was noticed.
private struct SampleTable {
    private let options: RecordingCSV.Options
    private var times: [Double] = []
    private var axes: [[Double]] = [[], [], []]
    private var flags: [String] = []
    private var roles = ColumnRoles(columns: 3)!
    private var hasTextTimes = false
    private var missing = 0
    private var lines = 0

    init(_ options: RecordingCSV.Options) { self.options = options }

    mutating func read(_ bytes: [UInt8]) throws(RecordingError) {
        // Text has no zero bytes; a disk image or a recording in a binary format has, near its beginning.
        guard !bytes.prefix(1 << 16).contains(0) else { throw .notText }
        var failure: RecordingError?
        bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            do throws(RecordingError) { try read(base, buffer.count) } catch { failure = error }
        }
        if let failure { throw failure }
        guard !axes[0].isEmpty else { throw .empty }
    }

    private mutating func read(_ bytes: UnsafePointer<UInt8>, _ count: Int) throws(RecordingError) {
        var place = count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
        var line = 0
        var separator = UInt8(ascii: ",")
        var columns = 0
        var fields: [(start: Int, end: Int)] = []
        while place < count {
            var end = place
            while end < count && bytes[end] != 0x0A && bytes[end] != 0x0D { end &+= 1 }
            defer { place = end + (end + 1 < count && bytes[end] == 0x0D && bytes[end + 1] == 0x0A ? 2 : 1) }
            line += 1
            if Self.isBlank(bytes, place, end) { continue }
            if columns == 0 { separator = Self.separator(bytes, place, end) }
            Self.split(bytes, place, end, separator, into: &fields)
            if columns == 0 {
                columns = fields.count
                reserve(count / max(1, end - place) + 16)
                if try begin(bytes, fields) { continue }
            }
            guard fields.count == columns || fields.count == columns + 1 && fields[columns].start == fields[columns].end
            else {
                throw .unevenLine(line: line, fields: fields.count, expected: columns)
            }
            try add(bytes, fields, line)
        }
    }

    /// Looks at the first line; returns whether it is a header.
    private mutating func begin(_ bytes: UnsafePointer<UInt8>, _ fields: [(start: Int, end: Int)])
        throws(RecordingError) -> Bool
    {
        let texts = fields.map {
            String(decoding: UnsafeBufferPointer(start: bytes + $0.start, count: $0.end - $0.start), as: UTF8.self)
        }
        let isNumber = fields.map { NumberParser.double(bytes, $0.start, $0.end) != nil }
        let isStamp = fields.map { TimeStamp.seconds(bytes, $0.start, $0.end) != nil }
        let isHeader = zip(isNumber, isStamp).filter { !$0 && !$1 }.count > fields.count / 2
        guard let found = isHeader ? ColumnRoles(header: texts) : ColumnRoles(columns: fields.count) else {
            throw .unknownLayout(texts)
        }
        roles = found
        return isHeader
    }

    private mutating func reserve(_ samples: Int) {
        times.reserveCapacity(samples)
        for axis in 0..<3 { axes[axis].reserveCapacity(samples) }
    }

    private mutating func add(
        _ bytes: UnsafePointer<UInt8>, _ fields: [(start: Int, end: Int)], _ line: Int
    ) throws(RecordingError) {
        lines += 1
        var time = Double(lines - 1)
        if let column = roles.time {
            let (start, end) = fields[column]
            if let value = hasTextTimes ? nil : NumberParser.double(bytes, start, end) {
                time = value
            } else if let value = TimeStamp.seconds(bytes, start, end) {
                time = value
                hasTextTimes = true
            } else {
                throw .badNumber(line: line, field: Self.text(bytes, start, end))
            }
        }
        var sample = SIMD3<Double>.zero
        for axis in 0..<3 {
            sample[axis] = try Self.value(bytes, fields[roles.acceleration[axis]], line)
            if let gravity = roles.gravity { sample[axis] += try Self.value(bytes, fields[gravity[axis]], line) }
        }
        guard sample.x.isFinite, sample.y.isFinite, sample.z.isFinite, time.isFinite else {
            missing += 1
            return
        }
        times.append(time)
        for axis in 0..<3 { axes[axis].append(sample[axis]) }
    }

    /// A field's number; NaN where it is empty or says that there is none.
    private static func value(
        _ bytes: UnsafePointer<UInt8>, _ field: (start: Int, end: Int), _ line: Int
    ) throws(RecordingError) -> Double {
        if let number = NumberParser.double(bytes, field.start, field.end) { return number }
        let text = text(bytes, field.start, field.end).lowercased()
        guard ["", "n/a", "na", "null", "none"].contains(text) else { throw .badNumber(line: line, field: text) }
        return .nan
    }

    // MARK: - From columns to a recording

    consuming func recording() throws(RecordingError) -> Recording {
        let scale = try unitScale()
        for axis in 0..<3 {
            for place in axes[axis].indices { axes[axis][place] *= scale }
        }
        if missing > 0 { flags.append("\(missing) samples without a number were left out; long runs of them are gaps") }
        try scaleTimes()
        var base = TimeBase()
        let (clock, columns) = base.ordered(times, axes)
        flags += Clipping.flags(of: columns)
        let (segments, gaps) = try base.segments(clock, columns)
        if !gaps.isEmpty {
            let longest = gaps.map(\.durationS).max() ?? 0
            flags.append("\(gaps.count) gaps, the longest of \(significantText(longest)) s")
        }
        return Recording(
            segments: segments, gaps: gaps, durationS: clock[clock.count - 1] - clock[0], samples: clock.count,
            hasGravity: hasGravity(columns), flags: flags + base.flags)
    }

    private mutating func scaleTimes() throws(RecordingError) {
        guard roles.time != nil else {
            guard let rate = options.sampleRateHz, rate > 0 else { throw .noSampleRate }
            for place in times.indices { times[place] /= rate }
            return
        }
        let first = times[0]
        for place in times.indices { times[place] -= first }
        if hasTextTimes { return }
        let steps = zip(times.dropFirst(), times).map { $0 - $1 }.filter { $0 > 0 }
        guard !steps.isEmpty else { throw .notIncreasing }
        // A wearable samples 3 to 3000 times a second: the step says whether times are in s, ms, µs or ns.
        let step = TimeBase.median(steps)
        let scale = roles.timeScale ?? (step < 0.3 ? 1 : step < 300 ? 1e-3 : step < 3e5 ? 1e-6 : 1e-9)
        if scale != 1 { for place in times.indices { times[place] *= scale } }
    }

    private mutating func unitScale() throws(RecordingError) -> Double {
        if let stated = options.unit ?? roles.unit { return stated.scale }
        let sizes = axes[0].indices.map { place -> Double in
            let (x, y, z) = (axes[0][place], axes[1][place], axes[2][place])
            return (x * x + y * y + z * z).squareRoot()
        }
        let median = TimeBase.median(sizes)
        // Gravity is in the signal of an accelerometer at all times; its size tells the unit.
        for unit in AccelerationUnit.allCases {
            let gravity = AccelerationUnit.standardGravity / unit.scale
            if median > gravity * 0.6 && median < gravity * 1.6 {
                flags.append("the unit was taken as \(unit.rawValue) from the size of gravity")
                return unit.scale
            }
        }
        throw .unknownUnit(median: median)
    }

    private func hasGravity(_ columns: [[Double]]) -> Bool {
        let means = columns.map { $0.reduce(0, +) / Double($0.count) }
        return means.reduce(0) { $0 + $1 * $1 }.squareRoot() > AccelerationUnit.standardGravity / 2
    }

    // MARK: - Lines and fields

    private static func isBlank(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
        var i = start
        while i < end && (bytes[i] == 0x20 || bytes[i] == 0x09) { i += 1 }
        return i == end || bytes[i] == UInt8(ascii: "#")
    }

    private static func separator(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> UInt8 {
        let line = UnsafeBufferPointer(start: bytes + start, count: end - start)
        for candidate in [UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: ",")] where line.contains(candidate) {
            return candidate
        }
        return 0x20
    }

    private static func split(
        _ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ separator: UInt8,
        into fields: inout [(start: Int, end: Int)]
    ) {
        fields.removeAll(keepingCapacity: true)
        var first = start
        for i in start..<end where bytes[i] == separator {
            if separator != 0x20 || i > first { fields.append((first, i)) }
            first = i &+ 1
        }
        if separator != 0x20 || first < end { fields.append((first, end)) }
    }

    private static func text(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> String {
        String(decoding: UnsafeBufferPointer(start: bytes + start, count: min(end - start, 40)), as: UTF8.self)
            .filter { $0 != " " && $0 != "\"" }
    }
}
