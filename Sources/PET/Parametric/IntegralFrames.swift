import CKernels

/// Maps of models in which a voxel's own running integral stands beside its value: MRTM and MRTM2 [Ichise2003].
///
/// C = slope · ∫C + the fixed columns. The columns are made orthonormal once; in a voxel they are then taken out of C and of
/// ∫C by two dot products each, and the slope is that of the rest on the rest (Frisch, Waugh and Lovell), so no system is
/// solved in a voxel. The residual of ∫C comes from a difference of sums in Double: where less than `leastShare` of its
/// squares is left, there is no unique slope.
struct IntegralFrames: Sendable {
    let model: ParametricModel
    /// Every frame up to the last used, so that the integral runs from the start.
    let places: [Int]
    private let frames: [ck_integral_frame]
    /// The upper triangle that leads from columns to their orthonormal rows.
    private let r11, r12, r22: Double
    private let k2Prime: Double

    /// A share of the squares below this is rounding: Float32 voxels leave 1e-15.
    static let leastShare = 1e-12

    /// `reference` and its running integral are the columns, both for MRTM, and integral + reference / k2' for MRTM2.
    init(
        _ model: ParametricModel, used: [Int], reference: [Double], integral: RunningIntegral, weights: [Double],
        k2Prime: Double = .infinity
    ) throws(ParametricError) {
        (self.model, self.k2Prime) = (model, k2Prime)
        places = Array(0...used[used.count - 1])
        var weight = [Double](repeating: 0, count: places.count)
        for place in used { weight[place] = weights[place] }
        let referenceIntegral = integral.of(reference)
        let roots = weight.map { $0.squareRoot() }
        var first = zip(places, roots).map {
            $1 * (referenceIntegral[$0] + (model == .mrtm2 ? reference[$0] / k2Prime : 0))
        }
        r11 = dot(first, first).squareRoot()
        guard r11 > 0, r11.isFinite else { throw .dependentColumns }
        for place in places { first[place] /= r11 }
        var second = [Double](repeating: 0, count: places.count)
        if model == .mrtm {
            second = zip(places, roots).map { $1 * reference[$0] }
            let before = dot(second, second)
            r12 = dot(first, second)
            for place in places { second[place] -= r12 * first[place] }
            r22 = dot(second, second).squareRoot()
            guard r22 * r22 > 1e-20 * before else { throw .dependentColumns }
            for place in places { second[place] /= r22 }
        } else {
            (r12, r22) = (0, 1)
        }
        frames = places.map {
            ck_integral_frame(
                before: integral.before[$0], here: integral.here[$0], weight: weight[$0],
                first: roots[$0] * first[$0], second: roots[$0] * second[$0])
        }
    }

    /// BP_ND, R1, k2, k2a and, for MRTM, k2' of a tile.
    @Sendable func fit(_ tile: VoxelTiles.Tile, _ output: VoxelTiles.Output) {
        var curves = tile.c
        let (stride, rows) = (curves.stride, model.parameters.count)
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 4 * stride) { found in
            let slope = found.baseAddress!
            ck_multilinear(&curves, frames, slope)
            let (first, second, share) = (slope + stride, slope + 2 * stride, slope + 3 * stride)
            // The columns' coefficients take the place of their orthonormal rows'.
            let (inverse11, inverse22) = (1 / r11, 1 / r22)
            for voxel in 0..<stride {
                let gamma3 = second[voxel] * inverse22
                second[voxel] = gamma3
                first[voxel] = (first[voxel] - r12 * gamma3) * inverse11
            }
            let BPND = output.row(0)
            for voxel in 0..<stride { BPND[voxel] = Float(-first[voxel] / slope[voxel] - 1) }
            for row in output.kept where row > 0 { fill(row, output.row(row), first, slope, second, stride) }
            for voxel in 0..<tile.count {
                if share[voxel] > Self.leastShare, slope[voxel] < 0, BPND[voxel].isFinite { continue }
                let code: FitCode =
                    share[voxel].isNaN || slope[voxel].isNaN
                    ? tile.reason(voxel)
                    : share[voxel] <= Self.leastShare ? .notUnique : slope[voxel] >= 0 ? .noWashout : .overflow
                output.fail(voxel, code, rows: rows)
            }
        }
    }

    /// R1, k2, k2a or k2' from γ₁, γ₂ and γ₃.
    private func fill(
        _ row: Int, _ values: UnsafeMutablePointer<Float>, _ gamma1: UnsafePointer<Double>,
        _ gamma2: UnsafePointer<Double>, _ gamma3: UnsafePointer<Double>, _ count: Int
    ) {
        switch row {
        case 1 where model == .mrtm: for voxel in 0..<count { values[voxel] = Float(gamma3[voxel]) }
        case 1: for voxel in 0..<count { values[voxel] = Float(gamma1[voxel] / k2Prime) }
        case 2: for voxel in 0..<count { values[voxel] = Float(gamma1[voxel]) }
        case 3: for voxel in 0..<count { values[voxel] = Float(-gamma2[voxel]) }
        default: for voxel in 0..<count { values[voxel] = Float(gamma1[voxel] / gamma3[voxel]) }
        }
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
                before: integral.before[place], here: integral.here[place], weight: used.contains(place) ? 1 : 0,
                first: referenceIntegral[place] + (k2Prime.map { reference[place] / $0 } ?? 0), second: 0)
        }
    }

    /// BP_ND, DVR and intercept of a tile.
    @Sendable func fit(_ tile: VoxelTiles.Tile, _ output: VoxelTiles.Output) {
        var curves = tile.c
        let stride = curves.stride
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 4 * stride) { found in
            let slope = found.baseAddress!
            ck_logan(&curves, frames, slope)
            let (intercept, share, lowest) = (slope + stride, slope + 2 * stride, slope + 3 * stride)
            let (BPND, DVR, b) = (output.row(0), output.row(1), output.row(2))
            for voxel in 0..<stride {
                BPND[voxel] = Float(slope[voxel] - 1)
                DVR[voxel] = Float(slope[voxel])
                b[voxel] = Float(intercept[voxel])
            }
            for voxel in 0..<tile.count {
                if lowest[voxel] > 0, share[voxel] > 1e-12, DVR[voxel].isFinite { continue }
                let reason = tile.reason(voxel)
                let code: FitCode =
                    reason != .overflow
                    ? reason : !(lowest[voxel] > 0) ? .notPositive : !(share[voxel] > 1e-12) ? .notUnique : .overflow
                output.fail(voxel, code, rows: 3)
            }
        }
    }
}

/// Σ a b.
func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
