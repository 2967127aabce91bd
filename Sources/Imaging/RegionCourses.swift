/// The mean of every region in every frame: time-activity curves before they have times.
public struct RegionCourses: Sendable, Equatable {
    /// Labels that occur, ascending, without background.
    public let labels: [Int32]
    /// Voxels of each region, those with non-finite values included.
    public let voxels: [Int]
    /// `mean[region][frame]` of the finite voxels, in the image's unit; NaN where none is finite.
    public let mean: [[Double]]
    /// `sd[region][frame]` between the finite voxels, n - 1 below the fraction bar; NaN for fewer than two.
    public let sd: [[Double]]
    /// `nonFinite[region][frame]`: voxels left out because they are NaN or infinite.
    public let nonFinite: [[Int]]
}

/// Means and standard deviations of all regions in all frames.
///
/// Frames are shared out among the cores; within a frame each region's voxels are added in voxel order, in Double, so the
/// result does not depend on the number of cores.
public func regionCourses(of volume: Volume, labels: LabelMap) throws(RegionError) -> RegionCourses {
    let regions = try RegionRuns(labels, on: volume.grid)
    let count = regions.labels.count
    let moments = [RegionMoments](unsafeUninitializedCapacity: count * volume.frames) { output, initialized in
        volume.voxels.withUnsafeBufferPointer { voxels in
            nonisolated(unsafe) let (voxels, output) = (voxels.baseAddress!, output.baseAddress!)
            parallelFor(volume.frames) { frame in
                regions.moments(of: voxels + frame * volume.grid.count, into: output + frame * count)
            }
        }
        initialized = count * volume.frames
    }
    func table<T>(_ value: (RegionMoments, Int) -> T) -> [[T]] {
        (0..<count).map { region in
            (0..<volume.frames).map { frame in value(moments[frame * count + region], regions.voxels[region]) }
        }
    }
    return RegionCourses(
        labels: regions.labels, voxels: regions.voxels, mean: table { $0.mean(of: $1) }, sd: table { $0.sd(of: $1) },
        nonFinite: table { moments, _ in moments.nonFinite })
}

/// Sums over a region's voxels, relative to `pivot` so that the squares lose no digits.
struct RegionMoments: Sendable {
    var pivot = 0.0
    var sum = 0.0
    var squares = 0.0
    var nonFinite = 0

    func mean(of voxels: Int) -> Double {
        let finite = voxels - nonFinite
        return finite > 0 ? pivot + sum / Double(finite) : .nan
    }

    func sd(of voxels: Int) -> Double {
        let finite = Double(voxels - nonFinite)
        guard finite > 1 else { return .nan }
        return (Swift.max(squares - sum * sum / finite, 0) / (finite - 1)).squareRoot()
    }
}

extension RegionRuns {
    /// The moments of every region in one frame; the pivot is the region's first finite voxel.
    func moments(of voxels: UnsafePointer<Float>, into output: UnsafeMutablePointer<RegionMoments>) {
        output.initialize(repeating: RegionMoments(pivot: .nan), count: labels.count)
        for run in runs {
            var moments = output[run.region]
            var pivot = moments.pivot
            for index in run.start..<(run.start &+ run.count) {
                let value = Double(voxels[index])
                guard value.isFinite else {
                    moments.nonFinite &+= 1
                    continue
                }
                if pivot.isNaN { pivot = value }
                let difference = value - pivot
                moments.sum += difference
                moments.squares += difference * difference
            }
            moments.pivot = pivot
            output[run.region] = moments
        }
    }
}
