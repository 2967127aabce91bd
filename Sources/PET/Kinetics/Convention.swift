/// How curves are integrated and convolved: exactly, or as another tool does it, so that a laboratory can move between tools
/// and see why a number moved.
public enum Convention: String, Sendable, CaseIterable {
    /// Frame values are averages over the frame, and so are predictions; piecewise-linear inputs are convolved exactly.
    case exact
    /// kinfitr: values at the middle of the frame, left-to-right rectangle sums over 1024 points for SRTM and SRTM2, plasma
    /// interpolated to 6000 points, t* compared with the middle of the frame.
    case kinfitr
    /// Turku PET Centre's `logan` and `patlak`: values at the middle of the frame, plasma integrated on its own samples,
    /// every point weighing the same. Only linear methods.
    case tpc
}

extension Convention {
    /// The rule that the convention's tool takes where nothing else is asked for.
    public var integralRule: IntegralRule { self == .exact ? .frameSum : .midTrapezoid }
}

extension FrameTimes {
    /// Integrals of a curve from 0 to the middle of each frame, in its unit times min.
    ///
    /// kinfitr's frame-sum leaves out the time that no frame covers; ours fills it along straight lines.
    func integrals(_ means: [Double], _ options: KineticOptions) -> [Double] {
        RunningIntegral(options.rule, frames: self, fillsGaps: options.convention != .kinfitr).of(means)
    }

    /// What is doubtful about the times: when the first frame starts, and how much time no frame covers.
    public var gapWarnings: [String] {
        var warnings: [String] = []
        if let first = starts.first, first > 0.5 / 60 {
            warnings.append(
                "the first frame starts \(brief(first * 60)) s after time zero; a straight rise from 0 was assumed before it"
            )
        }
        let gaps = zip(ends, starts.dropFirst()).map { $1 - $0 }.filter { $0 > 0.5 / 60 }
        if !gaps.isEmpty {
            warnings.append(
                "\(gaps.count) gap\(gaps.count == 1 ? "" : "s") between frames, \(brief(gaps.reduce(0, +) * 60)) s in all, "
                    + "\(gaps.count == 1 ? "was" : "were") filled along a straight line")
        }
        return warnings
    }
}
