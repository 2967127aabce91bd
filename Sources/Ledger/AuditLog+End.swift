import Glibc
import Records

/// Where a log ends: what the next entry follows.
struct LogEnd {
    /// Bytes of the file.
    var size = 0
    /// Entries and torn lines there are.
    var count = 0
    /// SHA-256 of the last whole entry, or zeros.
    var head = AuditEntry.beginning
    /// The bytes of a last line without an end; empty where there is none.
    var torn: [UInt8] = []

    /// Reads the last lines of an open log. Throws where its last whole line is no entry.
    init(of descriptor: Int32, _ path: String) throws(FileProblem) {
        var info = stat()
        guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
            throw FileProblem(path, .cannotWrite, "an audit log is a regular file")
        }
        size = Int(info.st_size)
        if size == 0 { return }
        var tail: [UInt8] = []
        var length = 1 << 16
        // A piece from the end that holds the last whole line: twice as much until it does.
        while true {
            tail = Self.read(descriptor, from: max(0, size - length), count: min(length, size))
            guard tail.count == min(length, size) else {
                throw FileProblem(path, .inputOutput, "the log cannot be read")
            }
            if length >= size || tail.count(where: { $0 == 0x0A }) > 1 { break }
            length *= 2
        }
        let lastEnd = tail.lastIndex(of: 0x0A)
        torn = lastEnd.map { Array(tail[($0 + 1)...]) } ?? tail
        guard let lastEnd else {
            // Torn in its first line: one that does not begin as ours is no log.
            let start = Array("{\"entry\":1,".utf8)
            guard start.starts(with: torn.prefix(start.count)) else {
                throw FileProblem(path, .badData, "this is not an audit log; give another name")
            }
            return
        }
        let lineStart = tail[..<lastEnd].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let line = tail[lineStart..<lastEnd]
        guard let entry = try? AuditEntry(line) else {
            throw FileProblem(
                path, .badData,
                "the last line is no entry of an audit log or was changed; engraft audit verify says more")
        }
        (count, head) = (entry.number, SHA256.hex(Array(line)))
    }

    private static func read(_ descriptor: Int32, from offset: Int, count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = pread(descriptor, buffer.baseAddress! + filled, count - filled, offset + filled)
                if got <= 0 { break }
                filled += got
            }
        }
    }
}
