import Glibc
import Records

/// Taps on a touch screen, on one target or two in turn.
public struct TouchTapping: Sendable, Equatable {
    /// One tap. Places are in the screen's pixels.
    public struct Tap: Sendable, Equatable {
        /// When the finger touched, s.
        public var downS: Double
        /// When it left, s; `nil` where the device does not tell.
        public var upS: Double?
        /// Where it touched.
        public var down: SIMD2<Double>
        /// Where it left.
        public var up: SIMD2<Double>?
        /// The middle of the target.
        public var target: SIMD2<Double>?

        /// A tap.
        public init(
            downS: Double, upS: Double? = nil, down: SIMD2<Double>, up: SIMD2<Double>? = nil,
            target: SIMD2<Double>? = nil
        ) {
            (self.downS, self.upS, self.down, self.up, self.target) = (downS, upS, down, up, target)
        }
    }

    /// The taps in order of time.
    public let taps: [Tap]
    /// Their rhythm, from touch to touch.
    public let rhythm: RepeatedMovement

    /// A test of taps; `nil` of fewer than four, or where a tap does not end before the next begins.
    public init?(taps: [Tap], criteria: RepeatedMovement.Criteria = RepeatedMovement.Criteria()) {
        guard taps.allSatisfy({ $0.upS.map { $0.isFinite } ?? true && ($0.upS ?? $0.downS) >= $0.downS }),
            zip(taps, taps.dropFirst()).allSatisfy({ ($0.upS ?? $0.downS) <= $1.downS }),
            let rhythm = RepeatedMovement(timesS: taps.map(\.downS), criteria: criteria)
        else { return nil }
        (self.taps, self.rhythm) = (taps, rhythm)
    }

    /// Taps over the time from the first touch to the last time the finger left, Hz: what pdkit calls frequency.
    public var tapsPerSecond: Double {
        let last = taps[taps.count - 1]
        return Double(taps.count) / ((last.upS ?? last.downS) - taps[0].downS)
    }

    /// How long the finger stays, s, mean: "akinesia time" of pdkit.
    public var dwellS: Double? { Self.mean(taps.compactMap { tap in tap.upS.map { $0 - tap.downS } }) }

    /// From one tap's end to the next touch, s.
    private var movesS: [Double] { zip(taps, taps.dropFirst()).compactMap { a, b in a.upS.map { b.downS - $0 } } }

    /// From one tap's end to the next touch, s, mean: "mean moving time".
    public var movingTimeS: Double? { Self.mean(movesS) }

    /// SD of the time from one tap's end to the next touch, s, of all moves (not n − 1): the root of pdkit's "incoordination",
    /// which is a variance.
    public var movingTimeSD: Double? {
        guard let mean = movingTimeS else { return nil }
        return Self.mean(movesS.map { ($0 - mean) * ($0 - mean) })?.squareRoot()
    }

    /// From where the finger left to where it touched next, pixels, mean.
    public var distance: Double? {
        Self.mean(zip(taps, taps.dropFirst()).compactMap { a, b in a.up.map { Self.length(b.down - $0) } })
    }

    /// From the middle of the target to the touch, pixels, mean: "dysmetria".
    public var targetError: Double? {
        Self.mean(taps.compactMap { tap in tap.target.map { Self.length(tap.down - $0) } })
    }

    private static func length(_ v: SIMD2<Double>) -> Double { (v * v).sum().squareRoot() }

    private static func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    /// The test as JSON members.
    public var members: [JSONValue.Member] {
        rhythm.members + [
            .init("taps_per_s", .number(tapsPerSecond)), .init("dwell_s", JSONValue(dwellS)),
            .init("moving_time_s", JSONValue(movingTimeS)), .init("moving_time_sd_s", JSONValue(movingTimeSD)),
            .init("distance_px", JSONValue(distance)), .init("target_error_px", JSONValue(targetError)),
        ]
    }
}
