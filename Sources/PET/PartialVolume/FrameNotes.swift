import Imaging
import Records

/// What steps noticed, counted over all frames.
struct FrameNotes {
    /// Frames in which a region's activity came out below 0 and was taken as 0, and the places of those regions.
    var clampedFrames = 0
    var clampedRegions: Set<Int> = []
    /// Voxels below 0 that were taken as 0.
    var negativeVoxels = 0
    /// White matter had no voxel far enough from other tissue.
    var whiteIsShallow = false

    /// What is this share of the largest below 0 is rounding.
    static let rounding = 1e-6

    /// The regions whose activity in a frame is below 0 by more than rounding.
    static func belowZero(_ activities: [Double]) -> [Int] {
        let least = -rounding * (activities.map(abs).max() ?? 0)
        return activities.indices.filter { activities[$0] < least }
    }

    /// Notes the regions of one frame that were taken as 0.
    mutating func clamped(_ places: some Collection<Int>) {
        guard !places.isEmpty else { return }
        clampedFrames += 1
        clampedRegions.formUnion(places)
    }

    /// What to tell of it, for an image of so many voxels in all frames.
    func warnings(_ regions: [PartialVolumeRegions.Region], voxels: Int) -> [String] {
        var warnings: [String] = []
        if clampedFrames > 0 {
            let names = clampedRegions.sorted().map { regions[$0].name }
            warnings.append(
                "in \(counted(clampedFrames, "frame")) a region's activity was below 0 and was taken as 0: "
                    + firstFew(names))
        }
        if negativeVoxels > 0 {
            let share = significant(100 * Double(negativeVoxels) / Double(voxels), 2)
            warnings.append(
                "\(counted(negativeVoxels, "voxel")) below 0 (\(share) % of all frames' voxels) were taken as 0, which "
                    + "raises regions and frames of little activity")
        }
        if whiteIsShallow {
            warnings.append(
                "white matter has fewer than 20 voxels that are 99 % its own; its activity is from those least mixed")
        }
        return warnings
    }
}

/// Names between commas, of many the first five.
func firstFew(_ names: [String]) -> String {
    names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
}

/// Below this a voxel of a frame is less than 0 by more than rounding.
func leastZero(_ frame: UnsafePointer<Float>, of shape: SIMD3<Int>) -> Float {
    nonisolated(unsafe) let frame = frame
    let slice = shape.x * shape.y
    let largest = concurrently(shape.z) { k in
        ((k * slice)..<((k + 1) * slice)).reduce(Float(0)) { max($0, abs(frame[$1])) }
    }
    return -Float(FrameNotes.rounding) * (largest.max() ?? 0)
}

/// Counts voxels slice by slice, on all cores.
func countOverSlices(of shape: SIMD3<Int>, _ body: @Sendable (Range<Int>) -> Int) -> Int {
    let slice = shape.x * shape.y
    return concurrently(shape.z) { k in body((k * slice)..<((k + 1) * slice)) }.reduce(0, +)
}
