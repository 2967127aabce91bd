import Imaging
import PET
import Statistics

/// Heads moved by seeded transforms, and how far a registration is from where they were put.
///
/// The head's tissues are looked at once on voxels of 1.5 mm; each image is that, averaged to voxels of 2 to 4 mm where the
/// head then lies, with the noise of its kind: 12 HU for CT; for PET as smooth as the scanner, growing with the root of
/// activity, 20 % at the mean.
public struct RegistrationValidation {
    /// What is laid on what.
    public enum Pair: String, Sendable, CaseIterable {
        /// The CT of one visit on that of another, by their correlation.
        case ctOnCT = "CT on CT of another visit"
        /// A CT on a PET, by normalised mutual information.
        case ctOnPET = "CT on PET"
    }

    /// One registration: its distance from the truth, mm, the largest at 60 mm from the middle of the brain, and its verdict.
    public struct Trial: Sendable {
        /// The largest distance from the truth.
        public var errorMM: Double
        /// How sure it said to be.
        public var verdict: RegistrationQuality.Verdict
    }

    private let ct, pet: Volume
    private static let (center, radius): (SIMD3<Double>, Double) = ([0, -17, 10], 60)

    /// Makes the heads.
    public init() {
        let grid = PETPhantomSettings.headGrid(shape: [130, 154, 128], voxelSize: 1.5)
        var settings = PETPhantomSettings()
        (settings.grid, settings.ctGrid) = (grid, PETPhantomSettings.headGrid(shape: [8, 8, 8], voxelSize: 20))
        settings.frames = [Frame(start: 4500, duration: 900)]
        settings.noise = 0
        ct = HeadPhantom().ct(on: grid)
        pet = petPhantom(settings).pet
    }

    /// Registrations of heads moved by up to 20 mm along and 20° about each axis, one a seed.
    public func trials(_ pair: Pair, seeds: Range<UInt64>) throws -> [Trial] {
        try seeds.map { seed in
            var random = RandomSource(seed: seed, stream: 0x4E6)
            let truth = Self.move(&random)
            let sizes = (fixed: 2 + 2 * random.uniform(), moving: 2 + 2 * random.uniform())
            let fixed = try image(
                pair == .ctOnPET ? pet : ct, .identity, size: sizes.fixed, extent: [210, 250, 165],
                outside: pair == .ctOnPET ? 0 : -1000)
            let moving = try image(ct, truth, size: sizes.moving, extent: [230, 250, 200], outside: -1000)
            let found = try Registration.align(
                fixed: pair == .ctOnPET ? Self.counted(fixed, &random) : Self.measured(fixed, &random),
                moving: Self.measured(moving, &random),
                options: RegistrationOptions(
                    metric: pair == .ctOnPET ? .normalizedMutualInformation : .normalizedCrossCorrelation))
            return Trial(
                errorMM: found.movingFromFixed.distance(to: truth, center: Self.center, radius: Self.radius),
                verdict: found.quality.verdict)
        }
    }

    /// Rows of the error table.
    static func rows(moves: Int) throws -> [ValidationRow] {
        let heads = RegistrationValidation()
        return try Pair.allCases.map { pair in
            let trials = try heads.trials(pair, seeds: 0..<UInt64(moves))
            return ValidationRow(
                "registration, \(pair.rawValue)",
                against: "phantoms moved by ±20 mm and ±20°, median \(median(trials).text) mm", cases: moves,
                error: trials.map(\.errorMM).max() ?? 0, limit: 2, unit: "mm at 60 mm",
                reason: "half a voxel of 4 mm; noise and partial volume")
        }
    }

    private static func median(_ trials: [Trial]) -> (value: Double, text: String) {
        let sorted = trials.map(\.errorMM).sorted()
        let middle = sorted[sorted.count / 2]
        return (middle, "\((middle * 100).rounded() / 100)")
    }

    private static func move(_ random: inout RandomSource) -> Affine {
        func span() -> Double { (random.uniform() * 2 - 1) * 20 }
        let shift = SIMD3<Double>(span(), span(), span())
        let turns = (0..<3).map { axis in
            var v = SIMD3<Double>.zero
            v[axis] = span() * PortableMath.pi / 180
            return Affine.rotation(vector: v)
        }
        var map = (turns[2] * turns[1] * turns[0]).about(center)
        map.translation += shift
        return map
    }

    /// The head where `move` puts it, on voxels of `size` mm over a box of `extent` mm.
    private func image(
        _ head: Volume, _ move: Affine, size: Double, extent: SIMD3<Double>, outside: Float
    ) throws -> Volume {
        let shape = SIMD3<Int>(Int(extent.x / size), Int(extent.y / size), Int(extent.z / size))
        let map = Affine(
            scale: SIMD3(repeating: size), translation: Self.center - SIMD3<Double>(shape &- 1) * size / 2)
        let grid = try VoxelGrid(shape: shape, worldFromVoxel: map)
        let averaged = head.smoothed(fwhm: SIMD3(repeating: (size * size - 1.5 * 1.5).squareRoot()))
        return averaged.resampled(onto: grid, sourceFromTarget: move.inverse!, outside: outside)
    }

    /// A CT with its noise, whole HU.
    private static func measured(_ image: Volume, _ random: inout RandomSource) -> Volume {
        Volume(grid: image.grid, voxels: image.voxels.map { ($0 + 12 * Float(random.gaussian())).rounded() })
    }

    /// A PET with its noise.
    private static func counted(_ image: Volume, _ random: inout RandomSource) -> Volume {
        let white = Volume(grid: image.grid, voxels: image.voxels.map { _ in Float(random.gaussian()) })
        let smooth = white.smoothed(fwhm: [5, 5, 5]).voxels
        let sd = (smooth.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(smooth.count)).squareRoot()
        let bright = image.voxels.filter { $0 > 0 }
        let mean = bright.reduce(0, +) / Float(bright.count)
        return Volume(
            grid: image.grid,
            voxels: zip(image.voxels, smooth).map { value, deviate in
                value + 0.2 * (max(value, 0) * mean).squareRoot() * deviate / Float(sd)
            })
    }
}
