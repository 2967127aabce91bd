import Glibc
import Fitting

/// One- and two-tissue compartment models with arterial input [Innis2007, Gunn2001].
///
/// C_T = v_B·C_b + (1 − v_B)·Σ Aᵢ e^(-αᵢt) ⊗ C_p. For given exponents the amplitudes and v_B follow by linear least squares, so
/// only one or two exponents are searched for: on a grid of all of them, then by Levenberg and Marquardt from every valley
/// of the grid [GolubPereyra2003]. No start value enters and no local minimum is reported. Predictions are averages over frames.
public struct CompartmentModel: Sendable {
    /// What is known of the blood in the tissue.
    public enum BloodVolume: Sendable, Equatable {
        /// A fraction of the volume, 0...1.
        case fixed(Double)
        /// Fitted.
        case fitted
    }

    /// Which model: `.oneTissue`, `.twoTissue` or `.twoTissueIrreversible`.
    public var kind: KineticModel
    /// The blood volume; needs whole blood unless fixed at 0.
    public var bloodVolume: BloodVolume
    /// Whether tissue is scaled by 1 − v_B, as its volume is what the blood leaves (some tools only add the blood).
    public var scalesTissue: Bool
    /// How the input is convolved: exactly, or as kinfitr does it.
    public var convention: Convention
    /// Exponents between which is searched, 1/min.
    public static let exponents = 1e-5...10.0
    /// Exponents of the grid.
    private static let gridCount = 64

    /// A model.
    public init(
        _ kind: KineticModel, bloodVolume: BloodVolume = .fitted, scalesTissue: Bool = true,
        convention: Convention = .exact
    ) {
        precondition([.oneTissue, .twoTissue, .twoTissueIrreversible].contains(kind), "a compartment model")
        if case .fixed(let value) = bloodVolume { precondition(0 <= value && value < 1, "a fraction of the volume") }
        (self.kind, self.bloodVolume, self.scalesTissue) = (kind, bloodVolume, scalesTissue)
        self.convention = convention
    }

    /// Fits one region's means, in the input's unit; frames with weight 0 take no part.
    ///
    /// Parameters: K1, k2, (k3, k4), v_B, and V_T (reversible) or Ki (irreversible); of the two-tissue model also V_ND, BP_ND,
    /// BP_P. Throws where the input lacks what the model needs or too few frames are left.
    public func fit(
        _ means: [Double], region: String, input: ArterialInput, frames: FrameTimes, weights: [Double]
    ) throws(KineticError) -> KineticFit {
        precondition(means.count == frames.count && weights.count == frames.count, "one mean and weight a frame")
        let problem = try Problem(self, means, input, frames, weights)
        let used = frames.starts.indices.filter { problem.weights[$0] > 0 }
        guard used.count > problem.parameterCount else {
            throw .tooFewFrames(found: used.count, needed: problem.parameterCount + 1, .all)
        }
        func pick(_ list: [Double]) -> [Double] { used.map { list[$0] } }
        guard let solution = problem.solve() else {
            return KineticFit(
                model: kind, region: region,
                noSolution: "no uptake with a blood volume below 1 fits; are blood and tissue in the same unit?")
        }
        return KineticFit(
            model: kind, region: region, parameters: problem.parameters(solution), flags: problem.flags(solution),
            framesUsed: used, x: pick(frames.mids), observed: pick(means),
            fitted: pick(problem.predicted(solution.rates, solution.bloodVolume)),
            weights: pick(problem.weights), freeParameters: problem.parameterCount)
    }

    /// The delay of the tissue behind the input that fits best, min, searched within ±`limit`: usually of the whole brain,
    /// then kept for its regions. `nil` where nothing fits or where the best one lies at the limit.
    public func delay(
        of means: [Double], input: ArterialInput, frames: FrameTimes, weights: [Double], limit: Double = 0.5
    ) throws(KineticError) -> Double? {
        func rss(_ delay: Double) throws(KineticError) -> Double {
            try Problem(self, means, input.delayed(byMin: delay), frames, weights).solve()?.weightedRSS ?? .infinity
        }
        let steps = 20
        var (center, width) = (0, limit / Double(steps))
        var least = try rss(0)
        for step in -steps...steps where step != 0 {
            let value = try rss(Double(step) * width)
            if value < least { (center, least) = (step, value) }
        }
        guard least.isFinite, abs(center) < steps else { return nil }
        // Golden section around the best of the grid.
        let golden = (5.0.squareRoot() - 1) / 2
        var (low, high) = (Double(center - 1) * width, Double(center + 1) * width)
        while high - low > 1e-5 {
            width = high - low
            if try rss(high - golden * width) < rss(low + golden * width) {
                high = low + golden * width
            } else {
                low = high - golden * width
            }
        }
        return (low + high) / 2
    }

    static func grid() -> [Double] {
        let (low, high) = (log(exponents.lowerBound), log(exponents.upperBound))
        return (0..<gridCount).map { exp(low + (high - low) * Double($0) / Double(gridCount - 1)) }
    }
}
