/// How the integral of a curve up to a frame's middle is taken from the frames.
public enum IntegralRule: String, Sendable, CaseIterable {
    /// A frame's mean times its duration for the frames before, and half the frame's own: exact for what was measured
    /// up to the frame's start. Gaps between frames are filled by a straight line.
    case frameSum = "frame-sum"
    /// Trapezoids between the frames' middles, from 0 at time 0.
    case midTrapezoid = "mid-trapezoid"
}

/// The running integral at the frames' middles as a recurrence: I(i) = I(i-1) + before(i) C(i-1) + here(i) C(i), min.
public struct RunningIntegral: Sendable {
    /// What the frame before contributes, min; 0 for the first.
    public let before: [Double]
    /// What the frame itself contributes, min.
    public let here: [Double]

    /// The recurrence over frames in their order.
    ///
    /// With `fillsGaps`, frame-sum adds the time that no frame covers: a trapezoid between neighbours, and before the first
    /// frame a triangle that rises from 0 at time 0. Trapezoids between middles cover gaps by themselves.
    public init(_ rule: IntegralRule, frames: FrameTimes, fillsGaps: Bool = true) {
        var (before, here): ([Double], [Double]) = ([], [])
        for place in 0..<frames.count {
            switch (rule, place) {
            case (.midTrapezoid, 0):
                before.append(0)
                here.append(max(frames.mids[0], 0) / 2)
            case (.midTrapezoid, _):
                let half = (frames.mids[place] - frames.mids[place - 1]) / 2
                before.append(half)
                here.append(half)
            case (.frameSum, 0):
                before.append(0)
                here.append((fillsGaps ? max(frames.starts[0], 0) / 2 : 0) + frames.durations[0] / 2)
            case (.frameSum, _):
                let gap = fillsGaps ? max(frames.starts[place] - frames.ends[place - 1], 0) : 0
                before.append(frames.durations[place - 1] / 2 + gap / 2)
                here.append(frames.durations[place] / 2 + gap / 2)
            }
        }
        (self.before, self.here) = (before, here)
    }

    /// What a frame's value adds to the integral at the middle of each later frame.
    func onward(_ place: Int) -> Double { here[place] + (place + 1 < before.count ? before[place + 1] : 0) }

    /// The integral of a curve at each frame's middle.
    public func of(_ values: [Double]) -> [Double] {
        var (sum, previous) = (0.0, 0.0)
        return values.indices.map { place in
            sum = (sum + before[place] * previous) + here[place] * values[place]
            previous = values[place]
            return sum
        }
    }
}
