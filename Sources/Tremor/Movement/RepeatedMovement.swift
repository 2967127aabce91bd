import Glibc
import Records

/// The rhythm of a movement that is done again and again as fast as possible: taps, turns of the forearm.
///
/// Bradykinesia shows as a low rate, as intervals that differ, as movements that become smaller and slower from first to last, and as
/// pauses [Espay2011].
public struct RepeatedMovement: Sendable, Equatable {
    /// When an interval is a pause.
    public struct Criteria: Sendable, Equatable {
        /// An interval longer than this many times the median is a pause.
        public var pauseFactor = 2.0
        /// A pause longer than this many times the median is a freeze; our choice.
        public var freezeFactor = 4.0

        /// The usual criteria.
        public init() {}
    }

    /// An interval that is longer than others.
    public struct Pause: Sendable, Equatable {
        /// The movement it follows, or, of movements that take time themselves, its end, s.
        public let startS: Double
        /// To the next movement, s.
        public let durationS: Double
        /// Whether it is as long as a freeze.
        public let isFreeze: Bool
    }

    /// When each movement was, s after the first sample, increasing.
    public let timesS: [Double]
    /// How large movements were, in order, in any unit; `nil` where that is not known. Those about a pause may be left out.
    public let amplitudes: [Double]?
    /// The longest rest within each interval, s, where movements take time themselves; `nil` of impacts.
    public let rests: [ClosedRange<Double>]?
    /// What is a pause.
    public let criteria: Criteria

    /// A rhythm; `nil` of fewer than four movements, or where times do not increase. There are as many rests as intervals.
    public init?(
        timesS: [Double], amplitudes: [Double]? = nil, rests: [ClosedRange<Double>]? = nil,
        criteria: Criteria = Criteria()
    ) {
        precondition(rests.map { $0.count == timesS.count - 1 } ?? true, "each interval has its rest")
        guard timesS.count >= 4, zip(timesS, timesS.dropFirst()).allSatisfy({ $0 < $1 }),
            timesS.allSatisfy(\.isFinite)
        else { return nil }
        (self.timesS, self.amplitudes, self.rests, self.criteria) = (timesS, amplitudes, rests, criteria)
    }

    /// From one movement to the next, s.
    public var intervalsS: [Double] { zip(timesS, timesS.dropFirst()).map { $1 - $0 } }

    /// Movements a second from the first to the last, pauses included, Hz.
    public var rateHz: Double { Double(timesS.count - 1) / (timesS[timesS.count - 1] - timesS[0]) }

    /// The median interval, s.
    public var medianIntervalS: Double { Median.of(intervalsS) }

    /// SD over mean of the intervals that are no pauses.
    public var intervalCV: Double? {
        let limit = criteria.pauseFactor * medianIntervalS
        return Self.variation(intervalsS.filter { $0 <= limit })
    }

    /// SD over mean of the amplitudes.
    public var amplitudeCV: Double? { amplitudes.flatMap(Self.variation) }

    /// How much smaller the last third of the amplitudes is than the first, % of the first; below 0 where it is larger.
    public var decrementPercent: Double? {
        guard let amplitudes, amplitudes.count >= 6 else { return nil }
        let third = amplitudes.count / 3
        let first = amplitudes.prefix(third).reduce(0, +)
        guard first > 0 else { return nil }
        return 100 * (1 - amplitudes.suffix(third).reduce(0, +) / first)
    }

    /// How much longer the median interval of the last third is than that of the first, %; below 0 where it is shorter.
    public var slowingPercent: Double? {
        let all = intervalsS
        guard all.count >= 6 else { return nil }
        return 100 * (Median.of(Array(all.suffix(all.count / 3))) / Median.of(Array(all.prefix(all.count / 3))) - 1)
    }

    /// Intervals that are pauses, in order.
    public var pauses: [Pause] {
        let median = medianIntervalS
        return intervalsS.enumerated().compactMap { place, interval in
            guard interval > criteria.pauseFactor * median else { return nil }
            let rest = rests?[place] ?? timesS[place]...timesS[place + 1]
            return Pause(
                startS: rest.lowerBound, durationS: rest.upperBound - rest.lowerBound,
                isFreeze: interval > criteria.freezeFactor * median)
        }
    }

    private static func variation(_ values: [Double]) -> Double? {
        guard values.count >= 3 else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        guard mean > 0 else { return nil }
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(values.count - 1)).squareRoot() / mean
    }

    /// The rhythm as JSON members.
    public var members: [JSONValue.Member] {
        let pauses = pauses
        return [
            .init("movements", .integer(timesS.count)), .init("rate_hz", .number(rateHz)),
            .init("median_interval_s", .number(medianIntervalS)), .init("interval_cv", JSONValue(intervalCV)),
            .init("amplitude_cv", JSONValue(amplitudeCV)),
            .init("amplitude_decrement_percent", JSONValue(decrementPercent)),
            .init("slowing_percent", JSONValue(slowingPercent)),
            .init(
                "pauses",
                .array(
                    pauses.map {
                        [
                            "start_s": .number($0.startS), "duration_s": .number($0.durationS),
                            "freeze": .bool($0.isFreeze),
                        ]
                    })),
            .init("freezes", .integer(pauses.count { $0.isFreeze })),
        ]
    }
}
