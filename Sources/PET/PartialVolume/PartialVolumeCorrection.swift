import Imaging

/// A correction for partial volume effects, prepared once for the regions and used for every frame.
public struct PartialVolumeCorrection: Sendable {
    /// What a correction may be told beside its method.
    public struct Options: Sendable, Equatable {
        /// How often an iterating method repeats itself; `nil` for the method's own number.
        public var iterations: Int?
        /// The share of the blurred difference that Van Cittert adds.
        public var alpha = 1.5
        /// Van Cittert ends where an image changes by less than this share of the measured one, root of sums of squares.
        public var stop = 0.01
        /// The regions that are white matter to Müller-Gärtner; empty for those with "white" in their name.
        public var white: [String] = []
        /// The regions that Müller-Gärtner takes as without activity, beside the background.
        public var silent: [String] = []
        /// The activity of white matter; `nil` where Müller-Gärtner measures it.
        public var whiteActivity: Double?

        /// What the papers use.
        public init() {}
    }

    /// The regions.
    public let regions: PartialVolumeRegions
    /// How the scanner blurs.
    public let spread: PointSpread
    /// The method.
    public let method: PartialVolumeMethod
    /// What it was told.
    public let options: Options
    /// The regions' equations; `nil` for methods that have none.
    public let transfer: TransferMatrix?
    /// What is doubtful of the widths and the equations, whatever the image.
    public let warnings: [String]
    let blur: Blur
    let steps: [any FrameStep]
    let unmixing: RegionUnmixing?

    /// Prepares a correction: blurs the regions and solves what is the same for all frames.
    public init(
        _ method: PartialVolumeMethod, regions: PartialVolumeRegions, spread: PointSpread, options: Options = Options()
    ) throws(PartialVolumeError) {
        (self.method, self.regions, self.spread, self.options) = (method, regions, spread, options)
        let blur = Blur(spread, on: regions.grid)
        let transfer = method.solvesRegions ? try TransferMatrix(method.regional, of: regions, spread: spread) : nil
        let unmixing = method.voxelwise == nil ? nil : try RegionUnmixing(regions)
        let iterations = options.iterations ?? method.defaultIterations
        var steps: [any FrameStep] = []
        switch method.voxelwise {
        case nil: break
        case .rbv: steps.append(RegionBasedVoxelwise(regions: regions, blur: blur))
        case .mtc: steps.append(MultiTarget(regions: regions, blur: blur))
        case .iy: steps.append(IterativeYang(regions: regions, blur: blur, unmixing: unmixing, iterations: iterations))
        case .stc: steps.append(SingleTarget(regions: regions, blur: blur, iterations: iterations))
        case .mg: steps.append(try MullerGartner(regions: regions, blur: blur, options: options))
        case .vc:
            steps.append(VanCittert(blur: blur, alpha: options.alpha, stop: options.stop, iterations: iterations))
        case .rl: steps.append(RichardsonLucy(blur: blur, iterations: iterations))
        }
        if let sharpening = method.sharpening {
            steps.append(
                IntraRegional(
                    sharpening, regions: regions, blur: blur, alpha: options.alpha, stop: options.stop,
                    iterations: options.iterations ?? 10))
        }
        (self.blur, self.transfer, self.steps, self.unmixing) = (blur, transfer, steps, unmixing)
        warnings = spread.warnings(on: regions.grid) + (transfer?.warnings(regions.regions) ?? [])
    }

    /// What a correction found.
    public struct Result: Sendable {
        /// `uncorrected[region][frame]`: means of the measured image over the regions, in its unit.
        public var uncorrected: [[Double]]
        /// `corrected[region][frame]`: the regions' activities: solved, or from the corrected image, its means over
        /// labels or its least-squares fit by probabilities; NaN for a region the method does not correct.
        public var corrected: [[Double]]
        /// The corrected image; `nil` where the method corrects regions only, or none was asked for.
        public var image: Volume?
        /// How far the image is from one activity a region around the regions: rms of the difference over rms of the
        /// image, both blurred once more, of the mean over the frames; `nil` for methods without the regions' equations.
        public var modelMisfit: Double?
        /// What was doubtful.
        public var warnings: [String]
    }

    /// Corrects every frame of an image on the regions' grid.
    ///
    /// Beside the image and, `keepingImage`, the corrected one, memory is taken for some four frames and the blurred
    /// regions. `progress` hears of every frame done. A voxel that is not finite is refused.
    public func correct(
        _ image: Volume, keepingImage: Bool = true, progress: (_ frame: Int) -> Void = { _ in }
    ) throws(PartialVolumeError) -> Result {
        let grid = regions.grid
        guard image.grid.matches(grid) else { throw .gridsDiffer }
        var result = Result(uncorrected: [], corrected: [], image: nil, warnings: regions.warnings + warnings)
        var columns = FrameColumns()
        var notes = FrameNotes()
        let count = grid.count
        if keepingImage && !steps.isEmpty {
            result.image = try Volume(grid: grid, frames: image.frames) {
                (output: UnsafeMutableBufferPointer<Float>) throws(PartialVolumeError) in
                try correct(image, &columns, &notes, progress) { output.baseAddress! + $0 * count }
            }
        } else {
            let scratch = FrameBuffer(steps.isEmpty ? 0 : count)
            try correct(image, &columns, &notes, progress) { _ in scratch.base }
        }
        func byRegion(_ columns: [[Double]]) -> [[Double]] {
            regions.regions.indices.map { region in columns.map { $0[region] } }
        }
        (result.uncorrected, result.corrected) = (byRegion(columns.before), byRegion(columns.after))
        result.warnings += notes.warnings(regions.regions, voxels: count * image.frames)
        if transfer != nil {
            result.modelMisfit = ModelMisfit(regions: regions, blur: blur).value(
                of: image, activities: columns.activities)
            result.warnings += [ModelMisfit.warning(result.modelMisfit)].compactMap { $0 }
        }
        return result
    }

    private func correct(
        _ image: Volume, _ columns: inout FrameColumns, _ notes: inout FrameNotes,
        _ progress: (Int) -> Void, into output: (Int) -> UnsafeMutablePointer<Float>
    ) throws(PartialVolumeError) {
        let sizes = regions.regions.map(\.voxels)
        let work = FrameWork(count: steps.isEmpty ? 0 : regions.grid.count)
        for frame in 0..<image.frames {
            let outcome = image.voxels.withUnsafeBufferPointer {
                buffer -> Swift.Result<(before: [Double], activities: [Double], after: [Double]), PartialVolumeError> in
                let measured = buffer.baseAddress! + frame * regions.grid.count
                let sums = regions.sums(of: measured)
                guard sums.allSatisfy(\.isFinite) else {
                    let broken = (0..<regions.grid.count).count { !measured[$0].isFinite }
                    return .failure(.imageNotFinite(voxels: broken, frame: frame))
                }
                let activities = transfer.map { $0.activities(in: measured, sums: sums, on: regions.grid) }
                let means = zip(sums, sizes).map { $0 / $1 }
                guard !steps.isEmpty else { return .success((means, activities ?? means, activities ?? means)) }
                let target = output(frame)
                var source = measured
                for step in steps {
                    step.correct(source, activities: activities ?? means, into: target, work, &notes)
                    source = UnsafePointer(target)
                }
                var corrected = zip(regions.sums(of: source), sizes).map { $0 / $1 }
                if let unmixing { corrected = unmixing.activities(corrected) }
                for step in steps { for place in step.undefinedRegions { corrected[place] = .nan } }
                return .success((means, activities ?? means, corrected))
            }
            let found = try outcome.get()
            columns.before.append(found.before)
            columns.activities.append(found.activities)
            columns.after.append(found.after)
            progress(frame)
        }
    }
}

/// Values of the regions, frame by frame.
private struct FrameColumns {
    var before, activities, after: [[Double]]
    init() { (before, activities, after) = ([], [], []) }
}

/// One step on the way from a measured frame to a corrected one.
protocol FrameStep: Sendable {
    /// Regions that have no activity after it.
    var undefinedRegions: [Int] { get }
    /// Writes the corrected frame. Where a step is the second one, `output` is `source`.
    func correct(
        _ source: UnsafePointer<Float>, activities: [Double], into output: UnsafeMutablePointer<Float>,
        _ work: FrameWork, _ notes: inout FrameNotes)
}

extension FrameStep {
    var undefinedRegions: [Int] { [] }
}

/// Room for a frame.
final class FrameBuffer: @unchecked Sendable {
    let base: UnsafeMutablePointer<Float>
    init(_ count: Int) { base = .allocate(capacity: max(count, 1)) }
    deinit { base.deallocate() }
}

/// Frames that steps write in turn.
struct FrameWork: Sendable {
    let a, b, c: FrameBuffer
    let count: Int
    init(count: Int) {
        (a, b, c) = (FrameBuffer(count), FrameBuffer(count), FrameBuffer(count))
        self.count = count
    }
}

/// Runs `body` for each slice of a grid, on all cores, with the voxels it holds.
func forEachSlice(of shape: SIMD3<Int>, _ body: @Sendable (Range<Int>) -> Void) {
    let slice = shape.x * shape.y
    parallelFor(shape.z) { k in body((k * slice)..<((k + 1) * slice)) }
}

/// Adds up what `body` gives for each slice, in the order of slices.
func sumOverSlices(of shape: SIMD3<Int>, _ body: @Sendable (Range<Int>) -> Double) -> Double {
    let slice = shape.x * shape.y
    return concurrently(shape.z) { k in body((k * slice)..<((k + 1) * slice)) }.reduce(0, +)
}
