import CBoost

/// The standard normal distribution.
public enum Normal {
    /// The 97.5 % point: 95 % of values lie within ± this.
    public static let quantile975 = 1.959963984540054

    /// P(Z ≤ x).
    public static func below(_ x: Double) -> Double { cboost_normal_below(x) }
    /// P(Z > x), exact also far out.
    public static func above(_ x: Double) -> Double { cboost_normal_above(x) }
    /// P(|Z| ≥ |x|).
    public static func twoSided(_ x: Double) -> Double { min(1, 2 * cboost_normal_above(abs(x))) }
    /// The point below which a share `p` lies; infinite at 0 and 1.
    public static func quantile(_ p: Double) -> Double {
        p <= 0 ? -.infinity : p >= 1 ? .infinity : cboost_normal_quantile(p)
    }
}

/// Student's t with degrees of freedom that need not be whole.
public struct StudentT: Sendable, Equatable {
    /// Degrees of freedom, above 0.
    public let degreesOfFreedom: Double

    /// A distribution; NaN comes out where `degreesOfFreedom` is not above 0.
    public init(_ degreesOfFreedom: Double) { self.degreesOfFreedom = degreesOfFreedom }

    /// P(T ≤ x).
    public func below(_ x: Double) -> Double { cboost_t_below(degreesOfFreedom, x) }
    /// P(T > x).
    public func above(_ x: Double) -> Double { cboost_t_above(degreesOfFreedom, x) }
    /// P(|T| ≥ |x|).
    public func twoSided(_ x: Double) -> Double { min(1, 2 * cboost_t_above(degreesOfFreedom, abs(x))) }
    /// The point below which a share `p` lies.
    public func quantile(_ p: Double) -> Double { cboost_t_quantile(degreesOfFreedom, p) }
}

/// Student's t about a noncentrality: what a t statistic is distributed as where there is an effect.
public struct NoncentralT: Sendable, Equatable {
    /// Degrees of freedom, above 0.
    public let degreesOfFreedom: Double
    /// The effect over its standard error.
    public let noncentrality: Double

    /// A distribution.
    public init(_ degreesOfFreedom: Double, noncentrality: Double) {
        (self.degreesOfFreedom, self.noncentrality) = (degreesOfFreedom, noncentrality)
    }

    /// P(T ≤ x).
    public func below(_ x: Double) -> Double { cboost_noncentral_t_below(degreesOfFreedom, noncentrality, x) }
    /// P(T > x).
    public func above(_ x: Double) -> Double { cboost_noncentral_t_above(degreesOfFreedom, noncentrality, x) }
}

/// Fisher's F.
public struct FisherF: Sendable, Equatable {
    /// Degrees of freedom above and below the line.
    public let numerator, denominator: Double

    /// A distribution.
    public init(_ numerator: Double, _ denominator: Double) {
        (self.numerator, self.denominator) = (numerator, denominator)
    }

    /// P(F > x).
    public func above(_ x: Double) -> Double { cboost_f_above(numerator, denominator, x) }
}

/// Chi-squared: P(X > x) with `df` degrees of freedom.
public func chiSquaredAbove(_ x: Double, df: Double) -> Double { cboost_chi_squared_above(df, x) }

/// ln Γ(x) for x > 0.
public func logGamma(_ x: Double) -> Double { cboost_log_gamma(x) }

/// The root of a function between two places where its signs differ, by the method of Alefeld, Potra and Shi (TOMS 748)
/// [AlefeldPotraShi1995]; `nil` where they do not differ.
public func root(of function: (Double) -> Double, between low: Double, and high: Double) -> Double? {
    let found = withoutActuallyEscaping(function) { function -> Double in
        final class Context {
            let body: (Double) -> Double
            init(_ body: @escaping (Double) -> Double) { self.body = body }
        }
        let context = Context(function)
        return withExtendedLifetime(context) {
            cboost_root(
                { x, context in Unmanaged<Context>.fromOpaque(context!).takeUnretainedValue().body(x) },
                Unmanaged.passUnretained(context).toOpaque(), low, high)
        }
    }
    return found.isNaN ? nil : found
}
