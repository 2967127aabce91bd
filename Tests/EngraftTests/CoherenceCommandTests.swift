import Foundation
import Records
import TestSupport
import Testing

/// Two sensors compared, as the command gives it.
@Suite struct CoherenceCommandTests {
    /// 100 s of a tremor around 5 Hz in m/s² that comes `lag` s later than at 0, with dates, from `from` s on.
    private static func text(rate: Double, from: Double, lag: Double, dated: Bool = true, own: Double = 0.414) -> String
    {
        var text = "time,x (m/s2),y (m/s2),z (m/s2)\n"
        for place in 0..<Int(100 * rate) {
            let t = from + Double(place) / rate
            var a = 0.0
            for k in 0...24 {
                let f = 4.4 + 0.05 * Double(k)
                let (both, alone) = (0.618 * Double(k * k), own * Double(k * k) + 0.3)
                a += cos(2 * .pi * (f * (t - lag) + both)) + 0.3 * cos(2 * .pi * (f * t + alone))
            }
            let seconds = t - 60 * (t / 60).rounded(.down)
            let stamp =
                "2024-07-05T13:\(String(format: "%02d", 29 + Int(t / 60))):\(seconds < 10 ? "0" : "")\(fixed(seconds, 6))"
            text += "\(dated ? stamp : fixed(t - from, 6)),\(fixed(a, 6)),9.80665,0.5\n"
        }
        return text
    }

    /// A minute of two sensors in one file, the arm's movement `gain` times the hand's and later by `lag` s.
    private static func handAndArm(lag: Double, gain: Double) -> String {
        let columns = ["hand", "arm"].flatMap { name in ["x", "y", "z"].map { "\(name)_acc_\($0) (m/s2)" } }
        // A slope is too small between steep edges: the spectrum falls off as a Gaussian.
        let tones = (0...120).map { number in
            let hertz = 3.5 + 0.025 * Double(number)
            let turn = (abs(sin(Double(number + 1))) * 43758.5).truncatingRemainder(dividingBy: 1)
            return (size: exp(-(hertz - 5) * (hertz - 5) / 0.32), hertz: hertz, turn: turn)
        }
        func wave(_ t: Double) -> Double {
            tones.reduce(0.0) { $0 + $1.size * cos(2 * .pi * ($1.hertz * t + $1.turn)) }
        }
        var text = "time," + columns.joined(separator: ",") + "\n"
        for place in 0..<6000 {
            let t = Double(place) / 100
            text += "\(fixed(t, 2)),\(fixed(wave(t), 6)),9.80665,0,0,\(fixed(gain * wave(t - lag), 6)),9.80665\n"
        }
        return text
    }

    private func fill(_ folder: String) throws {
        for (name, content) in [
            ("left.csv", Self.text(rate: 100, from: 0, lag: 0)),
            ("right.csv", Self.text(rate: 49.66, from: 4.2, lag: 0.03, own: 0.732)),
            ("undated.csv", Self.text(rate: 50, from: 0, lag: 0, dated: false)),
            ("late.csv", Self.text(rate: 50, from: 900, lag: 0)), ("near.csv", Self.text(rate: 50, from: 80, lag: 0)),
            ("empty.csv", ""),
            ("copy.csv", Self.text(rate: 100, from: 0, lag: 0)),
        ] {
            try OutputFile.write(content, to: "\(folder)/\(name)")
        }
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder)/link.csv", withDestinationPath: "\(folder)/left.csv")
    }

    @Test func bothHandsAreComparedOnOneClock() throws {
        try withTemporaryFolder { folder in
            try fill(folder)
            let outcome = try Binary.run(
                ["coherence", "left.csv", "right.csv", "--json", "--csv", "c.csv", "--png", "c.png"], in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            let document = try JSONValue(parsing: Array(outcome.output.utf8))
            let point = try #require(document["at_peak"])
            #expect(point["significant"]?.bool == true && point["coherence"]!.double! > 0.7)
            #expect(abs(point["second_later_ms"]!.double! - 30) < 6)
            #expect(
                document["sensors"]?.elements?.map { ($0["sample_rate_hz"]!.double! * 100).rounded() } == [
                    10_000, 4966,
                ])
            #expect(abs(document["common_s"]!.double! - 95.8) < 0.1 && document["segments"]?.double == 46)
            let cut = try String(contentsOfFile: "\(folder)/left.csv", encoding: .utf8).split(separator: "\n").dropLast(
                9)
            try OutputFile.write(cut.joined(separator: "\n") + "\n", to: "\(folder)/cut.csv")
            let twice = try Binary.run(["coherence", "left.csv", "cut.csv"], in: folder)
            #expect(twice.status == 0 && twice.error.contains("one sensor's recording twice"))
            #expect(document["analysed_s"]!.double! <= document["common_s"]!.double!)
            #expect(document["inputs"]?.elements?.count == 2 && document["one_clock"]?.bool == false)
            let table = try DelimitedTable(parsing: InputFile.read("\(folder)/c.csv"))
            #expect(table.columns.prefix(2) == ["frequency_hz", "coherence"])
            let low = table.rows.filter { Double($0[0])! < 1 }
            #expect(low.count == 3 && low.allSatisfy { $0[4] == "0" })
            #expect(table.rows.contains { Double($0[0]) == 5 && $0[4] == "1" })
            #expect(try InputFile.read("\(folder)/c.png").starts(with: [0x89, 0x50]))
            #expect(try InputFile.list(folder).contains("c.json"))
            let text = try Binary.run(["coherence", "left.csv", "right.csv"], in: folder).output
            #expect(
                text.contains("right.csv comes") && text.contains("half periods of")
                    && text.contains("each ms that they"))
            let use = "Research use only. Not for diagnosis or treatment."
            #expect(text.hasSuffix(use + "\n") && document["use"]?.string == use)
        }
    }

    @Test(arguments: [
        ("left.csv undated.csv", 65, "undated.csv: the second recording's clock has no date"),
        (
            "left.csv late.csv", 65,
            "left.csv and late.csv: the recordings have no time in common: the second begins 800"
        ),
        ("left.csv near.csv", 65, "left.csv and near.csv: only 9 segments of 4.0 s"),
        ("left.csv empty.csv --png p.png", 65, "empty.csv: the file has no samples"),
        ("left.csv gone.csv", 66, "gone.csv: there is no such file"),
        ("left.csv right.csv --csv left.csv -f", 73, "left.csv"),
        ("left.csv copy.csv", 65, "left.csv and copy.csv: both hold the same bytes"),
        ("left.csv link.csv", 65, "left.csv and link.csv: both hold the same bytes"),
    ])
    func whatCannotBeComparedIsOneSentence(words: String, status: Int32, sentence: String) throws {
        try withTemporaryFolder { folder in
            try fill(folder)
            let before = try InputFile.list(folder)
            let outcome = try Binary.run(["coherence"] + words.split(separator: " ").map(String.init), in: folder)
            #expect(outcome.status == status && outcome.output.isEmpty, "\(outcome)")
            #expect(outcome.error.contains(sentence) && outcome.complaints.count == 1, "\(outcome.error)")
            #expect(try InputFile.list(folder) == before)
        }
    }

    @Test(arguments: [
        "left.csv", "left.csv left.csv", "left.csv --sensor a", "left.csv --sensor a,a", "left.csv --sensor a,A",
        "left.csv --sensor a,b --same-start",
        "a b c", "left.csv right.csv --segment 0", "left.csv right.csv --band 5,6",
    ])
    func aWrongCallIsAUsageError(words: String) throws {
        let outcome = try Binary.run(["coherence"] + words.split(separator: " ").map(String.init))
        #expect(outcome.status == 64 && outcome.output.isEmpty)
    }

    /// A sensor mounted the other way round turns the phase by half a turn; the lag in words is the slope's all the same.
    @Test func phaseAndSlopeNameTheSameSensorAsLater() throws {
        try withTemporaryFolder { folder in
            try fill(folder)
            try OutputFile.write(Self.handAndArm(lag: 0.04, gain: -0.5), to: "\(folder)/both.csv")
            let text = try Binary.run(["coherence", "both.csv", "--sensor", "hand,arm"], in: folder).output
            let later = text.split(separator: "\n").filter { $0.contains("ms later") }
            #expect(later.count == 2 && later.allSatisfy { $0.contains("arm comes") }, "\(text)")
            #expect(text.contains("the one of these that the slope says"), "\(text)")
            let same = try Binary.run(["coherence", "undated.csv", "left.csv", "--same-start"], in: folder).output
            #expect(same.contains("no lag beyond the interval") && !same.contains("0.0 ms later"), "\(same)")
        }
    }

    /// A clock that is behind has a negative shift; what is no number is a usage error.
    @Test func aShiftMayBeNegative() throws {
        try withTemporaryFolder { folder in
            try fill(folder)
            let outcome = try Binary.run(
                ["coherence", "left.csv", "right.csv", "--shift", "-0.03", "--json"], in: folder)
            let document = try JSONValue(parsing: Array(outcome.output.utf8))
            #expect(outcome.status == 0 && document["parameters"]?["shift_s"]?.double == -0.03)
            #expect(abs(document["at_peak"]!["second_later_ms"]!.double!) < 6)
            #expect(!outcome.error.contains("one sensor's recording twice"))
            let wrong = try Binary.run(["coherence", "left.csv", "right.csv", "--shift=nan"], in: folder)
            #expect(wrong.status == 64 && wrong.error.contains("--shift is a number of seconds between"))
        }
    }

    /// Stamps without dates, and first samples that belong together.
    @Test func firstSamplesMayBelongTogether() throws {
        try withTemporaryFolder { folder in
            try fill(folder)
            let outcome = try Binary.run(
                ["coherence", "undated.csv", "left.csv", "--same-start", "--json"], in: folder)
            let document = try JSONValue(parsing: Array(outcome.output.utf8))
            #expect(outcome.status == 0 && document["at_peak"]!["coherence"]!.double! > 0.99)
            #expect(abs(document["at_peak"]!["second_later_ms"]!.double!) < 0.5)
        }
    }

    /// Hand and forearm in one file, 20 ms apart.
    @Test func twoSensorsOfOneFileHaveOneClock() throws {
        try withTemporaryFolder { folder in
            let text = Self.handAndArm(lag: 0.02, gain: 0.5)
            try OutputFile.write(text, to: "\(folder)/both.csv")
            let outcome = try Binary.run(["coherence", "both.csv", "--sensor", "hand,arm", "--json"], in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            let document = try JSONValue(parsing: Array(outcome.output.utf8))
            #expect(
                document["names"]?.elements?.map(\.string) == ["hand", "arm"] && document["one_clock"]?.bool == true)
            #expect(abs(document["at_peak"]!["second_later_ms"]!.double! - 20) < 1)
            let unknown = try Binary.run(["coherence", "both.csv", "--sensor", "hand,foot"], in: folder)
            #expect(unknown.status == 65 && unknown.error.contains("there is no sensor \"foot\""))
            let none = try Binary.run(["coherence", "both.csv"], in: folder)
            #expect(none.status == 64 && none.error.contains("as in --sensor hand,arm"), "\(none.error)")
            let gap = text.split(separator: "\n").enumerated().filter { !(3000..<3500).contains($0.offset) }
            try OutputFile.write(
                gap.map(\.element).joined(separator: "\n") + "\n", to: "\(folder)/gap.csv")
            let warned = try Binary.run(["coherence", "gap.csv", "--sensor", "hand, arm"], in: folder)
            #expect(warned.status == 0 && warned.error.contains("gap.csv arm: 1 gap of"), "\(warned.error)")
        }
    }
}
