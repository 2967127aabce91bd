import Glibc

/// The two spectra of a window of 4 s at 100 Hz that ParaDigMa's detector looks at; buffers are made once.
final class ParadigmaSpectra {
    static let rateHz = 100.0
    static let length = 400

    /// The density: two segments of 3 s that overlap by 2.4 s, symmetric Hann, no detrending, padded to bins of 0.25 Hz; summed
    /// over the axes, (deg/s)²/Hz. Up to 25.5 Hz: nothing above is looked at.
    private let densityFFT = RealFFT(length: 400)
    private let densityTaper = (0..<300).map { 0.5 - 0.5 * cos(2 * Double.pi * Double($0) / 299) }
    private var density = [Double](repeating: 0, count: 103)
    private static let binHz = 0.25

    /// Amplitudes: six segments of 2 s that overlap by 1.6 s, periodic Hann, bins of 0.5 Hz; their magnitudes summed over axes. Up
    /// to 25 Hz.
    private let amplitudeFFT = RealFFT(length: 200)
    private let amplitudeTaper = Taper.hann.weights(200)
    private var amplitude = [Double](repeating: 0, count: 51)

    private let filters = MelFilters()
    private let cosines = ParadigmaSpectra.cosines(filters: MelFilters.count)
    private var logs = [Double](repeating: 0, count: MelFilters.count)

    /// Fills in `mfcc` and the three measures of the density. `samples` are x, y and z, `length` each, one after the other.
    func measure(_ samples: UnsafePointer<Double>, into window: inout ParadigmaWindow) {
        addUpDensity(samples)
        let all = highest(from: 4, through: 100)
        let tremor = highest(from: 12, through: 28)
        window.peakHz = Double(all) * Self.binHz
        window.powerBelowTremor = density[2..<12].reduce(0, +) * Self.binHz
        window.tremorPower = density[(tremor - 2)...(tremor + 2)].reduce(0, +) * Self.binHz
        window.mfcc = coefficients(samples)
    }

    private func addUpDensity(_ samples: UnsafePointer<Double>) {
        let power = densityTaper.reduce(0) { $0 + $1 * $1 }
        let scale = 2 / (Self.rateHz * power * 2)
        densityTaper.withUnsafeBufferPointer { taper in
            density.withUnsafeMutableBufferPointer { density in
                density.update(repeating: 0)
                for axis in 0..<3 {
                    for start in [axis * Self.length, axis * Self.length + 60] {
                        densityFFT.transform { input in
                            for place in 0..<300 { input[place] = samples[start + place] * taper[place] }
                            for place in 300..<400 { input[place] = 0 }
                        } read: { output in
                            for bin in density.indices {
                                let (re, im) = output[bin]
                                density[bin] += (re * re + im * im) * scale
                            }
                        }
                    }
                }
            }
        }
        density[0] /= 2
    }

    private func highest(from first: Int, through last: Int) -> Int {
        var best = first
        for bin in first...last where density[bin] > density[best] { best = bin }
        return best
    }

    /// Mel-frequency cepstral coefficients, the mean over the segments.
    private func coefficients(_ samples: UnsafePointer<Double>) -> [Double] {
        let scale = 100 / amplitudeTaper.reduce(0, +)
        var sums = [Double](repeating: 0, count: ParadigmaModel.coefficients)
        for start in stride(from: 0, through: 200, by: 40) {
            addUpAmplitude(samples + start, scale)
            filters.logarithms(of: amplitude, into: &logs)
            for place in sums.indices {
                for filter in logs.indices { sums[place] += cosines[place * MelFilters.count + filter] * logs[filter] }
            }
        }
        return sums.map { $0 / 6 }
    }

    private func addUpAmplitude(_ samples: UnsafePointer<Double>, _ scale: Double) {
        amplitudeTaper.withUnsafeBufferPointer { taper in
            amplitude.withUnsafeMutableBufferPointer { amplitude in
                amplitude.update(repeating: 0)
                for axis in 0..<3 {
                    amplitudeFFT.transform { input in
                        for place in 0..<200 { input[place] = samples[axis * Self.length + place] * taper[place] }
                    } read: { output in
                        for bin in amplitude.indices {
                            let (re, im) = output[bin]
                            amplitude[bin] += (re * re + im * im).squareRoot() * scale
                        }
                    }
                }
            }
        }
    }

    /// The orthonormal discrete cosine transform, type II, row after row.
    private static func cosines(filters: Int) -> [Double] {
        let count = Double(filters)
        return (0..<ParadigmaModel.coefficients).flatMap { row in
            let scale = (row == 0 ? 1 / count : 2 / count).squareRoot()
            return (0..<filters).map { scale * cos(Double.pi * Double(row) * (2 * Double($0) + 1) / (2 * count)) }
        }
    }
}

/// Fifteen triangles that overlap, evenly spaced from 0 to 25 Hz on ParaDigMa's mel scale, 64.875 · log₁₀(1 + f / 17.5).
private struct MelFilters {
    static let count = 15
    /// Where each triangle begins, in bins of 0.5 Hz, and its weights.
    private let triangles: [(first: Int, weights: [Double])]

    init() {
        let top = 64.875 * log10(1 + 25 / 17.5)
        // As published: one bin above the rounded frequency.
        let edges = (0...(Self.count + 1)).map { point -> Int in
            let hertz = 17.5 * (pow(10, top * Double(point) / Double(Self.count + 1) / 64.875) - 1)
            return Int((hertz * 2).rounded(.toNearestOrEven)) + 1
        }
        triangles = (0..<Self.count).map { filter in
            let weights = Self.triangle(edges[filter + 2] - edges[filter])
            let area = 0.5 * weights.reduce(0, +)
            return (edges[filter], weights.map { $0 / area })
        }
    }

    /// A symmetric triangle that is above 0 everywhere.
    private static func triangle(_ count: Int) -> [Double] {
        (0..<count).map { place in
            let step = Double(min(place, count - 1 - place) + 1)
            return count % 2 == 0 ? (2 * step - 1) / Double(count) : 2 * step / Double(count + 1)
        }
    }

    func logarithms(of amplitude: [Double], into logs: inout [Double]) {
        for (filter, triangle) in triangles.enumerated() {
            var sum = 0.0
            for place in triangle.weights.indices {
                sum += triangle.weights[place] * amplitude[triangle.first + place]
            }
            logs[filter] = log10(sum + 1e-10)
        }
    }
}
