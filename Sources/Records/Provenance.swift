/// Engraft itself, as results name it.
public enum Engraft {
    /// The version, as `engraft --version` prints it.
    public static let version = "0.1.0"
    /// What every result says.
    public static let researchUse = "Research use only. Not for diagnosis or treatment."
}

/// Where a result came from: the command, its inputs with their hashes, every parameter, and what was doubtful.
public struct Provenance: Sendable {
    /// A file that was read.
    public struct Input: Sendable, Equatable {
        /// The path as given.
        public var path: String
        /// SHA-256 of the file's bytes; for a folder, of the hashes of the files in and below it, in name order.
        public var sha256: String

        /// A file whose hash is known.
        public init(path: String, sha256: String) { (self.path, self.sha256) = (path, sha256) }
    }

    /// The subcommand and its parameters, defaults included.
    public var command: String
    /// Parameters in the order they are printed.
    public var parameters: [JSONValue.Member]
    /// Files read.
    public var inputs: [Input]
    /// What was doubtful, one sentence each.
    public var warnings: [String]

    /// A provenance without inputs yet.
    public init(command: String, parameters: [JSONValue.Member] = []) {
        (self.command, self.parameters, self.inputs, self.warnings) = (command, parameters, [], [])
    }

    /// Notes a file or folder as an input.
    public mutating func read(_ path: String) throws {
        if InputFile.isFolder(path) {
            let hash = SHA256()
            for file in try InputFile.files(below: path) {
                var line = Array("\(try SHA256.hex(ofFile: file))\n".utf8)
                line.withUnsafeMutableBytes { hash.update(UnsafeRawBufferPointer($0)) }
            }
            inputs.append(Input(path: path, sha256: hash.finish()))
        } else {
            inputs.append(Input(path: path, sha256: try SHA256.hex(ofFile: path)))
        }
    }

    /// The members that every JSON document of ours carries.
    public var members: [JSONValue.Member] {
        [
            .init("version", .string(Engraft.version)),
            .init("command", .string(command)),
            .init("parameters", .object(parameters)),
            .init("inputs", .array(inputs.map { ["path": .string($0.path), "sha256": .string($0.sha256)] })),
            .init("warnings", JSONValue(warnings)),
            .init("use", .string(Engraft.researchUse)),
        ]
    }
}
