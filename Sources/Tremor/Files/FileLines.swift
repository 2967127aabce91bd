import Glibc

/// The lines of a file with long lines, one after the other, from a buffer that is made once.
final class FileLines {
    /// Longer lines are no text.
    static let longest = 1 << 17

    private let file: FileBytes
    private let buffer: UnsafeMutablePointer<UInt8>
    private var offset = 0
    private var (start, end) = (0, 0)

    init(_ file: FileBytes) {
        self.file = file
        buffer = .allocate(capacity: Self.longest)
    }

    deinit { buffer.deallocate() }

    /// Goes back to the first line.
    func rewind() { (offset, start, end) = (0, 0, 0) }

    /// The next line without its end and the blanks before that; `nil` after the last. Valid until the next call.
    func next() throws(RecordingError) -> UnsafeBufferPointer<UInt8>? {
        while true {
            if let found = memchr(buffer + start, 10, end - start) {
                let line = start..<(UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - UnsafePointer(buffer))
                start = line.upperBound + 1
                return trimmed(line)
            }
            guard offset < file.size else { break }
            guard end - start < Self.longest else { throw .damaged("a line is longer than 128 KiB") }
            memmove(buffer, buffer + start, end - start)
            (start, end) = (0, end - start)
            let got = try file.read(at: offset, into: buffer + end, count: Self.longest - end)
            guard got > 0 else { break }
            (offset, end) = (offset + got, end + got)
        }
        guard start < end else { return nil }
        let line = start..<end
        start = end
        return trimmed(line)
    }

    private func trimmed(_ line: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        var end = line.upperBound
        while end > line.lowerBound, buffer[end - 1] == 13 || buffer[end - 1] == 32 { end -= 1 }
        return UnsafeBufferPointer(start: buffer + line.lowerBound, count: end - line.lowerBound)
    }
}

/// `Key:value` lines of devices.
enum KeyedLine {
    /// The value behind a key and its colon, blanks left out; `nil` where the line has another key.
    static func value(_ line: UnsafeBufferPointer<UInt8>, of key: StaticString) -> String? {
        let size = key.utf8CodeUnitCount
        guard line.count > size, line[size] == 58, memcmp(line.baseAddress!, key.utf8Start, size) == 0 else {
            return nil
        }
        let value = line[(size + 1)...].drop { $0 == 32 }
        return String(decoding: value.prefix(200), as: UTF8.self)
    }
}
