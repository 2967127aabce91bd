import ArgumentParser
import Records
import Statistics

extension AnalyzeCommand {
    struct Ancova: AnalysisSubcommand {
        static let configuration = CommandConfiguration(
            abstract: "An outcome by arm, adjusted for its baseline.",
            discussion: """
                One row a patient. Differences between arms with t, HC3 and Hedges' g, LS means, 95 % intervals.

                Example: engraft analyze ancova outcomes.csv --outcome month_12 --reference SOC --change
                Cite: MacKinnon and White 1985 (HC3); Freedman and Lane 1983; Efron 1987 (BCa); Hedges 1981.
                """)

        @Argument(help: "A table with one row a patient.") var table: String
        @Option(help: ArgumentHelp("The column of the outcome.", valueName: "column")) var outcome: String
        @Option(help: ArgumentHelp("The column of the value before treatment.", valueName: "column")) var baseline =
            "baseline"
        @Flag(help: "Analyse outcome less baseline; the arm's effect is the same.") var change = false
        @OptionGroup var arms: ArmOptions
        @Option(help: "Also p by so many permutations.") var permutations = 0
        @Option(help: "Also BCa intervals from so many samples; 10000 is a good number.") var bootstrap = 0
        @OptionGroup var seed: SeedOption
        @OptionGroup var result: ResultOptions

        var tablePath: String? { table }

        func validate() throws {
            guard permutations == 0 || (99...10_000_000).contains(permutations),
                bootstrap == 0 || (200...1_000_000).contains(bootstrap)
            else { throw ValidationError("--permutations is 99 to 10000000, --bootstrap 200 to 1000000.") }
        }

        var parameters: [JSONValue.Member] {
            [
                .init("outcome", .string(outcome)), .init("baseline", .string(baseline)),
                .init("change", .bool(change)),
            ] + arms.parameters + [
                .init("permutations", .integer(permutations)), .init("bootstrap", .integer(bootstrap)),
                .init("seed", .string("\(seed.seed)")),
            ]
        }

        func analysis() throws -> Analysis {
            try .ancova(
                table, outcome: outcome, baseline: baseline, columns: arms.columns, change: change,
                permutations: Resampling(permutations, seed: seed.seed),
                bootstrap: Resampling(bootstrap, seed: seed.seed))
        }
    }

    struct Mmrm: AnalysisSubcommand {
        static let configuration = CommandConfiguration(
            abstract: "An outcome at several visits by arm, with visits that some patients missed.",
            discussion: """
                One row a patient and visit. Visit × arm and visit × baseline, unstructured covariance within patients, REML. \
                Where it does not converge the next structure is taken, and said: heterogeneous Toeplitz, AR(1), compound \
                symmetry.

                Example: engraft analyze mmrm visits.csv --outcome score --visit month --reference SOC --change
                Cite: Mallinckrodt et al. 2008; Fai and Cornelius 1996; Kenward and Roger 1997.
                """)

        @Argument(help: "A table with one row a patient and visit.") var table: String
        @Option(help: ArgumentHelp("The column of the outcome.", valueName: "column")) var outcome: String
        @Option(help: ArgumentHelp("The column of the visit.", valueName: "column")) var visit = "visit"
        @Option(help: ArgumentHelp("The column of the patient.", valueName: "column")) var id = "code"
        @Option(help: ArgumentHelp("The column of the value before treatment.", valueName: "column")) var baseline =
            "baseline"
        @Flag(help: "Analyse outcome less baseline; the arm's effect is the same.") var change = false
        @OptionGroup var arms: ArmOptions
        @Option(help: "How a patient's visits vary together; without it, the first of these that converges.")
        var structure: CovarianceStructure?
        @Option(help: "How degrees of freedom are found.") var df: DegreesOfFreedomMethod = .satterthwaite
        @OptionGroup var result: ResultOptions

        var tablePath: String? { table }

        var parameters: [JSONValue.Member] {
            [
                .init("outcome", .string(outcome)), .init("visit", .string(visit)), .init("id", .string(id)),
                .init("baseline", .string(baseline)), .init("change", .bool(change)),
            ] + arms.parameters + [
                .init("structure", JSONValue(structure?.rawValue)), .init("df", .string(df.rawValue)),
            ]
        }

        func analysis() throws -> Analysis {
            try .mmrm(
                table, outcome: outcome, baseline: baseline, id: id, visit: visit, columns: arms.columns,
                change: change,
                structures: structure.map { [$0] } ?? MMRM.order, method: df)
        }
    }

    struct Slope: AnalysisSubcommand {
        static let configuration = CommandConfiguration(
            abstract: "How fast an outcome changes in each arm, and by how much one slows it.",
            discussion: """
                One row a patient and time. Each patient has an intercept and a slope of their own; the difference of slopes \
                comes first, the slowing in percent with Fieller's interval second.

                Example: engraft analyze slope alsfrs.csv --outcome total --time month --reference SOC
                Cite: Laird and Ware 1982; Fieller 1954; Fai and Cornelius 1996.
                """)

        @Argument(help: "A table with one row a patient and time.") var table: String
        @Option(help: ArgumentHelp("The column of the outcome.", valueName: "column")) var outcome: String
        @Option(help: ArgumentHelp("The column of the time, numbers from 0 on.", valueName: "column")) var time =
            "month"
        @Option(help: ArgumentHelp("The column of the patient.", valueName: "column")) var id = "code"
        @OptionGroup var arms: ArmOptions
        @Flag(help: "All arms start at one mean, as after randomisation.") var sharedBaseline = false
        @Option(help: "How degrees of freedom are found.") var df: DegreesOfFreedomMethod = .satterthwaite
        @OptionGroup var result: ResultOptions

        var tablePath: String? { table }

        var parameters: [JSONValue.Member] {
            [.init("outcome", .string(outcome)), .init("time", .string(time)), .init("id", .string(id))]
                + arms.parameters + [
                    .init("shared_baseline", .bool(sharedBaseline)), .init("df", .string(df.rawValue)),
                ]
        }

        func analysis() throws -> Analysis {
            try .slope(
                table, outcome: outcome, id: id, time: time, columns: arms.columns, sharedBaseline: sharedBaseline,
                method: df)
        }
    }

    struct Cafs: AnalysisSubcommand {
        static let configuration = CommandConfiguration(
            abstract: "Function and survival together: every patient against every other.",
            discussion: """
                One row a patient and visit, the earliest the baseline; a column has the time of death where there was one. \
                A later death, or survival, is better; else the change at the last visit that both have.

                Example: engraft analyze cafs als_cafs.csv --outcome total --time visit_month --reference SOC \
                --last-seen last_seen_month
                Cite: Berry et al. 2013.
                """)

        @Argument(help: "A table with one row a patient and visit.") var table: String
        @Option(help: ArgumentHelp("The column of the score; a higher one is better.", valueName: "column"))
        var outcome: String
        @Option(help: ArgumentHelp("The column of the time.", valueName: "column")) var time = "month"
        @Option(help: ArgumentHelp("The column of the time of death, in the same unit.", valueName: "column"))
        var death =
            "death_month"
        @Option(help: ArgumentHelp("The column of the time last known alive.", valueName: "column")) var lastSeen:
            String?
        @Option(help: ArgumentHelp("The column of the patient.", valueName: "column")) var id = "code"
        @Option(help: ArgumentHelp("The column of the arm.", valueName: "column")) var arm = "arm"
        @Option(help: ArgumentHelp("The arm that the others are compared with.", valueName: "arm")) var reference:
            String
        @Option(help: "Permutations, where there are too many to look at all.") var permutations = 20_000
        @OptionGroup var seed: SeedOption
        @OptionGroup var result: ResultOptions

        var tablePath: String? { table }

        func validate() throws {
            guard (99...10_000_000).contains(permutations) else {
                throw ValidationError("--permutations is 99 to 10000000.")
            }
        }

        var parameters: [JSONValue.Member] {
            [
                .init("outcome", .string(outcome)), .init("time", .string(time)), .init("death", .string(death)),
                .init("last_seen", JSONValue(lastSeen)), .init("id", .string(id)), .init("arm", .string(arm)),
                .init("reference", .string(reference)), .init("permutations", .integer(permutations)),
                .init("seed", .string("\(seed.seed)")),
            ]
        }

        func analysis() throws -> Analysis {
            try .cafs(
                table, outcome: outcome, id: id, time: time, death: death, lastSeen: lastSeen,
                columns: ArmColumns(arm: arm, reference: reference), draws: Resampling(permutations, seed: seed.seed))
        }
    }
}
