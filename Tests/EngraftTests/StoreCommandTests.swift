import Foundation
import Records
import TestSupport
import Testing

/// A study's store and its audit log as a user calls them.
@Suite struct StoreCommandTests {
    private func table(_ value: Double, regions: Int = 3) -> String {
        var text = "code,visit,months,measure,region,value,unit\n"
        for region in 0..<regions {
            text += "P01,m00,0,sbr,r\(region),\(value),1\nP01,m12,12,sbr,r\(region),\(value + 1),1\n"
        }
        return text
    }

    @Test func whatIsAddedIsPrintedExportedAndNoted() throws {
        try withTemporaryFolder { folder in
            try OutputFile.write(table(2), to: "\(folder)/a.csv")
            let added = try Binary.run(
                ["study", "add", "study.db", "a.csv", "--audit", "audit.jsonl", "--user", "A"], in: folder)
            #expect(
                added.status == 0
                    && added.output == "study.db: 6 values added, 0 supersede another, 0 were there already\n")
            let again = try Binary.run(["study", "add", "study.db", "a.csv"], in: folder)
            #expect(again.output == "study.db: 0 values added, 0 supersede another, 6 were there already\n")
            let change = try Binary.run(["study", "query", "study.db", "--change", "--json"], in: folder)
            let rows = try JSONValue(parsing: Array(change.output.utf8))["rows"]?.elements
            #expect(rows?.count == 3 && rows?.allSatisfy { $0["change_percent"] == 50 } == true)
            let export = try Binary.run(["study", "export", "study.db", "--out", "b.csv"], in: folder)
            let written = try InputFile.list(folder)
            #expect(export.status == 0 && written.contains("b.json"))
            let other = try Binary.run(["study", "add", "other.db", "b.csv"], in: folder)
            #expect(other.output.contains("6 values added"), "an export can be added to another store")
            let verified = try Binary.run(["audit", "verify", "audit.jsonl", "--files"], in: folder)
            #expect(verified.status == 0, "\(verified.error)")
            let shown = try Binary.run(["audit", "show", "audit.jsonl"], in: folder)
            #expect(shown.output.contains("A  study add") && shown.output.contains("wrote study.db"))
        }
    }

    @Test(arguments: [
        ("study query gone.db", Int32(66), "gone.db: there is no such file"),
        ("study query a.csv", 65, "a.csv: this is not a store of results"),
        ("study query empty", 65, "empty: the store is empty"),
        ("study query .", 66, ".: this is a folder"),
        ("study add new.db empty", 65, "empty: the table is empty"),
        ("study add new.db dated.csv", 65, "dated.csv: the visit \"2024-05-01\" looks like a date"),
        ("study add a.csv a.csv", 73, "a.csv: this is an input"),
        ("study add no/new.db a.csv", 73, "there is no folder no"),
        ("study add new.db a.csv --user A", 64, "give --audit too"),
        ("study add new.db a.csv --audit a.csv", 65, "a.csv: the last line is no entry of an audit log"),
        ("study export gone.db --format parquet --out p", 64, "Parquet is not written"),
        ("audit verify gone", 66, "gone: there is no such file"), ("audit verify empty", 65, "empty: the log is empty"),
        ("audit verify a.csv", 65, "a.csv: line 1: this is no entry"),
        ("audit note log done --input gone", 66, "gone: there is no such file"),
        ("export fhir a.csv --out b.json", 65, "a.csv: the file is not valid JSON"),
    ])
    func aWrongInputIsOneSentence(arguments: String, status: Int32, sentence: String) throws {
        try withTemporaryFolder { folder in
            try OutputFile.write("", to: "\(folder)/empty")
            try OutputFile.write(table(1), to: "\(folder)/a.csv")
            try OutputFile.write(
                "code,visit,months,measure,value,unit\nP1,2024-05-01,0,sbr,1,1\n", to: "\(folder)/dated.csv")
            let before = try InputFile.list(folder)
            let outcome = try Binary.run(arguments.split(separator: " ").map(String.init), in: folder, guarded: true)
            #expect(outcome.status == status, "\(outcome.error)")
            #expect(outcome.error.contains(sentence), "\(outcome.error)")
            let after = try InputFile.list(folder)
            #expect(outcome.output.isEmpty && after == before)
        }
    }

    /// Each run gives every value another one: after a kill the store holds all of one run, and none is half there.
    @Test func aKilledRunLeavesTheStoreWhole() throws {
        try withTemporaryFolder { folder in
            var noise = SeededNoise(seed: 11)
            try OutputFile.write(table(0, regions: 800), to: "\(folder)/t.csv")
            let clock = ContinuousClock()
            let needed = try clock.measure { _ = try Binary.run(["study", "add", "s.db", "t.csv"], in: folder) }
            let microseconds = Double(needed.components.attoseconds) / 1e12 + Double(needed.components.seconds) * 1e6
            var killed = 0
            for run in 1...12 {
                try OutputFile.write(table(Double(run), regions: 800), to: "\(folder)/t.csv", force: true)
                let process = Process()
                process.executableURL = URL(fileURLWithPath: Binary.path)
                process.arguments = ["study", "add", "s.db", "t.csv"]
                process.currentDirectoryURL = URL(fileURLWithPath: folder)
                process.standardOutput = FileHandle.nullDevice
                try process.run()
                usleep(UInt32(Double.random(in: 0...2, using: &noise) * microseconds))
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                if process.terminationReason == .uncaughtSignal { killed += 1 }
                let sql = "SELECT visit, count(*) AS n, min(value) = max(value) AS whole FROM current GROUP BY visit"
                let asked = try Binary.run(["study", "query", "s.db", "--sql", sql, "--json"], in: folder)
                let rows = try JSONValue(parsing: Array(asked.output.utf8))["rows"]?.elements
                #expect(asked.status == 0 && rows?.count == 2, "\(asked.error)")
                #expect(rows?.allSatisfy { $0["n"] == 800 && $0["whole"] == 1 } == true)
            }
            #expect(killed > 0)
            let last = try Binary.run(["study", "add", "s.db", "t.csv"], in: folder)
            #expect(last.status == 0, "the next run completes")
        }
    }

    @Test func twoProgramsNoteAtOnce() throws {
        try withTemporaryFolder { folder in
            let processes = try (0..<6).map { number in
                let process = Process()
                process.executableURL = URL(fileURLWithPath: "/bin/sh")
                process.arguments = [
                    "-c", "for i in 1 2 3 4 5; do \"$0\" audit note log.jsonl \"act $i\" --user \(number); done",
                    Binary.path,
                ]
                process.currentDirectoryURL = URL(fileURLWithPath: folder)
                process.standardOutput = FileHandle.nullDevice
                try process.run()
                return process
            }
            for process in processes { process.waitUntilExit() }
            let verified = try Binary.run(["audit", "verify", "log.jsonl"], in: folder)
            #expect(verified.status == 0 && verified.output.contains("30 entries, as written"), "\(verified.error)")
        }
    }

    @Test func theSamplePatientBecomesABundle() throws {
        try withTemporaryFolder { folder in
            let made = try Binary.run(["patient", SampleScans.folder, "--out", "report"], in: folder)
            #expect(made.status == 0, "\(made.error)")
            let outcome = try Binary.run(["export", "fhir", "report/patient.json", "--out", "bundle.json"], in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            let bundle = try JSONValue(parsing: InputFile.read("\(folder)/bundle.json"))
            #expect(bundle["resourceType"] == "Bundle" && (bundle["entry"]?.elements?.count ?? 0) > 100)
            let folderFile = "\(SampleScans.folder)/patient.json"
            let refused = try Binary.run(["export", "fhir", folderFile, "--out", "b.json"], in: folder)
            #expect(refused.status == 65 && refused.error.contains("describes a patient's folder"))
        }
    }
}
