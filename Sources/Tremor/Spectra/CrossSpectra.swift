import CFFTW

/// The spectra and cross-spectra of several signals on one clock, averaged over Hann segments at half overlap [Welch1967].
///
/// Stretches between gaps are added one after the other; no segment touches a gap. All are kept per bin, so that a week needs no
/// more memory than a minute. One thread uses an instance at a time.
public final class CrossSpectra {
    /// Signals.
    public let channels: Int
    /// Distance of two bins, Hz.
    public let binHz: Double
    /// Segments so far.
    public private(set) var segments = 0
    /// How many segments without overlap would be as sure: 18K² / (19K − 1) a stretch of K segments, added up.
    public private(set) var independentSegments = 0.0
    let bins: Int
    private let length: Int
    private let rate: Double
    private let detrend: Detrend
    private let fft: RealFFT
    private let weights: [Double]
    private var transforms: [[SIMD2<Double>]]
    /// Row i, column j ≥ i: conj(Xᵢ) · Xⱼ per bin, summed over segments.
    private var products: [[SIMD2<Double>]]

    /// For signals at a constant rate; segments have at least 8 samples.
    public init(channels: Int, sampleRateHz: Double, segmentLength: Int, detrend: Detrend = .linear) {
        precondition(channels > 0 && sampleRateHz > 0 && segmentLength >= 8, "a segment has at least 8 samples")
        (self.channels, length, rate, self.detrend) = (channels, segmentLength, sampleRateHz, detrend)
        fft = RealFFT(length: segmentLength)
        bins = fft.bins
        binHz = sampleRateHz / Double(segmentLength)
        weights = Taper.hann.weights(segmentLength)
        let empty = [SIMD2<Double>](repeating: .zero, count: bins)
        transforms = [[SIMD2<Double>]](repeating: empty, count: channels)
        products = [[SIMD2<Double>]](repeating: empty, count: channels * channels)
    }

    /// Adds a stretch: a column a signal, equally long, at the same moments. Segments that hold a missing number are left out; what
    /// is left counts as if it were one row.
    public func add(_ signals: [[Double]]) {
        precondition(
            signals.count == channels && signals.allSatisfy { $0.count == signals[0].count },
            "all signals are seen at the same moments")
        var added = 0
        for start in stride(from: 0, through: signals[0].count - length, by: max(1, length / 2)) {
            let isWhole = signals.allSatisfy { signal in signal[start..<(start + length)].allSatisfy(\.isFinite) }
            guard isWhole else { continue }
            for channel in 0..<channels { transform(signals[channel], start, channel) }
            addProducts()
            added += 1
        }
        guard added > 0 else { return }
        segments += added
        independentSegments +=
            SpectrumInterval.degreesOfFreedom(segments: added, hop: max(1, length / 2), taper: weights) / 2
    }

    private func transform(_ signal: [Double], _ start: Int, _ channel: Int) {
        signal.withUnsafeBufferPointer { signal in
            let samples = signal.baseAddress! + start
            let (offset, slope) = detrend.line(of: samples, count: length)
            transforms[channel].withUnsafeMutableBufferPointer { target in
                fft.transform { input in
                    for place in 0..<length {
                        input[place] = (samples[place] - (offset + slope * Double(place))) * weights[place]
                    }
                } read: { output in
                    for bin in 0..<bins { target[bin] = SIMD2(output[bin].0, output[bin].1) }
                }
            }
        }
    }

    private func addProducts() {
        for i in 0..<channels {
            for j in i..<channels {
                products[i * channels + j].withUnsafeMutableBufferPointer { sums in
                    for bin in 0..<bins {
                        let (a, b) = (transforms[i][bin], transforms[j][bin])
                        sums[bin] += SIMD2(a.x * b.x + a.y * b.y, a.x * b.y - a.y * b.x)
                    }
                }
            }
        }
    }

    /// conj(Xᵢ) · Xⱼ, summed over segments.
    private func product(_ i: Int, _ j: Int, _ bin: Int) -> SIMD2<Double> {
        if i <= j { return products[i * channels + j][bin] }
        let value = products[j * channels + i][bin]
        return SIMD2(value.x, -value.y)
    }

    /// The mean spectrum of a signal; all zeros before a segment was added.
    public func spectrum(of channel: Int) -> Spectrum {
        let scale = 2 / (rate * weights.reduce(0) { $0 + $1 * $1 } * Double(max(1, segments)))
        var density = (0..<bins).map { product(channel, channel, $0).x * scale }
        // 0 Hz and, for an even length, the Nyquist frequency stand once in a two-sided spectrum, not twice.
        density[0] /= 2
        if length % 2 == 0 { density[bins - 1] /= 2 }
        return Spectrum(
            binHz: binHz, density: density, segments: segments, degreesOfFreedom: 2 * independentSegments)
    }

    /// The coherence of two signals; `nil` for fewer than two independent segments, of which one alone is always coherent.
    public func coherence(of first: Int, and second: Int) -> Coherence? {
        coherence(
            { self.product(first, first, $0).x }, { self.product(second, second, $0).x },
            { self.product(first, second, $0) })
    }

    /// The coherence of two sensors of three axes each, along the direction in which each of them moves most within a band.
    ///
    /// Directions come from each sensor's own spectra and never from what both have in common, so that the significance level
    /// stays what it is; the best of nine pairs of axes would exceed it in a third of all recordings without any coherence. `nil`
    /// where a sensor does not move, and for fewer than two independent segments.
    /// - Parameters:
    ///   - first, second: the channels at which each sensor's x, y and z begin.
    public func coherence(
        ofSensorAt first: Int, andSensorAt second: Int, band: ClosedRange<Double>
    ) -> Coherence? {
        precondition(first + 3 <= channels && second + 3 <= channels, "a sensor has three axes")
        guard let a = axis(ofSensorAt: first, band: band), let b = axis(ofSensorAt: second, band: band) else {
            return nil
        }
        func projected(_ i: Int, _ u: SIMD3<Double>, _ j: Int, _ v: SIMD3<Double>, _ bin: Int) -> SIMD2<Double> {
            var sum = SIMD2<Double>.zero
            for p in 0..<3 { for q in 0..<3 { sum += u[p] * v[q] * product(i + p, j + q, bin) } }
            return sum
        }
        return coherence(
            { projected(first, a.direction, first, a.direction, $0).x },
            { projected(second, b.direction, second, b.direction, $0).x },
            { projected(first, a.direction, second, b.direction, $0) })
    }

    /// The direction in which a sensor moves most within a band, from the real part of its spectra: the covariance of its
    /// band-passed axes. `nil` without any power there.
    public func axis(ofSensorAt first: Int, band: ClosedRange<Double>) -> PrincipalAxis? {
        precondition(first >= 0 && first + 3 <= channels, "a sensor has three axes")
        let low = max(1, Int((band.lowerBound / binHz).rounded(.up)))
        let high = min(bins - 1, Int((band.upperBound / binHz).rounded(.down)))
        guard low <= high else { return nil }
        func sum(_ i: Int, _ j: Int) -> Double {
            (low...high).reduce(0) { $0 + product(first + i, first + j, $1).x }
        }
        return PrincipalAxis(
            covarianceXX: sum(0, 0), xy: sum(0, 1), xz: sum(0, 2), yy: sum(1, 1), yz: sum(1, 2), zz: sum(2, 2))
    }

    private func coherence(
        _ first: (Int) -> Double, _ second: (Int) -> Double, _ cross: (Int) -> SIMD2<Double>
    ) -> Coherence? {
        guard independentSegments >= 1.8 else { return nil }
        let scale = 2 / (rate * weights.reduce(0) { $0 + $1 * $1 } * Double(segments))
        return Coherence(
            binHz: binHz, independentSegments: independentSegments, densities: (0..<bins).map { first($0) * scale },
            (0..<bins).map { second($0) * scale }, crosses: (0..<bins).map { cross($0) * scale })
    }
}

/// The coherence of two signals at a constant rate, from Hann segments at half overlap; `nil` where they have room for fewer than
/// two segments. See `CrossSpectra` for recordings with gaps and for sensors with three axes.
public func coherence(
    _ first: [Double], _ second: [Double], sampleRateHz: Double, segmentLength: Int, detrend: Detrend = .linear
) -> Coherence? {
    let spectra = CrossSpectra(
        channels: 2, sampleRateHz: sampleRateHz, segmentLength: segmentLength, detrend: detrend)
    spectra.add([first, second])
    return spectra.coherence(of: 0, and: 1)
}
