import Glibc
import Records

/// How an amplitude changed from a baseline recording to another.
public struct AmplitudeChange: Sendable, Equatable {
    /// When a change counts.
    public struct Criteria: Sendable, Equatable {
        /// The smallest fall that is more than a person's tremor varies from one recording to the next, % of the baseline
        /// [Elble2016]; below 100. A rise has to be by the same factor, 2.9 at 66 %: errors of tremor are factors.
        public var minimumDetectablePercent = 66.0
        /// Points of rating by the law of Weber and Fechner from which a change is called important: one step of the scales, our
        /// choice.
        public var importantPoints = 1.0
        /// The law that turns a ratio into points.
        public var law = WeberFechner.usual

        /// The usual criteria.
        public init() {}
    }

    /// The amplitude at the baseline, cm.
    public let baseline: UncertainValue
    /// The amplitude of the other recording, cm.
    public let followUp: UncertainValue
    /// When a change counts.
    public let criteria: Criteria

    /// The change between two amplitudes in the same unit. Both must be on the scale of logarithms.
    public init(from baseline: UncertainValue, to followUp: UncertainValue, criteria: Criteria = Criteria()) {
        precondition(baseline.scale == .logarithm && followUp.scale == .logarithm, "a ratio needs logarithms")
        (self.baseline, self.followUp, self.criteria) = (baseline, followUp, criteria)
    }

    /// log10 of the ratio of the other amplitude to the baseline's.
    public var log10Ratio: Double { log10(followUp.value / baseline.value) }

    /// Its 95 % interval: the two recordings' errors are independent and add as squares, each on its own side.
    public var log10RatioCI95: (low: Double, high: Double) {
        let ln10 = log(10.0)
        let down = UncertainValue.z95 * hypot(followUp.lowerSD, baseline.upperSD) / ln10
        let up = UncertainValue.z95 * hypot(followUp.upperSD, baseline.lowerSD) / ln10
        return (log10Ratio - down, log10Ratio + up)
    }

    /// The change, % of the baseline: −68 % is one point less at α = 0.5.
    public var percent: Double { 100 * (followUp.value / baseline.value - 1) }

    /// Its 95 % interval.
    public var percentCI95: (low: Double, high: Double) {
        let ends = log10RatioCI95
        return (100 * (pow(10.0, ends.low) - 1), 100 * (pow(10.0, ends.high) - 1))
    }

    /// The change in points of rating, not clamped: two amplitudes that both rate 4 can still differ.
    public var points: Double? { criteria.law.points(ofRatio: followUp.value / baseline.value)?.value }

    /// Whether the interval leaves out "no change": what happened is more than the two recordings' own errors.
    public var exceedsRecordingError: Bool { log10RatioCI95.low > 0 || log10RatioCI95.high < 0 }

    /// Whether the change is larger than tremor varies by itself.
    public var exceedsMinimumDetectable: Bool {
        abs(log10Ratio) > -log10(1 - criteria.minimumDetectablePercent / 100)
    }

    /// The smallest change in the direction of this one that counts, % of the baseline: 66 for a fall, 194 for a rise.
    public var minimumDetectablePercent: Double {
        let fall = criteria.minimumDetectablePercent
        return log10Ratio > 0 ? 100 * fall / (100 - fall) : fall
    }

    /// Whether the change is more than error and more than tremor varies by itself.
    public var isReliable: Bool { exceedsRecordingError && exceedsMinimumDetectable }

    /// Whether the change is as large as the criteria's points; how sure it is, `isReliable` says.
    public var isImportant: Bool { points.map { abs($0) >= criteria.importantPoints } ?? false }

    /// The change as JSON.
    public var json: JSONValue {
        let (ratioEnds, percentEnds) = (log10RatioCI95, percentCI95)
        return [
            "baseline_cm": .number(baseline.value), "baseline_cm_ci95": JSONValue([baseline.low, baseline.high]),
            "follow_up_cm": .number(followUp.value), "follow_up_cm_ci95": JSONValue([followUp.low, followUp.high]),
            "percent_change": .number(percent),
            "percent_change_ci95": JSONValue([percentEnds.low, percentEnds.high]),
            "log10_ratio": .number(log10Ratio), "log10_ratio_ci95": JSONValue([ratioEnds.low, ratioEnds.high]),
            "rating_points": JSONValue(points),
            "minimum_detectable_change_percent": .number(criteria.minimumDetectablePercent),
            "exceeds_recording_error": .bool(exceedsRecordingError),
            "exceeds_minimum_detectable_change": .bool(exceedsMinimumDetectable),
            "reliable": .bool(isReliable), "important": .bool(isImportant),
            "important_from_points": .number(criteria.importantPoints), "law": criteria.law.json,
        ]
    }
}
