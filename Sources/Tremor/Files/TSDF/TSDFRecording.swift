import Records

/// A recording in the Time Series Data Format: a JSON description beside files of raw numbers [Kok2023].
///
/// Acceleration and, where it has as many rows, the gyroscope are read as one stream; every sample has a stamp.
public final class TSDFRecording: RecordingSource {
    /// What the file says about itself.
    public private(set) var header: RecordingHeader
    /// Channels that were not read, and rows that are missing.
    public var flags: [String] {
        openingFlags + (untimed > 0 ? ["\(untimed) times are no numbers; those samples have no stamp"] : [])
    }

    private static let rowsInBatch = 4096

    /// A channel: its table, its place in a row and what it is multiplied by to have SI units.
    private struct Channel {
        let table: Int
        let place: Int
        let factor: Double
    }

    private let tables: [(description: TSDFMetadata.Table, file: FileBytes)]
    private let acceleration: [Channel]
    private let angularRate: [Channel]?
    private let time: Channel
    private let clock: TSDFTime
    private let rows: Int
    private var openingFlags: [String] = []
    private let buffers: [UnsafeMutableRawPointer]

    private var row = 0
    private var untimed = 0
    private var origin = 0.0
    private var elapsed = 0.0
    private var times = [Double](repeating: 0, count: rowsInBatch)

    /// Opens a description and the files beside it, which `open` gives by their names. Throws where one is missing.
    public init(
        _ description: FileBytes, options: RecordingOptions = RecordingOptions(),
        opening open: (String) throws -> FileBytes
    ) throws {
        guard description.size < 1 << 24 else { throw RecordingError.damaged("the description is larger than 16 MB") }
        let metadata = try TSDFMetadata(description.bytes(at: 0, count: description.size))
        // Only files with something to read have to be there.
        let described = metadata.tables.filter { table in
            table.channels.contains { AxisName($0) != nil } || table.units.contains { TSDFTime(unit: $0) != nil }
        }
        let channels = described.enumerated().flatMap { number, table in
            table.channels.enumerated().map { (table: number, place: $0.offset, name: $0.element) }
        }
        let found = try SensorChannels(channels.map(\.name), sensor: options.sensor)
        func channel(_ place: Int, _ scale: (String) throws -> Double) rethrows -> Channel {
            let table = described[channels[place].table]
            let factor = try table.factors[channels[place].place] * scale(table.units[channels[place].place])
            return Channel(table: channels[place].table, place: channels[place].place, factor: factor)
        }
        acceleration = try found.acceleration.map { try channel($0) { try Self.scale($0, options) } }
        var rate = try found.angularRate.map { try $0.map { try channel($0) { try Self.rateScale($0, options) } } }
        let stamps = channels.indices.filter {
            TSDFTime(unit: described[channels[$0].table].units[channels[$0].place]) != nil
        }

        tables = try described.map { ($0, try open($0.fileName)) }
        let counts = try tables.map { try Self.rows($0.description, $0.file) }
        let wanted = counts[acceleration[0].table].promised
        guard acceleration.allSatisfy({ counts[$0.table].promised == wanted }) else {
            throw RecordingError.damaged("the axes of acceleration have different numbers of rows")
        }
        guard let place = stamps.first(where: { counts[channels[$0].table].promised == wanted }),
            let clock = TSDFTime(unit: described[channels[place].table].units[channels[place].place])
        else { throw RecordingError.unsupported("no channel of times has as many rows as the acceleration") }
        self.clock = clock
        time = channel(place) { _ in 1 }
        var said: [String] = []
        if let other = rate, !other.allSatisfy({ counts[$0.table].promised == wanted }) {
            said.append("the gyroscope has other rows than the acceleration and was left out")
            rate = nil
        }
        angularRate = rate
        let used = Set((acceleration + (rate ?? []) + [time]).map(\.table))
        rows = used.map { counts[$0].held }.min() ?? 0
        guard rows > 0 else { throw RecordingError.empty }
        if rows < wanted { said.append("the description promises \(wanted) rows; the files hold \(rows)") }
        let unknown = metadata.tables.filter { table in !described.contains { $0.fileName == table.fileName } }
        let ignored = found.others.filter { $0 != place }.map { channels[$0].name } + unknown.flatMap(\.channels)
        if !ignored.isEmpty {
            said.append("channels that were not read: \(ignored.prefix(12).joined(separator: ", "))")
        }
        openingFlags = said
        buffers = tables.map {
            .allocate(byteCount: Self.rowsInBatch * $0.description.rowSize, alignment: 16)
        }
        header = RecordingHeader(
            format: "TSDF", hasAngularRate: angularRate != nil, startEpochS: metadata.start, isUTC: metadata.isUTC,
            sensors: found.sensors)
        origin = try firstTime()
        if clock.kind == .absolute { (header.startEpochS, header.isUTC) = (origin, true) }
        if let start = header.startEpochS, clock.kind != .absolute { header.startEpochS = start + origin }
        header.stampPrecisionS = try precision()
    }

    deinit { for buffer in buffers { buffer.deallocate() } }

    /// Goes back to the first sample and forgets the flags.
    public func rewind() { (row, elapsed, untimed) = (0, 0, 0) }

    /// Replaces what `batch` holds by 4096 samples or the last ones; `false`, with an empty batch, at the end.
    public func read(into batch: inout SampleBatch) throws(RecordingError) -> Bool {
        batch.stamps.removeAll(keepingCapacity: true)
        let count = min(Self.rowsInBatch, rows - row)
        guard count > 0 else {
            batch.removeAll()
            return false
        }
        for (place, table) in tables.enumerated() {
            let size = table.description.rowSize
            let got = try table.file.read(at: row * size, into: buffers[place], count: count * size)
            guard got == count * size || !isUsed(place) else {
                throw .unreadable("\(table.description.fileName) became shorter")
            }
        }
        batch.withColumns(count, hasAngularRate: angularRate != nil) { columns in
            for (channel, column) in zip(acceleration, [columns.x, columns.y, columns.z]) {
                read(channel, count, column)
            }
            if let rate = columns.rate, let angularRate {
                for (channel, column) in zip(angularRate, [rate.x, rate.y, rate.z]) { read(channel, count, column) }
            }
        }
        stamp(count, &batch)
        row += count
        return true
    }

    private func isUsed(_ table: Int) -> Bool {
        (acceleration + (angularRate ?? []) + [time]).contains { $0.table == table }
    }

    private func read(_ channel: Channel, _ count: Int, _ target: UnsafeMutablePointer<Double>) {
        let table = tables[channel.table].description
        table.number.read(
            UnsafeRawPointer(buffers[channel.table]) + channel.place * table.number.size, stride: table.rowSize,
            count: count, factor: channel.factor, into: target)
    }

    /// Stamps every sample that has a time; the first sample of all has one, or its batch is an error.
    private func stamp(_ count: Int, _ batch: inout SampleBatch) {
        times.withUnsafeMutableBufferPointer { read(time, count, $0.baseAddress!) }
        for place in 0..<count {
            var now = times[place] * clock.scale
            if clock.kind == .difference {
                if now.isFinite { elapsed += now }
                now = now.isFinite ? elapsed : .nan
            }
            if now.isFinite {
                batch.stamps.append(.init(place: place, timeS: now - origin))
            } else {
                untimed += 1
            }
        }
    }

    // MARK: - Opening

    /// Rows that a table promises, and that its file holds.
    private static func rows(
        _ table: TSDFMetadata.Table, _ file: FileBytes
    ) throws(RecordingError) -> (promised: Int, held: Int) {
        let held = file.size / table.rowSize
        return (table.rows ?? held, min(table.rows ?? held, held))
    }

    private func firstTime() throws(RecordingError) -> Double {
        let table = tables[time.table]
        let got = try table.file.read(at: 0, into: buffers[time.table], count: table.description.rowSize)
        guard got == table.description.rowSize else { throw .empty }
        times.withUnsafeMutableBufferPointer { read(time, 1, $0.baseAddress!) }
        guard times[0].isFinite, abs(times[0] * clock.scale) < 1e12 else {
            throw .damaged("the first time is no number")
        }
        return times[0] * clock.scale
    }

    /// How far a stamp may be off: times that count from the start in single precision are rounded more and more.
    private func precision() throws(RecordingError) -> Double {
        let table = tables[time.table].description
        guard clock.kind != .difference, table.number.kind == .float, table.number.size == 4 else { return 0.001 }
        _ = try tables[time.table].file.read(
            at: (rows - 1) * table.rowSize, into: buffers[time.table], count: table.rowSize)
        times.withUnsafeMutableBufferPointer { read(time, 1, $0.baseAddress!) }
        let last = Float(times[0] / time.factor)
        return max(0.001, last.isFinite ? Double(last.ulp) / 2 * abs(time.factor) * clock.scale : 0.001)
    }

    private static func scale(_ unit: String, _ options: RecordingOptions) throws -> Double {
        if let given = options.unit { return given.scale }
        guard let known = AccelerationUnit(named: unit) else {
            throw RecordingError.unsupported(
                "the unit of acceleration \"\(unit.prefix(20))\" is not known; give --unit")
        }
        return known.scale
    }

    private static func rateScale(_ unit: String, _ options: RecordingOptions) throws -> Double {
        if let given = options.angularRateUnit { return given.scale }
        guard let known = AngularRateUnit(named: unit) else {
            throw RecordingError.unsupported("the unit of angular rate \"\(unit.prefix(20))\" is not known")
        }
        return known.scale
    }
}

/// The Time Series Data Format; the description is what is named.
enum TSDFFormat: RecordingFormat {
    static let name = "TSDF (…_meta.json)"

    static func recognizes(_ start: [UInt8], path: String) -> Bool {
        let text = String(decoding: start, as: UTF8.self)
        return text.drop { $0.isWhitespace }.first == "{"
            && (text.contains("\"study_id\"") || text.contains("\"file_name\""))
    }

    static func open(_ path: String, _ options: RecordingOptions) throws -> any RecordingSource {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        return try TSDFRecording(FileBytes(path), options: options) { name in
            do throws(FileProblem) { return try FileBytes(folder + name) } catch {
                throw FileProblem(path, error.kind, "its file \(name): \(error.reason)")
            }
        }
    }
}
