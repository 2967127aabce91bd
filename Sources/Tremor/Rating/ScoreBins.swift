/// The edges between the scores 1, 2, 3 and 4 of an item that is scored by a size; score 0 is no tremor at all.
///
/// The scales' texts are their owners'; here are the numbers alone. Whether a value exactly on an edge has the lower or the
/// higher score differs between items, and does not matter here: a measured value on an edge has either with probability 1/2.
public struct ScoreBins: Sendable, Equatable {
    /// Edges between 1 and 2, 2 and 3, 3 and 4, increasing, in `unit`.
    public let edges: [Double]
    /// "cm" or "%".
    public let unit: String
    /// Where the edges are from.
    public let source: String

    /// MDS-UPDRS 3.15, 3.16 and 3.17 of a limb [Goetz2008]: largest amplitude, cm.
    public static let limb = ScoreBins(edges: [1, 3, 10], unit: "cm", source: "Goetz2008")
    /// MDS-UPDRS 3.17 of lip or jaw [Goetz2008]: largest amplitude, cm.
    public static let lipOrJaw = ScoreBins(edges: [1, 2, 3], unit: "cm", source: "Goetz2008")
    /// MDS-UPDRS 3.18 [Goetz2008]: time with rest tremor, % of the examination. The scale counts in whole percent; between 25
    /// and 26 % the edge is put at 25.
    public static let constancy = ScoreBins(edges: [25, 50, 75], unit: "%", source: "Goetz2008")
    /// Fahn-Tolosa-Marín, part A [Fahn1993]: amplitude, cm.
    public static let fahnTolosaMarin = ScoreBins(edges: [0.5, 1, 2], unit: "cm", source: "Fahn1993")
}

/// How probable each score from 0 to 4 is, given a measurement and its error.
public struct ScoreProbabilities: Sendable, Equatable {
    /// The probabilities of the scores 0, 1, 2, 3 and 4; their sum is 1.
    public let values: [Double]

    /// Probabilities from a value, its interval and the bins.
    ///
    /// - Parameters:
    ///   - value: the amplitude, cm, or the share of time, %, with its interval.
    ///   - presence: the probability that there is tremor at all, 0 to 1; the rest is score 0. Where none was detected it is 0.
    public init(_ value: UncertainValue, bins: ScoreBins, presence: Double = 1) {
        precondition((0...1).contains(presence), "a probability lies between 0 and 1")
        let below = bins.edges.map { value.probability(below: $0) } + [1]
        var values = [1 - presence]
        var last = 0.0
        for share in below {
            values.append(presence * (share - last))
            last = share
        }
        self.values = values
    }

    /// No tremor was detected: score 0.
    public static let noTremor = ScoreProbabilities(values: [1, 0, 0, 0, 0])

    private init(values: [Double]) { self.values = values }

    /// The score with the highest probability; `nil` where two have it.
    public var mostProbable: Int? {
        let highest = values.max()!
        let scores = values.indices.filter { values[$0] == highest }
        return scores.count == 1 ? scores[0] : nil
    }
}
