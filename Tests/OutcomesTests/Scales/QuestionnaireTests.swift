import Outcomes
import Testing

@Suite struct QuestionnaireTests {
    /// `clinical/05_scores.py`: raw 18, 9, 7, 2, 1, 5, 2, 4 give the dimensions and a summary index of 26.71875.
    @Test func pdq39HasTheDimensionsAndIndexOfAnIndependentProgram() throws {
        let (sizes, raw) = ([10, 6, 6, 4, 3, 4, 3, 3], [18, 9, 7, 2, 1, 5, 2, 4])
        var table = "code,visit_month,item,value\n"
        var first = 1
        for (size, sum) in zip(sizes, raw) {
            for item in 0..<size { table += "P,0,\(first + item),\(sum / size + (item < sum % size ? 1 : 0))\n" }
            first += size
        }
        let result = try scores("pdq39", table)
        let expected = [45, 37.5, 29.166667, 12.5, 8.333333, 31.25, 16.666667, 33.333333]
        for (place, value) in expected.enumerated() {
            #expect(abs(try #require(result.first("dimension_\(place + 1)")?.value) - value) < 5e-7)
        }
        #expect(result.first("si")?.value == 26.71875)
        let gap = try scores("pdq39", table.split(separator: "\n").dropLast().joined(separator: "\n"))
        #expect(gap.first("si")?.value == nil && gap.first("si")?.missing == ["39"])
    }

    /// The range of each score by its definition: all items at their most.
    @Test func theLargestScoresAreTheScalesMaxima() throws {
        var udysrs = "item,value\n"
        for item in 1...26 { udysrs += "\(item),4\n" }
        let dyskinesia = try scores("udysrs", udysrs)
        for (name, most) in [
            ("part_1", 44.0), ("part_2", 16), ("part_3", 28), ("part_4", 16), ("historical", 60), ("objective", 44),
            ("total", 104),
        ] {
            #expect(dyskinesia.first(name)?.value == most)
        }
        var nmss = "item;value\n"
        for item in 1...30 { nmss += "\(item)s;3\n\(item)f;4\n" }
        let symptoms = try scores("nmss", nmss)
        #expect(symptoms.first("total")?.value == 360)
        #expect((1...9).compactMap { symptoms.first("domain_\($0)")?.value } == [24, 48, 72, 36, 36, 36, 36, 24, 48])
    }

    /// A severity of 0 is 0 whatever the frequency; a severity without frequency is missing, and so is its domain.
    @Test func aSymptomThatIsAbsentNeedsNoFrequency() throws {
        var table = "item,value\n"
        for item in 1...30 { table += "\(item)s,\(item == 3 ? 2 : 0)\n" }
        let result = try scores("nmss", table)
        #expect(result.first("domain_1")?.value == 0 && result.first("domain_2")?.value == nil)
        #expect(result.first("total")?.missing == ["3"])
    }

    @Test func aMissingValueKeepsItsReason() throws {
        let result = try scores(
            "mmse", "code,visit_month,item,value\nP,0,total,27\nP,6,total,refused\nQ,6,total,died\nR,0,total,\n")
        #expect(result.scores.map(\.value) == [27, nil, nil, nil])
        #expect(result.scores.map(\.missing) == [[], ["total refused"], ["total died"], ["total"]])
    }

    @Test func stagesAreOrderedAndHalvesAreOfTheModifiedVersion() throws {
        let table = "code,visit_month,version,state,item,value\nP,0,modified,off,hy,2.5\nP,12,modified,off,hy,2\n"
        let result = try scores("hy", table)
        #expect(result.scores.map(\.value) == [2.5, 2] && result.scores.allSatisfy { $0.change == nil })
        #expect {
            try scores(
                "hy",
                table.split(separator: "\n").map {
                    $0.contains("2.5")
                        ? $0.split(separator: ",").map { $0 == "modified" ? "original" : $0 }.joined(separator: ",")
                        : String($0)
                }.joined(separator: "\n"))
        } throws: {
            "\($0)".contains("line 2, value: the original stages have no 2.5")
        }
        #expect { try scores("hy", "item,value\nhy,3.5\n") } throws: { "\($0)".contains("line 2, value") }
    }
}

@Suite struct DiaryTests {
    private func day(_ states: [(String, Int)], code: String = "P", visit: Int = 0, day: Int) -> String {
        let all = states.flatMap { Array(repeating: $0.0, count: $0.1) }
        return all.enumerated().map { "\(code),\(visit),\(day),\($0),\($1)\n" }.joined()
    }
    private let header = "code,visit_month,day,slot,state\n"
    /// The day of `clinical/05_scores.py`.
    private let known: [(String, Int)] = [
        ("off", 10), ("on", 14), ("on_nontroub", 4), ("on_troub", 3), ("sleep", 16), ("missing", 1),
    ]

    /// `clinical/05_scores.py`, eight decimals; the four waking states sum to 16 hours.
    @Test func aDayIsScaledToSixteenWakingHours() throws {
        let result = try scores("diary", header + day(known, day: 1) + day(known, day: 2))
        func value(_ name: String) throws -> Double { try #require(result.first(name)?.value) }
        #expect(try abs(value("good16") - 9.29032258) < 5e-9 && abs(value("off16") - 5.16129032) < 5e-9)
        #expect(try abs(value("troublesome16") - 1.54838710) < 5e-9 && value("awake_h") == 15.5)
        #expect(
            try abs(value("off16") + value("on16") + value("nontroublesome16") + value("troublesome16") - 16) < 1e-12)
    }

    /// Four half hours may be missing, five not; two days of three must be valid.
    @Test func aVisitNeedsTwoValidDays() throws {
        let four: [(String, Int)] = [("off", 10), ("on", 18), ("sleep", 16), ("double", 4)]
        let five: [(String, Int)] = [("off", 10), ("on", 17), ("sleep", 16), ("missing", 5)]
        let two = try scores("diary", header + day(four, day: 1) + day(four, day: 2) + day(five, day: 3))
        #expect(two.first("valid_days")?.value == 2 && two.first("off16")?.missing == ["day 3: 5 half hours"])
        #expect(abs(try #require(two.first("off16")?.value) - 160.0 / 28) < 1e-12)
        let one = try scores("diary", header + day(four, day: 1) + day(five, day: 2) + day(five, day: 3))
        #expect(one.first("off16")?.value == nil)
        #expect(
            try scores("diary", header + day(five, day: 1) + day(five, day: 2)) { $0.settings.diaryMissingSlots = 5 }
                .first("off16")?.value != nil)
    }

    /// The error of a mean of three days is 1.72 / √3 = 0.99 h, of the change between two such means 1.96 · √2 · 0.99 = 2.75 h.
    @Test func theErrorOfAChangeFallsWithTheDays() throws {
        func table(_ off: Int) -> String {
            let before: [(String, Int)] = [("off", 12), ("on", 20), ("sleep", 16)]
            let after: [(String, Int)] = [("off", off), ("on", 32 - off), ("sleep", 16)]
            return header + (1...3).map { day(before, day: $0) + day(after, visit: 12, day: $0) }.joined()
        }
        #expect(try scores("diary", table(7)).first("off16", visit: 12)?.reliable == false)
        #expect(try scores("diary", table(6)).first("off16", visit: 12)?.reliable == true)
        #expect(try scores("diary", table(7)).first("off16", visit: 12)?.important == true)
    }

    @Test func faultsOfADiaryAreNamed() {
        let table = header + "P,0,1,48,off\nP,0,1,3,dozing\nP,0,x,4,off\nP,0,1,5,off\nP,0,1,5,on\n"
        #expect { try scores("diary", table) } throws: { error in
            ["4 problems", "line 2, slot", "line 3, state", "line 4, day", "line 6, slot"].allSatisfy {
                "\(error)".contains($0)
            }
        }
    }
}
