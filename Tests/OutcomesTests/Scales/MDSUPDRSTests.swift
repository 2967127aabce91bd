import Outcomes
import Records
import TestSupport
import Testing

@Suite struct MDSUPDRSTests {
    private let parts = Dictionary(grouping: ItemScale.mdsUPDRS.items) { $0.prefix(1) }

    @Test func theScaleHas65Items() {
        #expect(["1", "2", "3", "4"].map { parts[Substring($0)]?.count } == [13, 13, 33, 6])
    }

    /// `clinical/05_scores.py`: 30 of 33 items, sum 35, prorated 38.5; with another rule, or one more than seven missing, none.
    @Test func missingItemsAreProratedUpToTheRulesLimit() throws {
        var values: [String: Int?] = [:]
        let scores33 =
            Array(repeating: 1, count: 11) + Array(repeating: 2, count: 9) + Array(repeating: 0, count: 8) + [3, 3]
        for (place, item) in MotorExam.items.enumerated() { values[item] = place < 30 ? scores33[place] : nil }
        let table = updrsHeader + updrsRows(values)
        let part = try #require(try scores("mds-updrs", table).first("part_3"))
        #expect(part.value == 38.5 && part.observedSum == 35 && part.missing == ["3.17d", "3.17e", "3.18"])
        #expect(part.rule.hasPrefix("goetz2015-random") && part.state == "off")
        #expect(try scores("mds-updrs", table) { $0.settings.missingRule = .none }.first("part_3")?.value == nil)
        for (missing, rule, isGiven) in [(7, "r", true), (8, "r", false), (3, "s", true), (4, "s", false)] {
            var some = Dictionary(uniqueKeysWithValues: MotorExam.items.map { ($0, Int?.some(1)) })
            for item in MotorExam.items.prefix(missing) { some[item] = .some(nil) }
            let value = try scores("mds-updrs", updrsHeader + updrsRows(some)) {
                $0.settings.missingRule = rule == "r" ? .random : .same
            }.first("part_3")?.value
            #expect(value == (isGiven ? 33 : nil), "\(missing) \(rule)")
        }
    }

    /// Random exams: right, left and midline are part III; the parts are the total; OFF and ON stay apart.
    @Test func sidesAndMidlineAreThePart() throws {
        var noise = SeededNoise(seed: 5)
        for _ in 0..<10 {
            var table = updrsHeader
            var sums: [String: Int] = [:]
            for state in ["off", "on"] {
                let values = Dictionary(
                    uniqueKeysWithValues: MotorExam.items.map { ($0, Int?.some(Int(noise.next() % 5))) })
                sums[state] = values.values.compactMap { $0 }.reduce(0, +)
                table += updrsRows(values, state: state)
            }
            table += updrsRows(
                Dictionary(
                    uniqueKeysWithValues: ItemScale.mdsUPDRS.items.filter { !$0.hasPrefix("3.") }.map {
                        ($0, Int?.some(1))
                    }))
            let result = try scores("mds-updrs", table)
            for state in ["off", "on"] {
                func value(_ name: String) throws -> Double { try #require(result.first(name, state: state)?.value) }
                #expect(try value("right") + value("left") + value("midline") == value("part_3"))
                #expect(try value("part_3") == Double(sums[state] ?? -1))
                #expect(try value("total") == value("part_3") + 32)
            }
            #expect(result.first("part_1_2")?.value == 26)
            let response = 100 * Double(sums["off"]! - sums["on"]!) / Double(sums["off"]!)
            #expect(result.first("levodopa_response_percent")?.value == response)
        }
    }

    /// `clinical/05_scores.py`: sums 11 and 3, ratio 1.66666667, TD; and the cuts at exactly 1.15 and 0.90.
    @Test func tremorAndGaitHaveTheirRatio() throws {
        let tremor = [
            "2.10": 2, "3.15a": 1, "3.15b": 1, "3.16a": 1, "3.16b": 0, "3.17a": 2, "3.17b": 1, "3.17c": 1, "3.17d": 0,
            "3.17e": 0, "3.18": 2,
        ]
        let gait = ["2.12": 1, "2.13": 0, "3.10": 1, "3.11": 0, "3.12": 1]
        let values = tremor.merging(gait) { $1 }.mapValues { Int?.some($0) }
        let score = try #require(try scores("mds-updrs", updrsHeader + updrsRows(values)).first("td_pigd"))
        #expect(abs(try #require(score.value) - 1.66666667) < 5e-9 && score.label == "TD")
        let fewer = values.filter { $0.key != "3.18" }
        #expect(try scores("mds-updrs", updrsHeader + updrsRows(fewer)).first("td_pigd")?.missing == ["3.18"])
    }

    /// Published differences, −3.25 and +4.63; baseline is the mean of both visits before.
    @Test func aChangeIsImportantAtThePublishedDifference() throws {
        func exam(_ sum: Int, _ visit: Int) -> String {
            let values = MotorExam.items.enumerated().map { ($1, Int?.some($0 < sum ? 1 : 0)) }
            return updrsRows(Dictionary(uniqueKeysWithValues: values), visit: visit)
        }
        func change(_ sum: Int) throws -> Score {
            let result = try scores("mds-updrs", updrsHeader + exam(20, -1) + exam(21, 0) + exam(sum, 12))
            return try #require(result.first("part_3", visit: 12))
        }
        #expect(try change(17).baseline == 20.5 && change(17).change == -3.5)
        #expect(try change(17).important == true && change(17).direction == "improvement" && change(17).reliable == nil)
        #expect(try change(18).important == false)
        #expect(try change(25).important == false)
        #expect(try change(26).direction == "worsening")
    }

    /// SEM 13 √(1 − 0.90) = 4.111 gives limits of 1.96 √2 SEM = 11.395 with one baseline and 1.96 √1.5 SEM = 9.868 with two.
    @Test(arguments: [(false, 11, false), (false, 12, true), (true, 9, false), (true, 10, true)])
    func aChangeIsReliableBeyondTheStudysError(hasTwo: Bool, fall: Int, reliable: Bool) throws {
        let study = try Study(
            yaml: """
                schema: engraft-study/1
                study: {id: a}
                limits:
                  - {score: mds-updrs/part_3, sem: 4.111, source: own two baselines, status: proposed}
                """)
        func exam(_ sum: Int, _ visit: Int) -> String {
            let values = MotorExam.items.enumerated().map { ($1, Int?.some($0 < sum ? 1 : 0)) }
            return updrsRows(Dictionary(uniqueKeysWithValues: values), visit: visit)
        }
        let table = updrsHeader + (hasTwo ? exam(30, -1) : "") + exam(30, 0) + exam(30 - fall, 12)
        let result = try scores("mds-updrs", table) { $0.settings = try ScoreSettings(study: study) }
        let score = try #require(result.first("part_3", visit: 12))
        #expect(score.reliable == reliable && score.important == nil)
    }

    @Test func everyFaultIsNamedWithItsRowAndColumnBeforeAnyNumber() {
        let table =
            updrsHeader
            + "P,0,off,780,3.1,1\nP,0,off,780,3.99,1\nP,0,off,780,3.2,5\nP,0,off,780,3.4a,1.5\nP,0,off,780,3.1,2\r\n"
            + "P,0,maybe,,3.5a,1\nP,0,na,,3.6a,1\nP,6,off,180,3.1,1\n,0,off,780,3.7a,1\nP,0,off,780,3.8a\nP,soon,off,780,3.9,1\n"
        #expect { try scores("mds-updrs", table) } throws: { error in
            let text = "\(error)"
            let missing = [
                "t.csv: 11 problems", "line 3, item: mds-updrs has no item \"3.99\"",
                "line 4, value: \"5\" of item 3.2",
                "line 5, value: \"1.5\"", "line 6, item: item 3.1 of P at month 0 OFF stands twice",
                "line 6: the line ends in CR LF", "line 7, state: \"maybe\"", "line 8, state: item 3.6a needs",
                "line 9, minutes_since_levodopa: an OFF rating 3.0 h after levodopa", "line 10, code",
                "line 11: there are 5 fields", "line 12, visit_month: \"soon\"",
            ].filter { !text.contains($0) }
            return missing.isEmpty
        }
    }

    /// The sample patient, as a part III table without code and visit: 33 items, one state.
    @Test func theSamplePatientIsScored() throws {
        let path = "\(SampleScans.folder)/month-00/mds_updrs.tsv"
        let exam = try #require(try MotorExam.read(path).first)
        let result = try Scoring(of: path, scale: "mds-updrs", Scoring.Inputs(settings: try ScoreSettings()))
        #expect(result.first("part_3")?.value == exam.total.map(Double.init))
        #expect(result.first("rest_tremor")?.value == exam.restTremor.map(Double.init))
    }
}

@Suite struct LargeTableTests {
    /// A million rows are read once, and memory is that of the patients: 15 385 of 65 items.
    @Test(.timeLimit(.minutes(1)))
    func aMillionRowsAreScored() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/large.csv"
            let items = ItemScale.mdsUPDRS.items
            try OutputFile.write(to: path) { put in
                func write(_ text: String) throws { try Array(text.utf8).withUnsafeBytes { try put($0) } }
                try write(updrsHeader)
                for patient in 0..<15_385 {
                    var rows = ""
                    for item in items {
                        rows += "P\(patient),0,\(item.hasPrefix("3.") ? "off" : "na"),780,\(item),\(patient % 5)\n"
                    }
                    try write(rows)
                }
            }
            let result = try Scoring(of: path, scale: "mds-updrs", Scoring.Inputs(settings: try ScoreSettings()))
            #expect(result.scores.filter { $0.name == "total" }.count == 15_385)
            #expect(result.scores.last { $0.name == "total" }?.value == Double(65 * (15_384 % 5)))
        }
    }
}
