import Records
import Statistics
import Testing

@Suite(.enabled(if: Clinical.isPresent)) struct SlopeModelTests {
    /// lme4 1.1-31, lmerTest 3.1-3, pbkrtest 0.5-2; nlme and a fit from scratch in Python agree.
    @Test func theALSReferenceIsReproduced() throws {
        let fit = try SlopeModel(Clinical.als())
        let truth = try #require(Clinical.expected()["als_mixed"])
        func value(_ key: String) -> Double { truth[key]!.double! }
        #expect(fit.fallback == nil)
        let (reference, difference) = (try fit.slope(ofArm: 0), try fit.differences()[0])
        #expect(agrees(reference.estimate, value("month"), decimals: 8))
        #expect(agrees(difference.estimate, value("month_arm"), decimals: 8))
        #expect(agrees(difference.standardError, value("se"), decimals: 7))
        #expect(agrees(difference.degreesOfFreedom, value("df_satt"), decimals: 4))
        #expect(agrees(difference.p, value("p_satt"), decimals: 6))
        #expect(agrees(fit.model.deviance, value("deviance"), decimals: 8))
        #expect(agrees(try fit.model.estimate("", fit.model.contrast(0)).degreesOfFreedom, 22.0041, decimals: 4))
        // lme4's variances, to the 1e-5 at which its search ends.
        let g = fit.model.randomCovariance
        for (found, theirs) in [
            (g[0, 0], 12.513608996677535), (g[1, 1], 0.237827449905379), (g[1, 0], -0.514923297968766),
            (fit.model.residualVariance!, 0.855931482540267),
        ] { #expect(abs(found / theirs - 1) < 1e-5) }
        let slopes = try #require(fit.patientSlopes)
        for (name, slope) in [("A01", -0.0251404168), ("A02", -0.3942210110), ("A06", -1.4068510720)] {
            #expect(agrees(slopes.first { $0.patient == name }?.slope, slope, decimals: 5))
        }
        #expect(abs(fit.model.remainingDeviance) < 1e-9)
    }

    @Test func kenwardAndRogerAreReproduced() throws {
        let line = try SlopeModel(Clinical.als(), method: .kenwardRoger).differences()[0]
        #expect(agrees(line.standardError, 0.2130801896, decimals: 7))
        #expect(agrees(line.degreesOfFreedom, 21.9379, decimals: 3) && agrees(line.p, 0.006305, decimals: 6))
        let shared = try SlopeModel(Clinical.als(), sharedBaseline: true, method: .kenwardRoger).differences()[0]
        #expect(agrees(shared.estimate, 0.6638377617, decimals: 7))
        #expect(agrees(shared.standardError, 0.2103851525, decimals: 6))
        #expect(agrees(shared.degreesOfFreedom, 21.9414, decimals: 3) && agrees(shared.p, 0.004600, decimals: 6))
    }

    @Test func aSharedBaselineIsReproduced() throws {
        let fit = try SlopeModel(Clinical.als(), sharedBaseline: true)
        let line = try fit.differences()[0]
        #expect(
            agrees(line.standardError, 0.2013682906, decimals: 7) && agrees(fit.model.deviance, 597.789097, decimals: 6)
        )
        #expect(agrees(line.degreesOfFreedom, 22.1972, decimals: 3))
    }

    /// R 4.2.2: `polyroot` for Fieller's quadratic, the delta method by hand.
    @Test func relativeSlowingHasFiellersInterval() throws {
        let slowing = try SlopeModel(Clinical.als()).slowing(ofArm: 1)
        let truth = try #require(Clinical.expected()["als_mixed"])
        #expect(agrees(slowing.percent, truth["slowing_pct"]!.double!, decimals: 6))
        #expect(agrees(slowing.interval95?.low, truth["fieller_pct"]![0]!.double!, decimals: 4))
        #expect(agrees(slowing.interval95?.high, truth["fieller_pct"]![1]!.double!, decimals: 4))
        #expect(agrees(slowing.deltaError, 14.205222, decimals: 4))
        #expect(agrees(slowing.deltaInterval95.low, 27.5973, decimals: 3))
        #expect(agrees(slowing.deltaInterval95.high, 83.2807, decimals: 3))
    }

    /// R 4.2.2: least-squares slopes of patients and the pooled t of both arms.
    @Test func twoStagesAreReproduced() throws {
        let rows = try Clinical.als()
        let slopes = PatientLines.slopes(outcome: rows.outcome, time: rows.time, subject: rows.subject)
        for (name, slope) in [("A01", 0.0357142857), ("A02", -0.2857142857), ("A06", -1.5), ("A17", -0.5)] {
            #expect(agrees(slopes[rows.subject.levels.firstIndex(of: name)!], slope, decimals: 10))
        }
        var arms = [Int](repeating: 0, count: slopes.count)
        for (row, code) in rows.subject.codes.enumerated() { arms[code] = rows.arm.codes[row] }
        func of(_ arm: Int) -> [Double] { slopes.indices.filter { arms[$0] == arm }.map { slopes[$0]! } }
        let test = try TTest.pooled(of(1), minus: of(0))
        #expect(agrees(test.estimate, 0.6488095238, decimals: 10) && agrees(test.statistic, 3.07884590, decimals: 8))
        #expect(agrees(test.p, 0.00548977, decimals: 8) && test.degreesOfFreedom == 22)
    }
}

@Suite(.enabled(if: Clinical.isPresent)) struct MMRMTests {
    /// nlme 3.1-162 for estimates; degrees of freedom from a fit from scratch in Python that agrees with lmerTest.
    @Test(arguments: ["complete", "missing"])
    func theReferenceIsReproduced(name: String) throws {
        let fit = try MMRM(Clinical.visits("mmrm_\(name)"))
        let truth = try #require(Clinical.expected()["mmrm_\(name)"])
        let digits = name == "complete" ? 8 : 6
        #expect(fit.fallbacks.isEmpty && fit.model.structure == .unstructured)
        for (place, line) in try fit.differences().enumerated() {
            #expect(agrees(line.estimate, truth["diff"]![place]!.double!, decimals: digits))
            #expect(agrees(line.standardError, truth["se"]![place]!.double!, decimals: digits))
            #expect(agrees(line.degreesOfFreedom, truth["df"]![place]!.double!, decimals: 3))
        }
        #expect(agrees(fit.model.logLikelihood, truth["loglik"]!.double!, decimals: 8))
        #expect(abs(fit.model.remainingDeviance) < 1e-9)
    }

    /// nlme's covariance of the visits, printed with five decimals; its search ends at about 1e-6 of the deviance.
    @Test func theVisitsVaryAsInNlme() throws {
        let g = try MMRM(Clinical.visits("mmrm_missing")).model.randomCovariance
        let theirs = [
            [16.44531, 7.71819, 4.60125, 4.85371], [7.71819, 20.25142, 3.86798, 7.68208],
            [4.60125, 3.86798, 18.00075, 5.71578], [4.85371, 7.68208, 5.71578, 20.22522],
        ]
        for a in 0..<4 { for b in 0..<4 { #expect(abs(g[a, b] - theirs[a][b]) < 2e-3) } }
    }

    /// With complete data the likelihood splits: each visit's difference is that of its own ANCOVA, with N − 3 degrees of
    /// freedom, by either method.
    @Test(arguments: DegreesOfFreedomMethod.allCases)
    func completeDataGiveTheANCOVAOfEachVisit(method: DegreesOfFreedomMethod) throws {
        let rows = try Clinical.visits("mmrm_complete")
        let lines = try MMRM(rows, method: method).differences()
        for (visit, line) in lines.enumerated() {
            let chosen = rows.outcome.indices.filter { rows.visit.codes[$0] == visit }
            let ancova = try ANCOVA(
                outcome: chosen.map { rows.outcome[$0] }, arm: rows.arm.rows(chosen),
                covariates: [Design.Column("baseline", chosen.map { rows.baseline.values[$0] })]
            ).differences[0]
            #expect(abs(line.estimate - ancova.estimate) < 1e-10)
            #expect(abs(line.standardError! - ancova.standardError!) < 1e-8)
            #expect(abs(line.degreesOfFreedom! - ancova.degreesOfFreedom!) < 1e-5)
        }
    }

    /// lme4, lmerTest and pbkrtest: the same fixed effects with one random intercept.
    @Test func compoundSymmetryByBothMethods() throws {
        let rows = try Clinical.visits("mmrm_missing")
        let visits = rows.visit.levels.indices.map { v in
            Design.Column("visit \(v)", rows.visit.codes.map { $0 == v ? 1 : 0 })
        }
        let arm = rows.arm.indicators[0]
        let columns = visits + visits.map { $0 * arm } + visits.map { $0 * rows.baseline }
        let design = Design(columns, rows: rows.outcome.count, intercept: false)
        let ones = Design.Column("intercept", [Double](repeating: 1, count: rows.outcome.count))
        let fit = try MixedModel(
            outcome: rows.outcome, design: design, subject: rows.subject, random: [ones], structure: .unstructured,
            residual: true)
        #expect(agrees(fit.deviance, 599.13915124, decimals: 7))
        #expect(abs(fit.randomCovariance[0, 0] / 5.64615899 - 1) < 1e-5)
        #expect(abs(fit.residualVariance! / 12.95367815 - 1) < 1e-5)
        let theirs: [(DegreesOfFreedomMethod, [(Double, Double, Double)])] = [
            (
                .satterthwaite,
                [
                    (-1.81367627, 1.62000055, 77.9921), (-7.71420288, 1.65684764, 79.8862),
                    (-10.76955223, 1.68070799, 80.9186), (-15.06382853, 1.74059532, 84.0907),
                ]
            ),
            (
                .kenwardRoger,
                [
                    (-1.81367627, 1.62000055, 77.5019), (-7.71420288, 1.65773271, 79.4339),
                    (-10.76955223, 1.68228855, 80.4879), (-15.06382853, 1.74340614, 83.7310),
                ]
            ),
        ]
        for (method, lines) in theirs {
            for (visit, (estimate, error, df)) in lines.enumerated() {
                let line = try fit.estimate("", fit.contrast(4 + visit), method: method)
                #expect(agrees(line.estimate, estimate, decimals: 6) && agrees(line.standardError, error, decimals: 6))
                #expect(abs(line.degreesOfFreedom! - df) < 2e-3, "\(method) \(visit) \(line)")
            }
        }
    }
}
