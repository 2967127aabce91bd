import Imaging
import Review

/// A head of 2 mm voxels whose axes run as `orientation` says: "RAS", or "LAS" where i runs to the left.
///
/// A sphere of radius 80 mm around the origin has the value 1; `hot` spheres have theirs.
func head(
    orientation: String = "RAS", hot: [(center: SIMD3<Double>, radius: Double, value: Float)] = []
) throws -> Volume {
    let i = orientation.hasPrefix("L") ? -2.0 : 2.0
    let affine = Affine(
        x: [i, 0, 0], y: [0, 2, 0], z: [0, 0, 2], translation: [i < 0 ? 100 : -100, -100, -100])
    let grid = try VoxelGrid(shape: [101, 101, 101], worldFromVoxel: affine)
    return Volume(
        grid: grid,
        voxels: values(grid) { world in
            if let spot = hot.last(where: { norm(world - $0.center) <= $0.radius }) { return spot.value }
            return norm(world) <= 80 ? 1 : 0
        })
}

/// Labels on the grid of a volume: spheres numbered from 1.
func labels(_ grid: VoxelGrid, _ spheres: [(center: SIMD3<Double>, radius: Double)], _ names: LabelTable = LabelTable())
    -> LabelMap
{
    LabelMap(
        grid: grid,
        voxels: values(grid) { world in
            Int32((spheres.firstIndex { norm(world - $0.center) <= $0.radius } ?? -1) + 1)
        }, names: names)
}

private func values<T>(_ grid: VoxelGrid, _ value: (SIMD3<Double>) -> T) -> [T] {
    var all: [T] = []
    for k in 0..<grid.shape.z {
        for j in 0..<grid.shape.y {
            for i in 0..<grid.shape.x { all.append(value(grid.worldFromVoxel([Double(i), Double(j), Double(k)]))) }
        }
    }
    return all
}

/// The middle of the pixels of a panel that a condition holds for, in pixels of the panel; `nil` where there are none.
func middle(of panel: SliceSheet.Panel, on image: RGBAImage, where holds: (Color) -> Bool) -> (x: Double, y: Double)? {
    var (sumX, sumY, count) = (0.0, 0.0, 0.0)
    for y in 0..<panel.plane.height {
        for x in 0..<panel.plane.width where holds(image[panel.x + x, panel.y + y]) {
            (sumX, sumY, count) = (sumX + Double(x), sumY + Double(y), count + 1)
        }
    }
    return count == 0 ? nil : (sumX / count, sumY / count)
}
