import Glibc

/// The metric of two images as a function of the transform between them: what a registration makes as large as it can.
///
/// Work is cut into pieces of a fixed number of points whose sums are added in order, so that the bits do not depend on the
/// number of threads.
package struct MatchCost: Sendable {
    let samples: MatchSamples
    let metric: SimilarityMetric
    /// The moving image of the level; for a histogram its values are bins already.
    let moving: Volume
    /// Bins of a row of the histogram: the moving image's and two more on either side for the window's ends.
    let rowBins: Int
    /// The least share of the points that must lie in the moving image.
    let leastOverlap: Double

    /// Points of a piece of work.
    static let piece = 8192

    /// The cost of a level; voxels of `moving` outside its mask are not looked at.
    package init(
        samples: MatchSamples, moving: Volume, range: IntensityRange, mask: LabelMap?, metric: SimilarityMetric,
        leastOverlap: Double
    ) {
        (self.samples, self.metric, self.leastOverlap) = (samples, metric, leastOverlap)
        rowBins = samples.bins + 4
        // A histogram wants a bin's number, the window reaching from one bin before to two after; moments want -1...1.
        let scale = (metric.usesHistogram ? Float(samples.bins - 1) : 2) / (range.upper - range.lower)
        let offset: Float = metric.usesHistogram ? 1 : -1
        let inside = mask.map { $0.resampled(onto: moving.grid) }
        self.moving = Volume(
            grid: moving.grid,
            voxels: moving.voxels.enumerated().map { place, value in
                if let inside, inside.voxels[place] == 0 { return .nan }
                return offset + (max(range.lower, min(value, range.upper)) - range.lower) * scale
            })
    }

    /// The metric where `movingFromFixed` lays the images on each other; `nil` where too little of them overlaps, or where
    /// what overlaps has no structure.
    package func callAsFunction(_ movingFromFixed: Affine) -> Double? { value(movingFromFixed)?.metric }

    /// The metric and the share of points inside the moving image.
    package func value(_ movingFromFixed: Affine) -> (metric: Double, overlap: Double)? {
        let sums = sums(movingFromFixed)
        let inside = sums.inside
        let overlap = inside / Double(samples.count)
        guard overlap >= leastOverlap, inside > 100 else { return nil }
        let value: Double? =
            switch metric {
            case .mutualInformation: information(sums.table, total: inside).map { $0.fixed + $0.moving - $0.joint }
            case .normalizedMutualInformation:
                information(sums.table, total: inside).flatMap { i in
                    i.joint > 0 ? (i.fixed + i.moving) / i.joint - 1 : nil
                }
            case .correlationRatio: correlationRatio(sums.table)
            case .normalizedCrossCorrelation: correlation(sums.table)
            }
        return value.map { ($0, overlap) }
    }

    /// What one pass over the points adds up, and how many lay inside.
    private func sums(_ movingFromFixed: Affine) -> (table: [Double], inside: Double) {
        let width = tableSize
        let pieces = (samples.count + Self.piece - 1) / Self.piece
        let map = moving.grid.voxelFromWorld * movingFromFixed
        var center = map
        center.translation = map(samples.center)
        let line = PointMap(center, moving.grid.shape)
        let partial = [Float](unsafeUninitializedCapacity: pieces * (width + 1)) { output, initialized in
            output.initialize(repeating: 0)
            nonisolated(unsafe) let output = output.baseAddress!
            parallelFor(pieces) { number in
                let range = (number * Self.piece)..<min((number + 1) * Self.piece, samples.count)
                let table = output + number * (width + 1)
                let inside =
                    metric.usesHistogram
                    ? addToHistogram(range, line, table) : addMoments(range, line, table)
                table[width] = Float(inside)
            }
            initialized = pieces * (width + 1)
        }
        var table = [Double](repeating: 0, count: width)
        var inside = 0.0
        for number in 0..<pieces {
            for cell in 0..<width { table[cell] += Double(partial[number * (width + 1) + cell]) }
            inside += Double(partial[number * (width + 1) + width])
        }
        return (table, inside)
    }

    private var tableSize: Int {
        switch metric {
        case .mutualInformation, .normalizedMutualInformation: samples.bins * rowBins
        case .correlationRatio: samples.bins * 3
        case .normalizedCrossCorrelation: 6
        }
    }

    // MARK: One piece of points

    /// Adds each point's window to the histogram's row of its fixed bin; returns how many points were inside.
    private func addToHistogram(_ range: Range<Int>, _ map: PointMap, _ table: UnsafeMutablePointer<Float>) -> Int {
        var inside = 0
        moving.voxels.withUnsafeBufferPointer { voxels in
            let voxels = voxels.baseAddress!
            samples.bin.withUnsafeBufferPointer { bins in
                forEachInside(range, map, voxels) { place, value in
                    let cell = Int32(value)
                    let t = value - Float(cell)
                    let row = table + (Int(bins[place]) &* rowBins &+ Int(cell) &- 1)
                    let raw = UnsafeMutableRawPointer(row)
                    let sum = raw.loadUnaligned(as: SIMD4<Float>.self) + Self.window(t)
                    raw.storeBytes(of: sum, as: SIMD4<Float>.self)
                    inside &+= 1
                }
            }
        }
        return inside
    }

    /// For the correlation ratio the moving value's moments in each fixed bin; for the correlation those of both.
    private func addMoments(_ range: Range<Int>, _ map: PointMap, _ table: UnsafeMutablePointer<Float>) -> Int {
        var inside = 0
        moving.voxels.withUnsafeBufferPointer { voxels in
            let voxels = voxels.baseAddress!
            if metric == .correlationRatio {
                samples.bin.withUnsafeBufferPointer { bins in
                    forEachInside(range, map, voxels) { place, value in
                        let row = table + Int(bins[place]) &* 3
                        row[0] += 1
                        row[1] += value
                        row[2] += value * value
                        inside &+= 1
                    }
                }
            } else {
                samples.value.withUnsafeBufferPointer { fixed in
                    forEachInside(range, map, voxels) { place, value in
                        let f = fixed[place]
                        table[0] += 1
                        table[1] += f
                        table[2] += value
                        table[3] += f * f
                        table[4] += f * value
                        table[5] += value * value
                        inside &+= 1
                    }
                }
            }
        }
        return inside
    }

    /// The cubic B-spline's weights of four bins for a place `t` in the second of them; their sum is 1.
    @inline(__always)
    private static func window(_ t: Float) -> SIMD4<Float> {
        let s = 1 - t
        let (t2, s2) = (t * t, s * s)
        let first = s2 * s * (1 / 6)
        let last = t2 * t * (1 / 6)
        let second = (4 - 3 * t2 * (2 - t)) * (1 / 6)
        return SIMD4(first, second, 1 - first - second - last, last)
    }

    /// Calls `body` with each point inside the moving image and the trilinear value there.
    @inline(__always)
    private func forEachInside(
        _ range: Range<Int>, _ map: PointMap, _ voxels: UnsafePointer<Float>, _ body: (Int, Float) -> Void
    ) {
        samples.x.withUnsafeBufferPointer { x in
            samples.y.withUnsafeBufferPointer { y in
                samples.z.withUnsafeBufferPointer { z in
                    for place in range {
                        let point = map.origin + map.x * x[place] + map.y * y[place] + map.z * z[place]
                        guard let value = map.linear(point, voxels) else { continue }
                        body(place, value)
                    }
                }
            }
        }
    }

    // MARK: From sums to a metric

    private func information(_ table: [Double], total: Double) -> (fixed: Double, moving: Double, joint: Double)? {
        var (fixed, joint) = (0.0, 0.0)
        var columns = [Double](repeating: 0, count: rowBins)
        func term(_ weight: Double) -> Double {
            let share = weight / total
            return share > 0 ? -share * log(share) : 0
        }
        for row in 0..<samples.bins {
            var sum = 0.0
            for column in 0..<rowBins {
                let weight = table[row * rowBins + column]
                joint += term(weight)
                columns[column] += weight
                sum += weight
            }
            fixed += term(sum)
        }
        return (fixed, columns.reduce(0) { $0 + term($1) }, joint)
    }

    private func correlationRatio(_ table: [Double]) -> Double? {
        var (n, sum, squares, within) = (0.0, 0.0, 0.0, 0.0)
        for bin in 0..<samples.bins {
            let (count, s, q) = (table[3 * bin], table[3 * bin + 1], table[3 * bin + 2])
            guard count > 0 else { continue }
            (n, sum, squares) = (n + count, sum + s, squares + q)
            within += q - s * s / count
        }
        let total = squares - sum * sum / n
        return total > 1e-12 * n ? 1 - within / total : nil
    }

    private func correlation(_ t: [Double]) -> Double? {
        let n = t[0]
        let both = t[4] - t[1] * t[2] / n
        let (fixed, moving) = (t[3] - t[1] * t[1] / n, t[5] - t[2] * t[2] / n)
        guard fixed > 0, moving > 0 else { return nil }
        return both > 0 ? both * both / (fixed * moving) : 0
    }
}

/// Fixed points to moving voxel indices in single precision: 1e-5 voxel in the largest image.
struct PointMap: Sendable {
    let origin, x, y, z: SIMD4<Float>
    private let last: SIMD4<Float>
    private let shape: SIMD3<Int>

    /// `map` takes points relative to the samples' centre.
    init(_ map: Affine, _ shape: SIMD3<Int>) {
        func single(_ v: SIMD3<Double>) -> SIMD4<Float> { [Float(v.x), Float(v.y), Float(v.z), 0] }
        (origin, x, y, z) = (single(map.translation), single(map.x), single(map.y), single(map.z))
        last = single(SIMD3<Double>(shape &- 1))
        self.shape = shape
    }

    /// The trilinear value at indices, or `nil` beyond the centres of the outer voxels and beside a voxel
    /// that is not a number.
    @inline(__always)
    func linear(_ point: SIMD4<Float>, _ voxels: UnsafePointer<Float>) -> Float? {
        guard point.x >= 0, point.y >= 0, point.z >= 0, point.x <= last.x, point.y <= last.y, point.z <= last.z
        else { return nil }
        let (i, j, k) = (Int(point.x), Int(point.y), Int(point.z))
        let t = SIMD4<Float>(point.x - Float(i), point.y - Float(j), point.z - Float(k), 0)
        let dx = i &+ 1 < shape.x ? 1 : 0
        let dy = j &+ 1 < shape.y ? shape.x : 0
        let dz = k &+ 1 < shape.z ? shape.x &* shape.y : 0
        let p = voxels + (i &+ shape.x &* (j &+ shape.y &* k))
        let a = SIMD4(p[0], p[dy], p[dz], p[dz &+ dy])
        let b = SIMD4(p[dx], p[dy &+ dx], p[dz &+ dx], p[dz &+ dy &+ dx])
        let edge = a + t.x * (b - a)
        let face = edge.evenHalf + t.y * (edge.oddHalf - edge.evenHalf)
        let value = face.x + t.z * (face.y - face.x)
        return value == value ? value : nil
    }
}
