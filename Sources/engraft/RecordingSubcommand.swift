import ArgumentParser
import Records
import Tremor

/// A command that goes through recordings: one row each, and those that fail listed with their reasons.
protocol RecordingSubcommand: Subcommand {
    var write: WriteOptions { get }
}

/// What a command looks through, and which of the folders given have nothing.
struct FoundRecordings {
    var paths: [String] = []
    var failures: [FileProblem] = []
    /// What was left out of folders, one sentence each.
    var notes: [String] = []
    var count: Int { paths.count + failures.count }
}

extension RecordingSubcommand {
    /// Endings that only recordings have; such a file in a folder is read even where it does not look like one, and then fails.
    private static var endings: [String] { [".cwa", ".gt3x", ".hea", ".csv", ".bin"] }

    /// The recordings that paths stand for: themselves, or those in and below a folder. A folder without any is a problem, which
    /// ends the command where nothing else was given.
    static func find(_ given: [String]) throws(FileProblem) -> FoundRecordings {
        var found = FoundRecordings()
        for path in given {
            do throws(FileProblem) {
                found.paths += try files(path, &found.notes)
            } catch {
                if given.count == 1 { throw error }
                found.failures.append(error)
            }
        }
        return found
    }

    /// What is left out of a folder is counted.
    private static func files(_ path: String, _ notes: inout [String]) throws(FileProblem) -> [String] {
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
        _ found: FoundRecordings, _ provenance: inout Provenance, _ report: (String) throws(FileProblem) -> Report
    ) throws -> ([Report], [FileProblem]) {
        var (reports, failures): ([Report], [FileProblem]) = ([], found.failures)
        let progress = ProgressLine("recordings", of: found.paths.count)
        for path in found.paths {
            do throws(FileProblem) {
                reports.append(try report(path))
                try naming(path) { try provenance.read(path) }
            } catch {
                if found.count == 1 { throw error }
                failures.append(error)
            }
            if found.paths.count > 1 { progress.step() }
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

    /// Writes files and the JSON document that stands beside them, all or none; those without a path are not made.
    func writeFiles(
        _ files: [(path: String?, content: () throws -> [UInt8])], beside document: [JSONValue.Member]
    ) throws {
        var batch = OutputBatch(force: write.force)
        for (path, content) in files {
            guard let path else { continue }
            let bytes = try content()
            try batch.write(path) { try OutputFile.write(bytes, to: $0, force: true) }
        }
        let text = JSONValue.object(document).text
        for path in Self.sidecars(of: files.compactMap(\.path)) {
            try batch.write(path) { try OutputFile.write(text, to: $0, force: true) }
        }
        try batch.commit()
    }

    /// Throws a usage error where a picture's name does not end as a picture's does, or a table's as one.
    static func checkNames(picture: String?, tables: [(option: String, path: String?)]) throws {
        if let picture, !picture.lowercased().hasSuffix(".png") {
            throw ValidationError("--png \(picture) is a PNG; give a name ending in .png.")
        }
        for (option, path) in tables {
            guard let path, let ending = [".png", ".json"].first(where: path.lowercased().hasSuffix) else { continue }
            throw ValidationError("\(option) \(path) is a table, no \(ending.dropFirst()); give a name ending in .csv.")
        }
    }

    /// Whether two files are copies, by their hashes: not where the file given is a header and samples are in others.
    static func areCopies(_ hashes: [String], _ format: String) -> Bool {
        Set(hashes).count == 1 && !["WFDB", "TSDF"].contains(where: format.hasPrefix)
    }

    /// The JSON that stands beside files: their names with another ending, one for files that differ in nothing else.
    private static func sidecars(of paths: [String]) -> [String] {
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
