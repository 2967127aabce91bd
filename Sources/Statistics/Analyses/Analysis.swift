import Records

/// The result of one method on one table: what is estimated, how the method was done, and what was doubtful.
public struct Analysis: Sendable {
    /// The method in one line, with its choices.
    public var method: String
    /// What is estimated.
    public var estimates: [Estimate]
    /// Sentences below the table.
    public var notes: [String] = []
    /// What else belongs into the document, keys in order.
    public var details: [JSONValue.Member] = []
    /// What was doubtful.
    public var warnings: [String] = []

    /// The members of the result's document.
    public var members: [JSONValue.Member] {
        [.init("method", .string(method)), .init("estimates", .array(estimates.map(\.json)))] + details
            + [.init("notes", JSONValue(notes))]
    }

    /// The result as a table for people.
    public var text: String {
        var table = TextTable([
            .text("term"), .number("estimate"), .number("SE"), .number("df"), .number("statistic"), .number("p"),
            .number("95 % interval"),
        ])
        for line in estimates {
            table.add([
                line.term, Self.end(line.estimate, 6), line.standardError.map { significant($0, 5) } ?? "",
                line.degreesOfFreedom.map { significant($0, 5) } ?? "", line.statistic.map { fixed($0, 3) } ?? "",
                line.p.map(Self.printed) ?? "",
                line.interval95.map { "\(Self.end($0.low)) to \(Self.end($0.high))" } ?? "",
            ])
        }
        return method + "\n\n" + table.text + (notes.isEmpty ? "" : "\n" + notes.map { $0 + "\n" }.joined())
            + "\n" + Engraft.researchUse + "\n"
    }

    private static func printed(_ p: Double) -> String { p < 1e-4 ? significant(p, 2) : fixed(p, 4) }
    private static func end(_ value: Double, _ digits: Int = 5) -> String {
        value == .infinity ? "∞" : value == -.infinity ? "−∞" : significant(value, digits)
    }
}

/// What every method on two arms reads besides its outcome.
public struct ArmColumns: Sendable {
    /// The column of the arm and the arm that others are compared with.
    public var arm, reference: String
    /// Columns of numbers and of words to adjust for.
    public var covariates, factors: [String]

    /// Columns.
    public init(arm: String, reference: String, covariates: [String] = [], factors: [String] = []) {
        (self.arm, self.reference, self.covariates, self.factors) = (arm, reference, covariates, factors)
    }

    var uses: [(name: String, use: AnalysisTable.Use)] {
        [(arm, .text)] + covariates.map { ($0, .number) } + factors.map { ($0, .text) }
    }

    /// The covariates of a table, and the indicators of its factors.
    func columns(_ table: AnalysisTable) throws(FileProblem) -> [Design.Column] {
        var result = covariates.map { Design.Column($0, table.numbers($0)) }
        for name in factors { result += try table.factor(name).indicators }
        return result
    }

    /// The arms, with two or more of them.
    func arms(_ table: AnalysisTable) throws(FileProblem) -> Factor {
        let factor = try table.factor(arm, reference: reference)
        guard factor.levels.count > 1 else {
            throw FileProblem(table.path, .badData, "the column \(arm) has only \(reference); two arms are compared")
        }
        return factor
    }
}

/// Adds the path to what a statistic says.
func naming<R>(_ table: AnalysisTable, _ body: () throws(StatisticsProblem) -> R) throws(FileProblem) -> R {
    do throws(StatisticsProblem) { return try body() } catch {
        throw FileProblem(table.path, .badData, error.description)
    }
}

extension AnalysisTable {
    /// What is said of rows without an outcome.
    var leftOutWarnings: [String] {
        leftOut == 0 ? [] : ["\(leftOut) row\(leftOut == 1 ? " was" : "s were") left out: no outcome"]
    }
}

/// Random draws: how many, and from which seed.
public struct Resampling: Sendable, Equatable {
    /// Permutations or samples; 0 for none.
    public var count: Int
    /// The seed.
    public var seed: UInt64

    /// Draws.
    public init(_ count: Int, seed: UInt64) { (self.count, self.seed) = (count, seed) }
}
