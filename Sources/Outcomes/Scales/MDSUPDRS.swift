import Records

/// Scores of the MDS-UPDRS [Goetz2008]: parts, sub-scores, sides, and the tremor-to-gait ratio.
///
/// OFF and ON never meet in one number. Sums are of whole items; a prorated part keeps its fraction.
enum MDSUPDRS {
    private static let scale = ItemScale.mdsUPDRS

    /// Sub-scores of part III by their items; all but right, left and midline are this program's grouping.
    static func subscores(_ settings: ScoreSettings) -> [(name: String, items: [String])] {
        func sided(_ side: String) -> [String] {
            (side == "a" ? ["3.3b", "3.3d"] : ["3.3c", "3.3e"]) + (4...8).map { "3.\($0)\(side)" }
                + ["3.15\(side)", "3.16\(side)"] + (side == "a" ? ["3.17a", "3.17c"] : ["3.17b", "3.17d"])
        }
        let bradykinesia = (4...8).flatMap { ["3.\($0)a", "3.\($0)b"] } + ["3.14"]
        let (right, left) = (sided("a"), sided("b"))
        return [
            ("rest_tremor", MotorExam.restTremorItems), ("action_tremor", MotorExam.actionTremorItems),
            ("rigidity", "abcde".map { "3.3\($0)" }),
            ("bradykinesia", settings.bradykinesiaWithFace ? ["3.2"] + bradykinesia : bradykinesia),
            ("axial", ["3.1"] + (9...13).map { "3.\($0)" }), ("right", right), ("left", left),
            ("midline", MotorExam.items.filter { !right.contains($0) && !left.contains($0) }),
        ]
    }

    /// The scores of all visits.
    static func scores(_ assessments: [Assessment], _ settings: ScoreSettings) -> [Score] {
        struct Key: Hashable { var code: String; var visit: Double }
        var visits: [Key: [Assessment]] = [:]
        var order: [Key] = []
        for assessment in assessments {
            let key = Key(code: assessment.code, visit: assessment.visit)
            if visits[key] == nil { order.append(key) }
            visits[key, default: []].append(assessment)
        }
        let subscores = subscores(settings)
        return order.flatMap { visit(visits[$0] ?? [], subscores, settings) }
    }

    private static func visit(
        _ all: [Assessment], _ subscores: [(name: String, items: [String])], _ settings: ScoreSettings
    ) -> [Score] {
        let plain = all.first { $0.state == .none }
        let examined = [MedicationState.off, .on].compactMap { state in all.first { $0.state == state } }
        var scores: [Score] = []
        var parts: [Int: Score] = [:]
        for number in [1, 2, 4] {
            guard let plain, items(of: number).contains(where: { plain.isSeen[scale.place($0) ?? 0] }) else { continue }
            let score = part(number, plain, nil, settings)
            parts[number] = score
            scores.append(score)
        }
        if let plain, let one = parts[1], let two = parts[2] {
            scores.append(sum("part_1_2", [one, two], plain, nil))
        }
        for exam in examined {
            let state = exam.state.rawValue
            let three = part(3, exam, state, settings)
            scores.append(three)
            for (name, items) in subscores { scores.append(plainSum(name, items, exam, state)) }
            if let plain, let one = parts[1], let two = parts[2], let four = parts[4] {
                scores.append(sum("total", [one, two, three, four], plain, state))
            }
            scores += ratio(exam, plain, state)
        }
        if examined.count == 2 { scores.append(response(examined[0], examined[1], settings)) }
        return scores
    }

    private static func items(of part: Int) -> [String] { itemsOfParts[part - 1] }
    private static let itemsOfParts = (1...4).map { part in scale.items.filter { $0.hasPrefix("\(part).") } }

    /// A part's sum; where items are missing, n × mean of the others within the rule's limit.
    private static func part(_ number: Int, _ exam: Assessment, _ state: String?, _ settings: ScoreSettings) -> Score {
        let items = items(of: number)
        let missing = exam.missing(scale, items)
        let sum = items.compactMap { exam.value(scale, $0) }.reduce(0, +)
        let isAllowed = missing.count <= settings.missingRule.allowed[number - 1] && missing.count < items.count
        let value = isAllowed ? sum * Double(items.count) / Double(items.count - missing.count) : nil
        let rule =
            missing.isEmpty
            ? "sum" : isAllowed ? "\(settings.missingRule.rawValue), unverified" : "none: too many missing"
        var score = Score(
            exam, "part_\(number)", value, state: state, missing: missing, rule: rule)
        score.observedSum = missing.count == items.count ? nil : sum
        return score
    }

    /// The sum of items that are all there.
    private static func plainSum(_ name: String, _ items: [String], _ exam: Assessment, _ state: String) -> Score {
        let values = items.compactMap { exam.value(scale, $0) }
        let missing = exam.missing(scale, items)
        return Score(
            exam, name, missing.isEmpty ? values.reduce(0, +) : nil, state: state, missing: missing,
            rule: "sum, proposed")
    }

    private static func sum(_ name: String, _ parts: [Score], _ exam: Assessment, _ state: String?) -> Score {
        let values = parts.compactMap(\.value)
        let isProrated = parts.contains { !$0.missing.isEmpty }
        return Score(
            exam, name, values.count == parts.count ? values.reduce(0, +) : nil, state: state,
            missing: parts.flatMap(\.missing), rule: isProrated ? "sum of prorated parts" : "sum")
    }

    /// Tremor-dominant or postural instability and gait difficulty [Stebbins2013]: mean of 11 over mean of 5 items, compared
    /// as whole numbers so that no rounding decides a tie.
    private static func ratio(_ exam: Assessment, _ plain: Assessment?, _ state: String) -> [Score] {
        let tremorItems = ["2.10", "3.15a", "3.15b", "3.16a", "3.16b"] + MotorExam.restTremorItems
        let gaitItems = ["2.12", "2.13", "3.10", "3.11", "3.12"]
        func value(_ item: String) -> Double? { (item.hasPrefix("2.") ? plain : exam)?.value(scale, item) }
        let missing = (tremorItems + gaitItems).filter { value($0) == nil }
        var score = Score(
            exam, "td_pigd", nil, state: state, missing: missing, rule: "stebbins2013, ≥ 1.15 and ≤ 0.90",
            hasChange: false)
        if missing.isEmpty {
            let tremor = Int(tremorItems.compactMap(value).reduce(0, +))
            let gait = Int(gaitItems.compactMap(value).reduce(0, +))
            score.value = gait == 0 ? nil : Double(tremor * 5) / Double(gait * 11)
            score.label = phenotype(tremor: tremor, gait: gait)
        }
        return [score]
    }

    /// The class from the sum of 11 tremor and of 5 gait items.
    static func phenotype(tremor: Int, gait: Int) -> String {
        if gait == 0 { return tremor > 0 ? "TD" : "indeterminate" }
        return 500 * tremor >= 1265 * gait ? "TD" : 500 * tremor <= 990 * gait ? "PIGD" : "indeterminate"
    }

    /// How much better part III is ON than OFF, percent; 33 are asked for before surgery [Defer1999].
    private static func response(_ off: Assessment, _ on: Assessment, _ settings: ScoreSettings) -> Score {
        let (before, after) = (part(3, off, nil, settings), part(3, on, nil, settings))
        var percent: Double?
        if let a = before.value, let b = after.value, a > 0 { percent = 100 * (a - b) / a }
        return Score(
            off, "levodopa_response_percent", percent, missing: before.missing + after.missing,
            rule: "100 (OFF − ON) / OFF", hasChange: false)
    }
}
