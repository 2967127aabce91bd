import Records

/// Scores of dyskinesia, non-motor symptoms and quality of life.
enum Questionnaires {
    /// UDysRS: parts of 11, 4, 7 and 4 items; historical is I + II, objective III + IV [Goetz2008UDysRS].
    static func udysrs(_ exam: Assessment) -> [Score] {
        let scale = ItemScale.udysrs
        let parts = [("part_1", 1...11), ("part_2", 12...15), ("part_3", 16...22), ("part_4", 23...26)]
        let sums = [("historical", 1...15), ("objective", 16...26), ("total", 1...26)]
        return (parts + sums).map { name, range in sum(name, range.map { "\($0)" }, exam, scale) }
    }

    /// A sum of items that are all there.
    static func sum(_ name: String, _ items: [String], _ exam: Assessment, _ scale: ItemScale) -> Score {
        let missing = exam.missing(scale, items)
        let value = items.compactMap { exam.value(scale, $0) }.reduce(0, +)
        var score = Score(exam, name, missing.isEmpty ? value : nil, missing: missing, rule: "sum")
        if !missing.isEmpty, missing.count < items.count { score.observedSum = value }
        return score
    }

    /// NMSS: severity × frequency in nine domains; a severity of 0 is 0 whatever the frequency. Items a domain from memory.
    static func nmss(_ exam: Assessment) -> [Score] {
        let scale = ItemScale.nmss
        func product(_ item: Int) -> Double? {
            guard let severity = exam.value(scale, "\(item)s") else { return nil }
            return severity == 0 ? 0 : exam.value(scale, "\(item)f").map { severity * $0 }
        }
        func score(_ name: String, _ items: ClosedRange<Int>) -> Score {
            let missing = items.filter { product($0) == nil }.map { "\($0)" }
            let value = missing.isEmpty ? items.compactMap(product).reduce(0, +) : nil
            return Score(exam, name, value, missing: missing, rule: "severity × frequency, no proration")
        }
        var scores: [Score] = []
        var first = 1
        for (place, count) in [2, 4, 6, 3, 3, 3, 3, 2, 4].enumerated() {
            scores.append(score("domain_\(place + 1)", first...(first + count - 1)))
            first += count
        }
        return scores + [score("total", 1...30)]
    }

    /// PDQ-39: eight dimensions as 100 · sum / (4 n), the summary index is their mean; higher is worse [Peto1995].
    static func pdq39(_ exam: Assessment) -> [Score] {
        let scale = ItemScale.pdq39
        let sizes = [10, 6, 6, 4, 3, 4, 3, 3]
        var scores: [Score] = []
        var first = 1
        for (place, count) in sizes.enumerated() {
            var score = sum("dimension_\(place + 1)", (first..<(first + count)).map { "\($0)" }, exam, scale)
            score.value = score.value.map { 100 * $0 / Double(4 * count) }
            score.rule = "100 sum / (4 n)"
            scores.append(score)
            first += count
        }
        let values = scores.compactMap(\.value)
        let index = values.count == 8 ? values.reduce(0, +) / 8 : nil
        scores.append(
            Score(exam, "si", index, missing: scores.flatMap(\.missing), rule: "mean of 8 dimensions, none imputed"))
        return scores
    }

    /// Hoehn and Yahr's stage: ordered, not measured, so that changes are steps and have no mean.
    static func hoehnYahr(_ exam: Assessment) -> [Score] {
        let value = exam.value(.hoehnYahr, "hy")
        let isHalf = value.map { $0 != $0.rounded() } ?? false
        let version = exam.version.isEmpty ? (isHalf ? "modified" : "version not said") : exam.version
        return [
            Score(
                exam, "stage", value, state: exam.state == .none ? nil : exam.state.rawValue,
                missing: exam.missing(.hoehnYahr, ["hy"]), rule: "ordinal, \(version)", hasChange: false)
        ]
    }

    /// Scales of single items: the value is the score.
    static func single(_ exam: Assessment, _ scale: ItemScale, _ names: [(String, String)], hasChange: Bool) -> [Score]
    {
        names.compactMap { item, name in
            guard let place = scale.place(item), exam.isSeen[place] else { return nil }
            let value = exam.value(scale, item)
            return Score(
                exam, name, value, missing: exam.missing(scale, [item]), rule: "as rated", hasChange: hasChange)
        }
    }
}
