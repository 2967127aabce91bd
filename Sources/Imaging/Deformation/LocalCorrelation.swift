/// How alike two images are around each voxel, and which shift of the second would make them more alike.
///
/// The measure is the squared correlation in a window of 5 × 5 × 5 voxels, as [Avants2008] have it: it does not mind that
/// brightness and contrast of the two differ from place to place, but they must show the same edges.
struct LocalCorrelation {
    /// Voxels to each side of the window's middle.
    static let radius = 2
    /// The least variance that counts as structure, in squares of the image's range.
    static let leastVariance: Float = 0.0001

    let fixed: Volume
    /// 0 where a voxel does not count.
    let weights: [Float]
    /// What is added to the variance of a window: twice that of the noise, so that noise of a flat part is no structure.
    let floor: Float

    /// The fixed image as shares of its range, and which of its voxels count.
    init(fixed: Volume, weights: [Float]) {
        let noise = Self.noise(of: fixed, weights)
        (self.fixed, self.weights, floor) = (fixed, weights, max(2 * noise * noise, Self.leastVariance))
    }

    /// The standard deviation of white noise: from the median of second differences, which edges hardly change.
    private static func noise(of image: Volume, _ weights: [Float]) -> Float {
        let shape = image.grid.shape
        var bends: [Float] = []
        for k in 1..<(shape.z - 1) {
            for j in 1..<(shape.y - 1) {
                for i in 1..<(shape.x - 1) {
                    let at = image.grid.offset(i, j, k)
                    guard weights[at] > 0 else { continue }
                    for step in [1, shape.x, shape.x * shape.y] {
                        bends.append(
                            abs(image.voxels[at - step] - 2 * image.voxels[at] + image.voxels[at + step]))
                    }
                }
            }
        }
        guard !bends.isEmpty else { return 0 }
        bends.sort()
        // Of normal noise the second difference has √6 times its standard deviation, and half of all lie within 0.6745 of it.
        return bends[bends.count / 2] / (6 as Float).squareRoot() / 0.6745
    }

    /// The squared correlation at each voxel, with the sign of the correlation, and the terms of the shift: a symmetric 3×3 matrix (xx, xy, xz, yy, yz, zz) and
    /// a vector, nine frames, per mm² and mm.
    ///
    /// Within a window the fixed image is a line of the moving one but for r; 1 − r² of Pearson is Σ r² / Σ f². Its least
    /// squares in a shift d are (g gᵀ) d = g r, with g the slope of the moving image, both over the variance of f.
    func terms(_ moving: Volume) -> (squared: [Float], normal: Volume) {
        let (grid, count) = (fixed.grid, fixed.grid.count)
        let sums = windowSums(moving)
        let size = SIMD3<Float>(grid.voxelSize)
        let floor = floor
        var squared = [Float](repeating: 0, count: count)
        let normal = Volume(grid: grid, frames: 9) { (output: UnsafeMutableBufferPointer<Float>) in
            squared.withUnsafeMutableBufferPointer { squared in
                fixed.voxels.withUnsafeBufferPointer { f in
                    moving.voxels.withUnsafeBufferPointer { m in
                        sums.withUnsafeBufferPointer { s in
                            nonisolated(unsafe) let (f, m, s) = (f.baseAddress!, m.baseAddress!, s.baseAddress!)
                            nonisolated(unsafe) let (output, squared) = (
                                output.baseAddress!, squared.baseAddress!
                            )
                            let shape = grid.shape
                            parallelFor(shape.y * shape.z) { row in
                                let (k, j) = row.quotientAndRemainder(dividingBy: shape.y)
                                let across = Self.width(j, shape.y) * Self.width(k, shape.z)
                                for i in 0..<shape.x {
                                    let at = row * shape.x + i
                                    let n = across * Self.width(i, shape.x)
                                    let (meanF, meanM) = (s[at] / n, s[at + count] / n)
                                    let b = max(s[at + 2 * count] / n - meanF * meanF, 0)
                                    let c = max(s[at + 3 * count] / n - meanM * meanM, 0)
                                    let a = s[at + 4 * count] / n - meanF * meanM
                                    let alike = a * a / ((b + floor) * (c + floor))
                                    squared[at] = a < 0 ? -alike : alike
                                    let slope = a / (c + floor)
                                    let rest = f[at] - meanF - slope * (m[at] - meanM)
                                    let g =
                                        SIMD3<Float>(
                                            Self.difference(m, at, 1, i, shape.x),
                                            Self.difference(m, at, shape.x, j, shape.y),
                                            Self.difference(m, at, shape.x * shape.y, k, shape.z)) / size * slope
                                    let w = weights[at] / (b + floor)
                                    let (x, y, z) = (g.x * w, g.y * w, g.z * w)
                                    let all = output + at
                                    all.initialize(to: x * g.x)
                                    (all + count).initialize(to: x * g.y)
                                    (all + 2 * count).initialize(to: x * g.z)
                                    (all + 3 * count).initialize(to: y * g.y)
                                    (all + 4 * count).initialize(to: y * g.z)
                                    (all + 5 * count).initialize(to: z * g.z)
                                    (all + 6 * count).initialize(to: x * rest)
                                    (all + 7 * count).initialize(to: y * rest)
                                    (all + 8 * count).initialize(to: z * rest)
                                }
                            }
                        }
                    }
                }
            }
        }
        return (squared, normal)
    }

    /// The mean of the squared correlation where voxels count.
    func mean(_ squared: [Float]) -> Double {
        var (sum, count) = (0.0, 0.0)
        for place in squared.indices {
            sum += Double(abs(squared[place]) * weights[place])
            count += Double(weights[place])
        }
        return count > 0 ? sum / count : 0
    }

    /// The share of the squared correlation, 0...1, of windows in which both images brighten together.
    func agreement(_ squared: [Float]) -> Double {
        var (together, all) = (0.0, 0.0)
        for place in squared.indices {
            let value = Double(squared[place] * weights[place])
            (together, all) = (together + max(value, 0), all + abs(value))
        }
        return all > 0 ? together / all : 0
    }

    /// Voxels of a window around place `i` on an axis of `n`.
    @inline(__always)
    private static func width(_ i: Int, _ n: Int) -> Float {
        Float(min(i + Self.radius, n - 1) - max(i - Self.radius, 0) + 1)
    }

    /// The slope per voxel, by central differences.
    @inline(__always)
    private static func difference(
        _ m: UnsafePointer<Float>, _ at: Int, _ step: Int, _ i: Int, _ n: Int
    ) -> Float {
        let below = i > 0 ? step : 0
        let above = i < n - 1 ? step : 0
        guard below + above > 0 else { return 0 }
        return (m[at + above] - m[at - below]) / Float((below + above) / step)
    }

    /// Sums over the window around each voxel of f, m, f², m² and fm, one after the other.
    private func windowSums(_ moving: Volume) -> [Float] {
        let (shape, count) = (fixed.grid.shape, fixed.grid.count)
        return [Float](unsafeUninitializedCapacity: 5 * count) { buffer, initialized in
            fixed.voxels.withUnsafeBufferPointer { f in
                moving.voxels.withUnsafeBufferPointer { m in
                    nonisolated(unsafe) let (f, m, all) = (
                        f.baseAddress!, m.baseAddress!, buffer.baseAddress!
                    )
                    parallelFor(shape.z) { k in
                        for at in (k * shape.x * shape.y)..<((k + 1) * shape.x * shape.y) {
                            (all + at).initialize(to: f[at])
                            (all + at + count).initialize(to: m[at])
                            (all + at + 2 * count).initialize(to: f[at] * f[at])
                            (all + at + 3 * count).initialize(to: m[at] * m[at])
                            (all + at + 4 * count).initialize(to: f[at] * m[at])
                        }
                    }
                    parallelFor(5 * shape.z) { k in
                        let slice = all + k * shape.x * shape.y
                        for j in 0..<shape.y { Self.sum(slice + j * shape.x, shape.x, stride: 1, lines: 1) }
                        Self.sum(slice, shape.y, stride: shape.x, lines: shape.x)
                    }
                    parallelFor(5 * shape.y) { row in
                        let (kind, j) = row.quotientAndRemainder(dividingBy: shape.y)
                        Self.sum(
                            all + kind * count + j * shape.x, shape.z, stride: shape.x * shape.y, lines: shape.x)
                    }
                }
            }
            initialized = 5 * count
        }
    }

    /// Replaces each value of `lines` neighbouring lines by the running sum over its window along the line, in Double.
    private static func sum(_ values: UnsafeMutablePointer<Float>, _ n: Int, stride: Int, lines: Int) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: n * lines) { copy in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: lines) { running in
                let (copy, running) = (copy.baseAddress!, running.baseAddress!)
                for p in 0..<n {
                    for l in 0..<lines { (copy + p * lines + l).initialize(to: values[p * stride + l]) }
                }
                for l in 0..<lines { (running + l).initialize(to: 0) }
                for p in 0..<(n + Self.radius) {
                    if p < n { for l in 0..<lines { running[l] += Double(copy[p * lines + l]) } }
                    let gone = p - 2 * Self.radius - 1
                    if gone >= 0 { for l in 0..<lines { running[l] -= Double(copy[gone * lines + l]) } }
                    let middle = p - Self.radius
                    if middle >= 0 { for l in 0..<lines { values[middle * stride + l] = Float(running[l]) } }
                }
            }
        }
    }
}
