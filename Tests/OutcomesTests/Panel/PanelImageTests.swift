import Glibc
import Imaging
import Outcomes
import PET
import Statistics
import Testing

/// What the panel makes of voxels: tracts, responding volume, balance, and the error of a region's mean.
@Suite struct PanelImageTests {
    /// A box of putamen, half of it left and half right, 2 mm voxels; x grows to the right.
    let grid: VoxelGrid
    let labels: LabelMap

    init() throws {
        let grid = try VoxelGrid(
            shape: [24, 16, 16], worldFromVoxel: Affine(scale: [2, 2, 2], translation: [-23, -15, -15]))
        labels = LabelMap(
            grid: grid, voxels: (0..<grid.count).map { grid.center(of: $0).x < 0 ? 1 : 2 },
            names: LabelTable([1: .init(name: "putamen-left"), 2: .init(name: "putamen-right")]))
        self.grid = grid
    }

    func volume(_ value: (SIMD3<Double>) -> Double) -> Volume {
        Volume(grid: grid, voxels: (0..<grid.count).map { Float(value(grid.center(of: $0))) })
    }

    /// 2.5 % of voxels are expected beyond the limit where noise is independent and nothing changed.
    @Test func unchangedVoxelsRespondAtTheExpectedRate() throws {
        var random = RandomSource(seed: 61)
        let repeatability = Repeatability(wCV: 0.2, source: "simulated")
        func scan() -> Volume { volume { _ in 1.5 * exp(repeatability.sigmaLn * random.gaussian()) } }
        let found = RespondingVolume.all(
            before: scan(), after: scan(), labels: labels, repeatability: repeatability)
        let both = try #require(found.first { $0.site == .bilateral })
        #expect(both.voxels == 6144 && both.leftOut == 0 && both.expectedPercent == 2.5)
        // Four standard errors of a share of 0.025 in 6144.
        #expect(abs(both.percent - 2.5) < 0.8)
        #expect(abs(both.volumeML - Double(both.responding) * 0.008) < 1e-12)
    }

    @Test func aGraftOfKnownSizeResponds() throws {
        let repeatability = Repeatability(wCV: 0.1, source: "simulated")
        let before = volume { _ in 1 }
        let after = volume { abs($0.x + 12) < 5 && abs($0.y) < 5 && abs($0.z) < 5 ? 2 : 1 }
        let found = RespondingVolume.all(
            before: before, after: after, labels: labels, repeatability: repeatability,
            null: (3.1, "control arm"))
        let left = try #require(found.first { $0.site == .left })
        #expect(left.responding == after.voxels.count { $0 == 2 } && left.responding > 0)
        #expect(left.expectedPercent == 3.1 && left.expectedFrom == "control arm")
        #expect(found.first { $0.site == .right }?.responding == 0)
    }

    @Test func aVoxelWithoutUptakeIsLeftOutAndCounted() throws {
        let before = volume { $0.z < 0 ? 1 : -0.2 }
        let found = RespondingVolume.all(
            before: before, after: volume { _ in 1 }, labels: labels,
            repeatability: Repeatability(wCV: 0.1, source: "simulated"))
        #expect(found.map(\.leftOut) == [1536, 1536, 3072])
    }

    /// The upper half of the left putamen doubles: ln 2 there, nothing below and on the right.
    @Test func aGainAboveIsAnImbalance() throws {
        let after = volume { $0.x < 0 && $0.z > 0 ? 2 : 1 }
        let balance = try #require(
            DorsalBalance(
                before: volume { _ in 1 }, after: after, labels: labels,
                repeatability: Repeatability(wCV: 0.087, source: "test")))
        let left = try #require(balance.parts.first { $0.site == .left })
        #expect(abs(left.difference.dln - log(2)) < 1e-6 && left.isImbalanced == true)
        #expect(balance.parts.first { $0.site == .right }?.isImbalanced == false)
        let sides = try #require(balance.sides)
        #expect(abs(sides.dln - log(1.5)) < 1e-6 && balance.isWatched == true)
        let spread = try #require(balance.voxelCVPercent)
        #expect(spread.before == 0 && spread.after > 0)
    }

    /// Tract 1.8 against 1.2 around it: a contrast of 0.5, from 0 before.
    @Test func aTractThatTookUpStandsOutOfItsShell() throws {
        let path = try TractPath(entry: [-12, 0, 30], target: [-12, 0, -6])
        let regions = TractRegions([path], in: labels, putamen: [1: .left, 2: .right])
        func uptake(_ image: Volume) throws -> Uptake {
            var found = try Uptake(of: image, labels: regions.map)
            found.referenceMean = 1
            for place in found.regions.indices { found.regions[place].suvr = found.regions[place].mean }
            return found
        }
        let after = volume { path.distance($0) <= 4 ? 1.8 : 1.2 }
        let tracts = TractUptake.all(
            regions, before: try uptake(volume { _ in 1.2 }), after: try uptake(after), measure: .suvr,
            repeatability: Repeatability(wCV: 0.05, source: "test"), fwhm: 5)
        let tract = try #require(tracts.first)
        #expect(tract.name == "tract-1-left" && tract.flags.isEmpty)
        // Float voxels.
        let (first, second, change) = (
            try #require(tract.before), try #require(tract.after), try #require(tract.change)
        )
        #expect(abs(first.value) < 1e-6 && abs(second.value - 0.5) < 1e-6)
        #expect(abs(change.dln - log(1.5)) < 1e-6 && change.flag == .up)
    }

    /// Noise of a known resolution: means over a region scatter by what one scan's voxels say.
    @Test func theErrorOfAMeanIsThatOfSmoothNoise() throws {
        var random = RandomSource(seed: 5)
        let grid = try VoxelGrid(shape: [40, 40, 40], worldFromVoxel: Affine(scale: [2, 2, 2]))
        let names = LabelTable([1: .init(name: "putamen-left")])
        let inside = (0..<grid.count).map { place -> Int32 in
            let p = grid.center(of: place)
            return [p.x, p.y, p.z].allSatisfy { (20...59).contains($0) } ? 1 : 0
        }
        let labels = LabelMap(grid: grid, voxels: inside, names: names)
        var (means, errors) = ([Double](), [Double]())
        for _ in 0..<60 {
            let noise = Volume(grid: grid, voxels: (0..<grid.count).map { _ in Float(random.gaussian()) })
            let smooth = noise.smoothed(fwhm: [6, 6, 6])
            let image = Volume(grid: grid, voxels: smooth.voxels.map { $0 + 10 })
            var uptake = try Uptake(of: image, labels: labels, suvFactor: 1)
            uptake.referenceMean = 1
            let region = uptake.regions[0]
            means.append(region.mean)
            errors.append(try #require(uptake.standardError(of: region, in: .suv, fwhm: 6)))
        }
        let scatter = Summary(means).standardDeviation
        let said = errors.reduce(0, +) / 60
        // The SD of 60 means is known to 9 %; a box of 40 mm loses some correlation at its faces (a few %).
        #expect(abs(said / scatter - 1) < 0.3)
    }
}
