import Outcomes
import Records
import Testing

@Suite struct MotorExamTests {
    static func table(_ change: (inout [[String]]) -> Void = { _ in }) -> DelimitedTable {
        var rows = MotorExam.items.enumerated().map { [$1, String($0 % 5), "off", "720"] }
        change(&rows)
        return DelimitedTable(columns: ["item", "score", "state", "minutes_since_levodopa"], rows: rows)
    }

    /// 33 scores, 132 at most: the counts of the scale's publication.
    @Test func partThreeHasThirtyThreeItems() {
        #expect(MotorExam.items.count == 33 && Set(MotorExam.items).count == 33)
    }

    @Test func sumsAreThoseOfTheItems() throws {
        let exam = try #require(try MotorExam.exams(in: Self.table()).first)
        // 0…4 repeated over 33 items: six full rounds of 10 and 0 + 1 + 2.
        #expect(exam.total == 63)
        #expect(exam.state == .off && exam.minutesSinceLevodopa == 720 && exam.missing.isEmpty)
        #expect(exam.restTremor == exam.sum(of: MotorExam.restTremorItems))
        #expect(exam.actionTremor == MotorExam.actionTremorItems.compactMap { exam.scores[$0] }.reduce(0, +))
    }

    @Test func aMissingItemLeavesItsSumOutAndIsNamed() throws {
        let exam = try #require(try MotorExam.exams(in: Self.table { $0[32][1] = "n/a" }).first)
        #expect(exam.missing == ["3.18"] && exam.total == nil && exam.restTremor == nil && exam.actionTremor != nil)
    }

    @Test func everyProblemIsFoundInOnePass() throws {
        let table = Self.table { rows in
            rows[0][1] = "5"
            rows[1][0] = "9.9"
            rows[2][2] = "dunno"
            rows[4][0] = rows[3][0]
        }
        let problems = try #require(throws: MotorExam.Problems.self) { try MotorExam.exams(in: table) }
        #expect(problems.sentences.count == 4)
        #expect(problems.description.contains("line 2: the score \"5\" of item 3.1"))
        #expect(problems.description.contains("no item \"9.9\""))
        #expect(problems.description.contains("stands twice"))
        #expect(problems.description.contains("\"dunno\" is neither off nor on"))
    }

    @Test func offAndOnAreTwoExamsAndNeverPooled() throws {
        let rows = ["off", "on"].flatMap { state in MotorExam.items.map { [$0, state == "off" ? "2" : "1", state] } }
        let exams = try MotorExam.exams(in: DelimitedTable(columns: ["item", "value", "state"], rows: rows))
        #expect(exams.map(\.state) == [.off, .on])
        #expect(exams.map(\.total) == [66, 33])
    }

    @Test func anExamWithoutAStateIsRefused() {
        let table = DelimitedTable(columns: ["item", "score"], rows: [["3.1", "1"]])
        #expect(throws: MotorExam.Problems.self) { try MotorExam.exams(in: table) }
    }
}
