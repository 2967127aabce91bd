import Glibc

/// A measured value with its 95 % interval, read as a distribution whose median is the value and whose 2.5th and 97.5th
/// percentiles are the ends of the interval.
///
/// Below and above the median it is half of a normal distribution each, with its own SD, of the value's logarithm for
/// amplitudes and of the value itself for percentages. An interval that lies evenly about the value gives one normal distribution.
public struct UncertainValue: Sendable, Equatable {
    /// The scale on which the halves are normal.
    public enum Scale: Sendable, Equatable {
        /// Amplitudes: errors are factors.
        case logarithm
        /// Percentages of time.
        case plain
    }

    /// The value, and the median of the distribution.
    public let value: Double
    /// The 95 % interval.
    public let low: Double
    /// The 95 % interval.
    public let high: Double
    /// The scale on which the halves are normal.
    public let scale: Scale

    /// 97.5th percentile of the standard normal distribution.
    static let z95 = 1.959963984540054

    /// A value and its 95 % interval; `nil` where they are not finite, below 0, or the value is not inside the interval.
    ///
    /// An interval of an amplitude that begins at 0 has no logarithm there: its upper half is taken for both sides.
    public init?(_ value: Double, ci95: (low: Double, high: Double), scale: Scale = .logarithm) {
        guard value.isFinite, ci95.low.isFinite, ci95.high.isFinite, ci95.low >= 0, ci95.low <= value,
            value <= ci95.high, scale == .plain || value > 0
        else { return nil }
        (self.value, self.low, self.high, self.scale) = (value, ci95.low, ci95.high, scale)
    }

    /// The value on its scale.
    var center: Double { scale == .logarithm ? log(value) : value }

    /// SD of the half below the median, on its scale.
    public var lowerSD: Double {
        switch scale {
        case .logarithm: low > 0 ? log(value / low) / Self.z95 : upperSD
        case .plain: (value - low) / Self.z95
        }
    }

    /// SD of the half above the median, on its scale.
    public var upperSD: Double {
        (scale == .logarithm ? log(high / value) : high - value) / Self.z95
    }

    /// The probability of a value below `edge`, 0 to 1: one half where the edge is the median itself.
    public func probability(below edge: Double) -> Double {
        if scale == .logarithm && edge <= 0 { return 0 }
        let distance = (scale == .logarithm ? log(edge) : edge) - center
        // An edge that is the value itself splits it, with an interval of no width too.
        if edge == value || distance == 0 { return 0.5 }
        let sd = distance < 0 ? lowerSD : upperSD
        if sd == 0 { return distance < 0 ? 0 : 1 }
        return StandardNormal.cumulative(distance / sd)
    }
}

/// The normal distribution of mean 0 and SD 1.
enum StandardNormal {
    /// The probability of a value below z, by erfc, so that both tails keep their digits.
    static func cumulative(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }
}
