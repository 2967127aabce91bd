/// How far a density may be from its truth by chance.
///
/// An estimate times its degrees of freedom over the truth follows the chi-square distribution [Welch1967], where the
/// spectrum is smooth within the taper's resolution and the signal is Gaussian. A tone's height is surer than that.
public enum SpectrumInterval {
    /// What a density is multiplied with for the ends of its interval; a power's logarithm moves by their logarithms.
    ///
    /// - Parameters:
    ///   - degreesOfFreedom: above 0.
    ///   - level: the share of such intervals that hold the truth, between 0 and 1.
    public static func factors(degreesOfFreedom: Double, level: Double = 0.95) -> (low: Double, high: Double) {
        precondition(level > 0 && level < 1, "a level lies between 0 and 1")
        let tail = (1 - level) / 2
        return (
            degreesOfFreedom / ChiSquare.quantile(1 - tail, degreesOfFreedom: degreesOfFreedom),
            degreesOfFreedom / ChiSquare.quantile(tail, degreesOfFreedom: degreesOfFreedom)
        )
    }

    /// Degrees of freedom of a mean over segments of one taper that begin `hop` samples apart.
    ///
    /// ν = 2K / (1 + 2 Σⱼ (1 − j/K) ρⱼ), where ρⱼ = (Σ w(n) w(n + j·hop))² / (Σ w²)² is what two segments j apart share
    /// [Welch1967]. Hann tapers at half overlap have ρ₁ = 1/36 and so 36K² / (19K − 1).
    public static func degreesOfFreedom(segments: Int, hop: Int, taper: [Double]) -> Double {
        precondition(segments > 0 && hop > 0 && !taper.isEmpty, "segments move forward")
        let count = Double(segments)
        var sum = 0.0
        for (place, shared) in shared(hop: hop, taper: taper).prefix(segments - 1).enumerated() {
            sum += (1 - Double(place + 1) / count) * shared
        }
        return 2 * count / (1 + 2 * sum)
    }

    /// ρⱼ of segments 1, 2, … hops apart, as far as they overlap.
    static func shared(hop: Int, taper: [Double]) -> [Double] {
        let power = taper.reduce(0) { $0 + $1 * $1 }
        return stride(from: hop, to: taper.count, by: hop).map { shift in
            var product = 0.0
            for place in shift..<taper.count { product += taper[place] * taper[place - shift] }
            return (product / power) * (product / power)
        }
    }
}

extension Spectrum {
    /// The interval of one bin's density.
    public func interval(ofBin bin: Int, level: Double = 0.95) -> (low: Double, high: Double) {
        // Both ends of the spectrum are real numbers, not complex ones.
        let isEnd = bin == 0 || bin == density.count - 1
        let factors = SpectrumInterval.factors(degreesOfFreedom: degreesOfFreedom / (isEnd ? 2 : 1), level: level)
        return (density[bin] * factors.low, density[bin] * factors.high)
    }
}
