import Records
import Yams

/// What a score is reckoned with and a protocol decides: every setting is printed with the result.
public struct ScoreSettings: Sendable {
    /// How missing items of the MDS-UPDRS are made up for.
    public enum MissingRule: String, Sendable, CaseIterable {
        /// Not at all: a sum with a missing item is none.
        case none
        /// n × mean of the items there are, up to 1, 2, 7, 0 missing in parts I to IV, where they are missing at random
        /// [Goetz2015]; the limits are from memory.
        case random = "goetz2015-random"
        /// The same up to 1, 1, 3, 0, where the same items are missing in everybody.
        case same = "goetz2015-same"

        /// How many of each part may be missing.
        var allowed: [Int] {
            switch self {
            case .none: [0, 0, 0, 0]
            case .random: [1, 2, 7, 0]
            case .same: [1, 1, 3, 0]
            }
        }
    }

    /// Cuts of grip strength for men and women, kg: weak below.
    public enum GripCut: String, Sendable, CaseIterable {
        case older = "30-20"
        case ewgsop2 = "ewgsop2-27-16"

        var cuts: (men: Double, women: Double) { self == .older ? (30, 20) : (27, 16) }
    }

    /// How missing items of the MDS-UPDRS are made up for.
    public var missingRule = MissingRule.random
    /// Whether bradykinesia has speech and face (3.2) too.
    public var bradykinesiaWithFace = false
    /// How many half hours of a diary's day may be missing.
    public var diaryMissingSlots = 4
    /// How many days of a diary's visit must be valid.
    public var diaryValidDays = 2
    /// The table of levodopa equivalents.
    public var leddTable = "jost2023"
    /// How many efforts of vital capacity there must be.
    public var svcEfforts = 3
    /// Months that a slope must span.
    public var slopeMonths = 3.0
    /// Cuts of grip strength.
    public var gripCut = GripCut.older
    /// Gait is slow at or below this, m/s.
    public var slowGait = 0.8
    /// Errors of measurement and important differences.
    public var limits: [ScoreLimit] = []

    /// The usual settings with the built-in limits, changed by a study where one is given.
    public init(study: Study? = nil) throws {
        limits = try ScoreLimit.builtIn()
        guard let study else { return }
        limits += study.limits
        if let rule = study.tables["mds_updrs_missing"] {
            guard let known = MissingRule(rawValue: rule) else {
                throw SettingProblem("tables.mds_updrs_missing", rule, MissingRule.allCases.map(\.rawValue))
            }
            missingRule = known
        }
        if let table = study.tables["ledd"] {
            guard LEDDTable.names.contains(table) else { throw SettingProblem("tables.ledd", table, LEDDTable.names) }
            leddTable = table
        }
        if let slots = study.tables["diary_missing_slots"].flatMap({ Int($0) }) { diaryMissingSlots = slots }
        if let days = study.tables["diary_valid_days"].flatMap({ Int($0) }) { diaryValidDays = days }
        if study.tables["bradykinesia_with_face"] == "true" { bradykinesiaWithFace = true }
    }

    /// The settings as they are recorded.
    public var parameters: [JSONValue.Member] {
        [
            .init("missing_rule", .string(missingRule.rawValue)),
            .init("bradykinesia_with_face", .bool(bradykinesiaWithFace)),
            .init("diary_missing_slots", .integer(diaryMissingSlots)),
            .init("diary_valid_days", .integer(diaryValidDays)), .init("ledd_table", .string(leddTable)),
            .init("svc_efforts", .integer(svcEfforts)), .init("slope_months", .number(slopeMonths)),
            .init("grip_cut", .string(gripCut.rawValue)), .init("slow_gait_m_per_s", .number(slowGait)),
        ]
    }
}

/// A setting of a study that is not known.
struct SettingProblem: Error, CustomStringConvertible {
    var description: String
    init(_ key: String, _ value: String, _ known: [String]) {
        description = "\(key) is \"\(value)\"; one of \(known.joined(separator: ", ")) was expected"
    }
}

extension Study {
    /// The hours since levodopa that an OFF rating needs, where the study says.
    public var offHours: Double? { tables["off_hours"].flatMap { TableLine.number($0) } }
}

extension ScoreLimit {
    /// The limits that travel with the program.
    static func builtIn() throws(TableProblems) -> [ScoreLimit] {
        let problems = StudyProblems()
        let root = try StudyNode.root(of: String(decoding: PackageResources.limits_yaml, as: UTF8.self), problems)
        let lists = root.members(allowing: ["table", "limits"]).filter { $0.key == "limits" }
        let limits = lists.flatMap { $0.value.elements.compactMap { ScoreLimit($0) } }
        if !problems.found.isEmpty { throw problems.found }
        return limits
    }

    /// The limit as JSON, with its source and status.
    var json: JSONValue {
        [
            "score": .string(score), "improvement": JSONValue(improvement), "worsening": JSONValue(worsening),
            "sem": JSONValue(standardError), "source": .string(source), "status": .string(status),
        ]
    }
}
