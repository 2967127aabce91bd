/// Means over frames that lie in different places.
enum FrameMean {
    /// The weighted mean of frames of a volume, each brought from where its map has it; linear between voxels. A voxel that no
    /// frame has a number for is 0.
    ///
    /// - Parameter maps: of every frame of the volume, its world from the mean's.
    static func mean(of volume: Volume, _ frames: [Int], weights: [Double], maps: [Affine]) -> Volume {
        let (grid, shape) = (volume.grid, volume.grid.shape)
        var sums = [Double](repeating: 0, count: grid.count)
        var shares = [Double](repeating: 0, count: grid.count)
        sums.withUnsafeMutableBufferPointer { sums in
            shares.withUnsafeMutableBufferPointer { shares in
                nonisolated(unsafe) let (sums, shares) = (sums.baseAddress!, shares.baseAddress!)
                volume.voxels.withUnsafeBufferPointer { voxels in
                    nonisolated(unsafe) let voxels = voxels.baseAddress!
                    parallelFor(shape.y * shape.z) { row in
                        let (k, j) = row.quotientAndRemainder(dividingBy: shape.y)
                        withUnsafeTemporaryAllocation(of: Float.self, capacity: shape.x) { values in
                            for frame in frames {
                                let map = grid.voxelFromWorld * maps[frame] * grid.worldFromVoxel
                                SampleLine(map: map, j: j, k: k).linear(
                                    voxels + frame * grid.count, shape, outside: .nan, into: values.baseAddress!,
                                    count: shape.x)
                                for i in 0..<shape.x where values[i].isFinite {
                                    sums[row * shape.x + i] += weights[frame] * Double(values[i])
                                    shares[row * shape.x + i] += weights[frame]
                                }
                            }
                        }
                    }
                }
            }
        }
        return Volume(grid: grid, voxels: zip(sums, shares).map { $1 > 0 ? Float($0 / $1) : 0 })
    }
}
