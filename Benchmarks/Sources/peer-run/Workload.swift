import Glibc
import Imaging

/// What is compared with other programs. `inputs` are file names, in this order.
enum Workload: String, CaseIterable {
    /// IMAGE → its voxels as float32.
    case load
    /// DYNAMIC LABELS → means and standard deviations, region by region, as float64.
    case regions
    /// IMAGE LIKE → IMAGE on the grid of LIKE, trilinear, -1024 outside, as float32.
    case resample
    /// IMAGE LIKE → the same by the cubic spline.
    case spline
    /// IMAGE → smoothed by 6 mm, as float32.
    case smooth

    var inputs: Int {
        switch self {
        case .load, .smooth: 1
        case .regions, .resample, .spline: 2
        }
    }

    func prepare(_ paths: [String]) throws -> any Work {
        switch self {
        case .load: Load(path: paths[0])
        case .regions:
            Regions(volume: try NIfTI.read(paths[0]).volume, labels: try NIfTI.readLabels(paths[1]))
        case .resample, .spline:
            Resampling(
                volume: try NIfTI.read(paths[0]).volume, grid: try NIfTI.read(paths[1]).volume.grid,
                interpolation: self == .spline ? .cubic : .linear)
        case .smooth: Smoothing(volume: try NIfTI.read(paths[0]).volume)
        }
    }
}

/// One workload with its inputs in memory.
protocol Work {
    mutating func run() throws
    func write(to path: String) throws
}

struct Load: Work {
    let path: String
    var result: Volume?
    mutating func run() throws { result = try NIfTI.read(path).volume }
    func write(to path: String) throws { writeRaw(result?.voxels ?? [], to: path) }
}

struct Regions: Work {
    let volume: Volume
    let labels: LabelMap
    var result: RegionCourses?
    mutating func run() throws { result = try regionCourses(of: volume, labels: labels) }
    func write(to path: String) throws {
        guard let result else { return }
        writeRaw(Array((result.mean + result.sd).joined()), to: path)
    }
}

struct Resampling: Work {
    let volume: Volume
    let grid: VoxelGrid
    let interpolation: Interpolation
    var result: Volume?
    mutating func run() { result = volume.resampled(onto: grid, interpolation: interpolation, outside: -1024) }
    func write(to path: String) throws { writeRaw(result?.voxels ?? [], to: path) }
}

struct Smoothing: Work {
    let volume: Volume
    var result: Volume?
    mutating func run() { result = volume.smoothed(fwhm: [6, 6, 6]) }
    func write(to path: String) throws { writeRaw(result?.voxels ?? [], to: path) }
}

func writeRaw<T>(_ values: [T], to path: String) {
    guard let file = fopen(path, "wb") else { return }
    defer { fclose(file) }
    values.withUnsafeBytes { _ = fwrite($0.baseAddress, 1, $0.count, file) }
}
