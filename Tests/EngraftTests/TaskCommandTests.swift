import Foundation
import Records
import TestSupport
import Testing

/// Tasks of one recording, as the command gives them.
@Suite struct TaskCommandTests {
    /// A minute of rest tremor of 5 Hz and 2 cm, then one of 7 Hz and 1 cm with the hand held out, at 50 Hz, in m/s².
    private static let visit: String = {
        var text = "time (s),x (m/s2),y (m/s2),z (m/s2)\n"
        for place in 0..<6000 {
            let t = Double(place) / 50
            let (hz, cm) = t < 60 ? (5.0, 2.0) : (7.0, 1.0)
            let omega = 2 * Double.pi * hz
            let a = -cm / 200 * omega * omega * sin(omega * t)
            text += "\(t),\(fixed(a, 6)),9.80665,\(fixed(0.01 * sin(Double(place * place)), 6))\n"
        }
        return text
    }()

    private func run(
        _ events: String, _ more: [String] = [], in folder: String, name: String = "events.tsv"
    ) throws -> Binary.Outcome {
        try OutputFile.write(Self.visit, to: "\(folder)/visit.csv", force: true)
        try OutputFile.write(events, to: "\(folder)/\(name)", force: true)
        return try Binary.run(["tremor", "visit.csv", "--events", name] + more, in: folder)
    }

    private let good = "onset\tduration\ttrial_type\n1\t55\trest\n62\t55\tPostural\n70\t20\tcounting\n"

    @Test func eachTaskHasItsRowItsItemAndItsMeasures() throws {
        try withTemporaryFolder { folder in
            let outcome = try run(good, ["--site", "wrist-left", "--json"], in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            let document = try JSONValue(parsing: Array(outcome.output.utf8))
            let tasks = try #require(document["recordings"]?[0]?["tasks"]?.elements)
            #expect(tasks.map { $0["task"]?.string } == ["rest", "postural", "counting"])
            #expect(tasks.map { $0["updrs"]?["item"]?.string } == ["3.17b", "3.15b", nil])
            for (task, (hz, cm)) in zip(tasks, [(5.0, 2.0), (7.0, 1.0), (7.0, 1.0)]) {
                #expect(abs(task["peak_frequency_hz"]!.double! - hz) < 0.01)
                #expect(abs(task["peak_to_peak_cm"]!.double! / cm - 1) < 0.01)
                #expect(task["tremor_time_percent"]?.double == 100 && task["analysed_s"]!.double! > 18)
            }
            #expect(tasks[0]["updrs_constancy"]?["item"]?.string == "3.18" && tasks[1]["updrs_constancy"] == .null)
            #expect(
                document["inputs"]?.elements?.count == 2 && document["parameters"]?["events"]?.string == "events.tsv")
            #expect(document["warnings"]?.elements?.contains { $0.string!.contains("overlap by 20.0 s") } == true)
            let table = try run(good, ["--site", "wrist-left"], in: folder).output
            #expect(table.contains("\n  postural  55.0") && table.contains("3.15b: ") && table.contains("of s"))
        }
    }

    @Test func windowsAndBoutsNameTheirTask() throws {
        try withTemporaryFolder { folder in
            let outcome = try run(good, ["--windows", "w.csv", "--bouts", "b.csv"], in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            let windows = try DelimitedTable(parsing: InputFile.read("\(folder)/w.csv"))
            #expect(windows.columns.prefix(2) == ["task", "start_s"])
            #expect(Set(windows.rows.map { $0[0] }) == ["rest", "postural", "counting"])
            let bouts = try DelimitedTable(parsing: InputFile.read("\(folder)/b.csv"))
            #expect(bouts.rows.map { $0[0] } == ["rest", "postural", "counting"])
        }
    }

    @Test(arguments: [
        ("", 65, "events.tsv: the table of events is empty"),
        (
            "onset\tduration\ttrial_type\nx\t1\trest\n3\t-1\trest\n", 65,
            "events.tsv: 2 lines cannot be used\n  line 2: "
        ),
        ("onset\tduration\n1\t2\n", 65, "events.tsv: there is no column of tasks"),
        ("onset\tduration\ttask\n1\t0\trest\n", 65, "events.tsv: there is no event with a task and a length"),
        ("onset\tduration\ttask\n1\t3\trest\n500\t9\thold\n", 65, "rest (line 2) is shorter than a window of 4.0 s"),
        ("onset\tduration\ttask\n2024-07-05 13:00:00\t30\trest\n", 65, "the recording's clock has none"),
    ])
    func aTableThatCannotBeUsedIsRefusedInOneGo(text: String, status: Int32, sentence: String) throws {
        try withTemporaryFolder { folder in
            let outcome = try run(text, ["--windows", "w.csv"], in: folder)
            #expect(outcome.status == status && outcome.output.isEmpty, "\(outcome)")
            #expect(outcome.error.hasPrefix("engraft: ") && outcome.error.contains(sentence), "\(outcome.error)")
            #expect(outcome.complaints.filter { !$0.hasPrefix("  ") }.count == 1)
            #expect(try InputFile.list(folder) == ["events.tsv", "visit.csv"])
        }
    }

    /// What can be measured is; the rest is named, and the command does not end with 0.
    @Test func aTaskOutsideTheRecordingIsNamedAndNoSuccess() throws {
        try withTemporaryFolder { folder in
            let outcome = try run(good + "400\t30\tkinetic\n", ["--json"], in: folder)
            #expect(outcome.status == 3)
            let document = try JSONValue(parsing: Array(outcome.output.utf8))
            let tasks = document["recordings"]?[0]?["tasks"]
            #expect(tasks?[3]?["windows"]?.double == 0 && tasks?[3]?["peak_to_peak_cm"] == .null)
            #expect(outcome.error.contains("events.tsv: kinetic (line 5) lies outside the recording of 119.98 s"))
        }
    }

    @Test(arguments: [
        ["--task", "rest"], ["--method", "paradigma"], ["second.csv"],
    ])
    func whatDoesNotGoWithEventsIsAUsageError(more: [String]) throws {
        try withTemporaryFolder { folder in
            let outcome = try run(good, more, in: folder)
            #expect(outcome.status == 64)
        }
    }

    /// A Motion-BIDS dataset with its events beside the recording, and one whose two systems share them.
    @Test func aMotionBIDSRecordingHasItsTasksBesideIt() throws {
        try withTemporaryFolder { folder in
            let rows = Self.visit.split(separator: "\n").dropFirst().map { line in
                line.split(separator: ",").dropFirst().joined(separator: "\t")
            }
            let name = "sub-01_task-visit_tracksys-imu"
            let channels =
                "name\tcomponent\ttype\ttracked_point\tunits\n"
                + ["x", "y", "z"].map { "a_\($0)\t\($0)\tACCEL\tLeftWrist\tm/s^2\n" }.joined()
            for (file, text) in [
                ("\(name)_motion.tsv", rows.joined(separator: "\n") + "\n"), ("\(name)_channels.tsv", channels),
                ("\(name)_motion.json", "{\"SamplingFrequency\": 50}"), ("sub-01_task-visit_events.tsv", good),
            ] {
                try OutputFile.write(text, to: "\(folder)/\(file)")
            }
            let found = try Binary.run(["tremor", "\(name)_motion.tsv"], in: folder)
            #expect(found.status == 0 && found.output.contains("\n  postural  55.0"), "\(found)")
            #expect(found.error.contains("tasks are those of") && found.error.contains("sub-01_task-visit_events.tsv"))
            let without = try Binary.run(["tremor", "\(name)_motion.tsv", "--events", "none"], in: folder)
            #expect(without.status == 0 && !without.output.contains("postural"))
            try OutputFile.write("1\t2\t3\n", to: "\(folder)/sub-01_task-visit_tracksys-optical_motion.tsv")
            let shared = try Binary.run(["tremor", "\(name)_motion.tsv"], in: folder)
            #expect(shared.status == 0 && !shared.output.contains("postural"))
            #expect(shared.error.contains("several tracking systems share it"))
        }
    }
}
