/// Samples that stand at the sensor's limit: the true acceleration was larger, so that an amplitude is a lower bound.
struct ClippingSurvey {
    /// A sensor's range is at least this, m/s²; smaller extremes are not a limit.
    static let smallestRange = 1.5 * AccelerationUnit.standardGravity

    /// The smallest and the largest value of an axis, and how many samples stand there with a neighbour at the same value.
    struct Axis: Sendable {
        var low = Extreme(value: .infinity), high = Extreme(value: -.infinity)
    }

    struct Extreme: Sendable {
        var value: Double
        /// Samples in runs of two and more.
        var inRuns = 0
        var run = 0

        mutating func meet() {
            run += 1
            if run == 2 { inRuns += 2 } else if run > 2 { inRuns += 1 }
        }
    }

    private(set) var axes = [Axis](repeating: Axis(), count: 3)

    /// Adds samples that lie between `least` and `most` on each axis.
    mutating func add(
        _ columns: [[Double]], _ range: Range<Int>, least: SIMD3<Double>, most: SIMD3<Double>
    ) {
        for axis in 0..<3 {
            // Most samples lie between the extremes so far and end no run.
            let isInside = least[axis] > axes[axis].low.value && most[axis] < axes[axis].high.value
            if isInside, axes[axis].low.run | axes[axis].high.run == 0 { continue }
            columns[axis].withUnsafeBufferPointer { column in
                var (low, high) = (axes[axis].low, axes[axis].high)
                for place in range {
                    let value = column[place]
                    if value > low.value && value < high.value && low.run | high.run == 0 { continue }
                    Self.look(at: value, &low, isNew: value < low.value)
                    Self.look(at: value, &high, isNew: value > high.value)
                }
                axes[axis] = Axis(low: low, high: high)
            }
        }
    }

    private static func look(at value: Double, _ extreme: inout Extreme, isNew: Bool) {
        if isNew {
            extreme = Extreme(value: value, run: 1)
        } else if value == extreme.value {
            extreme.meet()
        } else {
            extreme.run = 0
        }
    }

    /// A run does not reach over a gap.
    mutating func breakOff() {
        for axis in 0..<3 { (axes[axis].low.run, axes[axis].high.run) = (0, 0) }
    }

    /// The values at which an axis is clipped: its extremes, where samples in a row stand there and they are as large as a
    /// sensor's range can be. Where the file states the range, only extremes near it are limits, and what reaches it is clipped, too.
    func limits(statedRange: Double?) -> [ClosedRange<Double>] {
        let least = Self.leastLimit(statedRange)
        return axes.map { axis in
            var (low, high) = (-Double.infinity, Double.infinity)
            if axis.low.inRuns > 0, axis.low.value <= -least { low = axis.low.value }
            if axis.high.inRuns > 0, axis.high.value >= least { high = axis.high.value }
            if let statedRange, statedRange >= Self.smallestRange {
                (low, high) = (max(low, -statedRange * 0.995), min(high, statedRange * 0.995))
            }
            return low...high
        }
    }

    /// Whether any sample is at or beyond the limits.
    func reaches(_ limits: [ClosedRange<Double>]) -> Bool {
        zip(axes, limits).contains { $0.low.value <= $1.lowerBound || $0.high.value >= $1.upperBound }
    }

    private static func leastLimit(_ statedRange: Double?) -> Double {
        max(smallestRange, 0.9 * (statedRange ?? 0))
    }

    /// A sentence for each axis with samples in a row at its limit.
    func flags(statedRange: Double?) -> [String] {
        let least = Self.leastLimit(statedRange)
        return zip(["x", "y", "z"], axes).compactMap { name, axis in
            var count = axis.low.value <= -least ? axis.low.inRuns : 0
            count += axis.high.value >= least ? axis.high.inRuns : 0
            return count == 0
                ? nil : "\(count) samples of \(name) stand at the sensor's limit: amplitudes are lower bounds"
        }
    }
}
