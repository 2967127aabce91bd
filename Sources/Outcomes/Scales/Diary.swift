import Records

/// Hours of a waking day of 16 that a home diary gives to each state [Hauser2004].
enum Diary {
    /// The states that scores have, as sums of the diary's.
    private static let names: [(name: String, states: [DiaryDay.State])] = [
        ("off16", [.off]), ("good16", [.on, .nonTroublesome]), ("troublesome16", [.troublesome]),
        ("nontroublesome16", [.nonTroublesome]), ("on16", [.on]), ("bad16", [.off, .troublesome]),
    ]

    /// The scores of all visits: each day scaled to 16 waking hours, then the mean of the valid days.
    static func scores(_ days: [DiaryDay], _ settings: ScoreSettings) -> [Score] {
        struct Key: Hashable { var code: String; var visit: Double }
        var visits: [Key: [DiaryDay]] = [:]
        for day in days { visits[Key(code: day.code, visit: day.visit), default: []].append(day) }
        let ordered = visits.keys.sorted { ($0.code, $0.visit) < ($1.code, $1.visit) }
        let rule =
            "hauser 16 h, ≤ \(settings.diaryMissingSlots) half hours missing, ≥ \(settings.diaryValidDays) days; limits unverified"
        return ordered.flatMap { key -> [Score] in
            let own = visits[key] ?? []
            let valid = own.filter { $0.missing <= settings.diaryMissingSlots && $0.awake > 0 }
            let invalid = own.filter { $0.missing > settings.diaryMissingSlots || $0.awake == 0 }
            let missing = invalid.map { "day \($0.day): \($0.missing) half hours" }
            let isValid = valid.count >= settings.diaryValidDays
            func mean(_ value: (DiaryDay) -> Double?) -> Double? {
                let values = valid.compactMap(value)
                return isValid && !values.isEmpty ? values.reduce(0, +) / Double(values.count) : nil
            }
            func score(_ name: String, _ value: Double?) -> Score {
                var score = Score(
                    code: key.code, visit: key.visit, name: name, value: value, missing: missing, rule: rule)
                score.replicates = max(1, valid.count)
                return score
            }
            return names.map { name, states in
                score(name, mean { day in day.hours16(states.map { day.count($0) }.reduce(0, +)) })
            } + [score("awake_h", mean { Double($0.awake) / 2 }), score("valid_days", Double(valid.count))]
        }
    }
}
