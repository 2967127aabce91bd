import Records

/// A recording as text, one sample a line, read piece by piece.
///
/// Every sample has a stamp. Missing numbers are NaN; a line without its time is left out and counted.
public final class CSVSource: RecordingSource {
    /// What the file says about itself.
    public private(set) var header: RecordingHeader
    /// What was noticed so far.
    public var flags: [String] { opening + counted }

    private let layout: TextLayout
    private let lines: LineBuffer
    private let parser: RowParser
    private var opening: [String]
    /// m/s² and rad/s in one unit; units of time in a second.
    private var scale = 1.0
    private var rateScale: Double?
    private var unitsPerSecond = 1.0
    private var origin: (whole: Int64, fraction: Double) = (0, 0)

    /// Samples in a batch.
    private static let room = 16384

    /// Opens a table.
    ///
    /// - Parameters:
    ///   - file: its bytes.
    ///   - options: what they do not say.
    ///   - chunk: bytes that are read at a time.
    public convenience init(
        _ file: FileBytes, options: RecordingOptions = RecordingOptions(), chunk: Int = 1 << 20
    ) throws(RecordingError) {
        let start = try file.bytes(at: 0, count: 1 << 20)
        guard !start.isEmpty else { throw .empty }
        // Text has no zero bytes; a disk image or a recording in a binary format has, near its beginning.
        guard !start.prefix(1 << 16).contains(0) else { throw .notText }
        let layout = try TextLayout(start, isWhole: start.count == file.size, options)
        try self.init(file, layout, options, chunk: chunk)
    }

    /// Opens a table whose layout is known.
    init(
        _ file: FileBytes, _ layout: TextLayout, _ options: RecordingOptions, chunk: Int = 1 << 20
    ) throws(RecordingError) {
        (self.layout, opening) = (layout, layout.flags)
        lines = LineBuffer(file, start: layout.start, lineEnd: layout.lineEnd, chunk: chunk)
        header = RecordingHeader(format: layout.format, nominalRateHz: layout.rateHz)
        var columns = [RowParser.Column](repeating: .init(), count: layout.columns)
        let roles = layout.roles
        for (slot, places) in [(0, roles.acceleration), (3, roles.gravity), (6, roles.angularRate)] {
            for (axis, place) in places.enumerated() { columns[place] = .init(use: .value, slot: slot + axis) }
        }
        if let time = roles.time, layout.clock != .none { columns[time].use = layout.clock }
        if let date = roles.date { columns[date].use = .date }
        let reader = FieldReader(separator: layout.separator, point: layout.point, order: layout.order)
        parser = RowParser(reader, columns, firstLine: layout.firstLine, room: Self.room)
        try probe(options)
        restart()
    }

    /// Goes back to the first sample and forgets the flags.
    public func rewind() throws(RecordingError) { restart() }

    private func restart() {
        parser.restart()
        lines.restart()
    }

    /// Replaces what `batch` holds by the next samples; `false` at the end.
    public func read(into batch: inout SampleBatch) throws(RecordingError) -> Bool {
        guard try parse() else {
            batch.removeAll()
            return false
        }
        let count = parser.rows
        let hasRate = rateScale != nil
        batch.resize(to: count, hasAngularRate: hasRate)
        for axis in 0..<3 {
            let gravity = layout.roles.gravity.isEmpty ? nil : column(3 + axis)
            Self.convert(column(axis), gravity, scale, &batch.acceleration[axis])
            if let rateScale { Self.convert(column(6 + axis), nil, rateScale, &batch.angularRate[axis]) }
        }
        setStamps(&batch.stamps, count)
        return true
    }

    private func column(_ slot: Int) -> UnsafeMutablePointer<Double> { parser.values + slot * parser.room }

    private static func convert(
        _ values: UnsafeMutablePointer<Double>, _ added: UnsafeMutablePointer<Double>?, _ scale: Double,
        _ target: inout [Double]
    ) {
        target.withUnsafeMutableBufferPointer { target in
            if let added {
                for row in target.indices { target[row] = (values[row] + added[row]) * scale }
            } else {
                for row in target.indices { target[row] = values[row] * scale }
            }
        }
    }

    private func setStamps(_ stamps: inout [SampleBatch.Stamp], _ count: Int) {
        stamps.removeAll(keepingCapacity: true)
        stamps.reserveCapacity(Self.room)
        let (whole, fraction, origin, units) = (parser.whole, parser.fraction, origin, unitsPerSecond)
        for row in 0..<count {
            // Whole units are subtracted as such: a Double has no room for ns since 1970.
            let units = (Double(whole[row] &- origin.whole) + (fraction[row] - origin.fraction)) / units
            stamps.append(.init(place: row, timeS: units))
        }
    }

    private var counted: [String] {
        var flags: [String] = []
        if parser.untimed > 0 { flags.append("\(parser.untimed) lines without a time were left out") }
        if parser.midnights > 0 {
            flags.append("times of day pass midnight \(parser.midnights) times; each began a day")
        }
        if parser.cutLine > 0 { flags.append("line \(parser.cutLine), the last, breaks off and was left out") }
        return flags
    }

    /// Reads up to a batch of rows; `false` at the end.
    private func parse() throws(RecordingError) -> Bool {
        parser.begin()
        while parser.rows < parser.room, let (start, end) = try lines.whole() {
            lines.next = try parser.parse(start, end, isOpen: lines.isOpen)
        }
        return parser.rows > 0
    }

    // MARK: - Units

    /// Finds units and the clock from the first samples.
    private func probe(_ options: RecordingOptions) throws(RecordingError) {
        guard try parse() else { throw .empty }
        origin = (parser.whole[0], parser.fraction[0])
        try setClock(options)
        if !layout.hasHeader { try refuseSwitches() }
        if !layout.roles.angularRate.isEmpty {
            if let unit = options.angularRateUnit ?? layout.roles.angularRateUnit {
                rateScale = unit.scale
            } else {
                opening.append(
                    "the unit of the angular rate is not said, so that it was left out; give --angular-rate-unit")
            }
        }
        header.hasAngularRate = rateScale != nil
        header.sensors = layout.roles.sensors.count > 1 ? layout.roles.sensors : []
        try setUnit(options)
    }

    private func setClock(_ options: RecordingOptions) throws(RecordingError) {
        (header.startEpochS, header.isUTC) = (layout.startEpochS, layout.isUTC)
        guard layout.clock != .none else {
            guard let rate = options.sampleRateHz ?? layout.rateHz, rate > 0, rate.isFinite else { throw .noSampleRate }
            (unitsPerSecond, header.nominalRateHz) = (rate, rate)
            header.stampPrecisionS = 0
            return
        }
        let (whole, fraction) = (parser.whole, parser.fraction)
        let steps = (0..<max(0, parser.rows - 1)).map {
            Double(whole[$0 + 1] &- whole[$0]) + (fraction[$0 + 1] - fraction[$0])
        }
        if steps.filter({ $0 == 0 }).count * 2 > steps.count {
            opening.append("most stamps repeat the one before: several samples share each")
        }
        if options.sampleRateHz != nil { opening.append("samples have stamps, so that the rate given was not used") }
        let first = Double(origin.whole) + origin.fraction
        if layout.clock == .number {
            let clock = try TextScale.clock(first, steps, stated: layout.roles.unitsPerSecond)
            unitsPerSecond = clock.perSecond
            if clock.isSince1970 { (header.startEpochS, header.isUTC) = (first / unitsPerSecond, true) }
        } else if layout.clock == .dated || layout.roles.date != nil {
            header.startEpochS = first
        }
        // Steps that are all the same say nothing of rounding.
        let resolution = max(1e-9, (layout.resolution ?? 0) / unitsPerSecond)
        let isEven = steps.allSatisfy { abs($0 - steps[0]) <= 1e-9 * unitsPerSecond }
        header.stampPrecisionS = isEven && !steps.isEmpty && steps[0] != 0 ? min(resolution, 0.001) : resolution
    }

    private func setUnit(_ options: RecordingOptions) throws(RecordingError) {
        let roles = layout.roles
        let isSplit = !roles.gravity.isEmpty
        var median = 0.0
        while true {
            // Where gravity stands alone, its size says most.
            let (x, y, z) = isSplit ? (column(3), column(4), column(5)) : (column(0), column(1), column(2))
            median = TextScale.gravity({ x[$0] }, { y[$0] }, { z[$0] }, count: parser.rows)
            guard median == 0, try parse() else { break }
        }
        if let given = options.unit, let stated = roles.accelerationUnit, given != stated {
            throw .unsupported(
                "its columns say \(stated.rawValue), not \(given.rawValue): leave the unit out, or mend the columns' names"
            )
        }
        if let stated = options.unit ?? roles.accelerationUnit {
            if let doubt = try TextScale.doubt(stated, median: median) { opening.append(doubt) }
            scale = stated.scale
        } else if isSplit || roles.customaryUnit == nil, let found = TextScale.unit(ofGravity: median) {
            opening.append("the unit was taken as \(found.rawValue) from the size of gravity")
            scale = found.scale
        } else if let customary = roles.customaryUnit, !isSplit {
            opening.append("the unit was taken as \(customary.rawValue), as CoreMotion has it")
            scale = customary.scale
        } else {
            throw .unknownUnit(median: median)
        }
    }

    /// Columns without names that are only ever 0 or 1 are no acceleration.
    private func refuseSwitches() throws(RecordingError) {
        for (axis, place) in layout.roles.acceleration.enumerated() {
            let values = column(axis)
            let ones = (0..<parser.rows).filter { values[$0] == 1 }.count
            let zeros = (0..<parser.rows).filter { values[$0] == 0 }.count
            guard ones + zeros == parser.rows, min(ones, zeros) * 20 >= parser.rows, parser.rows > 1 else { continue }
            throw .unsupported(
                "column \(place + 1) is only ever 0 or 1, which is no acceleration; give the columns by name")
        }
    }
}

/// Tables as text.
struct TextFormat: RecordingFormat {
    static let name =
        "text with one sample a line (.csv, .tsv, .txt; ActiLife, SensorLog, CoreMotion, UK Biobank, Daphnet)"

    static func recognizes(_ start: [UInt8], path: String) -> Bool { !start.contains(0) }

    static func open(_ path: String, _ options: RecordingOptions) throws -> any RecordingSource {
        try CSVSource(FileBytes(path), options: options)
    }
}
