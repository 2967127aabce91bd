import GRDB
import Records

/// The results of one study in one SQLite file: patients, visits and measurements, each with the run that added it.
///
/// Nothing in it is changed or removed: a new value of the same thing is a new row that names the row it supersedes, and
/// triggers in the file itself refuse UPDATE and DELETE. docs/store.md has the tables for those who open it elsewhere.
///
/// A run is one transaction under a rollback journal, flushed before and after: a program killed at any moment leaves the
/// file as it was before the run or after it. The journal is not a write-ahead log, because a store is written by one
/// program at a time, may lie on a network drive, where SQLite's log does not work, and stays a single file that can be
/// copied and hashed.
public final class ResultStore: Sendable {
    /// What a store is opened for.
    public enum Access: Sendable {
        /// Reading: the file is never changed.
        case reading
        /// Adding results; the file is made where it is not there.
        case adding
    }

    /// The version of the tables that this Engraft writes, in SQLite's `user_version`.
    public static let formatVersion = 1
    /// What tells a store from other programs' databases, in SQLite's `application_id`: "Engr".
    static let applicationID = 0x456E_6772

    /// The file.
    public let path: String
    let queue: DatabaseQueue

    /// Opens a store. Throws a `FileProblem` where the file is no store, a newer one, or damaged.
    public init(_ path: String, for access: Access) throws {
        self.path = path
        if access == .adding {
            try OutputFile.checkFolders(of: [path])
        }
        if access == .reading || InputFile.exists(path) { try Self.refuseOtherFiles(path) }
        queue = try Self.naming(path) {
            do { return try Self.open(path, access) } catch let error as DatabaseError
                where access == .reading && error.extendedResultCode == .SQLITE_READONLY_ROLLBACK
            {
                // A run was killed and its journal waits: who may write rolls it back, then the file is read only.
                _ = try Self.open(path, .adding)
                return try Self.open(path, .reading)
            }
        }
    }

    private static func open(_ path: String, _ access: Access) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = access == .reading
        configuration.busyMode = .timeout(30)
        configuration.prepareDatabase { database in
            if access == .adding {
                try database.execute(sql: "PRAGMA synchronous = EXTRA; PRAGMA recursive_triggers = ON")
            }
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        if access == .adding {
            try queue.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    if try isBlank(database) { try createTables(database) }
                    return .commit
                }
            }
        }
        try queue.read { try checkFormat($0, path) }
        return queue
    }

    private static func isBlank(_ database: Database) throws -> Bool {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0
            && Int.fetchOne(database, sql: "PRAGMA application_id") == 0
    }

    private static func checkFormat(_ database: Database, _ path: String) throws {
        if try isBlank(database) {
            throw FileProblem(path, .badData, "the store is empty: no run has put results into it")
        }
        guard try Int.fetchOne(database, sql: "PRAGMA application_id") == applicationID else {
            throw FileProblem(path, .badData, "this is another program's SQLite database, not a study's results")
        }
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard version <= formatVersion else {
            throw FileProblem(
                path, .badData,
                "the store has format \(version), but Engraft \(Engraft.version) knows formats up to \(formatVersion); "
                    + "open it with the newer Engraft that wrote it")
        }
        guard version > 0 else { throw FileProblem(path, .badData, "the store says no format; the file is damaged") }
    }

    /// Throws where a file begins as no SQLite database does; an empty file is one without tables.
    private static func refuseOtherFiles(_ path: String) throws {
        struct Enough: Error {}
        do {
            try InputFile.forEachPiece(of: path) { piece in
                guard piece.prefix(16).elementsEqual(Array("SQLite format 3".utf8) + [0]) else {
                    throw FileProblem(path, .badData, "this is not a store of results: no SQLite database")
                }
                throw Enough()
            }
        } catch is Enough {}
    }

    /// Runs what asks SQLite, and turns its errors into sentences that name the file.
    static func naming<R>(_ path: String, _ body: () throws -> R) throws(FileProblem) -> R {
        do { return try body() } catch let problem as FileProblem { throw problem } catch let error as DatabaseError {
            let said = error.message ?? "\(error.resultCode)"
            switch error.resultCode {
            case .SQLITE_NOTADB:
                throw FileProblem(path, .badData, "this is not a store of results: no SQLite database")
            case .SQLITE_CORRUPT:
                throw FileProblem(path, .badData, "the store is damaged (\(said)); take the last copy of it")
            case .SQLITE_BUSY, .SQLITE_LOCKED:
                throw FileProblem(
                    path, .inputOutput, "another program is writing to the store; try again when it is done")
            case .SQLITE_READONLY where error.extendedResultCode == .SQLITE_READONLY_ROLLBACK:
                throw FileProblem(
                    path, .inputOutput,
                    "a run was interrupted, and its journal must be rolled back by somebody who may write to the folder"
                )
            case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
                throw FileProblem(path, .cannotWrite, said)
            case .SQLITE_FULL, .SQLITE_IOERR: throw FileProblem(path, .inputOutput, said)
            default: throw FileProblem(path, .badData, said)
            }
        } catch { throw FileProblem(path, .badData, "\(error)") }
    }
}
