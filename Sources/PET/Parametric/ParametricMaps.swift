import Imaging
import Records

/// Maps of a kinetic model over the voxels of a dynamic image, with what became of each voxel.
///
/// Values outside the mask are 0; voxels without a solution are NaN and have a code above `FitCode.atHighestRate`.
public struct ParametricMaps: Sendable {
    /// One map.
    public struct Map: Sendable {
        /// What it shows.
        public let parameter: ParametricModel.Parameter
        /// Its values.
        public let volume: Volume
    }

    /// How they were computed; `k2Prime` is the one used, given or found.
    public private(set) var settings: ParametricSettings
    /// The maps wanted.
    public private(set) var maps: [Map] = []
    /// A `FitCode` a voxel.
    public private(set) var codes: [UInt8] = []
    /// How many voxels have each code.
    public private(set) var counts: [FitCode: Int] = [:]
    /// Frames that took part, ascending, counted from 0.
    public private(set) var framesUsed: [Int]
    /// Where the voxels are.
    public let grid: VoxelGrid
    /// Times of all frames, s.
    public let frames: [Frame]
    /// Whether the image had frame times; a single frame may do without.
    public let hasTimes: Bool
    /// Voxels that k2' was found from; `nil` where it was given or not needed.
    public private(set) var k2PrimeVoxels: Int?
    /// The reference; `nil` where the model has none.
    public let reference: ReferenceRegion?
    /// The mask.
    public let mask: VoxelMask
    /// What was doubtful.
    public private(set) var warnings: [String] = []

    /// What voxels are held against.
    public enum Input: Sendable {
        case none
        case reference(ReferenceRegion)
        /// Unchanged tracer in arterial plasma, in the image's unit over min.
        case plasma(SampledCurve)
    }

    /// Computes the maps of a model over a dynamic image.
    ///
    /// - Parameters:
    ///   - frames: as many as the image has, in order; only `suvr` and `mean` take one frame without times.
    ///   - mask: voxels to compute; all where `nil`.
    ///   - progress: called `ParametricMaps.steps` times a pass, on the caller's thread.
    public init(
        of volume: Volume, frames: [Frame], input: Input = .none, mask: VoxelMask? = nil, settings: ParametricSettings,
        progress: () -> Void = {}
    ) throws {
        var frames = frames
        hasTimes = !frames.isEmpty
        if frames.isEmpty && volume.frames == 1 && [.suvr, .mean].contains(settings.model) {
            guard settings.fromS <= 0 && settings.toS == .infinity else { throw WindowError.noFrameTimes }
            frames = [Frame(start: 0, duration: 1)]
        }
        guard frames.count == volume.frames else {
            throw frames.isEmpty ? WindowError.noFrameTimes : .frameCount(image: volume.frames, sidecar: frames.count)
        }
        (self.settings, self.frames, grid) = (settings, frames, volume.grid)
        self.mask = mask ?? VoxelMask(all: volume.grid)
        precondition(self.mask.isInside.count == volume.grid.count, "the mask is of the image's grid")
        guard self.mask.count > 0 else { throw ParametricError.emptyMask }
        if case .reference(let curve) = input { reference = curve } else { reference = nil }
        framesUsed = settings.used(frames)
        try check(input)
        if settings.model.fixesK2Prime && settings.k2Prime == nil { try findK2Prime(volume, progress) }
        let kept = try settings.kept()
        let found = try run(settings.model, on: volume, input, kept: kept, progress)
        maps = zip(kept, found.maps).map { Map(parameter: settings.model.parameters[$0], volume: $1) }
        codes = found.codes
        count()
        let solved = counts.reduce(0) { $1.key.hasValue ? $0 + $1.value : $0 }
        guard solved > 0 else { throw ParametricError.nothingSolved(warnings.joined(separator: "; ")) }
    }

    /// How often `progress` is called for each pass over the image.
    public static let steps = VoxelTiles.steps

    /// Passes over the image that a model with these settings takes.
    public static func passes(_ settings: ParametricSettings) -> Int {
        settings.model.fixesK2Prime && settings.k2Prime == nil ? 2 : 1
    }

    /// Computes the rows `kept` of a model's parameters.
    private func run(
        _ model: ParametricModel, on volume: Volume, _ input: Input, kept: [Int], _ progress: () -> Void
    ) throws -> (maps: [Volume], codes: [UInt8]) {
        func run(
            _ places: [Int], _ fit: @Sendable (VoxelTiles.Tile, VoxelTiles.Output) -> Void
        ) -> (maps: [Volume], codes: [UInt8]) {
            VoxelTiles(volume: volume, mask: mask, frames: places)
                .run(kept: kept, progress: progress, fit: fit)
        }
        switch model {
        case .mean, .suvr, .patlak, .refPatlak:
            let fit = try linear(input)
            return run(fit.places, fit.fit)
        case .refLogan:
            let fit = LoganFrames(
                used: framesUsed, reference: reference!.means, integral: runningIntegral, k2Prime: settings.k2Prime)
            return run(fit.places, fit.fit)
        case .mrtm, .mrtm2:
            let fit = try IntegralFrames(
                model, used: framesUsed, reference: reference!.means, integral: runningIntegral, weights: weights,
                k2Prime: settings.k2Prime ?? .infinity)
            return run(fit.places, fit.fit)
        case .srtm, .srtm2:
            let fit = try BasisFrames(
                used: framesUsed, frames: FrameTimes(frames), reference: reference!.means, weights: weights,
                grid: settings.rates, k2Prime: model == .srtm2 ? settings.k2Prime : nil)
            return run(fit.places, fit.fit)
        }
    }

    /// The first pass of models that fix k2': the median of the free model's over voxels that bind.
    private mutating func findK2Prime(_ volume: Volume, _ progress: () -> Void) throws {
        let model: ParametricModel = settings.model == .mrtm2 ? .mrtm : .srtm
        // R1 holds from the injection on, so the first pass takes the whole scan.
        let late = framesUsed
        framesUsed = frames.indices.filter { weights[$0] > 0 }
        let found = try run(model, on: volume, .none, kept: [0, 4], progress)
        framesUsed = late
        let (BPND, k2Prime) = (found.maps[0].voxels, found.maps[1].voxels)
        var values: [Float] = []
        for voxel in found.codes.indices where found.codes[voxel] == FitCode.solved.rawValue {
            if Double(BPND[voxel]) > settings.k2PrimeThreshold, k2Prime[voxel] > 0, k2Prime[voxel].isFinite {
                values.append(k2Prime[voxel])
            }
        }
        guard !values.isEmpty else { throw ParametricError.noK2Prime(threshold: settings.k2PrimeThreshold) }
        values.sort()
        settings.k2Prime = (Double(values[(values.count - 1) / 2]) + Double(values[values.count / 2])) / 2
        k2PrimeVoxels = values.count
    }

    private mutating func count() {
        // Four tallies, since neighbours are mostly alike and an addition waits for the last one to the same place.
        var tally = [Int](repeating: 0, count: 4 * 256)
        tally.withUnsafeMutableBufferPointer { tally in
            codes.withUnsafeBufferPointer { codes in
                for voxel in codes.indices { tally[256 &* (voxel & 3) &+ Int(codes[voxel])] &+= 1 }
            }
            for code in 0..<256 { for part in 1..<4 { tally[code] += tally[256 * part + code] } }
        }
        counts = Dictionary(uniqueKeysWithValues: FitCode.allCases.map { ($0, tally[Int($0.rawValue)]) })
        for code in FitCode.allCases where code.rawValue > FitCode.outsideMask.rawValue {
            guard let number = counts[code], number > 0 else { continue }
            warnings.append(
                "\(number) of \(mask.count) voxel\(mask.count == 1 ? "" : "s") (code \(code.rawValue)): \(code.meaning)"
            )
        }
    }
}

extension ParametricMaps {
    /// Weights of all frames.
    private var weights: [Double] { settings.weights ?? [Double](repeating: 1, count: frames.count) }

    /// The fewest frames with which a model can be solved.
    private var needed: Int {
        switch settings.model {
        case .mean, .suvr: 1
        case .mrtm2 where settings.k2Prime == nil, .srtm2 where settings.k2Prime == nil: 4
        case .patlak, .refPatlak, .refLogan, .mrtm2, .srtm2: 3
        case .mrtm, .srtm: 4
        }
    }

    /// Throws where frames, input and weights do not fit together; leaves frames out that cannot be used.
    private mutating func check(_ input: Input) throws {
        let model = settings.model
        switch (model.input, input) {
        case (.reference, .reference(let curve)):
            guard curve.means.count == frames.count else {
                throw ParametricError.referenceFrames(image: frames.count, reference: curve.means.count)
            }
            warnings += curve.warnings
        case (.plasma, .plasma), (.none, _): break
        case (.reference, _): throw ParametricError.noReference(model)
        case (.plasma, _): throw ParametricError.noPlasma(model)
        }
        guard weights.count == frames.count else {
            throw ParametricError.weightCount(weights: weights.count, frames: frames.count)
        }
        guard settings.weights == nil || model != .refLogan else { throw ParametricError.noWeights(model) }
        try checkTimes()
        let cut = frames.count { frame in
            (frame.start < settings.fromS - 0.5 && frame.end > settings.fromS + 0.5)
                || (frame.start < settings.toS - 0.5 && frame.end > settings.toS + 0.5)
        }
        if cut > 0 {
            warnings.append(
                "\(cut) frame\(cut == 1 ? " lies" : "s lie") only in part in the window and \(cut == 1 ? "was" : "were") "
                    + "left out")
        }
        let weights = weights
        framesUsed.removeAll { weights[$0] <= 0 }
        try dropFramesWithoutInput(input)
        guard framesUsed.count >= needed else {
            throw ParametricError.tooFewFrames(
                found: framesUsed.count, needed: needed, fromS: settings.fromS, toS: settings.toS
            )
        }
    }

    private mutating func checkTimes() throws {
        if let empty = frames.firstIndex(where: { !($0.duration > 0) }) { throw ParametricError.emptyFrame(empty) }
        guard ![.mean, .suvr].contains(settings.model) else { return }
        if let late = frames.indices.dropFirst().first(where: { frames[$0].start < frames[$0 - 1].end - 0.5 }) {
            throw ParametricError.overlappingFrames(late)
        }
        if settings.model != .patlak, let first = frames.first, first.start > 0.5 {
            warnings.append(
                "the first frame starts \(first.start) s after time zero; curves are taken to rise straight from 0")
        }
        if let early = frames.firstIndex(where: { $0.start < -0.5 }) { throw ParametricError.beforeTimeZero(early) }
        let gaps = zip(frames, frames.dropFirst()).filter { $1.start - $0.end > 0.5 }.count
        if gaps > 0 {
            warnings.append(
                "\(gaps) gap\(gaps == 1 ? " between frames is" : "s between frames are") filled by straight lines")
        }
    }

    /// Graphical methods divide by the input: frames in which it is not above 0 are left out, with a warning.
    private mutating func dropFramesWithoutInput(_ input: Input) throws {
        let values: [Double]
        switch (settings.model, input) {
        case (.refPatlak, .reference(let curve)): values = curve.means
        case (.patlak, .plasma(let curve)):
            values = FrameConvolution(input: curve, frames: FrameTimes(frames)).inputAverages
        case (_, .reference(let curve)):
            let mean = framesUsed.reduce(0) { $0 + frames[$1].duration * curve.means[$1] }
            guard framesUsed.isEmpty || mean > 0 else {
                throw ParametricError.referenceNotPositive(curve.name, mean)
            }
            return
        default: return
        }
        if case .plasma(let curve) = input {
            let mids = FrameTimes(frames).mids
            leaveOut("the last plasma sample is at \(significant(curve.times.last, 4)) min") {
                mids[$0] > curve.lastMiddle
            }
        }
        if !framesUsed.isEmpty, framesUsed.allSatisfy({ values[$0] <= 0 }), case .reference(let curve) = input {
            throw ParametricError.referenceNotPositive(curve.name, 0)
        }
        leaveOut("the input is not above 0 in them") { values[$0] <= 0 }
    }

    private mutating func leaveOut(_ reason: String, _ isUseless: (Int) -> Bool) {
        let before = framesUsed.count
        framesUsed.removeAll(where: isUseless)
        let lost = before - framesUsed.count
        if lost > 0 { warnings.append("\(lost) frame\(lost == 1 ? "" : "s") left out: \(reason)") }
    }

    private var runningIntegral: RunningIntegral { RunningIntegral(settings.integral, frames: FrameTimes(frames)) }

    /// Weights are of C; the line is through C / input, whose points weigh alike where C has no weights.
    private func line(_ input: [Double], integral: [Double]) throws(ParametricError) -> LinearFrames {
        let weights = settings.weights.map { zip($0, input).map { $0 * $1 * $1 } }
        return try LinearFrames(
            lineOver: framesUsed, input: input, integral: integral, weights: weights ?? self.weights)
    }

    /// The fixed sums of the models that have them.
    private func linear(_ input: Input) throws -> LinearFrames {
        let times = FrameTimes(frames)
        let durations = frames.map(\.duration)
        switch input {
        case .plasma(let curve):
            let prepared = FrameConvolution(input: curve, frames: times)
            return try line(prepared.inputAverages, integral: prepared.averages(theta: 0))
        case .reference(let curve) where settings.model == .refPatlak:
            return try line(curve.means, integral: runningIntegral.of(curve.means))
        case .reference(let curve) where settings.model == .suvr:
            let total = framesUsed.reduce(0) { $0 + durations[$1] }
            let mean = framesUsed.reduce(0) { $0 + durations[$1] / total * curve.means[$1] }
            return LinearFrames(meanOf: framesUsed, durations: durations, over: mean)
        default: return LinearFrames(meanOf: framesUsed, durations: durations, over: 1)
        }
    }
}
