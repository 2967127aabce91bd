import CKernels

/// Maps of SRTM [Gunn1997] and SRTM2 [WuCarson2002] by basis functions.
///
/// The grid only finds the neighbourhood of the best rate: between its rates the projection is a smooth function of the
/// rate's logarithm and is interpolated, and its extremum is what a continuous search would find.
struct BasisFrames: Sendable {
    /// The frames used; those before enter through the reference only.
    let places: [Int]
    private let table: BasisTable
    private let k2Prime: Double?

    /// With `k2Prime` SRTM2, else SRTM.
    init(
        used: [Int], frames: FrameTimes, reference: [Double], weights: [Double], grid: RateGrid, k2Prime: Double?
    ) throws(ParametricError) {
        (places, self.k2Prime) = (used, k2Prime)
        table = try BasisTable(
            used: used, frames: frames, reference: reference, weights: weights, grid: grid, k2Prime: k2Prime)
    }

    /// BP_ND, R1, k2, k2a and, for SRTM, k2' of a tile.
    @Sendable func fit(_ tile: VoxelTiles.Tile, _ output: VoxelTiles.Output) {
        var curves = tile.c
        let count = curves.voxels
        withUnsafeTemporaryAllocation(
            of: Double.self, capacity: 4 * count + 8 * (curves.frames + table.padded)
        ) { memory in
            let found = memory.baseAddress!
            table.units.withUnsafeBufferPointer { units in
                table.fixed.withUnsafeBufferPointer { fixed in
                    table.weights.withUnsafeBufferPointer { weights in
                        var basis = ck_basis(
                            units: units.baseAddress, fixed: fixed.baseAddress, weights: weights.baseAddress,
                            rates: table.padded, count: table.grid.count)
                        ck_basis_search(&curves, &basis, found, found + 4 * count)
                    }
                }
            }
            for voxel in 0..<tile.count {
                resolve(
                    voxel, place: found[voxel], projection: found[count + voxel], fixed: found[2 * count + voxel],
                    squares: found[3 * count + voxel], tile, output)
            }
        }
    }

    /// A share of the squares below this is rounding of Float32 voxels.
    private static let leastShare = 1e-12

    /// The parameters at the best rate.
    private func resolve(
        _ voxel: Int, place: Double, projection: Double, fixed: Double, squares: Double, _ tile: VoxelTiles.Tile,
        _ output: VoxelTiles.Output
    ) {
        output.codes[voxel] = FitCode.solved.rawValue
        guard squares > 0, squares.isFinite else {
            output.fail(voxel, tile.reason(voxel))
            return
        }
        // A curve that is the reference times a number has R1, but any k2.
        guard k2Prime != nil || projection * projection > Self.leastShare * squares else {
            output.fail(voxel, .notUnique)
            return
        }
        let (k2a, length, overlap) = table.at(place)
        let (R1, k2): (Double, Double)
        if let k2Prime {
            R1 = projection / length
            k2 = R1 * k2Prime
        } else {
            let theta2 = projection / length
            R1 = (fixed - theta2 * overlap) / table.fixedLength
            k2 = theta2 + R1 * k2a
            output.row(4)?[voxel] = Float(k2 / R1)
        }
        let BPND = Float(k2 / k2a - 1)
        output.row(0)?[voxel] = BPND
        output.row(1)?[voxel] = Float(R1)
        output.row(2)?[voxel] = Float(k2)
        output.row(3)?[voxel] = Float(k2a)
        if !BPND.isFinite || !Float(R1).isFinite {
            output.fail(voxel, .overflow)
        } else if place == 0 {
            output.codes[voxel] = FitCode.atLowestRate.rawValue
        } else if place == Double(table.grid.count - 1) {
            output.codes[voxel] = FitCode.atHighestRate.rawValue
        }
    }
}
