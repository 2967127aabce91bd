import Records

/// An amplitude and a share of time put beside clinical scales: what a rater who saw this would most likely write, and how sure
/// that is. It is derived from a sensor and is not a rating; items are named by code alone.
public struct RatingView: Sendable {
    /// The words that stand beside every view.
    public static let note = "sensor-derived, not a rating"

    /// The item; `nil` where site or task have none or are not known.
    public var item: RatingItem?
    /// The probabilities of the item's scores; `nil` where there is no item or the amplitude has no interval.
    public var probabilities: ScoreProbabilities?
    /// The probabilities of the scores of Fahn-Tolosa-Marín, part A.
    public var fahnTolosaMarin: ScoreProbabilities?
    /// The probabilities of the scores of 3.18; `nil` where there is no rest to look at or no interval.
    public var constancy: ScoreProbabilities?
    /// Rest that the constancy is over, s; `nil` where none was looked at.
    public var restS: Double?
    /// The rating by the law of Weber and Fechner; `nil` where no tremor was detected, since an amplitude of 0 has no logarithm.
    public var rating: (value: Double, ci95: (low: Double, high: Double))?
    /// That law.
    public var law: WeberFechner

    /// A view of what was measured.
    ///
    /// - Parameters:
    ///   - item: the item of site and task.
    ///   - amplitude: peak to peak, cm, with its interval: the largest of any 3 s, since items are scored by the largest
    ///     amplitude seen. `nil` where none was measured.
    ///   - presence: the probability that there is tremor, 0 to 1; 0 where none was detected, with or without an amplitude.
    ///   - tremorTimePercent: time with tremor, % of rest that could be looked at; non-wear and movement are not rest.
    ///   - restS: that rest, s.
    public init(
        item: RatingItem?, amplitude: UncertainValue?, presence: Double, tremorTimePercent: UncertainValue? = nil,
        restS: Double? = nil, law: WeberFechner = .usual
    ) {
        precondition((0...1).contains(presence), "a probability lies between 0 and 1")
        self.item = item
        self.law = law
        self.restS = restS
        if presence == 0 {
            probabilities = item == nil ? nil : .noTremor
            fahnTolosaMarin = .noTremor
        } else if let amplitude {
            probabilities = item.map { ScoreProbabilities(amplitude, bins: $0.bins, presence: presence) }
            fahnTolosaMarin = ScoreProbabilities(amplitude, bins: .fahnTolosaMarin, presence: presence)
            rating = law.unit == .centimeters ? law.rating(of: amplitude) : nil
        }
        if let restS, restS > 0, let tremorTimePercent {
            constancy =
                tremorTimePercent.value == 0
                ? .noTremor : ScoreProbabilities(tremorTimePercent, bins: .constancy, presence: presence)
        }
    }

    /// The view as members of a recording's JSON: `updrs`, `updrs_constancy`, `ftm`, `elble_rating`, `rating_note`.
    public var members: [JSONValue.Member] {
        [
            .init(
                "updrs",
                item.map { item in
                    [
                        "item": .string(item.code), "probabilities": Self.list(probabilities),
                        "most_probable": JSONValue(probabilities?.mostProbable),
                        "edges_cm": JSONValue(item.bins.edges),
                    ]
                } ?? .null),
            .init(
                "updrs_constancy",
                constancy == nil
                    ? .null
                    : [
                        "item": .string(RatingItem.constancyCode), "probabilities": Self.list(constancy),
                        "most_probable": JSONValue(constancy?.mostProbable), "rest_s": JSONValue(restS),
                    ]),
            .init(
                "ftm",
                fahnTolosaMarin == nil
                    ? .null
                    : [
                        "probabilities": Self.list(fahnTolosaMarin),
                        "edges_cm": JSONValue(ScoreBins.fahnTolosaMarin.edges),
                    ]),
            .init(
                "elble_rating",
                rating.map { rating in
                    [
                        "value": .number(rating.value), "ci95": JSONValue([rating.ci95.low, rating.ci95.high]),
                        "law": law.json,
                    ]
                } ?? .null),
            .init("rating_note", .string(Self.note)),
        ]
    }

    /// The members where there is nothing to put beside the items.
    public static let noMembers: [JSONValue.Member] =
        ["updrs", "updrs_constancy", "ftm", "elble_rating"].map { .init($0, .null) }
        + [.init("rating_note", .string(note))]

    private static func list(_ probabilities: ScoreProbabilities?) -> JSONValue {
        probabilities.map { JSONValue($0.values) } ?? .null
    }
}
