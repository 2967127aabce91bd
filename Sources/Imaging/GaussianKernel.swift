import Glibc

/// The taps of a Gaussian filter whose transfer function on a mirrored line is the continuous Gaussian's,
/// `exp(-2π²σ²f²)`, at every frequency the line can hold.
///
/// Taps are the inverse Fourier transform of that function over the line and its mirror image (2n samples), not samples
/// of a Gaussian: samples of a narrow Gaussian (σ < 1 voxel) alias, and a kernel cut short is narrower than it says.
/// Where the tail is worth less than `tolerance` in every frequency it is cut and the rest brought back to sum 1.
/// At σ ≥ 2 voxels that leaves ±5.3 σ; below about 1.7 voxels the transfer function does not fade before the end of the
/// spectrum, the taps ring, and the whole line is used.
struct GaussianKernel: Sendable {
    /// The middle tap and those to one side; the other side is the same.
    let taps: [Float]

    /// Taps to each side of the middle one.
    var radius: Int { taps.count - 1 }

    /// What cutting the tail may change at most in the transfer function.
    static let tolerance = 1e-6

    /// The standard deviation of a Gaussian of full width at half maximum 1: 1 / (2√(2 ln 2)).
    static let sigmaOfFWHM = 1 / (2 * (2 * log(2.0)).squareRoot())

    /// A filter for lines of `n` voxels; `sigma` in voxels, greater than 0.
    ///
    /// With nothing beyond the ends, taps are those of a line so long that its mirror image is out of reach, and no more
    /// of them than reach a voxel.
    init(sigma: Double, line: Int, beyond border: SmoothingBorder = .mirror) {
        let n = border == .zero ? max(4 * line, 512) + Int(16 * sigma) : line
        precondition(sigma > 0 && n > 0, "a Gaussian has a width and a line has voxels")
        // gain[k] belongs to k / 2n cycles per voxel; gains that vanish in Double end the sum.
        var gains: [Double] = []
        for k in 0...n {
            let gain = exp(-2 * (.pi * sigma * Double(k) / Double(2 * n)) * (.pi * sigma * Double(k) / Double(2 * n)))
            if gain < 1e-18 { break }
            gains.append(gain)
        }
        let cosines = (0..<(2 * n)).map { cos(.pi * Double($0) / Double(n)) }
        var full = (0...n).map { m in
            var sum = gains[0]
            for k in 1..<max(gains.count, 1) {
                sum += (k == n ? 1 : 2) * gains[k] * cosines[k * m % (2 * n)]
            }
            return sum / Double(2 * n)
        }
        // Sample n and sample -n of a line and its mirror are one sample, reached from both sides.
        full[n] /= 2
        var radius = n
        var tail = 0.0
        while radius > 0 {
            tail += 2 * abs(full[radius])
            if tail > Self.tolerance { break }
            radius -= 1
        }
        let sum = full[0] + 2 * full[1..<(radius + 1)].reduce(0, +)
        if border == .zero { radius = min(radius, line - 1) }
        taps = full[0...radius].map { Float($0 / sum) }
    }

    /// The voxel of a line of `n` that stands at `index` when the line is mirrored at its ends, edge voxels repeated.
    static func mirrored(_ index: Int, _ n: Int) -> Int {
        let m = ((index % (2 * n)) + 2 * n) % (2 * n)
        return m < n ? m : 2 * n - 1 - m
    }
}
