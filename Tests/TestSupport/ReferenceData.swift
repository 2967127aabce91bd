import Glibc
import Records

/// The public reference data that stands beside the checkout, where it does.
public enum ReferenceData {
    /// The folder `../shared/reference` beside the checkout, or what `ENGRAFT_REFERENCE` names.
    public static let root: String = {
        if let named = getenv("ENGRAFT_REFERENCE") { return String(cString: named) }
        let checkout = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return "/\(checkout)/../shared/reference"
    }()

    /// Whether the folder is there; tests that need it are skipped by name where not.
    public static var isPresent: Bool { InputFile.isFolder(root) }

    /// A path inside it.
    public static func path(_ relative: String) -> String { "\(root)/\(relative)" }

    /// A JSON document inside it.
    public static func json(_ relative: String) throws -> JSONValue {
        try JSONValue(parsing: InputFile.read(path(relative)))
    }
}

/// An entry of the reference images' truth.json: a file or series, and what an independent reading found in it.
public struct TruthCase: Sendable, CustomStringConvertible {
    /// The key: a path below the reference images.
    public let path: String
    /// What is known of it.
    public let truth: JSONValue
    /// The path.
    public var description: String { path }

    /// The entries of a section; none where the reference data is absent.
    public static func all(_ section: String) -> [TruthCase] {
        guard let truth = try? ReferenceData.json("images/truth.json") else { return [] }
        return (truth[section]?.members ?? []).map { TruthCase(path: $0.key, truth: $0.value) }
    }
}

/// A new folder that is removed after `body`.
public func withTemporaryFolder<R>(_ body: (String) throws -> R) throws -> R {
    var template = Array("/tmp/engraft-test-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw FileProblem("/tmp", .cannotWrite, "no temporary folder") }
    let folder = String(cString: made)
    defer { remove(folder) }
    return try body(folder)
}

private func remove(_ path: String) {
    if InputFile.isFolder(path) {
        for name in (try? InputFile.list(path)) ?? [] { remove("\(path)/\(name)") }
        rmdir(path)
    } else {
        unlink(path)
    }
}
