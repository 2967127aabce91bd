import Records

/// Frailty: the phenotype [Fried2001], the physical performance battery [Guralnik1994], gait speed and grip.
enum Frailty {
    /// Ten pounds, kg.
    static let tenPounds = 4.5359237

    /// The phenotype: three or more of five criteria are frail, one or two pre-frail. With criteria missing, the class at
    /// least and at most possible.
    static func fried(_ exam: Assessment, _ person: SubjectFacts?) -> [Score] {
        let scale = ItemScale.fried
        func value(_ item: String) -> Double? { exam.value(scale, item) }
        let criteria: [(name: String, met: Bool?)] = [
            ("shrinking", shrinking(kg: value("loss_kg"), percent: value("loss_percent"))),
            ("exhaustion", exhaustion(value("cesd1"), value("cesd2"))),
            ("low_activity", lowActivity(value("kcal_per_week"), person?.isMale)),
            ("slowness", slowness(value("walk_s"), person?.isMale, heightCm: person?.heightCm)),
            ("weakness", weakness(value("grip_kg"), person?.isMale, bodyMassIndex: person?.bodyMassIndex)),
        ]
        let (met, missing) = (criteria.count { $0.met == true }, criteria.filter { $0.met == nil }.map(\.name))
        var scores = criteria.map { criterion in
            Score(
                exam, criterion.name, criterion.met.map { $0 ? 1 : 0 },
                label: criterion.met.map { $0 ? "met" : "not met" },
                missing: criterion.met == nil ? [criterion.name] : [], rule: "fried2001", hasChange: false)
        }
        var total = Score(
            exam, "criteria", missing.isEmpty ? Double(met) : nil, label: missing.isEmpty ? phenotype(met) : nil,
            missing: missing, rule: "fried2001, ≥ 3 frail", hasChange: false)
        if !missing.isEmpty {
            let (low, high) = (phenotype(met), phenotype(met + missing.count))
            total.possible = "\(met) to \(met + missing.count) criteria"
            total.label = low == high ? low : "\(low) or \(high)"
            if low == "robust" && high == "frail" { total.label = "robust to frail" }
        }
        scores.append(total)
        return scores
    }

    static func phenotype(_ criteria: Int) -> String {
        criteria >= 3 ? "frail" : criteria >= 1 ? "pre-frail" : "robust"
    }

    /// More than ten pounds or at least 5 % in a year, not on purpose.
    static func shrinking(kg: Double?, percent: Double?) -> Bool? {
        if kg.map({ $0 > tenPounds }) == true || percent.map({ $0 >= 5 }) == true { return true }
        return kg == nil && percent == nil ? nil : false
    }

    /// Either item on three days or more.
    static func exhaustion(_ first: Double?, _ second: Double?) -> Bool? {
        if [first, second].contains(where: { $0.map { $0 >= 2 } == true }) { return true }
        return first == nil || second == nil ? nil : false
    }

    static func lowActivity(_ kcal: Double?, _ isMale: Bool?) -> Bool? {
        guard let kcal, let isMale else { return nil }
        return kcal < (isMale ? 383 : 270)
    }

    /// Time for 15 feet (4.572 m): 7 s or more for the shorter, 6 s for the taller.
    static func slowness(_ seconds: Double?, _ isMale: Bool?, heightCm: Double?) -> Bool? {
        guard let seconds else { return nil }
        if seconds.isInfinite { return true }
        guard let isMale, let heightCm else { return nil }
        return seconds >= (heightCm <= (isMale ? 173 : 159) ? 7 : 6)
    }

    /// The best grip, at or below a cut that rises with body-mass index; gaps between its classes are closed upwards.
    static func weakness(_ kg: Double?, _ isMale: Bool?, bodyMassIndex: Double?) -> Bool? {
        guard let kg else { return nil }
        if kg.isInfinite { return true }
        guard let isMale, let bodyMassIndex else { return nil }
        let cuts: [(Double, Double)] =
            isMale
            ? [(24, 29), (26, 30), (28, 30), (.infinity, 32)] : [(23, 17), (26, 17.3), (29, 18), (.infinity, 21)]
        return cuts.first { bodyMassIndex <= $0.0 }.map { kg <= $0.1 }
    }

    /// Balance, walk and chair stands, 0 to 4 each.
    static func sppb(_ exam: Assessment) -> [Score] {
        let scale = ItemScale.sppb
        func value(_ item: String) -> Double? { exam.value(scale, item) }
        func held(_ item: String) -> Double? { value(item).map { $0.isInfinite ? 0 : $0 } }
        let balance = Self.balance(held("balance_side_s"), held("balance_semi_s"), held("balance_tandem_s"))
        let walk = Self.walk(value("walk_s"), distance: value("walk_distance_m"))
        let chair = value("chair_s").map { Self.chair($0) }
        let parts: [(String, Int?, [String])] = [
            ("balance", balance, ["balance_side_s", "balance_semi_s", "balance_tandem_s"]),
            ("walk", walk, ["walk_s", "walk_distance_m"]), ("chair", chair, ["chair_s"]),
        ]
        let missing = parts.filter { $0.1 == nil }.map(\.0)
        let rule = "sppb, cuts of 3 and 4 m; 6.20 and 60 s unverified"
        return parts.map { name, points, items in
            Score(
                exam, name, points.map(Double.init), missing: points == nil ? items.filter { value($0) == nil } : [],
                rule: rule, hasChange: false)
        } + [
            Score(
                exam, "total", missing.isEmpty ? Double(parts.compactMap(\.1).reduce(0, +)) : nil, missing: missing,
                rule: rule)
        ]
    }

    /// Feet side by side, half behind and one behind the other; a stance that was not held ends it.
    static func balance(_ side: Double?, _ semi: Double?, _ tandem: Double?) -> Int? {
        guard let side else { return nil }
        if side < 10 { return 0 }
        guard let semi else { return nil }
        if semi < 10 { return 1 }
        return tandem.map { 2 + ($0 >= 10 ? 2 : $0 >= 3 ? 1 : 0) }
    }

    /// The walk by cuts that belong to its distance, 3 or 4 m; `nil` for others.
    static func walk(_ seconds: Double?, distance: Double?) -> Int? {
        guard let seconds else { return nil }
        if seconds.isInfinite { return 0 }
        let cuts: (Double, Double, Double)
        switch distance {
        case 4: cuts = (4.82, 6.20, 8.70)
        case 3: cuts = (3.62, 4.65, 6.52)
        default: return nil
        }
        return seconds < cuts.0 ? 4 : seconds <= cuts.1 ? 3 : seconds <= cuts.2 ? 2 : 1
    }

    /// Five chair stands.
    static func chair(_ seconds: Double) -> Int {
        seconds > 60 ? 0 : seconds <= 11.19 ? 4 : seconds <= 13.69 ? 3 : seconds <= 16.69 ? 2 : 1
    }

    /// The fastest walk at usual pace, m/s.
    static func gaitSpeed(_ exam: Assessment, _ settings: ScoreSettings) -> [Score] {
        let scale = ItemScale.gaitSpeed
        let times = (1...3).compactMap { exam.value(scale, "time\($0)_s") }
        let best = times.filter(\.isFinite).min()
        let distance = exam.value(scale, "distance_m")
        let speed = distance.flatMap { distance in best.map { distance / $0 } }
        let isUnable = best == nil && !times.isEmpty
        let label = isUnable ? "unable" : speed.map { $0 <= settings.slowGait ? "slow" : "not slow" }
        let missing = [distance == nil ? "distance_m" : nil, times.isEmpty ? "time1_s" : nil].compactMap { $0 }
        return [
            Score(
                exam, "speed_m_per_s", speed, label: label, missing: missing,
                rule: "distance / best time, slow ≤ \(significant(settings.slowGait, 3))")
        ]
    }

    /// The strongest effort, kg.
    static func grip(_ exam: Assessment, _ person: SubjectFacts?, _ settings: ScoreSettings) -> [Score] {
        let efforts = exam.values.filter { !$0.isNaN }
        let best = efforts.filter(\.isFinite).max()
        let cut = person?.isMale.map { $0 ? settings.gripCut.cuts.men : settings.gripCut.cuts.women }
        var label: String?
        if let best, let cut { label = best < cut ? "weak" : "not weak" }
        if best == nil && !efforts.isEmpty { label = "unable" }
        return [
            Score(
                exam, "max_kg", best, label: label, missing: efforts.isEmpty ? ["1"] : [],
                rule: "best effort, weak below \(settings.gripCut.rawValue) kg (men, women)")
        ]
    }
}
