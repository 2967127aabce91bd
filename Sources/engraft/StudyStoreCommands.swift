import ArgumentParser
import Ledger
import PET
import Records

extension StudyCommand {
    struct Add: Subcommand {
        static let configuration = CommandConfiguration(
            abstract: "Adds a table of results to a study's store.",
            discussion: """
                TABLE is a patient.csv of engraft patient, or any CSV or TSV with code, visit, months, measure, value and \
                unit. STORE is one SQLite file, made where it is not there. What is there already is not added again, and a \
                new value supersedes the old one, which stays. Names, birth dates and dates of visits do not belong into it.

                Example: engraft study add study.db report/patient.csv
                """)

        @Argument(help: "The store.") var store: String
        @Argument(help: "Tables of results.") var tables: [String]
        @OptionGroup var audit: AuditOptions
        @OptionGroup var result: ResultOptions

        func execute() throws {
            try OutputFile.refuseInputs([store], tables)
            let note = try audit.note()
            var provenance = Provenance(command: "study add", parameters: [.init("store", .string(store))])
            let runs = try tables.map { table in
                try provenance.read(table)
                let run = try ResultTable.read(table, command: "study add")
                try naming(table) { try run.check() }
                return run
            }
            let open = try ResultStore(store, for: .adding)
            var sum = StoredRun()
            for run in runs {
                let stored = try open.record(run)
                sum.added += stored.added
                sum.superseded += stored.superseded
                sum.unchanged += stored.unchanged
            }
            try note?.write("study add", inputs: tables, outputs: [store])
            let members: [JSONValue.Member] = [
                .init("store", .string(store)), .init("added", .integer(sum.added)),
                .init("superseded", .integer(sum.superseded)), .init("unchanged", .integer(sum.unchanged)),
            ]
            Terminal.show(
                result.json
                    ? JSONValue.object(members + provenance.members).text
                    : "\(store): \(sum.added) values added, \(sum.superseded) supersede another, "
                        + "\(sum.unchanged) were there already")
        }
    }

    struct Query: Subcommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints values of a study's store.",
            discussion: """
                The values that hold, all there ever were (--history), or each later one against the last at month 0 or \
                before (--change). --sql asks anything of the tables in docs/store.md; the store is only read.

                Example: engraft study query study.db --code P01 --measure sbr
                Example: engraft study query study.db --sql "SELECT arm, count(*) FROM current GROUP BY arm"
                """)

        @Argument(help: "The store.") var store: String
        @Option(help: "Of this patient.") var code: String?
        @Option(help: "Of this visit.") var visit: String?
        @Option(help: "Of this measure.") var measure: String?
        @Flag(help: "Which values: those that hold (the default), all, or change since baseline.")
        var view: StoreView = .current
        @Option(help: ArgumentHelp("A question in SQL.", valueName: "select")) var sql: String?
        @OptionGroup var result: ResultOptions

        func validate() throws {
            if sql != nil, code != nil || visit != nil || measure != nil || view != .current {
                throw ValidationError("--sql is the whole question; give it alone.")
            }
        }

        func execute() throws {
            let open = try ResultStore(store, for: .reading)
            let filter = ResultStore.Filter(code: code, visit: visit, measure: measure)
            let answer: StoreAnswer
            if let sql {
                answer = try open.answer(toSQL: sql)
            } else {
                try open.checkNames(filter)
                answer = try open.rows(of: view.view, filter)
            }
            var provenance = Provenance(
                command: "study query",
                parameters: [
                    .init("code", JSONValue(code)), .init("visit", JSONValue(visit)),
                    .init("measure", JSONValue(measure)), .init("view", .string(view.view.rawValue)),
                    .init("sql", JSONValue(sql)),
                ])
            try provenance.read(store)
            if result.json {
                let rows = answer.rows.map { row in
                    JSONValue.object(zip(answer.columns, row).map { JSONValue.Member($0, $1) })
                }
                Terminal.show(JSONValue.object([.init("rows", .array(rows))] + provenance.members).text)
            } else {
                Terminal.show(StoreTable.text(of: sql == nil ? StoreTable.short(answer) : answer))
            }
        }
    }

    struct Export: Subcommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes a study's store as a table for R, Python or Excel.",
            discussion: """
                All digits; what does not exist is an empty field in CSV and n/a in TSV. Parquet is not written: docs/store.md \
                has the one line that makes it of the CSV.

                Example: engraft study export study.db --format csv --out results.csv
                """)

        @Argument(help: "The store.") var store: String
        @Option(help: "csv or tsv.") var format = "csv"
        @Flag(help: "Which values: those that hold (the default), all, or change since baseline.")
        var view: StoreView = .current
        @Option(name: .shortAndLong, help: "The table to write.") var out: String
        @OptionGroup var audit: AuditOptions
        @OptionGroup var write: WriteOptions

        func validate() throws {
            if format == "parquet" {
                throw ValidationError(
                    "Parquet is not written. Export CSV; then duckdb -c \"COPY (SELECT * FROM 'results.csv') TO "
                        + "'results.parquet'\", or pandas.read_csv('results.csv').to_parquet('results.parquet').")
            }
            if !["csv", "tsv"].contains(format) { throw ValidationError("--format is csv or tsv.") }
        }

        func execute() throws {
            let planned = PlannedOutputs(out: out)
            try planned.check(inputs: [store])
            try planned.refuseExisting(force: write.force)
            try OutputFile.refuseInputs([out, ImageFile.sidecarPath(of: out)], [store])
            let note = try audit.note()
            let answer = try ResultStore(store, for: .reading).rows(of: view.view)
            var provenance = Provenance(
                command: "study export",
                parameters: [.init("format", .string(format)), .init("view", .string(view.view.rawValue))])
            try provenance.read(store)
            var batch = OutputBatch(force: write.force)
            try batch.write(out) { try OutputFile.write(format == "csv" ? answer.csv : answer.tsv, to: $0) }
            try batch.write(ImageFile.sidecarPath(of: out)) {
                try OutputFile.write(
                    JSONValue.object([.init("rows", .integer(answer.rows.count))] + provenance.members).text, to: $0)
            }
            try batch.commit()
            try note?.write("study export", inputs: [store], outputs: [out])
            Terminal.show("wrote \(out): \(answer.rows.count) rows")
        }
    }
}

/// Which values of a store are meant.
enum StoreView: String, EnumerableFlag {
    case current, history, change

    var view: ResultStore.View {
        switch self {
        case .current: .current
        case .history: .history
        case .change: .change
        }
    }
}

/// A store's answer for the terminal.
enum StoreTable {
    /// The columns that people look at; hashes and versions are left to `--json`.
    static func short(_ answer: StoreAnswer) -> StoreAnswer {
        let left = [
            "id", "input_sha256", "parameters_sha256", "software_version", "command", "supersedes", "baseline_se",
        ]
        let kept = answer.columns.indices.filter { place in
            let isEmpty = answer.rows.allSatisfy { $0[place] == .null || $0[place] == "" }
            return !left.contains(answer.columns[place]) && !(isEmpty && !answer.rows.isEmpty)
        }
        return StoreAnswer(
            columns: kept.map { answer.columns[$0] }, rows: answer.rows.map { row in kept.map { row[$0] } })
    }

    static func text(of answer: StoreAnswer) -> String {
        var table = TextTable(
            answer.columns.indices.map { place in
                let isNumber = answer.rows.allSatisfy { $0[place].double != nil || $0[place] == .null }
                return isNumber ? .number(answer.columns[place]) : .text(answer.columns[place])
            })
        for row in answer.rows { table.add(row.map(cell)) }
        return table.text + "  \(answer.rows.count) row\(answer.rows.count == 1 ? "" : "s")\n"
    }

    /// Six digits of a fraction; control characters of a text as blanks, so that nothing moves the terminal's cursor.
    private static func cell(_ value: JSONValue) -> String {
        if case .number(let number) = value { return significant(number, 6) }
        let text = value.field ?? ""
        return String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
    }
}
