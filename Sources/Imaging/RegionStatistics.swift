/// What the voxels of one region hold in one frame.
public struct RegionStatistics: Sendable, Equatable {
    /// The region's label.
    public let label: Int32
    /// Voxels that carry the label, those with a non-finite value included.
    public let voxels: Int
    /// Mean of the finite voxels, in the image's unit.
    public let mean: Double
    /// Standard deviation between the voxels with n - 1 below the fraction bar; NaN for fewer than two finite voxels.
    public let sd: Double
    /// Median of the finite voxels; between the two middle ones where their number is even.
    public let median: Double
    /// Extremes of the finite voxels.
    public let min, max: Double
    /// Voxels whose value is NaN or infinite; they are counted and left out. Where none is finite, all above are NaN.
    public let nonFinite: Int
}

/// Why regions cannot be measured.
public enum RegionError: Error, Equatable, CustomStringConvertible {
    /// The image and the labels do not have the same voxels.
    case gridsDiffer(image: SIMD3<Int>, labels: SIMD3<Int>)
    /// Every voxel is background.
    case noRegion

    /// One sentence for the person holding the files.
    public var description: String {
        switch self {
        case .gridsDiffer(let image, let labels) where image != labels:
            "the image has \(image.x) × \(image.y) × \(image.z) voxels and the label map "
                + "\(labels.x) × \(labels.y) × \(labels.z); resample one onto the other first"
        case .gridsDiffer:
            "the image and the label map have as many voxels but not in the same place; resample one onto the other first"
        case .noRegion: "the label map has no region: every voxel is 0"
        }
    }
}

/// Statistics of every region of a label map in one frame, ascending by label; background (0) is left out.
public func regionStatistics(
    of volume: Volume, frame: Int = 0, labels: LabelMap
) throws(RegionError) -> [RegionStatistics] {
    let regions = try RegionRuns(labels, on: volume.grid)
    let count = regions.labels.count
    return volume.withFrame(frame) { span in
        [RegionStatistics](unsafeUninitializedCapacity: count) { output, initialized in
            span.withUnsafeBufferPointer { voxels in
                nonisolated(unsafe) let (voxels, output) = (voxels.baseAddress!, output.baseAddress!)
                // Values of all regions one after the other, each region in voxel order.
                withUnsafeTemporaryAllocation(of: Float.self, capacity: regions.voxels.reduce(0, +)) { values in
                    nonisolated(unsafe) let values = values.baseAddress!
                    var ends = regions.starts
                    for run in regions.runs {
                        (values + ends[run.region]).initialize(from: voxels + run.start, count: run.count)
                        ends[run.region] += run.count
                    }
                    parallelFor(count) { region in
                        let own = UnsafeMutableBufferPointer(
                            start: values + regions.starts[region], count: regions.voxels[region])
                        (output + region).initialize(to: RegionStatistics(label: regions.labels[region], sorting: own))
                    }
                }
            }
            initialized = count
        }
    }
}

extension RegionStatistics {
    /// Statistics of a region's values, which are reordered.
    init(label: Int32, sorting values: UnsafeMutableBufferPointer<Float>) {
        var finite = 0
        for index in values.indices where values[index].isFinite {
            values.swapAt(finite, index)
            finite += 1
        }
        var kept = UnsafeMutableBufferPointer(rebasing: values[0..<finite])
        guard finite > 0 else {
            self.init(
                label: label, voxels: values.count, mean: .nan, sd: .nan, median: .nan, min: .nan, max: .nan,
                nonFinite: values.count)
            return
        }
        var sum = 0.0
        for value in kept { sum += Double(value) }
        let mean = sum / Double(finite)
        var squares = 0.0
        for value in kept { squares += (Double(value) - mean) * (Double(value) - mean) }
        kept.sort()
        self.init(
            label: label, voxels: values.count, mean: mean,
            sd: finite > 1 ? (squares / Double(finite - 1)).squareRoot() : .nan,
            median: (Double(kept[(finite - 1) / 2]) + Double(kept[finite / 2])) / 2,
            min: Double(kept[0]), max: Double(kept[finite - 1]), nonFinite: values.count - finite)
    }
}

/// The regions of a label map as runs of neighbouring voxels: found once, walked for every frame.
struct RegionRuns: Sendable {
    /// `count` voxels from `start` on belong to `labels[region]`.
    struct Run: Sendable {
        let start, count, region: Int
    }

    /// Labels that occur, ascending, without background.
    let labels: [Int32]
    /// Voxels of each.
    let voxels: [Int]
    /// Where each region would start if regions stood one after the other.
    let starts: [Int]
    /// All runs in voxel order.
    let runs: [Run]

    init(_ map: LabelMap, on grid: VoxelGrid) throws(RegionError) {
        guard grid.matches(map.grid) else { throw .gridsDiffer(image: grid.shape, labels: map.grid.shape) }
        var found: [(start: Int, count: Int, label: Int32)] = []
        map.voxels.withUnsafeBufferPointer { labels in
            var index = 0
            while index < labels.count {
                let label = labels[index]
                let start = index
                repeat { index += 1 } while index < labels.count && labels[index] == label
                if label != 0 { found.append((start, index - start, label)) }
            }
        }
        guard !found.isEmpty else { throw .noRegion }
        let labels = Set(found.map(\.label)).sorted()
        let regions = Dictionary(uniqueKeysWithValues: zip(labels, labels.indices))
        runs = found.map { Run(start: $0.start, count: $0.count, region: regions[$0.label]!) }
        var voxels = [Int](repeating: 0, count: labels.count)
        for run in runs { voxels[run.region] += run.count }
        var starts = [Int](repeating: 0, count: labels.count)
        for region in labels.indices.dropFirst() { starts[region] = starts[region - 1] + voxels[region - 1] }
        (self.labels, self.voxels, self.starts) = (labels, voxels, starts)
    }
}
