import CKernels

/// Maps of models in which a voxel's own running integral stands beside its value: MRTM and MRTM2 [Ichise2003].
///
/// C = slope · ∫C + the fixed columns. The columns are made orthonormal once; in a voxel they are then taken out of C and of
/// ∫C by two dot products each, and the slope is that of the rest on the rest (Frisch, Waugh and Lovell), so no system is
/// solved in a voxel. The residual of ∫C comes from a difference of sums in Double: where less than `leastShare` of its
/// squares is left, there is no unique slope.
struct IntegralFrames: Sendable {
    /// Every frame up to the last used, so that the integral runs from the start.
    let places: [Int]
    private let frames: [ck_integral_frame]
    /// How parameters follow from the orthonormal rows' coefficients.
    private let columns: ck_multilinear_columns

    /// A share of the squares below this is rounding: Float32 voxels leave 1e-15.
    static let leastShare = 1e-12

    /// `reference` and its running integral are the columns, both for MRTM, and integral + reference / k2' for MRTM2.
    init(
        _ model: ParametricModel, used: [Int], reference: [Double], integral: RunningIntegral, weights: [Double],
        k2Prime: Double = .infinity
    ) throws(ParametricError) {
        places = Array(0...used[used.count - 1])
        var weight = [Double](repeating: 0, count: places.count)
        for place in used { weight[place] = weights[place] }
        let referenceIntegral = integral.of(reference)
        let roots = weight.map { $0.squareRoot() }
        var first = zip(places, roots).map {
            $1 * (referenceIntegral[$0] + (model == .mrtm2 ? reference[$0] / k2Prime : 0))
        }
        let r11 = dot(first, first).squareRoot()
        guard r11 > 0, r11.isFinite else { throw .dependentColumns }
        for place in places { first[place] /= r11 }
        var second = [Double](repeating: 0, count: places.count)
        var (r12, r22) = (0.0, 1.0)
        if model == .mrtm {
            second = zip(places, roots).map { $1 * reference[$0] }
            let before = dot(second, second)
            r12 = dot(first, second)
            for place in places { second[place] -= r12 * first[place] }
            r22 = dot(second, second).squareRoot()
            guard r22 * r22 > 1e-20 * before else { throw .dependentColumns }
            for place in places { second[place] /= r22 }
        }
        columns = ck_multilinear_columns(
            r12: r12, inverse11: 1 / r11, inverse22: 1 / r22, k2_prime: model == .mrtm2 ? k2Prime : 0,
            least_share: Self.leastShare, weighted: weight.allSatisfy { $0 == 1 } ? 0 : 1)
        frames = places.map {
            ck_integral_frame(
                onward: integral.onward($0), here: integral.here[$0], weight: weight[$0],
                first: roots[$0] * first[$0], second: roots[$0] * second[$0])
        }
    }

    /// BP_ND, R1, k2, k2a and, for MRTM, k2' of a tile.
    @Sendable func fit(_ tile: VoxelTiles.Tile, _ output: VoxelTiles.Output) {
        var (curves, columns, result) = (tile.c, columns, output.c)
        if ck_multilinear(&curves, frames, &columns, &result) > 0 { output.explain(tile) }
    }
}

/// The reference Logan plot [Logan1996]: ∫C/C against (∫C' + C'/k2')/C; the slope is DVR, and BP_ND = DVR − 1.
struct LoganFrames: Sendable {
    /// Every frame up to the last used.
    let places: [Int]
    private let frames: [ck_integral_frame]

    /// The term with k2' is left out where it is `nil`.
    init(used: [Int], reference: [Double], integral: RunningIntegral, k2Prime: Double?) {
        places = Array(0...used[used.count - 1])
        let referenceIntegral = integral.of(reference)
        frames = places.map { place in
            ck_integral_frame(
                onward: integral.onward(place), here: integral.here[place], weight: used.contains(place) ? 1 : 0,
                first: referenceIntegral[place] + (k2Prime.map { reference[place] / $0 } ?? 0), second: 0)
        }
    }

    /// BP_ND, DVR and intercept of a tile.
    @Sendable func fit(_ tile: VoxelTiles.Tile, _ output: VoxelTiles.Output) {
        var curves = tile.c
        let count = curves.voxels
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 4 * count) { found in
            let slope = found.baseAddress!
            ck_logan(&curves, frames, slope)
            let (intercept, share, lowest) = (slope + count, slope + 2 * count, slope + 3 * count)
            if let BPND = output.row(0) { for voxel in 0..<count { BPND[voxel] = Float(slope[voxel] - 1) } }
            if let DVR = output.row(1) { for voxel in 0..<count { DVR[voxel] = Float(slope[voxel]) } }
            if let b = output.row(2) { for voxel in 0..<count { b[voxel] = Float(intercept[voxel]) } }
            for voxel in 0..<tile.count {
                output.codes[voxel] = FitCode.solved.rawValue
                if lowest[voxel] > 0, share[voxel] > 1e-12, Float(slope[voxel]).isFinite { continue }
                let reason = tile.reason(voxel)
                let code: FitCode =
                    reason != .overflow
                    ? reason : !(lowest[voxel] > 0) ? .notPositive : !(share[voxel] > 1e-12) ? .notUnique : .overflow
                output.fail(voxel, code)
            }
        }
    }
}

/// Σ a b.
func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
