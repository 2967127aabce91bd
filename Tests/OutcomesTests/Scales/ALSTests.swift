import Outcomes
import Records
import Testing

@Suite struct ALSTests {
    private func visit(_ total: Int, _ month: Int, _ date: String, code: String = "A") -> String {
        (1...12).map {
            "\(code),\(month),\(date),\($0 == 5 ? "5b" : "\($0)"),\(total / 12 + ($0 <= total % 12 ? 1 : 0))\n"
        }.joined()
    }
    private let header = "code,visit_month,date,item,value\n"

    /// `clinical/05_scores.py`: (48 − 40) / (300 d / 30.4375) = 0.8116666667; 300 days before 2025-10-28 is 2025-01-01.
    @Test func theRateBeforeTheTrialIsPointsAMonthSinceOnset() throws {
        let table = header + visit(40, 0, "2025-10-28")
        func rate(_ onset: String) throws -> Score? {
            try scores("alsfrs-r", table) { $0.subjects = ["A": SubjectFacts(onset: PartialDate(onset))] }.first(
                "delta_fs")
        }
        #expect(abs(try #require(try rate("2025-01-01")?.value) - 0.8116666667) < 5e-11)
        #expect(try rate("2025-01-01")?.label == "intermediate" && rate("2025-01-01")?.missing == [])
        #expect(try rate("2025-01")?.missing == ["day of onset, taken as the 15th"])
        #expect(try rate("2024")?.value == nil)
        #expect(try scores("alsfrs-r", table).first("delta_fs") == nil)
    }

    /// A straight line of one point a month by its days; fewer than three visits or months have no slope.
    @Test func aSlopeNeedsThreeVisitsAndThreeMonths() throws {
        let line = visit(44, 0, "2025-01-01") + visit(41, 3, "2025-04-02") + visit(38, 6, "2025-07-02")
        let slope = try #require(try scores("alsfrs-r", header + line).first("slope_per_month")?.value)
        #expect(abs(slope - -6 / (182 / 30.4375)) < 1e-12)
        #expect(
            try scores("alsfrs-r", header + visit(44, 0, "2025-01-01") + visit(41, 6, "2025-07-02")).first(
                "slope_per_month")?.value == nil)
        let short = visit(44, 0, "2025-01-01") + visit(43, 1, "2025-02-01") + visit(42, 2, "2025-03-01")
        #expect(try scores("alsfrs-r", header + short).first("slope_per_month")?.value == nil)
    }

    @Test func itemFiveIsRatedByOneOfItsVariants() throws {
        let result = try scores("alsfrs-r", header + visit(48, 0, "2025-01-01"))
        #expect(["bulbar", "fine_motor", "gross_motor", "respiratory"].allSatisfy { result.first($0)?.value == 12 })
        #expect { try scores("alsfrs-r", header + visit(48, 0, "2025-01-01") + "A,0,2025-01-01,5a,3\n") } throws: {
            "\($0)".contains("item 5 by more than one")
        }
    }

    @Test func vitalCapacityIsTheBestOfEnoughEfforts() throws {
        let table = "code,visit_month,item,value\nA,0,1,81.5\nA,0,2,84\nA,0,3,79\nA,6,1,70\nA,6,2,71\n"
        let result = try scores("svc", table)
        #expect(result.first("percent_predicted", visit: 0)?.value == 84)
        #expect(result.first("percent_predicted", visit: 6)?.missing == ["2 of 3 efforts"])
    }

    /// The worked example of `clinical/05_scores.py`: sums, mean ranks and pairs.
    @Test func survivalAndFunctionAreCombinedAsInTheWorkedExample() throws {
        let courses: [(String, String, Double?, Double, [Double: Double])] = [
            ("a", "T", nil, 12, [6: -2, 12: -4]), ("b", "T", nil, 12, [6: -4, 12: -9]), ("c", "T", 10, 10, [6: -12]),
            ("d", "T", nil, 6, [6: -3]), ("e", "C", nil, 12, [6: -5, 12: -11]), ("f", "C", 7.5, 7.5, [6: -14]),
            ("g", "C", nil, 12, [6: -3, 12: -6]), ("h", "C", 4, 4, [:]),
        ]
        let all = courses.map {
            CAFS.Course(code: $0.0, arm: $0.1, deathMonth: $0.2, lastSeenMonth: $0.3, changes: $0.4)
        }
        let combined = CAFS(of: all)
        #expect(combined.sums == [7, 1, -3, 4, -1, -5, 4, -7] && combined.sums.reduce(0, +) == 0)
        #expect(combined.arms.map(\.meanRank) == [3.375, 5.625])
        #expect(combined.pairs("T", "C") == (12, 3, 1))
        for one in all { for other in all { #expect(CAFS.compare(one, other) == -CAFS.compare(other, one)) } }
    }

    @Test func faultsOfACombinedTableAreNamed() {
        let table =
            "code,arm,visit_month,total,death_month,last_seen_month\nA,T,0,40,5,5\nA,C,6,49,5,5\nA,T,12,30,,\nB,T,6,40,,\n"
        #expect { try scores("cafs", table) } throws: { error in
            ["line 3, arm", "line 3, total", "line 5, total: B has no total at month 0"].allSatisfy {
                "\(error)".contains($0)
            }
        }
    }
}

@Suite struct FrailtyTests {
    /// Two patients of `clinical/05_scores.py`: a frail man and a robust woman.
    @Test func thePhenotypeIsThatOfAnIndependentProgram() throws {
        func fried(_ values: String, _ person: SubjectFacts) throws -> Scoring {
            let items = ["loss_kg", "loss_percent", "cesd1", "cesd2", "kcal_per_week", "walk_s", "grip_kg"]
            let rows = zip(items, values.split(separator: ",", omittingEmptySubsequences: false)).map {
                "P,0,\($0),\($1)\n"
            }
            return try scores("fried", "code,visit_month,item,value\n" + rows.joined()) { $0.subjects = ["P": person] }
        }
        let man = SubjectFacts(isMale: true, heightCm: 170, weightKg: 70)
        let frail = try fried("1.8,2,1,2,500,7.2,29.5", man)
        #expect(
            ["weakness", "slowness", "low_activity", "exhaustion", "shrinking"].map { frail.first($0)?.value } == [
                1, 1, 0, 1, 0,
            ])
        #expect(frail.first("criteria")?.value == 3 && frail.first("criteria")?.label == "frail")
        let woman = SubjectFacts(isMale: false, heightCm: 160, weightKg: 58)
        #expect(try fried("0,0,0,0,300,5.9,18.0", woman).first("criteria")?.label == "robust")
        let unknown = try #require(try fried("0,0,0,0,,5.9,18.0", woman).first("criteria"))
        #expect(unknown.value == nil && unknown.label == "robust or pre-frail" && unknown.possible == "0 to 1 criteria")
        #expect(try fried("0,0,0,0,300,unable,unable", woman).first("criteria")?.label == "pre-frail")
    }

    /// Three batteries of `clinical/05_scores.py`, and the walk by the cuts of its distance.
    @Test(arguments: [
        (["10", "10", "6.5", "4", "5.4", "15.2"], [3.0, 3, 2, 8]),
        (["10", "8", "0", "4", "9.1", "unable"], [1, 1, 0, 2]),
        (["10", "10", "10", "4", "4.1", "10.9"], [4, 4, 4, 12]),
        (["10", "10", "10", "3", "4.1", "10.9"], [4, 3, 4, 11]),
    ])
    func theBatteryIsThatOfAnIndependentProgram(values: [String], expected: [Double]) throws {
        let items = ["balance_side_s", "balance_semi_s", "balance_tandem_s", "walk_distance_m", "walk_s", "chair_s"]
        let result = try scores("sppb", "item,value\n" + zip(items, values).map { "\($0),\($1)\n" }.joined())
        #expect(["balance", "walk", "chair", "total"].map { result.first($0)?.value } == expected)
    }

    @Test func gaitAndGripAreTheBestOfTheirTrials() throws {
        let gait = try scores("gait-speed", "item,value\ndistance_m,4\ntime1_s,5.6\ntime2_s,5.4\n")
        #expect(
            abs(try #require(gait.first("speed_m_per_s")?.value) - 0.740741) < 5e-7
                && gait.first("speed_m_per_s")?.label == "slow")
        let table = "code,visit_month,item,value\nP,0,1,26.5\nP,0,2,28\nP,0,3,unable\n"
        func grip(_ cut: ScoreSettings.GripCut) throws -> Score? {
            try scores("grip", table) {
                $0.subjects = ["P": SubjectFacts(isMale: true)]
                $0.settings.gripCut = cut
            }.first("max_kg")
        }
        #expect(try grip(.older)?.value == 28 && grip(.older)?.label == "weak" && grip(.ewgsop2)?.label == "not weak")
    }

    @Test func singleItemsAreTheirScores() throws {
        #expect(try scores("cfs", "item,value\ncfs,5\n").first("cfs")?.value == 5)
        #expect(try scores("mmse", "item,value\ntotal,24\n").first("total")?.value == 24)
        #expect(try scores("cgi", "item,value\ncgi-s,4\ncgi-i,2\n").scores.map(\.value) == [4, 2])
        #expect { try scores("mmse", "item,value\ntotal,31\n") } throws: { "\($0)".contains("line 2, value") }
    }
}
