import Fitting

/// The metric of one frame with the reference on one level: at all points, and at two halves of them that share no region.
struct FrameMatch: Sendable {
    let all: MatchCost
    /// Cubes of 20 mm, taken in turn as the fields of a chess board: their noise is independent.
    let halves: [MatchCost]
}

/// The reference on its levels, prepared once for all frames.
struct ReferenceLevels: Sendable {
    /// The points of one level.
    struct Level: Sendable {
        let spacing: Double
        let all: MatchSamples
        let halves: [MatchSamples]
    }

    let levels: [Level]
    /// The middle of the head, world mm.
    let center: SIMD3<Double>
    private let options: RealignmentOptions

    /// Throws where the reference has no structure.
    init(_ reference: Volume, options: RealignmentOptions) throws(RealignmentError) {
        guard let background = reference.background else { throw .emptyReference }
        let coarse = RegistrationLevel.reduce(reference, spacing: 8, background: background)
        guard let head = HeadMask(coarse, marginMM: options.marginMM) else { throw .emptyReference }
        var levels: [Level] = []
        for spacing in options.spacings {
            let level = Self.level(reference, spacing, background, options)
            guard let range = IntensityRange(of: level) else { throw .emptyReference }
            let samples = MatchSamples(
                of: level, range: range, bins: options.bins, center: head.center, mask: head.mask,
                limit: options.points, seed: options.seed)
            guard samples.count > 1000 else { throw .emptyReference }
            let isLast = levels.count == options.spacings.count - 1
            let halves = isLast ? [0, 1].map { samples.half($0, cubeMM: 20) } : []
            levels.append(Level(spacing: spacing, all: samples, halves: halves))
        }
        (self.levels, center, self.options) = (levels, head.center, options)
    }

    /// A frame on each level, or the finest alone; `nil` where it has one value everywhere or none that is a number.
    func matches(_ frame: Volume, finestOnly: Bool) -> [FrameMatch]? {
        guard let background = frame.background else { return nil }
        var found: [FrameMatch] = []
        for level in finestOnly ? levels.suffix(1) : levels[...] {
            let reduced = Self.level(frame, level.spacing, background, options)
            guard let range = IntensityRange(of: reduced) else { return nil }
            let inner = LabelMap.inner(of: reduced.grid, marginMM: options.marginMM)
            let all = MatchCost(
                samples: level.all, moving: reduced, range: range, mask: inner, metric: options.metric,
                leastOverlap: 0.4)
            found.append(FrameMatch(all: all, halves: level.halves.map { MatchCost(all, samples: $0) }))
        }
        return found
    }

    private static func level(
        _ image: Volume, _ spacing: Double, _ background: Float, _ options: RealignmentOptions
    ) -> Volume {
        RegistrationLevel.reduce(
            image, spacing: spacing, width: max(spacing, options.smoothingFWHM), background: background)
    }
}

/// Where the head is, found in a coarse image of it.
struct HeadMask {
    let mask: LabelMap
    /// The middle of what is bright, world mm.
    let center: SIMD3<Double>

    /// Voxels above a tenth of the bright end of the range, and those within two of them, all away from the faces of the image;
    /// `nil` where there are none.
    init?(_ level: Volume, marginMM: Double) {
        guard let range = IntensityRange(of: level) else { return nil }
        let shape = level.grid.shape
        let floor = range.lower + 0.1 * (range.upper - range.lower)
        var inside = level.voxels.map { $0 > floor }
        var (sum, weight) = (SIMD3<Double>.zero, 0.0)
        for k in 0..<shape.z {
            for j in 0..<shape.y {
                for i in 0..<shape.x {
                    let place = level.grid.offset(i, j, k)
                    guard inside[place] else { continue }
                    sum += SIMD3(Double(i), Double(j), Double(k))
                    weight += 1
                }
            }
        }
        guard weight > 0 else { return nil }
        for _ in 0..<2 { inside = Self.grown(inside, level.grid) }
        center = level.grid.worldFromVoxel(sum / weight)
        let inner = LabelMap.inner(of: level.grid, marginMM: marginMM)
        mask = LabelMap(grid: level.grid, voxels: zip(inside, inner.voxels).map { $0 ? $1 : 0 })
    }

    /// With the six neighbours of each voxel.
    private static func grown(_ inside: [Bool], _ grid: VoxelGrid) -> [Bool] {
        var grown = inside
        let shape = grid.shape
        let steps = [1, shape.x, shape.x * shape.y]
        for k in 0..<shape.z {
            for j in 0..<shape.y {
                for i in 0..<shape.x where inside[grid.offset(i, j, k)] {
                    let place = grid.offset(i, j, k)
                    for (axis, index) in [i, j, k].enumerated() {
                        if index > 0 { grown[place - steps[axis]] = true }
                        if index + 1 < shape[axis] { grown[place + steps[axis]] = true }
                    }
                }
            }
        }
        return grown
    }
}

extension LabelMap {
    /// 1 for voxels further from the faces of the image than a margin, which is at most a sixth of an axis.
    static func inner(of grid: VoxelGrid, marginMM: Double) -> LabelMap {
        let shape = grid.shape
        let margin = SIMD3<Int>(
            (0..<3).map { min(Int((marginMM / grid.voxelSize[$0]).rounded(.up)), shape[$0] / 6) })
        var voxels = [Int32](repeating: 0, count: grid.count)
        for k in margin.z..<(shape.z - margin.z) {
            for j in margin.y..<(shape.y - margin.y) {
                let row = grid.offset(0, j, k)
                for i in margin.x..<(shape.x - margin.x) { voxels[row + i] = 1 }
            }
        }
        return LabelMap(grid: grid, voxels: voxels)
    }
}

extension MatchSamples {
    /// The points in every other cube of a chess board of cubes, `parity` 0 or 1.
    func half(_ parity: Int, cubeMM: Double) -> MatchSamples {
        let kept = (0..<count).filter { place in
            let cube = [x, y, z].reduce(0) { $0 + Int((Double($1[place]) / cubeMM).rounded(.down)) }
            return (cube & 1) == parity
        }
        return MatchSamples(self, keeping: kept)
    }

    private init(_ all: MatchSamples, keeping kept: [Int]) {
        (x, y, z) = (kept.map { all.x[$0] }, kept.map { all.y[$0] }, kept.map { all.z[$0] })
        (value, bin) = (kept.map { all.value[$0] }, kept.map { all.bin[$0] })
        (bins, center) = (all.bins, all.center)
    }
}

extension MatchCost {
    /// The same images compared at other points.
    init(_ other: MatchCost, samples: MatchSamples) {
        (self.samples, metric, grid, padded) = (samples, other.metric, other.grid, other.padded)
        (rowBins, leastOverlap) = (other.rowBins, other.leastOverlap)
    }

    /// The top of the metric near a place, by rigid steps from `offset` on: six parameters in mm, as `TransformModel` has them.
    func climb(
        from base: Affine, offset: [Double] = Array(repeating: 0, count: 6), center: SIMD3<Double>, step: Double,
        tolerance: Double
    ) -> Affine {
        func map(_ parameters: UnsafeBufferPointer<Double>) -> Affine {
            base * TransformModel.rigid.transform(parameters, center: center, radius: RegistrationSearch.radius)
        }
        let search = BoundedSearch(
            start: offset, reach: Array(repeating: 60, count: 6), step: step, tolerance: tolerance, limit: 300
        ) { -(self(map($0)) ?? -1) }
        return search.parameters.withUnsafeBufferPointer { map($0) }
    }
}
