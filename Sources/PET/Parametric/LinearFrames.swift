import CKernels

/// Maps that are fixed sums over frames: means, ratios of means, and the line of a graphical method whose abscissae are the
/// same for all voxels. One pass over the frames that are used.
struct LinearFrames: Sendable {
    /// Frames that enter, in the image's order.
    let places: [Int]
    /// Pairs of coefficients, frame by frame.
    private let coefficients: [Double]

    /// One or two sums with a coefficient for each of `places`.
    init(places: [Int], first: [Double], second: [Double]?) {
        self.places = places
        coefficients = places.indices.flatMap { [first[$0], second?[$0] ?? 0] }
    }

    /// The weighted mean of frames, divided by `divisor`.
    init(meanOf places: [Int], durations: [Double], over divisor: Double) {
        let total = places.reduce(0) { $0 + durations[$1] }
        self.init(places: places, first: places.map { durations[$0] / total / divisor }, second: nil)
    }

    /// Slope and intercept of C(i) / input(i) against integral(i) / input(i), a line through the frames `places` that weigh
    /// by `weights`. Both are fixed sums over C(i), since the abscissae are the same for all voxels. Throws where the
    /// abscissae are all alike.
    init(
        lineOver places: [Int], input: [Double], integral: [Double], weights: [Double]
    ) throws(ParametricError) {
        let total = places.reduce(0) { $0 + weights[$1] }
        let x = places.map { integral[$0] / input[$0] }
        let mean = zip(places, x).reduce(0) { $0 + weights[$1.0] * $1.1 } / total
        let spread = zip(places, x).reduce(0) { $0 + weights[$1.0] * ($1.1 - mean) * ($1.1 - mean) }
        guard spread > 1e-24 * total * mean * mean, spread.isFinite else { throw .dependentColumns }
        let slope = zip(places, x).map { weights[$0] * ($1 - mean) / spread }
        self.init(
            places: places, first: zip(places, slope).map { $1 / input[$0] },
            second: zip(places, slope).map { (weights[$0] / total - mean * $1) / input[$0] })
    }

    /// The sums of a tile, rounded once.
    @Sendable func fit(_ tile: VoxelTiles.Tile, _ output: VoxelTiles.Output) {
        var (curves, result) = (tile.c, output.c)
        if ck_project(&curves, coefficients, &result) > 0 { output.explain(tile) }
    }
}
