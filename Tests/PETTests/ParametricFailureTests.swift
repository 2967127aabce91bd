import Imaging
import PET
import Testing

/// What becomes of voxels that have no answer, and of scans that have none.
@Suite(.serialized) struct ParametricFailureTests {
    static let models: [ParametricModel] = [.refPatlak, .refLogan, .mrtm, .mrtm2, .srtm, .srtm2, .suvr]

    static func settings(_ model: ParametricModel) -> ParametricSettings {
        var settings = ParametricSettings(model)
        settings.parameters = model.parameters.map(\.name)
        if model.fixesK2Prime { settings.k2Prime = 0.12 }
        if [.refPatlak, .refLogan, .suvr].contains(model) { settings.fromS = 30 * 60 }
        return settings
    }

    static func maps(_ curves: [[Double]], _ settings: ParametricSettings, mask: [Bool]? = nil) throws -> ParametricMaps
    {
        let scan = SyntheticScan(frames: ninetyMinutes, names: [], curves: curves)
        return try ParametricMaps(
            of: scan.volume(width: 1, rows: 1), frames: ninetyMinutes,
            input: .reference(ReferenceRegion(name: "r", means: referenceMeans(scan.times))),
            mask: mask.map { VoxelMask($0) },
            settings: settings)
    }

    static func code(_ maps: ParametricMaps, _ voxel: Int) -> FitCode { FitCode(rawValue: maps.codes[voxel])! }

    @Test(arguments: models) func voxelsWithoutAnswerAreNaNWithACodeAndAWarning(model: ParametricModel) throws {
        let good = ParametricOracleTests.scan(noise: 0.01, count: 1).scan.curves[0]
        var (nan, infinite) = (good, good)
        nan[20] = .nan
        infinite[24] = .infinity
        let zero = [Double](repeating: 0, count: good.count)
        let maps = try Self.maps(
            [good, nan, infinite, zero, good.map { -$0 }, good], Self.settings(model),
            mask: [true, true, true, true, true, false])
        #expect(Self.code(maps, 0) == .solved)
        #expect(Self.code(maps, 1) == .notFinite && Self.code(maps, 2) == .notFinite)
        // A mean or a fixed sum of zeros is 0; a ratio of them is nothing.
        let isSum = model == .refPatlak || model == .suvr
        #expect(Self.code(maps, 3) == (isSum ? .solved : .noSignal))
        #expect(Self.code(maps, 4) == (model == .refLogan ? .notPositive : .solved))
        #expect(Self.code(maps, 5) == .outsideMask)
        for map in maps.maps {
            let values = map.volume.voxels
            #expect(values[0].isFinite && values[1].isNaN && values[2].isNaN && values[5] == 0)
            #expect(values[3].isNaN != isSum)
        }
        #expect(maps.counts[.notFinite] == 2 && maps.counts[.outsideMask] == 1)
        #expect(maps.warnings.contains { $0.hasPrefix("2 of 5 voxels (code 4)") })
    }

    @Test func ratesOutsideTheGridEndOnItsEnds() throws {
        var settings = Self.settings(.srtm)
        settings.rates = RateGrid(lowest: 0.06, highest: 0.09, count: 16)
        let curves = ParametricOracleTests.scan(noise: 0, count: 5).scan.curves
        let maps = try Self.maps(curves, settings)
        // k2a of the five curves: 0.0375, 0.045, 0.154, 0.08, 0.017.
        #expect(
            (0..<5).map { Self.code(maps, $0) } == [
                .atLowestRate, .atLowestRate, .atHighestRate, .solved, .atLowestRate,
            ])
        #expect(maps.maps[3].volume.voxels[0] == 0.06 && maps.maps[3].volume.voxels[2] == Float(0.09))
        #expect(maps.maps[0].volume.voxels[0].isFinite)
    }

    @Test func curvesThatDoNotWashOutHaveNoBindingPotential() throws {
        let times = FrameTimes(ninetyMinutes)
        let rising = times.mids.map { 10 * $0 * $0 + 100 * $0 }
        let good = ParametricOracleTests.scan(noise: 0.01, count: 1).scan.curves[0]
        #expect(Self.code(try Self.maps([rising, good], Self.settings(.mrtm)), 0) == .noWashout)
    }

    /// A voxel's bits do not depend on where in a tile it lies, how many others there are, or what they are.
    @Test(arguments: models) func aVoxelDoesNotKnowItsNeighbours(model: ParametricModel) throws {
        let curves = ParametricOracleTests.scan(noise: 0.05, count: 2100).scan.curves
        let all = try Self.maps(curves, Self.settings(model))
        let turned = try Self.maps(curves.reversed(), Self.settings(model))
        let mask = curves.indices.map { $0 % 7 == 3 }
        let few = try Self.maps(curves, Self.settings(model), mask: mask)
        for (place, map) in all.maps.enumerated() {
            let bits = map.volume.voxels.map(\.bitPattern)
            #expect(turned.maps[place].volume.voxels.map(\.bitPattern) == bits.reversed())
            for voxel in curves.indices {
                let value = few.maps[place].volume.voxels[voxel]
                #expect(value.bitPattern == (mask[voxel] ? bits[voxel] : 0))
            }
        }
    }

    /// 1100 voxels: a tile that is read in place and one that is copied.
    @Test(arguments: models) func everyInstructionSetGivesTheSameBits(model: ParametricModel) throws {
        let curves = ParametricOracleTests.scan(noise: 0.05, count: 1100).scan.curves
        let before = SIMDLevel.current
        defer { SIMDLevel.force(before) }
        var seen: Set<[UInt32]> = []
        for level in SIMDLevel.allCases where SIMDLevel.force(level) == level {
            let maps = try Self.maps(curves, Self.settings(model))
            seen.insert(maps.maps.flatMap { $0.volume.voxels.map(\.bitPattern) } + maps.codes.map(UInt32.init))
        }
        #expect(seen.count == 1)
    }

    static func refused(
        _ settings: ParametricSettings, frames: [Frame] = ninetyMinutes, input: ParametricMaps.Input? = nil,
        mask: VoxelMask? = nil
    ) throws -> ParametricError? {
        let scan = SyntheticScan(frames: frames, names: [], curves: [frames.map { _ in 1 }])
        let reference = ReferenceRegion(name: "r", means: referenceMeans(FrameTimes(frames)))
        return #expect(throws: ParametricError.self) {
            try ParametricMaps(
                of: scan.volume(width: 1, rows: 1), frames: frames, input: input ?? .reference(reference), mask: mask,
                settings: settings)
        }
    }

    @Test func whatCannotBeComputedIsSaid() throws {
        var late = ParametricSettings(.refPatlak)
        late.fromS = 85 * 60 + 2
        #expect(
            try Self.refused(late)?.description.hasPrefix("1 frame can be used from 5102 s on; 3 are") == true)
        #expect(try Self.refused(ParametricSettings(.srtm), input: ParametricMaps.Input.none) == .noReference(.srtm))
        #expect(try Self.refused(ParametricSettings(.patlak)) == .noPlasma(.patlak))
        let short = ReferenceRegion(name: "r", means: [1, 2])
        #expect(
            try Self.refused(ParametricSettings(.srtm), input: .reference(short))
                == .referenceFrames(image: 25, reference: 2))
        let nothing = ReferenceRegion(name: "r", means: ninetyMinutes.map { _ in 0 })
        #expect(
            try Self.refused(ParametricSettings(.srtm), input: .reference(nothing)) == .referenceNotPositive("r", 0))
        #expect(try Self.refused(ParametricSettings(.mean), mask: VoxelMask([false])) == .emptyMask)
        var weighted = ParametricSettings(.mrtm)
        weighted.weights = [1, 2, 3]
        #expect(try Self.refused(weighted) == .weightCount(weights: 3, frames: 25))
        weighted = ParametricSettings(.refLogan)
        weighted.weights = ninetyMinutes.map(\.duration)
        #expect(try Self.refused(weighted) == .noWeights(.refLogan))
        var named = ParametricSettings(.suvr)
        named.parameters = ["BP_ND"]
        #expect(try Self.refused(named) == .noParameter("BP_ND", .suvr))
        var frames = ninetyMinutes
        frames[4].start -= 60
        #expect(try Self.refused(ParametricSettings(.mrtm), frames: frames) == .overlappingFrames(4))
        frames[4].duration = 0
        #expect(try Self.refused(ParametricSettings(.mean), frames: frames) == .emptyFrame(4))
        // Flat voxels do not bind: nothing to take k2' from.
        #expect(try Self.refused(ParametricSettings(.srtm2)) != nil)
    }

    @Test func framesWithoutInputAreLeftOutOfALineAndCounted() throws {
        let scan = ParametricOracleTests.scan(noise: 0, count: 3).scan
        var means = referenceMeans(scan.times)
        (means[22], means[23]) = (0, -1)
        let maps = try ParametricMaps(
            of: scan.volume(width: 1, rows: 1), frames: scan.frames,
            input: .reference(ReferenceRegion(name: "r", means: means)), settings: Self.settings(.refPatlak))
        #expect(!maps.framesUsed.contains(22) && !maps.framesUsed.contains(23) && maps.framesUsed.contains(24))
        #expect(maps.warnings.contains { $0.hasPrefix("2 frames left out") })
    }

    @Test func gapsAndALateStartAreSaid() throws {
        var frames = ninetyMinutes.map { Frame(start: $0.start + 30, duration: $0.duration) }
        frames.remove(at: 9)
        // Tissue that takes up more and holds it longer than the reference.
        let target = zip(referenceMeans(FrameTimes(frames)), frames).map { $0 * (1 + $1.mid / 5400) }
        let scan = SyntheticScan(frames: frames, names: [], curves: [target])
        let maps = try ParametricMaps(
            of: scan.volume(width: 1, rows: 1), frames: frames,
            input: .reference(ReferenceRegion(name: "r", means: referenceMeans(scan.times))),
            settings: Self.settings(.mrtm))
        #expect(maps.warnings.contains { $0.contains("30.0 s after time zero") })
        #expect(maps.warnings.contains { $0.contains("1 gap between frames") })
    }

    @Test func framesBeyondTheBloodAreLeftOut() throws {
        let scan = ParametricOracleTests.scan(noise: 0, count: 3).scan
        let plasma = try #require(SampledCurve(times: [0, 1, 10, 60], values: [0, 100, 20, 5], end: .level))
        var settings = ParametricSettings(.patlak)
        settings.fromS = 30 * 60
        let maps = try ParametricMaps(
            of: scan.volume(width: 1, rows: 1), frames: scan.frames, input: .plasma(plasma), settings: settings)
        // 5 % beyond the last sample, 63 min: the frame from 59 to 64 min has its middle before, the next one after.
        #expect(maps.framesUsed.map { scan.frames[$0].mid / 60 }.max() == 61.5)
        #expect(maps.warnings.contains { $0.contains("left out: the last plasma sample is at 60 min") })
    }

    @Test func whatHoldsFromTheInjectionOnIsNotMappedFromLateFrames() throws {
        let curves = ParametricOracleTests.scan(noise: 0.01, count: 40).scan.curves
        var settings = ParametricSettings(.mrtm)
        settings.fromS = 20 * 60
        #expect(try Self.maps(curves, settings).maps.map(\.parameter.name) == ["BP_ND"])
        settings.parameters = ["R1"]
        #expect(throws: ParametricError.lateParameter("R1", .mrtm)) { try Self.maps(curves, settings) }
        // k2' of a first pass comes from the whole scan, whatever the window.
        var (late, whole) = (ParametricSettings(.mrtm2), ParametricSettings(.mrtm2))
        late.fromS = 20 * 60
        whole.parameters = ["BP_ND"]
        #expect(try Self.maps(curves, late).settings.k2Prime == Self.maps(curves, whole).settings.k2Prime)
    }

    @Test func aScanWithoutAnyAnswerIsRefusedAndFramesBeforeTheInjectionToo() throws {
        let nothing = [[Double]](repeating: ninetyMinutes.map { _ in .nan }, count: 3)
        let error = #expect(throws: ParametricError.self) { try Self.maps(nothing, Self.settings(.mrtm)) }
        #expect(error?.description.hasPrefix("no voxel has a solution: 3 of 3 voxels (code 4)") == true)
        var frames = ninetyMinutes
        frames = frames.map { Frame(start: $0.start - 60, duration: $0.duration) }
        #expect(try Self.refused(ParametricSettings(.srtm), frames: frames) == .beforeTimeZero(0))
        let zero = ReferenceRegion(name: "r", means: ninetyMinutes.map { _ in 0 })
        var patlak = ParametricSettings(.refPatlak)
        patlak.fromS = 30 * 60
        #expect(try Self.refused(patlak, input: .reference(zero)) == .referenceNotPositive("r", 0))
    }

    /// The reference times a number has R1 but any k2.
    @Test func theReferenceItselfHasNoUniqueSRTM() throws {
        let means = referenceMeans(FrameTimes(ninetyMinutes))
        let other = ParametricOracleTests.scan(noise: 0, count: 1).scan.curves[0]
        let maps = try Self.maps([means.map { 2 * $0 }, other], Self.settings(.srtm))
        #expect(Self.code(maps, 0) == .notUnique && Self.code(maps, 1) == .solved)
    }

    @Test func framesInPartInTheWindowAreCounted() throws {
        let curves = ParametricOracleTests.scan(noise: 0, count: 2).scan.curves
        var settings = ParametricSettings(.suvr)
        (settings.fromS, settings.toS) = (50 * 60, 80 * 60)
        let maps = try Self.maps(curves, settings)
        #expect(maps.warnings.contains("2 frames lie only in part in the window and were left out"))
    }
}
