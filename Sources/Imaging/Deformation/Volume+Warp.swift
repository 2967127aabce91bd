extension Volume {
    /// Every frame on another grid, through a linear map or a field that takes points of the target's world to this image's.
    ///
    /// Points outside this grid, or outside the field, become `outside`.
    public func resampled(
        onto target: VoxelGrid, through transform: SpatialTransform, interpolation: Interpolation = .linear,
        outside: Float = 0
    ) -> Volume {
        switch transform {
        case .linear(let map):
            resampled(onto: target, sourceFromTarget: map, interpolation: interpolation, outside: outside)
        case .field(let field):
            warped(onto: target, through: field, interpolation: interpolation, outside: outside)
        }
    }

    private func warped(
        onto target: VoxelGrid, through field: DisplacementField, interpolation: Interpolation, outside: Float
    ) -> Volume {
        Volume(grid: target, frames: frames) { (output: UnsafeMutableBufferPointer<Float>) in
            nonisolated(unsafe) let output = output.baseAddress!
            voxels.withUnsafeBufferPointer { source in
                for frame in 0..<frames {
                    nonisolated(unsafe) let from = source.baseAddress! + frame * grid.count
                    nonisolated(unsafe) let spline = interpolation == .cubic ? BSpline(from, shape: grid.shape) : nil
                    field.forEachRow(of: target, in: grid) { start, points in
                        let to = output + frame * target.count + start
                        for (i, point) in points.enumerated() {
                            (to + i).initialize(
                                to: point.flatMap { read(from, $0, interpolation, spline) } ?? outside)
                        }
                    }
                }
            }
        }
    }

    /// The value at a point in voxel indices; `nil` outside.
    @inline(__always)
    private func read(
        _ source: UnsafePointer<Float>, _ point: SIMD3<Double>, _ interpolation: Interpolation, _ spline: BSpline?
    ) -> Float? {
        if let spline { return spline.coefficients.withUnsafeBufferPointer { spline.value(point, $0.baseAddress!) } }
        if interpolation == .linear { return TrilinearCell(point, grid.shape)?.value(source) }
        return grid.nearest(point).map { source[$0] }
    }
}

extension LabelMap {
    /// The labels on another grid, through a linear map or a field: each voxel takes the label its centre lies in, and
    /// background where it lies in none.
    public func resampled(onto target: VoxelGrid, through transform: SpatialTransform) -> LabelMap {
        let field: DisplacementField
        switch transform {
        case .linear(let map): return resampled(onto: target, sourceFromTarget: map)
        case .field(let own): field = own
        }
        let labels = [Int32](unsafeUninitializedCapacity: target.count) { output, initialized in
            nonisolated(unsafe) let output = output.baseAddress!
            voxels.withUnsafeBufferPointer { source in
                nonisolated(unsafe) let source = source.baseAddress!
                field.forEachRow(of: target, in: grid) { start, points in
                    for (i, point) in points.enumerated() {
                        let place = point.flatMap { grid.nearest($0) }
                        (output + start + i).initialize(to: place.map { source[$0] } ?? 0)
                    }
                }
            }
            initialized = target.count
        }
        return LabelMap(grid: target, voxels: labels, names: names)
    }
}

extension VoxelGrid {
    /// The place of the voxel in which a point in voxel indices lies; `nil` outside.
    @inline(__always)
    func nearest(_ point: SIMD3<Double>) -> Int? {
        let x = Int((SampleLine.fixed(point.x) + 8_388_608) >> 24)
        let y = Int((SampleLine.fixed(point.y) + 8_388_608) >> 24)
        let z = Int((SampleLine.fixed(point.z) + 8_388_608) >> 24)
        guard x >= 0, x < shape.x, y >= 0, y < shape.y, z >= 0, z < shape.z else { return nil }
        return x + shape.x * (y + shape.y * z)
    }
}

extension DisplacementField {
    /// Gives `body` each row of a target grid, on all cores: where in the frame it starts, and where its voxels' centres go,
    /// in voxel indices of `source`; `nil` outside the field.
    func forEachRow(
        of target: VoxelGrid, in source: VoxelGrid,
        _ body: @Sendable (_ start: Int, _ points: UnsafeBufferPointer<SIMD3<Double>?>) -> Void
    ) {
        let fieldFromTarget = grid.voxelFromWorld * target.worldFromVoxel
        vectors.voxels.withUnsafeBufferPointer { voxels in
            nonisolated(unsafe) let voxels = voxels.baseAddress!
            parallelFor(target.shape.y * target.shape.z) { row in
                let (k, j) = row.quotientAndRemainder(dividingBy: target.shape.y)
                withUnsafeTemporaryAllocation(of: SIMD3<Double>?.self, capacity: target.shape.x) { points in
                    for i in 0..<target.shape.x {
                        let at = SIMD3<Double>(Double(i), Double(j), Double(k))
                        guard let cell = TrilinearCell(fieldFromTarget(at), grid.shape) else {
                            points.initializeElement(at: i, to: nil)
                            continue
                        }
                        let moved = target.worldFromVoxel(at) + cell.vector(voxels, grid.count)
                        points.initializeElement(at: i, to: source.voxelFromWorld(moved))
                    }
                    body(row * target.shape.x, UnsafeBufferPointer(points))
                }
            }
        }
    }
}
