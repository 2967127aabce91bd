import Records

/// One line of an audit log: who did what when, with which files [CFR11].
public struct AuditEntry: Sendable, Equatable {
    /// A file that was read or written.
    public struct File: Sendable, Equatable {
        /// The path: relative to the log's folder for what lies in it, else from the root.
        public var path: String
        /// SHA-256 of its bytes.
        public var sha256: String
        /// A file.
        public init(path: String, sha256: String) { (self.path, self.sha256) = (path, sha256) }
    }

    /// Its place in the log, from 1; healed lines count.
    public var number: Int
    /// When, UTC: "2026-11-22T09:30:00Z".
    public var time: String
    /// Who: the name given, or that of the account.
    public var user: String
    /// What was done.
    public var action: String
    /// Files read.
    public var inputs: [File]
    /// Files written.
    public var outputs: [File]
    /// Version of the software.
    public var version: String
    /// SHA-256 of the bytes of the torn line above, where this entry closes one; else `nil`.
    public var tornSHA256: String?
    /// SHA-256 of the last whole line before, without its line end; 64 zeros in the first.
    public var previous: String

    /// An entry.
    package init(
        number: Int, time: String, user: String, action: String, inputs: [File], outputs: [File], version: String,
        tornSHA256: String?, previous: String
    ) {
        (self.number, self.time, self.user, self.action) = (number, time, user, action)
        (self.inputs, self.outputs, self.version) = (inputs, outputs, version)
        (self.tornSHA256, self.previous) = (tornSHA256, previous)
    }

    /// What the first line has in place of a line before.
    public static let beginning = String(repeating: "0", count: 64)
}

extension AuditEntry {
    /// The line, without its line end: JSON without blanks, members in a fixed order, the last one the SHA-256 of what the
    /// line is without it. There is one way to write an entry, so that its hash can be made again.
    public var line: String {
        let body = self.body
        return body.dropLast() + ",\"sha256\":\"\(SHA256.hex(Array(body.utf8)))\"}"
    }

    private var body: String {
        func files(_ files: [File]) -> JSONValue {
            .array(files.map { ["path": .string($0.path), "sha256": .string($0.sha256)] })
        }
        var members: [JSONValue.Member] = [
            .init("entry", .integer(number)), .init("time_utc", .string(time)), .init("user", .string(user)),
            .init("action", .string(action)), .init("inputs", files(inputs)), .init("outputs", files(outputs)),
            .init("version", .string(version)),
        ]
        if let tornSHA256 { members.append(.init("torn_sha256", .string(tornSHA256))) }
        members.append(.init("previous", .string(previous)))
        return JSONValue.object(members).compactText
    }

    /// What is wrong with a line that is no entry.
    enum Fault: Error, Equatable {
        /// Its text is no entry of ours.
        case unreadable
        /// It is one, but its own hash is of another text.
        case changed
    }

    /// Reads a line. Throws where it is not the very text that `line` would write.
    init(_ line: some Collection<UInt8>) throws(Fault) {
        let bytes = Array(line)
        guard let json = try? JSONValue(parsing: bytes), let number = json["entry"]?.int,
            let time = json["time_utc"]?.string, let user = json["user"]?.string, let action = json["action"]?.string,
            let inputs = Self.files(json["inputs"]), let outputs = Self.files(json["outputs"]),
            let version = json["version"]?.string, let previous = json["previous"]?.string
        else { throw .unreadable }
        (self.number, self.time, self.user, self.action) = (number, time, user, action)
        (self.inputs, self.outputs, self.version, self.previous) = (inputs, outputs, version, previous)
        tornSHA256 = json["torn_sha256"]?.string
        guard bytes.elementsEqual(self.line.utf8) else { throw .changed }
    }

    private static func files(_ json: JSONValue?) -> [File]? {
        guard let elements = json?.elements else { return nil }
        let files = elements.compactMap { element -> File? in
            guard let path = element["path"]?.string, let hash = element["sha256"]?.string else { return nil }
            return File(path: path, sha256: hash)
        }
        return files.count == elements.count ? files : nil
    }
}
