/// What a map does to volumes: its Jacobian determinant, below 1 where it shrinks, above 1 where it stretches, and 0 or less
/// where it folds.
public struct JacobianSummary: Sendable, Equatable {
    /// The extremes of the determinant by central differences.
    public let minimum, maximum: Double
    /// The share of voxels that are folded, %: by the differences to one side or the other, any of the eight determinants that
    /// can be made of them is 0 or less.
    public let percentNotPositive: Double
    /// Voxels looked at.
    public let voxels: Int
}

extension DisplacementField {
    /// The Jacobian determinant of the map at each voxel, by central differences, at the faces to the one side there is.
    ///
    /// Exact for a field that is linear, and inside its faces for one that is quadratic.
    public func jacobianDeterminant() -> Volume {
        let world = grid.voxelFromWorld
        return Volume(grid: grid) { (output: UnsafeMutableBufferPointer<Float>) in
            vectors.voxels.withUnsafeBufferPointer { voxels in
                nonisolated(unsafe) let (voxels, output) = (voxels.baseAddress!, output.baseAddress!)
                parallelFor(grid.shape.y * grid.shape.z) { row in
                    let (k, j) = row.quotientAndRemainder(dividingBy: grid.shape.y)
                    for i in 0..<grid.shape.x {
                        let at = SIMD3(i, j, k)
                        let place = row * grid.shape.x + i
                        let determinant = Self.determinant(
                            slope(voxels, at, place, axis: 0, below: true, above: true),
                            slope(voxels, at, place, axis: 1, below: true, above: true),
                            slope(voxels, at, place, axis: 2, below: true, above: true), world)
                        (output + place).initialize(to: Float(determinant))
                    }
                }
            }
        }
    }

    /// The extremes of the determinant and the share of folds, where `inside` is true; `nil` where that is nowhere.
    public func jacobianSummary(of determinants: Volume, inside: [Bool]) -> JacobianSummary? {
        precondition(inside.count == grid.count && determinants.grid == grid, "a mask for the field's own voxels")
        let rows = grid.shape.y * grid.shape.z
        let world = grid.voxelFromWorld
        let folds = parallelMap(rows) { row in
            let (k, j) = row.quotientAndRemainder(dividingBy: grid.shape.y)
            return vectors.voxels.withUnsafeBufferPointer { voxels in
                var count = 0
                for i in 0..<grid.shape.x where inside[row * grid.shape.x + i] {
                    count += isFolded(voxels.baseAddress!, SIMD3(i, j, k), row * grid.shape.x + i, world) ? 1 : 0
                }
                return count
            }
        }.reduce(0, +)
        var (low, high, count) = (Float.infinity, -Float.infinity, 0)
        for place in inside.indices where inside[place] {
            (low, high) = (min(low, determinants.voxels[place]), max(high, determinants.voxels[place]))
            count += 1
        }
        guard count > 0 else { return nil }
        return JacobianSummary(
            minimum: Double(low), maximum: Double(high), percentNotPositive: 100 * Double(folds) / Double(count),
            voxels: count)
    }

    private func isFolded(
        _ voxels: UnsafePointer<Float>, _ at: SIMD3<Int>, _ place: Int, _ world: Affine
    ) -> Bool {
        for corner in 0..<8 {
            let (x, y, z) = (corner & 1 == 1, corner & 2 == 2, corner & 4 == 4)
            let determinant = Self.determinant(
                slope(voxels, at, place, axis: 0, below: !x, above: x),
                slope(voxels, at, place, axis: 1, below: !y, above: y),
                slope(voxels, at, place, axis: 2, below: !z, above: z), world)
            if determinant <= 0 { return true }
        }
        return false
    }

    /// The change of the displacement along an axis, mm a voxel, between the neighbours asked for; where one is missing, to
    /// the other.
    @inline(__always)
    private func slope(
        _ voxels: UnsafePointer<Float>, _ at: SIMD3<Int>, _ place: Int, axis: Int, below: Bool, above: Bool
    ) -> SIMD3<Double> {
        let last = grid.shape[axis] - 1
        let step = axis == 0 ? 1 : axis == 1 ? grid.shape.x : grid.shape.x * grid.shape.y
        let first = (below || at[axis] == last) && at[axis] > 0 ? place - step : place
        let second = (above || at[axis] == 0) && at[axis] < last ? place + step : place
        guard second > first else { return .zero }
        func vector(_ place: Int) -> SIMD3<Double> {
            SIMD3(Double(voxels[place]), Double(voxels[place + grid.count]), Double(voxels[place + 2 * grid.count]))
        }
        return (vector(second) - vector(first)) / Double((second - first) / step)
    }

    /// The determinant of identity + displacement from the slopes along the voxel axes.
    @inline(__always)
    private static func determinant(
        _ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>, _ voxelFromWorld: Affine
    ) -> Double {
        func column(_ direction: SIMD3<Double>, _ unit: SIMD3<Double>) -> SIMD3<Double> {
            unit + a * direction.x + b * direction.y + c * direction.z
        }
        return dot(
            column(voxelFromWorld.x, [1, 0, 0]),
            cross(column(voxelFromWorld.y, [0, 1, 0]), column(voxelFromWorld.z, [0, 0, 1])))
    }
}
