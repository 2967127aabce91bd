import Imaging
import Records

/// Counts how much of each region of one grid lies beyond another.
struct RegionCoverage {
    /// Voxels, or sums of probabilities: all, and those whose centre is in no voxel of the image.
    private(set) var all: [Double]
    private(set) var beyond: [Double]

    /// Above this share a region is named.
    static let limit = 0.01

    /// Goes over `source` voxel by voxel: `parts` says to which regions a voxel belongs, and how much of it.
    init(regions: Int, on source: VoxelGrid, within image: VoxelGrid, parts: (Int, (Int, Double) -> Void) -> Void) {
        var (all, beyond) = ([Double](repeating: 0, count: regions), [Double](repeating: 0, count: regions))
        let map = image.voxelFromWorld * source.worldFromVoxel
        let end = SIMD3<Double>(Double(image.shape.x), Double(image.shape.y), Double(image.shape.z)) - 0.5
        var voxel = 0
        for k in 0..<source.shape.z {
            for j in 0..<source.shape.y {
                let start = map([0, Double(j), Double(k)])
                for i in 0..<source.shape.x {
                    parts(voxel) { region, weight in
                        all[region] += weight
                        let point = start + Double(i) * map.x
                        if (0..<3).contains(where: { point[$0] < -0.5 || point[$0] >= end[$0] }) {
                            beyond[region] += weight
                        }
                    }
                    voxel += 1
                }
            }
        }
        (self.all, self.beyond) = (all, beyond)
    }

    /// The regions of which more than 1 % lie beyond the image; `names` begins with theirs.
    func warnings(_ names: [String]) -> [String] {
        let cut = all.indices.filter { all[$0] > 0 && beyond[$0] > Self.limit * all[$0] }
        guard !cut.isEmpty else { return [] }
        let share = 100 * beyond.reduce(0, +) / all.reduce(0, +)
        let few = cut.sorted { beyond[$0] / all[$0] > beyond[$1] / all[$1] }
            .map { "\(names[$0]) (\(significant(100 * beyond[$0] / all[$0], 2)) %)" }
        return [
            "\(significant(share, 2)) % of the regions' volume lie beyond the image, which cuts \(firstFew(few))"
        ]
    }
}
