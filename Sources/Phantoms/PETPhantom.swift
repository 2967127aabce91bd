import Imaging
import PET
import Records
import Statistics

/// What a PET-CT phantom is made with.
public struct PETPhantomSettings: Sendable {
    /// The tracer.
    public var tracer: PhantomTracer
    /// The seed of the noise of PET and CT.
    public var seed: UInt64
    /// Resolution of the scanner, full width at half maximum, mm; 0 for none.
    public var psfFWHM: Double = 5
    /// Noise of the PET: the coefficient of variation of a cortical voxel at the reference's SUV of 1 in a frame of 300 s, were
    /// nothing decayed; 0 for none.
    public var noise: Double = 0.03
    /// Noise of the CT, HU.
    public var ctNoise: Double = 4
    /// The deposits of cells; none before surgery.
    public var grafts: [GraftSite] = []
    /// Time since the first visit, months.
    public var months: Double = 0
    /// Frames after the injection, s.
    public var frames: [Frame] = PETPhantomSettings.frames90
    /// The grid of PET and labels.
    public var grid: VoxelGrid
    /// The grid of the CT.
    public var ctGrid: VoxelGrid
    /// Injected activity, Bq.
    public var injectedBq: Double = 185e6
    /// Body mass, kg.
    public var massKg: Double = 72
    /// Where the head has gone in each frame, RAS mm: a point of the resting head to its place in the frame. Empty for a head
    /// that lies still; within a frame it always does. The labels, the CT and the truth are those of the resting head.
    public var motion: [Affine] = []
    /// What this scan differs by from another of the same patient: specific uptake is multiplied by it.
    public var scanFactor = 1.0
    /// The late window in which ratios are taken, s; whole frames.
    public var windowS: ClosedRange<Double> = 4500...5400

    /// Settings for a tracer; everything else has the value of an ordinary scan.
    public init(tracer: PhantomTracer = .fdopa, seed: UInt64 = 1) {
        (self.tracer, self.seed) = (tracer, seed)
        grid = Self.headGrid(shape: [64, 76, 56], voxelSize: 3)
        ctGrid = Self.headGrid(shape: [96, 114, 84], voxelSize: 2)
    }

    /// 18 frames over 90 minutes: 3 × 60 s, 2 × 120 s, 180 s, 4 × 300 s, 8 × 450 s.
    public static let frames90: [Frame] = {
        var start = 0.0
        return
            (Array(repeating: 60.0, count: 3) + [120, 120, 180] + Array(repeating: 300, count: 4)
            + Array(repeating: 450, count: 8))
            .map { duration in
                defer { start += duration }
                return Frame(start: start, duration: duration)
            }
    }()

    /// An upright RAS grid around the head, which is 165 mm wide, 204 mm long and reaches 89 mm above the commissures.
    public static func headGrid(shape: SIMD3<Int>, voxelSize: Double) -> VoxelGrid {
        let extent = SIMD3<Double>(shape &- 1) * voxelSize
        let center: SIMD3<Double> = [0, -17, 8.5]
        let map = Affine(scale: SIMD3(repeating: voxelSize), translation: center - extent / 2)
        guard let grid = try? VoxelGrid(shape: shape, worldFromVoxel: map) else {
            preconditionFailure("a grid has voxels of a positive size")
        }
        return grid
    }
}

/// A PET-CT of a head of which everything is known.
public struct PETPhantom: Sendable {
    /// Activity, Bq/mL, decay-corrected to the injection; one volume a frame.
    public let pet: Volume
    /// The frames, s after the injection.
    public let frames: [Frame]
    /// Attenuation, HU.
    public let ct: Volume
    /// The regions at the voxel centres of the PET.
    public let labels: LabelMap
    /// The PET-BIDS sidecar.
    public let sidecar: JSONValue
    /// Every parameter, and what an analysis should find.
    public let truth: JSONValue
    /// The same for a scan factor of 1: what the patient is, whatever the scan.
    public let plainTruth: JSONValue
    /// What it was made with.
    public let settings: PETPhantomSettings
}

/// Makes a PET-CT phantom: tissue curves in closed form, averaged over frames, mixed in each voxel by the tissues' shares,
/// seen at the scanner's resolution, with noise.
///
/// Noise has the variance that counting gives before decay correction: proportional to activity, to the frame's decay factor
/// and to 1/duration. It is as smooth as the scanner's resolution. Scatter and randoms are left out. A head that moves is
/// moved by a cubic B-spline after the scanner's blurring and before the noise.
public func petPhantom(_ settings: PETPhantomSettings) -> PETPhantom {
    petPhantoms([settings])[0]
}

/// Makes several phantoms of the same head, as at the visits of one patient; faster than one by one.
public func petPhantoms(_ visits: [PETPhantomSettings]) -> [PETPhantom] {
    var plain: [(grid: VoxelGrid, tissues: TissueFractions)] = []
    /// The head's tissues on a grid, from those before surgery where another visit needs them anyway.
    func tissues(_ grafts: [GraftSite], on grid: VoxelGrid) -> TissueFractions {
        if grafts.isEmpty || visits.count > 1 {
            let before = plain.first { $0.grid == grid }?.tissues ?? HeadPhantom().tissues(on: grid)
            if !plain.contains(where: { $0.grid == grid }) { plain.append((grid, before)) }
            return grafts.isEmpty ? before : TissueFractions(of: HeadPhantom(grafts: grafts), on: grid, before: before)
        }
        return HeadPhantom(grafts: grafts).tissues(on: grid)
    }
    return visits.map { settings in
        precondition(!settings.frames.isEmpty, "a scan has frames")
        precondition(
            settings.motion.isEmpty || settings.motion.count == settings.frames.count, "each frame has its motion")
        let scan = SimulatedScan(settings: settings, fractions: tissues(settings.grafts, on: settings.grid))
        let truth = scan.truth()
        var plain = settings
        plain.scanFactor = 1
        return PETPhantom(
            pet: scan.image(), frames: settings.frames,
            ct: tissues(settings.grafts, on: settings.ctGrid).ct(noise: settings.ctNoise, seed: settings.seed &+ 0xC7),
            labels: scan.fractions.labels, sidecar: settings.sidecar, truth: truth,
            plainTruth: settings.scanFactor == 1
                ? truth : SimulatedScan(settings: plain, fractions: scan.fractions, seen: scan.seen).truth(),
            settings: settings)
    }
}

/// A scan while it is made: the curves of tissues and their shares in each voxel, before and after the scanner's blurring.
struct SimulatedScan {
    let settings: PETPhantomSettings
    let fractions: TissueFractions
    let patient: PatientKinetics
    /// Mean activity of each tissue in each frame, Bq/mL; empty for air and tissues that are nowhere.
    let curves: [[Double]]
    /// Activity of each tissue as a function of time.
    let closedCurves: [ExponentialSum?]
    /// The share of each tissue in every voxel as the scanner sees it; `nil` for air and tissues that are nowhere.
    let seen: [Volume?]

    /// - Parameter seen: the tissues' shares after blurring, where another scan of the same head has them.
    init(settings: PETPhantomSettings, fractions: TissueFractions, seen known: [Volume?]? = nil) {
        var patient = PatientKinetics(tracer: settings.tracer, months: settings.months, grafts: settings.grafts)
        patient.scanFactor = settings.scanFactor
        let plasma = settings.tracer.plasma(injectedBq: settings.injectedBq, massKg: settings.massKg)
        let grid = fractions.grid
        let present = fractions.tissues.indices.map { place in
            fractions.counts[(place * grid.count)..<((place + 1) * grid.count)].contains { $0 > 0 }
        }
        let closedCurves: [ExponentialSum?] = fractions.tissues.indices.map { place in
            guard present[place] else { return nil }
            return patient.kinetics(of: fractions.tissues[place])?
                .curve(plasma: plasma, reference: settings.tracer.referenceRates)
        }
        curves = closedCurves.map { (curve) -> [Double] in
            guard let curve else { return [] }
            return settings.frames.map { curve.mean(from: $0.start / 60, to: $0.end / 60) }
        }
        seen =
            known
            ?? zip(fractions.tissues.indices, closedCurves).map { place, curve in
                curve.map { _ in fractions.fraction(of: place).smoothed(fwhm: SIMD3(repeating: settings.psfFWHM)) }
            }
        (self.settings, self.fractions, self.patient, self.closedCurves) = (settings, fractions, patient, closedCurves)
    }

    /// The dynamic image.
    func image() -> Volume {
        let (grid, frames) = (fractions.grid, settings.frames)
        let (seen, curves) = (self.seen, self.curves)
        let places = seen.indices.filter { seen[$0] != nil }
        let factor = noiseFactor()
        let deviates = frames.indices.map { settings.noise > 0 ? noiseField(stream: $0, factor: factor) : nil }
        return Volume(grid: grid, frames: frames.count) { voxels in
            parallelChunks(voxels, grain: grid.count) { offset, frame in
                let f = offset / grid.count
                var sums = [Double](repeating: 0, count: grid.count)
                for place in places {
                    let activity = curves[place][f]
                    seen[place]!.voxels.withUnsafeBufferPointer { share in
                        sums.withUnsafeMutableBufferPointer { sums in
                            for voxel in 0..<sums.count { sums[voxel] += activity * Double(share[voxel]) }
                        }
                    }
                }
                let scale = noiseScale(frames[f])
                let moved = moved(sums, frame: f)
                for voxel in sums.indices {
                    let clean = moved[voxel]
                    // The scanner's filter rings a little below 0 outside the head, where there is nothing to count.
                    let deviate = deviates[f].map { scale * max(clean, 0).squareRoot() * $0[voxel] } ?? 0
                    frame.initializeElement(at: voxel, to: Float(clean + deviate))
                }
            }
        }
    }

    /// A frame without noise of the head where it has gone.
    private func moved(_ still: [Double], frame: Int) -> [Double] {
        guard !settings.motion.isEmpty, let restFromMoved = settings.motion[frame].inverse else { return still }
        return Volume(grid: fractions.grid, voxels: still.map { Float($0) })
            .resampled(onto: fractions.grid, sourceFromTarget: restFromMoved, interpolation: .cubic)
            .voxels.map { Double($0) }
    }

    /// Standard deviation of noise at an activity of 1 Bq/mL: it grows with the root of activity.
    private func noiseScale(_ frame: Frame) -> Double {
        let lambda = 0.6931471805599453 / PhantomTracer.halfLifeS
        let decay =
            lambda * frame.duration * PortableMath.exp(lambda * frame.start)
            / (1 - PortableMath.exp(-lambda * frame.duration))
        let suv = settings.injectedBq / (settings.massKg * 1000)
        return settings.noise * (suv * decay * 300 / frame.duration).squareRoot()
    }

    /// Normal deviates of variance 1 that are as smooth as the scanner's resolution.
    private func noiseField(stream: Int, factor: Double) -> [Double] {
        let grid = fractions.grid
        var white = [Float](repeating: 0, count: grid.count)
        white.withUnsafeMutableBufferPointer { buffer in
            parallelChunks(buffer, grain: grid.shape.x * grid.shape.y) { offset, slice in
                var random = RandomSource(seed: settings.seed, stream: UInt64(stream * grid.count + offset))
                for place in slice.indices { slice[place] = Float(random.gaussian()) }
            }
        }
        let smooth = Volume(grid: grid, voxels: white).smoothed(fwhm: SIMD3(repeating: settings.psfFWHM))
        return smooth.voxels.map { factor * Double($0) }
    }

    /// What brings smoothed white noise back to variance 1: 1 over the root of the sum of the filter's squares.
    private func noiseFactor() -> Double {
        let grid = fractions.grid
        var impulse = Volume(grid: grid, repeating: 0)
        impulse[grid.shape.x / 2, grid.shape.y / 2, grid.shape.z / 2] = 1
        let response = impulse.smoothed(fwhm: SIMD3(repeating: settings.psfFWHM)).voxels
        return 1 / response.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
}
