import GRDB
import Ledger
import Records
import TestSupport
import Testing

/// What a study's store keeps, and what it refuses.
@Suite struct ResultStoreTests {
    static let hash = String(repeating: "ab", count: 32)
    static let noon = UTCTime(seconds: 1_763_812_800)

    static func sbr(_ visit: String, _ value: Double?, flag: String = "", inputs: [String] = [hash]) -> Measurement {
        Measurement(
            code: "P01", visit: visit, measure: "sbr", region: "putamen-posterior", site: "left", value: value,
            unit: "1",
            standardError: 0.01, flag: flag, inputs: inputs)
    }

    static func run(_ measurements: Measurement...) -> StudyRun {
        StudyRun(
            command: "study run", patients: [StudyPatient(code: "P01", arm: "graft")],
            visits: [
                StudyVisit(code: "P01", name: "m00", months: 0), StudyVisit(code: "P01", name: "m12", months: 12),
                StudyVisit(code: "P01", name: "screening", months: -1),
            ], measurements: measurements)
    }

    private func withStore<R>(_ body: (ResultStore, String) throws -> R) throws -> R {
        try withTemporaryFolder { folder in
            try body(ResultStore("\(folder)/study.db", for: .adding), "\(folder)/study.db")
        }
    }

    private func sentence(_ body: () throws -> Void) -> FileProblem? {
        do { try body() } catch { return error as? FileProblem }
        return nil
    }

    @Test func aValueComesBackWithItsErrorAndItsOrigin() throws {
        try withStore { store, path in
            let stored = try store.record(
                Self.run(Self.sbr("m00", 0.22, inputs: [Self.hash, Self.hash])), at: Self.noon)
            #expect(stored == StoredRun(id: 1, added: 1, superseded: 0, unchanged: 0, facts: 4))
            let answer = try ResultStore(path, for: .reading).rows(of: .current)
            let row = Dictionary(uniqueKeysWithValues: zip(answer.columns, answer.rows[0]))
            #expect(row["code"] == "P01" && row["arm"] == "graft" && row["months"] == 0.0 && row["value"] == 0.22)
            #expect(row["se"] == 0.01 && row["ci95_low"] == .null && row["input_sha256"] == .string(Self.hash))
            #expect(row["created_utc"] == "2025-11-22T12:00:00Z" && row["software_version"] == .string(Engraft.version))
            #expect(row["supersedes"] == .null)
        }
    }

    @Test func theSameRunAgainAddsNothing() throws {
        try withStore { store, _ in
            let run = Self.run(Self.sbr("m00", 0.22), Self.sbr("m12", nil, flag: "the scan was cut off"))
            _ = try store.record(run)
            #expect(try store.record(run) == StoredRun(id: nil, added: 0, superseded: 0, unchanged: 2, facts: 0))
            #expect(try store.answer(toSQL: "SELECT count(*) FROM runs").rows == [[1]])
        }
    }

    @Test func anotherValueSupersedesAndTheOldOneStays() throws {
        try withStore { store, _ in
            for value in [0.22, 0.25, 0.22] { _ = try store.record(Self.run(Self.sbr("m00", value))) }
            let history = try store.rows(of: .history)
            let value = try #require(history.columns.firstIndex(of: "value"))
            let next = try #require(history.columns.firstIndex(of: "superseded_by"))
            #expect(history.rows.map { $0[value] } == [0.22, 0.25, 0.22])
            #expect(history.rows.map { $0[next] } == [2, 3, .null])
            #expect(try store.rows(of: .current).rows.count == 1)
        }
    }

    /// The same value from other files, or with other parameters, is another result.
    @Test func otherInputsOrParametersAreANewRow() throws {
        try withStore { store, _ in
            _ = try store.record(Self.run(Self.sbr("m00", 0.22)))
            let others = String(repeating: "cd", count: 32)
            #expect(try store.record(Self.run(Self.sbr("m00", 0.22, inputs: [others]))).superseded == 1)
            var changed = Self.sbr("m00", 0.22, inputs: [others])
            changed.parametersSHA256 = Self.hash
            #expect(try store.record(Self.run(changed)).superseded == 1)
        }
    }

    /// The baseline is the last value at month 0 or before: 0.2 of m00, not 0.9 of screening. 0.25 is 25 % more.
    @Test func changeIsAgainstTheLastValueBeforeTreatment() throws {
        try withStore { store, _ in
            _ = try store.record(
                Self.run(Self.sbr("screening", 0.9), Self.sbr("m00", 0.2), Self.sbr("m12", 0.25)))
            let answer = try store.rows(of: .change)
            let row = Dictionary(uniqueKeysWithValues: zip(answer.columns, answer.rows[0]))
            #expect(answer.rows.count == 1 && row["baseline_visit"] == "m00" && row["baseline"] == 0.2)
            // The difference of two binary fractions near 0.2.
            #expect(abs(row["change"]!.double! - 0.05) < 1e-15 && abs(row["change_percent"]!.double! - 25) < 1e-12)
        }
    }

    @Test func anArmThatIsKnownStaysWhereALaterRunIsBlinded() throws {
        try withStore { store, _ in
            _ = try store.record(Self.run())
            let blinded = StudyRun(command: "study run", patients: [StudyPatient(code: "P01")])
            #expect(try store.record(blinded).facts == 0)
            let other = StudyRun(command: "study run", patients: [StudyPatient(code: "P01", arm: "control")])
            #expect(try store.record(other).facts == 1)
            #expect(try store.answer(toSQL: "SELECT arm FROM current_patients").rows == [["control"]])
            #expect(try store.answer(toSQL: "SELECT arm FROM patients ORDER BY id").rows == [["graft"], ["control"]])
        }
    }

    @Test func aRunWithOneBadResultStoresNone() throws {
        try withStore { store, _ in
            var bad = Self.sbr("m12", 0.3)
            bad.visit = "m24"
            let problem = sentence { _ = try store.record(Self.run(Self.sbr("m00", 0.2), bad)) }
            #expect(problem?.reason == "the visit m24 of P01 is not in the store, nor in this run")
            let counted = try store.answer(
                toSQL:
                    "SELECT (SELECT count(*) FROM runs) + (SELECT count(*) FROM patients) + (SELECT count(*) FROM visits)"
            )
            #expect(counted.rows == [[0]])
        }
    }

    @Test(arguments: [
        "UPDATE measurements SET value = 1", "DELETE FROM measurements", "UPDATE patients SET arm = NULL",
        "DELETE FROM visits", "UPDATE runs SET created_utc = ''",
        "INSERT OR REPLACE INTO measurements SELECT id, run, code, visit, measure, region, site, 9, unit, se, ci95_low, ci95_high, flag, method, input_sha256, parameters_sha256, supersedes FROM measurements",
        "INSERT INTO measurements SELECT NULL, run, code, visit, measure, region, site, 9, unit, se, ci95_low, ci95_high, flag, method, input_sha256, parameters_sha256, NULL FROM measurements WHERE id = 2",
        "INSERT INTO measurements SELECT NULL, run, code, 'm12', measure, region, site, 9, unit, se, ci95_low, ci95_high, flag, method, input_sha256, parameters_sha256, 2 FROM measurements WHERE id = 2",
        "INSERT OR REPLACE INTO measurements SELECT NULL, run, code, visit, measure, region, site, 9, unit, se, ci95_low, ci95_high, flag, method, input_sha256, parameters_sha256, 1 FROM measurements WHERE id = 2",
    ])
    func noProgramChangesARow(sql: String) throws {
        try withStore { store, path in
            for value in [0.22, 0.25] { _ = try store.record(Self.run(Self.sbr("m00", value))) }
            let before = try store.rows(of: .history)
            let foreign = try DatabaseQueue(path: path)
            #expect(throws: DatabaseError.self) { try foreign.write { try $0.execute(sql: sql) } }
            #expect(try store.rows(of: .history) == before)
        }
    }

    @Test(arguments: [
        "DELETE FROM measurements", "VACUUM INTO '/tmp/engraft-no-such.db'", "ATTACH '/tmp/engraft-no-such.db' AS x",
        "SELECT 1; DELETE FROM measurements", "PRAGMA user_version = 9", "SELEC 1", "",
    ])
    func aQuestionOnlyReads(sql: String) throws {
        try withStore { store, path in
            _ = try store.record(Self.run(Self.sbr("m00", 0.2)))
            let reading = try ResultStore(path, for: .reading)
            let problem = sentence { _ = try reading.answer(toSQL: sql) }
            #expect(problem?.kind == .badData, "\(sql)")
            #expect(try reading.rows(of: .current).rows.count == 1 && !InputFile.exists("/tmp/engraft-no-such.db"))
            #expect(try reading.answer(toSQL: "PRAGMA user_version").rows == [[1]])
        }
    }

    @Test func whatIdentifiesOrCannotBeIsRefused() {
        func problem(_ change: (inout Measurement) -> Void) -> String? {
            var measurement = Self.sbr("m00", 0.2)
            change(&measurement)
            return try? withStore { store, _ in sentence { _ = try store.record(Self.run(measurement)) }?.reason }
        }
        #expect(problem { $0.value = .nan }?.contains("not a finite number") == true)
        #expect(problem { $0.value = nil }?.contains("neither a value nor a flag") == true)
        #expect(problem { $0.standardError = -1 }?.contains("standard error") == true)
        #expect(problem { $0.interval95 = .init(low: 2, high: 1) }?.contains("interval") == true)
        #expect(problem { $0.inputs = ["abc"] }?.contains("64 hexadecimal digits") == true)
        #expect(problem { $0.unit = "" }?.contains("has no unit") == true)
        #expect(problem { $0.region = "a\nb" }?.contains("line end") == true)
        for date in ["2024-05-01", "1.5.2024", "20240501", "scan 2024/05/01 late", "M12_20240501"] {
            #expect(problem { $0.visit = date }?.contains("looks like a date") == true, "\(date)")
        }
        for name in ["m12", "month-00", "visit 12345678", "1.2.3", "2024", "P-01-02"] {
            #expect(problem { $0.visit = name }?.contains("looks like a date") != true, "\(name)")
        }
    }
}
