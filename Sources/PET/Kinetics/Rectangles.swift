import Glibc

/// Convolution by left rectangles on an even grid: not exact (its error is about θ·step/2), here to reproduce other tools.
struct Rectangles: Sendable {
    private let samples: [Double]
    private let step: Double
    private let mids: [Double]

    init(_ curve: SampledCurve, _ frames: FrameTimes, _ count: Int) {
        precondition(count > 1, "two points make a step")
        mids = frames.mids
        step = (mids.max() ?? 0) / Double(count - 1)
        let step = step
        samples = (0..<count).map { curve.value(at: Double($0) * step) }
    }

    var input: [Double] { atMids(samples) }

    func values(theta: Double) -> [Double] {
        // Σ over j ≤ i of u_j e^(-θ(i - j)step) · step, one step after another.
        let decay = exp(-theta * step)
        var running = 0.0
        return atMids(
            samples.map { sample in
                running = running * decay + sample * step
                return running
            })
    }

    private func atMids(_ curve: [Double]) -> [Double] {
        mids.map { time in
            let place = Swift.min(Swift.max(time / step, 0), Double(curve.count - 1))
            let left = Swift.min(Int(place), curve.count - 2)
            return curve[left] + (place - Double(left)) * (curve[left + 1] - curve[left])
        }
    }
}
