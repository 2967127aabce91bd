import Imaging
import PET
import Records
import Testing

/// Two blocks side by side in the middle of a grid of 2 mm, and noise.
private func blocks(frames: Int = 1, seed: UInt64 = 1) throws -> (image: Volume, labels: LabelMap) {
    let grid = try VoxelGrid(shape: [21, 19, 17], worldFromVoxel: Affine(scale: [2, 2, 2]))
    var labels = [Int32](repeating: 0, count: grid.count)
    for k in 4..<12 {
        for j in 5..<13 { for i in 4..<16 { labels[grid.offset(i, j, k)] = i < 9 ? 5 : 7 } }
    }
    var state = seed
    let voxels = (0..<(grid.count * frames)).map { _ -> Float in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(state >> 40) / Float(1 << 24) * 10
    }
    let names = LabelTable([5: .init(name: "graft"), 7: .init(name: "white-matter")])
    return (
        Volume(grid: grid, frames: frames, voxels: voxels), LabelMap(grid: grid, voxels: labels, names: names)
    )
}

/// The blocks as probabilities, a frame each.
private func masks(_ labels: LabelMap) -> Volume {
    Volume(
        grid: labels.grid, frames: 2,
        voxels: [5, 7].flatMap { label in labels.voxels.map { $0 == label ? Float(1) : 0 } })
}

private func correction(
    _ method: String, _ regions: PartialVolumeRegions, border: PointSpread.Border = .mirror
) throws -> PartialVolumeCorrection {
    try PartialVolumeCorrection(
        try #require(PartialVolumeMethod(method)), regions: regions,
        spread: try PointSpread(fwhm: [[5, 6, 7]], border: border))
}

@Suite struct PartialVolumeTests {
    @Test func aMethodIsWhatItsNameSays() throws {
        #expect(PartialVolumeMethod.names.count == 23)
        for name in PartialVolumeMethod.names { #expect(PartialVolumeMethod(name)?.name == name) }
        #expect(PartialVolumeMethod("sGTM+RBV+VC")?.name == "labbe+rbv+vc")
        #expect(PartialVolumeMethod("gtm+vc") == nil && PartialVolumeMethod("") == nil)
        #expect(PartialVolumeMethod("iy+rl")?.sharpening == .rl && PartialVolumeMethod("mg")?.voxelwise == .mg)
        #expect(PartialVolumeMethod("vc")?.defaultIterations == 30 && PartialVolumeMethod.gtm.regional == .gtm)
    }

    @Test func widthsAreCombinedInQuadrature() throws {
        let spread = try PointSpread(fwhm: [[4.5, 4.5, 4.5], [4, 4, 3]])
        #expect(abs(spread.fwhm.x - 36.25.squareRoot()) < 1e-15 && abs(spread.fwhm.z - 29.25.squareRoot()) < 1e-15)
    }

    /// Every frame has the bits it would have alone.
    @Test(arguments: PartialVolumeMethod.names)
    func framesAreCorrectedOneByOne(method: String) throws {
        let (image, labels) = try blocks(frames: 3)
        let correction = try correction(method, try PartialVolumeRegions(labels: labels, on: image.grid))
        let together = try correction.correct(image)
        for frame in 0..<3 {
            let alone = try correction.correct(image.frame(frame))
            for region in correction.regions.regions.indices {
                #expect(alone.corrected[region][0].bitPattern == together.corrected[region][frame].bitPattern)
                #expect(alone.uncorrected[region][0] == together.uncorrected[region][frame])
            }
            #expect(alone.image?.voxels == together.image?.frame(frame).voxels)
        }
        #expect((together.image == nil) == (correction.method.voxelwise == nil))
        let withoutImage = try correction.correct(image, keepingImage: false)
        #expect(withoutImage.image == nil)
        #expect(withoutImage.corrected.map { $0.map(\.bitPattern) } == together.corrected.map { $0.map(\.bitPattern) })
    }

    /// Probabilities of 0 and 1 are labels; sums over voxels in the same order, S once in Double: 1e-6.
    @Test(arguments: PartialVolumeMethod.names)
    func hardProbabilitiesAreLabels(method: String) throws {
        let (image, labels) = try blocks()
        let names = LabelTable([1: .init(name: "graft"), 2: .init(name: "white-matter")])
        let soft = try PartialVolumeRegions(probabilities: masks(labels), names: names, on: image.grid)
        let a = try correction(method, try PartialVolumeRegions(labels: labels, on: image.grid)).correct(image)
        let b = try correction(method, soft).correct(image)
        #expect(soft.regions.map(\.name) == ["graft", "white-matter", "background"] && soft.warnings.isEmpty)
        for (x, y) in zip(a.corrected, b.corrected) where !x[0].isNaN { #expect(abs(x[0] / y[0] - 1) < 1e-6) }
    }

    /// An image made of blurred probabilities has its activities found again; `smoothed` is a blur of its own.
    /// Tolerance: its Float32 voxels and tails.
    @Test(arguments: ["gtm", "labbe"])
    func mixedVoxelsGiveTheirRegionsBack(method: String) throws {
        let (image, labels) = try blocks()
        var maps = masks(labels).smoothed(fwhm: [4, 4, 4])
        maps.withMutableVoxels { for v in $0.indices { $0[v] = min(max($0[v], 0), 1) * 0.9 } }
        let regions = try PartialVolumeRegions(probabilities: maps, on: image.grid)
        let truth = [40.0, 25, 3]
        var sharp = Volume(grid: image.grid, repeating: Float(truth[2]))
        sharp.withMutableVoxels { voxels in
            for v in voxels.indices {
                let (p, q) = (Double(maps.voxels[v]), Double(maps.voxels[image.grid.count + v]))
                voxels[v] = Float(p * truth[0] + q * truth[1] + (1 - p - q) * truth[2])
            }
        }
        let found = try correction(method, regions).correct(sharp.smoothed(fwhm: [5, 6, 7]))
        for (ours, expected) in zip(found.corrected, truth) { #expect(abs(ours[0] / expected - 1) < 2e-5, "\(ours)") }
    }

    /// A uniform image is what it is, whatever the regions: the border is mirrored and the background is a region.
    @Test(arguments: PartialVolumeMethod.names.filter { !$0.hasPrefix("mg") })
    func aUniformImageStays(method: String) throws {
        let (image, labels) = try blocks()
        let flat = Volume(grid: image.grid, repeating: 5)
        let found = try correction(method, try PartialVolumeRegions(labels: labels, on: image.grid)).correct(flat)
        for region in found.corrected { #expect(abs(region[0] - 5) < 5e-5, "\(region)") }
        for value in found.image?.voxels ?? [] { #expect(abs(value - 5) < 2e-4) }
    }

    /// 400 noise images, seeded: the SD between them of the corrected over that of the uncorrected mean. A ratio of two
    /// such SDs is off by some 5 %; 15 % is three times that.
    @Test(arguments: ["gtm", "labbe"])
    func noiseGrowsAsItSays(method: String) throws {
        let (image, labels) = try blocks(frames: 400, seed: 9)
        let correction = try correction(method, try PartialVolumeRegions(labels: labels, on: image.grid))
        let found = try correction.correct(image)
        func sd(_ values: [Double]) -> Double {
            let mean = values.reduce(0, +) / Double(values.count)
            return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
        }
        let said = try #require(correction.transfer).noiseAmplification
        for place in 0..<2 {
            let seen = sd(found.corrected[place]) / sd(found.uncorrected[place])
            #expect(abs(seen / said[place] - 1) < 0.15, "\(seen) for \(said[place])")
            #expect(said[place] > 1.1)
        }
    }

    @Test func labelsOnAnotherGridAreLookedUpWithAWarning() throws {
        let (image, labels) = try blocks()
        let finer = labels.resampled(onto: try labels.grid.resized(voxelSize: [1, 1, 1]))
        let regions = try PartialVolumeRegions(labels: finer, on: image.grid)
        #expect(regions.warnings.count == 1 && regions.warnings[0].contains("another grid"))
        let same = try PartialVolumeRegions(labels: labels, on: image.grid)
        #expect(regions.regions.map(\.voxels) == same.regions.map(\.voxels))
        let softer = masks(labels).resampled(onto: finer.grid, interpolation: .nearest)
        #expect(try PartialVolumeRegions(probabilities: softer, on: image.grid).warnings[0].contains("another grid"))
    }

    @Test func regionsAtTheEdgeAreNamed() throws {
        let (image, labels) = try blocks()
        var voxels = labels.voxels
        voxels[0] = 5
        let map = LabelMap(grid: labels.grid, voxels: voxels, names: labels.names)
        let regions = try PartialVolumeRegions(labels: map, on: image.grid)
        #expect(regions.regions.map(\.touchesEdge) == [true, false, true])
        #expect(regions.warnings == ["at the edge of the field of view, where what lies beyond is assumed: graft"])
    }

    @Test func tooMuchProbabilityIsDividedByItsSumWithAWarning() throws {
        let (image, labels) = try blocks()
        var maps = masks(labels)
        let place = labels.voxels.firstIndex(of: 5)!
        maps.withMutableVoxels { $0[image.grid.count + place] = 1 }
        let regions = try PartialVolumeRegions(probabilities: maps, on: image.grid)
        #expect(
            regions.warnings == [
                "probabilities add up to more than 1 in 1 voxels, to 2.0 at most; they were divided by their sum"
            ])
        let sizes = regions.regions.map(\.voxels)
        #expect(sizes.reduce(0, +) == Double(image.grid.count))
        #expect(sizes[0] == Double(labels.voxels.count { $0 == 5 }) - 0.5)
    }

    @Test func withoutRoomForABackgroundThereIsNone() throws {
        let (image, labels) = try blocks()
        let full = LabelMap(grid: labels.grid, voxels: labels.voxels.map { $0 == 0 ? 9 : $0 })
        let regions = try PartialVolumeRegions(labels: full, on: image.grid)
        #expect(regions.regions.allSatisfy { !$0.isBackground } && regions.regions.count == 3)
    }

    /// A region below 0 would make h⊗S pass through 0 beside it, and voxels there without bound.
    @Test func activitiesBelowZeroAreCountedAndTakenAsZero() throws {
        let (image, labels) = try blocks()
        let negative = Volume(
            grid: image.grid, voxels: labels.voxels.map { $0 == 0 ? -1 : 20 })
        let found = try correction("rbv", try PartialVolumeRegions(labels: labels, on: image.grid)).correct(negative)
        #expect(found.warnings[0] == "in 1 frame a region's activity was below 0 and was taken as 0: background")
        #expect(found.image?.voxels.allSatisfy { $0.isFinite && abs($0) < 200 } == true)
        let deconvolved = try correction("rl", try PartialVolumeRegions(labels: labels, on: image.grid)).correct(
            negative)
        let below = labels.voxels.count { $0 == 0 }
        #expect(deconvolved.warnings.count == 1 && deconvolved.warnings[0].hasPrefix("\(below) voxels below 0 ("))
    }

    @Test func correctedCurvesHaveTheRegionsAndTheirUnit() throws {
        let (image, labels) = try blocks(frames: 2)
        let correction = try correction("gtm", try PartialVolumeRegions(labels: labels, on: image.grid))
        let report = PartialVolumeReport(try correction.correct(image), of: correction, units: "kBq/mL")
        let curves = report.curves(frames: [Frame(start: 0, duration: 60), Frame(start: 60, duration: 60)])
        #expect(curves.curves.map(\.name) == ["graft", "white-matter"] && curves.units == "Bq/mL")
        #expect(curves.curves[0].mean == report.result.corrected[0].map { $0 * 1000 })
        #expect(JSONValue.object(report.members)["regions"]?[0]?["corrected"]?.doubles?.count == 2)
        #expect(report.text.contains("means over 2 frames"))
    }

    @Test func progressHearsOfEveryFrame() throws {
        let (image, labels) = try blocks(frames: 3)
        var heard: [Int] = []
        _ = try correction("iy", try PartialVolumeRegions(labels: labels, on: image.grid)).correct(image) {
            heard.append($0)
        }
        #expect(heard == [0, 1, 2])
    }
}

@Suite(.serialized) struct PartialVolumeBitsTests {
    @Test(arguments: PartialVolumeMethod.names)
    func everyInstructionSetGivesTheSameBits(method: String) throws {
        let (image, labels) = try blocks(frames: 2)
        let before = SIMDLevel.current
        defer { SIMDLevel.force(before) }
        var hashes: Set<String> = []
        for level in SIMDLevel.allCases where level <= before {
            SIMDLevel.force(level)
            let correction = try correction(method, try PartialVolumeRegions(labels: labels, on: image.grid))
            let found = try correction.correct(image)
            hashes.insert(SHA256.hex(found.image?.voxels ?? []) + "\(found.corrected)")
        }
        #expect(hashes.count == 1)
    }
}
