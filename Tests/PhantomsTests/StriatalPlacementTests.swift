import Imaging
import PET
import Phantoms
import Statistics
import Testing

/// The built-in template laid on heads it was not made from.
struct StriatalPlacementTests {
    /// A PET of the head phantom, moved by a rigid map, with noise; `petFromHead` in RAS mm.
    private func scan(
        _ tracer: TemplateTracer, petFromHead: Affine, noise: Float = 0.03, size: Double = 3
    ) throws -> (pet: Volume, truth: LabelMap) {
        let template = HeadPhantom.striatalTemplate(tracer)
        let grid = try VoxelGrid(
            shape: [72, 84, 72],
            worldFromVoxel: Affine(scale: SIMD3(repeating: size), translation: [-106, -141, -99]))
        let back = petFromHead.inverse!
        var pet = template.intensity.resampled(onto: grid, sourceFromTarget: back)
        var random = RandomSource(seed: 11)
        pet.withMutableVoxels { voxels in
            for voxel in 0..<voxels.count {
                voxels[voxel] += noise * voxels[voxel].squareRoot() * Float(random.gaussian())
            }
        }
        return (pet, template.labels.moved(onto: grid, sourceFromTarget: back).map)
    }

    /// 15° and 20 mm from where the template lies. The template is the head itself, so what is left is interpolation and
    /// noise: a mean overlap of edges half a voxel apart.
    @Test(arguments: [TemplateTracer.fdopa, .dat])
    func theTemplateFindsItsOwnHeadAgain(tracer: TemplateTracer) throws {
        let turn = Affine.rotation(vector: [0.1, -0.12, 0.2])
        let moved = Affine(x: turn.x, y: turn.y, z: turn.z, translation: [12, -9, 14])
        let (pet, truth) = try scan(tracer, petFromHead: moved)
        let found = try StriatalPlacement(of: HeadPhantom.striatalTemplate(tracer), on: pet)
        for structure in [StriatalRegion.Structure.caudate, .anteriorPutamen, .posteriorPutamen] {
            for side in RegionName.Side.allCases {
                let region = StriatalRegion(structure, side)
                #expect(dice(found.labels.map, truth, region.label) > 0.85, "\(region.name)")
            }
        }
        #expect(found.quality.verdict < .fail)
    }

    /// Left labels lie on the patient's left, whichever way the image is stored. More than a half of the voxels in common
    /// proves the side; 0.8 leaves half a voxel of 3 mm for where blocks of voxels begin.
    @Test(arguments: ["LAS", "LPI"])
    func sidesDoNotDependOnStorage(code: String) throws {
        let (pet, truth) = try scan(.dat, petFromHead: .identity)
        let stored = try pet.stored(flipping: code)
        let found = try StriatalPlacement(of: HeadPhantom.striatalTemplate(.dat), on: stored)
        let back = found.labels.map.resampled(onto: pet.grid)
        #expect(dice(back, truth, StriatalRegion(.posteriorPutamen, .left).label) > 0.8)
        #expect(found.quality.findings.contains { $0.name == "sides_caudate" && $0.verdict == .ok })
    }

    /// The same on a grid turned by 25° about one axis and 10° about another, its first axis to the left. Labels go through two
    /// grids with edges in other places: each costs half a voxel of 3 mm at the border of a structure 8 mm wide.
    @Test func sidesDoNotDependOnAnObliqueGrid() throws {
        let (pet, truth) = try scan(.dat, petFromHead: .identity)
        let middle = pet.grid.worldFromVoxel(SIMD3<Double>(pet.grid.shape &- 1) / 2)
        let turn = Affine.rotation(vector: [0.44, 0, 0]) * Affine.rotation(vector: [0, 0.17, 0])
        var map = turn * Affine(scale: [-3, 3, 3])
        map.translation = middle - map.linear(SIMD3<Double>(pet.grid.shape &- 1) / 2)
        let oblique = pet.resampled(onto: try VoxelGrid(shape: pet.grid.shape, worldFromVoxel: map))
        let found = try StriatalPlacement(of: HeadPhantom.striatalTemplate(.dat), on: oblique)
        let back = found.labels.map.resampled(onto: pet.grid)
        for side in RegionName.Side.allCases {
            #expect(dice(back, truth, StriatalRegion(.posteriorPutamen, side).label) > 0.7)
        }
        #expect(found.quality.findings.contains { $0.name == "sides_caudate" && $0.verdict == .ok })
    }

    @Test func whatCannotBePlacedIsRefusedByName() throws {
        let grid = PETPhantomSettings.headGrid(shape: [32, 38, 28], voxelSize: 6)
        let template = HeadPhantom.striatalTemplate(.dat, voxelSize: 4)
        #expect(throws: StriatumError.noContrast) {
            try StriatalPlacement(of: template, on: Volume(grid: grid, repeating: 2))
        }
        #expect(throws: StriatumError.noContrast) {
            try StriatalPlacement(of: template, on: Volume(grid: grid, repeating: .nan))
        }
        let slice = PETPhantomSettings.headGrid(shape: [32, 38, 1], voxelSize: 6)
        #expect(throws: StriatumError.tooFewSlices([32, 38, 1])) {
            try StriatalPlacement(of: template, on: Volume(grid: slice, repeating: 2))
        }
    }

    @Test func theTemplatesVolumesAreThoseOfPeople() {
        var quality = PlacementQuality()
        quality.judge(HeadPhantom.striatalTemplate(nil, voxelSize: 4).labels)
        #expect(quality.verdict == .ok, "\(quality.reasons)")
    }
}

/// 2 |A ∩ B| / (|A| + |B|) of a label on one grid.
func dice(_ a: LabelMap, _ b: LabelMap, _ label: Int32) -> Double { dice(a, b, [label]) }

/// The same of several labels together.
func dice(_ a: LabelMap, _ b: LabelMap, _ labels: Set<Int32>) -> Double {
    var (both, sum) = (0, 0)
    for (x, y) in zip(a.voxels, b.voxels) {
        let (inA, inB) = (labels.contains(x), labels.contains(y))
        both += inA && inB ? 2 : 0
        sum += (inA ? 1 : 0) + (inB ? 1 : 0)
    }
    return sum == 0 ? 0 : Double(both) / Double(sum)
}

extension Volume {
    /// The same image with the axes that differ from RAS stored the other way round.
    func stored(flipping code: String) throws -> Volume {
        var map = grid.worldFromVoxel
        let letters = Array(code)
        let far = SIMD3<Double>(grid.shape &- 1)
        if letters[0] == "L" { (map.translation, map.x) = (map.translation + map.x * far.x, -map.x) }
        if letters[1] == "P" { (map.translation, map.y) = (map.translation + map.y * far.y, -map.y) }
        if letters[2] == "I" { (map.translation, map.z) = (map.translation + map.z * far.z, -map.z) }
        return try resampled(onto: VoxelGrid(shape: grid.shape, worldFromVoxel: map), interpolation: .nearest)
    }
}
