import Glibc

/// The highest peak of a band, with what tells tremor from noise and from movement.
public struct SpectralPeak: Sendable, Equatable {
    /// Its frequency, Hz, between bins by a parabola through the logarithms of three bins.
    public let frequencyHz: Double
    /// Its height over the median of the bins from 0.75 to 3 Hz away.
    public let prominence: Double
    /// Its width at half its power, Hz, by straight lines between bins.
    public let widthHz: Double
    /// The density of the surroundings, per Hz: the median that `prominence` is relative to.
    public let floor: Double

    /// The highest peak of a summed spectrum within a band; `nil` where nothing there is above 0.
    ///
    /// `axes` are the spectra that were summed. Where one of them has a tenth of its peak's power at half the frequency, and a
    /// peak stands there too, the lower one is taken: a tremor's second harmonic can be higher than its first.
    public init?(of total: Spectrum, axes: [Spectrum] = [], in band: ClosedRange<Double>, halfWidthHz: Double = 0.5) {
        guard let bin = Self.highest(total, band) else { return nil }
        var chosen = bin
        let half = Double(bin) * total.binHz / 2
        if half >= band.lowerBound {
            let share =
                axes.map { axis in
                    axis.power(from: half - halfWidthHz, to: half + halfWidthHz)
                        / max(
                            axis.power(from: 2 * half - halfWidthHz, to: 2 * half + halfWidthHz), .leastNonzeroMagnitude
                        )
                }.max() ?? 0
            if share > 0.1, let low = Self.highest(total, (half - 2 * total.binHz)...(half + 2 * total.binHz)),
                Self.isPeak(total, low), total.density[low] > 5 * Self.surroundings(total, low)
            {
                chosen = low
            }
        }
        frequencyHz = Self.refined(total, chosen) * total.binHz
        floor = Self.surroundings(total, chosen)
        // A band's highest bin that is no peak is the slope of something outside the band.
        let isInside =
            Self.isPeak(total, chosen)
            && abs(frequencyHz - min(max(frequencyHz, band.lowerBound), band.upperBound)) <= Self.tolerance
        prominence = !isInside ? 0 : floor > 0 ? total.density[chosen] / floor : .infinity
        widthHz = Self.width(total, chosen)
    }

    /// A tone at the very edge of the band may be read this far outside it, Hz.
    private static let tolerance = 0.02

    /// The highest peak that lies in the band, or the highest bin where none is a peak.
    private static func highest(_ s: Spectrum, _ band: ClosedRange<Double>) -> Int? {
        let first = max(1, Int((band.lowerBound / s.binHz).rounded(.down)))
        let last = min(s.density.count - 2, Int((band.upperBound / s.binHz).rounded(.up)))
        guard first <= last else { return nil }
        let reach = (band.lowerBound - tolerance)...(band.upperBound + tolerance)
        let peaks = (first...last).filter { isPeak(s, $0) && reach.contains(refined(s, $0) * s.binHz) }
        let best = (peaks.isEmpty ? Array(first...last) : peaks).max { s.density[$0] < s.density[$1] }
        return best.flatMap { s.density[$0] > 0 ? $0 : nil }
    }

    private static func isPeak(_ s: Spectrum, _ bin: Int) -> Bool {
        s.density[bin] >= s.density[bin - 1] && s.density[bin] >= s.density[bin + 1]
    }

    private static func refined(_ s: Spectrum, _ bin: Int) -> Double {
        let d = s.density
        guard d[bin - 1] > 0, d[bin + 1] > 0, isPeak(s, bin) else { return Double(bin) }
        let (a, b, c) = (log(d[bin - 1]), log(d[bin]), log(d[bin + 1]))
        let bend = a - 2 * b + c
        return bend < 0 ? Double(bin) + (a - c) / (2 * bend) : Double(bin)
    }

    private static func surroundings(_ s: Spectrum, _ bin: Int) -> Double {
        let (near, far) = (Int((0.75 / s.binHz).rounded(.up)), Int((3 / s.binHz).rounded()))
        let places = (max(1, bin - far)...min(s.density.count - 1, bin + far)).filter { abs($0 - bin) >= near }
        return places.isEmpty ? 0 : Median.of(places.map { s.density[$0] })
    }

    private static func width(_ s: Spectrum, _ bin: Int) -> Double {
        let half = s.density[bin] / 2
        func edge(_ step: Int) -> Double {
            var place = bin
            while s.density.indices.contains(place + step) {
                if s.density[place + step] < half {
                    let drop = s.density[place] - s.density[place + step]
                    return Double(abs(place - bin)) + (s.density[place] - half) / drop
                }
                place += step
            }
            return Double(abs(place - bin))
        }
        return (edge(-1) + edge(1)) * s.binHz
    }
}

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
