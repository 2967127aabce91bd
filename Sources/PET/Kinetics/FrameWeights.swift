/// How much each frame counts in a fit, by a formula that has a name.
///
/// Values are scaled to a mean of 1 over the frames that count, so that residuals stay comparable.
public enum FrameWeights: Sendable, Equatable {
    /// Every point the same.
    case uniform
    /// w = Δ.
    case duration
    /// w = Δ / C: counts of activity that did not decay.
    case durationPerActivity
    /// w = Δ / (C · f), f the decay correction of the frame: counts as the scanner saw them.
    case counts(halfLifeS: Double)
    /// One a frame, from elsewhere: the file's name, empty where there is none.
    case given([Double], from: String = "")

    /// The formula, as results print it.
    public var formula: String {
        switch self {
        case .uniform: "uniform"
        case .duration: "duration: w = d"
        case .durationPerActivity: "duration-activity: w = d / C"
        case .counts(let halfLife):
            "counts: w = d / (C f), f = exp(l s) l d / (1 - exp(-l d)), l = ln 2 / \(brief(halfLife)) s"
        case .given(_, let file): file.isEmpty ? "given" : "given in \(file)"
        }
    }

    /// One weight a frame, 0 or more; `nil` where every point weighs the same.
    ///
    /// `activity` is decay-corrected to time zero, of a large region, so that all regions share the weights and their noise
    /// stays out of them; below a hundredth of its maximum it counts as that, or the first frames would outweigh all.
    /// `nil` where given weights are not one a frame.
    public func values(frames: FrameTimes, activity: [Double]) -> [Double]? {
        let floor = (activity.filter(\.isFinite).max() ?? 0) / 100
        func perActivity(_ correction: (Int) -> Double) -> [Double] {
            frames.durations.indices.map { frame in
                let value = activity[frame].isFinite ? max(activity[frame], floor) : 0
                return value > 0 ? frames.durations[frame] / (value * correction(frame)) : 0
            }
        }
        switch self {
        case .uniform: return nil
        case .duration: return Self.scaled(frames.durations)
        case .durationPerActivity: return Self.scaled(perActivity { _ in 1 })
        case .counts(let halfLife):
            return Self.scaled(
                perActivity { place in
                    let frame = Frame(start: frames.starts[place] * 60, duration: frames.durations[place] * 60)
                    return Decay.frameFactor(frame, referenceS: 0, halfLifeS: halfLife)
                })
        case .given(let weights, _): return weights
        }
    }

    private static func scaled(_ weights: [Double]) -> [Double] {
        let counting = weights.filter { $0 > 0 }
        let mean = counting.reduce(0, +) / Double(max(counting.count, 1))
        return mean > 0 ? weights.map { max($0, 0) / mean } : weights
    }
}
