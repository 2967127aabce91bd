import Glibc

/// The highest peak of a band, with what tells tremor from noise and from movement.
public struct SpectralPeak: Sendable, Equatable {
    /// Its frequency, Hz, between bins: of a mean spectrum by a parabola through the logarithms of three bins; of a single window,
    /// where tremor is a tone, by the ratios of three bins under a Hann taper. For a tone these are exact, where the parabola is
    /// up to 0.016 bins off, 0.2 % of a displacement at 4 Hz.
    public let frequencyHz: Double
    /// The density of its highest bin, in the spectrum's unit.
    public let height: Double
    /// Its height over the median of the bins from 0.75 to 3 Hz away.
    public let prominence: Double
    /// Its width at half its power, Hz, by straight lines between bins.
    public let widthHz: Double
    /// The density of the surroundings, per Hz: the median that `prominence` is relative to.
    public let floor: Double

    /// The highest peak of a summed spectrum within a band; `nil` where nothing there is above 0.
    ///
    /// `axes` are the spectra that were summed. Where one of them has a tenth of its peak's power at half the frequency, a peak
    /// stands there too and its displacement is the larger one, the lower one is taken: a tremor's second harmonic can be
    /// higher than its first.
    public init?(
        of total: Spectrum, axes: [Spectrum] = [], in band: ClosedRange<Double>, halfWidthHz: Double = 0.5,
        isTone: Bool = false
    ) {
        guard let bin = Self.highest(total, band) else { return nil }
        let chosen = Self.firstHarmonic(total, axes, bin, band, halfWidthHz) ?? bin
        height = total.density[chosen]
        floor = Self.surroundings(total, chosen)
        frequencyHz = (isTone ? Self.tone(total, chosen, floor: floor) : Self.refined(total, chosen)) * total.binHz
        // A band's highest bin that is no peak is the slope of something outside the band.
        let isInside =
            Self.isPeak(total, chosen)
            && abs(frequencyHz - min(max(frequencyHz, band.lowerBound), band.upperBound)) <= Self.tolerance
        prominence = !isInside ? 0 : floor > 0 ? total.density[chosen] / floor : .infinity
        widthHz = Self.width(total, chosen)
    }

    /// A tone at the very edge of the band may be read this far outside it, Hz.
    private static let tolerance = 0.02

    /// The bin of the first harmonic where `bin` is the second; `nil` where it is not.
    private static func firstHarmonic(
        _ total: Spectrum, _ axes: [Spectrum], _ bin: Int, _ band: ClosedRange<Double>, _ halfWidthHz: Double
    ) -> Int? {
        let half = Double(bin) * total.binHz / 2
        guard half >= band.lowerBound - total.binHz else { return nil }
        func share(_ s: Spectrum) -> Double {
            s.power(from: half - halfWidthHz, to: half + halfWidthHz)
                / max(s.power(from: 2 * half - halfWidthHz, to: 2 * half + halfWidthHz), .leastNonzeroMagnitude)
        }
        // At half the frequency the same acceleration is four times the displacement. Without this an axis that has only noise
        // would have its say.
        guard axes.contains(where: { share($0) > 0.1 }), share(total) > 1.0 / 16 else { return nil }
        let near = (half - 2 * total.binHz)...(half + 2 * total.binHz)
        guard let low = highest(total, near), isPeak(total, low), total.density[low] > 5 * surroundings(total, low)
        else {
            return nil
        }
        return low
    }

    /// The highest peak that lies in the band, or the highest bin where none is a peak.
    private static func highest(_ s: Spectrum, _ band: ClosedRange<Double>) -> Int? {
        let first = max(1, Int((band.lowerBound / s.binHz).rounded(.down)))
        let last = min(s.density.count - 2, Int((band.upperBound / s.binHz).rounded(.up)))
        guard first <= last else { return nil }
        let reach = (band.lowerBound - tolerance)...(band.upperBound + tolerance)
        var (peak, slope) = (-1, first)
        for bin in first...last {
            if s.density[bin] > s.density[slope] { slope = bin }
            let isHigher = peak < 0 || s.density[bin] > s.density[peak]
            guard isHigher, isPeak(s, bin) else { continue }
            // A peak lies within half a bin of its highest: logarithms only decide at the band's ends.
            let isFarInside =
                reach.contains((Double(bin) - 0.5) * s.binHz) && reach.contains((Double(bin) + 0.5) * s.binHz)
            if isFarInside || reach.contains(refined(s, bin) * s.binHz) { peak = bin }
        }
        let best = peak < 0 ? slope : peak
        return s.density[best] > 0 ? best : nil
    }

    static func isPeak(_ s: Spectrum, _ bin: Int) -> Bool {
        s.density[bin] >= s.density[bin - 1] && s.density[bin] >= s.density[bin + 1]
    }

    /// Where a peak lies between bins, in bins, by a parabola through logarithms.
    static func refined(_ s: Spectrum, _ bin: Int) -> Double {
        let d = s.density
        guard d[bin - 1] > 0, d[bin + 1] > 0, isPeak(s, bin) else { return Double(bin) }
        let (a, b, c) = (log(d[bin - 1]), log(d[bin]), log(d[bin + 1]))
        let bend = a - 2 * b + c
        return bend < 0 ? Double(bin) + (a - c) / (2 * bend) : Double(bin)
    }

    /// Where a tone lies between bins, in bins, for a Hann taper; `floor` is the density of the surroundings.
    ///
    /// A tone δ bins above the highest has amplitudes (1 + δ) / (2 − δ) and (1 − δ) / (2 + δ) of it in the bins above and below;
    /// their difference q gives q (4 − δ²) = 6 δ.
    private static func tone(_ s: Spectrum, _ bin: Int, floor: Double) -> Double {
        let d = s.density
        guard d[bin] > floor, isPeak(s, bin) else { return Double(bin) }
        let below = (max(0, d[bin - 1] - floor) / (d[bin] - floor)).squareRoot()
        let above = (max(0, d[bin + 1] - floor) / (d[bin] - floor)).squareRoot()
        let q = above - below
        let delta = abs(q) < 1e-9 ? q * 2 / 3 : ((36 + 16 * q * q).squareRoot() - 6) / (2 * q)
        return Double(bin) + min(0.5, max(-0.5, delta))
    }

    static func surroundings(_ s: Spectrum, _ bin: Int) -> Double {
        let (near, far) = (Int((0.75 / s.binHz).rounded(.up)), Int((3 / s.binHz).rounded()))
        let (first, last) = (max(1, bin - far), min(s.density.count - 1, bin + far))
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * far + 2) { values in
            var count = 0
            for place in stride(from: first, through: last, by: 1) where abs(place - bin) >= near {
                values[count] = s.density[place]
                count += 1
            }
            return count == 0 ? 0 : Median.inPlace(UnsafeMutableBufferPointer(rebasing: values[..<count]))
        }
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
