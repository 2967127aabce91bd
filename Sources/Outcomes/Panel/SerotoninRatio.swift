import Glibc

/// G11: serotonin over dopamine transporters in the same region, which grafts with many serotonin neurons raise [Politis2011].
public struct SerotoninRatio: Sendable, Equatable {
    /// ln (BP_ND of the serotonin tracer / dopamine uptake).
    public let logRatio: Double
    /// Its standard error, by the delta method; `nil` where one of the errors is not known.
    public let standardError: Double?

    /// The ratio of two positive values; `nil` else.
    public init?(serotonin: VisitUptake.Value, dopamine: VisitUptake.Value) {
        guard serotonin.value > 0, dopamine.value > 0 else { return nil }
        logRatio = log(serotonin.value / dopamine.value)
        if let a = serotonin.standardError, let b = dopamine.standardError {
            let (first, second) = (a / serotonin.value, b / dopamine.value)
            standardError = (first * first + second * second).squareRoot()
        } else {
            standardError = nil
        }
    }

    /// The ratio.
    public var ratio: Double { exp(logRatio) }

    /// The change of the ratio since another visit, with the errors of both.
    public func change(since before: SerotoninRatio) -> LogChange {
        var sigma: Double?
        if let a = standardError, let b = before.standardError { sigma = (a * a + b * b).squareRoot() }
        return LogChange(dln: logRatio - before.logRatio, sigma: sigma)
    }
}
