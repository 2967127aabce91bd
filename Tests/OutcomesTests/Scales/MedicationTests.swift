import Outcomes
import Testing

/// Worked examples of `clinical/05_scores.py`, an independent program; sums of whole milligrams and short decimals.
@Suite struct LEDDTests {
    private func ledd(_ table: String, _ doses: [(String, Double)]) throws -> LEDD {
        LEDD(of: doses.map { (drug: $0.0, mg: $0.1) }, table: try LEDDTable(named: table))
    }

    @Test(arguments: LEDDTable.names)
    func bothTablesAgreeOnTheOlderDrugs(table: String) throws {
        #expect(try ledd(table, [("levodopa", 400), ("pramipexole_salt", 2.1), ("rasagiline", 1)]).total == 710)
        let second = try ledd(
            table, [("levodopa", 750), ("levodopa_cr", 200), ("entacapone", 1000), ("amantadine", 200)])
        #expect(second.levodopa == 900 && second.comt == 297 && second.total == 1397)
        let base = try ledd(table, [("pramipexole_base", 0.7)]).total
        #expect(abs(base - 100) < 1e-12)
    }

    @Test func aDrugThatTheTableDoesNotHaveMakesTheTotalPartial() throws {
        let doses: [(String, Double)] = [("levodopa", 600), ("opicapone", 50), ("rotigotine", 8), ("safinamide", 100)]
        let jost = try ledd("jost2023", doses)
        #expect(abs(jost.total - 1292.4) < 1e-9 && jost.unresolved.isEmpty)
        let tomlinson = try ledd("tomlinson2010", doses)
        #expect(tomlinson.total == 840 && tomlinson.unresolved == ["opicapone", "safinamide"])
    }

    @Test func sharesOfLevodopaCountOnceAndFixedDosesOnlyWhileTaken() throws {
        #expect(try ledd("jost2023", [("foslevodopa", 2000), ("istradefylline", 20)]).total == 1800)
        let two = try ledd("jost2023", [("levodopa", 100), ("entacapone", 800), ("opicapone", 50)])
        #expect(two.total == 150 && two.warnings.count == 1)
        #expect(try ledd("jost2023", [("safinamide", 0), ("levodopa", 100)]).total == 100)
    }

    @Test func dosesAreReckonedAtEveryChangeAndWithoutThoseTakenAsNeeded() throws {
        let table = """
            code,start,stop,drug,form,dose_mg,times_per_day,prn
            P,2025-01-01,2025-03-31,levodopa,,100,4,no
            P,2025-04-01,,levodopa,,100,3,no
            P,2025-01-01,,apomorphine,,5,3,yes
            P,2025-06-01,,mystery,,5,3,no
            """
        let result = try scores("ledd", table)
        let totals = result.scores.filter { $0.name == "ledd_mg" }
        #expect(totals.map { $0.date?.description } == ["2025-01-01", "2025-04-01", "2025-06-01"])
        #expect(totals.map(\.value) == [400, 300, 300] && totals.map(\.label) == [nil, nil, "partial"])
        #expect(result.warnings.contains { $0.contains("mystery") })
        #expect {
            try scores("ledd", table + "\nP,2025-13-01,,levodopa,,many,3,no\nP,2999-01-01,,levodopa,,1,3,perhaps")
        } throws: {
            let text = "\($0)"
            return ["line 6, start", "line 6, dose_mg", "line 7, start", "line 7, prn"].allSatisfy { text.contains($0) }
        }
    }
}

@Suite struct PETTableTests {
    private let header = "code,visit_month,tracer,kind,roi,side,value,scanner,qc\n"

    /// `clinical/04_stats.py`: Δ ln 0.47000363 is 60.0 %; with a variation of 8.7 % it is beyond the limit.
    @Test func aChangeIsHeldAgainstTheRepeatability() throws {
        let table =
            header + "P,0,18F-DOPA,Ki_ref,putamen,left,0.0045,A,pass\nP,12,18F-DOPA,Ki_ref,putamen,left,0.0072,A,pass\n"
        let plain = try #require(try scores("pet", table).first("Ki_ref/putamen/left/change_percent"))
        #expect(abs(try #require(plain.value) - 60) < 1e-9 && plain.reliable == nil)
        let flagged = try scores("pet", table) { $0.repeatability = .init(wCV: 0.087, source: "test") }
        #expect(flagged.first("Ki_ref/putamen/left/change_percent")?.reliable == true)
    }

    @Test func twoTracersInAPatientAreRefused() {
        let table =
            header
            + "P,0,18F-DOPA,Ki_ref,putamen,left,0.0045,A,\nP,12,FE-PE2I,BPnd,putamen,left,2,B,\nP,12,18F-DOPA,SUV,putamen,left,-1,B,perhaps\n"
        #expect { try scores("pet", table) } throws: { error in
            ["line 3, tracer", "line 3, kind", "line 4, kind", "line 4, value", "line 4, qc"].allSatisfy {
                "\(error)".contains($0)
            }
        }
    }
}
