import Fitting
import Glibc

/// The steps of one registration.
struct RegistrationSearch {
    let options: RegistrationOptions
    /// The points about which everything turns: the centres of mass, world mm.
    let fixedCenter, movingCenter: SIMD3<Double>
    private let fixed, moving: Volume
    private let fixedBackground, movingBackground: Float
    /// Both images with voxels of about `coarse` mm.
    private let fixedCoarse, movingCoarse: Volume
    private static let coarse = 8.0

    /// The distance at which a turn by a radian counts as a shift of this many mm: about where the skull is.
    static let radius = 75.0
    /// No turn, and 20° about each axis and between them, either way.
    static let smallTurns: [Affine] = (0..<27).map { code in
        let v = SIMD3<Double>(Double(code % 3 - 1), Double(code / 3 % 3 - 1), Double(code / 9 - 1))
        return Affine.rotation(vector: v * (.pi / 9))
    }
    /// The 24 turns of a cube, each as it is and turned on by 45° about its axes' diagonal.
    static let quarterTurns: [Affine] = {
        let quarter = (0..<3).map { axis in
            var v = SIMD3<Double>.zero
            v[axis] = .pi / 2
            return Affine.rotation(vector: v)
        }
        var found: [Affine] = [.identity]
        for _ in 0..<4 {
            for turn in found {
                for next in quarter.map({ $0 * turn }) {
                    let isNew = found.allSatisfy { $0.distance(to: next, center: .zero, radius: 1) > 0.1 }
                    if isNew { found.append(next) }
                }
            }
        }
        let between = Affine.rotation(vector: SIMD3(repeating: .pi / 4 / 3.0.squareRoot()))
        return found + found.map { $0 * between }
    }()
    /// Places improved on the coarsest level, and places that compete on the next.
    static let (improved, competing) = (8, 3)

    init(fixed: Volume, moving: Volume, options: RegistrationOptions) throws(RegistrationError) {
        (self.fixed, self.moving, self.options) = (fixed, moving, options)
        fixedBackground = try Self.background(fixed, .fixed)
        movingBackground = try Self.background(moving, .moving)
        fixedCoarse = RegistrationLevel.reduce(
            fixed, spacing: Self.coarse, background: fixedBackground, mask: options.fixedMask)
        movingCoarse = RegistrationLevel.reduce(
            moving, spacing: Self.coarse, background: movingBackground, mask: options.movingMask)
        fixedCenter = try Self.centerOfMass(fixedCoarse, options.fixedMask, .fixed)
        movingCenter = try Self.centerOfMass(movingCoarse, options.movingMask, .moving)
    }

    /// The registration; where the first search leaves doubt, one from all upright and lying places of a head competes.
    func run() throws(RegistrationError) -> Registration {
        let spacings = levels
        var costs: [MatchCost] = []
        for spacing in spacings { costs.append(try cost(spacing)) }
        let first = try search(from: Self.smallTurns, on: costs)
        guard options.turns, !first.quality.isPlain else { return first }
        guard let second = try? search(from: Self.quarterTurns, on: costs) else { return first }
        return second.metricAfter > first.metricAfter * 1.001 ? second : first
    }

    /// The best place that starts turned by each of `turns` lead to.
    private func search(from turns: [Affine], on costs: [MatchCost]) throws(RegistrationError) -> Registration {
        let coarse = costs[0]
        var evaluations = 0
        let starts = try starts(options.turns ? turns : [.identity], on: coarse)
        var places = improve(starts, on: coarse, &evaluations)
        let field = Field(places: places, floor: starts[starts.count / 2].metric)
        if costs.count == 1 {
            places = refine([places[0]], on: coarse, model: options.model, step: 2, tolerance: 0.01, &evaluations)
        }
        for (level, spacing) in zip(costs, levels).dropFirst() {
            let last = spacing == levels.last
            places = refine(
                Array(places.prefix(last ? 1 : Self.competing)), on: level, model: options.model,
                step: max(spacing / 2, 0.5), tolerance: last ? 0.01 : 0.1, &evaluations)
        }
        return try result(places[0], on: costs.last!, coarse: coarse, field: field, evaluations)
    }

    // MARK: Levels

    /// The widths of the levels, mm, without those finer than the images.
    var levels: [Double] {
        let voxel = max(Self.size(fixed.grid), Self.size(moving.grid))
        let wide = options.spacings.filter { $0 > voxel }
        return wide.count == options.spacings.count ? wide : wide + [voxel]
    }

    private static func size(_ grid: VoxelGrid) -> Double {
        let v = grid.voxelSize
        return cbrt(v.x * v.y * v.z)
    }

    /// The metric of both images at a level.
    func cost(_ spacing: Double) throws(RegistrationError) -> MatchCost {
        let isCoarse = spacing == Self.coarse
        let f =
            isCoarse
            ? fixedCoarse
            : RegistrationLevel.reduce(
                fixed, spacing: spacing, background: fixedBackground, mask: options.fixedMask)
        let m =
            isCoarse
            ? movingCoarse
            : RegistrationLevel.reduce(
                moving, spacing: spacing, background: movingBackground, mask: options.movingMask)
        guard let fixedRange = IntensityRange(of: f) else { throw .constant(.fixed) }
        guard let movingRange = IntensityRange(of: m) else { throw .constant(.moving) }
        let samples = MatchSamples(
            of: f, range: fixedRange, bins: options.bins, center: fixedCenter, mask: options.fixedMask,
            limit: options.points, seed: options.seed)
        guard samples.count > 100 else { throw .emptyMask(.fixed) }
        return MatchCost(
            samples: samples, moving: m, range: movingRange, mask: options.movingMask, metric: options.metric,
            leastOverlap: options.leastOverlap)
    }

    // MARK: Starts

    /// A place where the moving image may lie, and the metric there.
    struct Place: Sendable {
        var movingFromFixed: Affine
        var metric: Double
    }

    /// Where the searches of the coarsest level ended, and the metric of a place like any other: the median of the starts.
    private struct Field {
        let places: [Place]
        let floor: Double
    }

    /// The places tried first, the best ones before others.
    func starts(_ turns: [Affine], on level: MatchCost) throws(RegistrationError) -> [Place] {
        let shift = Affine(scale: .one, translation: movingCenter - fixedCenter)
        let bases: [Affine]
        switch options.start {
        case .automatic: bases = [.identity, shift]
        case .header: bases = [.identity]
        case .centerOfMass: bases = [shift]
        case .transform(let known): bases = [known]
        }
        let maps = bases.flatMap { base in turns.map { base * $0.about(fixedCenter) } }
        let values = parallelMap(maps.count) { level(maps[$0]) }
        let places = zip(maps, values).compactMap { map, value in
            value.map { Place(movingFromFixed: map, metric: $0) }
        }
        guard !places.isEmpty else { throw .noOverlap }
        return places.sorted { $0.metric > $1.metric }
    }

    // MARK: Improvement

    /// The best starts moved to the tops they lie below; one place for each top, the highest first.
    func improve(_ starts: [Place], on level: MatchCost, _ evaluations: inout Int) -> [Place] {
        evaluations += starts.count
        return refine(
            Array(starts.prefix(Self.improved)), on: level, model: .rigid, step: 5, tolerance: 0.3, &evaluations)
    }

    /// Each place moved to the top nearby; the highest first.
    func refine(
        _ places: [Place], on level: MatchCost, model: TransformModel, step: Double, tolerance: Double,
        _ evaluations: inout Int
    ) -> [Place] {
        let found = parallelMap(places.count) { number in
            climb(from: places[number].movingFromFixed, on: level, model: model, step: step, tolerance: tolerance)
        }
        evaluations += found.reduce(0) { $0 + $1.evaluations }
        return found.map(\.place).sorted { $0.metric > $1.metric }
    }

    private func climb(
        from base: Affine, on level: MatchCost, model: TransformModel, step: Double, tolerance: Double
    ) -> (place: Place, evaluations: Int) {
        let count = model.parameterCount
        let reach = (0..<count).map { $0 < 6 ? 60.0 : 25.0 }
        let search = BoundedSearch(
            start: Array(repeating: 0, count: count), reach: reach, step: step, tolerance: tolerance,
            limit: 60 * count
        ) { parameters in
            let map = base * model.transform(parameters, center: fixedCenter, radius: Self.radius)
            return -(level(map) ?? -1)
        }
        let map = search.parameters.withUnsafeBufferPointer {
            base * model.transform($0, center: fixedCenter, radius: Self.radius)
        }
        return (Place(movingFromFixed: map, metric: -search.value), search.evaluations)
    }

    // MARK: The end

    private func result(
        _ place: Place, on level: MatchCost, coarse: MatchCost, field: Field, _ evaluations: Int
    ) throws(RegistrationError) -> Registration {
        guard let end = level.value(place.movingFromFixed) else { throw .noOverlap }
        guard end.metric > 0 else { throw .noStructure }
        let quality = quality(of: place, value: end, on: level, coarse: coarse, field: field)
        return Registration(
            movingFromFixed: place.movingFromFixed, options: options, metricBefore: level(.identity),
            metricAfter: end.metric, evaluations: evaluations, quality: quality)
    }

    private func quality(
        of place: Place, value: (metric: Double, overlap: Double), on level: MatchCost, coarse: MatchCost,
        field: Field
    ) -> RegistrationQuality {
        let elsewhere = field.places.filter {
            $0.movingFromFixed.distance(to: place.movingFromFixed, center: fixedCenter, radius: Self.radius) > 8
        }
        let here = (coarse(place.movingFromFixed) ?? 0) - field.floor
        let moved = parallelMap(12) { number in
            var step = [Double](repeating: 0, count: 6)
            step[number / 2] = number % 2 == 0 ? 5 : -5
            let map = step.withUnsafeBufferPointer {
                place.movingFromFixed * TransformModel.rigid.transform($0, center: fixedCenter, radius: Self.radius)
            }
            return level(map) ?? 0
        }
        return RegistrationQuality(
            metric: options.metric, overlap: value.overlap,
            consensus: 1 - Double(elsewhere.count) / Double(field.places.count),
            rival: here > 0 ? (elsewhere.map { max($0.metric - field.floor, 0) }.max() ?? 0) / here : 1,
            sharpness: 1 - (moved.max() ?? 0) / value.metric, value: value.metric)
    }

    // MARK: What an image is

    /// The least finite value: what a voxel that is not a number counts as.
    static func background(
        _ image: Volume, _ which: RegistrationError.Image
    ) throws(RegistrationError) -> Float {
        let shape = image.grid.shape
        guard shape.min() >= 4 else { throw .tooThin(which, shape) }
        guard let range = image.finiteRange else { throw .nothingFinite(which) }
        guard range.upperBound > range.lowerBound else { throw .constant(which) }
        return range.lowerBound
    }

    /// The centre of what is bright: values of a level above a fifth of the range weigh by how far they are above.
    private static func centerOfMass(
        _ level: Volume, _ mask: LabelMap?, _ which: RegistrationError.Image
    ) throws(RegistrationError) -> SIMD3<Double> {
        let labels = mask.map { $0.resampled(onto: level.grid) }
        if let labels, labels.voxels.allSatisfy({ $0 == 0 }) { throw .emptyMask(which) }
        guard let range = IntensityRange(of: level) else { throw .constant(which) }
        let floor = range.lower + 0.2 * (range.upper - range.lower)
        var (sum, weight) = (SIMD3<Double>.zero, 0.0)
        for k in 0..<level.grid.shape.z {
            for j in 0..<level.grid.shape.y {
                for i in 0..<level.grid.shape.x {
                    let place = level.grid.offset(i, j, k)
                    if let labels, labels.voxels[place] == 0 { continue }
                    let value = Double(min(level.voxels[place], range.upper) - floor)
                    guard value > 0 else { continue }
                    sum += value * SIMD3(Double(i), Double(j), Double(k))
                    weight += value
                }
            }
        }
        guard weight > 0 else { throw mask == nil ? .constant(which) : .emptyMask(which) }
        return level.grid.worldFromVoxel(sum / weight)
    }
}

/// The results of `body` for 0 ..< count, worked out on all cores.
func parallelMap<T: Sendable>(_ count: Int, _ body: @Sendable (Int) -> T) -> [T] {
    var results = [T?](repeating: nil, count: count)
    results.withUnsafeMutableBufferPointer { buffer in
        nonisolated(unsafe) let buffer = buffer
        parallelFor(count) { buffer[$0] = body($0) }
    }
    return results.map { $0! }
}
