import Glibc
import TestSupport
import Testing
import Tremor

@Suite struct TaskResultTests {
    private func plan(_ rows: String, _ header: RecordingHeader = RecordingHeader(format: "test")) throws -> TaskPlan {
        try TaskPlan(TaskEvents(parsing: Array("onset,duration,task\n\(rows)\n".utf8)), on: header)
    }

    /// Four minutes: a rest tremor of 5 Hz and 2 cm in the first and the third, one of 7 Hz and 0.5 cm in the second, none in the last.
    private func visit(rate: Double) -> [SyntheticSource.Sample] {
        let slow = tone(5, 2, rate: rate, seconds: 240, noise: 0.02) {
            ($0 / 60).rounded(.down).truncatingRemainder(dividingBy: 2) == 0 && $0 < 180 ? 1 : 0
        }
        let fast = tone(7, 0.5, rate: rate, seconds: 240, direction: [0, 0, 1], gravity: .zero) {
            (60..<120).contains($0) ? 1 : 0
        }
        return zip(slow, fast).map { .init(time: $0.time, acceleration: $0.acceleration + $1.acceleration) }
    }

    private let rows = "2,56,rest\n122,56,rest\n62,56,postural\n185,50,talking"

    @Test(arguments: [100.0, 98.87, 31.25])
    func eachTaskHasItsOwnTremor(rate: Double) throws {
        let (whole, tasks) = try analyzeTremor(SyntheticSource(visit(rate: rate)), plan: try plan(rows))
        #expect(whole.windows.count > 110 && tasks.map(\.task.name) == ["rest", "postural", "talking"])
        let (rest, postural, talking) = (
            try #require(tasks[0].result), try #require(tasks[1].result), try #require(tasks[2].result)
        )
        // 56 s hold 27 windows of 4 s every 2 s; at some rates both are a sample longer.
        #expect((52...54).contains(rest.windows.count) && (26...27).contains(postural.windows.count))
        #expect(abs(rest.peakFrequencyHz! - 5) < 0.01 && abs(rest.peakToPeakCm! / 2 - 1) < 0.01)
        #expect(abs(postural.peakFrequencyHz! - 7) < 0.01 && abs(postural.peakToPeakCm! / 0.5 - 1) < 0.02)
        #expect(rest.tremorTimePercent == 100 && postural.tremorTimePercent == 100)
        #expect(talking.peakFrequencyHz == nil && talking.tremorTimePercent! < 5)
        #expect(rest.durationS == 112 && abs(tasks[0].analysedS - 112) < 4.2 && rest.coverage > 0.96)
        #expect(tasks.allSatisfy { $0.notes.isEmpty })
    }

    /// The same numbers as of a recording that is nothing but the task.
    @Test func aTaskIsTheRecordingOfItsSamples() throws {
        let samples = visit(rate: 100)
        var settings = TremorSettings()
        settings.task = .rest
        let alone = try analyzeTremor(
            SyntheticSource(samples.filter { (2..<58).contains($0.time) }), settings: settings)
        let task = try analyzeTremor(SyntheticSource(samples), plan: try plan("2,56,rest")).tasks[0]
        let found = try #require(task.result)
        #expect(found.windows.count == alone.windows.count)
        for (a, b) in zip(found.windows, alone.windows) {
            // Times are those of the whole recording.
            #expect(abs(a.startS - b.startS - 2) < 1e-9 && a.kind == b.kind && a.verdict == b.verdict)
            #expect(abs(a.peakToPeakCm - b.peakToPeakCm) < 1e-5 && abs(a.peakHz - b.peakHz) < 1e-5)
        }
        #expect(abs(found.peakToPeakCmCI95!.low - alone.peakToPeakCmCI95!.low) < 1e-5)
        let (a, b) = (task.rating(site: "wrist-left"), alone.rating(site: "wrist-left"))
        #expect(a?.item?.code == "3.17b" && a?.probabilities?.values == b?.probabilities?.values)
        #expect(task.restTremorTimePercent == alone.restTremorTimePercent)
    }

    /// Without irregular stamps, with them, and with blocks alone; also where segments begin between two samples.
    @Test(arguments: [(1, 0.0), (1, 0.004), (120, 0.0)], [0.0, 0.0037])
    func noWindowCrossesTheEndOfASegment(clock: (block: Int, jitter: Double), offset: Double) throws {
        let source = SyntheticSource(visit(rate: 100), block: clock.block) { place, time in
            time + clock.jitter * sin(Double(place * place % 1000))
        }
        let segments = [20.0, 65, 77, 130].map { ($0 + offset)..<($0 + offset + 12) }
        let rows = segments.map { "\($0.lowerBound),12,finger to nose" }.joined(separator: "\n")
        let task = try analyzeTremor(source, plan: try plan(rows)).tasks[0]
        let windows = try #require(task.result).windows
        // 65 to 77 and 77 to 89 touch: one segment of 24 s with 11 windows, or 10 where its first sample is late.
        #expect(task.task.segments.count == 3 && (19...21).contains(windows.count), "\(windows.count)")
        for window in windows {
            let inside = task.task.segments.contains {
                $0.timeS.lowerBound <= window.startS + 1e-5 && window.startS + 3.99 < $0.timeS.upperBound + 1e-5
            }
            #expect(inside, "\(window.startS)")
        }
    }

    /// A gap of 20 s in the middle of a segment of a minute, and a segment that is nothing else.
    @Test func aGapWithinASegmentIsAGap() throws {
        let samples = visit(rate: 100).filter { !(20..<40).contains($0.time) }
        let tasks = try analyzeTremor(SyntheticSource(samples), plan: try plan("0,60,rest\n22,10,hold")).tasks
        let rest = try #require(tasks[0].result)
        #expect(rest.windows.allSatisfy { $0.startS + 4 < 20.02 || $0.startS >= 39.98 } && rest.windows.count == 18)
        #expect(abs(rest.coverage - 40.0 / 60) < 0.03)
        #expect(tasks[1].result == nil && tasks[1].notes.count == 1 && tasks[1].notes[0].contains("hold (line 3)"))
    }

    @Test func whatCannotBeMeasuredIsNamed() throws {
        let rows = "300,20,rest\n-50,20,kinetic\n10,3,postural\n200,80,hold\n-5,20,hold\n"
        let tasks = try analyzeTremor(SyntheticSource(visit(rate: 100)), plan: try plan(rows)).tasks
        #expect(tasks.prefix(3).allSatisfy { $0.result == nil && $0.notes.count == 1 })
        #expect(tasks[0].notes[0].contains("rest (line 2) lies outside the recording of 239.99 s"))
        #expect(tasks[1].notes[0].contains("kinetic (line 3) lies outside"))
        #expect(tasks[2].notes[0].contains("postural (line 4) is shorter than a window of 4.0 s"))
        #expect(tasks[3].notes.contains { $0.contains("hold (line 5) ends 40.01 s after the recording") })
        #expect(tasks[3].notes.contains { $0.contains("hold (line 6) begins 5.0 s before the recording") })
        #expect(try #require(tasks[3].result).durationS == 100)
    }

    /// The seconds of a table count from the file's first sample, also where its first numbers are missing.
    @Test func secondsCountFromTheFirstSampleOfTheFile() throws {
        var samples = visit(rate: 100)
        for place in 0..<500 { samples[place].acceleration.x = .nan }
        let source = SyntheticSource(samples, header: RecordingHeader(format: "test", startEpochS: 1000))
        let task = try analyzeTremor(source, plan: try plan("62,56,postural", source.header)).tasks[0]
        let found = try #require(task.result)
        #expect(abs(found.peakFrequencyHz! - 7) < 0.01 && found.tremorTimePercent == 100)
        // Windows count from the first sample with numbers, 5 s later.
        #expect(abs(found.windows[0].startS - 57) < 1e-6)
    }

    /// An hour on the table, of which ten minutes are called rest: the sensor was not worn.
    @Test func timesNotWornAreKnownFromTheWholeRecording() throws {
        var random = SeededNoise(seed: 9)
        let samples = (0..<(40 * 5400)).map { place -> SyntheticSource.Sample in
            let t = Double(place) / 40
            let moved = t < 900 ? 0.5 * sin(2 * Double.pi * 5 * t) : 0
            let noise = 0.01 * SIMD3(random.gaussian(), random.gaussian(), random.gaussian())
            return .init(time: t, acceleration: [moved, 9.80665, moved] + noise)
        }
        let tasks = try analyzeTremor(SyntheticSource(samples), plan: try plan("2000,600,rest\n100,600,rest at noon"))
            .tasks
        #expect(tasks[0].result == nil && tasks[0].notes[0].contains("not worn"))
        #expect(try #require(tasks[1].result).tremorTimePercent == 100)
        // The name is not that of the task with an item.
        let view = tasks[1].rating(site: "wrist-left")
        #expect(view?.item == nil && view?.constancy == nil && tasks[1].restTremorTimePercent == nil)
    }

    /// The hand waves until 30 s and is held out from then on; tremor of 0.5 cm comes back after 8 s and grows by 0.02 cm/s.
    private func heldOut(waves: Bool) -> [SyntheticSource.Sample] {
        var random = SeededNoise(seed: 5)
        let omega = 2 * Double.pi * 5
        return (0..<7500).map { place in
            let t = Double(place) / 100
            let size = t < 38 ? 0 : 0.5 + 0.02 * (t - 38)
            let wave = waves && t < 29 ? 3 * sin(2 * Double.pi * 0.8 * t) : 0
            let noise = 0.02 * SIMD3(random.gaussian(), random.gaussian(), random.gaussian())
            return .init(
                time: t, acceleration: [-size / 200 * omega * omega * sin(omega * t), 9.80665, wave] + noise)
        }
    }

    @Test func aPosturalTaskAfterAMovementTellsWhenTremorComesBack() throws {
        let task = try analyzeTremor(SyntheticSource(heldOut(waves: true)), plan: try plan("30,45,postural")).tasks[0]
        #expect(task.reEmergences.count == 1)
        let found = try #require(task.reEmergences.first)
        // A window has tremor where it holds two seconds of it; delays are known to a hop of 2 s.
        #expect(abs(found.postureStartS - 30) <= 2 && (4...8).contains(found.onsetDelayS), "\(found)")
        #expect(abs(try #require(found.slopeCmPerS) / 0.02 - 1) < 0.15)
        let still = try analyzeTremor(SyntheticSource(heldOut(waves: false)), plan: try plan("30,45,postural")).tasks[0]
        #expect(still.reEmergences.isEmpty)
    }

    @Test func tablesNameTheTaskOfEachLine() throws {
        let tasks = try analyzeTremor(SyntheticSource(visit(rate: 100)), plan: try plan(rows + "\n185,20,\"a, b\""))
            .tasks
        let windows = TremorTables.windows(of: tasks).split(separator: "\n")
        #expect(
            windows[0].hasPrefix("task,start_s,")
                && windows.count == 1 + tasks.reduce(0) { $0 + $1.result!.windows.count })
        #expect(windows.filter { $0.hasPrefix("rest,") }.count == tasks[0].result!.windows.count)
        #expect(windows.last!.hasPrefix("\"a, b\",20"))
        let bouts = TremorTables.bouts(of: tasks).split(separator: "\n")
        #expect(
            bouts.filter { $0.hasPrefix("rest,") }.count == 2 && bouts.filter { $0.hasPrefix("postural,") }.count == 1)
    }
}
