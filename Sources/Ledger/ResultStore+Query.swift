import GRDB
import Records

/// The answer of a store to a question: columns and rows, in order.
public struct StoreAnswer: Sendable, Equatable {
    /// The columns' names.
    public var columns: [String]
    /// The rows; a text, a number or null for every column.
    public var rows: [[JSONValue]]

    /// An answer.
    public init(columns: [String], rows: [[JSONValue]]) { (self.columns, self.rows) = (columns, rows) }

    /// As comma-separated text; what does not exist is an empty field, which R and pandas read as missing.
    public var csv: String { table(missing: "").csv }
    /// As tab-separated text; what does not exist is "n/a", as BIDS has it.
    public var tsv: String { table(missing: "n/a").tsv }

    private func table(missing: String) -> DelimitedTable {
        DelimitedTable(columns: columns, rows: rows.map { row in row.map { $0.field ?? missing } })
    }
}

extension JSONValue {
    /// A cell as a field of a table: all digits of a number; `nil` for null.
    public var field: String? {
        switch self {
        case .integer(let value): String(value)
        case .number(let value):
            Int(exactly: value).flatMap { abs($0) < 1 << 53 ? String($0) : nil } ?? value.description
        case .string(let value): value
        default: nil
        }
    }
}

extension ResultStore {
    /// Which measurements are asked for; `nil` is all.
    public struct Filter: Sendable {
        /// Of one patient.
        public var code: String?
        /// Of one visit.
        public var visit: String?
        /// Of one measure.
        public var measure: String?

        /// A filter.
        public init(code: String? = nil, visit: String? = nil, measure: String? = nil) {
            (self.code, self.visit, self.measure) = (code, visit, measure)
        }
    }

    /// One of the store's views that people read.
    public enum View: String, Sendable, CaseIterable {
        /// The value that holds of each thing.
        case current
        /// Every value ever stored.
        case history
        /// Each later value against the last one at month 0 or before.
        case change = "change_from_baseline"
    }

    /// The rows of a view in order of patient, measure and time.
    public func rows(of view: View, _ filter: Filter = Filter()) throws(FileProblem) -> StoreAnswer {
        var conditions: [String] = []
        var arguments: [String] = []
        for (column, value) in [("code", filter.code), ("visit", filter.visit), ("measure", filter.measure)] {
            guard let value else { continue }
            conditions.append("\(column) = ?")
            arguments.append(value)
        }
        let filtered = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        let order = "code, measure, region, site, months, visit" + (view == .change ? "" : ", id")
        return try answer(
            to: "SELECT * FROM \(view.rawValue)\(filtered) ORDER BY \(order)", StatementArguments(arguments))
    }

    /// The answer to a question in SQL. Throws where it is more than one statement, or one that does not only read.
    public func answer(toSQL sql: String) throws(FileProblem) -> StoreAnswer { try answer(to: sql, []) }

    private func answer(to sql: String, _ arguments: StatementArguments) throws(FileProblem) -> StoreAnswer {
        try Self.naming(path) {
            try queue.read { database in
                let statement = try Self.refusingSyntax(path) { try database.makeStatement(sql: sql) }
                guard statement.isReadonly, statement.columnCount > 0 else {
                    throw FileProblem(
                        path, .badData, "a question only reads: begin it with SELECT, WITH or PRAGMA table_info")
                }
                try statement.setArguments(arguments)
                let cursor = try Row.fetchCursor(statement)
                var rows: [[JSONValue]] = []
                while let row = try cursor.next() { rows.append(row.databaseValues.map(Self.cell)) }
                return StoreAnswer(columns: statement.columnNames, rows: rows)
            }
        }
    }

    private static func refusingSyntax<R>(_ path: String, _ body: () throws -> R) throws -> R {
        do { return try body() } catch let error as DatabaseError where error.resultCode != .SQLITE_CORRUPT {
            throw FileProblem(path, .badData, "the SQL is not understood: \(error.message ?? "\(error.resultCode)")")
        }
    }

    private static func cell(_ value: DatabaseValue) -> JSONValue {
        switch value.storage {
        case .null: .null
        case .int64(let value): .integer(Int(value))
        case .double(let value): .number(value)
        case .string(let value): .string(value)
        case .blob(let bytes): .string("\(bytes.count) bytes")
        }
    }
}

extension ResultStore {
    /// Throws where a filter names a patient, visit or measure that the store does not have.
    public func checkNames(_ filter: Filter) throws(FileProblem) {
        for (column, name) in [("code", filter.code), ("visit", filter.visit), ("measure", filter.measure)] {
            guard let name else { continue }
            let known = try answer(toSQL: "SELECT DISTINCT \(column) FROM measurements ORDER BY \(column)").rows
                .compactMap { $0[0].string }
            if known.contains(name) { continue }
            let some = known.prefix(20).joined(separator: ", ") + (known.count > 20 ? ", …" : "")
            throw FileProblem(path, .badData, "there is no \(column) \(name) in the store; there are \(some)")
        }
    }
}
