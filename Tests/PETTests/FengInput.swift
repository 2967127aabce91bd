import Foundation
import PET

/// The input function of the synthetic sets [Feng1993], and the curve of a one-tissue compartment that it feeds.
struct FengInput {
    let a = (851.1225, 21.8798, 20.8113)
    let rates = (4.133859, 0.1191, 0.01043)

    /// (a₀t - a₁ - a₂)e^(-r₀t) + a₁e^(-r₁t) + a₂e^(-r₂t) at a time in min.
    func value(at t: Double) -> Double {
        let early = (a.0 * t - a.1 - a.2) * exp(-rates.0 * t)
        return early + a.1 * exp(-rates.1 * t) + a.2 * exp(-rates.2 * t)
    }

    /// The input itself, sampled so finely that straight lines between the samples are right to 1e-7 of the peak.
    func sampled(until end: Double) -> SampledCurve {
        var times = (0..<20_000).map { Double($0) * 1e-4 }
        times += (0..<4000).map { 2 + Double($0) * 1e-3 }
        times += (0...Int((end - 6) * 100)).map { 6 + Double($0) * 0.01 }
        return SampledCurve(times: times, values: times.map(value(at:)))!
    }

    /// K1 e^(-k2 t) ⊗ input in closed form, sampled so finely that straight lines between serve.
    func tissue(K1: Double, k2: Double) -> SampledCurve? {
        var times: [Double] = []
        for step in 0..<4000 { times.append(Double(step) * 0.001) }
        for step in 0..<4000 { times.append(4 + Double(step) * 0.004) }
        for step in 0...8000 { times.append(20 + Double(step) * 0.01) }
        return SampledCurve(times: times, values: times.map { K1 * response(at: $0, k2) })
    }

    private func response(at t: Double, _ k2: Double) -> Double {
        let out: Double = exp(-k2 * t)
        func exponential(_ rate: Double) -> Double { (exp(-rate * t) - out) / (k2 - rate) }
        let difference: Double = k2 - rates.0
        let square: Double = 1 / (difference * difference)
        let ramp: Double = exp(-rates.0 * t) * (t / difference - square) + out * square
        let fast: Double = a.0 * ramp - (a.1 + a.2) * exponential(rates.0)
        let slow: Double = a.1 * exponential(rates.1) + a.2 * exponential(rates.2)
        return fast + slow
    }
}
