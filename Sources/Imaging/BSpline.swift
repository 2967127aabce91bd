/// Cubic B-spline interpolation: coefficients once a frame, then 64 of them for each point [Unser1999].
///
/// The frame continues by mirroring at the centres of its edge voxels. Coefficients are kept as Float32, which costs about
/// 1e-6 of the frame's range; at a voxel centre the voxel itself is returned.
struct BSpline {
    let shape: SIMD3<Int>
    let samples: UnsafePointer<Float>
    let coefficients: [Float]

    /// The pole of the cubic B-spline's filter, √3 - 2.
    static let pole = 3.0.squareRoot() - 2

    init(_ samples: UnsafePointer<Float>, shape: SIMD3<Int>) {
        self.shape = shape
        self.samples = samples
        let (nx, ny, nz) = (shape.x, shape.y, shape.z)
        coefficients = [Float](unsafeUninitializedCapacity: nx * ny * nz) { buffer, initialized in
            adviseHugePages(buffer)
            buffer.baseAddress!.initialize(from: samples, count: nx * ny * nz)
            nonisolated(unsafe) let all = buffer.baseAddress!
            parallelFor(nz) { k in
                let slice = all + k * nx * ny
                for j in 0..<ny { Self.filter(slice + j * nx, length: nx, stride: 1, lines: 1) }
                Self.filter(slice, length: ny, stride: nx, lines: nx)
            }
            parallelFor(ny) { j in Self.filter(all + j * nx, length: nz, stride: nx * ny, lines: nx) }
            initialized = nx * ny * nz
        }
    }

    /// Turns samples into coefficients along `lines` neighbouring lines at once, in Double.
    ///
    /// The recursion starts from the sum over the whole mirrored line: exact for any length, no horizon.
    static func filter(_ values: UnsafeMutablePointer<Float>, length n: Int, stride: Int, lines: Int) {
        guard n > 1 else { return }
        let z = pole
        let gain = (1 - z) * (1 - 1 / z)
        withUnsafeTemporaryAllocation(of: Double.self, capacity: n * lines) { c in
            let c = c.baseAddress!
            for p in 0..<n {
                for l in 0..<lines { c[p * lines + l] = Double(values[p * stride + l]) * gain }
            }
            withUnsafeTemporaryAllocation(of: Double.self, capacity: lines) { sum in
                var power = 1.0
                for l in 0..<lines { sum[l] = c[l] }
                // One period of the mirrored line is 0, 1 … n-1, n-2 … 1.
                for p in 1..<(2 * n - 2) {
                    power *= z
                    if power == 0 { break }
                    let row = p < n ? p : 2 * n - 2 - p
                    for l in 0..<lines { sum[l] += c[row * lines + l] * power }
                }
                power *= z
                for l in 0..<lines { c[l] = sum[l] / (1 - power) }
            }
            for p in 1..<n {
                for l in 0..<lines { c[p * lines + l] += z * c[(p - 1) * lines + l] }
            }
            let last = (n - 1) * lines
            for l in 0..<lines { c[last + l] = z / (z * z - 1) * (c[last + l] + z * c[last - lines + l]) }
            for p in (0..<(n - 1)).reversed() {
                for l in 0..<lines { c[p * lines + l] = z * (c[(p + 1) * lines + l] - c[p * lines + l]) }
            }
            for p in 0..<n {
                for l in 0..<lines { values[p * stride + l] = Float(c[p * lines + l]) }
            }
        }
    }

    /// The four weights for a point a fraction `t` past the second of its four coefficients.
    static func weights(_ t: Double) -> SIMD4<Double> {
        let s = 1 - t
        return [s * s * s, 4 - 6 * t * t + 3 * t * t * t, 4 - 6 * s * s + 3 * s * s * s, t * t * t] / 6
    }

    /// Where the four coefficients around `cell` are along an axis of `n`, mirrored into it.
    static func neighbours(_ cell: Int, _ n: Int) -> SIMD4<Int> {
        func mirrored(_ index: Int) -> Int {
            guard n > 1 else { return 0 }
            let period = 2 * n - 2
            let m = ((index % period) + period) % period
            return m < n ? m : period - m
        }
        return [mirrored(cell - 1), mirrored(cell), mirrored(cell + 1), mirrored(cell + 2)]
    }

    /// The spline at a point in voxel indices, or `nil` outside the grid.
    func value(_ point: SIMD3<Double>, _ coefficients: UnsafePointer<Float>) -> Float? {
        let one: Int64 = 16_777_216
        let fixed = SIMD3(SampleLine.fixed(point.x), SampleLine.fixed(point.y), SampleLine.fixed(point.z))
        let cell = SIMD3(Int(fixed.x >> 24), Int(fixed.y >> 24), Int(fixed.z >> 24))
        let part = fixed & (one - 1)
        for axis in 0..<3 {
            let nearest = cell[axis] + (part[axis] >= one / 2 ? 1 : 0)
            guard nearest >= 0, nearest < shape[axis] else { return nil }
        }
        if part == .zero { return samples[cell.x + shape.x * (cell.y + shape.y * cell.z)] }
        let t = SIMD3<Double>(Double(part.x), Double(part.y), Double(part.z)) / Double(one)
        let (wx, wy, wz) = (Self.weights(t.x), Self.weights(t.y), Self.weights(t.z))
        let x = Self.neighbours(cell.x, shape.x)
        let y = Self.neighbours(cell.y, shape.y)
        let z = Self.neighbours(cell.z, shape.z)
        var sum = 0.0
        for c in 0..<4 {
            var plane = 0.0
            for b in 0..<4 {
                let row = coefficients + shape.x * (y[b] + shape.y * z[c])
                let values = SIMD4<Double>(
                    Double(row[x[0]]), Double(row[x[1]]), Double(row[x[2]]), Double(row[x[3]]))
                let products = values * wx
                plane += wy[b] * ((products[0] + products[1]) + (products[2] + products[3]))
            }
            sum += wz[c] * plane
        }
        return Float(sum)
    }
}

extension Volume {
    /// Every frame by its spline; `map` takes target voxel indices to this grid's.
    func resampledCubically(onto target: VoxelGrid, sourceFromTarget map: Affine, outside: Float) -> Volume {
        Volume(grid: target, frames: frames) { (output: UnsafeMutableBufferPointer<Float>) in
            voxels.withUnsafeBufferPointer { source in
                nonisolated(unsafe) let output = output.baseAddress!
                for frame in 0..<frames {
                    nonisolated(unsafe) let spline = BSpline(
                        source.baseAddress! + frame * grid.count, shape: grid.shape)
                    spline.coefficients.withUnsafeBufferPointer { coefficients in
                        nonisolated(unsafe) let coefficients = coefficients.baseAddress!
                        parallelFor(target.shape.y * target.shape.z) { row in
                            let (k, j) = row.quotientAndRemainder(dividingBy: target.shape.y)
                            let line = SampleLine(map: map, j: j, k: k)
                            let to = output + frame * target.count + row * target.shape.x
                            for i in 0..<target.shape.x {
                                let point = line.start + Double(i) * line.step
                                (to + i).initialize(to: spline.value(point, coefficients) ?? outside)
                            }
                        }
                    }
                }
            }
        }
    }
}
