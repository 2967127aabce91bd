import Imaging
import Statistics

/// How much of each voxel of a grid is of which tissue, from 27 points a voxel.
///
/// The points are the centre and those a third of a voxel from it along each axis, so a fraction is a whole number of 27ths
/// and the centre says which region the voxel is labelled with.
public struct TissueFractions: Sendable {
    /// Points in a voxel.
    public static let points = 27

    /// Where the voxels are.
    public let grid: VoxelGrid
    /// The tissues, in the order of `counts`.
    public let tissues: [Tissue]
    /// Points of each tissue in each voxel: tissue by tissue, each i fastest.
    public let counts: [UInt8]
    /// The region at the centre of each voxel.
    public let labels: LabelMap

    private let head: HeadPhantom

    /// Looks at every point; where surgery changed nothing, takes what was found in the same head before it.
    init(of head: HeadPhantom, on grid: VoxelGrid, before: TissueFractions? = nil) {
        precondition(before.map { $0.grid == grid && $0.head.grafts.isEmpty } ?? true, "another grid, or not before")
        let tissues = Tissue.all(grafts: head.grafts.count)
        var labels = [Int32](repeating: 0, count: grid.count)
        let counts = [UInt8](unsafeUninitializedCapacity: grid.count * tissues.count) { counts, initialized in
            counts.initialize(repeating: 0)
            nonisolated(unsafe) let counts = counts
            labels.withUnsafeMutableBufferPointer { labels in
                nonisolated(unsafe) let labels = labels
                parallelFor(grid.shape.y * grid.shape.z) { row in
                    Self.fill(row: row, of: head, on: grid, before: before, counts: counts, labels: labels)
                }
            }
            initialized = grid.count * tissues.count
        }
        (self.grid, self.tissues, self.counts, self.head) = (grid, tissues, counts, head)
        self.labels = LabelMap(grid: grid, voxels: labels, names: Region.table)
    }

    private static func fill(
        row: Int, of head: HeadPhantom, on grid: VoxelGrid, before: TissueFractions?,
        counts: UnsafeMutableBufferPointer<UInt8>, labels: UnsafeMutableBufferPointer<Int32>
    ) {
        let map = grid.worldFromVoxel
        let (j, k) = (Double(row % grid.shape.y), Double(row / grid.shape.y))
        // A box around the row's points, a voxel larger than they reach.
        var (low, high) = (SIMD3(repeating: Double.infinity), SIMD3(repeating: -Double.infinity))
        for corner in 0..<8 {
            let i = corner & 1 == 0 ? -0.5 : Double(grid.shape.x) - 0.5
            let p = map([i, corner & 2 == 0 ? j - 0.5 : j + 0.5, corner & 4 == 0 ? k - 0.5 : k + 0.5])
            (low, high) = (pointwiseMin(low, p), pointwiseMax(high, p))
        }
        let candidates = head.candidates(low: low, high: high)
        if let before, candidates.areUntouched {
            for voxel in (grid.shape.x * row)..<(grid.shape.x * (row + 1)) {
                labels[voxel] = before.labels.voxels[voxel]
                for place in before.tissues.indices {
                    counts[place * grid.count + voxel] = before.counts[place * grid.count + voxel]
                }
            }
            return
        }
        for i in 0..<grid.shape.x {
            let voxel = i + grid.shape.x * row
            for point in 0..<points {
                let u = Double(i) + Double(point % 3 - 1) / 3
                let v = j + Double(point / 3 % 3 - 1) / 3
                let w = k + Double(point / 9 - 1) / 3
                let x = map.x.x * u + map.y.x * v + map.z.x * w + map.translation.x
                let y = map.x.y * u + map.y.y * v + map.z.y * w + map.translation.y
                let z = map.x.z * u + map.y.z * v + map.z.z * w + map.translation.z
                let tissue = head.tissue(x, y, z, among: candidates)
                counts[Int(tissue.code) * grid.count + voxel] += 1
                if point == points / 2, let region = head.region(of: tissue) { labels[voxel] = region.label }
            }
        }
    }

    /// The tissues that belong to a region: its own and the grafts in it, by their places in `tissues`.
    public func parts(of region: Region) -> [Int] { tissues.indices.filter { head.region(of: tissues[$0]) == region } }

    /// The voxels labelled with a region, or only those that lie wholly inside it; ascending.
    public func voxels(of region: Region, whollyInside: Bool = false) -> [Int] {
        let parts = parts(of: region)
        return labels.voxels.indices.filter { voxel in
            guard labels.voxels[voxel] == region.label else { return false }
            return !whollyInside || parts.reduce(0) { $0 + Int(counts[$1 * grid.count + voxel]) } == Self.points
        }
    }

    /// The volume of a tissue, mL.
    public func volumeML(of tissue: Tissue) -> Double {
        guard let place = tissues.firstIndex(of: tissue) else { return 0 }
        var sum = 0
        for count in counts[(place * grid.count)..<((place + 1) * grid.count)] { sum += Int(count) }
        return Double(sum) / Double(Self.points) * grid.voxelVolumeML
    }

    /// The volume of a region with the grafts in it, mL.
    public func volumeML(of region: Region) -> Double {
        parts(of: region).reduce(0) { $0 + volumeML(of: tissues[$1]) }
    }

    /// The share of a tissue in every voxel, 0...1.
    public func fraction(of place: Int) -> Volume {
        Volume(
            grid: grid,
            voxels: counts[(place * grid.count)..<((place + 1) * grid.count)].map { Float($0) / Float(Self.points) })
    }

    /// The mean of a value of tissues in every voxel.
    public func mean(of value: (Tissue) -> Double) -> Volume {
        let values = tissues.map(value)
        return Volume(grid: grid) { voxels in
            for voxel in 0..<grid.count {
                var sum = 0.0
                for place in values.indices { sum += Double(counts[place * grid.count + voxel]) * values[place] }
                voxels.initializeElement(at: voxel, to: Float(sum / Double(Self.points)))
            }
        }
    }

    /// A CT, HU: whole numbers, with noise of a standard deviation `noise` except in air.
    public func ct(noise: Double, seed: UInt64) -> Volume {
        let plain = mean(of: \.hounsfield)
        let grid = grid
        var noisy = plain.voxels
        noisy.withUnsafeMutableBufferPointer { buffer in
            parallelChunks(buffer, grain: grid.shape.x * grid.shape.y) { offset, slice in
                var random = RandomSource(seed: seed, stream: UInt64(offset))
                for place in slice.indices {
                    let value = Double(slice[place])
                    let deviate = noise > 0 ? random.gaussian() : 0
                    slice[place] = value <= -999 ? -1000 : Float((value + noise * deviate).rounded())
                }
            }
        }
        return Volume(grid: grid, voxels: noisy)
    }
}
