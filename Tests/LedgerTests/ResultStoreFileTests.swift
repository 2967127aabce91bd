import Foundation
import GRDB
import Ledger
import Records
import TestSupport
import Testing

/// What a store is told apart from, and how it survives.
@Suite struct ResultStoreFileTests {
    private func problem(_ path: String, _ access: ResultStore.Access = .reading) -> FileProblem? {
        do { _ = try ResultStore(path, for: access) } catch { return error as? FileProblem }
        return nil
    }

    private func store(at path: String) throws {
        _ = try ResultStore(path, for: .adding).record(
            ResultStoreTests.run(ResultStoreTests.sbr("m00", 0.2), ResultStoreTests.sbr("m12", 0.3)))
    }

    @Test func whatIsNoStoreIsOneSentence() throws {
        try withTemporaryFolder { folder in
            #expect(problem("\(folder)/gone.db")?.kind == .noInput)
            #expect(problem(folder)?.kind == .noInput)
            try OutputFile.write("code,value\nP01,1\n", to: "\(folder)/table.csv")
            for access in [ResultStore.Access.reading, .adding] {
                #expect(problem("\(folder)/table.csv", access)?.reason.contains("no SQLite database") == true)
            }
            try OutputFile.write("", to: "\(folder)/empty.db")
            #expect(problem("\(folder)/empty.db")?.reason.contains("the store is empty") == true)
            try DatabaseQueue(path: "\(folder)/other.db").write { try $0.execute(sql: "CREATE TABLE a (b)") }
            for access in [ResultStore.Access.reading, .adding] {
                #expect(problem("\(folder)/other.db", access)?.reason.contains("another program's") == true)
            }
            #expect(problem("\(folder)/no/study.db", .adding)?.kind == .cannotWrite)
        }
    }

    /// `user_version` is the four bytes from 60 of SQLite's header, big endian.
    @Test func aNewerFormatIsRefusedWithBothVersions() throws {
        try withTemporaryFolder { folder in
            try store(at: "\(folder)/study.db")
            var bytes = try InputFile.read("\(folder)/study.db")
            bytes[63] = 7
            try OutputFile.write(bytes, to: "\(folder)/newer.db")
            for access in [ResultStore.Access.reading, .adding] {
                let said = problem("\(folder)/newer.db", access)
                #expect(said?.kind == .badData && said?.reason.contains("has format 7") == true)
                #expect(said?.reason.contains("knows formats up to 1") == true)
            }
            #expect(try InputFile.read("\(folder)/newer.db") == bytes, "it is left as it was")
        }
    }

    @Test func aDamagedStoreNeverTraps() throws {
        try withTemporaryFolder { folder in
            try store(at: "\(folder)/study.db")
            let bytes = try InputFile.read("\(folder)/study.db")
            var noise = SeededNoise(seed: 7)
            for trial in 0..<60 {
                var damaged = bytes
                for _ in 0..<20 {
                    damaged[Int.random(in: 16..<bytes.count, using: &noise)] = UInt8.random(in: 0...255, using: &noise)
                }
                if trial % 3 == 0 { damaged.removeLast(Int.random(in: 1..<bytes.count, using: &noise)) }
                let path = "\(folder)/\(trial).db"
                try OutputFile.write(damaged, to: path)
                // A flipped digit of a value is no damage that SQLite can see; what it throws names the file.
                do { _ = try ResultStore(path, for: .reading).rows(of: .current) } catch {
                    #expect((error as? FileProblem)?.path == path)
                }
            }
        }
    }

    /// A copy of the file and its journal, taken within a transaction, is what a killed program leaves: it is rolled back.
    @Test func anInterruptedRunIsRolledBackOnReading() throws {
        try withTemporaryFolder { folder in
            let (path, copy) = ("\(folder)/study.db", "\(folder)/copy.db")
            try store(at: path)
            let writer = try DatabaseQueue(path: path)
            try writer.writeWithoutTransaction { database in
                // A cache of one page spills to the file before the transaction ends.
                try database.execute(sql: "PRAGMA cache_size = 1; BEGIN IMMEDIATE")
                for place in 0..<5000 {
                    try database.execute(
                        sql: "INSERT INTO visits (run, code, name, months) VALUES (1, 'P01', ?, 1)",
                        arguments: ["v\(place)"])
                }
                try FileManager.default.copyItem(atPath: path, toPath: copy)
                try FileManager.default.copyItem(atPath: "\(path)-journal", toPath: "\(copy)-journal")
                try database.execute(sql: "ROLLBACK")
            }
            let (torn, whole) = (try InputFile.read(copy), try InputFile.read(path))
            #expect(torn.count > whole.count)
            let reading = try ResultStore(copy, for: .reading)
            #expect(try reading.answer(toSQL: "SELECT count(*) FROM visits").rows == [[3]])
            #expect(try InputFile.list(folder).contains { $0.hasPrefix("copy.db-") } == false)
        }
    }

    @Test func twoWritersWaitForEachOther() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try OutputFile.makeFolder(folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    for value in 0..<5 {
                        let run = ResultStoreTests.run(ResultStoreTests.sbr("m00", Double(10 * writer + value)))
                        _ = try ResultStore("\(folder)/study.db", for: .adding).record(run)
                    }
                }
            }
            try await group.waitForAll()
        }
        let reading = try ResultStore("\(folder)/study.db", for: .reading)
        let (history, current) = (try reading.rows(of: .history), try reading.rows(of: .current))
        #expect(history.rows.count == 20 && current.rows.count == 1)
    }

    @Test func anAnswerAsCSVAndTSVLeavesOutWhatIsNotThere() {
        let answer = StoreAnswer(columns: ["code", "value"], rows: [["P,1", .null], ["P02", 0.1], ["P03", 3.0]])
        #expect(answer.csv == "code,value\n\"P,1\",\nP02,0.1\nP03,3\n")
        #expect(answer.tsv == "code\tvalue\nP,1\tn/a\nP02\t0.1\nP03\t3\n")
    }
}
