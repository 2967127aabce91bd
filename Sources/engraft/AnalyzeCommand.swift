import ArgumentParser
import Records
import Statistics

struct AnalyzeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze",
        abstract: "Statistics of a trial: ANCOVA, MMRM, slopes, CAFS, responders, ranks, reliability, power.",
        discussion: """
            Reads tables in CSV or TSV with one header line; missing is an empty field. All that is wrong with a table is \
            said at once, by line and column, before any number is computed.

            Example: engraft analyze ancova outcomes.csv --outcome month_12 --reference SOC --change
                     engraft analyze mmrm visits.csv --outcome score --visit month --reference SOC --change

            A trial to try them on: engraft phantom study --out trial. Methods and their sources: docs/statistics.md.
            """,
        subcommands: [
            Ancova.self, Mmrm.self, Slope.self, Cafs.self, Groups.self, Responders.self, Sites.self,
            CorrelationCommand.self,
            ReliabilityCommand.self, Adjust.self, Power.self,
        ])
}

/// A method: computes an analysis of a table and prints it.
protocol AnalysisSubcommand: Subcommand {
    /// The table that is read; `nil` where there is none.
    var tablePath: String? { get }
    var result: ResultOptions { get }
    /// The method's name and the options as they are recorded.
    var parameters: [JSONValue.Member] { get }
    /// Computes the result.
    func analysis() throws -> Analysis
}

extension AnalysisSubcommand {
    func execute() throws {
        let name = Self.configuration.commandName ?? Self._commandName
        var provenance = Provenance(command: "analyze \(name)", parameters: parameters)
        if let tablePath, !InputFile.exists(tablePath) {
            throw FileProblem(tablePath, .noInput, "there is no such file")
        }
        let found: Analysis
        do { found = try analysis() } catch let problem as StatisticsProblem {
            throw FileProblem(tablePath ?? "analyze \(name)", .badData, problem.description)
        }
        if let tablePath { try naming(tablePath) { try provenance.read(tablePath) } }
        provenance.warnings = found.warnings
        Terminal.show(result.json ? JSONValue.object(found.members + provenance.members).text : found.text)
        Terminal.warn(provenance.warnings)
    }
}

/// The arms of a table and what is adjusted for.
struct ArmOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The column of the arm.", valueName: "column")) var arm = "arm"
    @Option(help: ArgumentHelp("The arm that the others are compared with, such as SOC.", valueName: "arm"))
    var reference: String
    @Option(help: ArgumentHelp("A column of numbers to adjust for, such as age; may be repeated.", valueName: "column"))
    var covariate: [String] = []
    @Option(
        help: ArgumentHelp(
            "A column of groups to adjust for, such as site or lot; may be repeated.", valueName: "column"))
    var factor: [String] = []

    var columns: ArmColumns { ArmColumns(arm: arm, reference: reference, covariates: covariate, factors: factor) }

    var parameters: [JSONValue.Member] {
        [
            .init("arm", .string(arm)), .init("reference", .string(reference)),
            .init("covariates", JSONValue(covariate)), .init("factors", JSONValue(factor)),
        ]
    }
}

/// How many random rearrangements, and from which seed.
struct SeedOption: ParsableArguments {
    @Option(help: "The seed of random draws; the same seed gives the same numbers.") var seed: UInt64 = 1
}

extension DegreesOfFreedomMethod: ExpressibleByArgument {}
extension CovarianceStructure: ExpressibleByArgument {}
