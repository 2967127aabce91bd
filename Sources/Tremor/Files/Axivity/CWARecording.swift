import Records

/// A recording of an Axivity AX3 or AX6, read in pieces of 32 sectors.
///
/// Sectors whose checksum is wrong are left out and counted; those around them are read. Each sector's first sample has a stamp.
/// The device's clock has no time zone: it tells local time of the computer that set it.
public final class CWARecording: RecordingSource {
    /// What the file says about itself.
    public let header: RecordingHeader
    /// Sectors that were left out so far, and why.
    public var flags: [String] { tally.flags }

    private static let sectorsInPiece = 128
    /// Sectors that are read at once: their samples stay in a core's cache until they are looked at.
    private static let sectorsAtOnce = 32
    private static let headerSize = 1024

    private let file: FileBytes
    private let layout: CWALayout
    private let firstClock: CWAClock
    private let buffer: UnsafeMutableRawPointer

    private var clock: CWAClock
    private var tally = CWATally()
    private var offset = CWARecording.headerSize
    private var samples = 0
    private var lastSequence: UInt32?

    /// Opens a file and looks for its first sector that is whole and has a time. Throws where there is none.
    public init(_ file: FileBytes) throws(RecordingError) {
        self.file = file
        buffer = .allocate(byteCount: Self.sectorsInPiece * CWASector.size, alignment: 64)
        do throws(RecordingError) {
            (layout, firstClock, header) = try Self.begin(file, buffer)
        } catch {
            buffer.deallocate()
            throw error
        }
        clock = firstClock
    }

    deinit { buffer.deallocate() }

    /// Goes back to the first sample and forgets the flags.
    public func rewind() {
        (clock, tally, offset, samples, lastSequence) = (firstClock, CWATally(), Self.headerSize, 0, nil)
    }

    /// Replaces what `batch` holds by the samples of up to 32 sectors; `false`, with an empty batch, at the end.
    public func read(into batch: inout SampleBatch) throws(RecordingError) -> Bool {
        batch.stamps.removeAll(keepingCapacity: true)
        while offset < file.size {
            let got = try file.read(
                at: offset, into: buffer, count: min(Self.sectorsAtOnce * CWASector.size, file.size - offset))
            guard got > 0 else { break }
            offset += got
            if got % CWASector.size > 0 { tally.cutBytes = got % CWASector.size }
            let sectors = got / CWASector.size
            guard sectors > 0 else { break }
            var stamps = batch.stamps
            batch.stamps = []
            let filled = batch.withColumns(
                sectors * layout.capacity, hasAngularRate: layout.hasAngularRate
            ) { columns in
                var filled = 0
                for place in 0..<sectors {
                    let sector = CWASector(bytes: UnsafeRawPointer(buffer) + place * CWASector.size)
                    guard let (count, stamp) = admit(sector) else { continue }
                    if let stamp { stamps.append(.init(place: filled, timeS: stamp)) }
                    layout.unpack(sector, count, into: columns, at: filled)
                    (filled, samples) = (filled + count, samples + count)
                }
                return filled
            }
            batch.stamps = stamps
            batch.resize(to: filled, hasAngularRate: layout.hasAngularRate)
            if filled > 0 { return true }
        }
        batch.removeAll()
        return false
    }

    /// The samples of a sector and the stamp of the first; `nil` for a sector that is left out.
    private func admit(_ sector: CWASector) -> (count: Int, stamp: Double?)? {
        guard let found = tally.layout(sector, like: layout) else {
            lastSequence = nil
            return nil
        }
        let follows = lastSequence.map { $0 &+ 1 == sector.sequence } ?? false
        guard let time = sector.time(rateHz: found.rateHz) else {
            // Without a time, only the sector before says when this one was.
            guard follows else {
                tally.untimedLeftOut += 1
                lastSequence = nil
                return nil
            }
            tally.untimed += 1
            lastSequence = sector.sequence
            return (sector.count, nil)
        }
        let stamp = clock.stamp(time, first: samples, follows: follows)
        lastSequence = sector.sequence
        return (sector.count, stamp)
    }

    // MARK: - Opening

    private static func begin(
        _ file: FileBytes, _ buffer: UnsafeMutableRawPointer
    ) throws(RecordingError) -> (CWALayout, CWAClock, RecordingHeader) {
        let start = try file.bytes(at: 0, count: headerSize)
        guard start.count == headerSize else { throw .damaged("it ends within its header") }
        var offset = headerSize
        var tally = CWATally()
        while offset < file.size {
            let got = try file.read(
                at: offset, into: buffer, count: min(sectorsInPiece * CWASector.size, file.size - offset))
            let sectors = got / CWASector.size
            guard sectors > 0 else { break }
            for place in 0..<sectors {
                let sector = CWASector(bytes: UnsafeRawPointer(buffer) + place * CWASector.size)
                guard sector.isData, sector.isWhole, sector.count > 0 else { continue }
                let layout = try CWALayout(sector)
                guard let time = sector.time(rateHz: layout.rateHz), sector.count <= layout.capacity else { continue }
                var clock = CWAClock(origin: time.second, nominal: layout.rateHz.map { 1 / $0 } ?? 0)
                measure(&clock, sector, layout, time, others: sectors - place - 1, &tally)
                return (layout, clock, header(of: sector, layout, clock, time, hardware: start[4]))
            }
            offset += got
        }
        if file.size <= headerSize + CWASector.size - 1 { throw .empty }
        throw .damaged("no sector of samples is whole and has a time")
    }

    /// Measures the first guess of the interval from a sector to the last of those that follow it without a break.
    private static func measure(
        _ clock: inout CWAClock, _ first: CWASector, _ layout: CWALayout, _ time: CWASector.Time, others: Int,
        _ tally: inout CWATally
    ) {
        var (samples, sequence) = (first.count, first.sequence)
        var last: (sample: Int, timeS: Double)?
        for place in 0..<others {
            let sector = CWASector(bytes: first.bytes + (place + 1) * CWASector.size)
            guard tally.layout(sector, like: layout) != nil, sector.sequence == sequence &+ 1,
                let time = sector.time(rateHz: layout.rateHz)
            else { break }
            last = (samples + time.place, clock.seconds(time))
            (samples, sequence) = (samples + sector.count, sector.sequence)
        }
        if let last { clock.learn(from: (time.place, clock.seconds(time)), to: last) }
    }

    private static func header(
        of sector: CWASector, _ layout: CWALayout, _ clock: CWAClock, _ time: CWASector.Time, hardware: UInt8
    ) -> RecordingHeader {
        var (clock, rate) = (clock, layout.rateHz)
        if rate == nil, clock.intervalS > 0 { rate = 1 / clock.intervalS }
        let start = Double(clock.origin) + clock.stamp(time, first: 0, follows: false)
        let degrees = Double.pi / 180
        return RecordingHeader(
            format: "Axivity CWA (\(hardware == 0x64 || layout.axes > 3 ? "AX6" : "AX3"))",
            nominalRateHz: layout.rateHz,
            accelerationRange: layout.rangeG * AccelerationUnit.standardGravity,
            angularRateRange: layout.hasAngularRate ? layout.rangeDegrees * degrees : nil,
            hasAngularRate: layout.hasAngularRate,
            // The sample whose time is known lies within one of the queue's end; a full second is known to a sample.
            stampPrecisionS: (sector.hasFraction ? 0.5 : 1) / (rate ?? 1), startEpochS: start)
    }
}

/// Axivity's continuous wave accelerometry.
enum CWAFormat: RecordingFormat {
    static let name = "Axivity AX3 and AX6 (.cwa)"

    static func recognizes(_ start: [UInt8], path: String) -> Bool {
        start.count >= 4 && start[0] == 0x4D && start[1] == 0x44 && start[2] == 0xFC && start[3] == 0x03
    }

    static func open(_ path: String, _ options: RecordingOptions) throws -> any RecordingSource {
        try CWARecording(FileBytes(path))
    }
}
