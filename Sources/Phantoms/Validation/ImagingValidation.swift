import Imaging
import PET
import Records
import Statistics

/// PET phantoms and identities of the image operations.
enum ImagingValidation {
    /// Region means before blurring, and SBR after it, without noise.
    static func phantomUptake() throws -> [ValidationRow] {
        var rows: [ValidationRow] = []
        for tracer in PhantomTracer.allCases {
            var settings = PETPhantomSettings(tracer: tracer, seed: 1)
            (settings.noise, settings.ctNoise, settings.psfFWHM) = (0, 0, 0)
            let sharp = try uptake(settings)
            let sharpTruth = try truths(sharp.truth, "unblurred", "mean_bq_per_ml")
            rows.append(
                ValidationRow(
                    "region means, \(tracer.rawValue)", against: "phantom without noise and blurring",
                    cases: sharpTruth.count,
                    error: worst(sharp.uptake, sharpTruth) { $0.mean }, limit: 1e-5, unit: "relative",
                    reason: "voxels are Float32"))
            settings.psfFWHM = 5
            let blurred = try uptake(settings)
            let seen = try truths(blurred.truth, "seen", "suvr")
            rows.append(
                ValidationRow(
                    "SUVR, \(tracer.rawValue)", against: "phantom blurred by 5 mm: recovery and spill-in explain it",
                    cases: seen.count, error: worst(blurred.uptake, seen) { $0.suvr ?? .nan }, limit: 1e-3,
                    unit: "relative",
                    reason: "tissues are blurred one by one in the truth, together in the image"))
        }
        return rows
    }

    private static func uptake(_ settings: PETPhantomSettings) throws -> (uptake: Uptake, truth: JSONValue) {
        let phantom = petPhantom(settings)
        let window = try FrameWindow(from: settings.windowS.lowerBound, to: settings.windowS.upperBound)
        let mean = frameMean(phantom.pet, frames: phantom.frames, over: try window.frames(of: phantom.frames))
        return (try Uptake(of: mean, labels: phantom.labels, reference: settings.tracer.reference), phantom.truth)
    }

    private static func truths(_ truth: JSONValue, _ state: String, _ key: String) throws -> [Int32: Double] {
        var found: [Int32: Double] = [:]
        for region in truth["regions"]?.elements ?? [] {
            guard let index = region["index"]?.int, let value = region[state]?[key]?.double else { continue }
            found[Int32(index)] = value
        }
        return found
    }

    private static func worst(_ uptake: Uptake, _ truth: [Int32: Double], _ value: (Uptake.Region) -> Double) -> Double
    {
        uptake.regions.reduce(0) { largest, region in
            guard let expected = truth[region.label], expected != 0 else { return .infinity }
            return max(largest, abs(value(region) / expected - 1))
        }
    }

    /// A ball of activity: blurring adds σ² to its variance along every axis.
    static func smoothing() throws -> [ValidationRow] {
        let grid = try VoxelGrid(
            shape: [64, 64, 64], worldFromVoxel: Affine(scale: [2, 2, 2], translation: [-63, -63, -63]))
        let ball = Volume(grid: grid) { target in
            for place in target.indices {
                let world = grid.worldFromVoxel([Double(place % 64), Double(place / 64 % 64), Double(place / 4096)])
                target[place] = dot(world, world) < 100 ? 1 : 0
            }
        }
        var largest = 0.0
        let widths = [3.0, 4, 6, 8, 10]
        for fwhm in widths {
            let grown = variance(ball.smoothed(fwhm: SIMD3(repeating: fwhm))) - variance(ball)
            let measured = (grown * 8 * PortableMath.log(2)).squareRoot()
            largest = max(largest, abs(measured / fwhm - 1) * 100)
        }
        return [
            ValidationRow(
                "full width of the Gaussian filter", against: "variance of a blurred ball, 3 to 10 mm at 2 mm voxels",
                cases: widths.count, error: largest, limit: 0.1, unit: "%",
                reason: "voxels are Float32, kernels end at 5 σ")
        ]
    }

    private static func variance(_ volume: Volume) -> Double {
        var (sum, moment) = (0.0, 0.0)
        for (place, value) in volume.voxels.enumerated() {
            let x = volume.grid.worldFromVoxel([Double(place % volume.grid.shape.x), 0, 0]).x
            sum += Double(value)
            moment += Double(value) * x * x
        }
        return moment / sum
    }

    /// A cubic field of position: linear and cubic interpolation must return a plane exactly, and any grid itself.
    static func resampling() throws -> [ValidationRow] {
        let grid = try VoxelGrid(
            shape: [40, 36, 30], worldFromVoxel: Affine(scale: [2, 2.5, 3], translation: [-40, -45, -40]))
        let other = try VoxelGrid(
            shape: [20, 20, 20],
            worldFromVoxel: Affine(
                x: [1.9, 0.2, 0.1], y: [-0.2, 2.1, 0.1], z: [-0.1, -0.1, 2.2], translation: [-18, -20, -20]))
        func plane(_ p: SIMD3<Double>) -> Double { 50 + 0.3 * p.x - 0.7 * p.y + 0.2 * p.z }
        let field = Volume(grid: grid) { target in fill(target, grid, plane) }
        var largest = 0.0
        for interpolation in [Interpolation.linear, .cubic] {
            let moved = field.resampled(onto: other, interpolation: interpolation)
            let expected = Volume(grid: other) { target in fill(target, other, plane) }
            for (a, b) in zip(moved.voxels, expected.voxels) where a != 0 {
                largest = max(largest, abs(Double(a) / Double(b) - 1))
            }
        }
        let same = Interpolation.allCases.map { field.resampled(onto: grid, interpolation: $0) }
        let change = same.flatMap { zip($0.voxels, field.voxels).map { abs(Double($0 - $1)) } }.max() ?? 0
        return [
            ValidationRow(
                "resampling onto an oblique grid", against: "a plane of intensity", cases: 2, error: largest,
                limit: 1e-3,
                unit: "relative", reason: "the spline meets the border of the plane"),
            ValidationRow(
                "resampling onto the same grid", against: "the image itself", cases: 3, error: change, limit: 1e-4,
                unit: "absolute", reason: "the spline's prefilter in Float32; nearest and linear are exact"),
        ]
    }

    private static func fill(
        _ target: UnsafeMutableBufferPointer<Float>, _ grid: VoxelGrid, _ value: (SIMD3<Double>) -> Double
    ) {
        let (nx, ny) = (grid.shape.x, grid.shape.y)
        for place in target.indices {
            target[place] = Float(
                value(grid.worldFromVoxel([Double(place % nx), Double(place / nx % ny), Double(place / (nx * ny))])))
        }
    }

    /// The mean of a decaying activity over a frame against a fine sum over the frame.
    static func decay() throws -> [ValidationRow] {
        var worst = 0.0
        let halfLife = 6586.2
        let durations = [10.0, 60, 300, 600, 3600]
        for duration in durations {
            let steps = 20_000
            let sum = (0..<steps).reduce(0.0) { total, step in
                let t = duration * (Double(step) + 0.5) / Double(steps)
                return total + PortableMath.exp(-PortableMath.log(2) * t / halfLife)
            }
            let mean = sum / Double(steps)
            worst = max(worst, abs(Decay.frameAverageFactor(durationS: duration, halfLifeS: halfLife) * mean - 1))
        }
        return [
            ValidationRow(
                "decay within a frame", against: "a sum over 20000 steps, frames of 10 s to 1 h",
                cases: durations.count,
                error: worst, limit: 1e-8, unit: "relative", reason: "the sum's own step")
        ]
    }

    /// Every instruction set must give the same bits.
    static func levels() throws -> [ValidationRow] {
        let grid = try VoxelGrid(shape: [37, 29, 23], worldFromVoxel: Affine(scale: [2, 2, 2]))
        var random = RandomSource(seed: 7)
        let noise = Volume(grid: grid, voxels: (0..<grid.count).map { _ in Float(random.gaussian()) })
        let finer = try grid.resized(voxelSize: [1.7, 1.3, 1.9])
        let before = SIMDLevel.current
        defer { SIMDLevel.force(before) }
        var hashes: Set<String> = []
        var tried = 0
        for level in SIMDLevel.allCases where level <= before {
            SIMDLevel.force(level)
            tried += 1
            hashes.insert(
                SHA256.hex(noise.smoothed(fwhm: [5, 6, 7]).voxels)
                    + Interpolation.allCases.map { SHA256.hex(noise.resampled(onto: finer, interpolation: $0).voxels) }
                    .joined())
        }
        return [
            ValidationRow(
                "same bits at every instruction set", against: "the baseline", cases: tried,
                error: Double(hashes.count - 1),
                limit: 0, unit: "differences", reason: "a patient's number must not depend on the computer")
        ]
    }
}
