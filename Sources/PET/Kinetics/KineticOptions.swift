/// Which frames of a scan take part in a fit. The frames before them still count in integrals and convolutions.
public enum KineticFrames: Sendable, Equatable, CustomStringConvertible {
    case all
    /// From t*, min: frames that start then or later; in kinfitr's convention those whose middle is then or later.
    case from(Double)
    /// Frames that lie wholly between two times, min.
    case window(Double, Double)
    /// The last frames of the scan.
    case last(Int)

    /// As a sentence has it, times in s as at the command line.
    public var description: String {
        switch self {
        case .all: "the scan"
        case .from(let time): "t* = \(brief(time * 60)) s"
        case .window(let from, let to): "the window from \(brief(from * 60)) to \(brief(to * 60)) s"
        case .last(let count): "the choice of the last \(count)"
        }
    }

    /// The frames chosen, ascending; half a second is allowed for rounded times.
    public func indices(of frames: FrameTimes, convention: Convention = .exact) -> [Int] {
        let slack = 0.5 / 60
        return switch self {
        case .all: Array(0..<frames.count)
        case .from(let time):
            (0..<frames.count).filter {
                convention == .kinfitr ? frames.mids[$0] >= time - 1e-9 : frames.starts[$0] >= time - slack
            }
        case .window(let from, let to):
            (0..<frames.count).filter { frames.starts[$0] >= from - slack && frames.ends[$0] <= to + slack }
        case .last(let count): Array(max(0, frames.count - max(count, 0))..<frames.count)
        }
    }
}

/// How a model is fitted.
public struct KineticOptions: Sendable, Equatable {
    /// Whose way of integrating and convolving.
    public var convention: Convention
    /// The rule for integrals; `nil` for the convention's own.
    public var integralRule: IntegralRule?
    /// Frames that take part.
    public var frames: KineticFrames
    /// Efflux rate of the reference region, 1/min, where it is known.
    public var k2Prime: Double?
    /// Relative precision of each frame's activity, one a frame; `nil` where every point weighs the same.
    ///
    /// They belong to the tissue curve. Patlak and Logan fit a transformed curve, for which they are transformed with it by
    /// the delta method; without weights the transformed points weigh the same.
    public var weights: [Double]?
    /// The volume fraction of blood in the tissue, 0 to less than 1, which plasma methods take off the curve first; `nil` for
    /// none, and in compartment models for one that is fitted.
    public var bloodFraction: Double?
    /// Whether compartment models scale tissue by 1 − v_B; some tools only add the blood.
    public var scalesTissue = true
    /// The name of the reference region: reference Patlak's slope is Ki_occ for an occipital one, else Ki_ref.
    public var referenceName: String?
    /// The range of k2a that SRTM and its relatives search, 1/min.
    public var k2aRange: ClosedRange<Double>
    /// How many k2a, evenly spaced in their logarithm, SRTM tries before it refines.
    public var k2aCount: Int

    /// Options; every one has a default.
    public init(
        convention: Convention = .exact, integralRule: IntegralRule? = nil, frames: KineticFrames = .all,
        k2Prime: Double? = nil, weights: [Double]? = nil, bloodFraction: Double? = nil, referenceName: String? = nil,
        k2aRange: ClosedRange<Double> = 6e-4...6, k2aCount: Int = 128
    ) {
        (self.convention, self.integralRule, self.frames) = (convention, integralRule, frames)
        (self.k2Prime, self.weights, self.bloodFraction) = (k2Prime, weights, bloodFraction)
        (self.referenceName, self.k2aRange, self.k2aCount) = (referenceName, k2aRange, k2aCount)
    }

    /// The blood that a linear method takes off.
    var bloodTakenOff: Double { bloodFraction ?? 0 }

    /// The rule for integrals that is used.
    public var rule: IntegralRule { integralRule ?? convention.integralRule }
}
