import Glibc

/// The amplitude of a tremor from moment to moment, by complex demodulation at its frequency.
///
/// A window of seconds cannot tell when a burst begins; the envelope can, to a third of a second. The acceleration is shifted
/// down by the tremor's frequency and low-passed, axis by axis; the length of the three complex envelopes is the amplitude along
/// the tremor's axis, whatever its direction.
struct TremorEnvelope {
    /// Envelope values a second.
    static let rateHz = 10.0
    /// Cut-off of the low-pass, Hz: frequencies up to about half of it away from the tremor's pass unchanged.
    private static let cutoffHz = 1.4
    /// Half of the filter's length, s.
    private static let reachS = 0.9

    private let taps: [Double]
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
    func amplitudes(
        _ axes: [[Double]], frequencyHz: Double, noise: Double, first: Int, count: Int, into values: inout [Float]
    ) {
        let step = rate / Self.rateHz
        let omega = 2 * Double.pi * frequencyHz / rate
        // Envelopes are 2z; noise of one-sided density N adds 2·N·bandwidth to the square of an amplitude.
        let noisePower = 2 * noise * noiseBandwidthHz
        for value in 0..<count {
            let middle = first + Int((Double(value) * step).rounded())
            guard middle - reach >= 0, middle + reach < axes[0].count else { continue }
            var power = 0.0
            for axis in axes {
                var (re, im) = (0.0, 0.0)
                var (c, s) = (cos(omega * Double(-reach)), sin(omega * Double(-reach)))
                let (dc, ds) = (cos(omega), sin(omega))
                for tap in taps.indices {
                    let x = axis[middle - reach + tap] * taps[tap]
                    re += x * c
                    im -= x * s
                    (c, s) = (c * dc - s * ds, s * dc + c * ds)
                }
                power += 4 * (re * re + im * im)
            }
            values.append(Float(max(0, power - noisePower).squareRoot()))
        }
    }
}
