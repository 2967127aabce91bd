extension Volume {
    /// Brings every frame to the reference's place, in the memory of this volume: beside it there is room for one frame.
    ///
    /// `maps` take a point of the reference's world to each frame's, mm. A frame whose map changes nothing stays bit by bit. What
    /// comes from outside the image is 0. A voxel that is not a number makes those that are interpolated from its cell NaN, and no
    /// others: the spline is laid through 0 there.
    public mutating func realign(
        _ maps: [Affine], interpolation: Interpolation, progress: (Double) -> Void = { _ in }
    ) {
        precondition(maps.count == frames, "each frame has its map")
        let (grid, count) = (grid, grid.count)
        for (frame, map) in maps.enumerated() {
            defer { progress(Double(frame + 1) / Double(maps.count)) }
            guard map != .identity else { continue }
            let voxelMap = grid.voxelFromWorld * map * grid.worldFromVoxel
            withMutableVoxels { voxels in
                voxels.withUnsafeMutableBufferPointer { voxels in
                    let target = UnsafeMutableBufferPointer(rebasing: voxels[(frame * count)..<((frame + 1) * count)])
                    if interpolation == .cubic {
                        RealignedFrame.cubic(target, shape: grid.shape, map: voxelMap)
                    } else {
                        let isLinear = interpolation == .linear
                        RealignedFrame.plain(target, shape: grid.shape, map: voxelMap, isLinear: isLinear)
                    }
                }
            }
        }
    }
}

/// One frame moved in its own memory.
enum RealignedFrame {
    /// Linear or nearest, from a copy.
    static func plain(_ frame: UnsafeMutableBufferPointer<Float>, shape: SIMD3<Int>, map: Affine, isLinear: Bool) {
        let copy = Array(frame)
        nonisolated(unsafe) let target = frame.baseAddress!
        copy.withUnsafeBufferPointer { source in
            nonisolated(unsafe) let source = source.baseAddress!
            parallelFor(shape.y * shape.z) { row in
                let (k, j) = row.quotientAndRemainder(dividingBy: shape.y)
                let line = SampleLine(map: map, j: j, k: k)
                let to = target + row * shape.x
                if isLinear {
                    line.linear(source, shape, outside: 0, into: to, count: shape.x)
                } else {
                    line.nearest(source, shape, outside: 0, into: to, count: shape.x)
                }
            }
        }
    }

    /// By the cubic B-spline's coefficients, which are all that is kept of the frame.
    static func cubic(_ frame: UnsafeMutableBufferPointer<Float>, shape: SIMD3<Int>, map: Affine) {
        let isHoled = frame.contains { !$0.isFinite }
        // Where a voxel is not a number, for frames that have such; 0 elsewhere.
        let holes: [Float] = isHoled ? frame.map { $0.isFinite ? 0 : .nan } : []
        if isHoled { for place in frame.indices where !frame[place].isFinite { frame[place] = 0 } }
        let spline = BSpline(frame.baseAddress!, shape: shape)
        nonisolated(unsafe) let target = frame.baseAddress!
        spline.coefficients.withUnsafeBufferPointer { coefficients in
            holes.withUnsafeBufferPointer { holes in
                nonisolated(unsafe) let (coefficients, holes) = (coefficients.baseAddress!, holes.baseAddress)
                parallelFor(shape.y * shape.z) { row in
                    let (k, j) = row.quotientAndRemainder(dividingBy: shape.y)
                    let line = SampleLine(map: map, j: j, k: k)
                    let to = target + row * shape.x
                    SplineRow(coefficients, shape).read(line, into: to, count: shape.x)
                    guard isHoled, let holes else { return }
                    withUnsafeTemporaryAllocation(of: Float.self, capacity: shape.x) { found in
                        line.linear(holes, shape, outside: 0, into: found.baseAddress!, count: shape.x)
                        for i in 0..<shape.x where found[i].isNaN { to[i] = .nan }
                    }
                }
            }
        }
    }
}

/// The cubic B-spline along rows, in Float32: 1e-6 of the range beside `BSpline.value`, which is its oracle.
struct SplineRow {
    let coefficients: UnsafePointer<Float>
    let shape: SIMD3<Int>

    init(_ coefficients: UnsafePointer<Float>, _ shape: SIMD3<Int>) {
        (self.coefficients, self.shape) = (coefficients, shape)
    }

    /// The values at the points of a line; 0 outside.
    func read(_ line: SampleLine, into output: UnsafeMutablePointer<Float>, count: Int) {
        for i in 0..<count {
            let point = line.start + Double(i) * line.step
            output[i] = value(point)
        }
    }

    @inline(__always)
    private func value(_ point: SIMD3<Double>) -> Float {
        let one: Int64 = 16_777_216
        let x = SampleLine.fixed(point.x)
        let y = SampleLine.fixed(point.y)
        let z = SampleLine.fixed(point.z)
        let cell = SIMD3(Int(x >> 24), Int(y >> 24), Int(z >> 24))
        let half = one / 2
        guard (x + half) >> 24 >= 0, Int((x + half) >> 24) < shape.x, (y + half) >> 24 >= 0,
            Int((y + half) >> 24) < shape.y, (z + half) >> 24 >= 0, Int((z + half) >> 24) < shape.z
        else { return 0 }
        let scale: Float = 0x1p-24
        let wx = Self.weights(Float(x & (one - 1)) * scale)
        let wy = Self.weights(Float(y & (one - 1)) * scale)
        let wz = Self.weights(Float(z & (one - 1)) * scale)
        let isInside =
            cell.x >= 1 && cell.x + 2 < shape.x && cell.y >= 1 && cell.y + 2 < shape.y && cell.z >= 1
            && cell.z + 2 < shape.z
        var sum = SIMD4<Float>.zero
        if isInside {
            let slice = shape.x * shape.y
            var plane = coefficients + (cell.x - 1) + shape.x * (cell.y - 1) + slice * (cell.z - 1)
            for c in 0..<4 {
                let a = Self.four(plane) * wy[0] + Self.four(plane + shape.x) * wy[1]
                let b = Self.four(plane + 2 * shape.x) * wy[2] + Self.four(plane + 3 * shape.x) * wy[3]
                sum += (a + b) * wz[c]
                plane += slice
            }
        } else {
            let (nx, ny) = (BSpline.neighbours(cell.x, shape.x), BSpline.neighbours(cell.y, shape.y))
            let nz = BSpline.neighbours(cell.z, shape.z)
            for c in 0..<4 {
                func row(_ b: Int) -> SIMD4<Float> {
                    let p = coefficients + shape.x * (ny[b] + shape.y * nz[c])
                    return SIMD4(p[nx[0]], p[nx[1]], p[nx[2]], p[nx[3]])
                }
                let a = row(0) * wy[0] + row(1) * wy[1]
                let b = row(2) * wy[2] + row(3) * wy[3]
                sum += (a + b) * wz[c]
            }
        }
        let products = sum * wx
        return (products[0] + products[1]) + (products[2] + products[3])
    }

    @inline(__always)
    private static func four(_ p: UnsafePointer<Float>) -> SIMD4<Float> {
        UnsafeRawPointer(p).loadUnaligned(as: SIMD4<Float>.self)
    }

    /// The weights of four coefficients for a point a fraction `t` past the second; their sum is 1.
    @inline(__always)
    private static func weights(_ t: Float) -> SIMD4<Float> {
        let s = 1 - t
        let first = s * s * s * (1 / 6)
        let last = t * t * t * (1 / 6)
        let second = (4 - 3 * t * t * (2 - t)) * (1 / 6)
        return SIMD4(first, second, 1 - first - second - last, last)
    }
}
