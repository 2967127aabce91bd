import Imaging
import Fitting
import Records

/// How the regions' true activities make what is measured in them: one equation a region, Σ_j ω_ij T_j = t_i.
///
/// `gtm` is the geometric transfer matrix [Rousset1998]: ω_ij is the mean over region i of region j blurred, t_i the mean
/// of the image over region i. `labbe` weighs voxels by the blurred region instead of the region: ω_ij = Σ (h⊗p_i)(h⊗p_j)
/// over Σ (h⊗p_i), which is the least-squares fit of the image by the blurred regions [Labbe1998, Sattarivand2012].
public struct TransferMatrix: Sendable {
    /// Which equations.
    public enum Kind: String, Sendable, CaseIterable {
        case gtm, labbe
    }

    /// Which equations.
    public let kind: Kind
    /// ω, one row an equation.
    public let omega: Matrix
    /// The condition number of ω: how much a relative error of the means may grow at most.
    public let condition: Double
    /// For each region, the SD of the corrected activity over the SD of the region's mean, for noise that is the same in
    /// all voxels and independent between them: √diag(ω⁻¹Σω⁻ᵀ) over √diag Σ. Noise of neighbours that goes together
    /// changes both.
    public let noiseAmplification: [Double]
    private let inverse: Matrix
    /// What the sums of an image are divided by to be t.
    private let sizes: [Double]
    /// The blurred regions, which weigh the image's voxels in `labbe`.
    private let responses: [BoxImage]

    /// The transfer matrix of regions under a point spread.
    ///
    /// Each region is blurred in its box and around it: 6 σ and at least 8 voxels, 12 where σ is below 1.18. Regions further
    /// apart do not meet.
    public init(_ kind: Kind, of regions: PartialVolumeRegions, spread: PointSpread) throws(PartialVolumeError) {
        let blur = Blur(spread, on: regions.grid)
        switch kind {
        case .gtm:
            let columns = regions.forEachRegion { regions.sums(of: regions.response(of: $0, blur)) }
            try self.init(
                .gtm, products: Matrix(columns: columns), sizes: regions.regions.map(\.voxels),
                covariance: regions.overlaps, squares: regions.regions.map(\.squares), regions: regions, responses: [])
        case .labbe:
            let responses = regions.forEachRegion { regions.response(of: $0, blur) }
            let rows = regions.forEachRegion { i in
                responses.indices.map { j in j < i ? 0 : responses[i].dot(responses[j]) }
            }
            var products = Matrix(rows: rows.count, columns: rows.count)
            for i in rows.indices { for j in rows.indices { products[i, j] = j < i ? rows[j][i] : rows[i][j] } }
            try self.init(
                .labbe, products: products, sizes: responses.map { $0.sum }, covariance: products,
                squares: regions.regions.map(\.squares), regions: regions, responses: responses)
        }
    }

    /// `products` is Σ q_i (h⊗p_j) for weights q, `covariance` Σ q_i q_j, so that t has Σ_ij = Σ q_i q_j / (s_i s_j).
    private init(
        _ kind: Kind, products: Matrix, sizes: [Double], covariance: Matrix, squares: [Double],
        regions: PartialVolumeRegions, responses: [BoxImage]
    ) throws(PartialVolumeError) {
        let n = sizes.count
        var omega = products
        for i in 0..<n { for j in 0..<n { omega[i, j] /= sizes[i] } }
        let condition = omega.conditionNumber
        guard condition < 1e8, let inverse = omega.inverse else {
            throw .singular(condition: condition, alike: regions.alike)
        }
        noiseAmplification = (0..<n).map { i in
            // Least squares: the covariance is the inverse of the products.
            var variance = kind == .labbe ? inverse[i, i] / sizes[i] : 0
            for a in 0..<n where kind == .gtm {
                for b in 0..<n where covariance[a, b] != 0 {
                    variance += inverse[i, a] * inverse[i, b] * covariance[a, b] / (sizes[a] * sizes[b])
                }
            }
            let voxels = regions.regions[i].voxels
            return (variance * voxels * voxels / squares[i]).squareRoot()
        }
        (self.kind, self.omega, self.condition, self.inverse) = (kind, omega, condition, inverse)
        (self.sizes, self.responses) = (sizes, responses)
    }

    /// What is doubtful: errors that grow a hundredfold, noise that grows tenfold.
    func warnings(_ regions: [PartialVolumeRegions.Region]) -> [String] {
        var warnings: [String] = []
        if condition > 100 {
            warnings.append(
                "the condition number is \(significant(condition, 3)): errors of the width or the regions grow so much")
        }
        let noisy = regions.indices.filter { noiseAmplification[$0] > 10 }
        if !noisy.isEmpty {
            warnings.append("noise grows more than tenfold in \(firstFew(noisy.map { regions[$0].name }))")
        }
        return warnings
    }

    /// The true activities T = ω⁻¹ t behind a frame, whose sums over the regions are `sums`.
    func activities(in frame: UnsafePointer<Float>, sums: [Double], on grid: VoxelGrid) -> [Double] {
        var means = sums
        if kind == .labbe {
            nonisolated(unsafe) let frame = frame
            means = concurrently(responses.count) { responses[$0].dot(frame: frame, on: grid) }
        }
        let t = zip(means, sizes).map { $0 / $1 }
        return t.indices.map { i in t.indices.reduce(0) { $0 + inverse[i, $1] * t[$1] } }
    }
}

extension PartialVolumeRegions {
    /// The response of a region: h⊗p, in its box and around it.
    func response(of region: Int, _ blur: Blur) -> BoxImage {
        let box = regions[region].box
        return mask(region).withUnsafeBufferPointer {
            blur.blur($0.baseAddress!, filling: box, over: box.grown(by: blur.reach, within: grid.shape))
        }
    }

    /// Does the same for every region on all cores, large ones first.
    func forEachRegion<T>(_ body: @Sendable (Int) -> T) -> [T] {
        concurrently(
            regions.count, order: regions.indices.sorted { regions[$0].box.count > regions[$1].box.count }, body)
    }

    /// Σ p_i p_j of all pairs.
    var overlaps: Matrix {
        var matrix = Matrix(rows: regions.count, columns: regions.count)
        switch members {
        case .labels: for place in regions.indices { matrix[place, place] = regions[place].voxels }
        case .probabilities(let starts, let places, let weights):
            for voxel in 0..<grid.count {
                for a in Int(starts[voxel])..<Int(starts[voxel + 1]) {
                    for b in Int(starts[voxel])..<Int(starts[voxel + 1]) {
                        matrix[Int(places[a]), Int(places[b])] += Double(weights[a]) * Double(weights[b])
                    }
                }
            }
        }
        return matrix
    }
}

extension BoxImage {
    /// The sum of all values, in voxel order.
    var sum: Double {
        var total = 0.0
        for k in box.lower.z..<box.upper.z {
            for j in box.lower.y..<box.upper.y {
                let start = row(j, k)
                for i in 0..<box.shape.x { total += Double(values[start + i]) }
            }
        }
        return total
    }

    /// The sum of products with a frame, in voxel order, in Double.
    func dot(frame: UnsafePointer<Float>, on grid: VoxelGrid) -> Double {
        values.withUnsafeBufferPointer { values in
            var total = 0.0
            for k in box.lower.z..<box.upper.z {
                for j in box.lower.y..<box.upper.y {
                    total += productSum(
                        values.baseAddress! + row(j, k), frame + grid.offset(box.lower.x, j, k), box.shape.x)
                }
            }
            return total
        }
    }
}

/// The results of `body` for 0 ..< count, computed on all cores in an order.
func concurrently<T>(_ count: Int, order: [Int]? = nil, _ body: @Sendable (Int) -> T) -> [T] {
    [T](unsafeUninitializedCapacity: count) { output, initialized in
        nonisolated(unsafe) let output = output.baseAddress!
        parallelFor(count) { turn in
            let place = order?[turn] ?? turn
            (output + place).initialize(to: body(place))
        }
        initialized = count
    }
}
