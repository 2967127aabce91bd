import Glibc
import Records

/// Finger tapping from an accelerometer on the index finger: each closing of the fingers is an impact [Habets2023].
///
/// An impact is short: it stands out of the second difference of the acceleration over 10 ms, which has 27 times as much of 30 Hz as of
/// the 5 Hz at which fingers move, whatever the sensor's direction and gravity's.
public struct FingerTapping: Sendable, Equatable {
    /// The rhythm of the impacts. Its amplitudes are relative: see `relativeAmplitudes`.
    public let rhythm: RepeatedMovement
    /// How large each opening was, in no unit, of openings that are no pauses: the SD of the acceleration in the middle 60 % of the
    /// interval times the interval squared. A movement that keeps its shape and becomes k times as large has k times this value, at any
    /// rate. Turning in gravity adds to it: good for a change within a recording, not for a size.
    public var relativeAmplitudes: [Double] { rhythm.amplitudes ?? [] }
    /// The same of every interval from one tap to the next; `nil` in pauses and where an interval has too few samples.
    public let openings: [Double?]
    /// From the last tap to the end of the recording, s: someone who stops early shows here, not in the rate.
    public let silentAtEndS: Double
    /// The second difference of an impact, that which 1 % of the samples are above, over the median.
    public let contrast: Double
    /// The weakest tap over the height that a tap has to have, 1 or more: near 1 weaker taps may have been missed.
    public let weakest: Double

    /// Impacts are at least this far apart, s.
    static let shortestInterval = 0.09
    /// Below this rate samples miss impacts of 10 ms, Hz: at 64 Hz one in six simulated ones.
    static let lowestRate = 90.0
    /// An impact's second difference is at least this many times the median: movement without impacts, such as tremor, stays below 2.
    static let leastContrast = 3.0

    /// The taps of a recording.
    ///
    /// - Parameters:
    ///   - axes: x, y and z in m/s² at a constant rate, without a sample missing.
    ///   - startS: when the first sample was, s; times of taps are counted from the same 0.
    /// - Throws: where the rate is too low, a sample is missing, or fewer than four impacts stand out.
    public init(
        acceleration axes: [[Double]], sampleRateHz: Double, startS: Double = 0,
        criteria: RepeatedMovement.Criteria = RepeatedMovement.Criteria()
    ) throws(RecordingError) {
        precondition(axes.count == 3 && Set(axes.map(\.count)).count == 1, "three axes of equal length")
        guard sampleRateHz.isFinite, sampleRateHz >= Self.lowestRate else {
            throw .rateTooLow(rate: sampleRateHz, needed: Self.lowestRate)
        }
        let count = axes[0].count
        guard Double(count) >= 2 * sampleRateHz else { throw .tooFewSamples(count) }
        guard axes.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
            throw .noValidWindow("a sample is missing during finger tapping")
        }
        let sharpness = Self.sharpness(axes, sampleRateHz)
        let median = Median.of(sharpness)
        let typical = Quantile.of(sharpness, 0.99) ?? 0
        guard typical > Self.leastContrast * median, typical > 0 else {
            throw .noValidWindow("no impacts of a finger stand out")
        }
        // Impacts become weaker with decrement; between them sharpness stays near its median.
        let level = max(0.12 * typical, 2.5 * median)
        let peaks = Self.peaks(sharpness, above: level, apart: Self.shortestInterval * sampleRateHz)
        let found = Self.withoutOpenings(peaks)
        let taps = found.map(\.place)
        let times = taps.map { startS + $0 / sampleRateHz }
        guard let plain = RepeatedMovement(timesS: times, criteria: criteria) else {
            throw .noValidWindow("fewer than four taps of a finger stand out")
        }
        let limit = criteria.pauseFactor * plain.medianIntervalS
        openings = zip(taps, taps.dropFirst()).map { from, to in
            (to - from) / sampleRateHz > limit ? nil : Self.size(axes, from, to, sampleRateHz)
        }
        let sizes = openings.compactMap { $0 }
        rhythm = RepeatedMovement(timesS: times, amplitudes: sizes, criteria: criteria) ?? plain
        silentAtEndS = (Double(count - 1) - taps[taps.count - 1]) / sampleRateHz
        contrast = median > 0 ? typical / median : .infinity
        weakest = (found.map(\.height).min() ?? 0) / level
    }

    /// The length of the acceleration's second difference over ±10 ms, m/s², root mean square over 40 ms.
    private static func sharpness(_ axes: [[Double]], _ rate: Double) -> [Double] {
        let count = axes[0].count
        let step = max(1, Int((0.01 * rate).rounded()))
        var sums = [Double](repeating: 0, count: count + 1)
        for place in 0..<count {
            var square = 0.0
            if place >= step && place + step < count {
                for axis in axes {
                    let change = axis[place + step] - 2 * axis[place] + axis[place - step]
                    square += change * change
                }
            }
            sums[place + 1] = sums[place] + square
        }
        let reach = max(1, Int((0.02 * rate).rounded()))
        return (0..<count).map { place in
            let (first, end) = (max(0, place - reach), min(count, place + reach + 1))
            return max(0, (sums[end] - sums[first]) / Double(end - first)).squareRoot()
        }
    }

    /// A peak of the sharpness.
    private struct Peak {
        /// Samples from the first.
        var place: Double
        /// Its height, m/s².
        var height: Double
    }

    /// Peaks without those of the opening fingers: lower than 0.4 of both neighbours, and these no further apart than one interval. A soft
    /// tap is as low, but without it there would be a hole of two intervals. The first and the last have one neighbour.
    private static func withoutOpenings(_ peaks: [Peak]) -> [Peak] {
        func isLow(_ place: Int) -> Bool {
            [place - 1, place + 1].allSatisfy {
                !peaks.indices.contains($0) || peaks[place].height < 0.4 * peaks[$0].height
            }
        }
        let low = peaks.indices.map(isLow)
        let high = peaks.indices.filter { !low[$0] }.map { peaks[$0].place }
        guard high.count >= 4 else { return peaks }
        let usual = Median.of(zip(high, high.dropFirst()).map { $1 - $0 })
        return peaks.indices.compactMap { place in
            guard low[place] else { return peaks[place] }
            if place == 0 || place == peaks.count - 1 {
                let near = peaks[place == 0 ? 1 : place - 1].place
                return abs(near - peaks[place].place) < 0.75 * usual ? nil : peaks[place]
            }
            return peaks[place + 1].place - peaks[place - 1].place < 1.5 * usual ? nil : peaks[place]
        }
    }

    /// Peaks above a level, the highest first, none nearer to a higher one than `apart`; places between samples, in order.
    private static func peaks(_ values: [Double], above level: Double, apart: Double) -> [Peak] {
        var candidates: [Int] = []
        for place in 1..<(values.count - 1)
        where values[place] >= level && values[place] > values[place - 1] && values[place] >= values[place + 1] {
            candidates.append(place)
        }
        let reach = Int(apart.rounded(.up))
        var isTaken = [Bool](repeating: false, count: values.count)
        var kept: [Int] = []
        for place in candidates.sorted(by: { values[$0] != values[$1] ? values[$0] > values[$1] : $0 < $1 }) {
            guard !isTaken[place] else { continue }
            kept.append(place)
            for near in max(0, place - reach)...min(values.count - 1, place + reach) { isTaken[near] = true }
        }
        return kept.sorted().map { place in
            let (a, b, c) = (values[place - 1], values[place], values[place + 1])
            let bend = a - 2 * b + c
            return Peak(place: bend < 0 ? Double(place) + (a - c) / (2 * bend) : Double(place), height: b)
        }
    }

    private static func size(_ axes: [[Double]], _ from: Double, _ to: Double, _ rate: Double) -> Double? {
        let first = Int((from + 0.2 * (to - from)).rounded(.up))
        let end = Int((to - 0.2 * (to - from)).rounded(.down)) + 1
        guard end - first >= 3 else { return nil }
        var variance = 0.0
        for axis in axes {
            let mean = axis[first..<end].reduce(0, +) / Double(end - first)
            variance += axis[first..<end].reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(end - first)
        }
        let interval = (to - from) / rate
        return variance.squareRoot() * interval * interval
    }

    /// The taps as JSON members.
    public var members: [JSONValue.Member] {
        rhythm.members + [
            .init("silent_at_end_s", .number(silentAtEndS)), .init("impact_contrast", .number(contrast)),
            .init("weakest_tap_over_level", .number(weakest)),
        ]
    }
}
