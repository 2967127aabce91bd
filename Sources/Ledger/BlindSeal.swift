import Records

/// What stands in an export for readers: the hashes of its files, and of the key that was made with it.
public struct BlindSeal: Sendable, Equatable {
    /// SHA-256 of the key file.
    public var keySHA256: String
    /// The files of the export with their hashes, paths relative to it.
    public var files: [AuditEntry.File]
    /// The name of the file in the export.
    public static let name = "sealed.json"

    /// A seal of a key and files.
    public init(keySHA256: String, files: [AuditEntry.File]) { (self.keySHA256, self.files) = (keySHA256, files) }

    /// The file's text.
    public var text: String {
        let document: JSONValue = [
            "kind": "engraft blind seal", "version": .string(Engraft.version), "key_sha256": .string(keySHA256),
            "files": .array(files.map { ["path": .string($0.path), "sha256": .string($0.sha256)] }),
            "use": .string(Engraft.researchUse),
        ]
        return document.text
    }

    /// Reads the seal of an export.
    public static func read(in folder: String) throws -> BlindSeal {
        let path = "\(folder)/\(name)"
        guard InputFile.isFolder(folder) else {
            throw FileProblem(folder, .noInput, "there is no such folder; the export of engraft blind was expected")
        }
        let json = try naming(path) { try JSONValue(parsing: InputFile.read(path)) }
        let files = (json["files"]?.elements ?? []).compactMap { file in
            file["path"]?.string.flatMap { path in
                file["sha256"]?.string.map { AuditEntry.File(path: path, sha256: $0) }
            }
        }
        guard json["kind"] == "engraft blind seal", let hash = json["key_sha256"]?.string, !files.isEmpty else {
            throw FileProblem(path, .badData, "this is not the seal of an export of engraft blind")
        }
        return BlindSeal(keySHA256: hash, files: files)
    }

    /// Throws where the key is not the one that the export was sealed with, or a file of the export was changed.
    public func check(_ folder: String, key: String) throws {
        guard try SHA256.hex(ofFile: key) == keySHA256 else {
            throw FileProblem(key, .badData, "the key is not the one this export was sealed with, or was changed since")
        }
        for file in files {
            let path = "\(folder)/\(file.path)"
            guard InputFile.exists(path) else {
                throw FileProblem(path, .badData, "the file is no longer in the export")
            }
            guard try SHA256.hex(ofFile: path) == file.sha256 else {
                throw FileProblem(path, .badData, "the file was changed since the export was sealed")
            }
        }
    }
}
