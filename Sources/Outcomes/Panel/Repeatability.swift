import Glibc

/// How far two scans of an unchanged patient differ: the within-subject coefficient of variation and where it is from.
///
/// Preferred in this order: test-retest on the same scanner, change in the trial's own control arm / √2, literature.
public struct Repeatability: Sendable, Equatable {
    /// Within-subject coefficient of variation, 0.087 for 8.7 %.
    public let wCV: Double
    /// Where it was measured, as the study file says.
    public let source: String

    /// A repeatability; `wCV` must be positive.
    public init(wCV: Double, source: String) {
        precondition(wCV > 0 && wCV.isFinite, "a coefficient of variation is positive")
        (self.wCV, self.source) = (wCV, source)
    }

    /// The SD of one measurement on the log scale: √ln(1 + wCV²).
    public var sigmaLn: Double { log(1 + wCV * wCV).squareRoot() }

    /// The change that 95 % of unchanged patients stay within, on the log scale: 1.96 √2 σ.
    public var limitLn: Double { normalQuantile975 * 2.0.squareRoot() * sigmaLn }
}

/// The 97.5 % point of the normal distribution, to the two decimals that the published limits use.
let normalQuantile975 = 1.96

/// Where a change lies beside its repeatability limit.
public enum ChangeFlag: String, Sendable, Equatable {
    case up
    case down
    /// Not beyond what two scans of an unchanged patient differ by.
    case within = "within error"
}

/// A change between two visits on the log scale, where relative gains and losses count alike.
public struct LogChange: Sendable, Equatable {
    /// ln U₁ − ln U₀.
    public let dln: Double
    /// The SD of `dln` if nothing changed; `nil` without a repeatability.
    public let sigma: Double?

    /// A change with its standard deviation.
    public init(dln: Double, sigma: Double?) { (self.dln, self.sigma) = (dln, sigma) }

    /// The change from one value to another; both must be positive.
    ///
    /// - Parameters:
    ///   - standardErrors: of the two values; where one is larger than the repeatability, relative to its value, it counts.
    public init(
        from before: Double, to after: Double, repeatability: Repeatability?,
        standardErrors: (Double?, Double?) = (nil, nil)
    ) {
        precondition(before > 0 && after > 0, "a log change needs positive values")
        dln = log(after) - log(before)
        sigma = repeatability.map { r in
            let first = max(r.sigmaLn, (standardErrors.0 ?? 0) / before)
            let second = max(r.sigmaLn, (standardErrors.1 ?? 0) / after)
            return (first * first + second * second).squareRoot()
        }
    }

    /// The change in percent: 100 (eᵈˡⁿ − 1).
    public var percent: Double { 100 * expm1(dln) }
    /// The change in units of its SD.
    public var z: Double? { sigma.map { dln / $0 } }
    /// The percent changes at the limits of what is within error, below and above.
    public var limitPercent: (below: Double, above: Double)? {
        sigma.map { (100 * expm1(-normalQuantile975 * $0), 100 * expm1(normalQuantile975 * $0)) }
    }
    /// `up` or `down` beyond the limit; `nil` without a repeatability.
    public var flag: ChangeFlag? {
        sigma.map { dln > normalQuantile975 * $0 ? .up : dln < -normalQuantile975 * $0 ? .down : .within }
    }

    /// The difference of two changes, as of putamen and caudate; `correlation` is that of their errors.
    public func difference(from other: LogChange, correlation: Double = 0) -> LogChange {
        guard let first = sigma, let second = other.sigma else { return LogChange(dln: dln - other.dln, sigma: nil) }
        let variance = first * first + second * second - 2 * correlation * first * second
        return LogChange(dln: dln - other.dln, sigma: max(variance, 0).squareRoot())
    }

    /// The difference of two changes whose errors are independent.
    public static func - (a: LogChange, b: LogChange) -> LogChange { a.difference(from: b) }

    /// The 95 % interval of the ratio eᵈˡⁿ.
    public var ratioInterval95: (Double, Double)? {
        sigma.map { (exp(dln - normalQuantile975 * $0), exp(dln + normalQuantile975 * $0)) }
    }
}
