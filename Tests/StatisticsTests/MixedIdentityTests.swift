import Statistics
import Testing

/// What must hold for all data, without any reference.
@Suite struct MixedIdentityTests {
    /// A seeded trial with five visits; every `dropping`-th patient misses the later ones.
    static func trial(seed: UInt64, patients: Int = 24, dropping: Int = 5) -> MMRM.Rows {
        var random = RandomSource(seed: seed)
        var (outcome, base): ([Double], [Double]) = ([], [])
        var (id, arm, visit): ([String], [String], [String]) = ([], [], [])
        for patient in 0..<patients {
            let (x, level) = (random.gaussian(), random.gaussian() * 2)
            for time in 0..<5 {
                let y = level + x + Double(time) * (patient % 2 == 0 ? 0.5 : 0) + random.gaussian()
                if patient % dropping == 0, time > 2 { continue }
                outcome.append(y)
                base.append(x)
                id.append("p\(patient)")
                arm.append(patient % 2 == 0 ? "new" : "old")
                visit.append("\(time)")
            }
        }
        return MMRM.Rows(
            outcome: outcome, subject: Factor("id", id)!, arm: Factor("arm", arm, reference: "old")!,
            visit: Factor("visit", visit)!, baseline: Design.Column("baseline", base))
    }

    /// A fit that ends has no slope left, whatever the structure: its derivatives are right.
    @Test(arguments: CovarianceStructure.allCases)
    func everyStructureConvergesOrSaysWhy(structure: CovarianceStructure) throws {
        for seed in 0..<6 {
            let fit = try MMRM(Self.trial(seed: UInt64(seed)), structures: [structure])
            #expect(abs(fit.model.remainingDeviance) < 1e-8)
            let g = fit.model.randomCovariance
            #expect(g == g.transposed)
            for line in try fit.differences() {
                #expect(line.degreesOfFreedom! > 2 && line.degreesOfFreedom! < 120)
                #expect(line.interval95!.contains(line.estimate))
            }
        }
    }

    /// A structure that is a special case of another fits no better.
    @Test func aRicherStructureFitsAtLeastAsWell() throws {
        for seed in 10..<14 {
            let rows = Self.trial(seed: UInt64(seed))
            func deviance(_ s: CovarianceStructure) throws -> Double { try MMRM(rows, structures: [s]).model.deviance }
            let (un, toeplitz) = (try deviance(.unstructured), try deviance(.toeplitz))
            #expect(un <= toeplitz + 1e-8)
            #expect(try toeplitz <= deviance(.autoregressive) + 1e-8)
            #expect(try toeplitz <= deviance(.compoundSymmetry) + 1e-8)
        }
    }

    /// Another unit of the outcome scales estimates and errors and leaves t, p and degrees of freedom.
    @Test(arguments: DegreesOfFreedomMethod.allCases)
    func theUnitOfTheOutcomeDoesNotMatter(method: DegreesOfFreedomMethod) throws {
        var rows = Self.trial(seed: 3)
        let first = try MMRM(rows, method: method).differences()
        rows.outcome = rows.outcome.map { $0 * 1000 }
        rows.baseline.values = rows.baseline.values.map { $0 * 0.01 }
        for (a, b) in zip(first, try MMRM(rows, method: method).differences()) {
            #expect(abs(b.estimate / 1000 - a.estimate) < 1e-8 && abs(b.statistic! - a.statistic!) < 1e-6)
            #expect(abs(b.degreesOfFreedom! - a.degreesOfFreedom!) < 1e-3)
        }
    }

    /// The order of the rows does not matter beyond rounding.
    @Test func theOrderOfTheRowsDoesNotMatter() throws {
        let rows = Self.trial(seed: 4)
        let order = Array(rows.outcome.indices.reversed())
        let turned = MMRM.Rows(
            outcome: order.map { rows.outcome[$0] }, subject: rows.subject.rows(order), arm: rows.arm.rows(order),
            visit: rows.visit.rows(order),
            baseline: Design.Column("baseline", order.map { rows.baseline.values[$0] }))
        for (a, b) in zip(try MMRM(rows).differences(), try MMRM(turned).differences()) {
            #expect(abs(a.estimate - b.estimate) < 1e-8 && abs(a.standardError! - b.standardError!) < 1e-8)
        }
    }

    /// Three patients at the last visit cannot carry its covariances: the fit falls back and says from what.
    @Test func tooFewAtAVisitFallsBackByName() throws {
        let rows = Self.trial(seed: 5, patients: 14, dropping: 1)
        // `dropping: 1` leaves three visits; keep the third for three patients only.
        let kept = rows.outcome.indices.filter { rows.visit.codes[$0] < 2 || rows.subject.codes[$0] < 5 }
        let few = MMRM.Rows(
            outcome: kept.map { rows.outcome[$0] }, subject: rows.subject.rows(kept), arm: rows.arm.rows(kept),
            visit: rows.visit.rows(kept), baseline: Design.Column("baseline", kept.map { rows.baseline.values[$0] }))
        do {
            let fit = try MMRM(few)
            #expect(fit.model.structure == .unstructured || !fit.fallbacks.isEmpty)
            for reason in fit.fallbacks { #expect(reason.contains("covariance")) }
        } catch { #expect("\(error)".contains("covariance")) }
    }

    /// Straight lines without noise between patients: no slope of their own, and it says so.
    @Test func slopesThatDoNotDifferFallBackToIntercepts() throws {
        var random = RandomSource(seed: 9)
        var (y, t, id, arm): ([Double], [Double], [String], [String]) = ([], [], [], [])
        for patient in 0..<12 {
            let level = random.gaussian() * 5
            for month in 0..<5 {
                // Residuals that alternate leave each patient's slope below what chance would give.
                y.append(level - Double(month) + (month % 2 == 0 ? 0.5 : -0.5))
                t.append(Double(month))
                id.append("p\(patient)")
                arm.append(patient % 2 == 0 ? "a" : "b")
            }
        }
        let fit = try SlopeModel(
            .init(outcome: y, time: t, subject: Factor("id", id)!, arm: Factor("arm", arm)!))
        #expect(fit.fallback?.contains("random slopes") == true && fit.patientSlopes == nil)
        #expect(abs(try fit.slope(ofArm: 0).estimate + 1) < 1e-9)
    }

    @Test func aPatientTwiceAtAVisitIsNamed() {
        var rows = Self.trial(seed: 1)
        rows.visit = Factor("visit", rows.visit.codes.map { "\(max(1, $0))" })!
        #expect(throws: StatisticsProblem.impossible("p0 has two rows at visit 1")) { try MMRM(rows) }
    }

    @Test func patientsWithOneVisitEachAreNoMMRM() {
        let rows = Self.trial(seed: 1)
        let first = rows.outcome.indices.filter { rows.visit.codes[$0] == rows.subject.codes[$0] % 3 }
        let one = MMRM.Rows(
            outcome: first.map { rows.outcome[$0] }, subject: rows.subject.rows(first), arm: rows.arm.rows(first),
            visit: rows.visit.rows(first), baseline: Design.Column("baseline", first.map { rows.baseline.values[$0] }))
        #expect(
            throws: StatisticsProblem.impossible(
                "no patient has more than one visit: there is nothing to be correlated")
        ) { try MMRM(one) }
    }

    /// The slope of the reference is near 0: no percentage.
    @Test func fiellersIntervalMayNotExist() {
        let open = RelativeSlowing(
            reference: 0.1, treated: 0.05, varianceOfReference: 0.04, varianceOfTreated: 0.04, covariance: 0)
        #expect(open.interval95 == nil && open.percent == 50)
    }
}
