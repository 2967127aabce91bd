import Glibc

/// Finds the rate of steps in a window of the acceleration's length.
struct StepFinder {
    /// Steps that were found.
    struct Found {
        /// The window's first sample.
        var start: Int
        /// Steps a second, Hz.
        var stepHz: Double
        /// Twice or half of it, where that is the rate nearly as likely, Hz.
        var otherHz: Double?
        /// How alike strides are.
        var regularity: Double
    }

    private let length: Int
    private let rate: Double
    private let settings: GaitAnalysis.Settings
    private let estimator: SegmentSpectrum

    init(length: Int, sampleRateHz: Double, settings: GaitAnalysis.Settings) {
        (self.length, rate, self.settings) = (length, sampleRateHz, settings)
        estimator = SegmentSpectrum(length: length, sampleRateHz: sampleRateHz, taper: .hann, detrend: .linear)
    }

    /// The steps of the window that begins at `start`; `nil` where nobody walks regularly.
    func steps(_ sizes: [Double], _ angularRate: [[Double]]?, at start: Int) -> Found? {
        let part = Array(sizes[start..<(start + length)])
        let mean = part.reduce(0, +) / Double(length)
        let level = part.map { $0 - mean }
        let rms = (level.reduce(0) { $0 + $1 * $1 } / Double(length)).squareRoot()
        guard rms >= settings.leastRMS, isThroughout(level) else { return nil }
        let spectrum = density([part])
        guard let highest = peak(spectrum, settings.stepHz) else { return nil }
        let (step, other) = stepFrequency(spectrum, highest, strideOf: angularRate, at: start)
        guard isWalking(spectrum, at: step) else { return nil }
        let regularity = Self.autocorrelation(level, near: 2 * rate / step)
        guard regularity >= settings.leastRegularity else { return nil }
        return Found(start: start, stepHz: step, otherHz: other, regularity: regularity)
    }

    /// Whether steps are what moves most: their peak has at least a tenth of the height of the highest one up to 12 Hz. A tremor repeats
    /// itself at any stride that holds a whole number of its periods, and the highest peak that it leaves among steps is noise.
    private func isWalking(_ spectrum: Spectrum, at step: Double) -> Bool {
        let last = min(spectrum.density.count - 1, Int((12 / spectrum.binHz).rounded(.down)))
        let first = max(1, Int((settings.stepHz.lowerBound / spectrum.binHz).rounded(.down)))
        let bin = Int((step / spectrum.binHz).rounded())
        guard first <= last, spectrum.density.indices.contains(bin) else { return false }
        return spectrum.density[bin] >= 0.1 * (spectrum.density[first...last].max() ?? 0)
    }

    /// Whether each quarter of a window has at least half of the movement that the whole must have: without this a bout begins before
    /// its first step.
    private func isThroughout(_ level: [Double]) -> Bool {
        (0..<4).allSatisfy { quarter in
            let part = level[(quarter * length / 4)..<((quarter + 1) * length / 4)]
            let square = part.reduce(0) { $0 + $1 * $1 } / Double(part.count)
            return square.squareRoot() >= settings.leastRMS / 2
        }
    }

    private func density(_ columns: [[Double]]) -> Spectrum {
        var density = [Double](repeating: 0, count: estimator.bins)
        density.withUnsafeMutableBufferPointer { density in
            for column in columns {
                column.withUnsafeBufferPointer { estimator.add($0.baseAddress!, to: density.baseAddress!) }
            }
        }
        return Spectrum(binHz: estimator.binHz, density: density, segments: 1)
    }

    /// The frequency of the highest peak in a band, Hz.
    private func peak(_ spectrum: Spectrum, _ band: ClosedRange<Double>) -> Double? {
        let first = max(1, Int((band.lowerBound / spectrum.binHz).rounded(.down)))
        let last = min(spectrum.density.count - 2, Int((band.upperBound / spectrum.binHz).rounded(.up)))
        var best: Int?
        for bin in stride(from: first, through: last, by: 1)
        where spectrum.density[bin] > 0 && SpectralPeak.isPeak(spectrum, bin)
            && band.contains(SpectralPeak.refined(spectrum, bin) * spectrum.binHz)
        {
            if best.map({ spectrum.density[bin] > spectrum.density[$0] }) ?? true { best = bin }
        }
        return best.map { SpectralPeak.refined(spectrum, $0) * spectrum.binHz }
    }

    /// The rate of steps where the highest peak may be that of strides or of two steps' halves, and the other rate where that is nearly as
    /// likely.
    ///
    /// With a gyroscope steps are at twice the arm's swing where there is a peak. Without one, a highest peak below 1.2 Hz with a fourth of
    /// its height at twice its frequency is taken for strides, and one above 2.6 Hz with a tenth at half for a harmonic: both rates of
    /// steps would be unusual, 72 and 156 a minute. Nobody can tell slow steps that are heard twice from strides by the spectrum alone:
    /// what was doubled or halved, or would be with twice the height there, has another rate.
    private func stepFrequency(
        _ spectrum: Spectrum, _ highest: Double, strideOf angularRate: [[Double]]?, at start: Int
    ) -> (step: Double, other: Double?) {
        if let angularRate, let swing = swingFrequency(angularRate, at: start),
            let step = peak(spectrum, (2 * swing.hz - 0.2)...(2 * swing.hz + 0.2))
        {
            return (step, swing.isHalfAsLikely ? step / 2 : nil)
        }
        func height(_ hz: Double) -> Double {
            let bin = Int((hz / spectrum.binHz).rounded())
            return spectrum.density.indices.contains(bin) ? spectrum.density[bin] : 0
        }
        func share(at hz: Double) -> (hz: Double, share: Double)? {
            peak(spectrum, (hz - 0.15)...(hz + 0.15)).map { ($0, height($0) / height(highest)) }
        }
        let (double, half) = (share(at: 2 * highest), share(at: highest / 2))
        if highest < 1.2, let double, double.share > 1.0 / 4 { return (double.hz, highest) }
        if highest > 2.6, let half, half.share > 1.0 / 10 { return (half.hz, highest) }
        // Away from these limits a rate is usual, and the other one has to be as high as half of it.
        if let double, double.share > (highest < 1.2 ? 1.0 / 8 : 1.0 / 2), double.hz <= settings.stepHz.upperBound {
            return (highest, double.hz)
        }
        if let half, half.share > (highest > 2.6 ? 1.0 / 20 : 1.0 / 2), half.hz >= settings.stepHz.lowerBound {
            return (highest, half.hz)
        }
        return (highest, nil)
    }

    /// The frequency of the arm's swing in a window, and whether half of it has a fourth of its height; `nil` where the arm does not swing.
    private func swingFrequency(_ angularRate: [[Double]], at start: Int) -> (hz: Double, isHalfAsLikely: Bool)? {
        let places = start..<(start + length)
        guard let axis = PrincipalAxis(of: angularRate, in: places) else { return nil }
        let spectrum = density([axis.projection(of: angularRate, in: places)])
        guard let swing = peak(spectrum, settings.swingHz) else { return nil }
        let share = spectrum.power(from: max(0, swing - 0.5), to: swing + 0.5) / spectrum.power(from: 0.3, to: 8)
        guard share > 0.5 else { return nil }
        let (bin, halfBin) = (Int((swing / spectrum.binHz).rounded()), Int((swing / 2 / spectrum.binHz).rounded()))
        let isPeak = halfBin > 0 && bin - halfBin > 2 && SpectralPeak.isPeak(spectrum, halfBin)
        return (swing, isPeak && spectrum.density[halfBin] > spectrum.density[bin] / 4)
    }

    /// The highest autocorrelation within a tenth of a lag, 1 for a signal that repeats itself: the sum of products over the root
    /// of both parts' squares.
    static func autocorrelation(_ values: [Double], near lag: Double) -> Double {
        let first = max(1, Int((0.9 * lag).rounded(.down)))
        let last = min(values.count - 2, Int((1.1 * lag).rounded(.up)))
        var best = 0.0
        for shift in stride(from: first, through: last, by: 1) {
            var (product, a, b) = (0.0, 0.0, 0.0)
            for place in 0..<(values.count - shift) {
                product += values[place] * values[place + shift]
                a += values[place] * values[place]
                b += values[place + shift] * values[place + shift]
            }
            if a > 0 && b > 0 { best = max(best, product / (a * b).squareRoot()) }
        }
        return best
    }
}
