import Glibc

/// What was found in one window. A week has 300,000 of them: 56 bytes each.
public struct TremorWindow: Sendable, Equatable {
    /// What a window's highest peak in the band is.
    public enum Verdict: UInt8, Sendable, CaseIterable {
        /// Tremor.
        case tremor
        /// It does not stand out of its surroundings, or is the slope of something outside the band.
        case faint
        /// It is too wide: movement without a rhythm.
        case broad
        /// It is a multiple of a stronger, slower movement, such as the swing of an arm in walking.
        case harmonic
        /// The tremor of the windows nearby is off in its middle.
        case betweenBursts
    }

    /// What the limb did.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// Not decided.
        case uncertain
        /// At rest, or held in a posture: one sensor alone cannot tell.
        case still
        /// At rest.
        case rest
        /// Held in a posture that is not that of rest.
        case postural
        /// In voluntary movement.
        case kinetic
        /// In a posture in which tremor set in after a delay.
        case reEmergent

        /// Its name in tables.
        public var name: String {
            switch self {
            case .uncertain: "uncertain"
            case .still: "still"
            case .rest: "rest"
            case .postural: "postural"
            case .kinetic: "kinetic"
            case .reEmergent: "re-emergent"
            }
        }
    }

    /// When it begins, s after the recording's first sample.
    public var startS: Double
    /// Its highest peak in the band, Hz.
    public var peakHz: Float
    /// Peak-to-peak displacement, cm: where the window is tremor, the median of its envelope while tremor is on; elsewhere
    /// that of the power around the peak.
    public var peakToPeakCm: Float
    /// The standard error that noise of the surroundings' density gives `peakToPeakCm`, cm.
    public var standardErrorCm: Float = .nan
    /// Peak-to-peak angle about the tremor's axis, degrees; NaN without a gyroscope.
    public var angleDegrees: Float = .nan
    /// The share of the window's middle with tremor on, 0 to 1.
    public var tremorShare: Float
    /// How far the peak stands out: its height over the median of its surroundings.
    public var prominence: Float
    /// The peak's width at half its power, Hz.
    public var widthHz: Float
    /// Power around twice the peak's frequency over that around the peak.
    public var harmonicRatio: Float = .nan
    /// Slow movement, root mean square of acceleration from 0.5 to 2.5 Hz outside the peak, m/s².
    public var movement: Float = .nan
    /// Where up is in the sensor's axes, in 1/32767.
    var up: (Int16, Int16, Int16) = (0, 0, 0)
    /// How far that turns within the window, degrees, at most 255.
    var turnDegrees: UInt8 = 0
    /// Whether the peak is tremor.
    public var verdict: Verdict
    /// What the limb did.
    public var kind = Kind.uncertain
    /// How sure that is, %.
    public var kindPercent: UInt8 = 0
    /// Whether samples stand at the sensor's limit: the amplitude is a lower bound.
    public var isClipped = false

    /// Whether the limb was neither moved nor known to be held in a posture: what counts for the constancy of rest tremor.
    public var isAtRest: Bool { kind == .rest || kind == .still }

    /// Whether it has tremor.
    public var isTremor: Bool { verdict == .tremor }

    /// Whether two windows have the same place, peak, displacement and verdict.
    public static func == (a: TremorWindow, b: TremorWindow) -> Bool {
        a.startS == b.startS && a.peakHz == b.peakHz && a.peakToPeakCm == b.peakToPeakCm && a.verdict == b.verdict
            && a.tremorShare == b.tremorShare && a.isClipped == b.isClipped && a.up == b.up
    }

    /// A direction, of which only 16 bits a component are kept.
    mutating func setUp(_ direction: SIMD3<Double>) {
        let length = (direction * direction).sum().squareRoot()
        guard length > 0, length.isFinite else { return }
        let scaled = direction * (32767 / length)
        up = (Int16(scaled.x.rounded()), Int16(scaled.y.rounded()), Int16(scaled.z.rounded()))
    }

    /// Where up is in the sensor's axes, length 1; zero where it is not known.
    public var upDirection: SIMD3<Double> {
        let v = SIMD3(Double(up.0), Double(up.1), Double(up.2))
        let length = (v * v).sum().squareRoot()
        return length > 0 ? v / length : v
    }
}
