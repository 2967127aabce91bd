import Imaging

/// How much of each voxel belongs to each striatal region: labels with partial volume, 0...1.
///
/// Fractions come from points inside each voxel looked up in the labels, so a voxel that an edge cuts has part of a region.
public struct StriatalFractions: Sendable {
    /// The regions, one a frame.
    public let regions: [StriatalRegion]
    /// The fractions: a frame a region.
    public let volume: Volume

    /// Fractions on `grid` of labels in another space, from `points`³ points a voxel.
    ///
    /// `sourceFromTarget` takes RAS mm of `grid`'s space to RAS mm of the labels.
    public init(of labels: StriatalLabels, onto grid: VoxelGrid, sourceFromTarget: Affine = .identity, points: Int = 4)
    {
        precondition(points > 0, "a voxel has at least one point")
        let regions = labels.regions
        let places = Dictionary(uniqueKeysWithValues: regions.enumerated().map { ($1.label, $0) })
        let source = labels.map
        let map = source.grid.voxelFromWorld * sourceFromTarget * grid.worldFromVoxel
        let share = 1 / Float(points * points * points)
        let offsets = (0..<points).map { (Double($0) + 0.5) / Double(points) - 0.5 }
        self.regions = regions
        volume = Volume(grid: grid, frames: max(regions.count, 1)) { (output: UnsafeMutableBufferPointer<Float>) in
            output.initialize(repeating: 0)
            nonisolated(unsafe) let output = output
            let slice = grid.shape.x * grid.shape.y
            parallelFor(grid.shape.z) { k in
                source.voxels.withUnsafeBufferPointer { voxels in
                    for place in 0..<slice {
                        let (i, j) = (place % grid.shape.x, place / grid.shape.x)
                        for dz in offsets {
                            for dy in offsets {
                                for dx in offsets {
                                    let p = map([Double(i) + dx, Double(j) + dy, Double(k) + dz])
                                    let (x, y, z) = (
                                        (p.x + 0.5).rounded(.down), (p.y + 0.5).rounded(.down),
                                        (p.z + 0.5).rounded(.down)
                                    )
                                    guard x >= 0, y >= 0, z >= 0, x < Double(source.grid.shape.x),
                                        y < Double(source.grid.shape.y), z < Double(source.grid.shape.z)
                                    else { continue }
                                    let label = voxels[source.grid.offset(Int(x), Int(y), Int(z))]
                                    guard label != 0, let region = places[label] else { continue }
                                    output[region * grid.count + k * slice + place] += share
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The volume of a region, mL.
    public func volumeML(of region: StriatalRegion) -> Double {
        guard let frame = regions.firstIndex(of: region) else { return 0 }
        return volume.withFrame(frame) { span in
            var sum = 0.0
            for voxel in 0..<span.count { sum += Double(span[voxel]) }
            return sum * volume.grid.voxelVolumeML
        }
    }

    /// The mean of an image on the same grid, weighted by a region's fractions; `nil` where the region is empty.
    public func mean(of image: Volume, in region: StriatalRegion) -> Double? {
        precondition(image.grid.matches(volume.grid) && image.frames == 1, "fractions lie on another grid")
        guard let frame = regions.firstIndex(of: region) else { return nil }
        var (sum, weight) = (0.0, 0.0)
        let start = frame * volume.grid.count
        for voxel in 0..<image.grid.count where image.voxels[voxel].isFinite {
            let fraction = Double(volume.voxels[start + voxel])
            sum += fraction * Double(image.voxels[voxel])
            weight += fraction
        }
        return weight > 0 ? sum / weight : nil
    }
}
