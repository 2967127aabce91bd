import Outcomes
import PET
import Testing

@Suite struct JointOutcomeTests {
    /// The grid as the specification has it.
    @Test(arguments: [
        (PETClass.up, MotorClass.improved, "concordant"),
        (.up, .none, "graft signal, no motor change (note months since surgery)"),
        (.up, .worse, "discordant: check GID, medication, progression"),
        (.within, .improved, "benefit without PET change: check dLEDD, expectation, PET error limit"),
        (.within, .none, "no detectable change"), (.within, .worse, "progression pattern"),
        (.down, .improved, "discordant: check scan QC"),
        (.down, .none, "possible graft loss: check immunosuppression date"),
        (.down, .worse, "possible graft loss: check immunosuppression date"),
    ])
    func everyCellHasItsSentence(pet: PETClass, motor: MotorClass, sentence: String) {
        #expect(JointOutcome(pet: pet, motor: motor).sentence() == sentence)
    }

    @Test func whereASideIsMissingNothingIsSaid() {
        for motor in MotorClass.allCases { #expect(JointOutcome(pet: .unreadable, motor: motor).sentence() == nil) }
        for pet in PETClass.allCases { #expect(JointOutcome(pet: pet, motor: .missing).sentence() == nil) }
    }

    @Test func monthsSinceSurgeryStandBesideASignalWithoutBenefit() {
        let outcome = JointOutcome(pet: .up, motor: .none)
        #expect(
            outcome.sentence(monthsSinceSurgery: 11.5) == "graft signal, no motor change, 11.5 months since surgery")
    }

    /// Right putamen serves the left side of the body; its own side is the negative control.
    @Test func eachPutamenStandsBesideTheOtherSideOfTheBody() throws {
        func visit(_ left: Double, _ right: Double) -> VisitUptake {
            VisitUptake(
                kind: .sbr,
                regions: [
                    ("putamen-posterior-left", VisitUptake.Value(left)),
                    ("putamen-posterior-right", VisitUptake.Value(right)),
                ])
        }
        let panel = GraftPanel(before: visit(1, 1), after: visit(2, 1), settings: .init())
        let sides = Laterality.sides(panel, motorChange: [.left: -1, .right: -8])
        let left = try #require(sides.first { $0.putamen == .left })
        #expect(left.contralateral == -8 && left.ipsilateral == -1 && abs(left.uptake.percent - 100) < 1e-9)
    }

    @Test func aFallAfterTheEndOfImmunosuppressionIsADecline() throws {
        func visit(_ value: Double) -> VisitUptake {
            VisitUptake(
                kind: .sbr,
                regions: [
                    ("putamen-posterior-left", VisitUptake.Value(value)),
                    ("putamen-posterior-right", VisitUptake.Value(value)),
                ])
        }
        let settings = GraftPanel.Settings(repeatability: Repeatability(wCV: 0.05, source: "test"))
        let visits = [(0.0, 1.0), (12, 1.6), (18, 1.5), (24, 1.0)].map { (months: $0.0, uptake: visit($0.1)) }
        let found = Withdrawal.all(visits, stopMonths: 15, settings: settings)
        #expect(found.map(\.from) == [1, 1] && found.map(\.to) == [2, 3])
        #expect(found.map(\.isDecline) == [false, true])
        #expect(Withdrawal.all(visits, stopMonths: -1, settings: settings).isEmpty)
    }
}
