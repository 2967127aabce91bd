import Glibc
import Records

/// Turning the forearm to and fro as fast as possible, from a gyroscope or, without one, from the direction of gravity.
///
/// The axis is the direction in which the angular rate varies most; a length of vectors is never taken, since it has twice the rate.
public struct PronationSupination: Sendable, Equatable {
    /// What it was measured with.
    public enum Source: String, Sendable {
        case gyroscope
        case accelerometer
    }

    /// A turn in one direction, from reversal to reversal.
    public struct Turn: Sendable, Equatable {
        /// The reversal that it begins with, s.
        public let startS: Double
        /// To the next reversal, s.
        public let durationS: Double
        /// How far it turns, degrees; the sign is its direction.
        public let angleDeg: Double
        /// Its highest rate, degrees a second, without sign.
        public let peakRateDegPerS: Double
    }

    /// What it was measured with.
    public let source: Source
    /// Single turns in order of time, those of `rhythm`'s amplitudes; none from an accelerometer.
    public let turns: [Turn]
    /// The rhythm of whole turns to and fro. Amplitudes are those of single turns in degrees, from reversal to reversal; none from an
    /// accelerometer, whose direction of gravity is bent by the acceleration of the turns: 3 cm from the axis that is half of gravity
    /// at ±60° twice a second.
    public let rhythm: RepeatedMovement
    /// The median angle of a turn, degrees, from reversal to reversal; `nil` from an accelerometer, and where a turn is impossible.
    public let amplitudeDeg: Double?
    /// The median of the turns' highest rates, degrees a second; `nil` as `amplitudeDeg` is.
    public let peakRateDegPerS: Double?
    /// The share of all turning that is about the axis, 0 to 1: low where the arm does something else. From an accelerometer the share of
    /// the acceleration's variance in the direction that was used.
    public let axisShare: Double
    /// The axis in the sensor's frame, a unit vector whose largest part is positive; `nil` from an accelerometer.
    public let axis: SIMD3<Double>?

    /// A turn is at least this large, rad (10°): less is tremor or noise.
    static let smallestTurn = 10 * Double.pi / 180
    /// Below this rate reversals are not seen, Hz.
    static let lowestRate = 20.0

    /// Turns from angular rates about x, y and z, rad/s, at a constant rate and without a sample missing; `startS` is when the
    /// first sample was.
    ///
    /// Throws where the rate is too low, a sample is missing, or there are fewer than four turns to and fro.
    public init(
        angularRate axes: [[Double]], sampleRateHz: Double, startS: Double = 0,
        criteria: RepeatedMovement.Criteria = RepeatedMovement.Criteria()
    ) throws(RecordingError) {
        try Self.check(axes, sampleRateHz)
        let all = axes[0].indices
        guard let principal = PrincipalAxis(of: axes, in: all) else {
            throw .noValidWindow("the forearm does not turn")
        }
        var rate = principal.projection(of: axes, in: all)
        // A sensor's offset is no turning; what turns to and fro ends where it began.
        let offset = rate.reduce(0, +) / Double(rate.count)
        for place in rate.indices { rate[place] -= offset }
        let swings = try Self.swings(rate, sampleRateHz)
        (source, axisShare, axis) = (.gyroscope, principal.share, principal.direction)
        rhythm = try Self.rhythm(swings, sampleRateHz, startS, criteria, hasAngles: true)
        turns = swings.map { swing in
            Turn(
                startS: startS + swing.start / sampleRateHz, durationS: (swing.end - swing.start) / sampleRateHz,
                angleDeg: swing.angle * 180 / Double.pi, peakRateDegPerS: swing.peakRate * 180 / Double.pi)
        }
        let isPossible = turns.allSatisfy { abs($0.angleDeg) <= Self.largestTurnDeg }
        amplitudeDeg = isPossible ? Median.of(turns.map { abs($0.angleDeg) }) : nil
        peakRateDegPerS = isPossible ? Median.of(turns.map(\.peakRateDegPerS)) : nil
    }

    /// No wrist turns further from one reversal to the next, degrees: numbers beyond are in another unit than was taken.
    public static let largestTurnDeg = 360.0

    /// The largest turn where it is impossible, degrees: angles and rates are then withheld. What compares turns with each other, such
    /// as the decrement, does not depend on the unit.
    public var impossibleTurnDeg: Double? {
        turns.map { abs($0.angleDeg) }.max().flatMap { $0 > Self.largestTurnDeg ? $0 : nil }
    }

    /// Turns from accelerations along x, y and z, m/s², gravity included, at a constant rate and without a sample missing: gravity's part
    /// across the forearm changes its sign twice in a turn to and fro, as long as that turns by less than 180° to a side.
    ///
    /// Throws as above, and where there is no gravity in the signal.
    public init(
        acceleration axes: [[Double]], sampleRateHz: Double, startS: Double = 0,
        criteria: RepeatedMovement.Criteria = RepeatedMovement.Criteria()
    ) throws(RecordingError) {
        try Self.check(axes, sampleRateHz)
        let all = axes[0].indices
        guard Self.meanLength(axes) > AccelerationUnit.standardGravity / 2 else {
            throw .noValidWindow("turning without a gyroscope needs an acceleration with gravity in it")
        }
        guard let principal = PrincipalAxis(of: axes, in: all) else {
            throw .noValidWindow("the forearm does not turn")
        }
        let wave = Self.withoutDrift(principal.projection(of: axes, in: all), sampleRateHz)
        let level = AngularSwings.level(of: wave)
        // 15 % of what ±10° are.
        guard level > 0.15 * AccelerationUnit.standardGravity * sin(Self.smallestTurn) else {
            throw .noValidWindow("the forearm does not turn")
        }
        let halves = Self.withoutRest(
            AngularSwings(wave, sampleRateHz: sampleRateHz, level: level, shortest: 0.1 * sampleRateHz)
                .whole(count: wave.count))
        (source, axisShare, axis, turns) = (.accelerometer, principal.share, nil, [])
        rhythm = try Self.rhythm(halves, sampleRateHz, startS, criteria, hasAngles: false)
        (amplitudeDeg, peakRateDegPerS) = (nil, nil)
    }

    private static func check(_ axes: [[Double]], _ rate: Double) throws(RecordingError) {
        precondition(axes.count == 3 && Set(axes.map(\.count)).count == 1, "three axes of equal length")
        guard rate.isFinite, rate >= lowestRate else { throw .rateTooLow(rate: rate, needed: lowestRate) }
        guard Double(axes[0].count) >= 2 * rate else { throw .tooFewSamples(axes[0].count) }
        guard axes.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
            throw .noValidWindow("a sample is missing during turning of the forearm")
        }
    }

    private static func meanLength(_ axes: [[Double]]) -> Double {
        axes[0].indices.reduce(0) { sum, place in
            sum + axes.reduce(0) { $0 + $1[place] * $1[place] }.squareRoot()
        } / Double(axes[0].count)
    }

    private static func swings(_ rate: [Double], _ hz: Double) throws(RecordingError) -> [AngularSwings.Swing] {
        let found = AngularSwings(
            rate, sampleRateHz: hz, level: AngularSwings.level(of: rate), shortest: 0.1 * hz)
        let turns = found.whole(count: rate.count).filter { abs($0.angle) >= smallestTurn }
        guard turns.count >= 8 else {
            throw .noValidWindow("there are fewer than four turns of the forearm to and fro")
        }
        return turns
    }

    /// Turns to and fro begin with the swings of one direction, that of the first.
    private static func rhythm(
        _ swings: [AngularSwings.Swing], _ hz: Double, _ startS: Double, _ criteria: RepeatedMovement.Criteria,
        hasAngles: Bool
    ) throws(RecordingError) -> RepeatedMovement {
        let places = swings.indices.filter { swings[$0].angle * swings[0].angle > 0 }
        let starts = places.map { startS + swings[$0].start / hz }
        let angles = hasAngles ? swings.map { abs($0.angle) * 180 / Double.pi } : nil
        // A pause lies between two swings: those before and after it are no part of it.
        let rests = zip(places, places.dropFirst()).map { from, to -> ClosedRange<Double> in
            let gaps = (from..<to).map { (swings[$0].end, max(swings[$0].end, swings[$0 + 1].start)) }
            let longest = gaps.max { $0.1 - $0.0 < $1.1 - $1.0 } ?? (swings[to].start, swings[to].start)
            return (startS + longest.0 / hz)...(startS + longest.1 / hz)
        }
        guard starts.count > 1,
            let rhythm = RepeatedMovement(timesS: starts, amplitudes: angles, rests: rests, criteria: criteria)
        else {
            throw .noValidWindow("there are fewer than four turns of the forearm to and fro")
        }
        return rhythm
    }

    /// A signal's mean over 100 ms less its mean over 1.5 s: without the shaking of the hand and without its slow changes of posture.
    private static func withoutDrift(_ signal: [Double], _ hz: Double) -> [Double] {
        let sums = signal.reduce(into: [0.0]) { $0.append($0[$0.count - 1] + $1) }
        func mean(_ place: Int, _ reach: Int) -> Double {
            let (first, end) = (max(0, place - reach), min(signal.count, place + reach + 1))
            return (sums[end] - sums[first]) / Double(end - first)
        }
        let (near, far) = (Int((0.05 * hz).rounded()), Int((0.75 * hz).rounded()))
        return signal.indices.map { mean($0, near) - mean($0, far) }
    }

    /// Swings without those that the mean over 1.5 s makes of rest beside turning: longer by half than the shortest of the two swings before
    /// and the two after, and less than 0.6 of the highest of these. Turns that become smaller and slower do so by less from one to
    /// the next.
    private static func withoutRest(_ swings: [AngularSwings.Swing]) -> [AngularSwings.Swing] {
        swings.indices.compactMap { place in
            let near = swings[max(0, place - 2)..<min(swings.count, place + 3)]
            let highest = near.reduce(0) { max($0, $1.peakRate) }
            let shortest = near.reduce(Double.infinity) { min($0, $1.end - $1.start) }
            let swing = swings[place]
            return swing.peakRate < 0.6 * highest && swing.end - swing.start > 1.5 * shortest ? nil : swing
        }
    }

    /// The turns as JSON members.
    public var members: [JSONValue.Member] {
        [.init("source", .string(source.rawValue))] + rhythm.members + [
            .init("amplitude_deg", JSONValue(amplitudeDeg)),
            .init("peak_rate_deg_s", JSONValue(peakRateDegPerS)), .init("axis_share", .number(axisShare)),
            .init(
                "withheld",
                impossibleTurnDeg.map {
                    .string(
                        "a turn of \(significantText($0))° is impossible: the unit of the angular rate is another one")
                } ?? .null),
        ]
    }
}
