import Foundation
import Records
import Testing
import TestSupport

/// The clinic's commands as a user calls them, on the examples that `study init` writes.
@Suite struct TrialCommandTests {
    private func begun<R>(_ study: String, _ body: (String) throws -> R) throws -> R {
        try withTemporaryFolder { folder in
            let outcome = try Binary.run(["study", "init", study, "--out", "trial"], in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            return try body("\(folder)/trial")
        }
    }

    private func json(_ arguments: [String], in folder: String, status: Int32 = 0) throws -> JSONValue {
        let outcome = try Binary.run(arguments + ["--json"], in: folder)
        #expect(outcome.status == status, "\(outcome.error)")
        let document = try JSONValue(parsing: Array(outcome.output.utf8))
        for key in ["version", "command", "parameters", "inputs", "warnings", "use"] { #expect(document[key] != nil) }
        return document
    }

    @Test func screeningHasEveryKeyAndEveryVerdict() throws {
        try begun("hexell-2020-fs-001") { folder in
            let arguments = ["screen", "study.yaml", "subjects.csv", "--attestations", "attestations.csv"]
            let document = try json(arguments, in: folder)
            let subjects = try #require(document["subjects"]?.elements)
            let verdicts = Set(subjects.compactMap { $0["verdict"]?.string })
            #expect(verdicts == ["eligible", "ineligible", "incomplete", "pending-judgement"])
            #expect(document["inputs"]?.elements?.count == 3)
            #expect(
                subjects.allSatisfy {
                    $0["criteria"]?.elements?.allSatisfy { $0["reason"]?.string?.isEmpty == false } == true
                })
            let text = try Binary.run(arguments, in: folder).output
            #expect(text.contains("Research use only") && !text.contains("investigator-1"))
        }
    }

    @Test func escalationWaitsForAPendingToxicity() throws {
        try begun("hexell-2020-fs-001") { folder in
            let arguments = ["escalate", "study.yaml", "dlt.csv", "--as-of", "2026-06-01"]
            let document = try json(arguments, in: folder, status: 3)
            #expect(
                document["next"]?["action"]?.string == "wait" && document["mtd"] == .null && document["mfd"] == .null)
            let exact = try json(["escalate", "study.yaml", "--operating-characteristics", "0.1,0.2"], in: folder)
            let both = try #require(exact["operating_characteristics"]?.elements)
            #expect(both.map { $0["sum"]?.string } == ["1", "1"] && exact["state"] == .null)
            #expect(both.map { $0["mtd"]?[2]?["exact"]?.string } == ["156763431/244140625", "28996704/48828125"])
        }
    }

    @Test(arguments: [
        ("xs411-phase2", "mds-updrs", "items.csv"), ("xs411-phase2", "pdq39", "items.csv"),
        ("xs411-phase2", "hy", "items.csv"),
        ("xs411-phase2", "cgi", "items.csv"), ("xs411-phase2", "diary", "diary.csv"),
        ("xs411-phase2", "ledd", "medication.csv"),
        ("xs411-phase2", "pet", "pet.csv"), ("xs228-als", "alsfrs-r", "items.csv"), ("xs228-als", "svc", "items.csv"),
        ("xs228-als", "cafs", "cafs.csv"), ("hexell-2020-fs-001", "fried", "frailty.csv"),
        ("hexell-2020-fs-001", "sppb", "frailty.csv"), ("hexell-2020-fs-001", "grip", "frailty.csv"),
        ("hexell-2020-fs-001", "gait-speed", "frailty.csv"), ("hexell-2020-fs-001", "cfs", "frailty.csv"),
        ("hexell-2020-fs-001", "mmse", "frailty.csv"),
    ])
    func everyExampleIsScored(study: String, scale: String, table: String) throws {
        try begun(study) { folder in
            let arguments = ["score", scale, table, "--study", "study.yaml", "--subjects", "subjects.csv"]
            let document = try json(arguments, in: folder)
            let scores = try #require(document["scores"]?.elements)
            #expect(scores.contains { $0["value"] != .null })
            for key in ["code", "visit", "name", "value", "missing", "rule", "reliable", "important"] {
                #expect(scores.allSatisfy { $0[key] != nil }, "\(key)")
            }
            #expect(try Binary.run(arguments, in: folder).output.contains("Research use only"))
        }
    }

    @Test func anExampleIsNotWrittenOverAnother() throws {
        try begun("xs411-phase1") { folder in
            let again = try Binary.run(["study", "init", "xs411-phase1", "--out", folder])
            #expect(again.status == 73 && again.error.contains("--force"))
        }
    }

    @Test(arguments: [
        ("score mds-updrs gone.csv", Int32(66), "gone.csv: there is no such file"),
        ("score mds-updrs empty.csv", 65, "empty.csv: the table is empty"),
        ("score mds-updrs .", 66, ".: this is a folder"),
        ("score mds-updrs binary.csv", 65, "binary.csv: this is not a text file in UTF-8"),
        ("score mds-updrs header.csv", 65, "header.csv: the table has no rows"),
        ("score mds-updrs latin.csv", 65, "latin.csv: line 2: the line is not UTF-8"),
        ("score mds-updrs quote.csv", 65, "quote.csv: line 2: the quotation mark"),
        ("score bdi header.csv", 64, "There is no scale bdi"),
        ("screen gone.yaml header.csv", 66, "gone.yaml: there is no such file"),
        ("screen xs999 header.csv", 66, "no built-in study; there are hexell-2020-fs-001"),
        ("screen empty.csv header.csv", 65, "empty.csv: the file is empty"),
        ("escalate xs411-phase2 header.csv", 65, "xs411-phase2: the study has no dose escalation"),
        ("escalate xs411-phase1", 64, "Give the table of events"),
        ("escalate xs411-phase1 --operating-characteristics 0.1,2", 64, "invalid"),
        ("study init xs999 --out x", 66, "there is no such built-in study"),
    ])
    func aWrongInputIsOneSentence(arguments: String, status: Int32, sentence: String) throws {
        try withTemporaryFolder { folder in
            try OutputFile.write("", to: "\(folder)/empty.csv")
            try OutputFile.write([0x50, 0x4B, 0, 0, 1], to: "\(folder)/binary.csv")
            try OutputFile.write("code,state,item,value\n", to: "\(folder)/header.csv")
            try OutputFile.write(
                Array("state,item,value\noff,3.1,\"".utf8) + [0xE9] + Array("\"\n".utf8), to: "\(folder)/latin.csv")
            try OutputFile.write("state,item,value\noff,3.1,\"1\n", to: "\(folder)/quote.csv")
            let outcome = try Binary.run(arguments.split(separator: " ").map(String.init), in: folder, guarded: true)
            #expect(outcome.status == status, "\(outcome.error)")
            #expect(outcome.error.contains(sentence), "\(outcome.error)")
            #expect(outcome.output.isEmpty)
        }
    }
}
