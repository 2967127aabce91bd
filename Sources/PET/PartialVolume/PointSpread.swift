import Glibc
import Imaging
import Records

/// How a scanner blurs: a Gaussian with a full width at half maximum along each voxel axis, and what lies beyond the image.
public struct PointSpread: Sendable, Equatable {
    /// What the image is taken to be beyond its faces.
    public enum Border: String, Sendable, CaseIterable {
        /// Its mirror image, edge voxels repeated: activity goes on beyond the field of view.
        case mirror
        /// Nothing.
        case zero
        /// The edge voxel, again and again, as ITK has it.
        case nearest
    }

    /// How the Gaussian becomes taps.
    public enum Convention: String, Sendable, CaseIterable {
        /// The continuous Gaussian's transfer function.
        case exact
        /// ITK's discrete Gaussian as PETPVC leaves it, cut where 1 % is missing: narrower than it says.
        case petpvc
    }

    /// Full width at half maximum along i, j and k, mm.
    public let fwhm: SIMD3<Double>
    /// What lies beyond the image.
    public let border: Border
    /// How the Gaussian becomes taps.
    public let convention: Convention

    /// A point spread; several widths, such as the scanner's and a filter's after it, are combined in quadrature.
    ///
    /// - Parameter widths: full widths at half maximum along i, j and k, mm; each more than 0 and at most 100.
    public init(
        fwhm widths: [SIMD3<Double>], border: Border = .mirror, convention: Convention = .exact
    ) throws(PartialVolumeError) {
        for width in widths {
            for axis in 0..<3 where !(width[axis] > 0 && width[axis] <= 100) { throw .notAWidth(width[axis]) }
        }
        let squares = widths.reduce(SIMD3<Double>.zero) { $0 + $1 * $1 }
        fwhm = squares.squareRoot()
        for axis in 0..<3 where !(fwhm[axis] > 0 && fwhm[axis] <= 100) { throw .notAWidth(fwhm[axis]) }
        (self.border, self.convention) = (border, convention)
    }

    /// What is doubtful of the widths on a grid: below a voxel, or wider than PET scanners blur.
    func warnings(on grid: VoxelGrid) -> [String] {
        let axes = (0..<3).filter { grid.shape[$0] > 1 }
        func named(_ axes: [Int]) -> String {
            axes.map { "\(fixed(fwhm[$0], 2)) mm along \(["i", "j", "k"][$0])" }.joined(separator: ", ")
        }
        var warnings: [String] = []
        let narrow = axes.filter { fwhm[$0] < grid.voxelSize[$0] }
        if !narrow.isEmpty { warnings.append("the width is below a voxel: \(named(narrow)); is it in mm?") }
        let wide = axes.filter { fwhm[$0] > 15 }
        if !wide.isEmpty { warnings.append("the width is above 15 mm, more than PET blurs: \(named(wide))") }
        return warnings
    }

    /// The standard deviation of a Gaussian of full width at half maximum 1.
    private static let sigmaOfFWHM = 1 / (2 * (2 * log(2.0)).squareRoot())

    /// The taps along an axis of voxels of a size, mm.
    func kernel(_ axis: Int, voxelSize: Double) -> AxisKernel {
        let sigma = fwhm[axis] * Self.sigmaOfFWHM / voxelSize
        return convention == .exact ? AxisKernel(gaussian: sigma) : AxisKernel(discreteGaussian: sigma)
    }
}

/// The taps of a symmetric filter along one axis.
struct AxisKernel: Sendable, Equatable {
    /// The middle tap and those to one side; all together are 1.
    let taps: [Float]
    /// How far, voxels, a region's response is followed.
    let reach: Int

    /// Taps to each side of the middle one.
    var radius: Int { taps.count - 1 }

    /// The continuous Gaussian's transfer function exp(-2π²σ²f²) for frequencies f up to half a cycle per voxel; `sigma`
    /// in voxels.
    ///
    /// Below about two voxels it does not fade before half a cycle, and the taps ring: ±1/m² with alternating sign, for
    /// ever. Cut, they no longer add up to 1, and regions come out wrong by 1e-5; brought back to 1, the middle is too
    /// large, which is worse. A cosine taper over the last taps ends the alternating sum where it would have ended. Whole
    /// are those up to 6 σ, at least 8; where more than a thousandth is left at half a cycle, σ < 1.18, 16, with a taper
    /// twice as long: regions are then right to 1e-6 at 1 voxel, 5e-6 at 0.7 and 1e-5 at 0.5.
    init(gaussian sigma: Double) {
        let rings = exp(-(.pi * sigma) * (.pi * sigma) / 2) > 1e-3
        let whole = rings ? 16 : max(8, Int((6 * sigma).rounded(.up)))
        let taper = rings ? 12 : 6
        var taps = Self.taps(count: whole + taper + 1) { exp(-2 * (.pi * sigma * $0) * (.pi * sigma * $0)) }
        for m in whole..<taps.count {
            taps[m] *= (1 + cos(.pi * Double(m - whole) / Double(taper + 1))) / 2
        }
        while let last = taps.last, abs(last) < 1e-10, taps.count > 1 { taps.removeLast() }
        self.init(normalizing: taps, reach: rings ? 12 : whole)
    }

    /// ITK's discrete Gaussian exp(-t) I_m(t), t = σ² in voxels [Lindeberg1990], followed until 99 % are there or 32 taps
    /// stand to a side, then brought to sum 1.
    init(discreteGaussian sigma: Double) {
        let all = Self.taps(count: 64) { exp(sigma * sigma * (cos(2 * .pi * $0) - 1)) }
        var count = 2
        var sum = all[0] + 2 * all[1]
        while sum < 0.99 && count <= 32 {
            sum += 2 * all[count]
            count += 1
        }
        self.init(normalizing: Array(all.prefix(count)), reach: count - 1)
    }

    private init(normalizing taps: [Double], reach: Int) {
        let sum = taps[0] + 2 * taps.dropFirst().reduce(0, +)
        self.taps = taps.map { Float($0 / sum) }
        self.reach = min(reach, taps.count - 1)
    }

    /// The inverse Fourier transform of a symmetric transfer function of the frequency, cycles per voxel, by the
    /// trapezoidal rule over so many frequencies that what it folds back is below 1e-8.
    private static func taps(count: Int, transfer: (Double) -> Double) -> [Double] {
        let n = max(4096, 8 * count)
        let gains = (0...(n / 2)).map { transfer(Double($0) / Double(n)) }
        let used = (gains.lastIndex { $0 > 1e-18 } ?? 0) + 1
        let cosines = (0..<n).map { cos(2 * .pi * Double($0) / Double(n)) }
        return (0..<count).map { m in
            var sum = gains[0]
            for k in 1..<max(used, 1) { sum += (2 * k == n ? 1 : 2) * gains[k] * cosines[k * m % n] }
            return sum / Double(n)
        }
    }
}
