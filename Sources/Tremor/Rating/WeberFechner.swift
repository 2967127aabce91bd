import Glibc
import Records

/// The law that joins a clinical rating of tremor, R from 0 to 4, with its amplitude T: log10 T = α R + β [Elble2006, Elble2018].
///
/// A rating is a logarithm: one point is a factor 10^α of amplitude, 3.2 at α = 0.5. The law is of a group; an estimate for one
/// person is a way to see an amplitude on a clinical scale, not a rating.
public struct WeberFechner: Sendable, Equatable {
    /// The name to select it by.
    public let name: String
    /// The slope, or the range of slopes that laboratories found.
    public let alpha: ClosedRange<Double>
    /// The amplitude at rating 0, log10; `nil` where the source gives slopes alone, which tell changes only.
    public let beta: Double?
    /// The amplitude's unit.
    public let unit: Unit
    /// The source.
    public let source: String

    /// Units of amplitude.
    public enum Unit: String, Sendable {
        case centimeters = "cm"
        case degrees = "deg"
    }

    /// A law with coefficients of one's own.
    public init(
        name: String, alpha: ClosedRange<Double>, beta: Double?, unit: Unit = .centimeters, source: String
    ) {
        precondition(alpha.lowerBound > 0, "a stronger tremor has a higher rating")
        (self.name, self.alpha, self.beta, self.unit, self.source) = (name, alpha, beta, unit, source)
    }

    /// Upper limb, displacement [Elble2018]: rounded coefficients over studies, T in cm.
    public static let usual = WeberFechner(name: "elble2018", alpha: 0.5...0.5, beta: -2, source: "Elble2018")

    /// All laws with published coefficients.
    public static let all = [
        usual,
        WeberFechner(name: "elble2006-rest", alpha: 0.441...0.488, beta: nil, source: "Elble2006"),
        WeberFechner(name: "elble2006-postural", alpha: 0.266...0.577, beta: nil, source: "Elble2006"),
        WeberFechner(name: "elble2006-spiral", alpha: 0.355...0.574, beta: nil, source: "Elble2006"),
        WeberFechner(name: "elble2006-writing", alpha: 0.414...0.441, beta: nil, source: "Elble2006"),
        WeberFechner(name: "elble2006-finger-nose", alpha: 0.306...0.306, beta: nil, source: "Elble2006"),
        WeberFechner(name: "elble2016-head", alpha: 0.47...0.47, beta: -1.8, source: "Elble2016"),
        WeberFechner(
            name: "elble2016-head-rotation", alpha: 0.64...0.64, beta: -1.4, unit: .degrees, source: "Elble2016"),
    ]

    /// The law of a name.
    public static func named(_ name: String) -> WeberFechner? { all.first { $0.name == name } }

    /// The slope taken for the estimate: the middle of the range.
    public var middleAlpha: Double { (alpha.lowerBound + alpha.upperBound) / 2 }

    /// The rating of an amplitude, from 0 to 4; `nil` where the law has no β or the amplitude is not a number.
    public func rating(of amplitude: Double) -> Double? {
        guard let beta, amplitude >= 0 else { return nil }
        return Self.clamped(amplitude == 0 ? 0 : (log10(amplitude) - beta) / middleAlpha)
    }

    /// The rating of an amplitude with the interval that the amplitude's own gives; `nil` where the law has no β.
    public func rating(of amplitude: UncertainValue) -> (value: Double, ci95: (low: Double, high: Double))? {
        guard let value = rating(of: amplitude.value), let beta else { return nil }
        // Where slopes differ, each end of the interval takes the slope that moves it out.
        let ends = [amplitude.low, amplitude.high].flatMap { end in
            [alpha.lowerBound, alpha.upperBound].map { Self.clamped(end > 0 ? (log10(end) - beta) / $0 : 0) }
        }
        return (value, (ends.min()!, ends.max()!))
    }

    /// Points of rating that a factor of amplitude is, without clamp: log10 of it over α, and the range over the slopes.
    public func points(ofRatio ratio: Double) -> (value: Double, range: ClosedRange<Double>)? {
        guard ratio > 0, ratio.isFinite else { return nil }
        let log = log10(ratio)
        let ends = [log / alpha.lowerBound, log / alpha.upperBound]
        return (log / middleAlpha, ends.min()!...ends.max()!)
    }

    private static func clamped(_ rating: Double) -> Double { min(4, max(0, rating)) }

    /// The law as JSON.
    public var json: JSONValue {
        [
            "name": .string(name), "alpha": JSONValue([alpha.lowerBound, alpha.upperBound]), "beta": JSONValue(beta),
            "unit": .string(unit.rawValue), "source": .string(source),
        ]
    }
}
