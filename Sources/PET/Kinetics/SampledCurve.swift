/// A curve known at sampled times and straight between them: plasma, blood, or a reference region.
///
/// Before the first sample it rises straight from 0 at time 0.
public struct SampledCurve: Sendable, Equatable {
    /// How a curve goes on after its last sample.
    public enum End: Sendable, Equatable {
        /// Along its last line, but not below 0 (nor above, for a last sample below 0): the half frame after the middle of a
        /// region's last frame.
        case line
        /// At its last value: blood, of which two late samples give no slope worth following.
        case level
    }

    /// Sample times, min after time zero, ascending, the first 0 or later; at least one.
    public let times: [Double]
    /// Values at the samples.
    public let values: [Double]
    /// How it goes on after the last one.
    public let end: End

    /// A curve through samples. `nil` where there is none, where a time is negative or not after the one before, or where
    /// anything is not finite.
    public init?(times: [Double], values: [Double], end: End = .line) {
        guard !times.isEmpty, times.count == values.count, times[0] >= 0, (times + values).allSatisfy(\.isFinite),
            zip(times, times.dropFirst()).allSatisfy({ $0 < $1 })
        else { return nil }
        self.end = end
        if times[0] > 0 {
            (self.times, self.values) = ([0] + times, [0] + values)
        } else {
            (self.times, self.values) = (times, values)
        }
    }

    /// A region's curve through its frames' middles.
    public init?(frames: FrameTimes, means: [Double]) { self.init(times: frames.mids, values: means) }

    /// The value at a time of 0 or later, min; 0 before.
    public func value(at time: Double) -> Double {
        if time < 0 { return 0 }
        if let last = times.last, time >= last { return afterLast(time - last) }
        var (before, next) = (0, times.count - 1)  // times[before] <= time < times[next]
        while next - before > 1 {
            let middle = (before + next) / 2
            if times[middle] <= time { before = middle } else { next = middle }
        }
        let share = (time - times[before]) / (times[next] - times[before])
        return values[before] + share * (values[next] - values[before])
    }

    /// The value a while after the last sample.
    private func afterLast(_ elapsed: Double) -> Double {
        let last = values[values.count - 1]
        guard times.count > 1, end == .line else { return last }
        let slope = (last - values[values.count - 2]) / (times[times.count - 1] - times[times.count - 2])
        let value = last + slope * elapsed
        return last >= 0 ? Swift.max(value, 0) : Swift.min(value, 0)
    }

    /// The same curve `delay` min later (earlier if negative). Samples that fall before time 0 are cut there.
    public func delayed(byMin delay: Double) -> SampledCurve {
        precondition(delay.isFinite, "a delay is a number")
        if delay == 0 { return self }
        var shifted = zip(times, values).map { (time: $0 + delay, value: $1) }
        if delay > 0 {
            return SampledCurve(times: [0] + shifted.map(\.time), values: [0] + shifted.map(\.value), end: end)!
        }
        let first = value(at: -delay)
        shifted.removeAll { $0.time <= 0 }
        return SampledCurve(times: [0] + shifted.map(\.time), values: [first] + shifted.map(\.value), end: end)!
    }
}

extension SampledCurve {
    /// The same curve, level after its last sample.
    var level: SampledCurve { SampledCurve(times: times, values: values, end: .level) ?? self }

    /// The middle after which a frame is not covered by a curve of blood, min: 5 % past the last sample.
    var lastMiddle: Double { (times.last ?? 0) * 1.05 }
}

/// What arrives in tissue with the blood.
public struct ArterialInput: Sendable, Equatable {
    /// Unchanged tracer in arterial plasma, in the unit of the tissue curves, over min.
    public var parentPlasma: SampledCurve
    /// Activity of whole blood in the same unit; `nil` where it was not measured.
    public var wholeBlood: SampledCurve?

    /// An input.
    public init(parentPlasma: SampledCurve, wholeBlood: SampledCurve? = nil) {
        (self.parentPlasma, self.wholeBlood) = (parentPlasma.level, wholeBlood?.level)
    }

    /// The middle after which a frame counts as beyond the blood, min: 5 % past the last plasma sample.
    ///
    /// Up to there the last value is held; further on nothing is known of the input.
    public var lastMiddle: Double { parentPlasma.lastMiddle }

    /// Plasma and blood together `delay` min later.
    public func delayed(byMin delay: Double) -> ArterialInput {
        ArterialInput(
            parentPlasma: parentPlasma.delayed(byMin: delay), wholeBlood: wholeBlood?.delayed(byMin: delay))
    }
}
