import ArgumentParser
import Records
import Statistics

extension AnalyzeCommand {
    struct Groups: AnalysisSubcommand {
        static let configuration = CommandConfiguration(
            abstract: "Groups without a model: t, Welch, ranks, effect size, permutation.",
            discussion: """
                One row a patient. With --baseline also the analysis of covariance by ranks.

                Example: engraft analyze groups outcomes.csv --outcome month_12 --reference SOC
                Cite: Welch 1947; Mann and Whitney 1947; Quade 1967; Hedges 1981.
                """)

        @Argument(help: "A table with one row a patient.") var table: String
        @Option(help: ArgumentHelp("The column of the outcome.", valueName: "column")) var outcome: String
        @Option(help: ArgumentHelp("The column of the value before treatment.", valueName: "column")) var baseline:
            String?
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
                .init("outcome", .string(outcome)), .init("baseline", JSONValue(baseline)), .init("arm", .string(arm)),
                .init("reference", .string(reference)), .init("permutations", .integer(permutations)),
                .init("seed", .string("\(seed.seed)")),
            ]
        }

        func analysis() throws -> Analysis {
            try .groups(
                table, outcome: outcome, baseline: baseline, columns: ArmColumns(arm: arm, reference: reference),
                draws: Resampling(permutations, seed: seed.seed))
        }
    }

    struct Responders: AnalysisSubcommand {
        static let configuration = CommandConfiguration(
            abstract: "Shares of patients who responded, with exact and score intervals.",
            discussion: """
                One row a patient; the outcome is yes or no, 1 or 0. A response is defined before unblinding.

                Example: engraft analyze responders outcomes.csv --outcome responder --reference SOC
                Cite: Wilson 1927; Newcombe 1998; Clopper and Pearson 1934; Fisher 1935.
                """)

        @Argument(help: "A table with one row a patient.") var table: String
        @Option(help: ArgumentHelp("The column of yes or no.", valueName: "column")) var outcome: String
        @Option(help: ArgumentHelp("The column of the arm.", valueName: "column")) var arm = "arm"
        @Option(help: ArgumentHelp("The arm that the others are compared with.", valueName: "arm")) var reference:
            String
        @OptionGroup var result: ResultOptions

        var tablePath: String? { table }

        var parameters: [JSONValue.Member] {
            [.init("outcome", .string(outcome)), .init("arm", .string(arm)), .init("reference", .string(reference))]
        }

        func analysis() throws -> Analysis {
            try .responders(table, outcome: outcome, columns: ArmColumns(arm: arm, reference: reference))
        }
    }

    struct Sites: AnalysisSubcommand {
        static let configuration = CommandConfiguration(
            abstract: "Hospitals or product lots: what was seen in each, and the arm with them in the model.",
            discussion: """
                One row a patient. Lots exist in the treated arm only: then they are described, and the reason is said why \
                they cannot be in the model.

                Example: engraft analyze sites outcomes.csv --group site --outcome month_12 --baseline baseline --reference SOC
                """)

        @Argument(help: "A table with one row a patient.") var table: String
        @Option(help: ArgumentHelp("The column of the site or lot.", valueName: "column")) var group = "site"
        @Option(help: ArgumentHelp("The column of the outcome.", valueName: "column")) var outcome: String
        @Option(help: ArgumentHelp("The column of the value before treatment.", valueName: "column")) var baseline:
            String?
        @OptionGroup var arms: ArmOptions
        @OptionGroup var result: ResultOptions

        var tablePath: String? { table }

        var parameters: [JSONValue.Member] {
            [
                .init("group", .string(group)), .init("outcome", .string(outcome)),
                .init("baseline", JSONValue(baseline)),
            ] + arms.parameters
        }

        func analysis() throws -> Analysis {
            try .sites(table, outcome: outcome, baseline: baseline, group: group, columns: arms.columns)
        }
    }

    struct CorrelationCommand: AnalysisSubcommand {
        static let configuration = CommandConfiguration(
            commandName: "correlation",
            abstract: "How two measurements go together, over patients or within them.",
            discussion: """
                One row a patient, or with --id one a patient and visit: then the correlation within patients.

                Example: engraft analyze correlation uptake_change.csv --x dln_uptake --y change --id code
                Cite: Bakdash and Marusich 2017; Bonett and Wright 2000.
                """)

        @Argument(help: "A table.") var table: String
        @Option(help: ArgumentHelp("The column of one measurement.", valueName: "column")) var x: String
        @Option(help: ArgumentHelp("The column of the other.", valueName: "column")) var y: String
        @Option(help: ArgumentHelp("The column of the patient: correlate within patients.", valueName: "column"))
        var id: String?
        @Option(help: ArgumentHelp("A column of numbers held fixed; may be repeated.", valueName: "column")) var given:
            [String] = []
        @OptionGroup var result: ResultOptions

        var tablePath: String? { table }

        func validate() throws {
            guard id == nil || given.isEmpty else { throw ValidationError("--given is for patients, without --id.") }
        }

        var parameters: [JSONValue.Member] {
            [
                .init("x", .string(x)), .init("y", .string(y)), .init("id", JSONValue(id)),
                .init("given", JSONValue(given)),
            ]
        }

        func analysis() throws -> Analysis { try .correlation(table, x: x, y: y, id: id, given: given) }
    }

    struct ReliabilityCommand: AnalysisSubcommand {
        static let configuration = CommandConfiguration(
            commandName: "reliability",
            abstract: "Test and retest: wCV, repeatability coefficient, ICC, concordance.",
            discussion: """
                One row a patient, two measurements.

                Example: engraft analyze reliability retest.csv --test first --retest second
                Cite: Shrout and Fleiss 1979; Lin 1989; Bland and Altman 1986.
                """)

        @Argument(help: "A table with one row a patient.") var table: String
        @Option(help: ArgumentHelp("The column of the first measurement.", valueName: "column")) var test: String
        @Option(help: ArgumentHelp("The column of the second.", valueName: "column")) var retest: String
        @OptionGroup var result: ResultOptions

        var tablePath: String? { table }
        var parameters: [JSONValue.Member] { [.init("test", .string(test)), .init("retest", .string(retest))] }
        func analysis() throws -> Analysis { try .reliability(table, test: test, retest: retest) }
    }

    struct Adjust: AnalysisSubcommand {
        static let configuration = CommandConfiguration(
            abstract: "p values adjusted for there being several.",
            discussion: """
                One row a test.

                Example: engraft analyze adjust endpoints.csv --name endpoint --p p
                Cite: Holm 1979; Hochberg 1988; Benjamini and Hochberg 1995.
                """)

        @Argument(help: "A table with one row a test.") var table: String
        @Option(help: ArgumentHelp("The column of the test's name.", valueName: "column")) var name = "name"
        @Option(help: ArgumentHelp("The column of its p.", valueName: "column")) var p = "p"
        @OptionGroup var result: ResultOptions

        var tablePath: String? { table }
        var parameters: [JSONValue.Member] { [.init("name", .string(name)), .init("p", .string(p))] }
        func analysis() throws -> Analysis { try .adjust(table, p: p, name: name) }
    }

    struct Power: AnalysisSubcommand {
        static let configuration = CommandConfiguration(
            abstract: "The chance that a two-arm trial finds an effect, and how many patients that takes.",
            discussion: """
                ANCOVA with a baseline; the noncentral t counts what the baseline's imbalance by chance costs. Needs no table.

                Example: engraft analyze power --difference 10 --sd 10 --correlation 0.5 --patients 15,15 --simulate 60000
                """)

        @Option(help: "The true difference between the arms.") var difference: Double
        @Option(help: "The SD of the outcome within an arm.") var sd: Double
        @Option(help: "The correlation of outcome and baseline within an arm.") var correlation = 0.0
        @Option(help: ArgumentHelp("Patients in each arm.", valueName: "n,n")) var patients = "15,15"
        @Option(help: "The two-sided level of the test.") var alpha = 0.05
        @Option(help: "The power that a number of patients is asked for.") var power = 0.9
        @Option(help: "Also simulate so many trials.") var simulate = 0
        @OptionGroup var seed: SeedOption
        @OptionGroup var result: ResultOptions

        var tablePath: String? { nil }

        private var counts: [Int] { patients.split(separator: ",").compactMap { Int($0) } }

        func validate() throws {
            guard counts.count == 2, counts.allSatisfy({ (2...1_000_000).contains($0) }), counts[0] + counts[1] > 4
            else {
                throw ValidationError("--patients is two numbers as 15,15, each at least 2, together at least 5.")
            }
            guard sd > 0, sd.isFinite, difference.isFinite, abs(correlation) < 1 else {
                throw ValidationError("--sd is more than 0, --correlation between -1 and 1.")
            }
            guard alpha > 0, alpha < 1, power > 0, power < 1 else {
                throw ValidationError("--alpha and --power lie between 0 and 1.")
            }
            guard simulate == 0 || (100...100_000_000).contains(simulate) else {
                throw ValidationError("--simulate is 100 to 100000000.")
            }
        }

        var parameters: [JSONValue.Member] {
            [
                .init("difference", .number(difference)), .init("sd", .number(sd)),
                .init("correlation", .number(correlation)), .init("patients", JSONValue(counts)),
                .init("alpha", .number(alpha)), .init("power", .number(power)), .init("simulate", .integer(simulate)),
                .init("seed", .string("\(seed.seed)")),
            ]
        }

        func analysis() throws -> Analysis {
            .power(
                TrialPower(
                    difference: difference, standardDeviation: sd, correlation: correlation,
                    patients: (counts[0], counts[1]), alpha: alpha), wanted: power,
                simulation: Resampling(simulate, seed: seed.seed))
        }
    }
}
