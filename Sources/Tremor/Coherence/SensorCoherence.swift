/// How two sensors are compared; every value is printed with the result.
public struct CoherenceSettings: Sendable, Equatable {
    /// Length of a segment, s: bins are one over it apart.
    public var segmentS = 4.0
    /// Where the tremor's peak is looked for, and the band along whose movement sensors are compared, Hz.
    public var bandHz = 3.0...12.0
    /// How the two clocks belong together.
    public var clock = PairClock.civil
    /// What is added to the second sensor's times, s, where its clock is known to be off.
    public var shiftS = 0.0

    /// The usual settings.
    public init() {}
}

/// Coherence and phase of two sensors, each along the direction in which it moves most within the band.
///
/// Both are put on one clock at the higher of their true rates by a cubic spline, which turns no phase, over the time in which both
/// have samples and were worn; no segment touches a gap of either. Averages over Hann segments at half overlap; see `Coherence` for
/// intervals and bias. A sensor's direction has no sign, so that a phase is known up to half a turn.
public struct SensorCoherence: Sendable {
    /// One of the two sensors.
    public struct Sensor: Sendable {
        /// What its file says about itself.
        public var header: RecordingHeader
        /// Its true rate, Hz.
        public var sampleRateHz: Double
        /// From its first to its last sample, s.
        public var durationS: Double
        /// The highest peak of its summed mean spectrum in the band, Hz.
        public var peakHz: Double
        /// How far that stands out: its height over the median of its surroundings.
        public var prominence: Double
        /// The direction in which it moves most within the band, length 1.
        public var direction: SIMD3<Double>
        /// The share of its movement in the band that lies along it, 0 to 1.
        public var directionShare: Double
        /// Density along it, (m/s²)²/Hz, a value a bin.
        public var density: [Double]
    }

    /// The two sensors.
    public var sensors: [Sensor]
    /// The coherence along both directions.
    public var coherence: Coherence
    /// The frequency at which the mean of both spectra, each relative to its power in the band, has its highest peak, Hz. Chosen from
    /// what each sensor does alone, so that the significance level stays what it is.
    public var peakHz: Double
    /// What is known at the bin nearest to it.
    public var atPeak: Coherence.Point
    /// From the slope of the phase around it; `nil` where none can be given.
    public var delay: Coherence.Delay?
    /// Time that both have, and time in segments, s.
    public var commonS: Double
    /// See `commonS`.
    public var analysedS: Double
    /// Segments.
    public var segments: Int
    /// The common rate, Hz, and the length of a segment, s.
    public var rateHz: Double
    /// See `rateHz`.
    public var segmentS: Double
    /// What it was measured with.
    public var settings: CoherenceSettings
    /// What was found and done, one sentence each.
    public var flags: [String]

    /// With fewer segments the level of significance is above 0.35 and an interval holds nearly everything.
    public static let fewestSegments = 10
    /// How much an estimate at the peak is too high on average.
    public var bias: Double { (1 - atPeak.value) * (1 - atPeak.value) / coherence.independentSegments }
    /// Whether the phase at the peak, which is known up to half periods, says the same delay as the phase's slope, within both
    /// intervals. Where it does not, there is no single delay: two tremors, noise that both share, or a phase that is no delay.
    /// `nil` without a slope.
    public var delayAgrees: Bool? {
        delay.map { delay in
            let half = 0.5 / atPeak.frequencyHz
            let difference = delay.seconds - atPeak.delayWithinPeriodS
            let apart = abs(difference - half * (difference / half).rounded())
            return apart <= delay.halfWidth95 + atPeak.delayHalfWidth95S + Self.delayRoundingS
        }
    }

    /// What is left of a slope's systematic error where there is no noise, s.
    private static let delayRoundingS = 0.0005
    /// How far 1 ms between the clocks turns the phase at the peak, degrees.
    public var degreesPerMs: Double { 0.36 * atPeak.frequencyHz }
}

/// Compares two sensors.
///
/// - Parameters:
///   - names: what the sensors are called in flags.
///   - progress: called with the share of the work that is done, 0 to 1.
public func sensorCoherence(
    of first: any RecordingSource, and second: any RecordingSource, settings: CoherenceSettings = CoherenceSettings(),
    names: (String, String) = ("first sensor", "second sensor"), progress: (Double) -> Void = { _ in }
) throws(PairError) -> SensorCoherence {
    try checkDates(first.header, second.header, settings)
    let originS = first.header.startEpochS ?? 0
    let a = try PairError.inFirst { () throws(RecordingError) in
        try SurveyedSensor(first, settings.clock, originS: originS, shiftS: 0)
    }
    let b = try PairError.inSecond { () throws(RecordingError) in
        try SurveyedSensor(second, settings.clock, originS: originS, shiftS: settings.shiftS)
    }
    progress(0.3)
    let common = CommonTime(a, b)
    guard common.durationS > 0 else { throw .noCommonTime(gapS: common.gapS) }
    var pass = try PairPass(a, b, common, settings, names: names)
    return try pass.result(progress)
}

private func checkDates(
    _ first: RecordingHeader, _ second: RecordingHeader, _ settings: CoherenceSettings
) throws(PairError) {
    guard settings.clock == .civil else { return }
    guard first.startEpochS != nil else { throw .noDate(isFirst: true) }
    guard second.startEpochS != nil else { throw .noDate(isFirst: false) }
    guard first.isUTC == second.isUTC else { throw .oneIsUTC(isFirst: first.isUTC) }
}

extension PairError {
    static func inFirst<R>(_ body: () throws(RecordingError) -> R) throws(PairError) -> R {
        do throws(RecordingError) { return try body() } catch { throw .first(error) }
    }

    static func inSecond<R>(_ body: () throws(RecordingError) -> R) throws(PairError) -> R {
        do throws(RecordingError) { return try body() } catch { throw .second(error) }
    }
}
