/// How an input curve answers an exponential: at every frame, input ⊗ e^(-θt), by one of several conventions.
public struct InputResponse: Sendable {
    /// How it is integrated.
    public enum Integration: Sendable, Equatable {
        /// Exactly between the input's samples, averaged over frames.
        case exact
        /// By left rectangles on as many even steps between time 0 and the last frame's middle, read at the frames' middles
        /// by linear interpolation: what kinfitr does with 6000 for plasma and 1024 for a reference region.
        case rectangles(Int)
    }

    private let exact: FrameConvolution
    private let rectangles: Rectangles?

    /// Prepares an input for the frames of a scan.
    public init(input: SampledCurve, frames: FrameTimes, integration: Integration = .exact) {
        exact = FrameConvolution(input: input, frames: frames)
        rectangles = if case .rectangles(let count) = integration { Rectangles(input, frames, count) } else { nil }
    }

    /// input ⊗ e^(-θt), one value a frame; θ in 1/min, 0 or more.
    public func callAsFunction(theta: Double) -> [Double] {
        rectangles?.values(theta: theta) ?? exact.averages(theta: theta)
    }

    /// The input itself, one value a frame.
    public var input: [Double] { rectangles?.input ?? exact.inputAverages }
}
