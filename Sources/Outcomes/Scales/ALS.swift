import Records

/// Scores of amyotrophic lateral sclerosis: ALSFRS-R [Cedarbaum1999], its rates, and vital capacity.
enum ALS {
    /// Days in a month, as 365.25 / 12 [Labra2016].
    static let daysPerMonth = 30.4375

    /// Totals and sub-scores of a visit; of 5a and 5b the one that applies counts as 5.
    static func alsfrs(_ exam: Assessment) -> [Score] {
        let scale = ItemScale.alsfrsR
        func value(_ item: Int) -> Double? {
            guard item == 5 else { return exam.value(scale, "\(item)") }
            return exam.value(scale, "5") ?? exam.value(scale, "5a") ?? exam.value(scale, "5b")
        }
        let parts = [
            ("bulbar", 1...3), ("fine_motor", 4...6), ("gross_motor", 7...9), ("respiratory", 10...12),
            ("total", 1...12),
        ]
        return parts.map { name, range in
            let missing = range.filter { value($0) == nil }.map { "\($0)" }
            let sum = range.compactMap(value).reduce(0, +)
            return Score(exam, name, missing.isEmpty ? sum : nil, missing: missing, rule: "sum")
        }
    }

    /// What is wrong with item 5: rated by more than one of its variants.
    static func problems(_ exams: [Assessment]) -> TableProblems {
        var problems = TableProblems()
        for exam in exams where ["5", "5a", "5b"].count(where: { exam.value(.alsfrsR, $0) != nil }) > 1 {
            problems.add(
                exam.line, "item",
                "the assessment of \(exam.code) that begins here rates item 5 by more than one of 5, 5a, 5b")
        }
        return problems
    }

    /// Points lost a month from onset to the first visit: (48 − total) / months. A day that is not known is the 15th.
    static func deltaFS(total: Double, onset: PartialDate, baseline: CalendarDate) -> (value: Double, isAssumed: Bool)?
    {
        let isMonth = onset.day == nil && onset.earliest.parts.month == onset.latest.parts.month
        guard let day = onset.day ?? (isMonth ? CalendarDate(dayNumber: onset.earliest.dayNumber + 14) : nil) else {
            return nil
        }
        let months = Double(baseline.dayNumber - day.dayNumber) / daysPerMonth
        return months > 0 ? ((48 - total) / months, onset.day == nil) : nil
    }

    /// The rate before the trial of every patient whose onset the subjects' table has.
    static func rates(_ totals: [Score], onsets: [String: PartialDate]) -> [Score] {
        firstVisits(totals).compactMap { first in
            guard let onset = onsets[first.code] else { return nil }
            var score = Score(
                code: first.code, visit: first.visit, date: first.date, name: "delta_fs", value: nil,
                rule: "(48 − total) / months of 30.4375 days; classes unverified")
            score.hasChange = false
            guard let total = first.value, let date = first.date,
                let rate = deltaFS(total: total, onset: onset, baseline: date)
            else {
                score.missing =
                    first.date == nil ? ["date of the visit"] : first.value == nil ? ["total"] : ["month of onset"]
                return score
            }
            score.value = rate.value
            score.label = rate.value < 0.5 ? "slow" : rate.value <= 1 ? "intermediate" : "fast"
            if rate.isAssumed { score.missing = ["day of onset, taken as the 15th"] }
            return score
        }
    }

    /// The slope of each patient's values, points a month by least squares: descriptive, and only from three visits over
    /// `months`; the estimate of a trial is a mixed model (`engraft analyze`).
    static func slopes(_ scores: [Score], name: String, months: Double) -> [Score] {
        var byCode: [String: [Score]] = [:]
        for score in scores where score.value != nil { byCode[score.code, default: []].append(score) }
        return byCode.sorted { $0.key < $1.key }.map { code, own in
            let dates = own.compactMap(\.date)
            let first = dates.map(\.dayNumber).min() ?? 0
            let times = own.map { score -> Double in
                guard dates.count == own.count, let date = score.date else { return score.visit ?? 0 }
                return Double(date.dayNumber - first) / daysPerMonth
            }
            let values = own.compactMap(\.value)
            let span = (times.max() ?? 0) - (times.min() ?? 0)
            var score = Score(
                code: code, visit: nil, name: name, value: nil,
                rule: "least squares, ≥ 3 visits, ≥ \(significant(months, 3)) months; descriptive")
            score.hasChange = false
            guard own.count >= 3, span >= months else {
                score.missing = ["\(own.count) visits over \(fixed(span, 1)) months"]
                return score
            }
            let (meanTime, mean) = (times.reduce(0, +) / Double(own.count), values.reduce(0, +) / Double(own.count))
            let cross = zip(times, values).map { ($0 - meanTime) * ($1 - mean) }.reduce(0, +)
            score.value = cross / times.map { ($0 - meanTime) * ($0 - meanTime) }.reduce(0, +)
            return score
        }
    }

    /// Vital capacity of a visit: the best effort in percent of predicted, from enough efforts.
    static func svc(_ exam: Assessment, _ settings: ScoreSettings) -> [Score] {
        let efforts = exam.values.filter { !$0.isNaN }
        let isEnough = efforts.count >= settings.svcEfforts
        return [
            Score(
                exam, "percent_predicted", isEnough ? efforts.max() : nil,
                missing: isEnough ? [] : ["\(efforts.count) of \(settings.svcEfforts) efforts"],
                rule: "best of ≥ \(settings.svcEfforts) efforts, count unverified")
        ]
    }

    private static func firstVisits(_ totals: [Score]) -> [Score] {
        var first: [String: Score] = [:]
        for score in totals.sorted(by: { ($0.visit ?? 0) < ($1.visit ?? 0) })
        where first[score.code] == nil || (score.visit ?? 0) == 0 {
            first[score.code] = score
        }
        return first.values.sorted { $0.code < $1.code }
    }
}
