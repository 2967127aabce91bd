import Outcomes
import Records
import TestSupport
import Testing

@Suite struct OperatingCharacteristicsTests {
    /// Every design of `clinical/out_03_3p3.json`, an independent enumeration in rationals: the same fractions.
    @Test(.enabled(if: ReferenceData.isPresent, "the reference data is not beside the checkout"))
    func enumerationGivesTheFractionsOfAnIndependentProgram() throws {
        let designs = try #require(try ReferenceData.json("clinical/out_03_3p3.json").elements)
        #expect(designs.count == 12)
        for design in designs {
            let rates = try #require(design["p"]?.doubles).map { try #require(Rational("\($0)")) }
            let variant: DoseEscalation.Variant = design["variant"]?.string == "A" ? .atOnce : .sixAtMTD
            let ours = OperatingCharacteristics(variant: variant, toxicity: rates)
            #expect(ours.total == Rational(1))
            for (level, value) in ours.mtd.enumerated() {
                #expect(value.description == design["mtd_exact"]?["\(level)"]?.string)
            }
            // The other program sums rationals too and prints them as double precision.
            #expect(ours.expectedSubjects.double == design["EN"]?.double)
            #expect(ours.expectedToxicities.double == design["EDLT"]?.double)
            #expect(ours.expectedTreated.map(\.double) == design["n_level"]?.doubles)
            #expect(ours.expectedToxic.map(\.double) == design["dlt_level"]?.doubles)
            for (count, probability) in ours.subjects {
                #expect(probability.double == design["pN"]?["\(count)"]?.double)
            }
        }
    }

    /// A level is passed with probability (1−p)³ + 3p(1−p)⁵: with one level and variant A that is P(MTD = 1).
    @Test(arguments: ["0", "0.05", "0.3", "1/3", "0.5", "1"])
    func oneLevelIsPassedAsTheFormulaSays(rate: String) throws {
        let p = try #require(Rational(rate))
        let q = Rational(1) - p
        let pass = q * q * q + Rational(3) * p * q * q * q * q * q
        #expect(OperatingCharacteristics(variant: .atOnce, toxicity: [p]).mtd == [Rational(1) - pass, pass])
    }

    @Test(arguments: DoseEscalation.Variant.allCases)
    func eightLevelsStillSumToExactlyOne(variant: DoseEscalation.Variant) throws {
        let rates = try (1...8).map { try #require(Rational("0.0\($0)7")) }
        #expect(OperatingCharacteristics(variant: variant, toxicity: rates).total == Rational(1))
    }

    /// One-sided 95 % Clopper-Pearson limits printed by `clinical/03_three_plus_three.py` (scipy), four decimals.
    @Test(arguments: [
        (0, 3, 0.6316), (1, 3, 0.8646), (0, 6, 0.3930), (1, 6, 0.5818), (2, 6, 0.7287), (0, 12, 0.2209),
        (1, 12, 0.3387),
    ])
    func theRateStillPossibleIsClopperPearson(toxic: Int, treated: Int, limit: Double) throws {
        #expect(abs(try #require(largestRate(toxic: toxic, of: treated)) - limit) < 0.00005)
    }
}

@Suite struct RationalTests {
    @Test func decimalsAndFractionsAreExact() throws {
        #expect(
            Rational("0.1") == Rational(1, over: 10) && Rational(".25") == Rational(1, over: 4)
                && Rational("2") == Rational(2))
        #expect(Rational("2/6")?.description == "1/3")
        for wrong in ["", ".", "1/0", "-1", "1e3", "a", "1/2/3", "/2", "0,1"] {
            #expect(Rational(wrong) == nil, "\(wrong)")
        }
    }

    /// Division of doubles is correctly rounded, so that it is the oracle for small numbers.
    @Test func aFractionAsDoubleIsTheQuotient() {
        for a in [0, 1, 2, 7, 99, 12345] {
            for b in [1, 3, 7, 64, 1000, 999_983] { #expect(Rational(a, over: b).double == Double(a) / Double(b)) }
        }
    }
}

@Suite struct ThreePlusThreeTests {
    private typealias Count = ThreePlusThree.Count
    private func next(_ variant: DoseEscalation.Variant, _ counts: [(Int, Int)]) -> ThreePlusThree.Action {
        ThreePlusThree(variant: variant, levels: counts.count).next(counts.map { Count($0.0, $0.1) })
    }

    @Test func theTableOfRulesIsKept() {
        #expect(next(.atOnce, [(0, 0), (0, 0)]) == .treat(3, level: 0))
        #expect(next(.atOnce, [(3, 0), (0, 0)]) == .treat(3, level: 1))
        #expect(next(.atOnce, [(3, 1), (0, 0)]) == .treat(3, level: 0))
        #expect(next(.atOnce, [(3, 2), (0, 0)]) == .finish(mtd: 0))
        #expect(next(.atOnce, [(6, 1), (0, 0)]) == .treat(3, level: 1))
        #expect(next(.atOnce, [(6, 2), (0, 0)]) == .finish(mtd: 0))
        #expect(next(.atOnce, [(3, 0), (3, 2)]) == .finish(mtd: 1))
        #expect(next(.sixAtMTD, [(3, 0), (3, 2)]) == .treat(3, level: 0))
        #expect(next(.sixAtMTD, [(6, 1), (3, 2)]) == .finish(mtd: 1))
        #expect(next(.sixAtMTD, [(6, 2), (3, 2)]) == .finish(mtd: 0))
        #expect(next(.atOnce, [(3, 0), (3, 0)]) == .finish(mtd: 2))
        #expect(next(.sixAtMTD, [(3, 0), (3, 0)]) == .treat(3, level: 1))
        #expect(next(.sixAtMTD, [(3, 0), (6, 2)]) == .treat(3, level: 0))
        #expect(next(.sixAtMTD, [(3, 0), (6, 1)]) == .finish(mtd: 2))
    }

    /// From every state that can be reached, no level gets more than six, and the trial ends.
    @Test(arguments: DoseEscalation.Variant.allCases)
    func noLevelGetsMoreThanSix(variant: DoseEscalation.Variant) {
        let rules = ThreePlusThree(variant: variant, levels: 4)
        var open = [Array(repeating: Count(), count: 4)]
        var seen: Set<[Count]> = Set(open)
        while let counts = open.popLast() {
            guard case .treat(let more, let level) = rules.next(counts) else { continue }
            for toxic in 0...more {
                var after = counts
                after[level].treated += more
                after[level].toxic += toxic
                #expect(after[level].treated <= 6)
                if seen.insert(after).inserted { open.append(after) }
            }
        }
    }
}

@Suite struct EscalationStateTests {
    private let header = "code,level,infusion_dates,ae_term,grade,onset,related,dlt,signed_by,signed_at,withdrawal_date"

    private func report(_ rows: [String], asOf: String = "2026-06-01") throws -> EscalationReport {
        let study = try Study.read("hexell-2020-fs-001")
        let day = try #require(PartialDate(asOf)?.day)
        return try withTemporaryFolder { folder in
            try OutputFile.write(([header] + rows).joined(separator: "\n"), to: "\(folder)/dlt.csv")
            let state = try EscalationState.read("\(folder)/dlt.csv", plan: try #require(study.escalation), asOf: day)
            return EscalationReport(study: study, state: state, characteristics: [])
        }
    }
    private func clean(_ code: String, _ level: String = "C1", last: String = "2026-02-02") -> String {
        let six = "2025-11-24 2025-12-08 2025-12-22 2026-01-05 2026-01-19 \(last)"
        return "\(code),\(level),\(level == "C2" ? six : "2026-01-05 2026-01-19 \(last)"),,,,,no,,,"
    }
    private func toxic(_ code: String, _ level: String = "C1") -> String {
        "\(code),\(level),2026-01-05 2026-01-19,anaphylaxis,4,2026-01-19,definitely,yes,board,2026-01-21,"
    }

    @Test func threeWithoutToxicityEscalate() throws {
        let report = try report(["A", "B", "C"].map { clean($0) })
        #expect(report.state?.action == .treat(3, level: 1) && report.mtd == nil)
        #expect(report.members.first { $0.key == "next" }?.value["level"]?.string == "C2")
    }

    @Test func nothingIsDecidedWhileAToxicityIsPending() throws {
        for row in [
            "D,C1,2026-01-05,fever,3,2026-01-06,possibly,pending,,,",
            "D,C1,2026-01-05,fever,3,2026-01-06,possibly,,,,",
            "D,C1,2026-01-05,fever,3,2026-01-06,possibly,yes,,,",
            "D,C1,2026-01-05,fever,3,2026-01-06,possibly,no,board,,",
        ] {
            let report = try report([clean("A"), clean("B"), row])
            #expect(report.state?.action == nil && report.nextSentence.hasPrefix("wait") && report.mtd == nil, "\(row)")
        }
    }

    /// 28 days from 2 February 2026 end on 2 March.
    @Test func aSubjectCountsOnceTheWindowIsOver() throws {
        let rows = ["A", "B", "C"].map { clean($0) }
        #expect(try report(rows, asOf: "2026-03-01").state?.action == nil)
        #expect(try report(rows, asOf: "2026-03-02").state?.action == .treat(3, level: 1))
        #expect(try report([clean("A"), clean("B", last: "2026-05-20")]).state?.action == .treat(1, level: 0))
    }

    @Test func whoLeavesWithoutAToxicityIsReplaced() throws {
        let report = try report([clean("A"), clean("B"), "C,C1,2026-01-05,,,,,no,,,2026-01-10"])
        #expect(report.state?.action == .treat(1, level: 0))
    }

    @Test func theFeasibleDoseIsTheHighestThatIsTolerated() throws {
        let first = ["A", "B", "C"].map { clean($0) }
        let second = (1...6).map { clean("S\($0)", "C2") }
        let reached = try report(first + second)
        #expect(reached.mtd == "not reached" && reached.mfd == "C2")
        let stopped = try report(first + [toxic("S1", "C2"), toxic("S2", "C2"), clean("S3", "C2")])
        #expect(stopped.state?.action == .treat(3, level: 0))
        let none = try report([toxic("A"), toxic("B"), clean("C")])
        #expect(none.mtd == "none in range" && none.mfd == nil)
    }

    @Test func everyFaultOfTheEventsIsNamed() {
        #expect {
            try report([
                "A,C9,2026-01-05,,,,,no,,,", "B,C1,2026-01-19 2026-01-05,,9,,maybe,perhaps,,,",
                ",C1,2027-01-05,,,,,no,,,", "C,C1,2026-01-05,fever,1,2025-12-31,possibly,no,b,2026-01-09,",
            ])
        } throws: { error in
            let text = "\(error)"
            return [
                "line 2, level", "line 3, infusion_dates", "line 3, grade", "line 3, related", "line 3, dlt",
                "line 4, code",
                "line 4, infusion_dates", "line 5, onset",
            ].allSatisfy { text.contains($0) }
        }
    }
}
