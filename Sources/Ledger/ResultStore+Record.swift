import GRDB
import Records

/// What a run changed in a store.
public struct StoredRun: Sendable, Equatable {
    /// The run's number; `nil` where everything was there already.
    public var id: Int?
    /// Values of things that had none.
    public var added = 0
    /// Values that supersede an earlier one.
    public var superseded = 0
    /// Values that were there already, from the same inputs with the same parameters.
    public var unchanged = 0
    /// Patients and visits that are new or have new facts.
    public var facts = 0

    /// What a run changed.
    public init(id: Int? = nil, added: Int = 0, superseded: Int = 0, unchanged: Int = 0, facts: Int = 0) {
        (self.id, self.added, self.superseded) = (id, added, superseded)
        (self.unchanged, self.facts) = (unchanged, facts)
    }
}

extension ResultStore {
    /// Adds the results of a run, all of them or none.
    ///
    /// What is there already with the same value, error, flag, method, inputs and parameters is not added again, so that a
    /// run may be repeated; the software's version alone makes no new row.
    public func record(_ run: StudyRun, at time: UTCTime = .now) throws(FileProblem) -> StoredRun {
        try Self.naming(path) {
            try run.check()
            var stored = StoredRun()
            try queue.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    var writer = RunWriter(database: database, run: run, time: time)
                    try writer.write()
                    stored = writer.stored
                    return .commit
                }
            }
            return stored
        }
    }
}

/// Writes one run within a transaction.
private struct RunWriter {
    let database: Database
    let run: StudyRun
    let time: UTCTime
    var stored = StoredRun()

    mutating func write() throws {
        for patient in run.patients { try write(patient) }
        for visit in run.visits { try write(visit) }
        for measurement in run.measurements { try write(measurement) }
    }

    /// The run's row, made with the first row that names it.
    private mutating func number() throws -> Int {
        if let id = stored.id { return id }
        try database.cachedStatement(
            sql: "INSERT INTO runs (command, software_version, created_utc) VALUES (?, ?, ?)"
        ).execute(arguments: [run.command, Engraft.version, time.description])
        let id = Int(database.lastInsertedRowID)
        stored.id = id
        return id
    }

    private mutating func write(_ patient: StudyPatient) throws {
        let known = try Row.fetchOne(
            database.cachedStatement(sql: "SELECT id, arm, site FROM current_patients WHERE code = ?"),
            arguments: [patient.code])
        let (knownArm, knownSite): (String?, String?) = (known?["arm"], known?["site"])
        let (arm, site) = (patient.arm ?? knownArm, patient.site ?? knownSite)
        if known != nil, arm == knownArm, site == knownSite { return }
        try database.cachedStatement(
            sql: "INSERT INTO patients (run, code, arm, site, supersedes) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: [number(), patient.code, arm, site, known?["id"] as Int?])
        stored.facts += 1
    }

    private mutating func write(_ visit: StudyVisit) throws {
        let known = try Row.fetchOne(
            database.cachedStatement(sql: "SELECT id, months FROM current_visits WHERE code = ? AND name = ?"),
            arguments: [visit.code, visit.name])
        if let known, known["months"] == visit.months { return }
        try database.cachedStatement(
            sql: "INSERT INTO visits (run, code, name, months, supersedes) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: [number(), visit.code, visit.name, visit.months, known?["id"] as Int?])
        stored.facts += 1
    }

    private mutating func write(_ new: Measurement) throws {
        let isKnownVisit = try Bool.fetchOne(
            database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM visits WHERE code = ? AND name = ?)"),
            arguments: [new.code, new.visit])
        guard isKnownVisit == true else { throw StoreProblem.unknownVisit(code: new.code, visit: new.visit) }
        let known = try Row.fetchOne(
            database.cachedStatement(
                sql: """
                    WITH RECURSIVE chain (id) AS (
                        SELECT id FROM measurements WHERE code = ? AND visit = ? AND measure = ? AND region = ? AND site = ?
                            AND supersedes IS NULL
                        UNION ALL SELECT later.id FROM measurements AS later JOIN chain ON later.supersedes = chain.id)
                    SELECT * FROM measurements WHERE id = (SELECT max(id) FROM chain)
                    """),
            arguments: [new.code, new.visit, new.measure, new.region, new.site])
        if let known, Self.holds(known, new) {
            stored.unchanged += 1
            return
        }
        try database.cachedStatement(
            sql: """
                INSERT INTO measurements (run, code, visit, measure, region, site, value, unit, se, ci95_low, ci95_high, flag,
                    method, input_sha256, parameters_sha256, supersedes)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            number(), new.code, new.visit, new.measure, new.region, new.site, new.value, new.unit, new.standardError,
            new.interval95?.low, new.interval95?.high, new.flag, new.method, new.inputText, new.parametersSHA256,
            known?["id"] as Int?,
        ])
        if known == nil { stored.added += 1 } else { stored.superseded += 1 }
    }

    /// Whether a stored row says what a measurement says.
    private static func holds(_ row: Row, _ new: Measurement) -> Bool {
        row["value"] == new.value && row["unit"] == new.unit && row["se"] == new.standardError
            && row["ci95_low"] == new.interval95?.low && row["ci95_high"] == new.interval95?.high
            && row["flag"] == new.flag && row["method"] == new.method && row["input_sha256"] == new.inputText
            && row["parameters_sha256"] == new.parametersSHA256
    }
}
