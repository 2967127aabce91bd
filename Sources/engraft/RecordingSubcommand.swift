import ArgumentParser
import Records
import Tremor

/// A command that goes through recordings: one row each, and those that fail listed with their reasons.
protocol RecordingSubcommand: Subcommand {}

extension RecordingSubcommand {
    /// Endings that only recordings have; such a file in a folder is read even where it does not look like one, and then fails.
    private static var endings: [String] { [".cwa", ".gt3x", ".hea", ".csv", ".bin"] }

    /// The recordings that a path stands for: itself, or those in and below a folder. What is left out there is counted.
    static func files(_ path: String, _ notes: inout [String]) throws(FileProblem) -> [String] {
        guard InputFile.isFolder(path) else { return [path] }
        let all = try InputFile.files(below: path)
        let files = all.filter { file in
            (RecordingFile.isRecording(file) || endings.contains { file.lowercased().hasSuffix($0) })
                && !RecordingFile.isOwnOutput(file)
        }
        guard !files.isEmpty else { throw FileProblem(path, .noInput, "there is no recording in this folder") }
        if files.count < all.count {
            notes.append("\(path): \(all.count - files.count) files that are no recordings were left out")
        }
        return files
    }

    /// Goes through the recordings; a single one that fails ends the command, of several each is listed with its reason.
    func gather<Report>(
        _ paths: [String], _ provenance: inout Provenance, _ report: (String) throws(FileProblem) -> Report
    ) throws -> ([Report], [FileProblem]) {
        var (reports, failures): ([Report], [FileProblem]) = ([], [])
        let progress = ProgressLine("recordings", of: paths.count)
        for path in paths {
            do throws(FileProblem) {
                reports.append(try report(path))
                try naming(path) { try provenance.read(path) }
            } catch {
                if paths.count == 1 { throw error }
                failures.append(error)
            }
            if paths.count > 1 { progress.step() }
        }
        return (reports, failures)
    }

    /// Prints the recordings as one document.
    func show(_ recordings: [JSONValue], _ failures: [FileProblem], _ provenance: Provenance) {
        let failed = failures.map { problem -> JSONValue in
            ["path": .string(problem.path), "reason": .string(problem.reason)]
        }
        Terminal.show(
            JSONValue.object(
                [.init("recordings", .array(recordings)), .init("failed", .array(failed))] + provenance.members
            ).text)
    }

    /// Lists what could not be read, and says so by the exit code.
    func end(_ failures: [FileProblem], of count: Int) throws {
        guard !failures.isEmpty else { return }
        for failure in failures { Terminal.say("failed: \(failure)") }
        Terminal.say("\(failures.count) of \(count) recordings could not be used")
        throw ExitCode(3)
    }

    /// The JSON that stands beside files: their names with another ending, one for files that differ in nothing else.
    static func sidecars(of paths: [String]) -> [String] {
        var sidecars: [String] = []
        for path in paths {
            var stem = path[...]
            if let dot = path.lastIndex(of: "."), !path[dot...].contains("/") { stem = path[..<dot] }
            let sidecar = stem + ".json"
            if !sidecars.contains(String(sidecar)) { sidecars.append(String(sidecar)) }
        }
        return sidecars
    }

    /// Checks what is to be written before the work: no file twice, no input, nothing that is there already, in folders that are.
    static func check(_ outputs: [String], inputs: [String], force: Bool) throws {
        let all = outputs + sidecars(of: outputs)
        if let twice = OutputFile.collision(among: all) { throw ValidationError("two outputs are \(twice).") }
        try OutputFile.refuseInputs(all, inputs)
        for output in all { try OutputFile.refuseExisting(output, force: force) }
        try OutputFile.checkFolders(of: outputs)
    }
}
