import Imaging
import PET
import Testing

/// A putamen and a caudate on each side as boxes, on a grid of 2 mm, with names in some scheme.
enum BoxStriatum {
    static let shape = SIMD3<Int>(40, 40, 24)

    /// Upright RAS; x from −39 to 39 mm, y from −39 to 39 mm.
    static let grid = VoxelGrid.upright(shape, origin: [-39, -39, -23])

    /// Label by position: putamen 20 ≤ |x| < 28, −20 ≤ y < 20; caudate 8 ≤ |x| < 14, 0 ≤ y < 20; cerebellum below y −30.
    static func label(_ p: SIMD3<Double>) -> Int32 {
        let side = p.x < 0
        if abs(p.x) >= 20, abs(p.x) < 28, p.y >= -20, p.y < 20, abs(p.z) < 10 { return side ? 12 : 51 }
        if abs(p.x) >= 8, abs(p.x) < 14, p.y >= 0, p.y < 20, abs(p.z) < 10 { return side ? 11 : 50 }
        if abs(p.x) < 20, p.y < -30, abs(p.z) < 10 { return side ? 8 : 47 }
        return 0
    }

    /// The labels on a grid of any orientation.
    static func map(on grid: VoxelGrid = grid, names: LabelTable = LabelTable()) -> LabelMap {
        LabelMap(grid: grid, voxels: (0..<grid.count).map { label(grid.point($0)) }, names: names)
    }
}

extension VoxelGrid {
    static func upright(_ shape: SIMD3<Int>, size: Double = 2, origin: SIMD3<Double>) -> VoxelGrid {
        made(shape, Affine(scale: SIMD3(repeating: size), translation: origin))
    }

    /// A grid that is known to be one.
    static func made(_ shape: SIMD3<Int>, _ map: Affine) -> VoxelGrid {
        guard let grid = try? VoxelGrid(shape: shape, worldFromVoxel: map) else { preconditionFailure("no grid") }
        return grid
    }

    /// The centre of a voxel by its place.
    func point(_ voxel: Int) -> SIMD3<Double> {
        worldFromVoxel([
            Double(voxel % shape.x), Double(voxel / shape.x % shape.y), Double(voxel / shape.x / shape.y),
        ])
    }

    /// The same box stored with axes in another direction: "LAS", "LPI", or turned about all axes.
    func stored(_ code: String) -> VoxelGrid {
        var map = worldFromVoxel
        let far = SIMD3<Double>(shape &- 1)
        func flip(_ axis: WritableKeyPath<Affine, SIMD3<Double>>, _ steps: Double) {
            map.translation += map[keyPath: axis] * steps
            map[keyPath: axis] = -map[keyPath: axis]
        }
        let letters = Array(code)
        if letters[0] == "L" { flip(\.x, far.x) }
        if letters[1] == "P" { flip(\.y, far.y) }
        if letters[2] == "I" { flip(\.z, far.z) }
        if code == "oblique" { map = Affine.rotation(vector: [0.1, -0.15, 0.2]) * map }
        return .made(shape, map)
    }
}

struct StriatalLabelTests {
    private func counts(_ labels: StriatalLabels) -> [StriatalRegion: Int] { labels.points.mapValues(\.count) }

    @Test func aFreeSurferSegmentationNeedsNoNames() throws {
        let labels = try StriatalLabels(segmentation: BoxStriatum.map())
        #expect(
            Set(labels.regions.map(\.name)) == [
                "caudate-left", "caudate-right", "putamen-anterior-left", "putamen-anterior-right",
                "putamen-posterior-left", "putamen-posterior-right", "cerebellum-left", "cerebellum-right",
            ])
        #expect(labels.map.names.name(of: 30122) == "putamen-posterior-left")
        #expect(labels.warnings.isEmpty)
    }

    /// 8 × 40 × 20 mm on a 2 mm grid: 4 × 20 × 10 voxels.
    @Test func halfOfTheLengthDividesABoxInTwo() throws {
        let labels = try StriatalLabels(segmentation: BoxStriatum.map(), split: .half)
        let found = counts(labels)
        for side in RegionName.Side.allCases {
            #expect(found[StriatalRegion(.anteriorPutamen, side)] == 400)
            #expect(found[StriatalRegion(.posteriorPutamen, side)] == 400)
        }
        #expect(labels.putamenRule == "half of the length along each putamen's principal axis")
    }

    @Test func theCommissureDividesWhereItLies() throws {
        let labels = try StriatalLabels(segmentation: BoxStriatum.map(), split: .commissure([0, 10, 0]))
        let points = labels.points
        #expect(points[StriatalRegion(.anteriorPutamen, .left)]!.allSatisfy { $0.y >= 10 })
        #expect(points[StriatalRegion(.posteriorPutamen, .left)]!.allSatisfy { $0.y < 10 })
        #expect(labels.putamenRule == "coronal plane through the anterior commissure at 0, 10, 0 mm")
    }

    @Test func thirdsAreThreePartsFromBackToFront() throws {
        let labels = try StriatalLabels(segmentation: BoxStriatum.map(), split: .thirds)
        func y(_ part: StriatalRegion.Structure) -> Double {
            let points = labels.points[StriatalRegion(part, .right)]!
            return points.reduce(0) { $0 + $1.y } / Double(points.count)
        }
        #expect(y(.posteriorPutamen) < y(.middlePutamen) && y(.middlePutamen) < y(.anteriorPutamen))
    }

    /// Sides are names, not columns: the same regions hold the same world points however the image is stored.
    @Test(arguments: ["RAS", "LAS", "LPI", "oblique"])
    func sidesDoNotDependOnStorage(code: String) throws {
        let grid = BoxStriatum.grid.stored(code)
        let back = code == "oblique" ? Affine.rotation(vector: [0.1, -0.15, 0.2]).inverse! : .identity
        let map = LabelMap(grid: grid, voxels: (0..<grid.count).map { BoxStriatum.label(back(grid.point($0))) })
        let labels = try StriatalLabels(segmentation: map)
        for (region, points) in labels.points {
            #expect(points.allSatisfy { (back($0).x < 0) == (region.side == .left) }, "\(region.name)")
        }
        #expect(labels.points[StriatalRegion(.caudate, .left)]?.count == 3 * 10 * 10)
        var quality = PlacementQuality()
        quality.judge(labels)
        #expect(quality.findings.filter { $0.name.hasPrefix("sides") }.allSatisfy { $0.verdict == .ok })
    }

    @Test func mirroredLabelsAreNoticedAndNotSwapped() throws {
        let mirrored = LabelMap(
            grid: BoxStriatum.grid,
            voxels: (0..<BoxStriatum.grid.count).map { BoxStriatum.label(BoxStriatum.grid.point($0) * [-1, 1, 1]) })
        let labels = try StriatalLabels(segmentation: mirrored)
        #expect(labels.points[StriatalRegion(.caudate, .left)]!.allSatisfy { $0.x > 0 })
        var quality = PlacementQuality()
        quality.judge(labels)
        #expect(quality.verdict == .fail)
        #expect(quality.reasons.contains { $0.contains("mirrored") })
    }

    @Test(arguments: [
        ("PUT-lh", "putamen", RegionName.Side.left), ("CAU-rh", "caudate", .right),
        ("NAc-lh", "ventral-striatum", .left),
        ("R Nucleus Accumbens", "ventral-striatum", .right), ("pPUT-rh", "putamen-posterior", .right),
        ("Putamen_L", "putamen", .left), ("putamen-middle-left", "putamen-middle", .left),
    ])
    func namesOfAtlasesAreUnderstood(name: String, part: String, side: RegionName.Side) {
        #expect(RegionName(name).part?.rawValue == part)
        #expect(RegionName(name).side == side)
    }

    @Test(arguments: [
        ("ctx-lh-lateraloccipital", StriatalRegion.Structure.occipital), ("ctx-rh-cuneus", .occipital),
        ("lateral_occipital", .occipital), ("Left-Cerebellum-Cortex", .cerebellum),
        ("cerebellum_exterior", .cerebellum),
    ])
    func referencesAreUnderstood(name: String, structure: StriatalRegion.Structure) {
        #expect(RegionName(name).striatalReference == structure)
    }

    @Test(arguments: [
        "Left-Cerebellum-White-Matter", "ctx-lh-precuneus", "ctx-lh-insula", "cerebellar_vermal_lobules_I-V",
    ])
    func otherStructuresAreNoReference(name: String) {
        #expect(RegionName(name).striatalReference == nil)
    }

    @Test func aStructureWithoutSidesIsDividedWithAWarning() throws {
        let names = LabelTable([1: .init(name: "putamen"), 2: .init(name: "caudate")])
        let both = BoxStriatum.map().voxels.map { label -> Int32 in
            switch label {
            case 12, 51: 1
            case 11, 50: 2
            default: 0
            }
        }
        let labels = try StriatalLabels(segmentation: LabelMap(grid: BoxStriatum.grid, voxels: both, names: names))
        #expect(labels.points[StriatalRegion(.caudate, .left)]!.allSatisfy { $0.x < 0 })
        #expect(labels.warnings.count == 2)
    }

    @Test func aSegmentationWithoutStriatumIsRefused() {
        let names = LabelTable([7: .init(name: "Liver")])
        let map = LabelMap(
            grid: BoxStriatum.grid, voxels: BoxStriatum.map().voxels.map { $0 == 0 ? 0 : 7 }, names: names)
        #expect(throws: StriatumError.noStriatum(["Liver"])) { try StriatalLabels(segmentation: map) }
    }

    /// A box of 4 × 20 × 10 voxels loses its shell, but not where its two parts meet: 2 × 18 × 8.
    @Test func erosionLeavesThePartsOfAPutamenTogether() throws {
        let labels = try StriatalLabels(segmentation: BoxStriatum.map(), split: .half).eroded()
        let found = counts(labels)
        let parts = [StriatalRegion.Structure.anteriorPutamen, .posteriorPutamen]
        #expect(parts.reduce(0) { $0 + (found[StriatalRegion($1, .left)] ?? 0) } == 2 * 18 * 8)
    }

    /// Points on the target's own voxels give whole fractions; half a voxel aside, the edge is shared.
    @Test func fractionsKeepTheVolume() throws {
        let labels = try StriatalLabels(segmentation: BoxStriatum.map())
        let shifted = VoxelGrid.upright(BoxStriatum.shape, origin: [-38, -38, -22])
        let fractions = StriatalFractions(of: labels, onto: shifted)
        for region in labels.regions where region.structure.isStriatal {
            let ml = Double(labels.points[region]!.count) * 0.008
            // Sums of Float32 quarters.
            #expect(abs(fractions.volumeML(of: region) - ml) < 1e-4)
        }
        #expect(fractions.volume.voxels.allSatisfy { $0 >= 0 && $0 <= 1 })
        #expect(fractions.volume.voxels.contains(0.5))
    }
}
