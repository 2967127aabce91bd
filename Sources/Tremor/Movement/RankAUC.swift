/// The area under the receiver operating characteristic, by ranks [MannWhitney1947].
public enum RankAUC {
    /// The probability that a positive has a higher score than a negative, ties counted half: 0.5 is chance, 1 is perfect.
    ///
    /// Infinite scores are ranked as such. `nil` where there are no positives, no negatives, or a score is NaN.
    public static func area(scores: [Double], isPositive: [Bool]) -> Double? {
        precondition(scores.count == isPositive.count, "every score has a label")
        guard !scores.contains(where: \.isNaN) else { return nil }
        let positives = isPositive.count { $0 }
        let negatives = isPositive.count - positives
        guard positives > 0, negatives > 0 else { return nil }
        let order = scores.indices.sorted { scores[$0] < scores[$1] }
        // Twice the sum of the positives' ranks from 1, as a whole number; those with the same score share their mean.
        var twiceRankSum = 0
        var first = 0
        while first < order.count {
            var end = first
            while end < order.count && scores[order[end]] == scores[order[first]] { end += 1 }
            for place in first..<end where isPositive[order[place]] { twiceRankSum += first + 1 + end }
            first = end
        }
        let twiceWins = twiceRankSum - positives * (positives + 1)
        return Double(twiceWins) / 2 / Double(positives) / Double(negatives)
    }
}
