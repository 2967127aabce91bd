/// A zip archive of stored entries that a test writes.
public enum ZipFile {
    /// The archive's bytes.
    public static func bytes(_ entries: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        var (out, directory): ([UInt8], [UInt8]) = ([], [])
        func put(_ value: Int, _ size: Int, _ target: inout [UInt8]) {
            for byte in 0..<size { target.append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
        }
        for entry in entries {
            let (name, start) = (Array(entry.name.utf8), out.count)
            var fields: [UInt8] = []
            // Version 2.0, no flags, stored, 1980-01-01 00:00.
            for (value, size) in [(20, 2), (0, 2), (0, 2), (0, 2), (33, 2)] { put(value, size, &fields) }
            put(Int(checksum(entry.bytes)), 4, &fields)
            for value in [entry.bytes.count, entry.bytes.count] { put(value, 4, &fields) }
            for value in [name.count, 0] { put(value, 2, &fields) }
            out += [0x50, 0x4B, 3, 4] + fields + name + entry.bytes
            directory += [0x50, 0x4B, 1, 2, 20, 0] + fields
            for (value, size) in [(0, 2), (0, 2), (0, 2), (0, 4), (start, 4)] { put(value, size, &directory) }
            directory += name
        }
        let start = out.count
        out += directory + [0x50, 0x4B, 5, 6]
        for (value, size) in [
            (0, 2), (0, 2), (entries.count, 2), (entries.count, 2), (directory.count, 4), (start, 4), (0, 2),
        ] { put(value, size, &out) }
        return out
    }

    /// CRC-32 as zip has it.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }
}

/// An ActiGraph recording that a test writes record by record.
public struct GT3XFile {
    /// The lines of info.txt.
    public var info = [
        "Serial Number: MOS2E00000000", "Sample Rate: 30", "Acceleration Scale: 256.0", "Acceleration Max: 8.0",
    ]
    /// The bytes of log.bin.
    public var log: [UInt8] = []
    /// Further entries.
    public var others: [(name: String, bytes: [UInt8])] = []

    /// A file.
    public init() {}

    /// Adds a record.
    public mutating func add(_ kind: Int, _ second: Int, _ payload: [UInt8], checksumError: UInt8 = 0) {
        var record: [UInt8] = [0x1E, UInt8(kind)]
        for byte in 0..<4 { record.append(UInt8(truncatingIfNeeded: second >> (8 * byte))) }
        record += [UInt8(payload.count & 255), UInt8(payload.count >> 8)] + payload
        log += record + [record.reduce(0xFF, ^) ^ checksumError]
    }

    /// The archive.
    public var bytes: [UInt8] {
        ZipFile.bytes([("info.txt", Array((info.joined(separator: "\r\n") + "\r\n").utf8)), ("log.bin", log)] + others)
    }

    /// Values of 12 bits, the most significant first.
    public static func packed(_ values: [Int]) -> [UInt8] {
        var halves = values.flatMap { [$0 >> 8 & 15, $0 >> 4 & 15, $0 & 15] }
        if halves.count % 2 == 1 { halves.append(0) }
        return stride(from: 0, to: halves.count, by: 2).map { UInt8(halves[$0] << 4 | halves[$0 + 1]) }
    }

    /// Values of 16 bits.
    public static func shorts(_ values: [Int]) -> [UInt8] {
        values.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }
}
