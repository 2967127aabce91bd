/// How plasma or blood answers an exponential: at every frame, input ⊗ e^(-θt), in a convention.
struct InputResponse: Sendable {
    private let exact: FrameConvolution
    private let rectangles: RectangleConvolution?

    /// Prepares an input for the frames of a scan.
    init(_ input: SampledCurve, frames: FrameTimes, convention: Convention) {
        exact = FrameConvolution(input: input, frames: frames)
        rectangles = convention == .kinfitr ? RectangleConvolution(blood: input, mids: frames.mids) : nil
    }

    /// input ⊗ e^(-θt), one value a frame; θ in 1/min, 0 or more.
    func callAsFunction(theta: Double) -> [Double] {
        rectangles?.values(theta: theta) ?? exact.averages(theta: theta)
    }

    /// The input itself, one value a frame.
    var input: [Double] { rectangles?.input ?? exact.inputAverages }
}
