import Foundation
import Records
import TestSupport
import Testing

/// `engraft phantom study`, and `engraft analyze` on what it writes.
@Suite struct AnalyzeCommandTests {
    private func trial(_ body: (String) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let made = try Binary.run(["phantom", "study", "--out", "trial"], in: folder)
            #expect(made.status == 0, "\(made.error)")
            try body(folder)
        }
    }

    private static let visits = ["trial/visits.csv", "--outcome", "score", "--visit", "month", "--reference", "SOC"]
    private static let outcomes = ["trial/outcomes.csv", "--reference", "SOC"]
    static let calls: [[String]] = [
        ["ancova"] + outcomes + ["--outcome", "month_12", "--change", "--factor", "site", "--bootstrap", "200"],
        ["mmrm"] + visits + ["--change", "--df", "kenward-roger"],
        ["groups"] + outcomes + ["--outcome", "month_12", "--baseline", "baseline"],
        ["responders"] + outcomes + ["--outcome", "responder"],
        ["sites"] + outcomes + ["--outcome", "month_12", "--baseline", "baseline"],
        ["correlation", "trial/uptake_change.csv", "--x", "dln_uptake", "--y", "change", "--id", "code"],
        ["reliability", "trial/outcomes.csv", "--test", "month_3", "--retest", "month_6"],
        ["slope"] + ["trial/visits.csv", "--outcome", "score", "--time", "month", "--reference", "SOC"],
        ["power", "--difference", "10", "--sd", "10", "--correlation", "0.5", "--simulate", "1000"],
    ]

    @Test func everyMethodHasItsTableAndItsDocument() throws {
        try trial { folder in
            for call in Self.calls {
                let text = try Binary.run(["analyze"] + call, in: folder)
                #expect(text.status == 0 && text.output.contains("Research use only"), "\(call) \(text)")
                let json = try Binary.run(["analyze"] + call + ["--json"], in: folder)
                let document = try JSONValue(parsing: Array(json.output.utf8))
                for key in ["method", "estimates", "version", "command", "inputs", "warnings"] {
                    #expect(document[key] != nil, "\(call) \(key)")
                }
                let line = try #require(document["estimates"]?[0])
                #expect(line.members?.count == 7 && line["term"]?.string != nil && line["estimate"]?.double != nil)
            }
        }
    }

    /// The trial's truth at month 24 is −14; one seeded trial has its interval about it.
    @Test func theTrialsEffectIsFound() throws {
        try trial { folder in
            let found = try Binary.run(["analyze", "mmrm"] + Self.visits + ["--change", "--json"], in: folder)
            let last = try #require(try JSONValue(parsing: Array(found.output.utf8))["estimates"]?[3])
            #expect(last["term"]?.string == "GRAFT − SOC, month 24")
            #expect(last["ci95"]![0]!.double! < -14 && last["ci95"]![1]!.double! > -14)
        }
    }

    /// The same bits on one core and on all.
    @Test(.enabled(if: Binary.firstCore != nil))
    func resamplingHasTheSameBitsAtAnyThreadCount() throws {
        try trial { folder in
            let call =
                ["analyze", "ancova"] + Self.outcomes
                + ["--outcome", "month_12", "--bootstrap", "400", "--permutations", "999", "--json"]
            let (one, all) = (
                try Binary.run(call, in: folder, core: Binary.firstCore), try Binary.run(call, in: folder)
            )
            #expect(one.status == 0 && one.output == all.output)
        }
    }

    @Test func whatIsWrongIsSaid() throws {
        try trial { folder in
            let missing = try Binary.run(
                ["analyze", "ancova", "no.csv", "--outcome", "y", "--reference", "a"], in: folder)
            #expect(missing.status == 66 && missing.error.contains("no.csv: there is no such file"))
            let arm = try Binary.run(
                ["analyze", "ancova", "trial/outcomes.csv", "--outcome", "month_12", "--reference", "sham"], in: folder)
            #expect(arm.status == 65 && arm.error.contains("the column arm has no sham; it has GRAFT, SOC"))
            let column = try Binary.run(
                ["analyze", "ancova", "trial/outcomes.csv", "--outcome", "month_13", "--reference", "SOC"], in: folder)
            #expect(column.status == 65 && column.error.contains("the table needs the column month_13"))
            let none = try Binary.run(["analyze", "ancova", "trial/outcomes.csv", "--outcome", "month_12"], in: folder)
            #expect(none.status == 64 && none.error.contains("--reference"))
            try OutputFile.write("", to: "\(folder)/empty.csv", force: true)
            let empty = try Binary.run(["analyze", "adjust", "empty.csv"], in: folder)
            #expect(empty.status == 65 && empty.error.contains("the table is empty"))
            let lot = try Binary.run(
                [
                    "analyze", "ancova", "trial/outcomes.csv", "--outcome", "month_12", "--reference", "SOC",
                    "--factor",
                    "lot",
                ], in: folder)
            #expect(lot.status == 65 && lot.error.contains("lot: the field is empty"))
            let again = try Binary.run(["phantom", "study", "--out", "trial"], in: folder)
            #expect(again.status == 73)
        }
    }
}
