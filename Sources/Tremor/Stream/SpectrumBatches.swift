import Glibc

/// The mean density of windows, and how it scatters between batches of them: what its interval follows from. Windows come in
/// order of time and are forgotten; room is taken for 120 batches at most, of one window at first, then of two, four, ….
struct SpectrumBatches {
    private static let most = 120
    /// Batches that are compared last are this long, s, but not fewer or more than these numbers: as for amplitudes.
    private static let batchS = 30.0
    private static let fewest = 10, manyEnough = 30
    /// From fewer windows no scatter is known.
    private static let fewestWindows = 6
    /// The scatter is that of bins up to this far away, Hz.
    private static let poolHz = 1.0

    private let bins: Int
    private let hopS: Double
    /// What two windows share that begin 1, 2, … hops apart: (Σ w(n) w(n + j·hop) / Σ w²)².
    private let shared: [Double]
    private var perBatch = 1
    private var sums: [[Double]] = []
    private var counts: [Int] = []
    private(set) var windows = 0
    /// When the last windows began, s, latest last, and how many pairs lie 1, 2, … hops apart.
    private var starts: [Double] = []
    private var pairs: [Int]

    init(bins: Int, length: Int, hop: Int, rateHz: Double) {
        (self.bins, hopS) = (bins, Double(hop) / rateHz)
        shared = SpectrumInterval.shared(hop: hop, taper: Taper.hann.weights(length))
        pairs = [Int](repeating: 0, count: shared.count)
    }

    mutating func add(_ density: ArraySlice<Double>, startS: Double) {
        notePairs(startS)
        if counts.last.map({ $0 == perBatch }) ?? true {
            if counts.count == Self.most { joinPairs() }
            sums.append([Double](repeating: 0, count: bins))
            counts.append(0)
        }
        let last = sums.count - 1
        Self.add(density, to: &sums[last])
        counts[last] += 1
        windows += 1
    }

    static func add(_ density: ArraySlice<Double>, to sum: inout [Double]) {
        density.withUnsafeBufferPointer { density in
            sum.withUnsafeMutableBufferPointer { for bin in $0.indices { $0[bin] += density[bin] } }
        }
    }

    private mutating func notePairs(_ startS: Double) {
        for earlier in starts {
            let hops = (startS - earlier) / hopS
            if hops > 0.5, hops < Double(shared.count) + 0.5 { pairs[Int(hops.rounded()) - 1] += 1 }
        }
        starts.append(startS)
        if starts.count > shared.count { starts.removeFirst() }
    }

    private mutating func joinPairs() {
        for place in 0..<(Self.most / 2) {
            counts[place] = counts[2 * place] + counts[2 * place + 1]
            sums[place] = zip(sums[2 * place], sums[2 * place + 1]).map { $0 + $1 }
        }
        sums.removeLast(Self.most / 2)
        counts.removeLast(Self.most / 2)
        perBatch *= 2
    }

    // MARK: - What they say together

    /// Degrees of freedom of the mean if power lay along one axis and its strength did not change, 2K² / (K + 2 Σⱼ Nⱼ ρⱼ²): Nⱼ pairs
    /// of windows lie j hops apart. In a row without a gap Nⱼ is K − j, and it is Welch's number [Welch1967].
    private var welchDegreesOfFreedom: Double {
        let k = Double(windows)
        return 2 * k * k / (k + 2 * zip(pairs, shared).reduce(0) { $0 + Double($1.0) * $1.1 })
    }

    /// The mean and its interval; `nil` without windows.
    func average(binHz: Double, isWhole: Bool, isOfTremor: Bool) -> AverageSpectrum? {
        guard windows > 0 else { return nil }
        let mean = (0..<bins).map { bin in sums.reduce(0) { $0 + $1[bin] } / Double(windows) }
        let freedom = degreesOfFreedom(mean, binHz: binHz)
        let factors = freedom.enumerated().map { bin, freedom in
            // Both ends of a whole spectrum are real numbers, not complex ones.
            let isEnd = bin == 0 || isWhole && bin == bins - 1
            return SpectrumInterval.factors(degreesOfFreedom: isEnd ? freedom / 2 : freedom)
        }
        return AverageSpectrum(
            binHz: binHz, density: mean, low: zip(mean, factors).map { $0 * $1.low },
            high: zip(mean, factors).map { $0 * $1.high }, degreesOfFreedom: freedom, windows: windows,
            isOfTremor: isOfTremor)
    }

    private func degreesOfFreedom(_ mean: [Double], binHz: Double) -> [Double] {
        let welch = welchDegreesOfFreedom
        guard windows >= Self.fewestWindows else { return mean.map { _ in welch } }
        let batches = joined(Double(windows) * hopS / Self.batchS)
        let reach = Int((Self.poolHz / binHz).rounded())
        // Nine bins of which neighbours share 4/9 of their scatter count for about four.
        let pooled = 4 * Double(batches.counts.count - 1)
        let widening = 1 + 2.37 / 1.96 / pooled + 2.82 / 1.96 / (pooled * pooled)
        let scatters = mean.indices.map { bin in scatter(of: bin, batches, mean[bin]) }
        return mean.indices.map { bin in
            let near = scatters[max(min(1, bins - 1), bin - reach)...min(bins - 1, max(1, bin + reach))]
            let variance = near.reduce(0, +) / Double(near.count) * widening * widening
            // Noise of equal strength along three axes has three times the degrees of freedom; nothing is surer.
            return variance > 0 ? min(2 / variance, 3 * welch) : 3 * welch
        }
    }

    /// The variance of the mean of a bin over its square, from batches.
    private func scatter(of bin: Int, _ batches: (sums: [[Double]], counts: [Int]), _ mean: Double) -> Double {
        guard mean > 0 else { return 0 }
        var sum = 0.0
        for (density, count) in zip(batches.sums, batches.counts) {
            let difference = density[bin] / Double(count) / mean - 1
            sum += Double(count) * difference * difference
        }
        return sum / Double(batches.counts.count - 1) / Double(windows)
    }

    /// Batches joined to about as many as wanted.
    private func joined(_ wanted: Double) -> (sums: [[Double]], counts: [Int]) {
        let number = min(counts.count, min(Self.manyEnough, max(Self.fewest, Int(wanted))))
        var result = (sums: [[Double]](), counts: [Int]())
        for batch in 0..<number {
            let range = (counts.count * batch / number)..<(counts.count * (batch + 1) / number)
            result.counts.append(counts[range].reduce(0, +))
            result.sums.append((0..<bins).map { bin in sums[range].reduce(0) { $0 + $1[bin] } })
        }
        return result
    }
}
