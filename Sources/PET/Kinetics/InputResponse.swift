/// How an input curve answers an exponential: at every frame, input ⊗ e^(-θt), in a convention.
struct InputResponse: Sendable {
    private let exact: FrameConvolution
    private let rectangles: RectangleConvolution?

    /// Prepares plasma or blood for the frames of a scan.
    init(blood input: SampledCurve, frames: FrameTimes, convention: Convention) {
        exact = FrameConvolution(input: input, frames: frames)
        rectangles = convention == .kinfitr ? RectangleConvolution(blood: input, mids: frames.mids) : nil
    }

    /// Prepares a reference region's curve.
    init(reference input: SampledCurve, frames: FrameTimes, convention: Convention) {
        exact = FrameConvolution(input: input, frames: frames)
        rectangles = convention == .kinfitr ? RectangleConvolution(input, mids: frames.mids) : nil
    }

    /// input ⊗ e^(-θt), one value a frame; θ in 1/min, 0 or more.
    func callAsFunction(theta: Double) -> [Double] {
        rectangles?.values(theta: theta) ?? exact.averages(theta: theta)
    }

    /// The input itself, one value a frame.
    var input: [Double] { rectangles?.input ?? exact.inputAverages }
}
