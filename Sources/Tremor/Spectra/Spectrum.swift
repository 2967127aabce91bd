import CKernels
import Glibc

/// A one-sided power spectral density.
public struct Spectrum: Sendable, Equatable {
    /// Distance of two bins, Hz; the first bin is 0 Hz.
    public var binHz: Double
    /// Power per Hz, in the signal's unit squared per Hz, one value a bin.
    public var density: [Double]
    /// How many segments were averaged.
    public let segments: Int
    /// Of the chi-square distribution that a bin's density over its truth follows, times this number; overlapping segments count
    /// for less than two each. 0 Hz and the Nyquist frequency have half as many.
    public let degreesOfFreedom: Double

    /// A spectrum; without another statement its segments do not overlap and each has two degrees of freedom.
    public init(binHz: Double, density: [Double], segments: Int, degreesOfFreedom: Double? = nil) {
        (self.binHz, self.density, self.segments) = (binHz, density, segments)
        self.degreesOfFreedom = degreesOfFreedom ?? 2 * Double(segments)
    }

    /// The frequencies of the bins, Hz.
    public var frequenciesHz: [Double] { density.indices.map { Double($0) * binHz } }

    /// The power between two frequencies: bins inside, by the rectangle rule.
    public func power(from low: Double, to high: Double) -> Double {
        let first = max(0, Int((low / binHz).rounded(.up)))
        let last = min(density.count - 1, Int((high / binHz).rounded(.down)))
        return first <= last ? density[first...last].reduce(0, +) * binHz : 0
    }
}

/// The taper of a segment.
public enum Taper: Sendable {
    /// Hann, periodic as for spectra.
    case hann
    /// None.
    case rectangular

    func weights(_ count: Int) -> [Double] {
        switch self {
        case .hann: (0..<count).map { 0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(count)) }
        case .rectangular: [Double](repeating: 1, count: count)
        }
    }
}

/// What is taken away from a segment before it is tapered.
public enum Detrend: Sendable {
    /// Nothing.
    case none
    /// Its mean.
    case mean
    /// Its line of least squares.
    case linear

    /// What is taken away, as a line: `offset + slope · place`.
    func line(of samples: UnsafePointer<Double>, count: Int) -> (offset: Double, slope: Double) {
        if case .none = self { return (0, 0) }
        let n = Double(count)
        guard case .linear = self, count > 1 else { return (LaneSums.sum(samples, count) / n, 0) }
        let middle = (n - 1) / 2
        let (sum, slopeSum) = withUnsafeTemporaryAllocation(of: Double.self, capacity: 2) { sums in
            ck_line_sums(samples, count, middle, sums.baseAddress!)
            return (sums[0], sums[1])
        }
        let slope = slopeSum / (n * (n * n - 1) / 12)
        return (sum / n - slope * middle, slope)
    }
}
