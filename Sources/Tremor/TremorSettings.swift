import Records

/// How tremor is looked for and measured; every value is printed with the result.
public struct TremorSettings: Sendable {
    /// Length of a window, s.
    public var windowS = 4.0
    /// From one window's start to the next's, s.
    public var hopS = 2.0
    /// Where a peak may be, Hz: rest tremor is 3-7, action tremor to 12.
    public var bandHz = 3.0...12.0
    /// Half of the width around the peak whose power is the tremor's, Hz [Timmermans2025].
    public var halfWidthHz = 1.25
    /// A window has tremor where its peak is at least this many times its surroundings. Of windows of white noise on three axes
    /// 3.1 % reach 5, 0.7 % reach 6 and 0.15 % reach 7 (20000 windows of 4 s).
    public var prominence = 7.0
    /// A peak wider than this at half its power is movement, not tremor, Hz.
    public var widestPeakHz = 2.0
    /// A peak below this frequency that is higher than the one in the band is a movement, Hz. A peak in the band within
    /// `harmonicToleranceHz` of 2 to 6 times its frequency is the movement's, not tremor.
    public var movementBelowHz = 2.5
    /// See `movementBelowHz`.
    public var harmonicToleranceHz = 0.3
    /// Distance from the sensor to the joint it turns about, for the bound on gravity's share, m.
    public var leverM = 0.25
    /// What the patient was asked to do; `nil` where not known.
    public var task: Task?
    /// Slow movement above this is voluntary, m/s² (root mean square, 0.5 to 2.5 Hz). A turn by 50 (deg/s)² at 1 Hz, the
    /// published limit of rest for gyroscopes [Timmermans2025], moves gravity by as much.
    public var movementLimit = 0.2
    /// Whether gravity may correct offset and gain of the sensor, where it lay still in enough orientations.
    public var calibrates = true

    /// What a patient is asked to do.
    public enum Task: String, Sendable, CaseIterable {
        case rest, postural, kinetic
    }

    /// The usual settings.
    public init() {}

    /// Samples of a window: the product of 2, 3, 5, 7, 11 and 13 that is nearest to its time, since a transform of 395 = 5 · 79
    /// samples takes ten times as long as one of 396.
    func windowLength(at rateHz: Double) -> Int {
        let wanted = max(16, Int((windowS * rateHz).rounded()))
        return (0...wanted).lazy.map { ($0 % 2 == 0 ? 1 : -1) * (($0 + 1) / 2) + wanted }.first { length in
            var rest = length
            for prime in [2, 3, 5, 7, 11, 13] { while rest % prime == 0 && rest > 1 { rest /= prime } }
            return rest == 1 && length >= 16
        } ?? wanted
    }

    /// Samples from one window's start to the next's.
    func hopLength(at rateHz: Double) -> Int { max(1, Int((hopS * rateHz).rounded())) }

    /// The settings as JSON members.
    public var members: [JSONValue.Member] {
        [
            .init("window_s", .number(windowS)), .init("hop_s", .number(hopS)),
            .init("band_hz", JSONValue([bandHz.lowerBound, bandHz.upperBound])),
            .init("half_width_hz", .number(halfWidthHz)),
            .init("prominence", .number(prominence)), .init("widest_peak_hz", .number(widestPeakHz)),
            .init("movement_below_hz", .number(movementBelowHz)),
            .init("harmonic_tolerance_hz", .number(harmonicToleranceHz)),
            .init("lever_m", .number(leverM)), .init("calibrate", .bool(calibrates)),
            .init("task", JSONValue(task?.rawValue)), .init("movement_limit_m_s2", .number(movementLimit)),
        ]
    }
}
