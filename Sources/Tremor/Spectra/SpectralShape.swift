import Glibc

/// The power of a spectrum in the bands that movement analysis tells apart.
public struct BandPowers: Sendable, Equatable {
    /// Voluntary movement, 0.5 to below 3 Hz, in the signal's unit squared.
    public let movement: Double
    /// Rest tremor and the slower action tremors, 3 to below 8 Hz.
    public let restTremor: Double
    /// Action and physiological tremor, 8 to 12 Hz.
    public let actionTremor: Double

    /// The bands of a spectrum; each bin counts in one of them.
    public init(of spectrum: Spectrum) {
        func power(_ low: Double, below high: Double) -> Double {
            let first = max(0, Int((low / spectrum.binHz).rounded(.up)))
            let last = min(spectrum.density.count, Int((high / spectrum.binHz).rounded(.up)))
            return first < last ? spectrum.density[first..<last].reduce(0, +) * spectrum.binHz : 0
        }
        movement = power(0.5, below: 3)
        restTremor = power(3, below: 8)
        actionTremor = power(8, below: (12).nextUp)
    }
}

extension Spectrum {
    /// The power around twice a frequency over that around the frequency itself, ±0.5 Hz each; `nil` where the spectrum does not
    /// reach that far or there is no power.
    ///
    /// The frequency is that of a `SpectralPeak` found with its axes: that does not take a second harmonic for the first.
    public func harmonicRatio(at frequencyHz: Double, halfWidthHz: Double = 0.5) -> Double? {
        let reach = Double(density.count - 1) * binHz
        guard frequencyHz > halfWidthHz, 2 * frequencyHz + halfWidthHz <= reach else { return nil }
        let first = power(from: frequencyHz - halfWidthHz, to: frequencyHz + halfWidthHz)
        guard first > 0 else { return nil }
        return power(from: 2 * frequencyHz - halfWidthHz, to: 2 * frequencyHz + halfWidthHz) / first
    }

    /// How evenly power is spread over a band: −Σ p ln p / ln N of its N bins, p a bin's share. 0 is one bin, 1 all alike; `nil`
    /// for fewer than two bins or without power. It depends on the width of bins: compare like with like.
    public func entropy(in band: ClosedRange<Double>) -> Double? {
        let first = max(0, Int((band.lowerBound / binHz).rounded(.up)))
        let last = min(density.count - 1, Int((band.upperBound / binHz).rounded(.down)))
        guard last > first else { return nil }
        let total = density[first...last].reduce(0, +)
        guard total > 0, total.isFinite else { return nil }
        var sum = 0.0
        for bin in first...last where density[bin] > 0 {
            let share = density[bin] / total
            sum -= share * log(share)
        }
        return min(1, max(0, sum / log(Double(last - first + 1))))
    }

    /// The power of movement below tremor, from 0.5 to below 3 Hz, without what a tremor's peak adds there.
    ///
    /// A taper spreads a peak over its neighbours, so that a tremor at 3 Hz has much of its own skirt below 3 Hz, and an arm at
    /// rest looks moved. Bins less than `lobeHz` below the tremor's peak are left out; pass `nil` where there is no tremor.
    public func movementPower(besides tremorHz: Double?, lobeHz: Double = 1) -> Double {
        let limit = min(3, tremorHz.map { $0 - lobeHz } ?? 3)
        let first = max(0, Int((0.5 / binHz).rounded(.up)))
        let end = min(density.count, Int((limit / binHz).rounded(.up)))
        return first < end ? density[first..<end].reduce(0, +) * binHz : 0
    }
}
