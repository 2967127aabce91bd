import Records

/// What the check of an audit log found.
public struct AuditReport: Sendable, Equatable {
    /// A line, from 1, and what is to be said of it.
    public struct Finding: Sendable, Equatable {
        /// The line of the file.
        public var line: Int
        /// What is wrong with it, or known of it.
        public var text: String
    }

    /// The entries, up to the first bad line.
    public var entries: [AuditEntry] = []
    /// The first line that is not as it was written; `nil` where all are.
    public var bad: Finding?
    /// Lines that were torn and are marked as such by the entry after them.
    public var healed: [Finding] = []
    /// The last line where it has no end, a torn one; nothing marks it yet.
    public var torn: Finding?
    /// The line whose hash is the head that was kept; `nil` where none was given.
    public var kept: Finding?
    /// Outputs that are not what the last entry that wrote them says; empty where they were not looked at.
    public var changedFiles: [Finding] = []
    /// Outputs that are no longer there.
    public var missingFiles: [Finding] = []
    /// SHA-256 of the last whole line: what tells, kept elsewhere, that later the log was not cut off.
    public var head = AuditEntry.beginning

    /// Whether the log, and the files that were looked at, are as they were written.
    public var isWhole: Bool { bad == nil && torn == nil && changedFiles.isEmpty }
}

extension AuditLog {
    /// Checks every line against the one before, and the head against one that was kept; with `files`, the outputs too.
    public func verify(head: String? = nil, files: Bool = false) throws(FileProblem) -> AuditReport {
        let bytes = try InputFile.readText(path)
        var report = AuditReport()
        guard !bytes.isEmpty else { throw FileProblem(path, .badData, "the log is empty; it has no first entry") }
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        var chain = Chain(hashes: lines.dropLast().map { SHA256.hex(Array($0)) })
        for (place, line) in lines.dropLast().enumerated() {
            let next = place + 1 < lines.count - 1 ? lines[place + 1] : nil
            report.bad = chain.follow(line, next: next, &report)
            if report.bad != nil { break }
        }
        report.head = chain.head
        if report.bad == nil, let last = lines.last, !last.isEmpty {
            report.torn = .init(
                line: lines.count,
                text: "it is torn: a program ended while it wrote; the next entry will close and mark it")
        }
        if report.bad == nil, let head {
            if let place = chain.hashes.firstIndex(of: head) {
                let later = chain.hashes.count - place - 1
                report.kept = .init(line: place + 1, text: "the head that was kept; \(later) written after it")
            } else {
                report.bad = .init(
                    line: lines.count,
                    text:
                        "the head that was kept is not in the log: its last lines were cut off, or it was written anew")
            }
        }
        if files { check(&report) }
        return report
    }

    /// Hashes again what the entries wrote, each file against the last entry that wrote it.
    private func check(_ report: inout AuditReport) {
        var last: [String: (entry: AuditEntry, hash: String)] = [:]
        for entry in report.entries {
            for file in entry.outputs { last[file.path] = (entry, file.sha256) }
        }
        for (path, (entry, hash)) in last.sorted(by: { $0.key < $1.key }) {
            let found = located(path)
            guard InputFile.exists(found) else {
                report.missingFiles.append(.init(line: entry.number, text: "\(path) is no longer there"))
                continue
            }
            var provenance = Provenance(command: "")
            let isRead = (try? provenance.read(found)) != nil
            if !isRead || provenance.inputs[0].sha256 != hash {
                report.changedFiles.append(
                    .init(line: entry.number, text: "\(path) is not what this entry wrote: it was changed since"))
            }
        }
    }
}

/// The lines of a log as they follow each other.
private struct Chain {
    /// SHA-256 of every line.
    let hashes: [String]
    /// The hash that the next entry must name.
    var head = AuditEntry.beginning
    /// Lines followed.
    private var count = 0

    init(hashes: [String]) { self.hashes = hashes }

    /// Takes the next line; what is wrong with it, or `nil`.
    mutating func follow(
        _ line: ArraySlice<UInt8>, next: ArraySlice<UInt8>?, _ report: inout AuditReport
    ) -> AuditReport.Finding? {
        count += 1
        // Torn bytes may be a whole entry but for its end: what follows says so.
        if let next, let mark = try? AuditEntry(next), mark.tornSHA256 == hashes[count - 1], mark.previous == head {
            report.healed.append(.init(line: count, text: "it was torn, as the entry after it says"))
            return nil
        }
        let entry: AuditEntry
        do { entry = try AuditEntry(line) } catch {
            return .init(
                line: count,
                text: error == .changed
                    ? "the line was changed since it was written" : "this is no entry of an audit log")
        }
        guard entry.previous == head, entry.number == count else { return finding(about: entry) }
        head = hashes[count - 1]
        report.entries.append(entry)
        return nil
    }

    /// Why an entry that is whole in itself does not follow the one before it.
    private func finding(about entry: AuditEntry) -> AuditReport.Finding {
        let stands = "this is entry \(entry.number), but stands as line \(count)"
        if let place = hashes.firstIndex(of: entry.previous).map({ $0 + 1 }) {
            return .init(
                line: count,
                text: place < count
                    ? "the line was written after line \(place): lines were inserted, repeated or put into another order"
                    : "the line was written after what is line \(place) now: lines were put into another order")
        }
        if entry.number > count { return .init(line: count, text: "\(stands): lines before it were removed") }
        if entry.number < count { return .init(line: count, text: "\(stands): lines before it were inserted") }
        return count == 1
            ? .init(line: 1, text: "the first line names a line before it: the log was cut off at its start")
            : .init(line: count - 1, text: "the line was written anew: line \(count) was written after another one")
    }
}
