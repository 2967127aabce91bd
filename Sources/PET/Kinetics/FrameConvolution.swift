import Glibc

/// Exact convolution of a piecewise-linear input with exponentials, averaged over frames.
///
/// Where u is straight with value u₀ and slope b over a step h, c = u ⊗ e^(-θt) goes from c₀ to
/// c₀e^(-z) + u₀hφ₁(z) + bh²φ₂(z), z = θh, and its integral over the step is c₀hφ₁ + u₀h²φ₂ + bh³φ₃, with
/// φ₁ = (1 - e^(-z))/z, φ₂ = (1 - φ₁)/z, φ₃ = (1/2 - φ₂)/z. No sampling grid enters, so there is no step to choose.
public struct FrameConvolution: Sendable {
    /// The steps between the input's samples and the frames' bounds: length, value at the start, slope.
    private struct Step {
        var length, value, slope: Double
        /// The frame in which the step lies; -1 between frames.
        var frame: Int
    }

    private let steps: [Step]
    private let durations: [Double]

    /// Prepares the steps of an input over the frames of a scan.
    public init(input: SampledCurve, frames: FrameTimes) {
        let end = frames.ends.max() ?? 0
        let bounds = Set(input.times + frames.starts + frames.ends + [0]).filter { $0 >= 0 && $0 <= end }.sorted()
        durations = frames.durations
        var steps: [Step] = []
        steps.reserveCapacity(bounds.count)
        // Frames in order are passed along with the steps; others are searched each time.
        let isSorted =
            zip(frames.starts, frames.starts.dropFirst()).allSatisfy { $0 <= $1 }
            && zip(frames.ends, frames.ends.dropFirst()).allSatisfy { $0 <= $1 }
        var next = 0
        for (from, to) in zip(bounds, bounds.dropFirst()) {
            let middle = (from + to) / 2
            if !isSorted { next = 0 }
            while next < frames.count, !(middle < frames.ends[next]) || (!isSorted && middle < frames.starts[next]) {
                next += 1
            }
            let frame = next < frames.count && frames.starts[next] <= middle ? next : -1
            let (first, last) = (input.value(at: from), input.value(at: to))
            steps.append(Step(length: to - from, value: first, slope: (last - first) / (to - from), frame: frame))
        }
        self.steps = steps
    }

    /// Averages over the frames of input ⊗ e^(-θt); θ in 1/min, 0 or more. θ = 0 gives the running integral.
    ///
    /// A frame before time 0 counts from there. A frame without length has 0.
    public func averages(theta: Double) -> [Double] {
        var sums = [Double](repeating: 0, count: durations.count)
        var value = 0.0
        for step in steps {
            let h = step.length
            let (decayed, phi1, phi2, phi3) = Self.phi(theta * h)
            if step.frame >= 0 {
                sums[step.frame] += h * (value * phi1 + h * (step.value * phi2 + h * step.slope * phi3))
            }
            value = value * decayed + h * (step.value * phi1 + h * step.slope * phi2)
        }
        return zip(sums, durations).map { $1 > 0 ? $0 / $1 : 0 }
    }

    /// Averages over the frames of the input itself.
    public var inputAverages: [Double] {
        var sums = [Double](repeating: 0, count: durations.count)
        for step in steps where step.frame >= 0 {
            sums[step.frame] += step.length * (step.value + step.length * step.slope / 2)
        }
        return zip(sums, durations).map { $1 > 0 ? $0 / $1 : 0 }
    }

    /// e^(-z), φ₁, φ₂ and φ₃; by series where the differences would cancel.
    private static func phi(_ z: Double) -> (decayed: Double, Double, Double, Double) {
        let decayed = exp(-z)
        guard z < 0.5 else {
            let phi1 = (1 - decayed) / z
            let phi2 = (1 - phi1) / z
            return (decayed, phi1, phi2, (0.5 - phi2) / z)
        }
        // φ₃ = Σ (-z)^m / (m + 3)!; the others follow without cancelling.
        var (term, phi3) = (1.0 / 6, 1.0 / 6)
        for m in 1...12 {
            term *= -z / Double(m + 3)
            phi3 += term
        }
        let phi2 = 0.5 - z * phi3
        return (decayed, 1 - z * phi2, phi2, phi3)
    }
}
