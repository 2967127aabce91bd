import Glibc

/// How constant the phase and the ratio of two signals are from segment to segment, bin by bin: magnitude-squared coherence, 0 to 1,
/// with phase and delay [Halliday1995].
///
/// Estimates are too high: of independent signals by 1/L of L independent segments, in general by about (1 − C)² / L. They are
/// too low where one signal lags by a good part of a segment.
public struct Coherence: Sendable {
    /// What is known at one frequency.
    public struct Point: Sendable, Equatable {
        /// The bin's frequency, Hz.
        public let frequencyHz: Double
        /// Coherence, 0 to 1.
        public let value: Double
        /// Its 95 % interval: tanh²(atanh √C ± 1.96 / √(2L)).
        public let interval95: ClosedRange<Double>
        /// Whether it is above what independent signals reach in 5 % of bins. It is a test of this bin, not of the best of many.
        /// Never within two bins of 0 Hz nor below `lowestTestedHz`.
        public let isSignificant: Bool
        /// The phase of the second signal against the first, −π to π: negative where it comes later.
        public let phase: Double
        /// Half of the phase's 95 % interval: 1.96 · √((1/C − 1) / 2L), at most π.
        public let phaseHalfWidth95: Double

        /// How much later the second signal comes, s, as far as a phase can tell: one of values a period apart, the one within
        /// half a period of 0.
        public var delayWithinPeriodS: Double { -phase / (2 * Double.pi * frequencyHz) }
    }

    /// How much later the second signal comes, from the slope of the phase over frequency.
    public struct Delay: Sendable, Equatable {
        /// The delay, s; negative where the second signal comes first.
        public let seconds: Double
        /// Half of its 95 % interval, s.
        public let halfWidth95: Double
        /// Bins that the slope was laid through.
        public let bins: Int
    }

    /// Distance of two bins, Hz.
    public let binHz: Double
    /// No bin below is called significant, Hz: what is left of trends there is common to signals that have nothing in common.
    public var lowestTestedHz = 0.0
    /// How many segments without overlap would be as sure, L.
    public let independentSegments: Double
    /// Coherence of each bin, 0 to 1; 0 where a signal has no power.
    public let values: [Double]
    /// Phase of each bin, −π to π: negative where the second signal comes later.
    public let phases: [Double]
    /// Densities of both signals, their unit squared per Hz, one-sided but for 0 Hz and the Nyquist frequency.
    let densities: (first: [Double], second: [Double])
    /// Of the cross-spectrum, one value a bin.
    private let magnitudes: [Double]

    init(
        binHz: Double, independentSegments: Double, densities first: [Double], _ second: [Double],
        crosses: [SIMD2<Double>]
    ) {
        (self.binHz, self.independentSegments) = (binHz, independentSegments)
        densities = (first, second)
        values = crosses.indices.map { bin in
            let power = first[bin] * second[bin]
            return power > 0 ? min(1, (crosses[bin] * crosses[bin]).sum() / power) : 0
        }
        phases = crosses.map { $0 == .zero ? 0 : atan2($0.y, $0.x) }
        magnitudes = crosses.map { ($0 * $0).sum().squareRoot() }
    }

    /// What the coherence of independent signals exceeds in a share of all bins: 1 − share^(1 / (L − 1)).
    public func significanceLevel(_ share: Double = 0.05) -> Double {
        precondition(share > 0 && share < 1, "a share lies between 0 and 1")
        return independentSegments > 1 ? 1 - pow(share, 1 / (independentSegments - 1)) : 1
    }

    /// The places of bins within a band that chance does not explain: significant bins in a row of which one at least is above what
    /// the best of all the band's bins reaches in 5 % of independent signals, 1 − (0.05 / m)^(1 / (L − 1)) of m bins: Bonferroni's
    /// correction of [Halliday1995]. One bin in twenty is significant by chance, and its neighbour shares 4/9 of its scatter.
    public func sureBins(in band: ClosedRange<Double>) -> [Int] {
        let (level, places) = (significanceLevel(), values.indices.filter { band.contains(Double($0) * binHz) })
        let corrected = significanceLevel(0.05 / Double(max(1, places.count)))
        var (sure, run) = ([Int](), [Int]())
        for bin in places + [-1] {
            if bin > 0, isSignificant(bin, level), run.last.map({ $0 == bin - 1 }) ?? true {
                run.append(bin)
                continue
            }
            if run.contains(where: { values[$0] > corrected }) { sure += run }
            run = bin > 0 && isSignificant(bin, level) ? [bin] : []
        }
        return sure
    }

    /// What is known at the bin nearest to a frequency; `nil` outside the spectrum or at 0 Hz.
    public func point(at frequencyHz: Double) -> Point? {
        guard frequencyHz.isFinite, let bin = Int(exactly: (frequencyHz / binHz).rounded()),
            (1..<(values.count - 1)).contains(bin)
        else { return nil }
        let (value, reach) = (values[bin], 1.96 / (2 * independentSegments).squareRoot())
        let middle = atanh(min(value, 1 - 1e-15).squareRoot())
        let (low, high) = (tanh(max(0, middle - reach)), tanh(middle + reach))
        return Point(
            frequencyHz: Double(bin) * binHz, value: value, interval95: (low * low)...(high * high),
            isSignificant: isSignificant(bin, significanceLevel()), phase: phases[bin],
            phaseHalfWidth95: min(.pi, 1.96 * phaseVariance(bin).squareRoot()))
    }

    /// Detrending leaves in all signals alike what a taper spreads over two bins from 0 Hz.
    private func isSignificant(_ bin: Int, _ level: Double) -> Bool {
        values[bin] > level && bin > 2 && Double(bin) * binHz > lowestTestedHz - binHz / 1000
    }

    private func phaseVariance(_ bin: Int) -> Double {
        values[bin] > 0 ? (1 / values[bin] - 1) / (2 * independentSegments) : .infinity
    }

    /// How much later the second signal comes, from the phases of the bins around a frequency that are significant, without a
    /// break; the surer ones weigh more.
    ///
    /// `nil` where fewer than four bins are significant, and where the peak of either signal is not clearly wider than the taper
    /// makes a tone: the phases around a tone are the tone's own and have no slope, whatever the delay. Then only
    /// `delayWithinPeriodS` is known, or longer segments help. Noise that both signals share at once draws it to 0.
    public func delay(around frequencyHz: Double, halfWidthHz: Double = 1.25) -> Delay? {
        guard frequencyHz.isFinite, let middle = Int(exactly: (frequencyHz / binHz).rounded()),
            (1..<(values.count - 1)).contains(middle)
        else { return nil }
        let level = significanceLevel()
        guard isSignificant(middle, level), Self.isResolved(densities.first, middle),
            Self.isResolved(densities.second, middle)
        else { return nil }
        let reach = Int((halfWidthHz / binHz).rounded(.down))
        func end(_ step: Int) -> Int {
            var bin = middle
            while abs(bin + step - middle) <= reach, (1..<(values.count - 1)).contains(bin + step),
                isSignificant(bin + step, level)
            { bin += step }
            return bin
        }
        let bins = Array(end(-1)...end(1))
        return bins.count >= 4 ? slope(bins) : nil
    }

    /// Least squares of the unwrapped phases over the frequencies at which the power of each bin lies on average.
    ///
    /// A Hann taper gathers power with a variance of 1/3 bin² about a bin: on the side of a peak more of it comes from the peak, and a
    /// slope over the bins' own frequencies is 2 to 6 % too small. Neighbouring bins share 4/9 of their scatter, next neighbours
    /// 1/36.
    private func slope(_ bins: [Int]) -> Delay {
        var unwrapped = [phases[bins[0]]]
        for (bin, before) in zip(bins.dropFirst(), bins) {
            let step = phases[bin] - phases[before]
            unwrapped.append(unwrapped[unwrapped.count - 1] + step - 2 * .pi * (step / (2 * .pi)).rounded())
        }
        let deviations = bins.map { max(1e-9, unbiasedPhaseVariance($0).squareRoot()) }
        let weights = deviations.map { 1 / ($0 * $0) }
        let total = weights.reduce(0, +)
        let omegas = bins.map { bin in
            let steepness = (log(magnitudes[bin + 1]) - log(magnitudes[bin - 1])) / 2
            return 2 * Double.pi * (Double(bin) + (steepness.isFinite ? steepness / 3 : 0)) * binHz
        }
        let mean = zip(omegas, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
        let spread = zip(omegas, weights).reduce(0) { $0 + $1.1 * ($1.0 - mean) * ($1.0 - mean) }
        let shares = zip(omegas, weights).map { $1 * ($0 - mean) / spread }
        var (seconds, variance) = (0.0, 0.0)
        for i in bins.indices {
            seconds -= shares[i] * unwrapped[i]
            for j in bins.indices where abs(i - j) < 3 {
                variance += shares[i] * shares[j] * deviations[i] * deviations[j] * [1, 4.0 / 9, 1.0 / 36][abs(i - j)]
            }
        }
        return Delay(
            seconds: seconds, halfWidth95: Self.hiddenScatter * 1.96 * max(0, variance).squareRoot(), bins: bins.count)
    }

    /// How much larger the scatter of delays is than their weights say, which are estimates themselves: 1.06 to 1.12 in
    /// simulations of tremors 0.3 to 1 Hz wide.
    private static let hiddenScatter = 1.1

    /// The phase's variance with the coherence that remains when chance is taken off.
    private func unbiasedPhaseVariance(_ bin: Int) -> Double {
        let chance = (1 - values[bin]) * (1 - values[bin]) / independentSegments
        return (1 / max(1e-3, values[bin] - chance) - 1) / (2 * independentSegments)
    }

    /// Whether the peak at a bin is wider at half its power than 2.5 bins; a tone has 1.44.
    private static func isResolved(_ density: [Double], _ bin: Int) -> Bool {
        var top = bin
        for near in max(1, bin - 2)...min(density.count - 2, bin + 2) where density[near] > density[top] { top = near }
        func edge(_ step: Int) -> Double {
            var place = top
            while density.indices.contains(place + step) {
                if density[place + step] < density[top] / 2 {
                    let drop = density[place] - density[place + step]
                    return Double(abs(place - top)) + (density[place] - density[top] / 2) / drop
                }
                place += step
            }
            return Double(abs(place - top))
        }
        return edge(-1) + edge(1) > 2.5
    }
}
