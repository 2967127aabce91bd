import TestSupport
import Testing
import Tremor

@Suite struct TaskEventsTests {
    private func events(_ text: String) throws -> TaskEvents { try TaskEvents(parsing: Array(text.utf8)) }

    private func problem(_ text: String) -> String {
        do {
            _ = try events(text)
            return ""
        } catch { return "\(error)" }
    }

    @Test func aBIDSTableIsReadAsItStands() throws {
        let found = try events("onset\tduration\ttrial_type\n1.5\t30\tRest\n40\t20.25\tposture, arms out\n")
        #expect(
            found.events == [
                .init(name: "rest", start: .seconds(1.5), durationS: 30, line: 2),
                .init(name: "posture, arms out", start: .seconds(40), durationS: 20.25, line: 3),
            ])
        #expect(found.notes.isEmpty)
    }

    /// Columns by other names, in other units, with ends instead of durations, and other separators.
    @Test(arguments: [
        "task,start_ms,end_ms\nrest,2000,32000\n", "Label;Begin (s);To (s)\nrest;2;32\n",
        "\u{FEFF}start,stop,x,event\r\n# a remark\r\n\r\n2,32,1,\"rest\"\r\n",
        "duration_ms,onset,trial_type\n30000,2,REST\n",
    ])
    func columnsAreFoundByName(text: String) throws {
        let event = try #require(try events(text).events.first)
        #expect(event.name == "rest" && event.start == .seconds(2) && event.durationS == 30)
    }

    /// 2024-07-05 13:29:50 is 1720186190 s after 1970, by `date -u -d`.
    @Test func datesAreReadWithAndWithoutTheirZone() throws {
        let local = try events("start,end,task\n2024-07-05 13:29:50.5,2024-07-05T13:30:00,rest\n").events[0]
        #expect(local.start == .civil(1_720_186_190.5, isUTC: false) && local.durationS == 9.5)
        let zoned = try events("onset\tduration\ttask\n2024-07-05T15:29:50+02:00\t10\trest\n").events[0]
        #expect(zoned.start == .civil(1_720_186_190, isUTC: true))
    }

    @Test func everyBadLineIsSaidAtOnce() {
        let text = """
            onset,duration,trial_type
            1,2,rest
            one,2,rest
            5,-2,rest
            6,2
            7,inf,rest
            2024-07-05 13:29:50,2,rest
            8,2,re\u{7}st
            """
        let said = problem(text)
        #expect(said.hasPrefix("6 lines cannot be used\n"))
        for line in [
            "line 3: the onset \"one\"", "line 4: the duration -2", "line 5 has 2 fields", "line 6: ",
            "line 7: the onset is a date", "line 8: the task's name",
        ] {
            #expect(said.contains("\n  \(line)"), "\(line) in \(said)")
        }
    }

    @Test(arguments: [
        ("", "is empty"), ("onset,duration,trial_type\n", "is empty"), ("a\u{0}b", "not text"),
        ("onset,duration\n1,2\n", "no column of tasks"),
        ("onset_samples,duration,task\n1,2,rest\n", "no column of onsets"),
        ("onset,task\n1,rest\n", "no column of durations"),
        ("onset,onset,duration,task\n1,2,3,rest\n", "two columns are called"),
        ("start,end,task\n5,4,rest\n", "line 2: the end is before the onset"),
        ("start,end,task\n5,2024-07-05 13:29:50,rest\n", "written in different ways"),
    ])
    func aTableThatSaysNoTimesIsRefused(text: String, sentence: String) {
        #expect(problem(text).contains(sentence), "\(problem(text))")
    }

    @Test func aHundredAndOneNamesAreNoTasks() {
        let lines = (0...100).map { "\($0),1,name\($0)" }.joined(separator: "\n")
        #expect(problem("onset,duration,task\n\(lines)\n").contains("101 different tasks"))
    }

    @Test func eventsWithoutLengthOrNameAreNamed() throws {
        let found = try events("onset\tduration\ttrial_type\n1\t0\tgo\n2\tn/a\tgo\n3\t5\tn/a\n4\t5\trest\n")
        #expect(found.events.map(\.line) == [5])
        #expect(found.notes.count == 3 && found.notes[0].contains("line 2: go has no length"))
    }

    @Test func eventsOfOneTaskThatTouchAreOneSegment() throws {
        let table = try events("onset,duration,task\n20,10,rest\n0,12,rest\n12,3,rest\n40,5,kinetic\n42,1,talking\n")
        let plan = try TaskPlan(table, on: RecordingHeader(format: "test"))
        #expect(plan.tasks.map(\.name) == ["rest", "kinetic", "talking"])
        #expect(plan.tasks[0].segments.map(\.timeS) == [0..<15, 20..<30] && plan.tasks[0].durationS == 25)
        #expect(
            plan.tasks[0].segments[0].lines == [3, 4] && plan.tasks[0].known == .rest && plan.tasks[2].known == nil)
        #expect(plan.notes == ["kinetic (line 5) and talking (line 6) overlap by 1.0 s, which counts in both"])
    }

    /// A stamp with a zone is UTC; on a clock without one nobody knows where it lies.
    @Test func stampsHaveToBeOnTheRecordingsClock() throws {
        let local = try events("start,end,task\n2024-07-05 13:29:50,2024-07-05 13:30:00,rest\n")
        let zoned = try events("start,end,task\n2024-07-05 13:29:50Z,2024-07-05 13:30:00Z,rest\n")
        let clock = 1_720_186_180.0
        let device = RecordingHeader(format: "test", startEpochS: clock)
        let utc = RecordingHeader(format: "test", startEpochS: clock, isUTC: true)
        #expect(try TaskPlan(local, on: device).tasks[0].segments[0].timeS == 10..<20)
        #expect(try TaskPlan(zoned, on: utc).tasks[0].segments[0].timeS == 10..<20)
        #expect(throws: TaskEventsError.noZone) { try TaskPlan(local, on: utc) }
        #expect(throws: TaskEventsError.hasZone) { try TaskPlan(zoned, on: device) }
        #expect(throws: TaskEventsError.noDate) { try TaskPlan(local, on: RecordingHeader(format: "test")) }
    }
}
