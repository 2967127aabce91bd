import Glibc

/// The steps of one deformation.
struct DeformationSearch {
    let options: DeformationOptions
    let linear: Affine
    private let fixed, moving: Volume
    private let fixedBackground, movingBackground: Float

    /// The most voxels of a level; images that would have more are looked at more coarsely.
    static let mostVoxels = 8_000_000.0
    /// A level ends where three steps together gain less than this.
    static let leastGain = 0.0001

    init(
        fixed: Volume, moving: Volume, linear: Affine, options: DeformationOptions
    ) throws(RegistrationError) {
        precondition(linear.inverse != nil, "a linear map has an inverse")
        precondition(
            options.steps.count == options.spacings.count, "each level has its number of steps")
        fixedBackground = try RegistrationSearch.background(fixed, .fixed)
        movingBackground = try RegistrationSearch.background(moving, .moving)
        (self.fixed, self.moving, self.linear, self.options) = (fixed, moving, linear, options)
    }

    func run() throws(RegistrationError) -> Deformation {
        var velocity: VelocityField?
        var steps: [Int] = []
        var last: Level?
        for (spacing, limit) in zip(options.spacings, options.steps) {
            let grid = try grid(spacing)
            if let last, last.correlation.fixed.grid == grid { continue }
            let level = try Level(self, spacing: spacing, grid: grid)
            let start = velocity.map { VelocityField($0, on: grid) } ?? VelocityField(on: grid)
            let found = climb(from: start, on: level, limit: limit)
            (velocity, last) = (found.velocity, level)
            steps.append(found.steps)
        }
        guard let velocity, let level = last else { preconditionFailure("there is at least one level") }
        return result(velocity, on: level, steps)
    }

    // MARK: Levels

    /// The images of one level.
    struct Level {
        /// The fixed image's part, its values as shares of its range.
        let correlation: LocalCorrelation
        /// The moving image at the level's width, in the same way, on its own grid.
        let moving: Volume
        /// The moving image's voxels from the fixed level's, but for the deformation.
        let movingFromLevel: Affine
        let outside: Float

        init(_ search: DeformationSearch, spacing: Double, grid: VoxelGrid) throws(RegistrationError) {
            let size = grid.voxelSize.min()
            let width = max(spacing, size)
            let coarse = RegistrationLevel.reduce(
                search.fixed, spacing: width, width: width, background: search.fixedBackground)
            let fixed = coarse.resampled(onto: grid, outside: search.fixedBackground)
            guard let range = IntensityRange(of: fixed) else { throw .constant(.fixed) }
            let reduced = RegistrationLevel.reduce(
                search.moving, spacing: width, width: width, background: search.movingBackground)
            guard let movingRange = IntensityRange(of: reduced) else { throw .constant(.moving) }
            let mask = search.options.fixedMask.map { $0.resampled(onto: grid).voxels }
            let shares = Self.shares(fixed, range)
            // The head: what is above a fifth of the range, and what is near it.
            let head = Volume(grid: grid, voxels: shares.voxels.map { $0 > 0.2 ? 1 : 0 })
            let near = head.smoothed(fwhm: SIMD3(repeating: 2 * width)).voxels
            let weights = near.indices.map { near[$0] > 0.1 && mask?[$0] != 0 ? Float(1) : 0 }
            guard weights.contains(1) else { throw mask == nil ? .constant(.fixed) : .emptyMask(.fixed) }
            correlation = LocalCorrelation(fixed: shares, weights: weights)
            movingFromLevel = reduced.grid.voxelFromWorld * search.linear * grid.worldFromVoxel
            outside = min(
                max((search.movingBackground - movingRange.lower) * Self.scale(movingRange), 0), 1)
            moving = Self.shares(reduced, movingRange)
        }

        /// Values from 0 to 1 over a range, those beyond cut off.
        private static func shares(_ image: Volume, _ range: IntensityRange) -> Volume {
            let factor = scale(range)
            return Volume(
                grid: image.grid, voxels: image.voxels.map { min(max(($0 - range.lower) * factor, 0), 1) })
        }

        private static func scale(_ range: IntensityRange) -> Float { 1 / (range.upper - range.lower) }

        /// The moving image where the deformation lays it on the fixed one.
        func warped(by way: Volume) -> Volume {
            let grid = way.grid
            let size = grid.voxelSize
            return Volume(grid: grid) { (output: UnsafeMutableBufferPointer<Float>) in
                way.voxels.withUnsafeBufferPointer { way in
                    moving.voxels.withUnsafeBufferPointer { source in
                        nonisolated(unsafe) let (way, source, output) = (
                            way.baseAddress!, source.baseAddress!, output.baseAddress!
                        )
                        parallelFor(grid.shape.y * grid.shape.z) { row in
                            let (k, j) = row.quotientAndRemainder(dividingBy: grid.shape.y)
                            for i in 0..<grid.shape.x {
                                let at = row * grid.shape.x + i
                                let shift = SIMD3<Double>(
                                    Double(way[at]), Double(way[at + grid.count]), Double(way[at + 2 * grid.count]))
                                let place = SIMD3<Double>(Double(i), Double(j), Double(k)) + shift / size
                                let cell = TrilinearCell(movingFromLevel(place), moving.grid.shape)
                                (output + at).initialize(to: cell?.value(source) ?? outside)
                            }
                        }
                    }
                }
            }
        }
    }

    /// The grid of a level: over the whole fixed image, its axes and faces, no finer than its voxels.
    private func grid(_ spacing: Double) throws(RegistrationError) -> VoxelGrid {
        let own = fixed.grid
        var width = spacing
        func size() -> SIMD3<Double> { own.voxelSize.map { max($0, width) } }
        let extent = SIMD3<Double>(own.shape) * own.voxelSize
        while (extent / size()).x * (extent / size()).y * (extent / size()).z > Self.mostVoxels {
            width *= 1.1
        }
        if size() == own.voxelSize { return own }
        guard let grid = try? own.resized(voxelSize: size()) else { throw .tooThin(.fixed, own.shape) }
        return grid
    }

    // MARK: Steps

    /// The best velocities found on a level, and the steps taken.
    private func climb(
        from start: VelocityField, on level: Level, limit: Int
    ) -> (velocity: VelocityField, steps: Int) {
        var velocity = start
        var best = (velocity: start, value: -1.0)
        var values: [Double] = []
        while true {
            let (squared, normal) = level.correlation.terms(level.warped(by: velocity.displacement()))
            let value = level.correlation.mean(squared)
            if value > best.value { best = (velocity, value) }
            values.append(value)
            let gain = values.count > 3 ? value - values[values.count - 4] : 1
            if values.count > limit || gain < Self.leastGain { break }
            velocity = stepped(velocity, normal)
        }
        return (best.velocity, values.count - 1)
    }

    /// Velocities with the least squares of every neighbourhood added, smoothed.
    private func stepped(_ velocity: VelocityField, _ normal: Volume) -> VelocityField {
        let (grid, count) = (velocity.grid, velocity.grid.count)
        let longest = grid.voxelSize.min()
        let near = normal.smoothed(fwhm: SIMD3(repeating: max(options.updateFWHM, 2 * longest)))
        let damping = options.damping
        let sum = Volume(grid: grid, frames: 3) { (output: UnsafeMutableBufferPointer<Float>) in
            near.voxels.withUnsafeBufferPointer { terms in
                velocity.vectors.voxels.withUnsafeBufferPointer { old in
                    nonisolated(unsafe) let (t, old, output) = (
                        terms.baseAddress!, old.baseAddress!, output.baseAddress!
                    )
                    parallelFor(grid.shape.z) { k in
                        let slice = grid.shape.x * grid.shape.y
                        for at in (k * slice)..<((k + 1) * slice) {
                            func term(_ number: Int) -> Double { Double(t[at + number * count]) }
                            let (xy, xz, yz) = (term(1), term(2), term(4))
                            let x: SIMD3<Double> = [term(0) + damping, xy, xz]
                            let y: SIMD3<Double> = [xy, term(3) + damping, yz]
                            let z: SIMD3<Double> = [xz, yz, term(5) + damping]
                            let right: SIMD3<Double> = [term(6), term(7), term(8)]
                            let volume = dot(x, cross(y, z))
                            var step = SIMD3<Double>.zero
                            if volume > 0 {
                                let (a, b, c) = (cross(y, z), cross(z, x), cross(x, y))
                                step = (a * right.x + b * right.y + c * right.z) / volume
                            }
                            let length = norm(step)
                            if length > longest { step *= longest / length }
                            for axis in 0..<3 {
                                let place = at + axis * count
                                (output + place).initialize(to: old[place] + Float(step[axis]))
                            }
                        }
                    }
                }
            }
        }
        var next = velocity
        let width = max(options.fieldFWHM, longest)
        next.vectors = options.fieldFWHM > 0 ? sum.smoothed(fwhm: SIMD3(repeating: width)) : sum
        return next
    }

    // MARK: The end

    private func result(_ velocity: VelocityField, on level: Level, _ steps: [Int]) -> Deformation {
        let grid = velocity.grid
        let still = VelocityField(on: grid).vectors
        let way = velocity.displacement()
        let start = level.correlation.terms(level.warped(by: still)).squared
        let after = level.correlation.mean(level.correlation.terms(level.warped(by: way)).squared)
        let linear = linear
        let there = DisplacementField(on: grid) { point in
            linear(point + Self.shift(way, at: point))
        }
        let back = velocity.displacement(time: -1)
        guard let inverse = linear.inverse,
            let behind = try? moving.grid.resized(
                voxelSize: moving.grid.voxelSize.map { max($0, grid.voxelSize.min()) })
        else { preconditionFailure("a grid can be as coarse as another") }
        let backward = DisplacementField(on: behind) { point in
            let place = inverse(point)
            return place + Self.shift(back, at: place)
        }
        let determinant = there.jacobianDeterminant()
        let inside = level.correlation.weights.map { $0 > 0 }
        guard let summary = there.jacobianSummary(of: determinant, inside: inside) else {
            preconditionFailure("a level has voxels that count")
        }
        return Deformation(
            movingFromFixed: there, fixedFromMoving: backward, linear: linear, options: options,
            steps: steps,
            jacobian: determinant, shiftMM: Self.lengths(way, inside: inside),
            quality: DeformationQuality(
                before: level.correlation.mean(start), after: after,
                agreement: level.correlation.agreement(start), jacobian: summary,
                linearDeterminant: linear.determinant))
    }

    /// The displacement at a point, RAS mm; beyond the grid that of its edge.
    private static func shift(_ way: Volume, at point: SIMD3<Double>) -> SIMD3<Double> {
        let cell = TrilinearCell(clamping: way.grid.voxelFromWorld(point), way.grid.shape)
        return way.voxels.withUnsafeBufferPointer {
            way.grid.world(cell.vector($0.baseAddress!, way.grid.count))
        }
    }

    private static func lengths(
        _ way: Volume, inside: [Bool]
    ) -> (mean: Double, percentile95: Double, maximum: Double) {
        let count = way.grid.count
        var lengths: [Double] = []
        for place in 0..<count where inside[place] {
            lengths.append(
                norm(
                    SIMD3(
                        Double(way.voxels[place]), Double(way.voxels[place + count]),
                        Double(way.voxels[place + 2 * count]))))
        }
        lengths.sort()
        guard let most = lengths.last else { return (0, 0, 0) }
        return (lengths.reduce(0, +) / Double(lengths.count), lengths[lengths.count * 95 / 100], most)
    }
}
