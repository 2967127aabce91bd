import Records
import Statistics
import TestSupport
import Testing

@Suite struct AnalysisTableTests {
    private func ancova(_ text: String, factors: [String] = []) throws -> Analysis {
        try withTemporaryFolder { folder in
            try OutputFile.write(text, to: "\(folder)/t.csv", force: true)
            do {
                return try Analysis.ancova(
                    "\(folder)/t.csv", outcome: "y", baseline: "x",
                    columns: ArmColumns(arm: "arm", reference: "a", factors: factors), change: false,
                    permutations: Resampling(0, seed: 1), bootstrap: Resampling(0, seed: 1))
            } catch var problem as FileProblem {
                problem.path = "t.csv"
                throw problem
            }
        }
    }

    private func reason(_ text: String, factors: [String] = []) -> String {
        do {
            let found = try ancova(text, factors: factors)
            return "no problem: \(found.estimates)"
        } catch let problem as FileProblem {
            #expect(problem.kind == .badData)
            return problem.description
        } catch { return "\(error)" }
    }

    private let good = "arm,x,y\na,1,2\na,2,3.5\nb,3,2\nb,4,3\nb,5,4.5\n"

    @Test func aGoodTableHasItsEstimates() throws {
        let found = try ancova(good)
        #expect(found.estimates[0].term == "b − a" && found.warnings.isEmpty)
        #expect(found.text.contains("Research use only"))
        // Semicolons with decimal commas, and quotes, are the same table.
        let other = good.split(separator: "\n").map { line in
            line.split(separator: ",").map { "\"\($0)\"" }.joined(separator: ";")
        }.joined(separator: "\n")
        let commas = String(other.map { $0 == "." ? "," : $0 })
        #expect(try ancova(commas).estimates == found.estimates)
    }

    @Test func everyProblemIsNamedAtOnce() {
        let text = reason("arm,x,y\na,1,2\n,2,three\nb,,4\nb,nan,1e999\na,5\nb,6,\n")
        for part in [
            "6 problems", "line 3, arm: the field is empty", "line 3, y: \"three\" is not a number",
            "line 4, x: the field is empty", "line 5, x: \"nan\" is not a number",
            "line 5, y: \"1e999\" is not a number", "line 6: there are 2 fields, but the header has 3 columns",
        ] { #expect(text.contains(part), "\(text)") }
    }

    @Test(arguments: [
        ("", "the table is empty"), ("arm,x,y\n", "the table has no rows"),
        ("arm,x\na,1\n", "the table needs the column y, but has arm, x"),
        ("arm,x,y\nb,1,2\nb,2,3\nb,4,5\n", "the column arm has no a; it has b"),
        ("arm,x,y\na,1,2\na,2,3\na,4,5\n", "the column arm has only a; two arms are compared"),
        ("arm,x,y\na,1,2\nb,2,3\n", "2 rows for 3 effects found; at least 4 are needed"),
        ("arm,x,y\na,1,2\na,1,3\nb,1,4\nb,1,4\nb,1,5\n", "the column x is the same for everybody"),
        ("arm,x,y\na,0,2\na,0,3\nb,7,4\nb,7,4\nb,7,5\n", "the column arm b is determined by x"),
        ("arm,x,y\na,1,\nb,2,\n", "no row has all the values that are needed"),
    ])
    func whatCannotBeIsSaid(text: String, part: String) {
        #expect(reason(text).contains(part), "\(reason(text))")
    }

    @Test func aRowWithoutOutcomeIsLeftOutAndCounted() throws {
        let found = try ancova(good + "a,7,\nb,8,\n")
        #expect(found.warnings == ["2 rows were left out: no outcome"])
        #expect(found.estimates == (try ancova(good)).estimates)
    }

    @Test func aPatientWhoChangesArmOrComesTwiceIsNamedByLine() throws {
        let text = "code,arm,month,total\np,a,0,40\np,b,1,39\np,a,1,38\nq,b,0,41\nq,b,1,40\n"
        try withTemporaryFolder { folder in
            try OutputFile.write(text, to: "\(folder)/t.csv", force: true)
            do {
                _ = try Analysis.slope(
                    "\(folder)/t.csv", outcome: "total", id: "code", time: "month",
                    columns: ArmColumns(arm: "arm", reference: "a"), sharedBaseline: false, method: .satterthwaite)
                Issue.record("the table is not sound")
            } catch let problem as FileProblem {
                #expect(problem.reason.contains("line 3, arm: p has b, but a in line 2"))
                #expect(problem.reason.contains("line 4, month: p has 1 a second time; the first is line 3"))
            }
        }
    }

    /// Every file cut short at every byte is a table or a sentence, never a trap.
    @Test func noCutTableTraps() {
        for length in 0...good.utf8.count { _ = reason(String(good.utf8.prefix(length))!) }
    }
}

@Suite struct AnalysisTests {
    private func write(_ text: String, _ body: (String) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try OutputFile.write(text, to: "\(folder)/t.csv", force: true)
            try body("\(folder)/t.csv")
        }
    }

    private let arms = ArmColumns(arm: "arm", reference: "SOC")

    @Test(.enabled(if: Clinical.isPresent))
    func theReferenceTablesGiveTheirNumbers() throws {
        func path(_ name: String) -> String { ReferenceData.path("clinical/data/\(name).csv") }
        let none = Resampling(0, seed: 1)
        let ancova = try Analysis.ancova(
            path("ancova"), outcome: "m12", baseline: "base", columns: arms, change: true,
            permutations: Resampling(2000, seed: 1), bootstrap: Resampling(2000, seed: 1))
        #expect(agrees(ancova.estimates[0].estimate, -9.8922454951, decimals: 10))
        let drawn = try #require(ancova.estimates.first { $0.term.hasSuffix("bootstrap BCa") }?.interval95)
        // Normal theory and 2000 samples: ends within a quarter of the interval's half width.
        #expect(abs(drawn.low + 15.24) < 1.3 && abs(drawn.high + 4.55) < 1.3)
        #expect(ancova.warnings.isEmpty)
        let mmrm = try Analysis.mmrm(
            path("mmrm_missing"), outcome: "score", baseline: "base", id: "id", visit: "month", columns: arms,
            change: true, structures: MMRM.order, method: .satterthwaite)
        #expect(mmrm.estimates[3].term == "XS411 − SOC, month 24")
        #expect(agrees(mmrm.estimates[3].estimate, -15.175391, decimals: 6))
        let slope = try Analysis.slope(
            path("alsfrs"), outcome: "alsfrs_r", id: "id", time: "month", columns: arms, sharedBaseline: false,
            method: .satterthwaite)
        #expect(agrees(slope.estimates.last?.estimate, 55.438976, decimals: 6))
        let groups = try Analysis.groups(
            path("ancova"), outcome: "m12", baseline: "base", columns: arms, draws: Resampling(500, seed: 1))
        #expect(groups.estimates.count == 8 && none.count == 0)
    }

    @Test func cafsOfATableIsTheExample() throws {
        let text = """
            code,arm,month,total,death_month
            a,T,0,40,
            a,T,6,38,
            a,T,12,36,
            b,T,0,40,
            b,T,6,36,
            b,T,12,31,
            c,T,0,40,10
            c,T,6,28,
            d,T,0,40,
            d,T,6,37,
            e,SOC,0,40,
            e,SOC,6,35,
            e,SOC,12,29,
            f,SOC,0,40,7.5
            f,SOC,6,26,7.5
            g,SOC,0,40,
            g,SOC,6,37,
            g,SOC,12,34,
            h,SOC,0,40,4
            """
        try write(text) { path in
            let found = try Analysis.cafs(
                path, outcome: "total", id: "code", time: "month", death: "death_month", lastSeen: nil, columns: arms,
                draws: Resampling(1000, seed: 1))
            #expect(found.estimates.map(\.estimate) == [3.375, 5.625, 2.25])
            #expect(abs(found.estimates[2].p! - 16.0 / 70) < 1e-15)
            #expect(found.notes[0].contains("12 pairs won, 3 lost"))
        }
        try write(text + "\nf,SOC,9,20,\n") { path in
            #expect(throws: FileProblem(path, .badData, "line 21, month: f has a value after death")) {
                try Analysis.cafs(
                    path, outcome: "total", id: "code", time: "month", death: "death_month", lastSeen: nil,
                    columns: self.arms, draws: Resampling(1000, seed: 1))
            }
        }
    }

    @Test func respondersAndLots() throws {
        var text = "code,arm,lot,responder,y,x\n"
        for place in 0..<30 {
            let treated = place % 2 == 0
            let responds = treated ? place < 18 : place < 6
            text +=
                "p\(place),\(treated ? "T" : "SOC"),\(treated ? "L\(place % 3)" : ""),\(responds ? "yes" : "No"),"
            text += "\(place * place % 17),\(place % 7)\n"
        }
        try write(text) { path in
            let found = try Analysis.responders(path, outcome: "responder", columns: arms)
            let difference = try #require(found.estimates.first { $0.term == "T − SOC, Newcombe" })
            #expect(agrees(difference.estimate, 0.4, decimals: 12) && agrees(difference.p, 0.0604329414, decimals: 10))
            let sites = try Analysis.sites(path, outcome: "y", baseline: "x", group: "lot", columns: arms)
            // A control has no lot, and no patient is left out for that.
            #expect(sites.estimates[0].term == "mean lot L0, T" && sites.estimates[3].term == "mean lot none, SOC")
            #expect(sites.warnings.count == 2 && sites.warnings[0].contains("patients of one arm only at lot"))
            #expect(sites.warnings[1].contains("lot cannot be in the model"))
        }
    }

    /// One arm gets better while the other gets worse: a percentage of slowing misleads, and it says so.
    @Test func slopesOfDifferentSignsAreSaid() throws {
        var text = "code,arm,month,total\n"
        for patient in 0..<12 {
            for month in 0..<4 {
                let slope = patient % 2 == 0 ? 1.0 + Double(patient) / 20 : -1.0 - Double(patient) / 25
                let noise = Double((patient * 7 + month * 5) % 9) / 10
                let value = 20 + Double(patient) + slope * Double(month) + noise
                text += "p\(patient),\(patient % 2 == 0 ? "T" : "SOC"),\(month),\(value)\n"
            }
        }
        try write(text) { path in
            let found = try Analysis.slope(
                path, outcome: "total", id: "code", time: "month", columns: arms, sharedBaseline: false,
                method: .satterthwaite)
            #expect(found.warnings.contains { $0.contains("the slopes have different signs") }, "\(found.warnings)")
        }
    }

    @Test func pValuesBeyondOneAreNamed() throws {
        try write("name,p\na,0.01\nb,1.2\nc,-0.1\n") { path in
            #expect(throws: FileProblem.self) { try Analysis.adjust(path, p: "p", name: "name") }
        }
        try write("name,p\na,0.01\nb,0.02\n") { path in
            let found = try Analysis.adjust(path, p: "p", name: "name")
            #expect(found.estimates[0].term == "a, holm" && found.estimates[0].p == 0.02)
        }
    }

    @Test func reliabilityAndCorrelationOfTables() throws {
        try write("code,a,b\np,4.9,5.3\nq,6.1,5.8\nr,3.8,4.1\ns,7.2,6.8\nt,,1\n") { path in
            let found = try Analysis.reliability(path, test: "a", retest: "b")
            #expect(found.estimates.map(\.term).contains("ICC(3,1)") && found.warnings.count == 1)
            let correlation = try Analysis.correlation(path, x: "a", y: "b", id: nil, given: [])
            #expect(correlation.estimates.map(\.term) == ["Pearson r", "Spearman ρ"])
        }
    }
}
