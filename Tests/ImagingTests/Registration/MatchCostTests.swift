import Glibc
import Imaging
import Testing


/// A level of two images on 20 × 18 × 16 voxels, their samples, and the values there, worked out plainly.
private struct Level {
    let samples: MatchSamples
    let moving: Volume
    let range: IntensityRange

    init(bins: Int = 16) throws {
        let grid = try VoxelGrid(shape: [20, 18, 16], worldFromVoxel: Affine(scale: [2, 2.5, 3]))
        func pattern(_ a: Double, _ b: Double, _ c: Double) -> Volume {
            var voxels: [Float] = []
            for k in 0..<16 {
                for j in 0..<18 {
                    for i in 0..<20 {
                        voxels.append(Float(sin(Double(i) * a) + cos(Double(j) * b) * sin(Double(k) * c)))
                    }
                }
            }
            return Volume(grid: grid, voxels: voxels)
        }
        let fixed = pattern(0.31, 0.27, 0.41)
        moving = pattern(0.29, 0.33, 0.37)
        range = try #require(IntensityRange(of: moving))
        samples = MatchSamples(
            of: fixed, range: try #require(IntensityRange(of: fixed)), bins: bins, center: [20, 20, 20], mask: nil,
            limit: 3000, seed: 3)
    }

    func cost(_ metric: SimilarityMetric) -> MatchCost {
        MatchCost(samples: samples, moving: moving, range: range, mask: nil, metric: metric, leastOverlap: 0.1)
    }

    /// Bins of the fixed image, its values, and those of the moving one, of the points inside it.
    func pairs(_ map: Affine) -> [(bin: Int, fixed: Double, moving: Double)] {
        (0..<samples.count).compactMap { place in
            let p = samples.center + [Double(samples.x[place]), Double(samples.y[place]), Double(samples.z[place])]
            let index = moving.grid.voxelFromWorld(map(p))
            let last = SIMD3<Double>(moving.grid.shape &- 1)
            guard (0..<3).allSatisfy({ index[$0] >= 0 && index[$0] <= last[$0] }) else { return nil }
            let value = PlainLoops.linearRow(moving, start: index, step: .zero, count: 1, outside: .nan)[0]
            let clipped = Double(min(max(value, range.lower), range.upper))
            return (Int(samples.bin[place]), Double(samples.value[place]), clipped)
        }
    }
}

private let map = Affine(x: [0.99, 0.05, 0], y: [-0.05, 0.99, 0.04], z: [0, -0.04, 1], translation: [1, 2, -3])

/// The cubic B-spline's weight of a bin `d` bins away.
private func window(_ d: Double) -> Double {
    let a = abs(d)
    return a < 1 ? (4 - 6 * a * a + 3 * a * a * a) / 6 : a < 2 ? (2 - a) * (2 - a) * (2 - a) / 6 : 0
}

@Suite struct MatchCostTests {
    /// The definition, in Double, point by point. Tolerance: single precision of places, weights and sums moves each entropy
    /// by up to 1e-5 of itself, and information is a difference of them.
    @Test(arguments: [SimilarityMetric.mutualInformation, .normalizedMutualInformation])
    func informationIsThatOfTheWindowedHistogram(_ metric: SimilarityMetric) throws {
        let level = try Level()
        let pairs = level.pairs(map)
        var joint = [SIMD2<Int>: Double]()
        let scale = 15 / Double(level.range.upper - level.range.lower)
        for pair in pairs {
            let place = 1 + (pair.moving - Double(level.range.lower)) * scale
            for bin in -2...20 where window(place - Double(bin)) > 0 {
                joint[[pair.bin, bin], default: 0] += window(place - Double(bin)) / Double(pairs.count)
            }
        }
        func entropy(_ p: some Sequence<Double>) -> Double { p.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 } }
        var (rows, columns) = ([Int: Double](), [Int: Double]())
        for (cell, p) in joint {
            rows[cell.x, default: 0] += p
            columns[cell.y, default: 0] += p
        }
        let (f, m, both) = (entropy(rows.values), entropy(columns.values), entropy(joint.values))
        let expected = metric == .mutualInformation ? f + m - both : (f + m) / both - 1
        let found = try #require(level.cost(metric).value(map))
        #expect(abs(found.metric - expected) < 1e-5 * (f + m))
        #expect(abs(found.overlap - Double(pairs.count) / Double(level.samples.count)) < 1e-9)
    }

    @Test func correlationIsPearsonsSquared() throws {
        let level = try Level()
        let pairs = level.pairs(map)
        let n = Double(pairs.count)
        let (f, m) = (pairs.reduce(0) { $0 + $1.fixed } / n, pairs.reduce(0) { $0 + $1.moving } / n)
        let both = pairs.reduce(0) { $0 + ($1.fixed - f) * ($1.moving - m) }
        let (ff, mm) = (
            pairs.reduce(0) { $0 + ($1.fixed - f) * ($1.fixed - f) },
            pairs.reduce(0) { $0 + ($1.moving - m) * ($1.moving - m) }
        )
        let found = try #require(level.cost(.normalizedCrossCorrelation)(map))
        #expect(abs(found - both * both / (ff * mm)) < 1e-5)
    }

    @Test func correlationRatioIsTheShareOfVarianceBetweenBins() throws {
        let level = try Level()
        let pairs = level.pairs(map)
        let mean = pairs.reduce(0) { $0 + $1.moving } / Double(pairs.count)
        let total = pairs.reduce(0) { $0 + ($1.moving - mean) * ($1.moving - mean) }
        let within = Dictionary(grouping: pairs, by: \.bin).values.reduce(0.0) { sum, bin in
            let mean = bin.reduce(0) { $0 + $1.moving } / Double(bin.count)
            return sum + bin.reduce(0) { $0 + ($1.moving - mean) * ($1.moving - mean) }
        }
        let found = try #require(level.cost(.correlationRatio)(map))
        #expect(abs(found - (1 - within / total)) < 1e-5)
    }

    @Test func tooLittleOverlapHasNoMetric() throws {
        let level = try Level()
        let away = Affine(scale: .one, translation: [39, 0, 0])
        #expect(level.cost(.mutualInformation)(away) == nil)
        #expect(level.cost(.normalizedCrossCorrelation)(Affine(scale: .one, translation: [500, 0, 0])) == nil)
    }
}

@Suite struct TransformModelTests {
    /// Rodrigues' formula at a right angle and at none.
    @Test func aRotationVectorTurnsByItsLength() {
        let turn = Affine.rotation(vector: [0, 0, .pi / 2])
        #expect(norm(turn([1, 0, 0]) - [0, 1, 0]) < 1e-15)
        #expect(norm(turn([0, 0, 5]) - [0, 0, 5]) < 1e-15)
        #expect(Affine.rotation(vector: .zero) == .identity)
    }

    @Test(arguments: TransformModel.allCases)
    func noParametersChangeNothingAndSmallOnesMoveByTheirSize(_ model: TransformModel) {
        let center: SIMD3<Double> = [4, -30, 12]
        let none = [Double](repeating: 0, count: model.parameterCount)
        #expect(none.withUnsafeBufferPointer { model.transform($0, center: center, radius: 75) } == .identity)
        for place in none.indices {
            var step = none
            step[place] = 0.5
            let map = step.withUnsafeBufferPointer { model.transform($0, center: center, radius: 75) }
            let moved = map.distance(to: .identity, center: center, radius: 75)
            // A corner lies up to √3 further out than the face of a scaled ball.
            #expect(moved > 0.2 && moved < 0.9)
            if place < 3 { #expect(abs(norm(map(center) - center) - 0.5) < 1e-12) }
            if place >= 3 { #expect(norm(map(center) - center) < 1e-12) }
            if model == .rigid { #expect(abs(map.determinant - 1) < 1e-12) }
        }
    }
}
