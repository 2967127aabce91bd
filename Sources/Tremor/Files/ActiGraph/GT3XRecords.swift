import Glibc

/// The records of `log.bin`: a separator, type, second, size, payload and checksum each [GT3XFormat].
///
/// Where a checksum is wrong, the next record is looked for behind it byte by byte, as a size may be what is damaged.
final class GT3XRecords {
    /// A record. Its payload is lent until the next is asked for.
    struct Record {
        /// What it holds.
        let kind: UInt8
        /// The device's clock, s since 1970.
        let second: Int
        /// Its bytes.
        let payload: UnsafeRawBufferPointer
    }

    /// Stretches that are no records, zeros between records not counted.
    private(set) var damaged = 0

    private static let separator: UInt8 = 0x1E
    private static let largest = 8 + 65535 + 1
    private static let capacity = 4 * largest
    /// Types end here; what looks like a record behind damage must be one of them.
    private static let lastKind: UInt8 = 30

    private let stream: ZipArchive.Stream
    private let buffer: UnsafeMutablePointer<UInt8>
    private var (start, end) = (0, 0)
    private var isAtEnd = false
    private var isLost = false
    private var lastSecond: Int?

    init(_ stream: ZipArchive.Stream) {
        self.stream = stream
        buffer = .allocate(capacity: Self.capacity)
    }

    deinit { buffer.deallocate() }

    /// Whether the archive's entry was found to be damaged.
    var isStreamDamaged: Bool { stream.isDamaged }

    /// The next record whose checksum is right; `nil` at the end.
    func next() -> Record? {
        while true {
            if end - start < Self.largest, !isAtEnd { fill() }
            guard end > start else { return nil }
            if let record = record() { return record }
            if buffer[start] != 0, !isLost {
                isLost = true
                damaged += 1
            }
            start += 1
        }
    }

    /// The record at the buffer's start, where one is.
    private func record() -> Record? {
        let available = end - start
        guard available >= 9, buffer[start] == Self.separator else { return nil }
        let bytes = UnsafeRawPointer(buffer + start)
        let size = Int(bytes.loadUnaligned(fromByteOffset: 6, as: UInt16.self))
        guard available >= size + 9 else { return nil }
        var sum: UInt8 = 0xFF
        for place in 0..<(8 + size) { sum ^= buffer[start + place] }
        guard sum == buffer[start + 8 + size] else { return nil }
        let record = Record(
            kind: buffer[start + 1], second: Int(bytes.loadUnaligned(fromByteOffset: 2, as: UInt32.self)),
            payload: UnsafeRawBufferPointer(start: bytes + 8, count: size))
        // One byte of checksum agrees by chance once in 256 times.
        if isLost {
            let isLikely = lastSecond.map { ($0...($0 + 366 * 86400)).contains(record.second) } ?? true
            guard record.kind <= Self.lastKind, isLikely else { return nil }
        }
        (isLost, lastSecond) = (false, record.second)
        start += size + 9
        return record
    }

    private func fill() {
        memmove(buffer, buffer + start, end - start)
        (start, end) = (0, end - start)
        let got = stream.read(into: buffer + end, count: Self.capacity - end)
        end += got
        if end < Self.capacity { isAtEnd = true }
    }
}
