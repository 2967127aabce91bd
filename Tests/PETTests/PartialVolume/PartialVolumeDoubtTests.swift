import Imaging
import PET
import Testing

/// A ball of radius `radius` mm about a point, as shares of voxels between 0 and 1 over `soft` mm; 0: hard.
private func ball(_ grid: VoxelGrid, _ centre: SIMD3<Double>, _ radius: Double, soft: Double = 0) -> [Float] {
    (0..<grid.count).map { voxel in
        let (i, rest) = (voxel % grid.shape.x, voxel / grid.shape.x)
        let point = grid.worldFromVoxel([
            Double(i), Double(rest % grid.shape.y), Double(rest / grid.shape.y),
        ])
        let depth = radius - norm(point - centre)
        return soft > 0 ? Float(min(max(0.5 + depth / soft, 0), 1)) : (depth >= 0 ? 1 : 0)
    }
}

/// A head in air: scalp 3, brain 1 and two striata of 4, at 3 mm and blurred by 6 mm.
private struct Head {
    let grid: VoxelGrid
    let image: Volume
    /// Scalp, brain and the striata: whole; and the striata alone.
    let whole, striata: LabelMap

    init() throws {
        grid = try VoxelGrid(shape: [48, 44, 40], worldFromVoxel: Affine(scale: [3, 3, 3]))
        let centre = SIMD3<Double>(70, 65, 58)
        let (head, brain) = (ball(grid, centre, 52), ball(grid, centre, 42))
        let (left, right) = (ball(grid, centre - [18, 0, 0], 9), ball(grid, centre + [18, 0, 0], 9))
        var labels = [Int32](repeating: 0, count: grid.count)
        for v in labels.indices {
            if head[v] > 0 { labels[v] = 1 }
            if brain[v] > 0 { labels[v] = 2 }
            if left[v] > 0 { labels[v] = 3 }
            if right[v] > 0 { labels[v] = 4 }
        }
        let names = LabelTable([3: .init(name: "Left-Striatum"), 4: .init(name: "Right-Striatum")])
        whole = LabelMap(grid: grid, voxels: labels, names: names)
        striata = LabelMap(grid: grid, voxels: labels.map { $0 > 2 ? $0 : 0 }, names: names)
        let sharp = labels.map { [Float(0), 3, 1, 4, 4][Int($0)] }
        image = Volume(grid: grid, voxels: sharp).smoothed(fwhm: [6, 6, 6])
    }

    func corrected(_ labels: LabelMap, _ method: String = "gtm", of image: Volume? = nil) throws
        -> PartialVolumeCorrection.Result
    {
        try PartialVolumeCorrection(
            try #require(PartialVolumeMethod(method)), regions: PartialVolumeRegions(labels: labels, on: grid),
            spread: PointSpread(fwhm: [[6, 6, 6]])
        ).correct(image ?? self.image)
    }
}

private func noise(_ count: Int, sd: Float, seed: UInt64) -> [Float] {
    var state = seed
    return (0..<count).map { _ in
        var sum: Float = 0
        for _ in 0..<12 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            sum += Float(state >> 40) / Float(1 << 24) - 0.5
        }
        return sum * sd
    }
}

/// What a correction cannot know is said.
@Suite struct PartialVolumeDoubtTests {
    /// With the head labelled whole the model is the image; `smoothed` is a blur of its own, 1e-4.
    @Test(arguments: ["gtm", "labbe", "rbv", "mtc"])
    func aBackgroundOfAirScalpAndBrainIsWarnedOf(method: String) throws {
        let head = try Head()
        let right = try head.corrected(head.whole, method)
        #expect(try #require(right.modelMisfit) < 1e-4 && right.warnings.isEmpty, "\(right.warnings)")
        let wrong = try head.corrected(head.striata, method)
        #expect(try #require(wrong.modelMisfit) > 0.15, "\(wrong.modelMisfit!)")
        #expect(wrong.warnings.last?.contains("not one activity") == true)
        #expect(wrong.corrected[0][0] > 4.2)
    }

    /// Independent noise as large as the brain's activity in every voxel is no misfit.
    @Test func noiseIsNoMisfit() throws {
        let head = try Head()
        let noisy = zip(head.image.voxels, noise(head.grid.count, sd: 1, seed: 3)).map { $0 + $1 }
        let found = try head.corrected(head.whole, of: Volume(grid: head.grid, voxels: noisy))
        #expect(try #require(found.modelMisfit) < 0.15, "\(found.modelMisfit!)")
    }

    @Test func methodsWithoutEquationsHaveNoMisfit() throws {
        let head = try Head()
        #expect(try head.corrected(head.whole, "iy").modelMisfit == nil)
    }

    /// Every method that cuts at 0 counts it; those that do not say nothing of it.
    @Test(arguments: [("stc", true), ("vc", true), ("rl", true), ("mtc+rl", true), ("mtc+vc", true), ("mtc", false)])
    func voxelsThatAreCutAreCounted(method: String, cuts: Bool) throws {
        let head = try Head()
        let noisy = Volume(grid: head.grid, voxels: noise(head.grid.count, sd: 100, seed: 5))
        let warnings = try head.corrected(head.whole, method, of: noisy).warnings
        #expect(warnings.contains { $0.contains("below 0 (") } == cuts, "\(warnings)")
        // Rounding below 0 is not counted.
        var flat = Volume(grid: head.grid, repeating: 5)
        if method == "rl" { flat[3, 3, 3] = -4e-6 }
        let quiet = try head.corrected(head.whole, method, of: flat).warnings
        #expect(!quiet.contains { $0.contains("below 0") }, "\(quiet)")
    }

    /// Activities that mix in voxels are taken apart again. Tolerance of stc and the sharpened: what they leave unsolved.
    @Test(arguments: [
        ("gtm", 1e-4), ("rbv", 1e-3), ("mtc", 1e-3), ("labbe+rbv", 1e-3), ("labbe+mtc", 1e-3), ("iy", 1e-2),
    ])
    func probabilitiesGiveActivities(method: String, tolerance: Double) throws {
        let head = try Head()
        let centre = SIMD3<Double>(70, 65, 58)
        let brain = ball(head.grid, centre, 42, soft: 9)
        let left = ball(head.grid, centre - [18, 0, 0], 9, soft: 9)
        let rest = zip(brain, left).map { $0 * (1 - $1) }
        let maps = Volume(grid: head.grid, frames: 2, voxels: left + rest)
        let sharp = zip(left, rest).map { 4 * $0 + $1 }
        let image = Volume(grid: head.grid, voxels: sharp).smoothed(fwhm: [6, 6, 6])
        let correction = try PartialVolumeCorrection(
            try #require(PartialVolumeMethod(method)),
            regions: PartialVolumeRegions(probabilities: maps, on: head.grid), spread: PointSpread(fwhm: [[6, 6, 6]]))
        let found = try correction.correct(image)
        #expect(abs(found.corrected[0][0] - 4) < 4 * tolerance, "\(found.corrected)")
        #expect(abs(found.corrected[1][0] - 1) < tolerance, "\(found.corrected)")
    }

    @Test(arguments: ["gtm", "rbv", "iy", "rl"])
    func theSameMapTwiceIsRefusedByName(method: String) throws {
        let head = try Head()
        let map = ball(head.grid, [70, 65, 58], 20, soft: 9).map { $0 / 2 }
        let names = LabelTable([1: .init(name: "graft"), 2: .init(name: "putamen")])
        let regions = try PartialVolumeRegions(
            probabilities: Volume(grid: head.grid, frames: 2, voxels: map + map), names: names, on: head.grid)
        #expect {
            _ = try PartialVolumeCorrection(
                try #require(PartialVolumeMethod(method)), regions: regions, spread: PointSpread(fwhm: [[6, 6, 6]]))
        } throws: {
            "\($0)".hasPrefix("the regions graft and putamen cannot be told apart")
        }
    }

    @Test func widthsThatAreUnlikelyAreWarnedOf() throws {
        let head = try Head()
        let regions = try PartialVolumeRegions(labels: head.whole, on: head.grid)
        let narrow = try PartialVolumeCorrection(.gtm, regions: regions, spread: PointSpread(fwhm: [[2, 6, 6]]))
        #expect(narrow.warnings == ["the width is below a voxel: 2.00 mm along i; is it in mm?"])
        let wide = try PartialVolumeCorrection(.gtm, regions: regions, spread: PointSpread(fwhm: [[6, 6, 40]]))
        #expect(wide.warnings.contains { $0.hasPrefix("the width is above 15 mm") && $0.hasSuffix("40.00 mm along k") })
        let broad = try PartialVolumeCorrection(.gtm, regions: regions, spread: PointSpread(fwhm: [[60, 60, 60]]))
        #expect(broad.warnings.contains { $0.hasPrefix("noise grows more than tenfold in ") })
        #expect(broad.warnings.contains { $0.hasPrefix("the condition number is ") })
    }

    /// A grid that is shifted by a radius: half of the left striatum's ball is beyond.
    @Test func regionsCutByTheImageAreNamed() throws {
        let head = try Head()
        // The striata begin at 43 mm; the image at 51.
        let part = try VoxelGrid(
            shape: [28, 44, 40], worldFromVoxel: Affine(scale: [3, 3, 3], translation: [51, 0, 0]))
        let cut = try PartialVolumeRegions(labels: head.striata, on: part)
        let warning = try #require(cut.warnings.first { $0.contains("beyond the image") })
        #expect(warning.contains("Left-Striatum (") && !warning.contains("Right"), "\(warning)")
        let left = head.striata.voxels.map { $0 == 3 ? Float(1) : 0 }
        let soft = try PartialVolumeRegions(probabilities: Volume(grid: head.grid, voxels: left), on: part)
        #expect(soft.warnings.contains { $0.contains("which cuts 1 (") })
        let kept = head.striata.resampled(onto: try head.grid.resized(voxelSize: [2, 2, 2]))
        #expect(!(try PartialVolumeRegions(labels: kept, on: head.grid).warnings.contains { $0.contains("beyond") }))
    }

    @Test func labelsOfOneNameAreToldApart() throws {
        let head = try Head()
        let names = LabelTable([3: .init(name: "Striatum"), 4: .init(name: "striatum"), 1: .init(name: "background")])
        let map = LabelMap(grid: head.grid, voxels: head.whole.voxels, names: names)
        let regions = try PartialVolumeRegions(labels: map, on: head.grid)
        #expect(regions.regions.map(\.name) == ["background-1", "2", "Striatum-3", "striatum-4", "background-0"])
        #expect(regions.warnings.count == 2 && regions.warnings[1].contains("numbers were added: 3, 4"))
        let curves = try TimeActivityCurves(of: head.image, frames: [Frame(start: 0, duration: 60)], labels: map)
        #expect(curves.curves.map(\.name) == ["background", "2", "Striatum-3", "striatum-4"])
        #expect(curves.warnings.contains { $0.hasPrefix("2 labels are named Striatum; their numbers were added") })
    }

    /// A trace of probability at the face of the image is not the region.
    @Test func tracesDoNotTouchTheEdge() throws {
        let head = try Head()
        let map = ball(head.grid, [70, 65, 58], 20).map { $0 > 0 ? 1 : Float(1e-17) }
        let regions = try PartialVolumeRegions(probabilities: Volume(grid: head.grid, voxels: map), on: head.grid)
        #expect(!regions.regions[0].touchesEdge)
    }

    /// White matter by a name without a side is that of both.
    @Test func aNameWithoutASideMeansBoth() throws {
        let head = try Head()
        var options = PartialVolumeCorrection.Options()
        (options.white, options.whiteActivity) = (["striatum"], 4)
        let correction = try PartialVolumeCorrection(
            try #require(PartialVolumeMethod("mg")), regions: PartialVolumeRegions(labels: head.whole, on: head.grid),
            spread: PointSpread(fwhm: [[6, 6, 6]]), options: options)
        let found = try correction.correct(head.image)
        #expect(found.corrected.map { $0[0].isNaN } == [false, false, true, true, true])
    }

    /// 300 noisy copies of the head: SD of the corrected over that of the uncorrected mean of a striatum. A ratio of two
    /// such SDs, which go together, is off by a few percent.
    @Test func noiseOfRegionBasedVoxelwiseIsThatOfTheMatrix() throws {
        let head = try Head()
        let crop = try VoxelGrid(
            shape: [18, 18, 18], worldFromVoxel: Affine(scale: [3, 3, 3], translation: [27, 39, 33]))
        let (labels, quiet) = (head.whole.resampled(onto: crop), head.image.resampled(onto: crop))
        let noise = noise(300 * crop.count, sd: 0.5, seed: 7)
        let voxels = noise.indices.map { quiet.voxels[$0 % crop.count] + noise[$0] }
        let correction = try PartialVolumeCorrection(
            try #require(PartialVolumeMethod("rbv")), regions: PartialVolumeRegions(labels: labels, on: crop),
            spread: PointSpread(fwhm: [[6, 6, 6]]))
        let found = try correction.correct(Volume(grid: crop, frames: 300, voxels: voxels))
        func sd(_ values: [Double]) -> Double {
            let mean = values.reduce(0, +) / Double(values.count)
            return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
        }
        let place = try #require(correction.regions.regions.firstIndex { $0.name == "Left-Striatum" })
        let seen = sd(found.corrected[place]) / sd(found.uncorrected[place])
        let said = try #require(correction.transfer).noiseAmplification[place]
        #expect(abs(seen / said - 1) < 0.1, "\(seen) for \(said)")
    }
}
