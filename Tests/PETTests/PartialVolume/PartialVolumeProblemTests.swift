import Imaging
import PET
import Testing

private func grid(_ shift: Double = 0) throws -> VoxelGrid {
    try VoxelGrid(shape: [8, 8, 8], worldFromVoxel: Affine(scale: [2, 2, 2], translation: [shift, 0, 0]))
}

private func labels(_ voxel: (Int) -> Int32) throws -> LabelMap {
    LabelMap(grid: try grid(), voxels: (0..<512).map(voxel), names: LabelTable([3: .init(name: "putamen")]))
}

/// One region, 0.5 everywhere but in the first voxel.
private func probabilities(_ first: Float) throws -> Volume {
    var volume = Volume(grid: try grid(), repeating: 0.5)
    volume[0, 0, 0] = first
    return volume
}

/// What is wrong has a name and a sentence.
@Suite struct PartialVolumeProblemTests {
    private func names(_ error: PartialVolumeError, _ sentence: String, _ body: () throws -> Void) {
        #expect {
            try body()
        } throws: { found in
            (found as? PartialVolumeError) == error && "\(found)".contains(sentence)
        }
    }

    @Test(arguments: [0, -6, 101, Double.infinity])
    func aWidthThatIsNone(width: Double) {
        names(.notAWidth(width), "more than 0 and at most 100 mm") { _ = try PointSpread(fwhm: [[6, width, 6]]) }
    }

    @Test func noWidthAtAll() { names(.notAWidth(0), "is none") { _ = try PointSpread(fwhm: []) } }

    @Test func noRegion() throws {
        let empty = try labels { _ in 0 }
        names(.noRegion, "every voxel is background") { _ = try PartialVolumeRegions(labels: empty, on: try grid()) }
    }

    @Test func gridsThatDoNotOverlap() throws {
        let map = try labels { _ in 3 }
        names(.noOverlap, "same space") { _ = try PartialVolumeRegions(labels: map, on: try grid(500)) }
        let soft = try probabilities(0.5)
        names(.noOverlap, "same space") { _ = try PartialVolumeRegions(probabilities: soft, on: try grid(500)) }
    }

    @Test func aRegionBesideTheImage() throws {
        let map = try labels { $0 % 8 == 0 ? 3 : 4 }
        names(.emptyRegion("putamen"), "region putamen has no voxel") {
            _ = try PartialVolumeRegions(labels: map, on: try grid(8))
        }
        let empty = Volume(grid: try grid(), repeating: 0)
        names(.emptyRegion("1"), "region 1 has no voxel") {
            _ = try PartialVolumeRegions(probabilities: empty, on: try grid())
        }
    }

    @Test func probabilitiesThatAreNone() throws {
        let names = LabelTable([1: .init(name: "putamen")])
        for (value, error) in [
            (Float.nan, PartialVolumeError.notFinite("putamen", voxels: 1)), (-0.25, .negative("putamen", -0.25)),
            (100, .aboveOne("putamen", 100)),
        ] {
            let maps = try probabilities(value)
            self.names(error, "region putamen has") {
                _ = try PartialVolumeRegions(probabilities: maps, names: names, on: try grid())
            }
        }
    }

    @Test func voxelsThatAreNotANumber() throws {
        let regions = try PartialVolumeRegions(labels: try labels { $0 < 256 ? 3 : 0 }, on: try grid())
        for method in ["gtm", "rl"] {
            let correction = try PartialVolumeCorrection(
                try #require(PartialVolumeMethod(method)), regions: regions, spread: try PointSpread(fwhm: [[4, 4, 4]]))
            for value in [Float.nan, .infinity] {
                var image = Volume(grid: try grid(), frames: 2, repeating: 1)
                image[7, 7, 7, frame: 1] = value
                names(.imageNotFinite(voxels: 1, frame: 1), "1 voxels of frame 1 are not a number") {
                    _ = try correction.correct(image)
                }
            }
        }
    }

    @Test func anImageOnAnotherGrid() throws {
        let regions = try PartialVolumeRegions(labels: try labels { $0 < 256 ? 3 : 0 }, on: try grid())
        let correction = try PartialVolumeCorrection(
            .gtm, regions: regions, spread: try PointSpread(fwhm: [[4, 4, 4]]))
        names(.gridsDiffer, "not on the grid") {
            _ = try correction.correct(Volume(grid: try grid(1), repeating: 1))
        }
    }

    /// Two regions with the same probabilities everywhere cannot be told apart.
    @Test func regionsThatAreTheSame() throws {
        let twice = Volume(grid: try grid(), frames: 2, repeating: 0.5)
        let regions = try PartialVolumeRegions(probabilities: twice, on: try grid())
        #expect {
            _ = try PartialVolumeCorrection(.gtm, regions: regions, spread: try PointSpread(fwhm: [[4, 4, 4]]))
        } throws: { "\($0)".contains("cannot be told apart") }
    }

    @Test func whiteMatterThatIsNotThere() throws {
        let regions = try PartialVolumeRegions(labels: try labels { $0 < 256 ? 3 : 0 }, on: try grid())
        let (method, spread) = (try #require(PartialVolumeMethod("mg")), try PointSpread(fwhm: [[4, 4, 4]]))
        names(.noWhiteMatter(present: ["putamen", "background"]), "no region is known as white matter") {
            _ = try PartialVolumeCorrection(method, regions: regions, spread: spread)
        }
        var options = PartialVolumeCorrection.Options()
        options.white = ["wm"]
        names(.unknownRegion("wm", present: ["putamen", "background"]), "there is no region wm") {
            _ = try PartialVolumeCorrection(method, regions: regions, spread: spread, options: options)
        }
    }

    @Test func moreRegionsThanAreCounted() throws {
        let many = try VoxelGrid(shape: [300, 300, 1], worldFromVoxel: .identity)
        let map = LabelMap(grid: many, voxels: (1...90_000).map { Int32($0) })
        names(.tooManyRegions(90_000), "up to 65000") { _ = try PartialVolumeRegions(labels: map, on: many) }
    }
}
