/// The displacement of a tremor from the spectrum of its acceleration.
public enum Displacement {
    /// Peak-to-peak displacement along the tremor's axis, cm, by the narrowband rule: √(power around the peak) / (2πf)², times 2√2.
    ///
    /// The sum over axes makes it independent of direction. The density of the surroundings is taken off the power first, so
    /// that broadband noise does not add to it.
    public static func peakToPeakCm(of total: Spectrum, at peak: SpectralPeak, halfWidthHz: Double) -> Double {
        let (low, high) = (max(0, peak.frequencyHz - halfWidthHz), peak.frequencyHz + halfWidthHz)
        let bins = ((high / total.binHz).rounded(.down) - (low / total.binHz).rounded(.up) + 1) * total.binHz
        let power = max(0, total.power(from: low, to: high) - peak.floor * bins)
        let omega = 2 * Double.pi * peak.frequencyHz
        return 100 * 2 * 2.0.squareRoot() * power.squareRoot() / (omega * omega)
    }

    /// The same from all power between two frequencies, each divided by its own (2πf)⁴: a check on the narrowband value.
    public static func widebandPeakToPeakCm(of total: Spectrum, from low: Double, to high: Double) -> Double {
        var sum = 0.0
        for (bin, density) in total.density.enumerated() {
            let f = Double(bin) * total.binHz
            guard f >= low, f <= high, f > 0 else { continue }
            let omega = 2 * Double.pi * f
            sum += density / (omega * omega * omega * omega) * total.binHz
        }
        return 100 * 2 * 2.0.squareRoot() * sum.squareRoot()
    }

    /// The largest share that gravity can have in the measured acceleration where the sensor turns about a joint: g / (L ω²).
    public static func gravityShare(frequencyHz: Double, leverM: Double) -> Double {
        let omega = 2 * Double.pi * frequencyHz
        return AccelerationUnit.standardGravity / (leverM * omega * omega)
    }
}
