import Imaging
import PET
import Testing

@Suite struct NoiseReductionTests {
    /// Frames of 60 and 180 s with a blurry head in each.
    static func scan() throws -> (volume: Volume, frames: [Frame]) {
        let grid = try VoxelGrid(shape: [24, 20, 16], worldFromVoxel: Affine(scale: [2, 2, 2]))
        let frames = [Frame(start: 0, duration: 60), Frame(start: 60, duration: 180)]
        let volume = Volume(grid: grid, frames: 2) { voxels in
            for place in 0..<grid.count {
                let (i, j) = (Double(place % 24) - 11.5, Double(place / 24 % 20) - 9.5)
                let inside: Float = i * i + j * j < 64 ? 100 : 1
                voxels[place] = inside + Float(place % 7)
                voxels[grid.count + place] = 2 * inside + Float(place % 5)
            }
        }
        return (volume, frames)
    }

    @Test func everyFrameIsSmoothedAsByItself() throws {
        let (volume, frames) = try Self.scan()
        var smooth = volume
        try NoiseReduction.gaussian(fwhm: [6, 6, 6]).apply(to: &smooth, frames: frames)
        #expect(smooth.voxels == volume.smoothed(fwhm: [6, 6, 6]).voxels)
    }

    /// Frames that are one image times a factor have the composite's shape, so nothing changes; Float32 rounds twice.
    @Test func framesOfOneShapePassHYPRUnchanged() throws {
        let (volume, frames) = try Self.scan()
        let one = volume.frame(0).voxels
        let scaled = Volume(grid: volume.grid, frames: 2, voxels: one + one.map { 3 * $0 })
        var reduced = scaled
        try NoiseReduction.hypr(fwhm: [8, 8, 8]).apply(to: &reduced, frames: frames)
        for (found, expected) in zip(reduced.voxels, scaled.voxels) { #expect(abs(found / expected - 1) < 1e-6) }
    }

    /// The definition, written out: composite · S(frame) / S(composite), the composite weighing 60 and 180 s.
    @Test func HYPRIsTheCompositeTimesTheSmoothRatio() throws {
        let (volume, frames) = try Self.scan()
        var reduced = volume
        try NoiseReduction.hypr(fwhm: [5, 6, 7]).apply(to: &reduced, frames: frames)
        let count = volume.grid.count
        let composite = Volume(
            grid: volume.grid, voxels: (0..<count).map { 60 * volume.voxels[$0] + 180 * volume.voxels[count + $0] })
        let below = composite.smoothed(fwhm: [5, 6, 7])
        for frame in 0..<2 {
            let above = volume.frame(frame).smoothed(fwhm: [5, 6, 7])
            for place in 0..<count {
                let expected = composite.voxels[place] * above.voxels[place] / below.voxels[place]
                #expect(abs(reduced.voxels[frame * count + place] / expected - 1) < 2e-6)
            }
        }
    }

    /// Where the composite is nothing, no ratio is taken.
    @Test func emptyAirStaysFinite() throws {
        let grid = try VoxelGrid(shape: [40, 1, 1], worldFromVoxel: Affine(scale: [2, 2, 2]))
        let voxels = (0..<80).map { Float($0 % 40 < 3 ? 100 : 0) }
        var reduced = Volume(grid: grid, frames: 2, voxels: voxels)
        try NoiseReduction.hypr(fwhm: [4, 4, 4]).apply(to: &reduced, frames: [])
        #expect(reduced.voxels.allSatisfy(\.isFinite) && abs(reduced.voxels[39]) < 1e-3 && reduced.voxels[0] > 90)
    }
}

@Suite struct NoiseReductionRefusalTests {
    @Test(arguments: [NoiseReduction.gaussian(fwhm: [4, 4, 4]), .hypr(fwhm: [4, 4, 4])])
    func aVoxelThatIsNotFiniteIsRefused(reduction: NoiseReduction) throws {
        let grid = try VoxelGrid(shape: [4, 4, 4], worldFromVoxel: Affine(scale: [2, 2, 2]))
        var voxels = [Float](repeating: 1, count: 128)
        voxels[70] = .nan
        var volume = Volume(grid: grid, frames: 2, voxels: voxels)
        #expect(throws: ParametricError.imageNotFinite(voxels: 1, frame: 1)) {
            try reduction.apply(to: &volume, frames: [])
        }
        #expect(volume.voxels[0] == 1)
    }
}

@Suite struct VoxelMaskTests {
    /// 100 voxels of air at about 1, 50 of head at 100, of which one has a bad frame and one is nothing but bad.
    static func volume() throws -> Volume {
        let grid = try VoxelGrid(shape: [152, 1, 1], worldFromVoxel: Affine(scale: [2, 2, 2]))
        var voxels = (0..<304).map { place -> Float in place % 152 < 100 ? Float(place % 3) : 100 }
        voxels[150] = .nan
        (voxels[151], voxels[303]) = (.nan, .nan)
        return Volume(grid: grid, frames: 2, voxels: voxels)
    }

    @Test func theHeadIsInsideAndTheAirIsNot() throws {
        let volume = try Self.volume()
        let mask = VoxelMask(
            above: 0.2, of: volume, frames: [Frame(start: 0, duration: 10), Frame(start: 10, duration: 30)])
        #expect(mask.count == 51 && mask.threshold == 20)
        #expect(!mask.isInside[0] && mask.isInside[100] && mask.isInside[150] && !mask.isInside[151])
    }

    @Test func aMaskIsTheVoxelsAboveZeroOfAnImageOnTheSameGrid() throws {
        let volume = try Self.volume()
        #expect(try VoxelMask(volume.frame(0), on: volume.grid).count == 116)
        #expect(VoxelMask(all: volume.grid).count == 152)
        let other = try VoxelGrid(shape: [152, 1, 1], worldFromVoxel: Affine(scale: [3, 2, 2]))
        #expect(throws: ParametricError.maskGrid) { try VoxelMask(volume, on: other) }
        #expect(throws: ParametricError.maskFrames(2)) { try VoxelMask(volume, on: volume.grid) }
    }
}

@Suite struct ReferenceRegionTests {
    @Test func bothSidesAreMeantByANameWithoutSide() throws {
        let grid = try VoxelGrid(shape: [4, 1, 1], worldFromVoxel: Affine(scale: [2, 2, 2]))
        let volume = Volume(grid: grid, frames: 2, voxels: [1, 2, 4, 90, 10, .nan, 40, 90])
        let names = LabelTable([
            1: .init(name: "occipital-left"), 2: .init(name: "occipital-right"), 3: .init(name: "x"),
        ])
        let labels = LabelMap(grid: grid, voxels: [1, 1, 2, 3], names: names)
        let region = try ReferenceRegion(of: volume, labels: labels, named: "occipital")
        #expect(abs(region.means[0] - 7.0 / 3) < 1e-15 && region.means[1] == 25 && region.voxels == 3)
        #expect(region.warnings == ["the reference occipital has 1 voxels that are not finite; they were left out"])
        #expect(throws: UptakeError.self) { try ReferenceRegion(of: volume, labels: labels, named: "pons") }
    }

    @Test func aFrameWithoutFiniteVoxelIsRefused() throws {
        let grid = try VoxelGrid(shape: [1, 1, 1], worldFromVoxel: Affine(scale: [2, 2, 2]))
        let labels = LabelMap(grid: grid, voxels: [1])
        #expect(throws: ParametricError.referenceNotFinite("1")) {
            try ReferenceRegion(of: Volume(grid: grid, voxels: [.nan]), labels: labels, named: "1")
        }
    }
}
