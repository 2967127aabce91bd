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
    private var x: [Double] = []
    private var y: [Double] = []
    private var z: [Double] = []
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
        guard !x.isEmpty else { throw .empty }
    }

    private mutating func read(_ bytes: UnsafePointer<UInt8>, _ size: Int) throws(RecordingError) {
        var table = FieldSplitter(bytes, size)
        guard table.next(bytes, size) else { return }
        let columns = table.count
        let isHeader = try begin(bytes, table)
        guard !isHeader || table.next(bytes, size) else { return }
        reserve((size - table.field(0).start) / max(8, table.field(table.count - 1).end - table.field(0).start) + 16)
        repeat {
            let (count, line) = (table.count, table.line)
            // A separator at the end of every line opens one more field, an empty one.
            guard count == columns || count == columns + 1 && table.field(columns).start == table.field(columns).end
            else {
                throw .unevenLine(line: line, fields: count, expected: columns)
            }
            try add(bytes, table)
        } while table.next(bytes, size)
    }

    /// Looks at the first line; returns whether it is a header.
    private mutating func begin(
        _ bytes: UnsafePointer<UInt8>, _ table: borrowing FieldSplitter
    ) throws(RecordingError) -> Bool {
        guard table.count <= FieldSplitter.most else { throw .unknownLayout([]) }
        let fields = (0..<table.count).map { table.field($0) }
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
        x.reserveCapacity(samples)
        y.reserveCapacity(samples)
        z.reserveCapacity(samples)
    }

    private mutating func add(
        _ bytes: UnsafePointer<UInt8>, _ table: borrowing FieldSplitter
    ) throws(RecordingError) {
        let line = table.line
        lines += 1
        var time = Double(lines - 1)
        if let column = roles.time {
            let (start, end) = table.field(column)
            if let value = hasTextTimes ? nil : NumberParser.double(bytes, start, end) {
                time = value
            } else if let value = TimeStamp.seconds(bytes, start, end) {
                time = value
                hasTextTimes = true
            } else {
                throw .badNumber(line: line, field: Self.text(bytes, start, end))
            }
        }
        var sample = SIMD3(
            try Self.value(bytes, table.field(roles.acceleration.x), line),
            try Self.value(bytes, table.field(roles.acceleration.y), line),
            try Self.value(bytes, table.field(roles.acceleration.z), line))
        if let gravity = roles.gravity {
            sample.x += try Self.value(bytes, table.field(gravity.x), line)
            sample.y += try Self.value(bytes, table.field(gravity.y), line)
            sample.z += try Self.value(bytes, table.field(gravity.z), line)
        }
        guard sample.x.isFinite, sample.y.isFinite, sample.z.isFinite, time.isFinite else {
            missing += 1
            return
        }
        times.append(time)
        x.append(sample.x)
        y.append(sample.y)
        z.append(sample.z)
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
        if scale != 1 {
            for place in x.indices {
                x[place] *= scale
                y[place] *= scale
                z[place] *= scale
            }
        }
        if missing > 0 { flags.append("\(missing) samples without a number were left out; long runs of them are gaps") }
        try scaleTimes()
        var base = TimeBase()
        let (clock, columns) = base.ordered(times, [x, y, z])
        flags += Clipping.flags(of: columns)
        let (segments, gaps) = try base.segments(clock, columns)
        if !gaps.isEmpty {
            let longest = gaps.map(\.durationS).max() ?? 0
            flags.append("\(gaps.count) gaps, the longest of \(significantText(longest)) s")
        }
        return Recording(
            segments: segments, gaps: gaps, durationS: clock[clock.count - 1] - clock[0], samples: clock.count,
            hasGravity: Recording.hasGravity(columns), flags: flags + base.flags)
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
        var steps = Array(zip(times.dropFirst(), times).lazy.map { $0 - $1 }.filter { $0 > 0 })
        guard !steps.isEmpty else { throw .notIncreasing }
        // A wearable samples 3 to 3000 times a second: the step says whether times are in s, ms, µs or ns.
        let step = Median.inPlace(&steps)
        let scale = roles.timeScale ?? (step < 0.3 ? 1 : step < 300 ? 1e-3 : step < 3e5 ? 1e-6 : 1e-9)
        if scale != 1 { for place in times.indices { times[place] *= scale } }
    }

    private mutating func unitScale() throws(RecordingError) -> Double {
        if let stated = options.unit ?? roles.unit { return stated.scale }
        var sizes = x.indices.map { (x[$0] * x[$0] + y[$0] * y[$0] + z[$0] * z[$0]).squareRoot() }
        let median = Median.inPlace(&sizes)
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

    private static func text(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> String {
        String(decoding: UnsafeBufferPointer(start: bytes + start, count: min(end - start, 40)), as: UTF8.self)
            .filter { $0 != " " && $0 != "\"" }
    }
}
