import Glibc
import Records

/// A log of what was done with a study's data: JSON lines, each with the hash of the line before [CFR11].
///
/// Lines are only ever appended, under a lock, in one write that is flushed before the next may begin; two programs may
/// append at the same time. A program killed while it wrote leaves a line without its end: the next entry closes it, says
/// so, and holds the hash of the torn bytes.
public struct AuditLog: Sendable {
    /// The file.
    public let path: String

    /// The log at a path; it is made by the first entry.
    public init(_ path: String) { self.path = path }

    /// What an entry is about.
    public struct Action: Sendable {
        /// What was done: the command, or the user's words.
        public var name: String
        /// Paths of files and folders that were read.
        public var inputs: [String]
        /// Paths of files and folders that were written.
        public var outputs: [String]

        /// An action.
        public init(_ name: String, inputs: [String] = [], outputs: [String] = []) {
            (self.name, self.inputs, self.outputs) = (name, inputs, outputs)
        }
    }

    /// Appends an entry. Throws where the log cannot be written, is no log of ours, or a file is not there.
    @discardableResult
    public func append(_ action: Action, by user: String, at time: UTCTime = .now) throws -> AuditEntry {
        let (inputs, outputs) = (try action.inputs.map(hashed), try action.outputs.map(hashed))
        return try withLock { descriptor in
            var end = try LogEnd(of: descriptor, path)
            var entry = AuditEntry(
                number: end.count + 1, time: time.description, user: user, action: action.name, inputs: inputs,
                outputs: outputs, version: Engraft.version, tornSHA256: nil, previous: end.head)
            var text = ""
            if !end.torn.isEmpty {
                end.count += 1
                let mark = AuditEntry(
                    number: end.count + 1, time: time.description, user: user,
                    action: "the line above was torn: a program ended while it wrote", inputs: [], outputs: [],
                    version: Engraft.version, tornSHA256: SHA256.hex(end.torn), previous: end.head)
                text = "\n\(mark.line)\n"
                entry.number = mark.number + 1
                entry.previous = SHA256.hex(Array(mark.line.utf8))
            }
            try write(text + entry.line + "\n", to: descriptor, after: end.size)
            return entry
        }
    }

    /// Throws where an entry could not be appended. An existing log is only looked at, a new one is not begun.
    public func checkIsReady() throws {
        guard InputFile.exists(path) else { return try OutputFile.checkFolders(of: [path]) }
        _ = try withLock { try LogEnd(of: $0, path) }
    }

    /// Who acts: the name given, else `ENGRAFT_USER`, else the name of the account; nothing else is looked at.
    public static func user(_ given: String?) throws -> String {
        let named = given ?? getenv("ENGRAFT_USER").map { String(cString: $0) }
        if let named {
            let isPlain =
                !named.isEmpty && named.utf8.count <= 200 && named.unicodeScalars.allSatisfy { $0.value >= 0x20 }
            guard isPlain else {
                throw FileProblem("the user's name", .badData, "it is empty, too long or more than a line")
            }
            return named
        }
        guard let account = getpwuid(geteuid()), let name = account.pointee.pw_name else { return "uid \(geteuid())" }
        return String(cString: name)
    }

    /// A file or folder with its hash, its path relative to the log's folder where it lies below.
    private func hashed(_ file: String) throws -> AuditEntry.File {
        var provenance = Provenance(command: "")
        try provenance.read(file)
        return AuditEntry.File(path: relative(file), sha256: provenance.inputs[0].sha256)
    }

    private func relative(_ file: String) -> String {
        guard let resolved = Self.resolved(file), let folder = Self.resolved(folder) else { return file }
        let prefix = folder == "/" ? "/" : folder + "/"
        return resolved.hasPrefix(prefix) ? String(resolved.dropFirst(prefix.count)) : resolved
    }

    /// Where a path of an entry leads.
    func located(_ path: String) -> String { path.hasPrefix("/") ? path : "\(folder)/\(path)" }

    private var folder: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private func withLock<R>(_ body: (Int32) throws -> R) throws -> R {
        let descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileProblem(path, .cannotWrite, String(cString: strerror(errno))) }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw FileProblem(path, .inputOutput, String(cString: strerror(errno))) }
        }
        return try body(descriptor)
    }

    /// Writes at the end and flushes; where the disk is full nothing of it stays.
    private func write(_ text: String, to descriptor: Int32, after size: Int) throws(FileProblem) {
        let bytes = Array(text.utf8)
        let put = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard put == bytes.count, fsync(descriptor) == 0 else {
            let reason = put >= 0 && put < bytes.count ? "the disk is full" : String(cString: strerror(errno))
            _ = ftruncate(descriptor, size)
            throw FileProblem(path, .inputOutput, reason)
        }
    }
}
