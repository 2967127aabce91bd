/// A recording of an ActiGraph: a zip archive with `info.txt` and the records of `log.bin`, one a second.
///
/// Idle sleep, in which the device stops sampling while nothing moves, leaves a gap; it is counted, and no sample is made up.
/// The clock has no time zone: it tells local time of the computer that set it.
public final class GT3XRecording: RecordingSource {
    /// What the file says about itself.
    public let header: RecordingHeader
    /// What was left out so far, and how long the device slept.
    public var flags: [String] { tally.flags(records) }

    /// Batches hold about this many samples.
    private static let batchSamples = 8192

    private let archive: ZipArchive
    private let info: GT3XInfo
    private let unitsPerG: Double
    private let origin: Int
    private var records: GT3XRecords
    private var tally = Tally()
    private var lastSecond: Int?

    /// Opens an archive and looks for its scale and first second. Throws where one is missing.
    public init(_ file: FileBytes) throws(RecordingError) {
        archive = try ZipArchive(file)
        info = try GT3XInfo(archive.start(of: "info.txt"))
        try Self.checkCalibration(archive)
        records = GT3XRecords(try archive.stream("log.bin"))
        var (stated, first): (Double?, Int?) = (nil, nil)
        while first == nil, let record = records.next() {
            if record.kind == Self.parameters { stated = Self.unitsPerG(record.payload) ?? stated }
            if Self.samples(record, info.rateHz) != nil { first = record.second }
        }
        guard let first else { throw .empty }
        guard let units = stated ?? info.unitsPerG ?? info.unitsPerGOfFamily else {
            throw .unsupported("how many units are a g is not said, and the device is not known")
        }
        (unitsPerG, origin) = (units, first)
        records = GT3XRecords(try archive.stream("log.bin"))
        let g = AccelerationUnit.standardGravity
        header = RecordingHeader(
            format: "ActiGraph GT3X", nominalRateHz: Double(info.rateHz),
            accelerationRange: (info.rangeG ?? 2048 / units) * g, stampPrecisionS: 1 / Double(info.rateHz),
            startEpochS: Double(first))
    }

    /// Goes back to the first sample and forgets the flags.
    public func rewind() throws(RecordingError) {
        records = GT3XRecords(try archive.stream("log.bin"))
        (tally, lastSecond) = (Tally(), nil)
    }

    /// Replaces what `batch` holds by some seconds of samples; `false`, with an empty batch, at the end.
    public func read(into batch: inout SampleBatch) throws(RecordingError) -> Bool {
        batch.removeAll()
        while batch.count < Self.batchSamples, let record = records.next() {
            if record.kind == Self.parameters, let stated = Self.unitsPerG(record.payload), stated != unitsPerG {
                throw .unsupported("the scale of the samples changes within the recording")
            }
            if record.kind == Self.event { tally.take(event: record.payload) }
            if record.kind == Self.sensorData { tally.sensorData += 1 }
            guard let (packing, count) = Self.samples(record, info.rateHz) else {
                if GT3XSamples.Packing(rawValue: record.kind) != nil, record.payload.count > 1 { tally.otherSize += 1 }
                continue
            }
            let start = batch.count
            batch.withColumns(start + count, hasAngularRate: false) {
                GT3XSamples.unpack(
                    packing, record.payload.baseAddress!, count, AccelerationUnit.standardGravity / unitsPerG, into: $0,
                    at: start)
            }
            batch.stamps.append(.init(place: start, timeS: Double(record.second - origin)))
            if let last = lastSecond, record.second > last + 1 { tally.gap(record.second - last - 1) }
            lastSecond = record.second
        }
        return batch.count > 0
    }

    private static let event: UInt8 = 3
    private static let parameters: UInt8 = 21
    private static let sensorData: UInt8 = 25

    /// The samples of a record, at most a second of them; `nil` for other records and for the one of a single byte that is
    /// written when the device is plugged in.
    private static func samples(_ record: GT3XRecords.Record, _ rateHz: Int) -> (GT3XSamples.Packing, Int)? {
        guard let packing = GT3XSamples.Packing(rawValue: record.kind) else { return nil }
        let count = packing.count(record.payload.count)
        return (1...rateHz).contains(count) ? (packing, count) : nil
    }

    /// Units in a g from a record of parameters: pairs of a key of 32 bits and a value.
    private static func unitsPerG(_ payload: UnsafeRawBufferPointer) -> Double? {
        for place in stride(from: 0, to: payload.count - 7, by: 8)
        where payload.loadUnaligned(fromByteOffset: place, as: UInt32.self) == 55 << 16 {
            let units = GT3XSamples.number(payload.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self))
            return units > 0 && units.isFinite ? units : nil
        }
        return nil
    }

    /// Refuses raw samples that another program would have to calibrate.
    private static func checkCalibration(_ archive: ZipArchive) throws(RecordingError) {
        guard archive.has("calibration.json") else { return }
        let text = String(decoding: try archive.start(of: "calibration.json"), as: UTF8.self).filter {
            !$0.isWhitespace
        }
        guard !text.lowercased().contains("\"iscalibrated\":false") else {
            throw .unsupported("its samples are not calibrated (calibration.json); export it with ActiGraph's software")
        }
    }
}

extension GT3XRecording {
    /// What was left out, and how long the device slept.
    private struct Tally {
        var (otherSize, sensorData, sleeps) = (0, 0, 0)
        var (gaps, gapSeconds) = (0, 0)

        mutating func take(event payload: UnsafeRawBufferPointer) {
            if payload.count == 1, payload[0] == 8 { sleeps += 1 }
        }

        mutating func gap(_ seconds: Int) {
            gaps += 1
            gapSeconds += seconds
        }

        func flags(_ records: GT3XRecords) -> [String] {
            let slept = sleeps > 0 ? "; the device went to sleep \(sleeps) times" : ""
            return [
                gaps > 0 ? "\(gaps) stretches of \(gapSeconds) s in all have no samples\(slept)" : nil,
                otherSize > 0 ? "\(otherSize) records with more or fewer bytes than a second has were left out" : nil,
                sensorData > 0 ? "\(sensorData) records of the second sensor (IMU) were left out" : nil,
                records.damaged > 0
                    ? "\(records.damaged) stretches of damaged bytes between records were left out" : nil,
                records.isStreamDamaged ? "the archive's entry log.bin ends early or has a wrong checksum" : nil,
            ].compactMap { $0 }
        }
    }
}
