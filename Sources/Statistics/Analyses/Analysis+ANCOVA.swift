import Records

extension Analysis {
    /// ANCOVA of a table with one row a patient.
    ///
    /// - Parameters:
    ///   - change: analyse outcome less baseline.
    ///   - permutations: Freedman and Lane's p of each arm.
    ///   - bootstrap: BCa intervals of each arm, patients drawn within arms.
    public static func ancova(
        _ path: String, outcome: String, baseline: String, columns: ArmColumns, change: Bool,
        permutations: Resampling, bootstrap: Resampling
    ) throws -> Analysis {
        let table = try AnalysisTable.read(
            path, [(outcome, .numberOrLeaveOut), (baseline, .number)] + columns.uses)
        let (arm, base) = (try columns.arms(table), table.numbers(baseline))
        let values = zip(table.numbers(outcome), base).map { change ? $0 - $1 : $0 }
        let covariates = [Design.Column(baseline, base)] + (try columns.columns(table))
        return try naming(table) { () throws(StatisticsProblem) in
            let fit = try ANCOVA(outcome: values, arm: arm, covariates: covariates)
            var result = Analysis(
                method: "ANCOVA of \(change ? "\(outcome) − \(baseline)" : outcome) by \(columns.arm), adjusted for "
                    + (covariates.map(\.name)).joined(separator: ", "),
                estimates: fit.differences + fit.robustDifferences + fit.leastSquaresMeans + fit.covariateEffects)
            result.warnings = table.leftOutWarnings
            let interaction = try? fit.interaction(with: 0)
            result.notes = [
                "\(table.count) patients: "
                    + arm.levels.indices.map { "\(arm.count(of: $0)) \(arm.levels[$0])" }.joined(separator: ", "),
                "residual SD \(significant(fit.model.sigma, 6)); R² \(fixed(fit.model.rSquared, 3)); "
                    + "\(columns.arm) × \(baseline): p \(fixed(interaction?.p, 4))",
                "LS means at the mean of every covariate over all patients",
            ]
            result.details = [
                .init("patients", .integer(table.count)), .init("residual_sd", .number(fit.model.sigma)),
                .init("r_squared", .number(fit.model.rSquared)), .init("interaction_p", JSONValue(interaction?.p)),
            ]
            try result.addEffectSizes(values, arm)
            try result.addPermutations(fit, permutations)
            try result.addBootstrap(values, arm, covariates, bootstrap)
            return result
        }
    }

    /// Hedges' g of each arm, without covariates.
    private mutating func addEffectSizes(_ values: [Double], _ arm: Factor) throws(StatisticsProblem) {
        for level in arm.levels.indices.dropFirst() where arm.count(of: level) > 1 && arm.count(of: 0) > 1 {
            let size = try EffectSize(
                values.indices.filter { arm.codes[$0] == level }.map { values[$0] },
                minus: values.indices.filter { arm.codes[$0] == 0 }.map { values[$0] })
            let scaled = size.interval95.map { Interval($0.low * size.correction, $0.high * size.correction) }
            estimates.append(
                Estimate(
                    "Hedges' g, \(arm.levels[level]) − \(arm.levels[0]), unadjusted", size.hedgesG, interval95: scaled))
        }
    }

    private mutating func addPermutations(_ fit: ANCOVA, _ draws: Resampling) throws(StatisticsProblem) {
        guard draws.count > 0 else { return }
        for (place, line) in fit.differences.enumerated() {
            let test = try PermutationTest(
                of: fit.column(ofArm: place + 1), in: fit.model, resamples: draws.count, seed: draws.seed)
            estimates.append(
                Estimate("\(line.term), permutation", line.estimate, statistic: line.statistic, p: test.p))
            notes.append(
                test.isExact
                    ? "permutation: all \(test.total) orders of the residuals"
                    : "permutation [FreedmanLane1983]: \(test.total) orders, seed \(draws.seed); p ± "
                        + "\(significant(test.standardError, 2)) by chance")
            if let p = line.p, abs(test.p - p) > max(4 * test.standardError, 0.02) {
                warnings.append(
                    "\(line.term): p \(fixed(p, 4)) by t and \(fixed(test.p, 4)) by permutation do not agree")
            }
        }
    }

    private mutating func addBootstrap(
        _ values: [Double], _ arm: Factor, _ covariates: [Design.Column], _ draws: Resampling
    ) throws(StatisticsProblem) {
        guard draws.count > 0 else { return }
        for level in arm.levels.indices.dropFirst() {
            let found = try Bootstrap(strata: arm.codes, resamples: draws.count, seed: draws.seed) { chosen in
                let picked = covariates.map { column in Design.Column(column.name, chosen.map { column.values[$0] }) }
                let fit = try? ANCOVA(outcome: chosen.map { values[$0] }, arm: arm.rows(chosen), covariates: picked)
                return fit?.differences[level - 1].estimate
            }
            estimates.append(
                Estimate(
                    "\(arm.levels[level]) − \(arm.levels[0]), bootstrap BCa", found.estimate,
                    standardError: found.standardError, interval95: found.bca95))
            notes.append(
                "bootstrap BCa [Efron1987]: \(found.used) samples within arms, seed \(draws.seed), z0 "
                    + "\(significant(found.z0, 3)), acceleration \(significant(found.acceleration, 3))"
                    + (found.failed > 0 ? "; \(found.failed) samples had no estimate" : ""))
        }
    }

    /// Two groups without covariates: t, Welch, ranks, effect size, permutation.
    public static func groups(
        _ path: String, outcome: String, baseline: String?, columns: ArmColumns, draws: Resampling
    ) throws -> Analysis {
        let table = try AnalysisTable.read(
            path, [(outcome, .numberOrLeaveOut)] + (baseline.map { [($0, .number)] } ?? []) + columns.uses)
        let (arm, values) = (try columns.arms(table), table.numbers(outcome))
        func of(_ level: Int) -> [Double] { values.indices.filter { arm.codes[$0] == level }.map { values[$0] } }
        return try naming(table) { () throws(StatisticsProblem) in
            var result = Analysis(method: "groups: \(outcome) by \(columns.arm)", estimates: [])
            result.warnings = table.leftOutWarnings
            for level in arm.levels.indices.dropFirst() {
                let (group, reference, name) = (of(level), of(0), "\(arm.levels[level]) − \(arm.levels[0])")
                for line in [
                    try TTest.pooled(group, minus: reference), try TTest.welch(group, minus: reference),
                ] {
                    var line = line
                    line.term = "\(name), \(line.term.split(separator: " ").dropFirst().joined(separator: " "))"
                    result.estimates.append(line)
                }
                let size = try EffectSize(group, minus: reference)
                result.estimates.append(Estimate("\(name), Cohen's d", size.cohenD, interval95: size.interval95))
                result.estimates.append(Estimate("\(name), Hedges' g", size.hedgesG))
                let ranks = try RankSumTest(group, against: reference)
                result.estimates.append(
                    Estimate(
                        "\(name), chance to lie above, rank sum", ranks.superiority, statistic: ranks.u, p: ranks.p))
                if let exact = ranks.exactP {
                    result.estimates.append(
                        Estimate("\(name), rank sum exact", ranks.superiority, statistic: ranks.u, p: exact))
                }
                let test = try PermutationTest(group, against: reference, resamples: draws.count, seed: draws.seed)
                result.estimates.append(
                    Estimate("\(name), permutation", Summary(group).mean - Summary(reference).mean, p: test.p))
                result.notes.append(
                    "permutation of \(name): \(test.isExact ? "all" : "a random") \(test.total) groups"
                        + (test.isExact ? "" : ", seed \(draws.seed)"))
            }
            if let baseline {
                let ranked = try RankANCOVA(
                    outcome: values, arm: arm, covariates: [Design.Column(baseline, table.numbers(baseline))])
                result.estimates.append(
                    Estimate(
                        "rank ANCOVA, given \(baseline)", ranked.meanResiduals[1] - ranked.meanResiduals[0],
                        degreesOfFreedom: Double(ranked.denominator), statistic: ranked.f, p: ranked.p))
            }
            return result
        }
    }
}
