import Foundation
import Records
import TestSupport
import Testing

/// `engraft tremor --baseline`.
@Suite struct BaselineTests {
    /// A minute at 50 Hz of a tremor of 5 Hz.
    private func wrist(_ name: String, cm: Double, in folder: String) throws {
        var text = "time (s),x (m/s2),y (m/s2),z (m/s2)\n"
        for place in 0..<3000 {
            let t = Double(place) / 50
            let omega = 2 * Double.pi * 5
            let a = -cm / 200 * omega * omega * sin(omega * t)
            text += "\(t),\(fixed(a, 6)),9.80665,\(fixed(0.01 * sin(Double(place * place)), 6))\n"
        }
        try OutputFile.write(text, to: "\(folder)/\(name)")
    }

    private func fill(_ folder: String) throws {
        try wrist("before.csv", cm: 2, in: folder)
        try wrist("copy.csv", cm: 2, in: folder)
        try wrist("after.csv", cm: 1, in: folder)
    }

    @Test func aRecordingHasItsChange() throws {
        try withTemporaryFolder { folder in
            try fill(folder)
            let outcome = try Binary.run(["tremor", "after.csv", "--baseline", "before.csv", "--json"], in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            let change = try JSONValue(parsing: Array(outcome.output.utf8))["recordings"]?[0]?["change"]
            // Half of it; the two amplitudes are within 1 % of the truth.
            #expect(abs(try #require(change?["percent_change"]?.double) + 50) < 1)
        }
    }

    @Test(arguments: ["before.csv", "copy.csv"])
    func aRecordingIsNotItsOwnBaseline(name: String) throws {
        try withTemporaryFolder { folder in
            try fill(folder)
            let outcome = try Binary.run(["tremor", name, "--baseline", "before.csv"], in: folder)
            #expect(outcome.status == 65 && outcome.output.isEmpty, "\(outcome)")
            #expect(
                outcome.complaints.count == 1
                    && outcome.error.hasPrefix(
                        "engraft: \(name): this is the baseline itself or a copy of it (before.csv)")
            )
        }
    }

    /// Of a folder that holds its baseline the others have a change, and that one says why it has none.
    @Test func amongOthersTheBaselineHasNoChange() throws {
        try withTemporaryFolder { folder in
            try fill(folder)
            let outcome = try Binary.run(["tremor", ".", "--baseline", "before.csv", "--json"], in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            let found = try #require(try JSONValue(parsing: Array(outcome.output.utf8))["recordings"]?.elements)
            #expect(found.count == 3 && found.filter { $0["change"] == .null }.count == 2)
            #expect(
                outcome.error.contains("before.csv: this is the baseline itself or a copy of it: no change is given"))
        }
    }

    @Test func tasksAreSaidNotToBeCompared() throws {
        try withTemporaryFolder { folder in
            try fill(folder)
            try OutputFile.write("onset\tduration\ttrial_type\n1\t55\trest\n", to: "\(folder)/events.tsv")
            let outcome = try Binary.run(
                ["tremor", "after.csv", "--baseline", "before.csv", "--events", "events.tsv"], in: folder)
            #expect(outcome.status == 0 && outcome.error.contains("tasks are not compared with the baseline"))
        }
    }
}
