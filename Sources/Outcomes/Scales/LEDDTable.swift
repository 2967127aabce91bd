import Records
import Yams

/// A table that turns doses of anti-parkinsonian drugs to levodopa, as a versioned data file.
public struct LEDDTable: Sendable {
    /// How a drug counts.
    public enum Kind: String, Sendable {
        /// mg × factor, into the levodopa sum.
        case levodopa
        /// mg × factor.
        case other
        /// Factor × the levodopa sum, once, whatever the dose: inhibitors of COMT.
        case comt
        /// Factor × the levodopa sum, beside COMT inhibitors.
        case share
        /// So many mg a day while any is taken.
        case fixed
    }

    /// A drug.
    public struct Drug: Sendable, Equatable {
        /// How it counts.
        public var kind: Kind
        /// Its factor, already divided by what it is given per.
        public var factor: Double
    }

    /// Its name.
    public var name: String
    /// Where the factors are from.
    public var source: String
    /// Drugs by name.
    public var drugs: [String: Drug]

    /// The tables there are.
    public static let names = ["tomlinson2010", "jost2023"]

    /// Reads a table that travels with the program.
    public init(named name: String) throws {
        let bytes: [UInt8]
        switch name {
        case "tomlinson2010": bytes = PackageResources.ledd_tomlinson2010_yaml
        case "jost2023": bytes = PackageResources.ledd_jost2023_yaml
        default: throw SettingProblem("the LEDD table", name, Self.names)
        }
        try self.init(yaml: String(decoding: bytes, as: UTF8.self))
    }

    init(yaml text: String) throws(TableProblems) {
        let problems = StudyProblems()
        let root = try StudyNode.root(of: text, problems)
        (name, source, drugs) = ("", "", [:])
        for (key, value) in root.members(allowing: ["table", "source", "status", "drugs"]) {
            if key == "table" { name = value.text ?? "" }
            if key == "source" { source = value.text ?? "" }
            if key == "drugs" {
                for element in value.elements {
                    var (id, kind, factor, per): (String?, Kind?, Double?, Double) = (nil, nil, nil, 1)
                    for (key, value) in element.members(allowing: ["id", "kind", "factor", "per"]) {
                        if key == "id" { id = value.text }
                        if key == "kind" { kind = value.text.flatMap { Kind(rawValue: $0) } }
                        if key == "factor" { factor = value.number }
                        if key == "per" { per = value.number ?? 1 }
                    }
                    guard let id, let kind, let factor, per > 0 else {
                        element.problem("needs id, kind and factor")
                        continue
                    }
                    drugs[id] = Drug(kind: kind, factor: factor / per)
                }
            }
        }
        if !problems.found.isEmpty { throw problems.found }
    }
}

/// The levodopa equivalent of what a patient takes in a day.
public struct LEDD: Sendable, Equatable {
    /// The sum of levodopa-like drugs, mg.
    public var levodopa = 0.0
    /// What COMT inhibitors add, mg.
    public var comt = 0.0
    /// What istradefylline adds, mg.
    public var share = 0.0
    /// Other drugs, mg.
    public var other = 0.0
    /// Drugs that count the same at any dose, mg.
    public var fixed = 0.0
    /// Drugs that the table does not have: the total is then a part of the truth.
    public var unresolved: [String] = []
    /// What was doubtful.
    public var warnings: [String] = []

    /// The total, mg a day; rounded nowhere.
    public var total: Double { levodopa + comt + share + other + fixed }

    /// Adds up daily doses in mg by a table; a drug without a dose above 0 is not taken.
    public init(of doses: [(drug: String, mg: Double)], table: LEDDTable) {
        var (inhibitors, shares): ([(String, Double)], [Double]) = ([], [])
        var fixedDrugs: Set<String> = []
        for (name, mg) in doses where mg > 0 {
            guard let drug = table.drugs[name] else {
                if !unresolved.contains(name) { unresolved.append(name) }
                continue
            }
            switch drug.kind {
            case .levodopa: levodopa += mg * drug.factor
            case .other: other += mg * drug.factor
            case .comt: inhibitors.append((name, drug.factor))
            case .share: shares.append(drug.factor)
            case .fixed: if fixedDrugs.insert(name).inserted { fixed += drug.factor }
            }
        }
        if Set(inhibitors.map(\.0)).count > 1 {
            warnings.append(
                "two COMT inhibitors (\(inhibitors.map(\.0).joined(separator: ", "))): the higher factor counts once")
        }
        comt = levodopa * (inhibitors.map(\.1).max() ?? 0)
        share = levodopa * (shares.max() ?? 0)
    }
}
