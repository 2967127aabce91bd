import Glibc

/// A recording of the first GT3X+ devices (NHANES): a zip archive with `info.txt` and the samples of `activity.bin`, packed
/// without any time. The clock is the stated rate from the stated start.
public final class GT3XOldRecording: RecordingSource {
    /// What the file says about itself.
    public let header: RecordingHeader
    /// That there is no clock, and whether the archive is damaged.
    public var flags: [String] {
        ["the samples have no times; they follow from the stated rate"]
            + (stream.isDamaged ? ["the archive's entry activity.bin ends early or has a wrong checksum"] : [])
            + (left > 0 ? ["\(left) bytes behind the last whole sample were left out"] : [])
    }

    private static let entry = "activity.bin"
    private static let batchSamples = 8192
    private static let bytesInBatch = batchSamples * 9 / 2

    private let archive: ZipArchive
    private let info: GT3XInfo
    private let buffer: UnsafeMutableRawPointer
    private var stream: ZipArchive.Stream
    private var samples = 0
    private var left = 0

    /// Opens an archive. Throws where the device is none that stores samples so.
    public init(_ file: FileBytes) throws(RecordingError) {
        archive = try ZipArchive(file)
        info = try GT3XInfo(archive.start(of: "info.txt"))
        guard ["NEO", "MRA"].contains(info.family) else {
            throw .unsupported(
                "it has activity.bin, but its device is not one that wrote that (serial numbers NEO and MRA)")
        }
        stream = try archive.stream(Self.entry)
        buffer = .allocate(byteCount: Self.bytesInBatch, alignment: 16)
        let g = AccelerationUnit.standardGravity
        header = RecordingHeader(
            format: "ActiGraph GT3X (first generation)", nominalRateHz: Double(info.rateHz),
            accelerationRange: (info.rangeG ?? 6) * g, stampPrecisionS: 1 / Double(info.rateHz), startEpochS: info.start
        )
    }

    deinit { buffer.deallocate() }

    /// Goes back to the first sample and forgets the flags.
    public func rewind() throws(RecordingError) { (stream, samples, left) = (try archive.stream(Self.entry), 0, 0) }

    /// Replaces what `batch` holds by 8192 samples or the last ones; `false`, with an empty batch, at the end.
    public func read(into batch: inout SampleBatch) throws(RecordingError) -> Bool {
        batch.stamps.removeAll(keepingCapacity: true)
        let got = stream.read(into: buffer, count: Self.bytesInBatch)
        let count = GT3XSamples.Packing.activity.count(got)
        // Half a byte fills up an odd number of samples.
        left += got - (9 * count + 1) / 2
        guard count > 0 else {
            batch.removeAll()
            return false
        }
        let unit = AccelerationUnit.standardGravity / 341
        batch.withColumns(count, hasAngularRate: false) {
            GT3XSamples.unpack(.activity, buffer, count, unit, into: $0, at: 0)
        }
        batch.stamps.append(.init(place: 0, timeS: Double(samples) / Double(info.rateHz)))
        samples += count
        return true
    }
}

/// ActiGraph's archives of both generations.
enum GT3XFormat: RecordingFormat {
    static let name = "ActiGraph (.gt3x)"

    static func recognizes(_ start: [UInt8], path: String) -> Bool {
        start.starts(with: [0x50, 0x4B, 3, 4]) && path.lowercased().hasSuffix(".gt3x")
    }

    static func open(_ path: String, _ options: RecordingOptions) throws -> any RecordingSource {
        try source(FileBytes(path))
    }

    /// The recording in an archive. Throws where there is none.
    static func source(_ file: FileBytes) throws(RecordingError) -> any RecordingSource {
        let archive = try ZipArchive(file)
        if archive.has("log.bin") { return try GT3XRecording(file) }
        if archive.has("activity.bin") { return try GT3XOldRecording(file) }
        throw .unsupported("the archive holds neither log.bin nor activity.bin: it is no recording of an ActiGraph")
    }
}
