import CKernels

extension Volume {
    /// Every frame on another grid.
    ///
    /// `sourceFromTarget` takes a point of the target's world to the source's world, both RAS+ mm: for a moving image
    /// and a registration's `movingFromFixed`, that map. Points outside this grid become `outside`; `Interpolation`
    /// says which those are. Resampling onto the same grid changes nothing.
    public func resampled(
        onto target: VoxelGrid, sourceFromTarget: Affine = .identity, interpolation: Interpolation = .linear,
        outside: Float = 0
    ) -> Volume {
        let map = grid.voxelFromWorld * sourceFromTarget * target.worldFromVoxel
        if interpolation == .cubic {
            return resampledCubically(onto: target, sourceFromTarget: map, outside: outside)
        }
        return Volume(grid: target, frames: frames) { (output: UnsafeMutableBufferPointer<Float>) in
            voxels.withUnsafeBufferPointer { source in
                nonisolated(unsafe) let (source, output) = (source.baseAddress!, output.baseAddress!)
                let rows = target.shape.y * target.shape.z
                parallelFor(rows * frames) { row in
                    let (frame, inFrame) = row.quotientAndRemainder(dividingBy: rows)
                    let (k, j) = inFrame.quotientAndRemainder(dividingBy: target.shape.y)
                    let line = SampleLine(map: map, j: j, k: k)
                    let from = source + frame * grid.count
                    let to = output + row * target.shape.x
                    if interpolation == .linear {
                        line.linear(from, grid.shape, outside: outside, into: to, count: target.shape.x)
                    } else {
                        line.nearest(from, grid.shape, outside: outside, into: to, count: target.shape.x)
                    }
                }
            }
        }
    }
}

extension LabelMap {
    /// The labels on another grid: each voxel takes the label its centre lies in, `floor(index + 0.5)` on each axis,
    /// and background where it lies in none. `sourceFromTarget` as for `Volume.resampled`.
    public func resampled(onto target: VoxelGrid, sourceFromTarget: Affine = .identity) -> LabelMap {
        let map = grid.voxelFromWorld * sourceFromTarget * target.worldFromVoxel
        let labels = [Int32](unsafeUninitializedCapacity: target.count) { output, initialized in
            voxels.withUnsafeBufferPointer { source in
                nonisolated(unsafe) let (source, output) = (source.baseAddress!, output.baseAddress!)
                parallelFor(target.shape.y * target.shape.z) { row in
                    let (k, j) = row.quotientAndRemainder(dividingBy: target.shape.y)
                    SampleLine(map: map, j: j, k: k).nearest(
                        source, grid.shape, outside: 0, into: output + row * target.shape.x, count: target.shape.x)
                }
            }
            initialized = target.count
        }
        return LabelMap(grid: target, voxels: labels, names: names)
    }
}

/// The points of one row of a target grid, in the source's voxel indices: `start + i * step`.
struct SampleLine {
    let start, step: SIMD3<Double>

    init(map: Affine, j: Int, k: Int) {
        start = map([0, Double(j), Double(k)])
        step = map.x
    }

    /// An index as a fixed-point number with 24 binary places. What lies beyond any image is clamped first.
    static func fixed(_ index: Double) -> Int64 {
        Int64((min(max(index, -67_108_864), 67_108_864) * 16_777_216).rounded(.toNearestOrEven))
    }

    /// The voxel point `i` lies in, or `nil` outside.
    @inline(__always)
    func voxel(_ i: Int, _ shape: SIMD3<Int>) -> Int? {
        let point = start + Double(i) * step
        let x = Int((Self.fixed(point.x) + 8_388_608) >> 24)
        let y = Int((Self.fixed(point.y) + 8_388_608) >> 24)
        let z = Int((Self.fixed(point.z) + 8_388_608) >> 24)
        guard x >= 0, x < shape.x, y >= 0, y < shape.y, z >= 0, z < shape.z else { return nil }
        return x + shape.x * (y + shape.y * z)
    }

    /// Reads the nearest voxel of each point.
    func nearest(
        _ source: UnsafePointer<Float>, _ shape: SIMD3<Int>, outside: Float,
        into output: UnsafeMutablePointer<Float>, count: Int
    ) {
        for i in 0..<count { (output + i).initialize(to: voxel(i, shape).map { source[$0] } ?? outside) }
    }

    /// Reads the label of each point.
    func nearest(
        _ source: UnsafePointer<Int32>, _ shape: SIMD3<Int>, outside: Int32,
        into output: UnsafeMutablePointer<Int32>, count: Int
    ) {
        for i in 0..<count { (output + i).initialize(to: voxel(i, shape).map { source[$0] } ?? outside) }
    }

    /// Trilinear interpolation at each point; the plain form is `PlainLoops.linearRow`.
    func linear(
        _ source: UnsafePointer<Float>, _ shape: SIMD3<Int>, outside: Float,
        into output: UnsafeMutablePointer<Float>, count: Int
    ) {
        var line = ck_line(
            start: (start.x, start.y, start.z), step: (step.x, step.y, step.z),
            shape: (Int64(shape.x), Int64(shape.y), Int64(shape.z)))
        ck_linear_row(source, &line, outside, output, count)
    }
}
