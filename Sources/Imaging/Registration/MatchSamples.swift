/// Points of a fixed image, and its values there: what a metric compares a moving image with.
///
/// Each point lies at a random place within a voxel of the level, so that no two grids ever fall into step: on aligned grids
/// interpolation blurs less, which draws a histogram's entropy to whole voxels [Tsao2003]. The places follow from the seed.
package struct MatchSamples: Sendable {
    /// Points in world mm, relative to `center`, and the fixed image's values there, its range brought to -1...1.
    package let x, y, z, value: [Float]
    /// The bins of `value`, 0 ..< `bins`.
    package let bin: [UInt8]
    let bins: Int
    package let center: SIMD3<Double>

    package var count: Int { x.count }

    /// At most `limit` points of a level, spread evenly over those voxels that the mask allows.
    package init(
        of level: Volume, range: IntensityRange, bins: Int, center: SIMD3<Double>, mask: LabelMap?, limit: Int,
        seed: UInt64
    ) {
        let grid = level.grid
        var allowed: [Int32] = []
        allowed.reserveCapacity(grid.count)
        let map = mask.map { $0.grid.voxelFromWorld * grid.worldFromVoxel }
        for k in 0..<grid.shape.z {
            for j in 0..<grid.shape.y {
                let line = map.map { SampleLine(map: $0, j: j, k: k) }
                for i in 0..<grid.shape.x {
                    if let mask, let line {
                        guard let voxel = line.voxel(i, mask.grid.shape), mask.voxels[voxel] != 0 else { continue }
                    }
                    allowed.append(Int32(truncatingIfNeeded: grid.offset(i, j, k)))
                }
            }
        }
        let count = min(limit, allowed.count)
        var (x, y, z, value) = ([Float](), [Float](), [Float](), [Float]())
        var bin: [UInt8] = []
        x.reserveCapacity(count)
        y.reserveCapacity(count)
        z.reserveCapacity(count)
        value.reserveCapacity(count)
        bin.reserveCapacity(count)
        var random = SampleJitter(state: seed)
        let scale = Float(bins) / (range.upper - range.lower)
        let (middle, half) = ((range.lower + range.upper) / 2, 2 / (range.upper - range.lower))
        level.voxels.withUnsafeBufferPointer { voxels in
            for number in 0..<count {
                // One voxel of each stretch of the list.
                let stretch = Double(allowed.count) / Double(count)
                let place = min(Int((Double(number) + random.unit()) * stretch), allowed.count - 1)
                let voxel = Int(allowed[place])
                let (row, i) = voxel.quotientAndRemainder(dividingBy: grid.shape.x)
                let (k, j) = row.quotientAndRemainder(dividingBy: grid.shape.y)
                let last = SIMD3<Double>(grid.shape &- 1)
                let index = pointwiseMax(
                    pointwiseMin(
                        SIMD3(Double(i), Double(j), Double(k)) + [random.unit(), random.unit(), random.unit()] - 0.5,
                        last), .zero)
                let point = grid.worldFromVoxel(index) - center
                let found = Self.linear(voxels.baseAddress!, grid.shape, index)
                x.append(Float(point.x))
                y.append(Float(point.y))
                z.append(Float(point.z))
                value.append((max(range.lower, min(found, range.upper)) - middle) * half)
                bin.append(UInt8(max(0, min((found - range.lower) * scale, Float(bins) - 1))))
            }
        }
        (self.x, self.y, self.z, self.value, self.bin) = (x, y, z, value, bin)
        (self.bins, self.center) = (bins, center)
    }

    /// The trilinear value at indices within the centres of the voxels.
    private static func linear(
        _ voxels: UnsafePointer<Float>, _ shape: SIMD3<Int>, _ index: SIMD3<Double>
    ) -> Float {
        let i = min(Int(index.x), max(shape.x - 2, 0))
        let j = min(Int(index.y), max(shape.y - 2, 0))
        let k = min(Int(index.z), max(shape.z - 2, 0))
        let (dx, dy, dz) = (shape.x > 1 ? 1 : 0, shape.y > 1 ? shape.x : 0, shape.z > 1 ? shape.x * shape.y : 0)
        let t = SIMD3<Float>(Float(index.x - Double(i)), Float(index.y - Double(j)), Float(index.z - Double(k)))
        let p = voxels + (i + shape.x * (j + shape.y * k))
        let front = blend(blend(p[0], p[dx], t.x), blend(p[dy], p[dy + dx], t.x), t.y)
        let back = blend(blend(p[dz], p[dz + dx], t.x), blend(p[dz + dy], p[dz + dy + dx], t.x), t.y)
        return blend(front, back, t.z)
    }

    private static func blend(_ a: Float, _ b: Float, _ t: Float) -> Float { a + t * (b - a) }
}

/// Random places within voxels, from a seed: SplitMix64 [Steele2014].
struct SampleJitter {
    var state: UInt64

    /// A number in 0 ..< 1.
    mutating func unit() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
    }
}
