import ArgumentParser
import Ledger
import Records

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "The audit log: who did what when, and whether it was changed.",
        discussion: """
            A log is a file of JSON lines, each with the hash of the line before. Building blocks for 21 CFR Part 11; \
            validation, access control and signatures belong to the site. docs/audit.md has the lines.
            """,
        subcommands: [Verify.self, Show.self, Note.self])

    struct Verify: Subcommand {
        static let configuration = CommandConfiguration(
            abstract: "Checks that a log is as it was written.",
            discussion: """
                Names the first line that was changed, removed, inserted or moved, with exit code 65. Lines cut off at the \
                end show only against a head that was kept elsewhere: the hash this prints.

                Example: engraft audit verify audit.jsonl --files
                """)

        @Argument(help: "The log.") var log: String
        @Flag(help: "Hash again the outputs that still exist.") var files = false
        @Option(help: ArgumentHelp("The head that was kept; the log may have grown since.", valueName: "hash"))
        var head: String?
        @OptionGroup var result: ResultOptions

        func validate() throws {
            if let head, head.utf8.count != 64 || !head.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) }) {
                throw ValidationError("--head is 64 hexadecimal digits in lower case, as verify prints them.")
            }
        }

        func execute() throws {
            let report = try AuditLog(log).verify(head: head, files: files)
            var provenance = Provenance(
                command: "audit verify", parameters: [.init("files", .bool(files)), .init("head", JSONValue(head))])
            try provenance.read(log)
            for finding in report.healed { provenance.warnings.append("\(log): line \(finding.line): \(finding.text)") }
            for finding in report.missingFiles {
                provenance.warnings.append("\(log): entry \(finding.line): \(finding.text)")
            }
            if result.json {
                Terminal.show(JSONValue.object(report.members + provenance.members).text)
            } else if report.isWhole {
                let count = report.entries.count
                Terminal.show("\(log): \(count) entr\(count == 1 ? "y" : "ies"), as written\nhead \(report.head)")
                if let kept = report.kept { Terminal.show("line \(kept.line): \(kept.text)") }
            }
            Terminal.warn(provenance.warnings)
            for finding in [report.bad, report.torn].compactMap({ $0 }) {
                Terminal.say("engraft: \(log): line \(finding.line): \(finding.text)")
            }
            for finding in report.changedFiles {
                Terminal.say("engraft: \(log): entry \(finding.line): \(finding.text)")
            }
            if !report.isWhole { throw ExitCode(FileProblem.Kind.badData.rawValue) }
        }
    }

    struct Show: Subcommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints a log for people.",
            discussion: """
                Example: engraft audit show audit.jsonl
                """)

        @Argument(help: "The log.") var log: String
        @OptionGroup var result: ResultOptions

        func execute() throws {
            let report = try AuditLog(log).verify()
            var provenance = Provenance(command: "audit show")
            try provenance.read(log)
            let doubts = [report.bad, report.torn].compactMap { $0 } + report.healed
            provenance.warnings = doubts.map { "line \($0.line): \($0.text)" }
            if result.json {
                let entries = report.entries.map(\.json)
                Terminal.show(JSONValue.object([.init("entries", .array(entries))] + provenance.members).text)
            } else {
                Terminal.show(report.entries.map(\.paragraph).joined())
            }
            Terminal.warn(provenance.warnings, about: log)
            if report.bad != nil { throw ExitCode(FileProblem.Kind.badData.rawValue) }
        }
    }

    struct Note: Subcommand {
        static let configuration = CommandConfiguration(
            abstract: "Notes what was done by hand.",
            discussion: """
                The log is made where it is not there. Do not name patients.

                Example: engraft audit note audit.jsonl "read by two readers" --input report/index.html
                """)

        @Argument(help: "The log.") var log: String
        @Argument(help: "What was done, in one line.") var action: String
        @Option(help: ArgumentHelp("A file or folder that was read.", valueName: "path")) var input: [String] = []
        @Option(help: ArgumentHelp("A file or folder that was written.", valueName: "path")) var output: [String] = []
        @Option(help: ArgumentHelp("Who did it; else ENGRAFT_USER, else the account's name.", valueName: "name"))
        var user: String?

        func validate() throws {
            if action.isEmpty || action.unicodeScalars.contains(where: { $0.value < 0x20 }) {
                throw ValidationError("What was done is one line of text.")
            }
        }

        func execute() throws {
            let log = AuditLog(log)
            let entry = try log.append(.init(action, inputs: input, outputs: output), by: AuditLog.user(user))
            Terminal.show("\(log.path): entry \(entry.number)\nhead \(SHA256.hex(Array(entry.line.utf8)))")
        }
    }
}

extension AuditReport {
    /// The members of `audit verify`'s JSON document.
    var members: [JSONValue.Member] {
        func list(_ findings: [Finding]) -> JSONValue {
            .array(findings.map { ["line": .integer($0.line), "text": .string($0.text)] })
        }
        return [
            .init("whole", .bool(isWhole)), .init("entries", .integer(entries.count)), .init("head", .string(head)),
            .init("kept", list([kept].compactMap { $0 })[0] ?? .null),
            .init("first_bad", list([bad].compactMap { $0 })[0] ?? .null),
            .init("torn", list([torn].compactMap { $0 })[0] ?? .null), .init("healed", list(healed)),
            .init("changed_files", list(changedFiles)), .init("missing_files", list(missingFiles)),
        ]
    }
}

extension AuditEntry {
    /// The entry as JSON.
    var json: JSONValue { (try? JSONValue(parsing: Array(line.utf8))) ?? .null }

    /// The entry in a few lines for people.
    var paragraph: String {
        var text = "\(number)  \(time)  \(user)  \(action)  (engraft \(version))\n"
        for (what, files) in [("read", inputs), ("wrote", outputs)] {
            for file in files { text += "     \(what) \(file.path)  \(file.sha256.prefix(12))…\n" }
        }
        // A log that somebody else wrote may hold anything: nothing of it moves the terminal's cursor.
        let plain = text.unicodeScalars.map { ($0.value < 0x20 && $0 != "\n") || $0.value == 0x7F ? " " : $0 }
        return String(String.UnicodeScalarView(plain))
    }
}
