import Records

/// A definition of the freezing index: the power of leg movement in a "freeze" band over that in a "locomotor" band.
///
/// When gait freezes, the legs tremble at 3 to 8 Hz where steps would be at 0.5 to 3 Hz [Moore2008]. Published definitions differ in
/// window, taper, bands and in whether the ratio is squared; none says what becomes of a bin on the border of two bands. Here a
/// band is the bins f with low ≤ f < high, so that no bin counts twice.
public struct FreezingMethod: Sendable, Equatable {
    /// How a window is weighted before its spectrum is taken.
    public enum Window: Sendable, Equatable {
        /// Not at all.
        case rectangular
        /// Hann.
        case hann
        /// The mean over Slepian tapers of a bandwidth NW [Thomson1982].
        case slepian(timeBandwidth: Double, tapers: Int)
    }

    /// What is made of the ratio of the bands' power.
    public enum Scale: String, Sendable {
        /// The ratio.
        case ratio
        /// ln(100 · ratio²).
        case logarithm = "ln(100 ratio^2)"
    }

    /// The name to select it by.
    public var name: String
    /// Length of a window, s.
    public var windowS: Double
    /// From one window to the next, s.
    public var stepS: Double
    /// The taper.
    public var window: Window
    /// What is taken away from a window first.
    public var detrend: Detrend
    /// The band of steps, Hz; the upper end is not in it.
    public var locomotorHz: Range<Double>
    /// The band of freezing, Hz; the upper end is not in it.
    public var freezeHz: Range<Double>
    /// The index's scale.
    public var scale: Scale
    /// Ratios that a moving mean is over; an odd number, 1 for none.
    public var smoothing: Int
    /// The index above which gait is frozen; `nil` where the source gives none, and then there are no episodes.
    public var threshold: Double?
    /// The source.
    public var source: String

    /// A definition.
    public init(
        name: String, windowS: Double, stepS: Double, window: Window = .rectangular, detrend: Detrend = .mean,
        locomotorHz: Range<Double> = 0.5..<3, freezeHz: Range<Double> = 3..<8, scale: Scale = .ratio,
        smoothing: Int = 1, threshold: Double?, source: String
    ) {
        precondition(
            windowS > 0 && stepS > 0 && smoothing > 0 && smoothing % 2 == 1, "windows move, means have a middle")
        (self.name, self.windowS, self.stepS, self.window, self.detrend) = (name, windowS, stepS, window, detrend)
        (self.locomotorHz, self.freezeHz, self.scale) = (locomotorHz, freezeHz, scale)
        (self.smoothing, self.threshold, self.source) = (smoothing, threshold, source)
    }
}

extension FreezingMethod {
    /// 6 s, the squared ratio of areas, times 100, in logarithms; threshold 2.3 [Moore2008].
    public static let moore2008 = FreezingMethod(
        name: "moore2008", windowS: 6, stepS: 0.25, scale: .logarithm, threshold: 2.3, source: "Moore2008")
    /// 5 s, bands 0-3 and 3-8 Hz, the ratio; threshold 3, that of the paper's figure 2 [Moore2013].
    public static let moore2013 = FreezingMethod(
        name: "moore2013", windowS: 5, stepS: 0.25, locomotorHz: 0..<3, threshold: 3, source: "Moore2013")
    /// 4 s every 0.5 s, the ratio; threshold 1.5 [Bachlin2010].
    public static let bachlin2010 = FreezingMethod(
        name: "bachlin2010", windowS: 4, stepS: 0.5, threshold: 1.5, source: "Bachlin2010")
    /// 2 s, the ratio; threshold 1.47 [Zach2015]. The paper calls its index a ratio; a program that is used as a reference squares
    /// it and takes logarithms, on which scale 1.47 would call two thirds of walking frozen.
    public static let zach2015 = FreezingMethod(
        name: "zach2015", windowS: 2, stepS: 0.25, threshold: 1.47, source: "Zach2015")
    /// 3 s, Hann, freeze band from 3.5 Hz; no threshold [Cockx2023].
    public static let cockx2023 = FreezingMethod(
        name: "cockx2023", windowS: 3, stepS: 0.25, window: .hann, freezeHz: 3.5..<8, scale: .logarithm,
        threshold: nil, source: "Cockx2023")
    /// 5 s, the mean over four Slepian tapers with NW = 2.5, without trend, moving mean over five ratios [Schaer2025]. The paper's
    /// program takes the last taper alone; here it is the mean, as the paper says. The threshold is Bächlin's, for the same ratio.
    public static let multitaper = FreezingMethod(
        name: "multitaper", windowS: 5, stepS: 5.0 / 32, window: .slepian(timeBandwidth: 2.5, tapers: 4),
        detrend: .linear, smoothing: 5, threshold: 1.5, source: "Schaer2025")

    /// All published definitions.
    public static let all = [moore2008, moore2013, bachlin2010, zach2015, cockx2023, multitaper]

    /// The definition of a name.
    public static func named(_ name: String) -> FreezingMethod? { all.first { $0.name == name } }

    /// The definition as JSON.
    public var json: JSONValue {
        [
            "name": .string(name), "window_s": .number(windowS), "step_s": .number(stepS),
            "locomotor_hz": JSONValue([locomotorHz.lowerBound, locomotorHz.upperBound]),
            "freeze_hz": JSONValue([freezeHz.lowerBound, freezeHz.upperBound]), "scale": .string(scale.rawValue),
            "smoothing": .integer(smoothing), "threshold": JSONValue(threshold), "source": .string(source),
        ]
    }
}
