import Glibc
import Imaging
import PET
import Tremor

/// What is compared with other programs. `inputs` are file names, in this order.
enum Workload: String, CaseIterable {
    /// IMAGE → its voxels as float32.
    case load
    /// FOLDER of one DICOM series → its voxels as float32.
    case series
    /// DYNAMIC LABELS → means and standard deviations, region by region, as float64.
    case regions
    /// IMAGE LIKE → IMAGE on the grid of LIKE, trilinear, -1024 outside, as float32.
    case resample
    /// IMAGE LIKE → the same by the cubic spline.
    case spline
    /// IMAGE → smoothed by 6 mm, as float32.
    case smooth
    /// DYNAMIC LABELS → the sum of DYNAMIC's bits, which is what reading it once from memory takes.
    case memory
    /// DYNAMIC LABELS → Ki of reference Patlak in every voxel, frames of 1 min from the 20th on, label 1 the reference.
    case patlak
    /// DYNAMIC LABELS → BP_ND of MRTM in every voxel, all frames.
    case mrtm
    /// DYNAMIC LABELS → BP_ND of SRTM in every voxel by 128 basis functions.
    case srtm
    /// IMAGE LABELS → the regions' activities by the geometric transfer matrix at 6 mm, background first, as float64.
    case gtm
    /// IMAGE LABELS → the image corrected voxel by voxel from there, as float32.
    case rbv
    /// RECORDING (float32, x y z x y z …, 100 Hz) → Welch density summed over the axes, 4 s Hann segments, half shared, as
    /// float64.
    case welch
    /// RECORDING → its acceleration, m/s², x y z x y z …, as float64.
    case decode
    /// RECORDING → what `TremorMeasures` writes, as float64.
    case tremor

    var inputs: Int {
        switch self {
        case .load, .series, .smooth, .welch, .decode, .tremor: 1
        case .regions, .resample, .spline, .memory, .patlak, .mrtm, .srtm, .gtm, .rbv: 2
        }
    }

    func prepare(_ paths: [String]) throws -> any Work {
        switch self {
        case .load: Load(path: paths[0])
        case .series: Series(path: paths[0])
        case .regions:
            Regions(volume: try NIfTI.read(paths[0]).volume, labels: try LabelImage.read(paths[1]))
        case .resample, .spline:
            Resampling(
                volume: try NIfTI.read(paths[0]).volume, grid: try NIfTI.read(paths[1]).volume.grid,
                interpolation: self == .spline ? .cubic : .linear)
        case .smooth: Smoothing(volume: try NIfTI.read(paths[0]).volume)
        case .memory: Reading(volume: try NIfTI.read(paths[0]).volume)
        case .patlak, .mrtm, .srtm:
            try VoxelMaps(
                volume: try NIfTI.read(paths[0]).volume, labels: try LabelImage.read(paths[1]),
                model: self == .patlak ? .refPatlak : self == .mrtm ? .mrtm : .srtm)
        case .gtm, .rbv:
            PartialVolume(
                image: try NIfTI.read(paths[0]).volume, labels: try LabelImage.read(paths[1]), method: rawValue)
        case .welch: Welch(axes: readAxes(paths[0]))
        case .decode: Decoding(path: paths[0])
        case .tremor: TremorMeasures(path: paths[0])
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

struct Series: Work {
    let path: String
    var result: Volume?
    mutating func run() throws { result = try DICOM.read(DICOM.series(in: path)[0]).volume }
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

/// Everything from the labels on: regions, their blur, the matrix, and with `rbv` the voxels.
struct PartialVolume: Work {
    let image: Volume
    let labels: LabelMap
    let method: String
    var result: PartialVolumeCorrection.Result?

    mutating func run() throws {
        guard let method = PartialVolumeMethod(method) else { return }
        let regions = try PartialVolumeRegions(labels: labels, on: image.grid)
        let correction = try PartialVolumeCorrection(
            method, regions: regions, spread: try PointSpread(fwhm: [[6, 6, 6]]))
        result = try correction.correct(image)
    }

    func write(to path: String) throws {
        guard let result else { return }
        if let image = result.image {
            writeRaw(image.voxels, to: path)
        } else {
            let activities = result.corrected.map { $0[0] }
            writeRaw(activities.suffix(1) + activities.dropLast(), to: path)
        }
    }
}

struct Welch: Work {
    let axes: [[Double]]
    var density: [Double] = []

    /// One axis a core.
    mutating func run() {
        let axes = axes
        let spectra = [Spectrum?](unsafeUninitializedCapacity: axes.count) { buffer, count in
            nonisolated(unsafe) let spectra = buffer.baseAddress!
            parallelFor(axes.count) { axis in
                let spectrum = welch(axes[axis], sampleRateHz: 100, segmentLength: 400, overlap: 200)
                (spectra + axis).initialize(to: spectrum)
            }
            count = axes.count
        }
        density = spectra.reduce([Double](repeating: 0, count: 201)) { sum, spectrum in
            zip(sum, spectrum?.density ?? []).map { $0 + $1 }
        }
    }
    func write(to path: String) { writeRaw(density, to: path) }
}

/// Three axes of interleaved samples.
func readAxes(_ path: String) -> [[Double]] {
    guard let file = fopen(path, "rb") else { return [[], [], []] }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    let count = ftell(file) / 12
    rewind(file)
    let samples = [Float](unsafeUninitializedCapacity: count * 3) { buffer, read in
        read = fread(buffer.baseAddress, 4, count * 3, file)
    }
    return (0..<3).map { axis in (0..<count).map { Double(samples[3 * $0 + axis]) } }
}

func writeRaw<T>(_ values: [T], to path: String) {
    guard let file = fopen(path, "wb") else { return }
    defer { fclose(file) }
    values.withUnsafeBytes { _ = fwrite($0.baseAddress, 1, $0.count, file) }
}
