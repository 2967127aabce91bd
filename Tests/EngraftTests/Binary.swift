import Foundation
import TestSupport

/// The built `engraft`, called as a user calls it.
enum Binary {
    /// What a call gave.
    struct Outcome: Sendable {
        var status: Int32
        var output: String
        var error: String
        /// Lines on standard error.
        var complaints: [String] { error.split(separator: "\n").map(String.init) }
    }

    static let checkout = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    /// Beside the test bundle, or where a release build puts it.
    static let path: String = {
        let beside = Bundle.main.executableURL?.deletingLastPathComponent().appendingPathComponent("engraft").path
        let candidates = [
            beside, "\(checkout)/.build/release/engraft", "\(checkout)/.build/x86_64-unknown-linux-gnu/release/engraft",
        ].compactMap { $0 }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
            ?? "\(checkout)/.build/release/engraft"
    }()

    /// The first core that this process may use; `nil` where the system does not say.
    static let firstCore: Int? = {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/taskset") else { return nil }
        return line.flatMap { Int($0.drop { !$0.isNumber }.prefix { $0.isNumber }) }
    }()

    /// Runs `engraft` with arguments, in a folder; with `guarded`, killed after 5 s and given no more than 1 GiB of memory
    /// of its own, which a larger request does not get even where it would not be touched; with `core`, on that one alone.
    static func run(
        _ arguments: [String], in folder: String = "/tmp", guarded: Bool = false, core: Int? = nil,
        environment: [String: String] = [:]
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: guarded ? "/bin/sh" : core == nil ? path : "/usr/bin/taskset")
        let limits = "ulimit -c 0; ulimit -d 1048576; exec timeout -s KILL 5 \"$0\" \"$@\""
        let pinned = core.map { ["-c", "\($0)", path] } ?? []
        process.arguments = guarded ? ["-c", limits, path] + arguments : pinned + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = ["PATH": "/usr/bin:/bin", "COLUMNS": "100"].merging(environment) { $1 }
        let scratch = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let (out, err) = (scratch.appendingPathComponent("out"), scratch.appendingPathComponent("err"))
        for file in [out, err] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
        process.standardOutput = try FileHandle(forWritingTo: out)
        process.standardError = try FileHandle(forWritingTo: err)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus, output: try String(contentsOf: out, encoding: .utf8),
            error: try String(contentsOf: err, encoding: .utf8))
    }
}
