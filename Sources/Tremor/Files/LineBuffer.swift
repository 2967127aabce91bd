/// Whole lines of a file, a chunk at a time, in one buffer that grows to the longest line.
final class LineBuffer {
    /// The first byte of the next line; set by who reads it.
    var next: UnsafePointer<UInt8>
    /// Whether the last of the whole lines is the file's last and had no line end of its own.
    private(set) var isOpen = false

    private let file: FileBytes
    private let start: Int
    private let lineEnd: UInt8
    private let chunk: Int
    private var buffer: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    /// Bytes in the buffer, those of them that are whole lines, and where the file goes on.
    private var (filled, complete, offset) = (0, 0, 0)

    /// Bytes behind the last line, which may be looked at and mean nothing.
    private static let spare = 16
    /// A line longer than this belongs to no table.
    private static let longestLine = 1 << 20

    /// - Parameters:
    ///   - start: the first line's place in the file.
    ///   - lineEnd: the byte that ends a line.
    ///   - chunk: bytes that are read at a time.
    init(_ file: FileBytes, start: Int, lineEnd: UInt8, chunk: Int) {
        (self.file, self.start, self.lineEnd, offset) = (file, start, lineEnd, start)
        self.chunk = max(1, min(chunk, file.size))
        // A chunk, the line that the one before it ended in, and what is spare.
        capacity = self.chunk + 4096 + Self.spare
        buffer = .allocate(capacity: capacity)
        next = UnsafePointer(buffer)
    }

    deinit { buffer.deallocate() }

    /// Goes back to the first line.
    func restart() {
        (filled, complete, offset, isOpen) = (0, 0, start, false)
        next = UnsafePointer(buffer)
    }

    /// From the next line's first byte to behind the last whole line's end; `nil` at the end of the file.
    func whole() throws(RecordingError) -> (UnsafePointer<UInt8>, UnsafePointer<UInt8>)? {
        if next == buffer + complete {
            guard try fill() else { return nil }
        }
        return (next, UnsafePointer(buffer + complete))
    }

    /// Reads on until there is a whole line; `false` at the end.
    private func fill() throws(RecordingError) -> Bool {
        buffer.update(from: buffer + complete, count: filled - complete)
        (filled, complete) = (filled - complete, 0)
        defer { next = UnsafePointer(buffer) }
        while complete == 0 {
            guard filled < Self.longestLine else {
                throw .unsupported("a line is longer than a megabyte; this is no table of samples")
            }
            reserve(filled + chunk + Self.spare)
            let got = try file.read(at: offset, into: buffer + filled, count: chunk)
            offset += got
            guard got > 0 else {
                guard filled > 0 else { return false }
                buffer[filled] = lineEnd
                (filled, isOpen) = (filled + 1, true)
                complete = filled
                break
            }
            var end = filled + got
            while end > filled && buffer[end - 1] != lineEnd { end -= 1 }
            complete = end > filled ? end : 0
            filled += got
        }
        (buffer + filled).update(repeating: 0, count: 8)
        return true
    }

    private func reserve(_ wanted: Int) {
        guard wanted > capacity else { return }
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted * 2)
        larger.update(from: buffer, count: filled)
        buffer.deallocate()
        (buffer, capacity) = (larger, wanted * 2)
    }
}
