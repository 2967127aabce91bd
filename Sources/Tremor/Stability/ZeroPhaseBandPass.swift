import Glibc

/// A Butterworth band-pass of second order that runs forwards and backwards, so that nothing is delayed; three axes at once.
///
/// At both edges of the band the power is a quarter. Before the first and behind the last sample the signal goes on as its own
/// reflection through that sample, and the filter starts as if it had seen the reflection's first value for ever: as scipy's
/// `sosfiltfilt` does.
struct ZeroPhaseBandPass {
    /// One pair of conjugate poles with zeros at 0 Hz and at the Nyquist frequency: g (1 − z⁻²) / (1 + a₁ z⁻¹ + a₂ z⁻²).
    private struct Section {
        var gain: Double
        let a1: Double
        let a2: Double
    }

    private let sections: [Section]

    /// A filter for a band inside 0 to half of the rate, Hz.
    init(from low: Double, to high: Double, sampleRateHz: Double) {
        precondition(low > 0 && high > low && high < sampleRateHz / 2, "a band lies inside the spectrum")
        // The bilinear transform bends frequencies; the edges are bent beforehand.
        let (first, last) = (2 * tan(Double.pi * low / sampleRateHz), 2 * tan(Double.pi * high / sampleRateHz))
        let (bandwidth, middle) = (last - first, (first * last).squareRoot())
        // The low-pass of order 2 has its poles at (−1 ± i)/√2; each gives two of the band-pass: h ± √(h² − ω₀²).
        let h = (re: -bandwidth / 2 * 0.5.squareRoot(), im: bandwidth / 2 * 0.5.squareRoot())
        let root = Self.squareRoot((re: h.re * h.re - h.im * h.im - middle * middle, im: 2 * h.re * h.im))
        let poles = [(h.re + root.re, h.im + root.im), (h.re - root.re, h.im - root.im)]
        let angle = 2 * atan(middle / 2)
        sections = poles.map { pole in
            let (re, im) = pole
            // z = (2 + s) / (2 − s)
            let norm = (2 - re) * (2 - re) + im * im
            let z = (re: ((2 + re) * (2 - re) - im * im) / norm, im: 4 * im / norm)
            var section = Section(gain: 1, a1: -2 * z.re, a2: z.re * z.re + z.im * z.im)
            // Gain 1 at the band's middle.
            section.gain = 1 / Self.magnitude(section, at: angle)
            return section
        }
    }

    private static func magnitude(_ section: Section, at angle: Double) -> Double {
        let (c1, s1, c2, s2) = (cos(angle), sin(angle), cos(2 * angle), sin(2 * angle))
        let top = ((1 - c2) * (1 - c2) + s2 * s2).squareRoot()
        let (re, im) = (1 + section.a1 * c1 + section.a2 * c2, -(section.a1 * s1 + section.a2 * s2))
        return top / (re * re + im * im).squareRoot()
    }

    private static func squareRoot(_ z: (re: Double, im: Double)) -> (re: Double, im: Double) {
        let length = (z.re * z.re + z.im * z.im).squareRoot()
        let re = max(0, (length + z.re) / 2).squareRoot()
        let im = max(0, (length - z.re) / 2).squareRoot()
        return (re, z.im < 0 ? -im : im)
    }

    /// Filters samples in place; the reflections at both ends are `reach` long, or as long as the signal allows.
    func apply(to samples: inout [SIMD4<Double>], reach: Int) {
        guard samples.count > 1 else {
            samples = samples.map { _ in .zero }
            return
        }
        let padding = min(reach, samples.count - 1)
        var padded: [SIMD4<Double>] = []
        padded.reserveCapacity(samples.count + 2 * padding)
        let (first, last) = (samples[0], samples[samples.count - 1])
        for place in stride(from: padding, to: 0, by: -1) { padded.append(first + first - samples[place]) }
        padded.append(contentsOf: samples)
        for place in 1..<(padding + 1) { padded.append(last + last - samples[samples.count - 1 - place]) }
        padded.withUnsafeMutableBufferPointer { padded in
            run(padded, backwards: false)
            run(padded, backwards: true)
            for place in samples.indices { samples[place] = padded[padding + place] }
        }
    }

    private func run(_ samples: UnsafeMutableBufferPointer<SIMD4<Double>>, backwards: Bool) {
        let (first, second) = (sections[0], sections[1])
        let start = samples[backwards ? samples.count - 1 : 0]
        // The state of a section that has seen one value for ever: its output is 0, and so the second has seen 0.
        var (u1, u2) = (-first.gain * start, -first.gain * start)
        var (v1, v2) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
        for step in 0..<samples.count {
            let place = backwards ? samples.count - 1 - step : step
            let x = first.gain * samples[place]
            let y = x + u1
            u1 = u2 - first.a1 * y
            u2 = -x - first.a2 * y
            let scaled = second.gain * y
            let z = scaled + v1
            v1 = v2 - second.a1 * z
            v2 = -scaled - second.a2 * z
            samples[place] = z
        }
    }
}
