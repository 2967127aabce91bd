import Benchmark
import Glibc
import Imaging
import PET
import Tremor

/// Sizes people have, beside the plain loop each C kernel replaced. `ENGRAFT_SIMD` lowers the level for a whole run.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .cpuTotal, .throughput], scalingFactor: .one, maxDuration: .seconds(5), maxIterations: 20)

    let pet = noise([128, 128, 90], frames: 1, size: 2)
    let dynamic = noise([128, 128, 90], frames: 40, size: 2)
    let regions = LabelMap(grid: dynamic.grid, voxels: blocks(dynamic.grid))

    Benchmark("Load a dynamic PET of 128×128×90×40, int16 .nii.gz") { benchmark in
        let path = "/tmp/engraft-benchmark-\(getpid()).nii.gz"
        try NIfTI.write(dynamic, to: path, storage: .int16)
        defer { unlink(path) }
        benchmark.startMeasurement()
        blackHole(try NIfTI.read(path))
        benchmark.stopMeasurement()
    }

    Benchmark("Load a static PET of 256×256×207, float32 .nii.gz") { benchmark in
        let path = "/tmp/engraft-benchmark-\(getpid()).nii.gz"
        try NIfTI.write(noise([256, 256, 207], frames: 1, size: 1.2), to: path, storage: .float32)
        defer { unlink(path) }
        benchmark.startMeasurement()
        blackHole(try NIfTI.read(path))
        benchmark.stopMeasurement()
    }

    for (modality, slices, size) in [("CT", 300, 512), ("PT", 267, 128)] {
        Benchmark("Open a \(modality) series of \(slices) DICOM files of \(size)×\(size)") { benchmark in
            let files = SliceFiles(modality: modality, count: slices, size: size)
            defer { files.remove() }
            benchmark.startMeasurement()
            blackHole(try DICOM.read(DICOM.series(in: files.folder)[0]))
            benchmark.stopMeasurement()
        }
    }

    Benchmark("CT of 512×512×300 onto a PET grid of 128×128×90, trilinear") { benchmark in
        let ct = noise([512, 512, 300], frames: 1, size: 0.6)
        benchmark.startMeasurement()
        blackHole(ct.resampled(onto: pet.grid, interpolation: .linear))
        benchmark.stopMeasurement()
    }

    let day = (0..<(24 * 3600 * 100)).map { (sample: Int) -> Double in
        let step = (sample &* 7919) % 2003
        return Double(step) / 1000 - 1
    }
    Benchmark("Welch over 24 h of 100 Hz, three axes, 4 s windows") { _ in
        for _ in 0..<3 { blackHole(welch(day, sampleRateHz: 100, segmentLength: 400, overlap: 200)) }
    }

    Benchmark("Smooth a 128×128×90 PET by 6 mm") { _ in blackHole(pet.smoothed(fwhm: [6, 6, 6])) }

    Benchmark("Smooth a 128×128×90 PET by 14 mm: the short kernel") { _ in blackHole(pet.smoothed(fwhm: [14, 14, 14])) }

    Benchmark("A 2 mm PET to 1 mm, trilinear") { _ in
        blackHole(pet.resampled(onto: grid([256, 256, 180], size: 1), interpolation: .linear))
    }

    Benchmark("The same by the plain loop") { _ in
        let target = grid([256, 256, 180], size: 1)
        let map = pet.grid.voxelFromWorld * target.worldFromVoxel
        parallelFor(256 * 180) { row in
            let start = map([0, Double(row % 256), Double(row / 256)])
            blackHole(PlainLoops.linearRow(pet, start: start, step: map.x, count: 256, outside: 0))
        }
    }

    Benchmark("A 2 mm PET to 1 mm, cubic B-spline") { _ in
        blackHole(pet.resampled(onto: grid([256, 256, 180], size: 1), interpolation: .cubic))
    }

    Benchmark("80 regional curves over 40 frames of 128×128×90") { _ in
        blackHole(try? regionCourses(of: dynamic, labels: regions))
    }

    for name in ["gtm", "labbe", "rbv", "mtc", "iy", "rl", "vc", "stc", "rbv+vc"] {
        Benchmark("Partial volume of 80 regions, 128×128×90, \(name)") { benchmark in
            guard let method = PartialVolumeMethod(name) else { return }
            let regions = LabelMap(grid: pet.grid, voxels: blocks(pet.grid))
            benchmark.startMeasurement()
            let correction = try PartialVolumeCorrection(
                method, regions: try PartialVolumeRegions(labels: regions, on: pet.grid),
                spread: try PointSpread(fwhm: [[6, 6, 6]]))
            blackHole(try correction.correct(pet))
            benchmark.stopMeasurement()
        }
    }

    Benchmark("Joint histogram 64×64 of two 128×128×90 images") { _ in
        blackHole(JointHistogram(fixed: pet, moving: pet, bins: 64, fixedRange: 0...1e4, movingRange: 0...1e4))
    }
}

/// A grid of cubic voxels centred on the origin.
func grid(_ shape: SIMD3<Int>, size: Double) -> VoxelGrid {
    let corner = -SIMD3<Double>(shape &- 1) * (size / 2)
    let map = Affine(scale: SIMD3(repeating: size), translation: corner)
    guard let grid = try? VoxelGrid(shape: shape, worldFromVoxel: map) else {
        preconditionFailure("sizes are positive")
    }
    return grid
}

/// Values between 0 and 1e4 from a fixed generator.
func noise(_ shape: SIMD3<Int>, frames: Int, size: Double) -> Volume {
    let grid = grid(shape, size: size)
    var state: UInt32 = 2_463_534_242
    return Volume(
        grid: grid, frames: frames,
        voxels: (0..<(grid.count * frames)).map { _ in
            state ^= state << 13
            state ^= state >> 17
            state ^= state << 5
            return Float(state % 10_000)
        })
}

/// 80 boxes in the middle of a grid, background around them.
func blocks(_ grid: VoxelGrid) -> [Int32] {
    (0..<grid.count).map { offset in
        let (i, j, k) = (
            offset % grid.shape.x, offset / grid.shape.x % grid.shape.y, offset / grid.shape.x / grid.shape.y
        )
        guard (32..<96).contains(i), (32..<96).contains(j), (20..<70).contains(k) else { return 0 }
        return Int32((i - 32) / 16 + 4 * ((j - 32) / 16) + 16 * ((k - 20) / 10) + 1)
    }
}
