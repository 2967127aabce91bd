import Phantoms
import Records
import Testing

@Suite struct TrialPhantomTests {
    @Test func theSameSeedGivesTheSameTables() {
        let (a, b) = (
            TrialPhantom(TrialPhantomSettings(seed: 7)).files, TrialPhantom(TrialPhantomSettings(seed: 7)).files
        )
        #expect(a.map(\.text) == b.map(\.text))
        #expect(a.map(\.text) != TrialPhantom(TrialPhantomSettings(seed: 8)).files.map(\.text))
    }

    /// Items add up to the scores, and none lies outside 0 to 4.
    @Test func itemsAddUpToTheScores() {
        let phantom = TrialPhantom(TrialPhantomSettings(seed: 3))
        var sums: [String: Int] = [:]
        for row in phantom.items.rows {
            let value = Int(row[7])!
            #expect((0...4).contains(value))
            sums["\(row[0]) \(row[1])", default: 0] += value
        }
        for patient in phantom.patients {
            #expect(sums["\(patient.code) 0"] == patient.baseline)
            for visit in 0..<patient.visitsKept {
                #expect(sums["\(patient.code) \(phantom.settings.months[visit])"] == patient.scores[visit])
            }
        }
        #expect(phantom.items.rows.count % 33 == 0)
    }

    /// 30 patients, half in each arm, each site with as many of either; lots in the treated arm only.
    @Test func armsSitesAndLotsAreBalanced() {
        let patients = TrialPhantom(TrialPhantomSettings(seed: 1)).patients
        #expect(patients.count == 30 && patients.count { $0.arm == "GRAFT" } == 15)
        for site in ["A", "B", "C"] {
            #expect(patients.count { $0.site == site && $0.arm == "SOC" } == 5)
            #expect(patients.count { $0.site == site && $0.arm == "GRAFT" } == 5)
        }
        #expect(patients.allSatisfy { ($0.arm == "SOC") == $0.lot.isEmpty })
    }

    /// The mean over many patients is the truth: 20,000 have a standard error of 0.06 points.
    @Test func manyPatientsShowTheEffect() {
        var settings = TrialPhantomSettings(seed: 2)
        settings.patientsPerArm = 10_000
        let patients = TrialPhantom(settings).patients
        func mean(_ arm: String, _ visit: Int) -> Double {
            let changes = patients.filter { $0.arm == arm }.map { Double($0.scores[visit] - $0.baseline) }
            return changes.reduce(0, +) / Double(changes.count)
        }
        for visit in settings.months.indices {
            #expect(abs(mean("GRAFT", visit) - mean("SOC", visit) - settings.effects[visit]) < 0.4)
        }
    }

    /// Few trials at an affordable cost: counts within what chance exceeds once in a thousand. `engraft selftest --trials
    /// 1000` does the same with the issue's own limits.
    @Test(arguments: TrialValidation.Method.allCases)
    func intervalsHoldTheTruth(method: TrialValidation.Method) {
        let trials = method == .ancova ? 1000 : 120
        let bound = 3.3 * (0.05 * 0.95 * Double(trials)).squareRoot()
        let found = TrialValidation.outcomes(method, 0..<UInt64(trials), effect: 1).map { $0! }
        let none = TrialValidation.outcomes(method, 5000..<(5000 + UInt64(trials)), effect: 0).map { $0! }
        #expect(abs(Double(found.count(where: \.covers)) - 0.95 * Double(trials)) < bound)
        #expect(abs(Double(none.count(where: \.isSignificant)) - 0.05 * Double(trials)) < bound)
    }
}
