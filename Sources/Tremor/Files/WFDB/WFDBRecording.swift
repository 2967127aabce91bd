import Records

/// A record of the WaveForm DataBase: a header, and files of samples in turn of its signals.
///
/// There is no clock: samples are as far apart as the header says. Values that stand for none are NaN.
public final class WFDBRecording: RecordingSource {
    /// What the file says about itself.
    public let header: RecordingHeader
    /// Signals that were not read, samples that are missing, and at the end checksums that are wrong.
    public var flags: [String] { openingFlags + (row == rows ? wrongSums : []) }

    /// Even, so that batches begin where pairs of values do.
    private static let rowsInBatch = 4096

    /// A signal file and how its samples are interleaved.
    private struct Table {
        let file: FileBytes
        let offset: Int
        let format: WFDBNumber
        let width: Int

        func bytes(_ rows: Int) -> Int { (rows * width * format.pairSize + 1) / 2 }
        /// Whole rows in the file.
        var rows: Int { max(0, file.size - offset) * 2 / (width * format.pairSize) }
    }

    /// A signal's place in its table, and what makes SI units of it: (value − baseline) × factor.
    private struct Column {
        let table: Int
        let place: Int
        let baseline: Double
        let factor: Double
        let checksum: Int16?
        let name: String
    }

    private let tables: [Table]
    private let columns: [Column]
    private let rateHz: Double
    private let rows: Int
    private let openingFlags: [String]
    private let buffers: [UnsafeMutableRawPointer]
    private var row = 0
    private var sums: [Int32]

    /// Opens a header and the files beside it, which `open` gives by their names. Throws where one is missing.
    public init(
        _ text: FileBytes, options: RecordingOptions = RecordingOptions(), opening open: (String) throws -> FileBytes
    ) throws {
        guard text.size < 1 << 20 else { throw RecordingError.damaged("the header is larger than 1 MB") }
        let found = try WFDBHeader(text.bytes(at: 0, count: text.size))
        guard let rate = found.rateHz ?? options.sampleRateHz, rate.isFinite, rate > 0 else {
            throw RecordingError.noSampleRate
        }
        let channels = try SensorChannels(found.signals.map(\.description), sensor: options.sensor)
        let wanted = channels.acceleration + (channels.angularRate ?? [])
        var (tables, columns, names): ([Table], [Column], [String]) = ([], [], [])
        for (order, place) in wanted.enumerated() {
            let signal = found.signals[place]
            let shared = found.signals.indices.filter { found.signals[$0].fileName == signal.fileName }
            guard
                shared.allSatisfy({
                    found.signals[$0].format == signal.format && found.signals[$0].offset == signal.offset
                })
            else { throw RecordingError.unsupported("the signals of \(signal.fileName) have different formats") }
            if !names.contains(signal.fileName) {
                names.append(signal.fileName)
                tables.append(
                    Table(
                        file: try open(signal.fileName), offset: signal.offset, format: signal.format,
                        width: shared.count))
            }
            guard signal.gain != 0 else {
                throw RecordingError.unsupported("\(signal.description) is not calibrated (its gain is 0)")
            }
            columns.append(
                Column(
                    table: names.firstIndex(of: signal.fileName)!, place: shared.firstIndex(of: place)!,
                    baseline: signal.baseline,
                    factor: try Self.scale(signal, isRate: order >= 3, options) / signal.gain,
                    checksum: signal.checksum, name: signal.description))
        }
        (self.tables, self.columns, rateHz) = (tables, columns, rate)
        let held = tables.map(\.rows).min() ?? 0
        rows = min(found.samples ?? held, held)
        guard rows > 0 else { throw RecordingError.empty }
        let others = channels.others.map { found.signals[$0].description }
        openingFlags = [
            found.samples.flatMap { $0 > held ? "the header promises \($0) samples; the files hold \(held)" : nil },
            others.isEmpty ? nil : "signals that were not read: \(others.prefix(12).joined(separator: ", "))",
        ].compactMap { $0 }
        buffers = tables.map { .allocate(byteCount: $0.bytes(Self.rowsInBatch), alignment: 16) }
        sums = [Int32](repeating: 0, count: columns.count)
        header = RecordingHeader(
            format: "WFDB", nominalRateHz: rate, hasAngularRate: channels.angularRate != nil, startEpochS: found.start,
            sensors: channels.sensors)
    }

    deinit { for buffer in buffers { buffer.deallocate() } }

    /// Goes back to the first sample and forgets the flags.
    public func rewind() { (row, sums) = (0, [Int32](repeating: 0, count: columns.count)) }

    /// Replaces what `batch` holds by 4096 samples or the last ones; `false`, with an empty batch, at the end.
    public func read(into batch: inout SampleBatch) throws(RecordingError) -> Bool {
        batch.stamps.removeAll(keepingCapacity: true)
        let count = min(Self.rowsInBatch, rows - row)
        guard count > 0 else {
            batch.removeAll()
            return false
        }
        for (table, buffer) in zip(tables, buffers) {
            let size = table.bytes(count)
            let got = try table.file.read(at: table.offset + table.bytes(row), into: buffer, count: size)
            guard got == size else { throw .unreadable("\(table.file.path) became shorter") }
        }
        batch.withColumns(count, hasAngularRate: columns.count > 3) { target in
            for (place, column) in [target.x, target.y, target.z].enumerated() { read(place, count, column) }
            if let rate = target.rate {
                for (place, column) in [rate.x, rate.y, rate.z].enumerated() { read(3 + place, count, column) }
            }
        }
        batch.stamps.append(.init(place: 0, timeS: Double(row) / rateHz))
        if count > 1 { batch.stamps.append(.init(place: count - 1, timeS: Double(row + count - 1) / rateHz)) }
        row += count
        return true
    }

    private func read(_ number: Int, _ count: Int, _ target: UnsafeMutablePointer<Double>) {
        let (column, table) = (columns[number], tables[columns[number].table])
        let bytes = UnsafeRawPointer(buffers[column.table])
        let missing = table.format.missing
        var sum = sums[number]
        for place in 0..<count {
            let value = table.format.value(bytes, place * table.width + column.place)
            sum &+= value
            target[place] = value == missing ? .nan : (Double(value) - column.baseline) * column.factor
        }
        sums[number] = sum
    }

    private var wrongSums: [String] {
        zip(columns, sums).compactMap { column, sum in
            guard let stated = column.checksum, stated != Int16(truncatingIfNeeded: sum) else { return nil }
            return "the checksum of \(column.name) is wrong: the file is not what was recorded"
        }
    }

    private static func scale(
        _ signal: WFDBHeader.Signal, isRate: Bool, _ options: RecordingOptions
    ) throws -> Double {
        if isRate {
            if let unit = options.angularRateUnit ?? AngularRateUnit(named: signal.unit) { return unit.scale }
        } else if let unit = options.unit ?? AccelerationUnit(named: signal.unit) {
            return unit.scale
        }
        throw RecordingError.unsupported(
            "the unit \"\(signal.unit.prefix(20))\" of \(signal.description) is not known\(isRate ? "" : "; give --unit")"
        )
    }
}

/// PhysioNet's WaveForm DataBase; the header or a signal file beside it is named.
enum WFDBFormat: RecordingFormat {
    static let name = "WFDB (.hea with .dat)"

    static func recognizes(_ start: [UInt8], path: String) -> Bool {
        if path.hasSuffix(".hea") { return true }
        return path.hasSuffix(".dat") && InputFile.exists(headerPath(path))
    }

    private static func headerPath(_ path: String) -> String {
        path.hasSuffix(".hea") ? path : path.dropLast(4) + ".hea"
    }

    static func open(_ path: String, _ options: RecordingOptions) throws -> any RecordingSource {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        return try WFDBRecording(FileBytes(headerPath(path)), options: options) { name in
            do throws(FileProblem) { return try FileBytes(folder + name) } catch {
                throw FileProblem(path, error.kind, "its signal file \(name): \(error.reason)")
            }
        }
    }
}
