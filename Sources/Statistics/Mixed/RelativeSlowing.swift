import Glibc

/// By how many percent one arm's slope is flatter than that of the reference: 100 (1 − treated / reference).
public struct RelativeSlowing: Sendable, Equatable {
    /// The estimate, %.
    public let percent: Double
    /// Fieller's 95 % interval [Fieller1954], %; `nil` where the slope of the reference is not clearly different from 0,
    /// so that no percentage of it means anything.
    public let interval95: Interval?
    /// The standard error and the interval by the delta method, %: symmetric, and too short where the reference is
    /// uncertain.
    public let deltaError: Double
    /// The interval by the delta method, %.
    public let deltaInterval95: Interval

    /// From both slopes and their covariance; normal theory.
    public init(
        reference s0: Double, treated s1: Double, varianceOfReference v00: Double, varianceOfTreated v11: Double,
        covariance v01: Double, z: Double = Normal.quantile975
    ) {
        let ratio = s1 / s0
        percent = 100 * (1 - ratio)
        let variance = v11 / (s0 * s0) + s1 * s1 * v00 / (s0 * s0 * s0 * s0) - 2 * s1 * v01 / (s0 * s0 * s0)
        deltaError = 100 * max(0, variance).squareRoot()
        deltaInterval95 = Interval(percent - z * deltaError, percent + z * deltaError)
        let (a, b, c) = (s0 * s0 - z * z * v00, s0 * s1 - z * z * v01, s1 * s1 - z * z * v11)
        let discriminant = b * b - a * c
        if a > 0, discriminant >= 0 {
            let root = discriminant.squareRoot()
            interval95 = Interval(100 * (1 - (b + root) / a), 100 * (1 - (b - root) / a))
        } else {
            interval95 = nil
        }
    }

    /// What is said where there is no interval.
    public static let unbounded = "the slope of the reference is not clearly different from 0: no percentage of it"
}
