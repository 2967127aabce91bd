/// The curve of a reference region: its mean over each frame, and the curve through them.
public struct ReferenceCurve: Sendable, Equatable {
    /// Averages over the frames.
    public let means: [Double]
    /// The same in between, for convolution.
    public let curve: SampledCurve
    /// Whether the curve is known more finely than the frames.
    public let isSampled: Bool

    /// A region's measured means; the curve is straight between the middles of the frames.
    ///
    /// Throws where a frame has no value, and where none is above 0.
    public init(frames: FrameTimes, means: [Double]) throws(KineticError) {
        guard means.count == frames.count else {
            throw .frameCount(curve: means.count, frames: frames.count)
        }
        if let frame = means.firstIndex(where: { !$0.isFinite }) { throw .inputNotFinite(frame: frame) }
        guard means.contains(where: { $0 > 0 }) else { throw .emptyReference }
        guard let curve = SampledCurve(times: frames.mids.map { max($0, 0) }, values: means) else {
            throw .framesOverlap(zip(frames.mids, frames.mids.dropFirst()).enumerated().first { $1.0 >= $1.1 }?.0 ?? 0)
        }
        (self.means, self.curve, isSampled) = (means, curve, false)
    }

    /// A curve known at times of its own, finely enough to be averaged over the frames.
    public init(sampled curve: SampledCurve, frames: FrameTimes) {
        (self.curve, isSampled) = (curve, true)
        means = FrameConvolution(input: curve, frames: frames).inputAverages
    }
}

/// What a model takes as the source of the tracer in the target.
public enum KineticInput: Sendable, Equatable {
    case reference(ReferenceCurve)
    case plasma(ArterialInput)

    /// The reference curve, where it is one.
    var reference: ReferenceCurve? { if case .reference(let curve) = self { curve } else { nil } }
    /// The arterial input, where it is one.
    var plasma: ArterialInput? { if case .plasma(let input) = self { input } else { nil } }
}

extension KineticModel {
    /// Whether the model takes a reference region; the others take arterial plasma.
    public var needsReference: Bool {
        switch self {
        case .patlak, .logan, .ma1, .oneTissue, .twoTissue, .twoTissueIrreversible: false
        default: true
        }
    }

    /// Whether the model is a linear regression or a ratio, which every convention has.
    public var isLinear: Bool {
        switch self {
        case .srtm, .srtmBasis, .srtm2, .oneTissue, .twoTissue, .twoTissueIrreversible: false
        default: true
        }
    }

    /// Whether the model is one of tissues that exchange with plasma, which brings a blood volume of its own.
    public var isCompartment: Bool { [.oneTissue, .twoTissue, .twoTissueIrreversible].contains(self) }

    /// Whether the standard errors take the regressors as free of noise although they hold the noise of the tissue.
    public var hasNoisyRegressors: Bool { [.logan, .refLogan, .ma1, .mrtm, .mrtm2].contains(self) }

    /// Whether the model takes k2' of the reference region as known; reference Logan may do without.
    public var takesK2Prime: Bool { self == .mrtm2 || self == .srtm2 || self == .refLogan }

    /// Columns or parameters that are fitted together.
    public var freeParameters: Int {
        switch self {
        case .suvr, .sbr: 1
        case .patlak, .refPatlak, .logan, .refLogan, .ma1, .mrtm2, .srtm2: 2
        case .mrtm, .srtm, .srtmBasis: 3
        case .oneTissue: 2
        case .twoTissueIrreversible: 3
        case .twoTissue: 4
        }
    }
}
