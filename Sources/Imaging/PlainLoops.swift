/// The inner loops as one would first write them. Tests hold the C kernels to these bits; nothing else calls them.
public enum PlainLoops {
    /// What `ck_decode_…` computes: double arithmetic, rounded once; a slope of 1 and an intercept of 0 are left out.
    public static func decode(_ stored: [Double], slope: Double, intercept: Double) -> [Float] {
        stored.map { value in
            if intercept != 0 { return Float(value * slope + intercept) }
            return Float(slope == 1 ? value : value * slope)
        }
    }

    /// What `ck_filter_rows` computes: a symmetric filter across `2 * (taps.count - 1) + 1` rows.
    public static func filter(rows: [[Float]], taps: [Float]) -> [Float] {
        let radius = taps.count - 1
        precondition(rows.count == 2 * radius + 1, "a row for every tap")
        return rows[radius].indices.map { i in
            var sum = taps[0] * rows[radius][i]
            for m in taps.indices.dropFirst() { sum += taps[m] * (rows[radius - m][i] + rows[radius + m][i]) }
            return sum
        }
    }

    /// What `ck_linear_row` computes: trilinear interpolation at `start + i * step` in voxel indices, for `count` points.
    public static func linearRow(
        _ volume: Volume, start: SIMD3<Double>, step: SIMD3<Double>, count: Int, outside: Float
    ) -> [Float] {
        let one: Int64 = 16_777_216
        return (0..<count).map { i in
            let point = start + Double(i) * step
            let fixed = SIMD3(SampleLine.fixed(point.x), SampleLine.fixed(point.y), SampleLine.fixed(point.z))
            var low = SIMD3<Int>.zero
            var high = SIMD3<Int>.zero
            var part = SIMD3<Float>.zero
            for axis in 0..<3 {
                let last = volume.grid.shape[axis] - 1
                let cell = Int(fixed[axis] >> 24)
                let rest = fixed[axis] & (one - 1)
                let nearest = cell + (rest >= one / 2 ? 1 : 0)
                guard nearest >= 0, nearest <= last else { return outside }
                low[axis] = max(cell, 0)
                high[axis] = min(cell + 1, last)
                part[axis] = Float(rest) / Float(one)
            }
            func blend(_ a: Float, _ b: Float, _ t: Float) -> Float { t == 0 ? a : a + t * (b - a) }
            func edge(_ y: Int, _ z: Int) -> Float { blend(volume[low.x, y, z], volume[high.x, y, z], part.x) }
            func face(_ z: Int) -> Float { blend(edge(low.y, z), edge(high.y, z), part.y) }
            return blend(face(low.z), face(high.z), part.z)
        }
    }
}
