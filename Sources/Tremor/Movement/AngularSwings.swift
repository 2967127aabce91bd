/// Turns to and fro about one axis, from the angular rate: a swing reaches from one reversal to the next.
struct AngularSwings {
    /// One turn in one direction.
    struct Swing: Equatable {
        /// The reversal it begins with, samples from the first.
        var start: Double
        /// The reversal it ends with.
        var end: Double
        /// How far it turns, rad, with its sign.
        var angle: Double
        /// Its highest rate, rad/s, without sign.
        var peakRate: Double
    }

    /// Swings in order of time.
    let swings: [Swing]

    /// The swings of an angular rate, rad/s.
    ///
    /// A swing has to reach `level` in its direction, so that noise at rest is none. A swing that is broken for less than `shortest`
    /// samples without turning back that far is one swing.
    init(_ rate: [Double], sampleRateHz: Double, level: Double, shortest: Double) {
        var found: [Swing] = []
        var place = 0
        while place < rate.count {
            guard abs(rate[place]) >= level else {
                place += 1
                continue
            }
            let sign = rate[place] < 0 ? -1.0 : 1.0
            var (first, last) = (place, place)
            while first > 0 && rate[first - 1] * sign > 0 { first -= 1 }
            while last + 1 < rate.count && rate[last + 1] * sign > 0 { last += 1 }
            found.append(Self.swing(rate, first, last, sampleRateHz))
            place = last + 1
        }
        var joined: [Swing] = []
        for swing in found {
            if let before = joined.last, before.angle * swing.angle > 0, swing.start - before.end < shortest {
                joined[joined.count - 1].end = swing.end
                joined[joined.count - 1].angle += swing.angle
                joined[joined.count - 1].peakRate = max(before.peakRate, swing.peakRate)
            } else {
                joined.append(swing)
            }
        }
        swings = joined
    }

    /// The swing whose samples have one sign from `first` to `last`; its ends are where a straight line crosses 0.
    private static func swing(_ rate: [Double], _ first: Int, _ last: Int, _ sampleRateHz: Double) -> Swing {
        var (start, end) = (Double(first), Double(last))
        var sum = 0.0
        for place in first..<last { sum += (rate[place] + rate[place + 1]) / 2 }
        if first > 0 {
            let share = rate[first] / (rate[first] - rate[first - 1])
            start -= share
            sum += share * rate[first] / 2
        }
        if last + 1 < rate.count {
            let share = rate[last] / (rate[last] - rate[last + 1])
            end += share
            sum += share * rate[last] / 2
        }
        let peak = rate[first...last].reduce(0) { max($0, abs($1)) }
        return Swing(start: start, end: end, angle: sum / sampleRateHz, peakRate: peak)
    }

    /// Swings that are whole: not those that the recording's first or last sample cuts.
    func whole(count: Int) -> [Swing] { swings.filter { $0.start > 0 && $0.end < Double(count - 1) } }

    /// The level that a swing has to reach: 15 % of the rate that 5 % of the samples are above.
    static func level(of rate: [Double]) -> Double {
        0.15 * (Quantile.of(rate.map { abs($0) }, 0.95) ?? 0)
    }
}
