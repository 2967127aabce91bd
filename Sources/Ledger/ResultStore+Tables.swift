import GRDB

extension ResultStore {
    /// Makes the tables, views and triggers of format 1 in an empty database.
    static func createTables(_ database: Database) throws {
        try database.execute(sql: tables)
        for table in ["runs", "patients", "visits", "measurements"] {
            try database.execute(sql: refusals(table))
        }
        for (table, key) in keys { try database.execute(sql: succession(table, key)) }
        try database.execute(sql: views)
        try database.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(formatVersion)")
    }

    /// What names one thing in each table whose rows may be superseded.
    static let keys = [
        ("patients", ["code"]), ("visits", ["code", "name"]),
        ("measurements", ["code", "visit", "measure", "region", "site"]),
    ]

    private static let tables = """
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            command TEXT NOT NULL,
            software_version TEXT NOT NULL,
            created_utc TEXT NOT NULL
        ) STRICT;
        CREATE TABLE patients (
            id INTEGER PRIMARY KEY,
            run INTEGER NOT NULL REFERENCES runs,
            code TEXT NOT NULL,
            arm TEXT,
            site TEXT,
            supersedes INTEGER UNIQUE REFERENCES patients
        ) STRICT;
        CREATE TABLE visits (
            id INTEGER PRIMARY KEY,
            run INTEGER NOT NULL REFERENCES runs,
            code TEXT NOT NULL,
            name TEXT NOT NULL,
            months REAL NOT NULL,
            supersedes INTEGER UNIQUE REFERENCES visits
        ) STRICT;
        CREATE TABLE measurements (
            id INTEGER PRIMARY KEY,
            run INTEGER NOT NULL REFERENCES runs,
            code TEXT NOT NULL,
            visit TEXT NOT NULL,
            measure TEXT NOT NULL,
            region TEXT NOT NULL,
            site TEXT NOT NULL,
            value REAL,
            unit TEXT NOT NULL,
            se REAL CHECK (se >= 0),
            ci95_low REAL,
            ci95_high REAL CHECK (ci95_high >= ci95_low),
            flag TEXT NOT NULL,
            method TEXT NOT NULL,
            input_sha256 TEXT NOT NULL,
            parameters_sha256 TEXT NOT NULL,
            supersedes INTEGER UNIQUE REFERENCES measurements,
            CHECK (value IS NOT NULL OR flag <> '')
        ) STRICT;
        """

    /// A table's rows are never changed, removed or put in the place of others.
    private static func refusals(_ table: String) -> String {
        """
        CREATE TRIGGER \(table)_are_not_changed BEFORE UPDATE ON \(table)
        BEGIN SELECT RAISE(ABORT, '\(table) are not changed; add a row that supersedes'); END;
        CREATE TRIGGER \(table)_are_not_removed BEFORE DELETE ON \(table)
        BEGIN SELECT RAISE(ABORT, '\(table) are not removed'); END;
        CREATE TRIGGER \(table)_are_not_replaced BEFORE INSERT ON \(table)
        WHEN EXISTS (SELECT 1 FROM \(table) WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, '\(table) are not replaced; add a row that supersedes'); END;
        """
    }

    /// One chain for each thing: its first row supersedes none, and every other the last one before it.
    private static func succession(_ table: String, _ key: [String]) -> String {
        let same = key.map { "old.\($0) = NEW.\($0)" }.joined(separator: " AND ")
        return """
            CREATE UNIQUE INDEX \(table)_first ON \(table) (\(key.joined(separator: ", "))) WHERE supersedes IS NULL;
            CREATE TRIGGER \(table)_begin_once BEFORE INSERT ON \(table)
            WHEN NEW.supersedes IS NULL AND EXISTS (SELECT 1 FROM \(table) AS old WHERE \(same) AND old.supersedes IS NULL)
            BEGIN SELECT RAISE(ABORT, '\(table): this is there already; name the row it supersedes'); END;
            CREATE TRIGGER \(table)_supersede_their_own BEFORE INSERT ON \(table)
            WHEN NEW.supersedes IS NOT NULL AND (
                NOT EXISTS (SELECT 1 FROM \(table) AS old WHERE old.id = NEW.supersedes AND \(same))
                OR EXISTS (SELECT 1 FROM \(table) AS old WHERE old.supersedes = NEW.supersedes))
            BEGIN SELECT RAISE(ABORT, '\(table): a row supersedes the current row of the same thing'); END;
            """
    }

    private static let views = """
        CREATE VIEW current_patients AS
        SELECT * FROM patients AS p WHERE NOT EXISTS (SELECT 1 FROM patients AS later WHERE later.supersedes = p.id);
        CREATE VIEW current_visits AS
        SELECT * FROM visits AS v WHERE NOT EXISTS (SELECT 1 FROM visits AS later WHERE later.supersedes = v.id);
        CREATE VIEW history AS
        SELECT m.id, m.code, p.arm, m.visit, v.months, m.measure, m.region, m.site, m.value, m.unit, m.se, m.ci95_low,
            m.ci95_high, m.flag, m.method, m.input_sha256, m.parameters_sha256, m.run, r.command, r.software_version,
            r.created_utc, m.supersedes,
            (SELECT later.id FROM measurements AS later WHERE later.supersedes = m.id) AS superseded_by
        FROM measurements AS m
            JOIN runs AS r ON r.id = m.run
            LEFT JOIN current_visits AS v ON v.code = m.code AND v.name = m.visit
            LEFT JOIN current_patients AS p ON p.code = m.code;
        CREATE VIEW current AS
        SELECT id, code, arm, visit, months, measure, region, site, value, unit, se, ci95_low, ci95_high, flag, method,
            input_sha256, parameters_sha256, run, command, software_version, created_utc, supersedes
        FROM history WHERE superseded_by IS NULL;
        CREATE VIEW change_from_baseline AS
        WITH baseline AS (
            SELECT *, row_number() OVER (PARTITION BY code, measure, region, site ORDER BY months DESC) AS place
            FROM current WHERE months <= 0 AND value IS NOT NULL)
        SELECT c.code, c.arm, c.measure, c.region, c.site, c.unit, b.visit AS baseline_visit, b.value AS baseline,
            b.se AS baseline_se, c.visit, c.months, c.value, c.se, c.value - b.value AS change,
            CASE WHEN b.value > 0 THEN 100 * (c.value / b.value - 1) END AS change_percent, c.flag
        FROM current AS c
            JOIN baseline AS b ON b.place = 1 AND b.code = c.code AND b.measure = c.measure AND b.region = c.region
                AND b.site = c.site AND b.unit = c.unit AND b.method = c.method
        WHERE c.months > 0 AND c.value IS NOT NULL;
        """
}
