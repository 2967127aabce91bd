import Glibc

/// The sequences of a given length whose power lies most within a given bandwidth: discrete prolate spheroidal sequences
/// [Slepian1978].
///
/// They are the eigenvectors of a symmetric tridiagonal matrix: its largest eigenvalues are found by bisection with Sturm counts,
/// the vectors by inverse iteration [GolubVanLoan2013]. Each has unit length; symmetric ones have a positive mean, the others
/// begin with a positive lobe.
public struct SlepianTapers: Sendable {
    /// The tapers, the most concentrated first.
    public let tapers: [[Double]]
    /// The share of each taper's power that lies within ±`timeBandwidth` / length cycles a sample, 0 to 1.
    public let concentrations: [Double]

    /// Tapers.
    /// - Parameters:
    ///   - length: samples, at least 2.
    ///   - timeBandwidth: half of the bandwidth times the length, NW; above 0 and below half of the length.
    ///   - count: tapers wanted, at most `length`; more than 2·NW − 1 of them leak.
    public init(length: Int, timeBandwidth: Double, count: Int) {
        precondition(length > 1 && count > 0 && count <= length, "there are as many tapers as samples")
        precondition(timeBandwidth > 0 && timeBandwidth < Double(length) / 2, "the bandwidth is below Nyquist's")
        let matrix = TridiagonalMatrix(slepian: length, halfBandwidth: timeBandwidth / Double(length))
        tapers = (0..<count).map { order in
            Self.oriented(matrix.eigenvector(of: matrix.eigenvalue(fromLargest: order)), isSymmetric: order % 2 == 0)
        }
        concentrations = tapers.map { Self.concentration($0, timeBandwidth / Double(length)) }
    }

    private static func oriented(_ taper: [Double], isSymmetric: Bool) -> [Double] {
        let sign: Double
        if isSymmetric {
            sign = taper.reduce(0, +)
        } else {
            // The first value that is no rounding of zero.
            let threshold = max(1e-7, 1 / Double(taper.count))
            sign = taper.first { $0 * $0 > threshold } ?? taper[0]
        }
        return sign < 0 ? taper.map { -$0 } : taper
    }

    /// The autocorrelation of the taper against that of an ideal band-pass.
    private static func concentration(_ taper: [Double], _ halfBandwidth: Double) -> Double {
        var sum = 2 * halfBandwidth
        for lag in 1..<taper.count {
            var product = 0.0
            for place in lag..<taper.count { product += taper[place] * taper[place - lag] }
            let phase = 2 * Double.pi * halfBandwidth * Double(lag)
            sum += 2 * product * sin(phase) / (Double.pi * Double(lag))
        }
        return min(1, max(0, sum))
    }
}

/// A symmetric matrix that is zero away from its diagonal and the two beside it.
private struct TridiagonalMatrix {
    let diagonal: [Double]
    /// `beside[i]` stands between rows i and i + 1.
    let beside: [Double]

    /// The matrix that has the Slepian sequences as eigenvectors.
    init(slepian length: Int, halfBandwidth: Double) {
        let cosine = cos(2 * Double.pi * halfBandwidth)
        diagonal = (0..<length).map { place in
            let middle = (Double(length - 1) - 2 * Double(place)) / 2
            return middle * middle * cosine
        }
        beside = (1..<length).map { Double($0) * Double(length - $0) / 2 }
    }

    /// How many eigenvalues lie below a value: negative pivots of the shifted matrix.
    private func eigenvalues(below value: Double) -> Int {
        var count = 0
        var pivot = 1.0
        for row in diagonal.indices {
            let before = row == 0 ? 0 : beside[row - 1]
            pivot = diagonal[row] - value - before * before / pivot
            if pivot == 0 { pivot = -Double.leastNormalMagnitude }
            if pivot < 0 { count += 1 }
        }
        return count
    }

    func eigenvalue(fromLargest order: Int) -> Double {
        var (low, high) = (Double.infinity, -Double.infinity)
        for row in diagonal.indices {
            let radius = (row == 0 ? 0 : beside[row - 1]) + (row == beside.count ? 0 : beside[row])
            low = min(low, diagonal[row] - radius)
            high = max(high, diagonal[row] + radius)
        }
        let wanted = diagonal.count - order
        while true {
            let middle = low + (high - low) / 2
            guard middle > low, middle < high else { return middle }
            if eigenvalues(below: middle) < wanted { low = middle } else { high = middle }
        }
    }

    /// The unit eigenvector of an eigenvalue, by solving with the shifted matrix three times.
    func eigenvector(of eigenvalue: Double) -> [Double] {
        // Neither symmetric nor antisymmetric, so that it has a share of every eigenvector.
        var vector = diagonal.indices.map { 1 + Double(($0 * 7919) % 1009) / 1009 }
        for _ in 0..<3 {
            solveShifted(by: eigenvalue, &vector)
            let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
            for place in vector.indices { vector[place] /= length }
        }
        return vector
    }

    /// Gaussian elimination with row exchanges; the factor U has two diagonals above its own.
    private func solveShifted(by shift: Double, _ vector: inout [Double]) {
        let count = diagonal.count
        var main = diagonal.map { $0 - shift }
        var (first, second) = (beside + [0], [Double](repeating: 0, count: count))
        let tiny = Double.ulpOfOne * max(main.map(abs).max() ?? 1, beside.max() ?? 1)
        for row in 0..<(count - 1) {
            var (below, next, nextFirst) = (beside[row], main[row + 1], first[row + 1])
            if abs(below) > abs(main[row]) {
                swap(&below, &main[row])
                swap(&next, &first[row])
                second[row] = nextFirst
                nextFirst = 0
                vector.swapAt(row, row + 1)
            }
            if main[row] == 0 { main[row] = tiny }
            let factor = below / main[row]
            main[row + 1] = next - factor * first[row]
            first[row + 1] = nextFirst - factor * second[row]
            vector[row + 1] -= factor * vector[row]
        }
        if abs(main[count - 1]) < tiny { main[count - 1] = tiny }
        for row in stride(from: count - 1, through: 0, by: -1) {
            var value = vector[row]
            if row + 1 < count { value -= first[row] * vector[row + 1] }
            if row + 2 < count { value -= second[row] * vector[row + 2] }
            vector[row] = value / main[row]
        }
    }
}
