import CKernels

/// The power spectral density of a signal by averaging tapered segments that overlap [Welch1967].
///
/// One-sided density: its sum times `binHz` is the signal's mean square (with a rectangular taper and no overlap, exactly).
/// - Parameters:
///   - signal: samples at a constant rate.
///   - segmentLength: samples in a segment; at most as many as there are.
///   - overlap: samples shared by neighbours; less than `segmentLength`.
/// - Returns: `nil` where the signal is shorter than a segment.
public func welch(
    _ signal: [Double], sampleRateHz: Double, segmentLength: Int, overlap: Int, taper: Taper = .hann,
    detrend: Detrend = .mean
) -> Spectrum? {
    precondition(
        segmentLength > 1 && overlap >= 0 && overlap < segmentLength && sampleRateHz > 0, "segments move forward")
    guard signal.count >= segmentLength else { return nil }
    let estimator = SegmentSpectrum(length: segmentLength, sampleRateHz: sampleRateHz, taper: taper, detrend: detrend)
    var density = [Double](repeating: 0, count: estimator.bins)
    var segments = 0
    signal.withUnsafeBufferPointer { signal in
        density.withUnsafeMutableBufferPointer { density in
            for start in stride(from: 0, through: signal.count - segmentLength, by: segmentLength - overlap) {
                estimator.add(signal.baseAddress! + start, to: density.baseAddress!)
                segments += 1
            }
        }
    }
    for bin in density.indices { density[bin] /= Double(segments) }
    return Spectrum(
        binHz: sampleRateHz / Double(segmentLength), density: density, segments: segments,
        degreesOfFreedom: SpectrumInterval.degreesOfFreedom(
            segments: segments, hop: segmentLength - overlap, taper: taper.weights(segmentLength)))
}

/// The spectrum of one segment after another, all of one length; buffers are made once.
final class SegmentSpectrum {
    let length: Int
    let bins: Int
    private(set) var binHz: Double
    private let fft: RealFFT
    private let weights: [Double]
    private let detrend: Detrend
    private var scale: Double

    init(length: Int, sampleRateHz: Double, taper: Taper, detrend: Detrend) {
        self.length = length
        fft = RealFFT(length: length)
        bins = fft.bins
        binHz = sampleRateHz / Double(length)
        weights = taper.weights(length)
        self.detrend = detrend
        scale = 2 / (sampleRateHz * weights.reduce(0) { $0 + $1 * $1 })
    }

    /// What follows was sampled at another rate, Hz; the plan stays.
    func setRate(_ sampleRateHz: Double) {
        binHz = sampleRateHz / Double(length)
        scale = 2 / (sampleRateHz * weights.reduce(0) { $0 + $1 * $1 })
    }

    /// Writes the transform of the tapered segment, without its trend, from bin `first` on into `result`, as real and imaginary
    /// parts; |X|² · `densityScale` is its one-sided density.
    func transform(_ samples: UnsafePointer<Double>, first: Int, into result: inout [SIMD2<Double>]) {
        let (offset, slope) = detrend.line(of: samples, count: length)
        weights.withUnsafeBufferPointer { weights in
            fft.transform(first: first, into: &result) { input in
                ck_tapered(samples, weights.baseAddress!, length, offset, slope, input)
            }
        }
    }

    /// See `transform`.
    var densityScale: Double { scale }

    /// Adds the density of the segment that begins at `samples` to `density`.
    func add(_ samples: UnsafePointer<Double>, to density: UnsafeMutablePointer<Double>) {
        let (offset, slope) = detrend.line(of: samples, count: length)
        let first = density[0]
        let last = density[bins - 1]
        weights.withUnsafeBufferPointer { weights in
            fft.addPower(scaledBy: scale, to: density) { input in
                ck_tapered(samples, weights.baseAddress!, length, offset, slope, input)
            }
        }
        // 0 Hz and, for an even length, the Nyquist frequency stand once in a two-sided spectrum, not twice.
        density[0] = first + (density[0] - first) / 2
        if length % 2 == 0 { density[bins - 1] = last + (density[bins - 1] - last) / 2 }
    }

    /// Writes the segment that begins at `samples` without its trend.
    func detrended(_ samples: UnsafePointer<Double>, into target: UnsafeMutablePointer<Float>) {
        let (offset, slope) = detrend.line(of: samples, count: length)
        for place in 0..<length { target[place] = Float(samples[place] - (offset + slope * Double(place))) }
    }
}
