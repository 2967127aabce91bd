import Glibc

/// From stamped samples to stretches of constant rate: nothing is invented across a gap, nothing dropped unsaid.
struct TimeBase {
    /// Two stamps further apart than this many samples are a gap.
    static let gapSamples = 3.0
    /// Stamps within this share of a sample of an even clock are taken as rounded, not as irregular.
    static let evenTolerance = 0.1
    /// Stamps are often whole milliseconds.
    static let roundingS = 0.001

    private(set) var flags: [String] = []

    /// Cuts samples at gaps and puts each stretch on an even clock.
    ///
    /// - Parameters:
    ///   - times: s, one a sample, increasing after `ordered`.
    ///   - axes: three columns of acceleration.
    mutating func segments(_ times: [Double], _ axes: [[Double]]) throws(RecordingError) -> (
        [Recording.Segment], [Recording.Gap]
    ) {
        guard times.count >= 8 else { throw .tooFewSamples(times.count) }
        var steps = zip(times.dropFirst(), times).map { $0 - $1 }
        let typical = Median.inPlace(&steps)
        guard typical > 0 else { throw .notIncreasing }
        var (starts, gaps): ([Int], [Recording.Gap]) = ([0], [])
        for place in 1..<times.count where times[place] - times[place - 1] > Self.gapSamples * typical {
            starts.append(place)
            gaps.append(.init(startS: times[place - 1] - times[0], durationS: times[place] - times[place - 1]))
        }
        var found: [Recording.Segment] = []
        var (resampled, short) = (0, 0)
        for (start, end) in zip(starts, starts.dropFirst() + [times.count]) {
            guard end - start >= 8 else {
                short += end - start
                continue
            }
            let isWhole = end - start == times.count
            let clock = isWhole ? times : Array(times[start..<end])
            let rate = Double(end - start - 1) / (clock[clock.count - 1] - clock[0])
            let isEven = Self.isEven(clock, rate)
            if !isEven { resampled += 1 }
            let columns = axes.map { axis -> [Double] in
                let values = isWhole ? axis : Array(axis[start..<end])
                return isEven ? values : CubicSpline.values(clock, values, at: clock.indices.map { clock[0] + Double($0) / rate })
            }
            found.append(.init(startS: clock[0] - times[0], sampleRateHz: rate, acceleration: columns))
        }
        if resampled > 0 {
            flags.append(
                "time stamps are irregular; \(resampled) of \(found.count) stretches were put on an even clock by a cubic spline"
            )
        }
        if short > 0 { flags.append("\(short) samples in stretches shorter than 8 samples were left out") }
        guard !found.isEmpty else { throw .tooFewSamples(times.count) }
        return (found, gaps)
    }

    /// Sorts reversed stamps and leaves out repeated ones, and says so.
    mutating func ordered(_ times: [Double], _ axes: [[Double]]) -> ([Double], [[Double]]) {
        let reversed = zip(times.dropFirst(), times).filter { $0 < $1 }.count
        let repeated = zip(times.dropFirst(), times).contains { $0 == $1 }
        guard reversed > 0 || repeated else { return (times, axes) }
        var order = Array(times.indices)
        if reversed > 0 {
            order.sort { (times[$0], $0) < (times[$1], $1) }
            flags.append("\(reversed) time stamps run backward; samples were put in order of time")
        }
        var kept: [Int] = []
        for place in order where kept.last.map({ times[$0] != times[place] }) ?? true { kept.append(place) }
        if kept.count < order.count {
            flags.append("\(order.count - kept.count) samples repeat the time of the one before and were left out")
        }
        return (kept.map { times[$0] }, axes.map { axis in kept.map { axis[$0] } })
    }

    private static func isEven(_ clock: [Double], _ rate: Double) -> Bool {
        let tolerance = max(evenTolerance / rate, roundingS)
        for place in clock.indices where abs(clock[place] - clock[0] - Double(place) / rate) > tolerance {
            return false
        }
        return true
    }
}
