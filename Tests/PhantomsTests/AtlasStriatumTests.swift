import Imaging
import PET
import Phantoms
import Statistics
import Testing
import TestSupport

/// The built-in template on PET made from real atlases, which it was not made from.
///
/// Brain, cortex and cerebellum are those of the Mindboggle atlas, the striatum that of the atlas named; uptake is in the
/// ratios below, seen at 6 mm, with noise of 5 % as smooth as that, the head turned and shifted.
@Suite(.enabled(if: ReferenceData.isPresent, "needs the reference atlases"))
struct AtlasStriatumTests {
    /// Uptake over the reference: caudate, anterior and posterior putamen, accumbens.
    enum Uptake: String, CaseIterable {
        case healthy, parkinson
        var ratios: [Double] { self == .healthy ? [2.2, 2.3, 2.2, 2.0] : [1.8, 1.6, 1.3, 1.8] }
    }

    /// Dice of the whole putamen at least 0.75 (mean of both sides) and SBR, with the labels' own references, as the issue
    /// asks: within 10 % for the healthy. What is measured is printed for the page about it.
    @Test(arguments: ["DKT31", "Tian"])
    func thePutamenOfAnotherAtlasIsFound(atlas: String) throws {
        let head = try AtlasHead(atlas)
        let turn = Affine.rotation(vector: [0.12, 0.1, -0.15])
        let headFromPET = Affine(x: turn.x, y: turn.y, z: turn.z, translation: [9, -12, 8])
        let (pet, truth) = try head.scan(Uptake.healthy.ratios, headFromPET: headFromPET, seed: 5)
        let found = try StriatalPlacement(of: HeadPhantom.striatalTemplate(.fdopa), on: pet)
        let sides = RegionName.Side.allCases.map { side in
            let parts = [StriatalRegion.Structure.anteriorPutamen, .posteriorPutamen]
            let labels = Set(parts.map { StriatalRegion($0, side).label })
            return (
                dice: dice(found.labels.map, truth, labels), found: sbr(pet, found.labels.map, labels),
                truth: sbr(pet, truth, labels)
            )
        }
        for (side, one) in zip(RegionName.Side.allCases, sides) {
            print("\(atlas) putamen \(side.rawValue): Dice \(one.dice), SBR \(one.found), of the atlas \(one.truth)")
        }
        #expect(sides.reduce(0) { $0 + $1.dice } / 2 >= 0.75)
        let (ours, theirs) = (sides.reduce(0) { $0 + $1.found }, sides.reduce(0) { $0 + $1.truth })
        #expect(abs(ours / theirs - 1) < 0.1)
        #expect(found.quality.verdict < .fail, "\(found.quality.reasons)")
    }

    private func sbr(_ pet: Volume, _ labels: LabelMap, _ region: Set<Int32>) -> Double {
        func mean(_ wanted: Set<Int32>) -> Double {
            var (sum, count) = (0.0, 0.0)
            for (value, label) in zip(pet.voxels, labels.voxels) where wanted.contains(label) {
                (sum, count) = (sum + Double(value), count + 1)
            }
            return sum / count
        }
        return mean(region) / mean(Set(RegionName.Side.allCases.map { StriatalRegion(.occipital, $0).label })) - 1
    }
}

/// A head made from atlases in MNI space.
struct AtlasHead {
    private let labels: StriatalLabels
    /// Uptake outside the striatum over the reference.
    private let rest: [Float]

    init(_ atlas: String) throws {
        let folder = "images/atlas/"
        func read(_ path: String) throws -> LabelMap { try LabelImage.read(ReferenceData.path(folder + path)) }
        let brain = try read("exploreasl/Mindboggle_OASIS_DKT31_CMA.nii.gz")
        let grid = brain.grid
        let t1 = try StoredImage.read(ReferenceData.path(folder + "spm12/canonical/avg152T1.nii")).volume
            .resampled(onto: grid)
        var voxels = brain.voxels.map { label -> Int32 in
            switch label {
            case 17, 23, 25, 33: 30031
            case 1: 8
            default: 0
            }
        }
        let meanings: [Int32: Int32] =
            atlas == "DKT31"
            ? [4: 11, 5: 30121, 9: 26] : [8: 11, 16: 11, 7: 30121, 15: 30121, 5: 26, 13: 26]
        let own =
            atlas == "DKT31"
            ? brain
            : try read("tian/Group-Parcellation/3T/Subcortex-Only/Tian_Subcortex_S1_3T.nii").resampled(onto: grid)
        let striatum = own.voxels.map { meanings[$0] ?? 0 }
        let inside = Self.filled(brain)
        var rest = [Float](repeating: 0, count: grid.count)
        let bright = zip(t1.voxels, inside).filter(\.1).map(\.0).sorted()
        let median = bright[bright.count / 2]
        for voxel in voxels.indices {
            if striatum[voxel] != 0 { voxels[voxel] = striatum[voxel] }
            let point = Self.point(voxel, grid)
            if let region = StriatalRegion(label: voxels[voxel]) {
                let structure: StriatalRegion.Structure =
                    region.structure == .anteriorPutamen && point.y < 0 ? .posteriorPutamen : region.structure
                voxels[voxel] = StriatalRegion(structure, point.x < 0 ? .left : .right).label
            }
            switch brain.voxels[voxel] {
            case 1, 7, 8, 10...: rest[voxel] = 1
            case 3: rest[voxel] = 1.05
            case 6: rest[voxel] = 1.2
            case 2: rest[voxel] = 0.8
            default:
                rest[voxel] = !inside[voxel] ? (t1.voxels[voxel] > 0.15 * median ? 0.65 : 0) : 0.8
                if inside[voxel] && brain.voxels[voxel] == 0 && t1.voxels[voxel] < 0.55 * median { rest[voxel] = 0.3 }
            }
        }
        self.rest = rest
        labels = StriatalLabels(map: LabelMap(grid: grid, voxels: voxels), putamenRule: "y = 0")
    }

    /// The PET on a grid of 2.5 mm, and the atlas's labels there.
    func scan(_ ratios: [Double], headFromPET: Affine, seed: UInt64) throws -> (pet: Volume, truth: LabelMap) {
        let uptake: [StriatalRegion.Structure: Float] = [
            .caudate: Float(ratios[0]), .anteriorPutamen: Float(ratios[1]), .posteriorPutamen: Float(ratios[2]),
            .ventralStriatum: Float(ratios[3]),
        ]
        let values = zip(labels.map.voxels, rest).map { label, other in
            StriatalRegion(label: label).flatMap { uptake[$0.structure] } ?? other
        }
        let seen = Volume(grid: labels.map.grid, voxels: values).smoothed(fwhm: [6, 6, 6])
        let grid = try VoxelGrid(
            shape: [88, 100, 86],
            worldFromVoxel: Affine(scale: [2.5, 2.5, 2.5], translation: [-109, -141, -88]))
        var random = RandomSource(seed: seed)
        var noise = Volume(grid: grid, voxels: (0..<grid.count).map { _ in Float(random.gaussian()) })
            .smoothed(fwhm: [4.2, 4.2, 4.2])
        let sd = (noise.voxels.reduce(0.0) { $0 + Double($1 * $1) } / Double(grid.count)).squareRoot()
        let clean = seen.resampled(onto: grid, sourceFromTarget: headFromPET)
        noise.withMutableVoxels { voxels in
            for voxel in 0..<voxels.count {
                let value = clean.voxels[voxel]
                voxels[voxel] = value + 0.05 * voxels[voxel] / Float(sd) * max(value, 0.05).squareRoot()
            }
        }
        return (noise, labels.moved(onto: grid, sourceFromTarget: headFromPET).map)
    }

    private static func point(_ voxel: Int, _ grid: VoxelGrid) -> SIMD3<Double> {
        grid.worldFromVoxel([
            Double(voxel % grid.shape.x), Double(voxel / grid.shape.x % grid.shape.y),
            Double(voxel / grid.shape.x / grid.shape.y),
        ])
    }

    /// The brain with what its cortex encloses: what cannot be reached from a corner once sulci are closed.
    private static func filled(_ brain: LabelMap) -> [Bool] {
        let (shape, grid) = (brain.grid.shape, brain.grid)
        let closed = Volume(grid: grid, voxels: brain.voxels.map { $0 == 0 ? 0 : 1 }).smoothed(fwhm: [10, 10, 10])
        let wall = zip(brain.voxels, closed.voxels).map { $0 != 0 || $1 > 0.25 }
        var reached = [Bool](repeating: false, count: grid.count)
        var open = [0]
        reached[0] = true
        while let voxel = open.popLast() {
            let (i, j, k) = (voxel % shape.x, voxel / shape.x % shape.y, voxel / shape.x / shape.y)
            for (x, y, z) in [(i - 1, j, k), (i + 1, j, k), (i, j - 1, k), (i, j + 1, k), (i, j, k - 1), (i, j, k + 1)]
            where x >= 0 && y >= 0 && z >= 0 && x < shape.x && y < shape.y && z < shape.z {
                let next = grid.offset(x, y, z)
                if !wall[next] && !reached[next] {
                    reached[next] = true
                    open.append(next)
                }
            }
        }
        return reached.map { !$0 }
    }
}
