import Records

/// The mean density of a recording's windows, summed over the axes, with the interval of each bin.
///
/// The interval is that of the chi-square distribution [Welch1967]. Its degrees of freedom are those of the scatter between batches
/// of time, so that neither overlap nor tremor that waxes and wanes makes it too narrow, and at most three times Welch's number for
/// windows that overlap, which noise of equal strength along three axes has. Of fewer than six windows no scatter is known: then
/// they are Welch's number, that of power along one axis, and the interval is rather too wide.
public struct AverageSpectrum: Sendable {
    /// Distance of two bins, Hz; the first is 0 Hz. Bins reach to 25 Hz, or to half of the rate where that is less.
    public var binHz: Double
    /// Density, (m/s²)²/Hz.
    public var density: [Double]
    /// Ends of the 95 % interval.
    public var low, high: [Double]
    /// Degrees of freedom, of each bin.
    public var degreesOfFreedom: [Double]
    /// Windows that it is the mean of.
    public var windows: Int
    /// Whether they are the windows with tremor; otherwise there are none, and they are all that were analysed.
    public var isOfTremor: Bool

    /// The bins' frequencies, Hz.
    public var frequenciesHz: [Double] { density.indices.map { Double($0) * binHz } }

    /// The spectrum as JSON, numbers with six digits.
    public var json: JSONValue {
        [
            "of": .string(isOfTremor ? "windows with tremor" : "all windows"), "windows": .integer(windows),
            "start_hz": 0, "step_hz": .number(binHz), "power_m2_s4_per_hz": Self.list(density),
            "ci95_low_m2_s4_per_hz": Self.list(low), "ci95_high_m2_s4_per_hz": Self.list(high),
        ]
    }

    private static func list(_ values: [Double]) -> JSONValue {
        .array(values.map { .number(Double(significant($0, 6)) ?? $0) })
    }
}
