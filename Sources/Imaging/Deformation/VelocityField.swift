import Glibc

/// A stationary velocity field: following it for a unit of time is a smooth map with a smooth inverse [Arsigny2006].
///
/// Velocities are in mm along the grid's own axes, three frames.
struct VelocityField: Sendable {
    var vectors: Volume

    var grid: VoxelGrid { vectors.grid }

    /// No motion.
    init(on grid: VoxelGrid) { vectors = Volume(grid: grid, frames: 3, repeating: 0) }

    /// The same velocities on another grid of the same axes.
    init(_ other: VelocityField, on grid: VoxelGrid) {
        let inside = grid.worldFromVoxel
        vectors = Volume(grid: grid, frames: 3) { (output: UnsafeMutableBufferPointer<Float>) in
            other.vectors.voxels.withUnsafeBufferPointer { source in
                nonisolated(unsafe) let (source, output) = (source.baseAddress!, output.baseAddress!)
                let map = other.grid.voxelFromWorld * inside
                parallelFor(grid.shape.y * grid.shape.z) { row in
                    let (k, j) = row.quotientAndRemainder(dividingBy: grid.shape.y)
                    for i in 0..<grid.shape.x {
                        let cell = TrilinearCell(
                            clamping: map([Double(i), Double(j), Double(k)]), other.grid.shape)
                        let vector = cell.vector(source, other.grid.count)
                        let place = output + row * grid.shape.x + i
                        for axis in 0..<3 { (place + axis * grid.count).initialize(to: Float(vector[axis])) }
                    }
                }
            }
        }
    }

    /// Where a unit of time takes each voxel: displacements in mm along the grid's axes, by scaling and squaring. `time` −1
    /// is the way back.
    ///
    /// The first step is at most an eighth of a voxel long, so that it cannot fold.
    func displacement(time: Float = 1) -> Volume {
        let size = grid.voxelSize
        var longest = 0.0
        for axis in 0..<3 {
            vectors.withFrame(axis) { span in
                for place in 0..<span.count { longest = max(longest, Double(abs(span[place])) / size[axis]) }
            }
        }
        let squarings = longest > 0.125 ? min(Int(log2(longest / 0.125).rounded(.up)), 16) : 0
        let share = time / Float(1 << squarings)
        var way = Volume(grid: grid, frames: 3, voxels: vectors.voxels.map { $0 * share })
        for _ in 0..<squarings { way = Self.twice(way) }
        return way
    }

    /// A displacement followed by itself: u(x) + u(x + u(x)).
    private static func twice(_ way: Volume) -> Volume {
        let (grid, size) = (way.grid, way.grid.voxelSize)
        return Volume(grid: grid, frames: 3) { (output: UnsafeMutableBufferPointer<Float>) in
            way.voxels.withUnsafeBufferPointer { source in
                nonisolated(unsafe) let (source, output) = (source.baseAddress!, output.baseAddress!)
                let count = grid.count
                parallelFor(grid.shape.y * grid.shape.z) { row in
                    let (k, j) = row.quotientAndRemainder(dividingBy: grid.shape.y)
                    for i in 0..<grid.shape.x {
                        let place = row * grid.shape.x + i
                        let own = SIMD3<Double>(
                            Double(source[place]), Double(source[place + count]), Double(source[place + 2 * count]))
                        let point = SIMD3<Double>(Double(i), Double(j), Double(k)) + own / size
                        let sum = own + TrilinearCell(clamping: point, grid.shape).vector(source, count)
                        for axis in 0..<3 { (output + place + axis * count).initialize(to: Float(sum[axis])) }
                    }
                }
            }
        }
    }
}

extension VoxelGrid {
    /// Millimetres along the grid's axes as a displacement in RAS mm.
    @inline(__always)
    func world(_ alongAxes: SIMD3<Double>) -> SIMD3<Double> { worldFromVoxel.linear(alongAxes / voxelSize) }
}
