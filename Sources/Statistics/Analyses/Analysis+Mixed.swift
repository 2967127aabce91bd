import Records

extension Analysis {
    /// MMRM of a table with one row a patient and visit.
    public static func mmrm(
        _ path: String, outcome: String, baseline: String, id: String, visit: String, columns: ArmColumns,
        change: Bool, structures: [CovarianceStructure], method: DegreesOfFreedomMethod
    ) throws -> Analysis {
        let table = try AnalysisTable.read(
            path,
            [(id, .text), (visit, .text), (outcome, .numberOrLeaveOut), (baseline, .number)] + columns.uses)
        try table.require(
            constant: [columns.arm, baseline] + columns.covariates + columns.factors, once: visit, within: id)
        let base = table.numbers(baseline)
        let rows = MMRM.Rows(
            outcome: zip(table.numbers(outcome), base).map { change ? $0 - $1 : $0 }, subject: try table.factor(id),
            arm: try columns.arms(table), visit: try table.factor(visit), baseline: Design.Column(baseline, base),
            covariates: try columns.columns(table))
        return try naming(table) { () throws(StatisticsProblem) in
            let fit = try MMRM(rows, structures: structures, method: method)
            var result = Analysis(
                method:
                    "MMRM of \(change ? "\(outcome) − \(baseline)" : outcome): \(visit) × \(columns.arm) + \(visit) × "
                    + "\(baseline)" + rows.covariates.map { " + \($0.name)" }.joined()
                    + "; \(fit.model.structure.name) covariance, REML, \(method.name)",
                estimates: try fit.differences() + fit.leastSquaresMeans())
            result.warnings = table.leftOutWarnings
            for reason in fit.fallbacks { result.warnings.append("\(reason); the next structure was taken") }
            result.notes = [
                "\(fit.model.patients) patients, \(table.count) rows: "
                    + rows.visit.levels.indices.map { place in
                        "\(rows.visit.count(of: place)) at \(visit) \(rows.visit.levels[place])"
                    }.joined(separator: ", "),
                "−2 restricted log likelihood \(fixed(fit.model.deviance, 4)); a further step would gain "
                    + "\(significant(fit.model.remainingDeviance, 2))",
                "values that are missing are taken to be missing at random, given arm, baseline and the values seen",
            ]
            let g = fit.model.randomCovariance
            result.details = [
                .init("structure", .string(fit.model.structure.name)), .init("df_method", .string(method.name)),
                .init("fallbacks", JSONValue(fit.fallbacks)), .init("patients", .integer(fit.model.patients)),
                .init("rows", .integer(table.count)), .init("log_likelihood", .number(fit.model.logLikelihood)),
                .init("remaining_deviance", .number(fit.model.remainingDeviance)),
                .init("visits", JSONValue(rows.visit.levels)),
                .init("covariance", .array((0..<g.rows).map { row in JSONValue((0..<g.columns).map { g[row, $0] }) })),
            ]
            return result
        }
    }

    /// Slopes of a table with one row a patient and time.
    public static func slope(
        _ path: String, outcome: String, id: String, time: String, columns: ArmColumns, sharedBaseline: Bool,
        method: DegreesOfFreedomMethod
    ) throws -> Analysis {
        let table = try AnalysisTable.read(
            path, [(id, .text), (time, .number), (outcome, .numberOrLeaveOut)] + columns.uses)
        try table.require(constant: [columns.arm] + columns.covariates + columns.factors, once: time, within: id)
        let rows = SlopeModel.Rows(
            outcome: table.numbers(outcome), time: table.numbers(time), subject: try table.factor(id),
            arm: try columns.arms(table), covariates: try columns.columns(table))
        return try naming(table) { () throws(StatisticsProblem) in
            let fit = try SlopeModel(rows, sharedBaseline: sharedBaseline, method: method)
            var lines: [Estimate] = []
            for level in rows.arm.levels.indices { lines.append(try fit.slope(ofArm: level)) }
            var result = Analysis(
                method: "slopes of \(outcome) per \(time): \(time) × \(columns.arm)"
                    + rows.covariates.map { " + \($0.name)" }.joined()
                    + (sharedBaseline ? ", shared baseline" : "")
                    + (fit.fallback == nil ? ", random intercepts and slopes" : ", random intercepts")
                    + ", REML, \(method.name)",
                estimates: try fit.differences() + lines)
            result.warnings = table.leftOutWarnings + (fit.fallback.map { [$0] } ?? [])
            for level in rows.arm.levels.indices.dropFirst() {
                let slowing = fit.slowing(ofArm: level)
                let term = "slowing by \(rows.arm.levels[level]), %"
                result.estimates.append(Estimate("\(term), Fieller", slowing.percent, interval95: slowing.interval95))
                if lines[0].estimate * lines[level].estimate < 0 {
                    result.warnings.append("\(term): the slopes have different signs; take their difference instead")
                }
                if slowing.interval95 == nil {
                    result.estimates[result.estimates.count - 1].estimate = .nan
                    result.warnings.append("\(term): \(RelativeSlowing.unbounded)")
                }
            }
            result.notes = [
                "\(fit.model.patients) patients, \(table.count) rows; \(time) 0 to "
                    + "\(significant(rows.time.max(), 4)); −2 restricted log likelihood \(fixed(fit.model.deviance, 4))"
            ]
            let g = fit.model.randomCovariance
            result.details = [
                .init("df_method", .string(method.name)), .init("patients", .integer(fit.model.patients)),
                .init("rows", .integer(table.count)), .init("log_likelihood", .number(fit.model.logLikelihood)),
                .init(
                    "random_covariance",
                    .array((0..<g.rows).map { row in JSONValue((0..<g.columns).map { g[row, $0] }) })),
                .init("residual_variance", JSONValue(fit.model.residualVariance)),
                .init("fallback", JSONValue(fit.fallback)),
                .init(
                    "patient_slopes",
                    fit.patientSlopes.map { slopes in
                        .array(slopes.map { ["id": .string($0.patient), "slope": .number($0.slope)] })
                    } ?? .null),
            ]
            return result
        }
    }

    /// CAFS of a table with one row a patient and visit, and the time of death where there was one.
    public static func cafs(
        _ path: String, outcome: String, id: String, time: String, death: String, lastSeen: String?,
        columns: ArmColumns, draws: Resampling
    ) throws -> Analysis {
        let table = try AnalysisTable.read(
            path,
            [(id, .text), (time, .number), (outcome, .optionalNumber), (death, .optionalNumber)]
                + (lastSeen.map { [($0, .optionalNumber)] } ?? []) + columns.uses)
        try table.require(constant: [columns.arm], once: time, within: id)
        let (subject, arm) = (try table.factor(id), try columns.arms(table))
        let patients = try courses(table, subject, outcome, time, death, lastSeen)
        var arms = [Int](repeating: 0, count: patients.count)
        for (row, code) in subject.codes.enumerated() { arms[code] = arm.codes[row] }
        let byPatient = Factor(columns.arm, arms.map { arm.levels[$0] }, reference: columns.reference)!
        let found = CAFS(patients)
        return try naming(table) { () throws(StatisticsProblem) in
            var result = Analysis(
                method: "CAFS [Berry2013] of \(outcome) and \(death): every patient against every other", estimates: [])
            func ranks(_ level: Int) -> [Double] {
                arms.indices.filter { arms[$0] == level }.map { found.ranks[$0] }
            }
            for level in arm.levels.indices {
                result.estimates.append(Estimate("mean rank \(arm.levels[level])", Summary(ranks(level)).mean))
            }
            for level in arm.levels.indices.dropFirst() {
                let sums = { (level: Int) in arms.indices.filter { arms[$0] == level }.map { Double(found.sums[$0]) } }
                let test = try PermutationTest(sums(level), against: sums(0), resamples: draws.count, seed: draws.seed)
                let name = "\(arm.levels[level]) − \(arm.levels[0])"
                result.estimates.append(
                    Estimate(
                        "mean rank \(name), permutation", Summary(ranks(level)).mean - Summary(ranks(0)).mean, p: test.p
                    ))
                let pairs = CAFS.pairs(patients, arm: byPatient, level: level)
                result.notes.append(
                    "\(arm.levels[level]) against \(arm.levels[0]): \(pairs.wins) pairs won, \(pairs.losses) lost, "
                        + "\(pairs.ties) tied; \(test.isExact ? "all" : "random") \(test.total) permutations"
                        + (test.isExact ? "" : ", seed \(draws.seed)"))
            }
            if found.undecided > 0 {
                result.warnings.append("\(found.undecided) pairs share no visit after baseline and count as ties")
            }
            result.details = [
                .init(
                    "patients",
                    .array(
                        patients.indices.map { place in
                            [
                                "id": .string(patients[place].name), "arm": .string(arm.levels[arms[place]]),
                                "sum": .integer(found.sums[place]), "rank": .number(found.ranks[place]),
                            ]
                        }))
            ]
            return result
        }
    }

    /// The courses of all patients: changes from the earliest visit, which is the baseline.
    private static func courses(
        _ table: AnalysisTable, _ subject: Factor, _ outcome: String, _ time: String, _ death: String,
        _ lastSeen: String?
    ) throws(FileProblem) -> [CAFS.Patient] {
        let (times, values) = (table.numbers(time), table.optionalNumbers(outcome))
        let deaths = table.optionalNumbers(death)
        let seen = lastSeen.map { table.optionalNumbers($0) }
        var problems = TableProblems()
        let patients = subject.levels.indices.map { patient -> CAFS.Patient in
            let rows = subject.codes.indices.filter { subject.codes[$0] == patient }.sorted { times[$0] < times[$1] }
            let first = rows[0]
            let died = rows.lazy.compactMap { deaths[$0] }.min()
            for row in rows {
                if let other = deaths[row], other != died {
                    problems.add(table.lines[row], death, "\(subject.levels[patient]) has two times of death")
                }
                if let died, values[row] != nil, times[row] > died {
                    problems.add(table.lines[row], time, "\(subject.levels[patient]) has a value after death")
                }
            }
            guard let base = values[first] else {
                problems.add(table.lines[first], outcome, "\(subject.levels[patient]) has no value at the first visit")
                return CAFS.Patient(subject.levels[patient], changes: [:])
            }
            var changes: [Double: Double] = [:]
            for row in rows.dropFirst() { changes[times[row]] = values[row].map { $0 - base } }
            let last = rows.compactMap { seen?[$0] }.max()
            return CAFS.Patient(subject.levels[patient], changes: changes, death: died, aliveUntil: last)
        }
        try problems.throwIfAny(table.path)
        return patients
    }
}
