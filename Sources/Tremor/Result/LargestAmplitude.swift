import Glibc

/// The amplitude that a rater scores: the largest that was there, not the largest that noise made of it.
enum LargestAmplitude {
    /// Smaller displacements are not seen, cm, peak to peak: our choice, half a millimetre.
    static let visibleCm = 0.05
    /// Windows of white noise that look like tremor (see `TremorSettings.prominence`).
    private static let falseAlarms = 0.0015

    /// The displacement that 95 % of the windows with tremor stay below, without what noise adds to their scatter.
    ///
    /// With m the median, q the 95th percentile and e the error of a window: m + √((q − m)² − (1.645 e)²). The largest of 900 windows of a
    /// steady tremor is three errors too large; this is the tremor. Its interval is that of the median, in proportion, and at least
    /// a window's error over the root of the windows above q.
    static func of(_ sizes: [Double], errors: [Double], hopS: Double) -> UncertainValue? {
        guard !sizes.isEmpty else { return nil }
        let median = Median.of(sizes)
        let error = Median.of(errors)
        guard median > 0, error.isFinite else { return nil }
        let high = sizes.sorted()[min(sizes.count - 1, Int((0.95 * Double(sizes.count)).rounded(.down)))]
        let spread = max(0, (high - median) * (high - median) - 1.645 * 1.645 * error * error).squareRoot()
        let value = median + spread
        let own = 1.96 * error / max(1, 0.05 * Double(sizes.count)).squareRoot()
        let relative =
            AmplitudeInterval.ofMedian(sizes, hopS: hopS).map { ($0.low / median, $0.high / median) } ?? (1, 1)
        // The median may lie far below, where a recording mixes two tremors; what was largest is not as unsure as that, and no
        // more than noise above the largest window.
        let low = min(max(value * relative.0, median), value - own)
        let top = max(min(value * relative.1, (sizes.max() ?? value) + own), value + own)
        return UncertainValue(value, ci95: (max(0, low), top))
    }

    /// The probability that noise alone has at least as many windows with tremor.
    static func chanceOfNoise(windows: Int, withTremor: Int) -> Double {
        let expected = falseAlarms * Double(windows)
        // Poisson: 1 − Σ below `withTremor`; beyond some dozens it is 0.
        guard withTremor > 0 else { return 1 }
        guard Double(withTremor) < 10 * expected + 50 else { return 0 }
        var (term, below) = (exp(-expected), 0.0)
        for count in 0..<withTremor {
            below += term
            term *= expected / Double(count + 1)
        }
        return max(0, 1 - below)
    }
}
