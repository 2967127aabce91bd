import Records

/// A 3+3 dose escalation as a study plans it.
public struct DoseEscalation: Sendable, Equatable {
    /// When a level may be called the highest tolerated one; published descriptions differ.
    public enum Variant: String, Sendable, CaseIterable {
        /// A: as soon as escalation stops, whatever number was treated below.
        case atOnce = "at-once"
        /// B: only with six treated and at most one dose-limiting toxicity.
        case sixAtMTD = "six-at-mtd"
    }

    /// A dose.
    public struct Level: Sendable, Equatable {
        /// Its name.
        public var id: String
        /// How many infusions a subject gets.
        public var infusions: Int
    }

    /// From which infusion the window for dose-limiting toxicity counts.
    public enum WindowStart: String, Sendable { case firstInfusion = "first_infusion", lastInfusion = "last_infusion" }

    /// The variant.
    public var variant: Stated<Variant>
    /// How long after an infusion a toxicity counts, days.
    public var windowDays: Stated<Int>
    /// From which infusion the window counts.
    public var windowFrom: Stated<WindowStart>
    /// Whether the maximum feasible dose (MFD) is sought instead of the maximum tolerated one.
    public var seeksFeasible = false
    /// The doses from low to high.
    public var levels: Stated<[Level]>

    /// Reads the design of a study file; problems are noted.
    init?(_ node: StudyNode) {
        (variant, windowDays, windowFrom, levels) = (Stated(), Stated(), Stated(), Stated())
        let keys = [
            "type", "variant", "target", "cohort_size", "max_per_level", "dlt_window_days", "dlt_window_from",
            "close_observation_days", "dose_per_infusion", "levels", "note",
        ]
        var type: String?
        for (key, value) in node.members(allowing: keys) where !value.isNull {
            switch key {
            case "type": type = value.text
            case "variant":
                variant = value.stated { part in
                    let known = part.text.flatMap { Variant(rawValue: $0) }
                    if known == nil { part.problem("is neither at-once nor six-at-mtd") }
                    return known
                }
            case "target":
                seeksFeasible = value.text == "MFD"
                if !["MTD", "MFD"].contains(value.text) { value.problem("is neither MTD nor MFD") }
            case "cohort_size": if value.whole != 3 { value.problem("is not 3, as in a 3+3 design") }
            case "max_per_level": if value.whole != 6 { value.problem("is not 6, as in a 3+3 design") }
            case "dlt_window_days":
                windowDays = value.stated { part in
                    let days = part.whole
                    if let days, !(1...3650).contains(days) { part.problem("is not a count of days from 1 to 3650") }
                    return days
                }
            case "dlt_window_from":
                windowFrom = value.stated { part in
                    let known = part.text.flatMap { WindowStart(rawValue: $0) }
                    if known == nil { part.problem("is neither first_infusion nor last_infusion") }
                    return known
                }
            case "levels": levels = value.stated(Self.levels)
            default: break
            }
        }
        if type != "3+3" { node.problem("has the type \"\(type ?? "")\"; 3+3 is what is known") }
    }

    private static func levels(_ node: StudyNode) -> [Level]? {
        var levels: [Level] = []
        for element in node.elements {
            var level = Level(id: "", infusions: 1)
            for (key, value) in element.members(allowing: ["id", "label", "infusions", "days", "dose", "note"]) {
                if key == "id" { level.id = value.text ?? "" }
                if key == "infusions" {
                    level.infusions = value.whole ?? 1
                    if !(1...100).contains(level.infusions) { value.problem("is not a count from 1 to 100") }
                }
                if key == "days", zip(value.numbers, value.numbers.dropFirst()).contains(where: { $0 >= $1 }) {
                    value.problem("is not in order")
                }
            }
            if level.id.isEmpty { element.problem("has no id") }
            if levels.contains(where: { $0.id == level.id }) { element.problem("has an id that stands twice") }
            levels.append(level)
        }
        if !(1...8).contains(levels.count) { node.problem("has \(levels.count) levels; 1 to 8 were expected") }
        return levels
    }
}
