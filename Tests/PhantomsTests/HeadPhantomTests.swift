import Imaging
import Phantoms
import Statistics
import Testing

struct HeadPhantomTests {
    static let grid = PETPhantomSettings.headGrid(shape: [96, 114, 84], voxelSize: 2)
    static let tissues = HeadPhantom().tissues(on: grid)

    /// mL a side in MNI space: caudate 4.2 in the Mindboggle and 3.5 in the Melbourne atlas, whole putamen 5.1 and 7.2, accumbens
    /// 0.33 there and 0.56 as an ellipsoid of Neto's diameters, cerebellum 72; the occipital pole is ours.
    @Test(arguments: [
        (Region.caudateRight, 3.4...4.4), (.ventralStriatumRight, 0.3...0.9), (.cerebellumRight, 65...85),
        (.occipitalRight, 10...20), (.putamenAnteriorRight, 2.0...3.2), (.putamenPosteriorRight, 1.5...2.6),
    ])
    func volumesAreThoseOfPublishedAtlases(region: Region, range: ClosedRange<Double>) {
        #expect(range.contains(Self.tissues.volumeML(of: region)))
    }

    /// Centroids of the McGill basal ganglia atlas and Mindboggle's accumbens, mm; within 3 mm.
    @Test func theStriatumIsWhereAtlasesHaveIt() {
        func centroid(_ regions: [Region]) -> SIMD3<Double> {
            let voxels = regions.flatMap { Self.tissues.voxels(of: $0) }
            let sum = voxels.reduce(SIMD3<Double>.zero) { sum, voxel in
                let (i, rest) = (voxel % 96, voxel / 96)
                return sum + Self.grid.worldFromVoxel([Double(i), Double(rest % 114), Double(rest / 114)])
            }
            return sum / Double(voxels.count)
        }
        #expect(norm(centroid([.caudateRight]) - [13.0, 8.9, 8.6]) < 3)
        #expect(norm(centroid([.caudateLeft]) - [-13.0, 8.9, 8.6]) < 3)
        #expect(norm(centroid([.putamenAnteriorLeft, .putamenPosteriorLeft]) - [-24.8, 2.6, 0.0]) < 3)
        #expect(norm(centroid([.ventralStriatumRight]) - [11.6, 12.6, -6.8]) < 3)
    }

    @Test func leftIsTheMirrorImageOfRight() {
        let head = HeadPhantom()
        var random = RandomSource(seed: 5)
        for _ in 0..<20_000 {
            let p: SIMD3<Double> = [
                random.uniform() * 80 + 0.01, random.uniform() * 120 - 100, random.uniform() * 120 - 65,
            ]
            let (left, right) = (head.region(at: [-p.x, p.y, p.z]), head.region(at: p))
            #expect(left?.structure == right?.structure)
            if let left, let right { #expect(left.isLeft && !right.isLeft) }
        }
    }

    @Test func thePutamenIsDividedAtTheAnteriorCommissure() {
        let head = HeadPhantom()
        #expect(head.region(at: [25, 0.001, 1]) == .putamenAnteriorRight)
        #expect(head.region(at: [25, -0.001, 1]) == .putamenPosteriorRight)
        #expect(head.tissue(at: [0, 150, 0]) == .air)
        #expect(head.tissue(at: [0, -16, 0]) == .cerebrospinalFluid)
    }

    @Test func everyVoxelIsFullAndLabelledByItsCentre() {
        let tissues = Self.tissues
        for voxel in stride(from: 0, to: Self.grid.count, by: 7) {
            let sum = tissues.tissues.indices.reduce(0) { $0 + Int(tissues.counts[$1 * Self.grid.count + voxel]) }
            #expect(sum == TissueFractions.points)
        }
        let head = HeadPhantom()
        for voxel in tissues.voxels(of: .putamenPosteriorLeft, whollyInside: true) {
            let (i, rest) = (voxel % 96, voxel / 96)
            let center = Self.grid.worldFromVoxel([Double(i), Double(rest % 114), Double(rest / 114)])
            #expect(head.region(at: center) == .putamenPosteriorLeft)
        }
        #expect(HeadPhantom().labels(on: Self.grid).voxels == tissues.labels.voxels)
        #expect(tissues.fraction(of: 0).voxels[0] == 1)
    }

    @Test func labelsAreFreeSurfersWhereItHasTheStructure() {
        let names = Region.table
        for (label, name) in [
            (11, "caudate-left"), (50, "caudate-right"), (26, "ventral-striatum-left"), (58, "ventral-striatum-right"),
            (8, "cerebellum-left"), (47, "cerebellum-right"), (30122, "putamen-posterior-left"),
            (30511, "putamen-anterior-right"), (30031, "occipital-left"), (30421, "occipital-right"),
        ] {
            #expect(names.name(of: Int32(label)) == name)
        }
        #expect(Set(Region.allCases.map(\.label)).count == 12)
    }

    @Test func aCTWithoutNoiseHasTheTissuesAttenuation() {
        let ct = HeadPhantom().ct(on: Self.grid)
        for (point, hu) in [
            ([0.0, 150, 0], -1000.0), ([0, -20, 80.5], 1000), ([40, -30, 30], 30), ([24, 4, 0], 37), ([7, 0, 21.5], 8),
        ] as [(SIMD3<Double>, Double)] {
            let v = Self.grid.voxelFromWorld(point)
            guard v.x < 96, v.y < 114, v.z < 84 else { continue }
            #expect(Double(ct[Int(v.x.rounded()), Int(v.y.rounded()), Int(v.z.rounded())]) == hu)
        }
    }

    /// Standard error of a standard deviation from 300 000 voxels: 0.1 %; rounding to whole HU adds 1/12 to the variance.
    @Test func noiseOnCTHasTheSizeAskedFor() {
        let head = HeadPhantom()
        let (plain, noisy) = (head.ct(on: Self.grid), head.ct(on: Self.grid, noise: 5, seed: 3))
        var (sum, count) = (0.0, 0.0)
        for (a, b) in zip(plain.voxels, noisy.voxels) where a > -900 {
            sum += Double((b - a) * (b - a))
            count += 1
        }
        #expect(abs((sum / count).squareRoot() - (25 + 1.0 / 6).squareRoot()) < 0.05)
    }

    @Test func aGraftLeavesATractAndKeepsTheRegions() {
        let site = GraftSite(center: [28, -8, 3], volumeML: 0.25, survival: 0.5)
        let head = HeadPhantom(grafts: [site])
        #expect(head.tissue(at: site.center) == .graft(0))
        #expect(head.region(at: site.center) == .putamenPosteriorRight)
        // Along the path: brain with a tract, then a hole in the bone.
        let path = stride(from: 0.0, through: 1, by: 0.005).map {
            head.tissue(at: site.center + (site.entry - site.center) * $0)
        }
        #expect(path.contains(.needleTract))
        #expect(path.contains(.burrHole))
        #expect(!path.contains(.bone))
        let grafted = head.tissues(on: Self.grid)
        #expect(grafted.labels.voxels == Self.tissues.labels.voxels)
        #expect(
            abs(grafted.volumeML(of: .putamenPosteriorRight) - Self.tissues.volumeML(of: .putamenPosteriorRight)) < 1e-9
        )
        // A ball wholly inside the putamen: 0.25 mL within the error of counting points of 0.3 µL on its surface.
        #expect(abs(grafted.volumeML(of: Tissue.graft(0)) - 0.25) < 0.01)
        #expect(abs(4.0 / 3 * Double.pi * site.radius * site.radius * site.radius - 250) < 1e-9)
        let hu = grafted.mean(of: \.hounsfield)
        #expect(hu.voxels.min()! == -1000)
    }

    /// One ball a side, in the posterior putamen: nearly all of its volume is graft.
    @Test func theDefaultGraftsLieInThePosteriorPutamen() {
        let sites = GraftSite.posteriorPutamina(volumeML: 0.3, survival: 1)
        let head = HeadPhantom(grafts: sites)
        #expect(
            Set(sites.compactMap { head.region(at: $0.center) }) == [.putamenPosteriorLeft, .putamenPosteriorRight])
        let tissues = head.tissues(on: Self.grid)
        for site in sites.indices { #expect(tissues.volumeML(of: Tissue.graft(site)) > 0.25) }
    }
}
