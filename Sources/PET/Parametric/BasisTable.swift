import Glibc

/// The curves that SRTM may have in a reference region's company, one for each rate of a grid, made ready for one dot product
/// a voxel [Gunn1997].
///
/// SRTM: C = R1 C' + θ₂ C' ⊗ e^(−k2a t). The curve of a rate is the convolution's average over each frame, made orthogonal to
/// C' and of unit length; the sum of squares a rate leaves is then |C|² − (C · C')² − (C · curve)², so that the best rate is
/// the one with the largest dot product. SRTM2: C = R1 (C' + (k2' − k2a) C' ⊗ e^(−k2a t)), one curve a rate and nothing fixed.
struct BasisTable: Sendable {
    let grid: RateGrid
    /// As `ck_basis` has them.
    let units, fixed, weights: [Double]
    /// Rates in `units`: a multiple of 4.
    let padded: Int
    /// Length of the fixed column; 1 where there is none.
    let fixedLength: Double
    /// For each rate the curve's length before it was made a unit, and its projection on the fixed column.
    private let lengths, overlaps: [Double]

    /// The curves over the frames `used`; with `k2Prime` those of SRTM2.
    init(
        used: [Int], frames: FrameTimes, reference: [Double], weights: [Double], grid: RateGrid, k2Prime: Double?
    ) throws(ParametricError) {
        self.grid = grid
        padded = (grid.count + 3) / 4 * 4
        self.weights = used.map { weights[$0] }
        let roots = self.weights.map { $0.squareRoot() }
        guard let curve = SampledCurve(times: frames.mids.map { max($0, 0) }, values: reference) else {
            throw .overlappingFrames(1)
        }
        let prepared = FrameConvolution(input: curve, frames: frames)
        let column = zip(used, roots).map { reference[$0] * $1 }
        let length = dot(column, column).squareRoot()
        guard length > 0 else { throw .dependentColumns }
        let unit = column.map { k2Prime == nil ? $0 / length : 0 }
        var (lengths, overlaps): ([Double], [Double]) = ([], [])
        var units = [Double](repeating: 0, count: padded * used.count)
        for rate in 0..<grid.count {
            let k2a = grid.rate(at: Double(rate))
            let convolved = prepared.averages(theta: k2a)
            var row = zip(used, roots).map { convolved[$0] * $1 }
            if let k2Prime { row = zip(row, column).map { $1 + (k2Prime - k2a) * $0 } }
            let overlap = dot(row, unit)
            for place in row.indices { row[place] -= overlap * unit[place] }
            let norm = dot(row, row).squareRoot()
            guard norm > 1e-10 * abs(overlap), norm > 0 else { throw .dependentColumns }
            lengths.append(norm)
            overlaps.append(overlap)
            for place in row.indices {
                units[4 * ((rate / 4) * used.count + place) + rate % 4] = row[place] / norm * roots[place]
            }
        }
        (self.units, self.lengths, self.overlaps) = (units, lengths, overlaps)
        fixed = zip(unit, roots).map { $0 * $1 }
        fixedLength = k2Prime == nil ? length : 1
    }

    /// Rate, length and overlap at a place between two rates, by the polynomial through the six around it.
    func at(_ place: Double) -> (rate: Double, length: Double, overlap: Double) {
        let nearest = Int(place.rounded())
        let first = min(max(nearest - 2, 0), grid.count - 6)
        let t = place - Double(first)
        return (grid.rate(at: place), Self.through(lengths, first, t), Self.through(overlaps, first, t))
    }

    /// The value at `t` of the polynomial through six values that stand at 0, 1 … 5.
    private static func through(_ values: [Double], _ first: Int, _ t: Double) -> Double {
        var sum = 0.0
        for node in 0..<6 {
            var product = values[first + node] / scales[node]
            for other in 0..<6 where other != node { product *= t - Double(other) }
            sum += product
        }
        return sum
    }

    /// Π (node − other) over the other nodes.
    private static let scales = [-120.0, 24, -12, 12, -24, 120]
}
