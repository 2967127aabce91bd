import Foundation
import Records
import Testing

/// The built binary, run as users run it.
enum BuiltEngraft {
    /// Where it is: beside the test executable, which the same build makes.
    static let path: String = {
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let beside = (bundle as NSString).deletingLastPathComponent + "/engraft"
        if FileManager.default.isExecutableFile(atPath: beside) { return beside }
        return checkout + "/.build/release/engraft"
    }()

    /// The checkout.
    static let checkout = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    /// A file of `Golden/`.
    static func golden(_ name: String) throws -> String {
        try String(contentsOfFile: "\(checkout)/Tests/EngraftTests/Golden/\(name)", encoding: .utf8)
    }

    /// What a run left behind.
    struct Run {
        var status: Int32
        var out: String
        var error: String
        /// Whether a signal ended it: a trap, not an answer.
        var crashed: Bool
    }

    /// Runs `engraft` in a folder and waits for it.
    static func run(
        _ arguments: [String], in folder: String = "/", environment: [String: String] = [:]
    ) throws -> Run {
        let (out, error) = ("\(folder)/../\(UUID()).out", "\(folder)/../\(UUID()).err")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = ProcessInfo.processInfo.environment
            .merging(["COLUMNS": "80"]) { _, new in new }
            .merging(environment) { _, new in new }
        process.standardInput = FileHandle.nullDevice
        for (path, assign) in [(out, { process.standardOutput = $0 }), (error, { process.standardError = $0 })]
            as [(String, (FileHandle) -> Void)]
        {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
            assign(try #require(FileHandle(forWritingAtPath: path)))
        }
        defer { for path in [out, error] { try? FileManager.default.removeItem(atPath: path) } }
        try process.run()
        process.waitUntilExit()
        return Run(
            status: process.terminationStatus, out: try String(contentsOfFile: out, encoding: .utf8),
            error: try String(contentsOfFile: error, encoding: .utf8),
            crashed: process.terminationReason == .uncaughtSignal)
    }
}

/// A new folder with a working folder inside; the outer one takes the streams of `BuiltEngraft.run`.
func withWorkFolder<R>(_ body: (String) throws -> R) throws -> R {
    let outer = NSTemporaryDirectory() + "engraft-\(UUID())"
    try FileManager.default.createDirectory(atPath: outer + "/work", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: outer) }
    return try body(outer + "/work")
}

/// Every file and folder below a folder, sorted.
func everything(below folder: String) -> [String] {
    (FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []).sorted()
}
