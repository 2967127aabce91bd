/// The power spectral density of a whole signal, averaged over Slepian tapers [Thomson1982].
///
/// Every taper sees another part of the signal, so that the density is as sure as one of `tapers` segments while its resolution
/// is that of the whole: ±`timeBandwidth` / duration. One-sided; on average its sum times `binHz` is the signal's mean square, and
/// with as many tapers as samples exactly. Tapers count the same.
/// - Parameters:
///   - signal: samples at a constant rate.
///   - timeBandwidth: half of the bandwidth times the duration, NW.
///   - tapers: at most 2·NW − 1 for little leakage.
/// - Returns: `nil` where the signal is too short for the bandwidth or the tapers.
public func multitaper(
    _ signal: [Double], sampleRateHz: Double, timeBandwidth: Double = 2.5, tapers: Int = 4, detrend: Detrend = .mean
) -> Spectrum? {
    precondition(sampleRateHz > 0 && timeBandwidth > 0 && tapers > 0, "a rate, a bandwidth and tapers are above 0")
    guard signal.count > 1, signal.count >= tapers, Double(signal.count) > 2 * timeBandwidth else { return nil }
    let estimator = MultitaperEstimator(
        length: signal.count, sampleRateHz: sampleRateHz, timeBandwidth: timeBandwidth, tapers: tapers, detrend: detrend
    )
    return estimator.spectrum(of: signal)
}

/// Multitaper spectra of one window after another, all of one length; tapers, plan and buffers are made once.
///
/// One thread uses an instance at a time.
public final class MultitaperEstimator {
    /// Samples of a window.
    public let length: Int
    /// Bins of a density: `length / 2 + 1`.
    public let bins: Int
    /// Distance of two bins, Hz.
    public let binHz: Double
    /// How far power of one frequency is spread, Hz: NW / duration to either side.
    public let halfBandwidthHz: Double
    private let fft: RealFFT
    private let tapers: SlepianTapers
    private let detrend: Detrend
    private let scale: Double
    private var level: [Double]

    /// An estimator; `timeBandwidth` lies below half of `length`, `tapers` are at most `length`.
    public init(
        length: Int, sampleRateHz: Double, timeBandwidth: Double = 2.5, tapers: Int = 4, detrend: Detrend = .mean
    ) {
        precondition(sampleRateHz > 0, "a rate is above 0")
        self.length = length
        self.detrend = detrend
        self.tapers = SlepianTapers(length: length, timeBandwidth: timeBandwidth, count: tapers)
        fft = RealFFT(length: length)
        bins = fft.bins
        binHz = sampleRateHz / Double(length)
        halfBandwidthHz = timeBandwidth * binHz
        scale = 2 / (sampleRateHz * Double(tapers))
        level = [Double](repeating: 0, count: length)
    }

    /// Adds the density of the window that begins at `samples`, `length` of them, to `density`, `bins` values.
    public func add(_ samples: UnsafePointer<Double>, to density: UnsafeMutablePointer<Double>) {
        let (offset, slope) = detrend.line(of: samples, count: length)
        let first = density[0]
        let last = density[bins - 1]
        level.withUnsafeMutableBufferPointer { level in
            for place in 0..<length { level[place] = samples[place] - (offset + slope * Double(place)) }
            for taper in tapers.tapers {
                taper.withUnsafeBufferPointer { taper in
                    fft.addPower(scaledBy: scale, to: density) { input in
                        for place in 0..<length { input[place] = level[place] * taper[place] }
                    }
                }
            }
        }
        // 0 Hz and, for an even length, the Nyquist frequency stand once in a two-sided spectrum, not twice.
        density[0] = first + (density[0] - first) / 2
        if length % 2 == 0 { density[bins - 1] = last + (density[bins - 1] - last) / 2 }
    }

    /// The spectrum of one window of `length` samples.
    public func spectrum(of signal: [Double]) -> Spectrum {
        precondition(signal.count == length, "a window has the estimator's length")
        var density = [Double](repeating: 0, count: bins)
        signal.withUnsafeBufferPointer { signal in
            density.withUnsafeMutableBufferPointer { add(signal.baseAddress!, to: $0.baseAddress!) }
        }
        return Spectrum(
            binHz: binHz, density: density, segments: 1, degreesOfFreedom: 2 * Double(tapers.tapers.count))
    }
}
