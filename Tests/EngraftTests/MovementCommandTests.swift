import Foundation
import Records
import TestSupport
import Testing

/// `engraft movement`, called as a user calls it.
@Suite struct MovementCommandTests {
    /// A leg at 64 Hz: steps of 3 m/s² at 1 Hz, trembling at 5 Hz in `frozen`, along z with gravity.
    private func leg(_ name: String, in folder: String, seconds: Int = 60, frozen: Range<Int> = 20..<30) throws {
        var text = "time_s,x_m_s2,y_m_s2,z_m_s2\n"
        for place in 0..<(64 * seconds) {
            let time = Double(place) / 64
            let hz = frozen.contains(Int(time)) ? 5.0 : 1.0
            text += "\(time),0,0,\(9.80665 + 3 * sin(2 * .pi * hz * time))\n"
        }
        try OutputFile.write(text, to: "\(folder)/\(name)")
    }

    private func json(_ outcome: Binary.Outcome) throws -> JSONValue {
        try JSONValue(parsing: Array(outcome.output.utf8))
    }

    @Test func anEpisodeIsFoundWrittenAndDrawn() throws {
        try withTemporaryFolder { folder in
            try leg("leg.csv", in: folder)
            let outcome = try Binary.run(
                ["movement", "leg.csv", "--sign", "freezing", "--json", "--windows", "w.csv", "--png", "p.png"],
                in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            let document = try json(outcome)
            for key in ["version", "command", "parameters", "inputs", "warnings", "failed", "use"] {
                #expect(document[key] != nil, "\(key)")
            }
            let found = try #require(document["recordings"]?[0])
            #expect(found["sign"]?.string == "freezing" && found["freezing_episodes"]?.double == 1)
            let episode = try #require(found["freezing"]?[0])
            // Half a window of 5 s.
            #expect(abs((episode["start_s"]?.double ?? 0) - 20) < 2.5)
            #expect(abs((episode["duration_s"]?.double ?? 0) - 10) < 5)
            let time = try #require(found["time"])
            let parts = ["analyzed_s", "gaps_s", "not_worn_s", "left_out_s"].compactMap { time[$0]?.double }
            #expect(abs(parts.reduce(0, +) - (time["recorded_s"]?.double ?? 0)) < 1e-6)
            #expect(document["parameters"]?["method"]?["name"]?.string == "multitaper")
            #expect(document["parameters"]?["threshold"]?.double == 1.5)

            let table = try DelimitedTable(parsing: InputFile.read("\(folder)/w.csv"))
            #expect(table.rows.count == found["freezing_windows"]?.double.map { Int($0) })
            let frozen = table.rows.filter { $0[4] == "1" }.compactMap { Double($0[0]) }
            #expect(!frozen.isEmpty && frozen.allSatisfy { $0 > 17.5 && $0 < 32.5 })
            #expect(try InputFile.list(folder) == ["leg.csv", "p.json", "p.png", "w.csv", "w.json"])
            #expect(try InputFile.read("\(folder)/p.png").prefix(4) == [0x89, 0x50, 0x4E, 0x47])
        }
    }

    @Test func theWorstIsLastAndWhatFailsIsListed() throws {
        try withTemporaryFolder { folder in
            try leg("a.csv", in: folder, frozen: 10..<40)
            try leg("b.csv", in: folder, frozen: 20..<30)
            try OutputFile.write("", to: "\(folder)/empty.csv")
            let outcome = try Binary.run(
                ["movement", "a.csv", "empty.csv", "b.csv", "--sign", "freezing", "--json"], in: folder)
            #expect(outcome.status == 3)
            let document = try json(outcome)
            #expect(document["recordings"]?.elements?.map { $0["path"]?.string } == ["b.csv", "a.csv"])
            #expect(document["failed"]?[0]?["path"]?.string == "empty.csv")
            #expect(outcome.error.contains("empty.csv: the file has no samples"))
            #expect(outcome.error.contains("1 of 3 recordings could not be used"))

            let table = try Binary.run(["movement", folder, "--sign", "freezing"], in: folder)
            #expect(table.status == 3)
            let rows = table.output.split(separator: "\n").map { $0.split(separator: " ").first.map(String.init) }
            #expect(rows == ["recording", "b.csv", "a.csv", "Research"])
        }
    }

    @Test func theTableSaysWhatWasFoundAndOfHowMuch() throws {
        try withTemporaryFolder { folder in
            try leg("leg.csv", in: folder)
            let outcome = try Binary.run(["movement", "leg.csv", "--sign", "freezing", "--part", "5,50"], in: folder)
            #expect(outcome.status == 0)
            #expect(outcome.output.contains("1 episode of "))
            #expect(outcome.output.contains("Time: 45.0 s recorded"))
            #expect(outcome.output.contains("Research use only"))
        }
    }

    /// Nothing is known of a leg at rest, and 0 would be something.
    @Test func aLegThatNeverMovesHasNoShare() throws {
        try withTemporaryFolder { folder in
            let rows = (0..<1280).map { "\(Double($0) / 64),0,0,\(9.8 + ($0 % 2 == 0 ? 0.01 : -0.01))\n" }
            try OutputFile.write("time_s,x_m_s2,y_m_s2,z_m_s2\n" + rows.joined(), to: "\(folder)/rest.csv")
            let outcome = try Binary.run(
                ["movement", "rest.csv", "--sign", "freezing", "--threshold", "-5"], in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            let row = try #require(outcome.output.split(separator: "\n").dropFirst().first)
            #expect(row.hasSuffix("n/a") && !row.contains(" 0 "))
        }
    }

    /// Rows of the same name are told apart by their paths, and what is shown is for research.
    @Test func rowsOfOneNameHaveTheirPaths() throws {
        try withTemporaryFolder { folder in
            for place in ["one", "two"] {
                try FileManager.default.createDirectory(
                    atPath: "\(folder)/\(place)", withIntermediateDirectories: true)
                try leg("leg.csv", in: "\(folder)/\(place)")
            }
            let outcome = try Binary.run(
                ["movement", "one/leg.csv", "two/leg.csv", "--sign", "freezing"], in: folder)
            #expect(outcome.output.contains("one/leg.csv") && outcome.output.contains("two/leg.csv"))
            #expect(outcome.output.contains("Research use only"))
        }
    }

    /// Steps at 1.8 Hz and rest: the one without walking is the worst. Angular rates without a unit are not "without a gyroscope".
    @Test func noWalkingIsTheWorstAndAMissingUnitIsNamed() throws {
        try withTemporaryFolder { folder in
            for (name, size) in [("a.csv", 0.0), ("b.csv", 2.0)] {
                let rows = (0..<2000).map { place -> String in
                    let time = Double(place) / 100
                    return "\(time),0,0,\(9.80665 + size * cos(2 * .pi * 1.8 * time)),\(sin(time)),0,0\n"
                }
                try OutputFile.write("time_s,ax,ay,az,gx,gy,gz\n" + rows.joined(), to: "\(folder)/\(name)")
            }
            let both = try json(Binary.run(["movement", "a.csv", "b.csv", "--sign", "walking", "--json"], in: folder))
            #expect(both["recordings"]?.elements?.map { $0["path"]?.string } == ["b.csv", "a.csv"])
            let one = try Binary.run(["movement", "b.csv", "--sign", "walking"], in: folder)
            #expect(one.output.contains("give --angular-rate-unit") && !one.output.contains("without a gyroscope"))
        }
    }

    @Test func aMethodWithoutAThresholdHasNoEpisodes() throws {
        try withTemporaryFolder { folder in
            try leg("leg.csv", in: folder)
            let call = ["movement", "leg.csv", "--sign", "freezing", "--method", "cockx2023", "--json"]
            let without = try json(Binary.run(call, in: folder))["recordings"]?[0]
            #expect(without?["freezing_episodes"] == .null && without?["flags"]?.elements?.isEmpty == false)
            let given = try json(Binary.run(call + ["--threshold", "6"], in: folder))["recordings"]?[0]
            #expect(given?["freezing_episodes"]?.double == 1)
        }
    }

    @Test(arguments: [
        ("movement leg.csv --sign walking --threshold 2", "--threshold is for --sign freezing."),
        ("movement leg.csv --sign tapping --axis y", "--axis is for --sign freezing."),
        ("movement leg.csv", "--sign"), ("movement leg.csv --sign sitting", "sitting"),
        ("movement leg.csv --sign freezing --method moore", "moore"),
        ("movement leg.csv other.csv --sign freezing --png a.png", "--png is for one recording."),
        ("movement leg.csv --sign freezing --part 9,3", "--part"),
        ("movement leg.csv --sign freezing --png a.png --windows a.png", "--windows a.png is a table, no png"),
        ("movement leg.csv --sign freezing --png a.jpg", "--png a.jpg is a PNG; give a name ending in .png"),
        ("tremor leg.csv --png a.jpeg", "--png a.jpeg is a PNG; give a name ending in .png"),
        ("tremor leg.csv --bouts a.json", "--bouts a.json is a table, no json"),
        ("coherence leg.csv other.csv --png a", "--png a is a PNG; give a name ending in .png"),
    ])
    func whatMakesNoSenseIsUsage(call: String, part: String) throws {
        let outcome = try Binary.run(call.split(separator: " ").map(String.init))
        #expect(outcome.status == 64 && outcome.output.isEmpty && outcome.error.contains(part), "\(outcome)")
    }

    @Test(arguments: [
        ("gone.csv --sign walking", 66, "gone.csv: there is no such file"),
        ("empty.csv --sign tapping", 65, "empty.csv: the file has no samples"),
        ("leg.csv --sign tapping", 65, "leg.csv: the sampling rate of 64.0 Hz is too low; at least 90.0 Hz"),
        ("leg.csv --sign freezing --part 70,80", 65, "leg.csv: there is no stretch that can be analysed: nothing was"),
        ("short.csv --sign freezing", 65, "short.csv: there is no stretch that can be analysed: no stretch between"),
        ("long.csv --sign pronation", 65, "long.csv: there is no stretch that can be analysed: turning the forearm is"),
    ])
    func oneSentenceTheRightCodeAndNothingWritten(call: String, status: Int32, sentence: String) throws {
        try withTemporaryFolder { folder in
            try leg("leg.csv", in: folder)
            try leg("short.csv", in: folder, seconds: 4)
            try leg("long.csv", in: folder, seconds: 400)
            try OutputFile.write("", to: "\(folder)/empty.csv")
            let before = try InputFile.list(folder)
            let arguments = ["movement"] + call.split(separator: " ").map(String.init)
            let outcome = try Binary.run(arguments + ["--windows", "w.csv", "--png", "p.png"], in: folder)
            #expect(outcome.status == status && outcome.output.isEmpty, "\(outcome)")
            #expect(
                outcome.error.hasPrefix("engraft: \(sentence)") && outcome.complaints.count == 1, "\(outcome.error)")
            #expect(try InputFile.list(folder) == before)
        }
    }

    /// pdkit 1.4.4, its own test: 204 taps, the finger stays for 0.15415 s.
    @Test(.enabled(if: ReferenceData.isPresent, "the pdkit recordings are not there"))
    func tapsOnATouchScreenAreThoseOfPdkit() throws {
        let file = ReferenceData.path("wearables/pdkit/finger_tapping_two_target_right_hand.csv")
        let found = try json(Binary.run(["movement", file, "--sign", "tapping", "--json"]))["recordings"]?[0]
        #expect(found?["movements"]?.double == 204)
        #expect(abs((found?["taps_per_s"]?.double ?? 0) - 3.4455385342949314) < 1e-9)
        #expect(abs((found?["dwell_s"]?.double ?? 0) - 0.15414705882352947) < 1e-9)
    }

    /// Simulated rest tremor of a wrist, as `engraft tremor` reads it: its periods fit into any stride.
    @Test(arguments: ["wrist-left_rest.csv", "wrist-right_rest.csv", "wrist-right_postural.csv"])
    func tremorIsNoWalking(name: String) throws {
        let file = "\(SampleScans.folder)/month-00/\(name)"
        let found = try json(Binary.run(["movement", file, "--sign", "walking", "--json"]))["recordings"]?[0]
        #expect(found?["gait_bouts"]?.elements?.isEmpty == true && found?["cadence_steps_per_min"] == .null)
    }

    /// A phone worn upright: skdh 0.17.18 has a median of 115.4 steps a minute, the spectrum's peak is 117.8.
    @Test(.enabled(if: ReferenceData.isPresent, "the pdkit recordings are not there"))
    func aWalkHasItsCadence() throws {
        let file = ReferenceData.path("wearables/pdkit/cloudupdrs_gait.csv")
        let found = try json(Binary.run(["movement", file, "--sign", "walking", "--json"]))["recordings"]?[0]
        let cadence = found?["cadence_steps_per_min"]?.double ?? 0
        #expect(cadence > 114 && cadence < 120)
    }

    /// The areas of docs/movement.md, numpy's, here by the command: its table against the labels. 0.001: times of the table have
    /// four decimals.
    @Test(
        .enabled(if: ReferenceData.isPresent, "the Daphnet recordings are not there"),
        arguments: [
            ("S01R02", "multitaper", ["--axis", "y"], 0.852292394, 0.968797869),
            ("S02R01", "multitaper", ["--axis", "y"], 0.848265644, 0.974249735),
            ("S01R02", "moore2008", ["--axis", "y"], 0.829017508, 0.954616588),
            ("S02R01", "bachlin2010", [], 0.907517096, 0.972868369),
        ])
    func theTableTellsFreezingAsTheIndexDoes(
        name: String, method: String, axis: [String], area: Double, withFloor: Double
    ) throws {
        let file = ReferenceData.path("wearables/daphnet/\(name).txt")
        let labels = try String(contentsOfFile: file, encoding: .utf8).split(whereSeparator: \.isNewline).map {
            $0.split(separator: " ").last.flatMap { Int($0) } ?? 0
        }
        try withTemporaryFolder { folder in
            let call = ["movement", file, "--sign", "freezing", "--method", method, "--windows", "w.csv"]
            #expect(try Binary.run(call + axis, in: folder).status == 0)
            let rows = try DelimitedTable(parsing: InputFile.read("\(folder)/w.csv")).rows
            var (plain, floored): ([(Double, Bool)], [(Double, Bool)]) = ([], [])
            for row in rows {
                let time = try #require(Double(row[0]))
                let index = try #require(Double(row[1]))
                let label = labels[min(labels.count - 1, Int((time * 64).rounded()))]
                guard label > 0 else { continue }
                plain.append((index, label == 2))
                floored.append((row[3] == "1" ? -.infinity : index, label == 2))
            }
            #expect(abs(Self.area(plain) - area) < 0.001 && abs(Self.area(floored) - withFloor) < 0.001)
        }
    }

    /// The share of pairs in which the positive has the higher score, ties counted half.
    private static func area(_ scores: [(Double, Bool)]) -> Double {
        let positives = scores.filter(\.1).map(\.0)
        let negatives = scores.filter { !$0.1 }.map(\.0)
        var wins = 0.0
        for a in positives { for b in negatives { wins += a > b ? 1 : a == b ? 0.5 : 0 } }
        return wins / Double(positives.count * negatives.count)
    }
}
