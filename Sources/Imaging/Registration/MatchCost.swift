import CKernels
import Glibc

/// The metric of two images as a function of the transform between them: what a registration makes as large as it can.
///
/// Work is cut into pieces of a fixed number of points whose sums are added in order, so that the bits do not depend on the
/// number of threads.
package struct MatchCost: Sendable {
    let samples: MatchSamples
    let metric: SimilarityMetric
    /// The moving image's grid on this level.
    let grid: VoxelGrid
    /// Its values, brought to bins for a histogram and to -1...1 for moments, with a voxel repeated at each far face.
    let padded: [Float]
    /// Bins of a row of the histogram: the moving image's in whole groups of four, and four more for the window's ends.
    let rowBins: Int
    /// The least share of the points that must lie in the moving image.
    let leastOverlap: Double

    /// Points of a piece of work.
    static let piece = 16384

    /// The cost of a level; voxels of `moving` outside its mask are not looked at.
    package init(
        samples: MatchSamples, moving: Volume, range: IntensityRange, mask: LabelMap?, metric: SimilarityMetric,
        leastOverlap: Double
    ) {
        (self.samples, self.metric, self.leastOverlap) = (samples, metric, leastOverlap)
        rowBins = 4 * ((samples.bins - 1) / 4 + 1) + 4
        // A histogram wants a bin's number, the window reaching from one bin before to two after; moments want -1...1.
        let scale = (metric.usesHistogram ? Float(samples.bins - 1) : 2) / (range.upper - range.lower)
        let offset: Float = metric.usesHistogram ? 1 : -1
        grid = moving.grid
        let shape = grid.shape
        let inside = mask.map { $0.grid.matches(moving.grid) ? $0 : $0.resampled(onto: moving.grid) }
        padded = [Float](unsafeUninitializedCapacity: (shape.x + 1) * (shape.y + 1) * (shape.z + 1)) { output, count in
            for k in 0...shape.z {
                for j in 0...shape.y {
                    let row = moving.grid.offset(0, min(j, shape.y - 1), min(k, shape.z - 1))
                    for i in 0...shape.x {
                        let place = row + min(i, shape.x - 1)
                        let value = max(range.lower, min(moving.voxels[place], range.upper))
                        let isSeen = inside.map { $0.voxels[place] != 0 } ?? true
                        output.initializeElement(at: count, to: isSeen ? offset + (value - range.lower) * scale : .nan)
                        count += 1
                    }
                }
            }
        }
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
        let map = grid.voxelFromWorld * movingFromFixed
        let center = Affine(x: map.x, y: map.y, z: map.z, translation: map(samples.center))
        let partial = [Double](unsafeUninitializedCapacity: pieces * (width + 1)) { output, initialized in
            output.initialize(repeating: 0)
            nonisolated(unsafe) let output = output.baseAddress!
            parallelFor(pieces) { number in
                let range = (number * Self.piece)..<min((number + 1) * Self.piece, samples.count)
                let table = output + number * (width + 1)
                withUnsafeTemporaryAllocation(of: Float.self, capacity: range.count) { values in
                    place(range, center, values.baseAddress!)
                    let inside =
                        metric.usesHistogram ? addToHistogram(range, values, table) : addMoments(range, values, table)
                    table[width] = Double(inside)
                }
            }
            initialized = pieces * (width + 1)
        }
        var table = [Double](repeating: 0, count: width)
        var inside = 0.0
        for number in 0..<pieces {
            for cell in 0..<width { table[cell] += partial[number * (width + 1) + cell] }
            inside += partial[number * (width + 1) + width]
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

    /// The moving image's trilinear values at points, taken relative to the samples' centre; not a number beyond the centres of
    /// the outer voxels and beside a voxel that is none. Places are worked out in single precision: 1e-5 voxel in the largest
    /// image.
    private func place(_ range: Range<Int>, _ map: Affine, _ values: UnsafeMutablePointer<Float>) {
        samples.x.withUnsafeBufferPointer { x in
            samples.y.withUnsafeBufferPointer { y in
                samples.z.withUnsafeBufferPointer { z in
                    var points = ck_points()
                    points.x = x.baseAddress! + range.lowerBound
                    points.y = y.baseAddress! + range.lowerBound
                    points.z = z.baseAddress! + range.lowerBound
                    let (o, a, b, c) = (map.translation, map.x, map.y, map.z)
                    points.map = (
                        Float(o.x), Float(a.x), Float(b.x), Float(c.x), Float(o.y), Float(a.y), Float(b.y), Float(c.y),
                        Float(o.z), Float(a.z), Float(b.z), Float(c.z)
                    )
                    let shape = grid.shape
                    points.shape = (Int32(shape.x), Int32(shape.y), Int32(shape.z))
                    padded.withUnsafeBufferPointer { ck_point_values($0.baseAddress!, &points, values, range.count) }
                }
            }
        }
    }

    /// Adds each point's window to the histogram's row of its fixed bin; returns how many points were inside.
    private func addToHistogram(
        _ range: Range<Int>, _ values: UnsafeMutableBufferPointer<Float>, _ table: UnsafeMutablePointer<Double>
    ) -> Int {
        let slots = (samples.bins - 1) / 4 + 1
        let count = 4 * 4 * slots * samples.bins
        let bytes = count * MemoryLayout<Float>.stride
        return withUnsafeTemporaryAllocation(byteCount: bytes, alignment: 64) { raw in
            let parts = raw.bindMemory(to: Float.self)
            parts.initialize(repeating: 0)
            let inside = samples.bin.withUnsafeBufferPointer {
                ck_add_windows(
                    values.baseAddress!, $0.baseAddress! + range.lowerBound, range.count, slots, samples.bins,
                    parts.baseAddress!)
            }
            var from = 0
            for shift in 0..<4 {
                for row in 0..<samples.bins {
                    let to = table + row * rowBins + shift
                    for bin in 0..<(4 * slots) { to[bin] += Double(parts[from + bin]) }
                    from += 4 * slots
                }
            }
            return inside
        }
    }

    /// For the correlation ratio the moving value's moments in each fixed bin; for the correlation those of both.
    private func addMoments(
        _ range: Range<Int>, _ values: UnsafeMutableBufferPointer<Float>, _ table: UnsafeMutablePointer<Double>
    ) -> Int {
        var inside = 0
        samples.bin.withUnsafeBufferPointer { bins in
            samples.value.withUnsafeBufferPointer { fixed in
                for (place, value) in zip(range, values) where value == value {
                    inside &+= 1
                    let v = Double(value)
                    if metric == .correlationRatio {
                        let row = table + Int(bins[place]) &* 3
                        row[0] += 1
                        row[1] += v
                        row[2] += v * v
                    } else {
                        let f = Double(fixed[place])
                        table[0] += 1
                        table[1] += f
                        table[2] += v
                        table[3] += f * f
                        table[4] += f * v
                        table[5] += v * v
                    }
                }
            }
        }
        return inside
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
