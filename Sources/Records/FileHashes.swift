import Glibc

/// SHA-256 of files that are asked for again and again: a file whose size, times and number have not changed since its hash
/// was taken is not read again.
///
/// What is remembered is written beside the results, so that a second run over gigabytes of unchanged images needs no
/// reading. A file changed within two seconds of being hashed is hashed again next time, since a clock may stand still
/// that long.
public struct FileHashes: Sendable {
    fileprivate struct Entry: Sendable, Equatable {
        var size, modified, changed, number: Int64
        var sha256: String
    }

    private var entries: [String: Entry]
    /// The remembered hashes are trusted; else every file is read.
    public var isTrusted = true

    /// No hashes yet.
    public init() { entries = [:] }

    /// Hashes that an earlier run remembered; none where the file is missing or damaged.
    public init(rememberedIn path: String) {
        entries = [:]
        guard let bytes = try? InputFile.read(path), let json = try? JSONValue(parsing: bytes) else { return }
        for member in json["files"]?.members ?? [] {
            let numbers = (member.value["state"]?.elements ?? []).compactMap { $0.string.flatMap { Int64($0) } }
            guard numbers.count == 4, let hash = member.value["sha256"]?.string else { continue }
            entries[member.key] = Entry(
                size: numbers[0], modified: numbers[1], changed: numbers[2], number: numbers[3], sha256: hash)
        }
    }

    /// The hash of a file's bytes.
    public mutating func hex(ofFile path: String) throws -> String {
        let key = realpath(path, nil).map { pointer in
            defer { free(pointer) }
            return String(cString: pointer)
        }
        guard let key, let before = Self.state(key) else { return try SHA256.hex(ofFile: path) }
        if isTrusted, let known = entries[key], known.matches(before) { return known.sha256 }
        let hash = try SHA256.hex(ofFile: key)
        entries[key] = nil
        if let after = Self.state(key), after == before,
            Int64(time(nil)) * 1_000_000_000 - after.changed > 2_000_000_000
        {
            entries[key] = Entry(
                size: after.size, modified: after.modified, changed: after.changed, number: after.number, sha256: hash)
        }
        return hash
    }

    /// The document that remembers them.
    public var document: JSONValue {
        let files = entries.sorted { $0.key < $1.key }.map { key, entry in
            JSONValue.Member(
                key,
                [
                    "sha256": .string(entry.sha256),
                    "state": .array(
                        [entry.size, entry.modified, entry.changed, entry.number].map { .string(String($0)) }),
                ])
        }
        return ["files": .object(files)]
    }

    fileprivate struct State: Equatable { var size, modified, changed, number: Int64 }

    private static func state(_ path: String) -> State? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        func nanoseconds(_ time: timespec) -> Int64 { Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec) }
        return State(
            size: Int64(status.st_size), modified: nanoseconds(status.st_mtim), changed: nanoseconds(status.st_ctim),
            number: Int64(bitPattern: UInt64(status.st_ino)))
    }
}

extension FileHashes.Entry {
    fileprivate func matches(_ state: FileHashes.State) -> Bool {
        (size, modified, changed, number) == (state.size, state.modified, state.changed, state.number)
    }
}
