import Foundation
import Ledger
import Records
import TestSupport
import Testing

/// Who did what when, and how a change of it is noticed.
@Suite struct AuditLogTests {
    static let noon = UTCTime(seconds: 1_763_812_800)

    /// A log of six entries in a folder with a file each wrote.
    private func withLog<R>(_ body: (AuditLog, String) throws -> R) throws -> R {
        try withTemporaryFolder { folder in
            let log = AuditLog("\(folder)/audit.jsonl")
            for place in 1...6 {
                try OutputFile.write("result \(place)", to: "\(folder)/out\(place).txt")
                try log.append(
                    .init(
                        "patient", inputs: place > 1 ? ["\(folder)/out\(place - 1).txt"] : [],
                        outputs: ["\(folder)/out\(place).txt"]),
                    by: "reader \"A\"", at: Self.noon)
            }
            return try body(log, folder)
        }
    }

    private func lines(_ log: AuditLog) throws -> [String] {
        String(decoding: try InputFile.read(log.path), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func rewrite(_ log: AuditLog, _ lines: [String]) throws {
        try OutputFile.write(lines.map { $0 + "\n" }.joined(), to: log.path, force: true)
    }

    /// The text is fixed; its hash is `sha256sum` of the body.
    @Test func aLineIsOneTextWithItsHash() {
        let entry = AuditEntry(
            number: 1, time: "2025-11-22T12:00:00Z", user: "a\"b", action: "patient", inputs: [],
            outputs: [.init(path: "r.json", sha256: "00")], version: "0.1.0", tornSHA256: nil,
            previous: AuditEntry.beginning)
        let body =
            #"{"entry":1,"time_utc":"2025-11-22T12:00:00Z","user":"a\"b","action":"patient","inputs":[],"#
            + #""outputs":[{"path":"r.json","sha256":"00"}],"version":"0.1.0","previous":"\#(AuditEntry.beginning)"}"#
        #expect(
            entry.line == body.dropLast()
                + #","sha256":"e6d0ede80bc93a62641f58afb7bdb84796679d4b562fc342c59224db67f730f2"}"#)
    }

    @Test func aLogFollowsItself() throws {
        try withLog { log, _ in
            let report = try log.verify(files: true)
            #expect(report.isWhole && report.entries.count == 6 && report.missingFiles.isEmpty)
            #expect(report.entries[2].outputs[0].path == "out3.txt" && report.entries[2].user == "reader \"A\"")
            #expect(report.head == SHA256.hex(Array(try lines(log)[5].utf8)))
            #expect(try log.verify(head: report.head).isWhole)
        }
    }

    /// Every line changed in every way that keeps it text: the first bad line is the one that was changed.
    @Test func aChangedLineIsNamed() throws {
        try withLog { log, _ in
            let original = try lines(log)
            for place in 0..<6 {
                var changed = original
                changed[place] = original[place].replacingOccurrences(of: "reader", with: "Reader")
                try rewrite(log, changed)
                let bad = try log.verify().bad
                #expect(bad?.line == place + 1 && bad?.text.contains("was changed") == true)
                changed[place] = original[place].replacingOccurrences(of: ",", with: ", ")
                try rewrite(log, changed)
                #expect(try log.verify().bad?.line == place + 1)
            }
        }
    }

    /// Who changes a line and makes its own hash again is found by the line after it; in the last line by the head alone.
    @Test func aLineWrittenAnewIsFoundByTheNext() throws {
        try withLog { log, _ in
            let (original, head) = (try lines(log), try log.verify().head)
            for place in 0..<6 {
                var entry = try log.verify().entries[place]
                entry.user = "somebody else"
                var changed = original
                changed[place] = entry.line
                try rewrite(log, changed)
                if place < 5 {
                    #expect(try log.verify().bad?.line == place + 1)
                } else {
                    #expect(try log.verify().isWhole)
                    #expect(try log.verify(head: head).bad?.text.contains("the head that was kept is not") == true)
                }
                try rewrite(log, original)
            }
        }
    }

    @Test func removedInsertedAndReorderedLinesAreNamed() throws {
        try withLog { log, _ in
            let (original, head) = (try lines(log), try log.verify().head)
            func bad(_ lines: [String]) throws -> AuditReport.Finding? {
                try rewrite(log, lines)
                return try log.verify().bad
            }
            for place in 0..<5 {
                var fewer = original
                fewer.remove(at: place)
                let removed = try bad(fewer)
                #expect(removed?.line == place + 1 && removed?.text.contains("removed") == true, "\(place)")
                var doubled = original
                doubled.insert(original[place], at: place + 1)
                #expect(try bad(doubled)?.line == place + 2)
                var swapped = original
                swapped.swapAt(place, place + 1)
                #expect(try bad(swapped)?.line == place + 1)
            }
            var inserted = original
            inserted.insert("{\"entry\":3}", at: 2)
            #expect(try bad(inserted)?.line == 3)
            // Cut off at its end, a log still follows itself: only the head that was kept tells.
            try rewrite(log, Array(original.dropLast(2)))
            #expect(try log.verify().isWhole)
            #expect(try log.verify(head: head).bad?.line == 5)
            try rewrite(log, original)
            let earlier = SHA256.hex(Array(original[3].utf8))
            #expect(try log.verify(head: earlier).kept?.line == 4)
        }
    }

    /// Killed at every byte of the last line: torn is seen, closed by the next entry, marked, and a second time whole.
    @Test func aTornLineIsSeenAndMarked() throws {
        try withLog { log, folder in
            let bytes = try InputFile.read(log.path)
            let start = bytes.dropLast().lastIndex(of: 0x0A)! + 1
            for cut in stride(from: start + 1, through: bytes.count - 1, by: 7) {
                try OutputFile.write(bytes[..<cut], to: log.path, force: true)
                let torn = try log.verify()
                #expect(torn.torn?.line == 6 && !torn.isWhole && torn.bad == nil)
                let entry = try log.append(.init("patient"), by: "B", at: Self.noon)
                let healed = try log.verify()
                #expect(entry.number == 8 && healed.isWhole && healed.healed.map(\.line) == [6])
                #expect(healed.entries.map(\.number) == [1, 2, 3, 4, 5, 7, 8])
                // The torn bytes are held by the mark: changed, they are noticed.
                var changed = try lines(log)
                changed[5] += " "
                try rewrite(log, changed)
                #expect(try log.verify().bad?.line == 6)
            }
            // Torn in its very first line.
            try OutputFile.write(bytes[..<20], to: log.path, force: true)
            try log.append(.init("patient"), by: "B", at: Self.noon)
            #expect(try log.verify().healed.map(\.line) == [1])
        }
    }

    @Test func outputsThatChangedSinceAreNamed() throws {
        try withLog { log, folder in
            try OutputFile.write("other", to: "\(folder)/out2.txt", force: true)
            try FileManager.default.removeItem(atPath: "\(folder)/out4.txt")
            let report = try log.verify(files: true)
            #expect(report.changedFiles.map(\.line) == [2] && report.missingFiles.map(\.line) == [4] && !report.isWhole)
            // Written again by a later entry, it is that one's.
            try log.append(.init("patient", outputs: ["\(folder)/out2.txt"]), by: "A", at: Self.noon)
            #expect(try log.verify(files: true).isWhole)
        }
    }

    @Test func manyAtOnceAppendInOneChain() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try OutputFile.makeFolder(folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    for _ in 0..<10 { try AuditLog("\(folder)/log").append(.init("act"), by: "user \(writer)") }
                }
            }
            try await group.waitForAll()
        }
        let report = try AuditLog("\(folder)/log").verify()
        #expect(report.isWhole && report.entries.map(\.number) == Array(1...80))
    }

    @Test func whatIsNoLogIsNotAppendedTo() throws {
        try withTemporaryFolder { folder in
            for (name, text) in [("a.txt", "hello\n"), ("b.txt", "hello"), ("c.txt", "{\"a\":1}\n")] {
                try OutputFile.write(text, to: "\(folder)/\(name)")
                #expect(throws: FileProblem.self) { try AuditLog("\(folder)/\(name)").append(.init("x"), by: "A") }
                #expect(try InputFile.read("\(folder)/\(name)") == Array(text.utf8))
            }
            #expect(throws: FileProblem.self) { try AuditLog("\(folder)/gone").verify() }
            try OutputFile.write("", to: "\(folder)/empty")
            #expect(throws: FileProblem.self) { try AuditLog("\(folder)/empty").verify() }
        }
    }

    @Test func noDamagedLogTraps() throws {
        try withLog { log, _ in
            let bytes = try InputFile.read(log.path)
            var noise = SeededNoise(seed: 3)
            for _ in 0..<200 {
                var damaged = bytes
                damaged[Int.random(in: 0..<bytes.count, using: &noise)] ^= UInt8.random(in: 1...255, using: &noise)
                try OutputFile.write(damaged, to: log.path, force: true)
                let report = try? log.verify()
                #expect(report?.isWhole != true)
            }
        }
    }
}
