import Glibc

/// The amplitude of a tremor from moment to moment, by complex demodulation at its frequency.
///
/// A window of seconds cannot tell when a burst begins; the envelope can, to a third of a second. The acceleration is shifted
/// down by the tremor's frequency and low-passed, axis by axis. Three complex envelopes z are an ellipse, of which a line is the
/// narrowest; the tremor's amplitude is half its long axis, √((Σ|z|² + |Σz²|) / 2), whatever its direction.
struct TremorEnvelope {
    /// Envelope values a second.
    static let rateHz = 10.0
    /// Cut-off of the low-pass, Hz: frequencies up to about half of it away from the tremor's pass unchanged.
    private static let cutoffHz = 1.4
    /// Half of the filter's length, s.
    private static let reachS = 0.9

    /// Zeros at the end of a window's samples, so that taps can be read eight at a time.
    static let padding = 7

    private let taps: [Double]
    /// Taps times the carrier of the window at hand, zeros at the end.
    private var cosines: [Float]
    private var sines: [Float]
    private let reach: Int
    private let rate: Double
    /// The share of white noise power that the filter lets through, as bandwidth of a two-sided spectrum, Hz.
    let noiseBandwidthHz: Double

    init(sampleRateHz: Double) {
        rate = sampleRateHz
        reach = max(1, Int((Self.reachS * sampleRateHz).rounded()))
        let half = Double(reach) + 1
        var taps = (-reach...reach).map { place -> Double in
            let x = 2 * Self.cutoffHz * Double(place) / sampleRateHz
            let sinc = place == 0 ? 1 : sin(Double.pi * x) / (Double.pi * x)
            let share = Double(place) / half
            // Blackman: gravity's rest, several hertz away, must not come through.
            return sinc * (0.42 + 0.5 * cos(Double.pi * share) + 0.08 * cos(2 * Double.pi * share))
        }
        let sum = taps.reduce(0, +)
        for place in taps.indices { taps[place] /= sum }
        self.taps = taps
        cosines = [Float](repeating: 0, count: (taps.count + 7) / 8 * 8)
        sines = cosines
        noiseBandwidthHz = taps.reduce(0) { $0 + $1 * $1 } * sampleRateHz
    }

    /// Samples on either side of a moment that its envelope needs.
    var margin: Int { reach }

    /// Acceleration amplitudes along the tremor's axis, m/s², `rateHz` a second over the middle of a window.
    ///
    /// - Parameters:
    ///   - axes: the window's three axes, without trend.
    ///   - first, count: where in the window the middle begins, in samples, and how many envelope values are wanted.
    ///   - noise: summed density of the surroundings, (m/s²)²/Hz, one-sided; its share is taken off.
    mutating func amplitudes(
        _ axes: [[Float]], frequencyHz: Double, noise: Double, first: Int, count: Int, into values: inout [Float]
    ) {
        setCarrier(2 * Double.pi * frequencyHz / rate)
        let step = rate / Self.rateHz
        let last = axes[0].count - Self.padding
        // Envelopes are 2z; noise of one-sided density N adds 2·N·bandwidth to the square of a length. Of noise that is equal on all
        // axes two thirds lengthen the ellipse: all of what lies along it and half of what lies across.
        let noisePower = 2.0 / 3 * 2 * noise * noiseBandwidthHz
        for value in 0..<count {
            let middle = first + Int((Double(value) * step).rounded())
            guard middle - reach >= 0, middle + reach < last else { continue }
            var (lengths, squares) = (0.0, SIMD2<Double>.zero)
            for axis in axes {
                let (re, im) = Self.shifted(axis, middle - reach, cosines, sines)
                lengths += re * re + im * im
                squares += [re * re - im * im, 2 * re * im]
            }
            let power = (lengths + (squares * squares).sum().squareRoot()) / 2
            values.append(Float(max(0, 4 * power - noisePower).squareRoot()))
        }
    }

    /// The carrier begins anew at every moment: its phase has no part in an amplitude.
    private mutating func setCarrier(_ omega: Double) {
        let (dc, ds) = (cos(omega), sin(omega))
        var (c, s) = (1.0, 0.0)
        for tap in taps.indices {
            cosines[tap] = Float(taps[tap] * c)
            sines[tap] = Float(taps[tap] * s)
            (c, s) = (c * dc - s * ds, s * dc + c * ds)
        }
    }

    /// The filtered, shifted signal that begins at `start`; eight lanes, added in a fixed order. Amplitudes are kept as `Float`,
    /// and samples without their trend lose nothing by it that matters.
    private static func shifted(
        _ axis: [Float], _ start: Int, _ cosines: [Float], _ sines: [Float]
    ) -> (re: Double, im: Double) {
        axis.withUnsafeBufferPointer { axis in
            cosines.withUnsafeBufferPointer { cosines in
                sines.withUnsafeBufferPointer { sines in
                    var (re, im) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
                    let samples = UnsafeRawPointer(axis.baseAddress! + start)
                    let (c, s) = (UnsafeRawPointer(cosines.baseAddress!), UnsafeRawPointer(sines.baseAddress!))
                    for byte in stride(from: 0, to: cosines.count * 4, by: 32) {
                        let x = samples.loadUnaligned(fromByteOffset: byte, as: SIMD8<Float>.self)
                        re += x * c.loadUnaligned(fromByteOffset: byte, as: SIMD8<Float>.self)
                        im += x * s.loadUnaligned(fromByteOffset: byte, as: SIMD8<Float>.self)
                    }
                    return (Double(re.sum()), Double(im.sum()))
                }
            }
        }
    }
}
