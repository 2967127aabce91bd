import Records

extension Analysis {
    /// Responders by arm of a table with one row a patient.
    public static func responders(_ path: String, outcome: String, columns: ArmColumns) throws -> Analysis {
        let table = try AnalysisTable.read(path, [(outcome, .yesNo)] + columns.uses)
        let (arm, values) = (try columns.arms(table), table.numbers(outcome))
        let shares = arm.levels.indices.map { level in
            let rows = arm.codes.indices.filter { arm.codes[$0] == level }
            return Proportion(rows.count { values[$0] == 1 }, of: rows.count)
        }
        var result = Analysis(
            method: "responders: \(outcome) by \(columns.arm); Wilson, Clopper-Pearson, Newcombe, Fisher", estimates: []
        )
        result.warnings = table.leftOutWarnings
        for level in arm.levels.indices {
            let (name, share) = (arm.levels[level], shares[level])
            result.estimates.append(Estimate("\(name), Wilson", share.share, interval95: share.wilson()))
            result.estimates.append(
                Estimate("\(name), Clopper-Pearson", share.share, interval95: share.clopperPearson()))
            result.notes.append(
                "\(name): \(share.successes) of \(share.total); at most \(fixed(100 * share.upperBound(), 1)) %, one-sided 95 %"
            )
        }
        for level in arm.levels.indices.dropFirst() {
            let name = "\(arm.levels[level]) − \(arm.levels[0])"
            let (difference, interval) = Proportion.difference(shares[level], minus: shares[0])
            let exact = FisherExact(shares[level], shares[0])
            result.estimates.append(Estimate("\(name), Newcombe", difference, p: exact.p, interval95: interval))
            result.estimates.append(
                Estimate(
                    "odds ratio \(arm.levels[level]) : \(arm.levels[0]), conditional", exact.conditionalOddsRatio,
                    p: exact.p,
                    interval95: exact.interval95))
        }
        result.notes.append("p is Fisher's, two-sided")
        return result
    }

    /// p values of a table, adjusted for their number.
    public static func adjust(_ path: String, p: String, name: String) throws -> Analysis {
        let table = try AnalysisTable.read(path, [(name, .text), (p, .number)])
        let values = table.numbers(p)
        var problems = TableProblems()
        for (row, value) in values.enumerated() where !(0...1).contains(value) {
            problems.add(table.lines[row], p, "\(value) is no p value; it lies between 0 and 1")
        }
        try problems.throwIfAny(path)
        var result = Analysis(
            method: "\(values.count) p values adjusted for their number: Holm, Hochberg, Benjamini-Hochberg",
            estimates: [])
        for method in [Multiplicity.holm, .hochberg, .benjaminiHochberg, .bonferroni] {
            for (row, adjusted) in method.adjusted(values).enumerated() {
                result.estimates.append(
                    Estimate("\(table.texts(name)[row]), \(method.rawValue)", values[row], p: adjusted))
            }
        }
        result.notes = [
            "estimate is the p given, p the adjusted one",
            "Hochberg asks for tests that are independent or positively dependent; bh holds the share of false findings",
        ]
        return result
    }

    /// Two measurements of a table: over patients, or within patients where there is an id.
    public static func correlation(
        _ path: String, x: String, y: String, id: String?, given: [String]
    ) throws -> Analysis {
        let table = try AnalysisTable.read(
            path,
            [(x, .numberOrLeaveOut), (y, .numberOrLeaveOut)] + (id.map { [($0, .text)] } ?? [])
                + given.map { ($0, .number) })
        let (a, b) = (table.numbers(x), table.numbers(y))
        let subject: Factor?
        if let id { subject = try table.factor(id) } else { subject = nil }
        return try naming(table) { () throws(StatisticsProblem) in
            var result = Analysis(method: "correlation of \(x) and \(y)", estimates: [])
            result.warnings = table.leftOutWarnings
            if let subject {
                let (line, slope) = try Correlation.repeatedMeasures(a, b, subject: subject)
                result.method += " within patients [BakdashMarusich2017]"
                result.estimates = [line]
                result.notes = [
                    "\(table.count) rows of \(subject.levels.count) patients; slope within patients "
                        + "\(significant(slope, 6)) \(y) per \(x)"
                ]
                return result
            }
            result.estimates = [try Correlation.pearson(a, b), try Correlation.spearman(a, b)]
            if !given.isEmpty {
                let columns = given.map { Design.Column($0, table.numbers($0)) }
                var line = try Correlation.partial(a, b, given: columns)
                line.term += " given \(given.joined(separator: ", "))"
                result.estimates.append(line)
            }
            result.notes = ["\(table.count) patients; pooling arms inflates a correlation by the arms' difference"]
            return result
        }
    }

    /// Test and retest of a table with one row a patient.
    public static func reliability(_ path: String, test: String, retest: String) throws -> Analysis {
        let table = try AnalysisTable.read(path, [(test, .numberOrLeaveOut), (retest, .numberOrLeaveOut)])
        return try naming(table) { () throws(StatisticsProblem) in
            let found = try Reliability(test: table.numbers(test), retest: table.numbers(retest))
            let factors = found.withinSDFactors
            var result = Analysis(
                method: "reliability of \(test) and \(retest)",
                estimates: [
                    Estimate(
                        "within-patient SD", found.withinSD,
                        interval95: factors.map { Interval(found.withinSD * $0.low, found.withinSD * $0.high) }),
                    Estimate("repeatability coefficient", found.repeatabilityCoefficient),
                    Estimate("bias, limits of agreement", found.bias, interval95: found.limitsOfAgreement),
                ])
            if let wCV = found.wCV, let log = found.withinSDOfLog, let absolute = found.absoluteVariabilityPercent {
                result.estimates += [
                    Estimate("wCV", wCV), Estimate("within-patient SD of ln", log),
                    Estimate("mean absolute variability, %", absolute),
                ]
            } else {
                result.warnings.append("a value is not positive: no wCV and nothing on the log scale")
            }
            result.estimates += [
                Estimate("ICC(1,1)", found.icc11), Estimate("ICC(2,1)", found.icc21),
                Estimate("ICC(3,1)", found.icc31, interval95: found.icc31Interval95),
                Estimate("Lin's concordance", found.concordance),
            ]
            result.warnings += table.leftOutWarnings
            result.notes = [
                "\(found.count) patients; the interval beside the bias is that of single differences, not of the bias"
            ]
            return result
        }
    }

    /// Sites or product lots of a table with one row a patient: what was seen in each, and the arm's effect with and
    /// without them in the model.
    public static func sites(
        _ path: String, outcome: String, baseline: String?, group: String, columns: ArmColumns
    ) throws -> Analysis {
        let table = try AnalysisTable.read(
            path,
            [(outcome, .numberOrLeaveOut), (group, .textOrNone)] + (baseline.map { [($0, .number)] } ?? [])
                + columns.uses)
        let (arm, sites, values) = (try columns.arms(table), try table.factor(group), table.numbers(outcome))
        let covariates =
            (baseline.map { [Design.Column($0, table.numbers($0))] } ?? []) + (try columns.columns(table))
        return try naming(table) { () throws(StatisticsProblem) in
            let seen = GroupTable(outcome: values, arm: arm, group: sites)
            var result = Analysis(method: "\(outcome) by \(group) and \(columns.arm)", estimates: [])
            result.warnings = table.leftOutWarnings
            for cell in seen.cells {
                let n = Double(cell.summary.count)
                result.estimates.append(
                    cell.summary.count > 1
                        ? Estimate(
                            "mean \(group) \(cell.group), \(cell.arm)", cell.summary.mean,
                            standardError: cell.summary.standardDeviation / n.squareRoot(), t: n - 1)
                        : Estimate("mean \(group) \(cell.group), \(cell.arm)", cell.summary.mean))
            }
            if !seen.singleArmGroups.isEmpty {
                result.warnings.append(
                    "patients of one arm only at \(group) \(seen.singleArmGroups.joined(separator: ", ")): they say "
                        + "nothing of the arm once \(group) is in the model")
            }
            let plain = try ANCOVA(outcome: values, arm: arm, covariates: covariates)
            result.estimates += plain.differences.map { line in
                var line = line
                line.term += ", without \(group)"
                return line
            }
            do throws(StatisticsProblem) {
                let fit = try ANCOVA(outcome: values, arm: arm, covariates: covariates, factors: [sites])
                result.estimates += fit.differences.map { line in
                    var line = line
                    line.term += ", adjusted for \(group)"
                    return line
                }
                let places = sites.levels.indices.dropFirst().map { covariates.count + $0 }
                let test = try fit.model.test(of: places)
                result.estimates.append(
                    Estimate(
                        "\(group), all levels", .nan, degreesOfFreedom: Double(fit.model.degreesOfFreedom),
                        statistic: test.f, p: test.p))
                result.notes.append("the statistic of \(group) is F with \(test.numerator) degrees of freedom above")
            } catch {
                result.warnings.append("\(group) cannot be in the model: \(error)")
            }
            result.details = [
                .init(
                    "cells",
                    .array(
                        seen.cells.map { cell in
                            [
                                "group": .string(cell.group), "arm": .string(cell.arm),
                                "patients": .integer(cell.summary.count), "mean": .number(cell.summary.mean),
                                "sd": .number(cell.summary.standardDeviation), "median": .number(cell.median),
                            ]
                        }))
            ]
            return result
        }
    }

    /// The power of a two-arm trial, by the noncentral t and by simulation.
    public static func power(_ trial: TrialPower, wanted: Double, simulation: Resampling) -> Analysis {
        var plain = trial
        plain.countsImbalance = false
        var result = Analysis(
            method: "power of an ANCOVA: difference \(significant(trial.difference, 6)), SD "
                + "\(significant(trial.standardDeviation, 6)), correlation with baseline \(significant(trial.correlation, 4)), "
                + "\(trial.patients.treated) + \(trial.patients.control) patients, alpha \(significant(trial.alpha, 4))",
            estimates: [
                Estimate("power, noncentral t", trial.power, degreesOfFreedom: trial.degreesOfFreedom),
                Estimate("without chance imbalance", plain.power, degreesOfFreedom: trial.degreesOfFreedom),
            ])
        if simulation.count > 0 {
            let found = trial.simulated(trials: simulation.count, seed: simulation.seed)
            result.estimates.append(Estimate("simulated", found.power, standardError: found.standardError))
            result.notes.append("\(simulation.count) simulated trials, seed \(simulation.seed)")
            if abs(found.power - trial.power) > 3 * found.standardError {
                result.warnings.append("simulation and closed form differ by more than three standard errors")
            }
        }
        let needed = trial.patientsPerArm(power: wanted)
        result.notes.append(
            needed.map { "\(significant(100 * wanted, 4)) % power takes \($0) patients in each of two equal arms" }
                ?? "no number of patients up to 100,000 per arm gives \(significant(100 * wanted, 4)) % power")
        result.details = [.init("patients_per_arm", JSONValue(needed))]
        return result
    }
}
