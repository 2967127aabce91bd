import Imaging
import Testing

/// Full width at half maximum of a Gaussian of standard deviation 1: 2√(2 ln 2).
private let fwhmOfSigma = 2.3548200450309493

/// scipy 1.17.1: `dctn`, the continuous Gaussian's transfer function, `idctn`; `Golden/resample_smooth_regions.py`.
/// The widest agrees there with `gaussian_filter(mode='reflect')` to all printed digits.
/// Tolerance: Float32 sums of values to 31, and 1e-6 of them for the cut tail, on three axes.
@Test(arguments: [
    (
        SIMD3(0.3, 0.5, 0.7),
        [18.3576227, 8.78701295, 14.0900192, 17.6501935, 10.1098253, 17.2620458, 12.9291382]
    ),
    (
        SIMD3(1.274, 1.0, 0.8),
        [15.0310953, 13.983063, 13.6197605, 13.8084111, 13.7913214, 13.7989494, 13.8462595]
    ),
    (
        SIMD3(2.5, 2.0, 3.0),
        [14.8270024, 14.774486, 14.6902606, 14.5955105, 14.5006604, 14.4163852, 14.3640042]
    ),
])
func smoothingIsTheContinuousGaussianAtAnyWidth(sigma: SIMD3<Double>, expected: [Double]) throws {
    let smoothed = try goldenPattern().smoothed(fwhm: sigma * fwhmOfSigma)
    #expect(close((0..<7).map { smoothed[$0, 2, 3] }, expected, 6e-5))
}

private func blob(grid: VoxelGrid, sigma: SIMD3<Double>) -> Volume {
    func profile(_ n: Int, _ sigma: Double) -> [Double] {
        (0..<n).map { i in
            let x = (Double(i) - Double(n - 1) / 2) / sigma
            return exponential(-x * x / 2)
        }
    }
    let (x, y, z) = (profile(grid.shape.x, sigma.x), profile(grid.shape.y, sigma.y), profile(grid.shape.z, sigma.z))
    var voxels: [Float] = []
    for c in z { for b in y { for a in x { voxels.append(Float(1000 * a * b * c)) } } }
    return Volume(grid: grid, voxels: voxels)
}

/// e to a power of 0 or less by its series on a quarter of a quarter …, squared back.
private func exponential(_ power: Double) -> Double {
    let x = power / 4096
    var value = 1 + x * (1 + x / 2 * (1 + x / 3 * (1 + x / 4)))
    for _ in 0..<12 { value *= value }
    return value
}

private func variances(_ volume: Volume) -> SIMD3<Double> {
    var (sum, first, second) = (0.0, SIMD3<Double>.zero, SIMD3<Double>.zero)
    for k in 0..<volume.grid.shape.z {
        for j in 0..<volume.grid.shape.y {
            for i in 0..<volume.grid.shape.x {
                let (v, p) = (Double(volume[i, j, k]), SIMD3(Double(i), Double(j), Double(k)) * volume.grid.voxelSize)
                sum += v
                first += v * p
                second += v * p * p
            }
        }
    }
    return second / sum - first / sum * (first / sum)
}

/// Variances of Gaussians add. A kernel cut at 2 σ would fall short by 20 %, one sampled at σ = 0.5 voxel by 5 %.
@Test(arguments: [2.0, 3.0, 4.5, 6.0, 8.0])
func aBlobsVarianceGrowsByTheFiltersOwn(fwhm: Double) throws {
    let grid = try VoxelGrid(shape: [48, 44, 40], worldFromVoxel: Affine(scale: [2, 2.2, 2.5]))
    let before = blob(grid: grid, sigma: [2, 2, 2])
    let after = before.smoothed(fwhm: SIMD3(repeating: fwhm))
    let growth = variances(after) - variances(before)
    let expected = (fwhm / fwhmOfSigma) * (fwhm / fwhmOfSigma)
    // 2e-4: tails cut at 1e-6 count with the square of their distance.
    for axis in 0..<3 {
        #expect(abs(growth[axis] / expected - 1) < 2e-4, "axis \(axis): \(growth[axis]) for \(expected)")
    }
}

@Test func aConstantImageStaysAndTheSumIsKept() throws {
    let grid = try VoxelGrid(shape: [13, 9, 21], worldFromVoxel: Affine(scale: [1, 2, 3]))
    var random = SplitMix(5)
    let noise = Volume(grid: grid, voxels: (0..<grid.count).map { _ in .random(in: 0...100, using: &random) })
    for fwhm in [SIMD3(0.5, 1, 2), [3, 3, 3], [50, 60, 70], [1e4, 1e4, 1e4]] {
        // Float32 taps and sums: some 1e-7 an axis.
        let flat = Volume(grid: grid, repeating: 7).smoothed(fwhm: fwhm)
        #expect(flat.voxels.allSatisfy { abs($0 - 7) < 7 * 1e-6 })
        let sums = [noise, noise.smoothed(fwhm: fwhm)].map { $0.voxels.reduce(0.0) { $0 + Double($1) } }
        #expect(abs(sums[1] / sums[0] - 1) < 1e-6)
    }
}

@Test func anAxisOfWidthZeroIsUntouched() throws {
    let pattern = try goldenPattern()
    #expect(pattern.smoothed(fwhm: .zero).voxels == pattern.voxels)
    let alongJ = pattern.smoothed(fwhm: [0, 4, 0])
    for (i, k) in [(0, 0), (3, 2), (6, 4)] {
        let line = Volume(
            grid: try VoxelGrid(shape: [1, 6, 1], worldFromVoxel: .identity), voxels: (0..<6).map { pattern[i, $0, k] })
        #expect(line.smoothed(fwhm: [9, 4, 9]).voxels == (0..<6).map { alongJ[i, $0, k] })
    }
}

@Test func theFilterIsItsOwnTranspose() throws {
    let pattern = try goldenPattern()
    var random = SplitMix(9)
    let other = Volume(
        grid: pattern.grid, voxels: (0..<pattern.grid.count).map { _ in .random(in: 0...1, using: &random) })
    func product(_ a: Volume, _ b: Volume) -> Double {
        zip(a.voxels, b.voxels).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let fwhm = SIMD3(3.0, 1.2, 7)
    // Float32 results.
    #expect(abs(product(pattern.smoothed(fwhm: fwhm), other) / product(pattern, other.smoothed(fwhm: fwhm)) - 1) < 1e-6)
}

@Test func framesAreSmoothedOneByOne() throws {
    let pattern = try goldenPattern()
    let twice = Volume(grid: pattern.grid, frames: 2, voxels: pattern.voxels + pattern.voxels.map { $0 * 2 })
    let smoothed = twice.smoothed(fwhm: [3, 2, 4])
    #expect(smoothed.frame(0).voxels == pattern.smoothed(fwhm: [3, 2, 4]).voxels)
    #expect(smoothed.frame(1).voxels == smoothed.frame(0).voxels.map { $0 * 2 })
}

/// Every length to 67 against a sum over the mirrored line with the plain loop.
@Test func aLineOfAnyLengthIsFilteredWhole() throws {
    for n in 2...67 {
        let grid = try VoxelGrid(shape: [n, 1, 1], worldFromVoxel: .identity)
        let spike = Volume(grid: grid, voxels: (0..<n).map { $0 == n / 3 ? 1 : 0 })
        for fwhm in [1.0, 3, 8] {
            let response = spike.smoothed(fwhm: [fwhm, 0, 0])
            let across = Volume(grid: try VoxelGrid(shape: [1, 1, n], worldFromVoxel: .identity), voxels: spike.voxels)
                .smoothed(fwhm: [0, 0, fwhm])
            #expect(response.voxels == across.voxels)
            #expect(abs(response.voxels.reduce(0, +) - 1) < 2e-6)
        }
    }
}

/// With nothing beyond the faces, the image may as well stand in the middle of a larger one.
/// Values are to 31, each tail cut at 1e-6 of them; at 0.8 voxel the taps still ring by 4e-5 where the larger one ends.
@Test(arguments: [(0.8, 3e-3), (3.0, 1e-4), (9.0, 1e-4)])
func nothingBeyondTheFacesIsZerosAround(fwhm: Double, tolerance: Double) throws {
    let pattern = try goldenPattern()
    let large = try VoxelGrid(shape: [67, 66, 65], worldFromVoxel: Affine(scale: .one, translation: [-30, -30, -30]))
    let around = pattern.resampled(onto: large, interpolation: .nearest).smoothed(fwhm: SIMD3(repeating: fwhm))
    let alone = pattern.smoothed(fwhm: SIMD3(repeating: fwhm), beyond: .zero)
    #expect(close(alone.voxels, around.resampled(onto: pattern.grid).voxels.map(Double.init), tolerance))
    #expect(alone.voxels.reduce(0, +) < pattern.voxels.reduce(0, +))
}
