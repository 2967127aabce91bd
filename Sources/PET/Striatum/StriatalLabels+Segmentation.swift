import Imaging

extension StriatalLabels {
    /// Labels from a segmentation or atlas whose label names say what they are.
    ///
    /// Names as FreeSurfer, SynthSeg, DKT, AAL, Tian or CIT168 have them; a segmentation without names is taken to be
    /// numbered as FreeSurfer's (aseg, aparc+aseg), which SynthSeg shares. The occipital reference is lateral occipital,
    /// cuneus, pericalcarine and lingual cortex; the ventral striatum is the accumbens where nothing else is named so.
    /// A structure without sides is divided at the sagittal plane through its own middle, with a warning.
    public init(segmentation: LabelMap, split: PutamenSplit = .half) throws(StriatumError) {
        let found = Self.found(in: segmentation)
        guard found.values.contains(where: { $0.isStriatal }) else {
            throw .noStriatum(segmentation.labels.map { segmentation.names.name(of: $0) })
        }
        var warnings: [String] = []
        let middles = Self.middles(of: segmentation, found)
        var voxels = [Int32](repeating: 0, count: segmentation.voxels.count)
        var putamen: [RegionName.Side: [Int]] = [:]
        let grid = segmentation.grid
        for voxel in voxels.indices {
            guard let meaning = found[segmentation.voxels[voxel]] else { continue }
            let side = meaning.side ?? (grid.center(of: voxel).x < middles[meaning.group] ?? 0 ? .left : .right)
            if let structure = meaning.structure {
                voxels[voxel] = StriatalRegion(structure, side).label
            } else {
                putamen[side, default: []].append(voxel)
            }
        }
        let isDivided = found.values.contains { $0.structure?.isPutamen ?? false }
        for (side, members) in putamen.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            for (voxel, part) in zip(members, split.parts(of: members.map(grid.center))) {
                voxels[voxel] = StriatalRegion(part, side).label
            }
        }
        for name in Set(found.filter { $0.value.side == nil }.keys.map { segmentation.names.name(of: $0) }).sorted() {
            warnings.append("\(name) has no side; it was divided at the sagittal plane through its middle")
        }
        self.init(
            map: LabelMap(grid: grid, voxels: voxels),
            putamenRule: isDivided && putamen.isEmpty ? "as the segmentation divides it" : split.rule,
            warnings: warnings)
        guard regions.contains(where: { $0.structure.isPutamen }) else { throw .missing("putamen") }
    }

    /// What a label of a segmentation means; the whole putamen has no structure yet.
    private struct Meaning: Hashable {
        var structure: StriatalRegion.Structure?
        var side: RegionName.Side?
        var isStriatal: Bool { structure?.isStriatal ?? true }
        /// Structures without sides share the plane between them: the striatum's or that of the reference.
        var group: Int { isStriatal ? 0 : structure == .cerebellum ? 1 : 2 }
    }

    private static func found(in segmentation: LabelMap) -> [Int32: Meaning] {
        var found: [Int32: Meaning] = [:]
        for label in segmentation.labels {
            let name = segmentation.names.entries.isEmpty ? freeSurfer[label] : segmentation.names.name(of: label)
            guard let name else { continue }
            let region = RegionName(name)
            if let part = region.part {
                let structure: StriatalRegion.Structure? =
                    switch part {
                    case .caudate: .caudate
                    case .putamen: nil
                    case .anteriorPutamen: .anteriorPutamen
                    case .middlePutamen: .middlePutamen
                    case .posteriorPutamen: .posteriorPutamen
                    case .ventralStriatum: .ventralStriatum
                    }
                found[label] = Meaning(structure: structure, side: region.side)
            } else if let reference = region.striatalReference {
                found[label] = Meaning(structure: reference, side: region.side)
            }
        }
        return found
    }

    /// The middle of the structures that have no side, mm of x.
    private static func middles(of segmentation: LabelMap, _ found: [Int32: Meaning]) -> [Int: Double] {
        var sums: [Int: (x: Double, count: Double)] = [:]
        guard found.values.contains(where: { $0.side == nil }) else { return [:] }
        segmentation.forEachLabelled { label, point in
            guard let meaning = found[label], meaning.side == nil else { return }
            let before = sums[meaning.group] ?? (0, 0)
            sums[meaning.group] = (before.x + point.x, before.count + 1)
        }
        return sums.mapValues { $0.x / $0.count }
    }

    /// FreeSurfer's names of the labels that matter here, for segmentations that come without a table.
    private static let freeSurfer: [Int32: String] = [
        8: "Left-Cerebellum-Cortex", 47: "Right-Cerebellum-Cortex", 11: "Left-Caudate", 50: "Right-Caudate",
        12: "Left-Putamen", 51: "Right-Putamen", 26: "Left-Accumbens-area", 58: "Right-Accumbens-area",
        1005: "ctx-lh-cuneus", 2005: "ctx-rh-cuneus", 1011: "ctx-lh-lateraloccipital",
        2011: "ctx-rh-lateraloccipital", 1013: "ctx-lh-lingual", 2013: "ctx-rh-lingual",
        1021: "ctx-lh-pericalcarine", 2021: "ctx-rh-pericalcarine",
    ]
}

extension RegionName {
    /// The reference region a structure's name means: occipital or cerebellar cortex; `nil` for any other.
    public var striatalReference: StriatalRegion.Structure? {
        let words = Set(structure.split(separator: "-").map(String.init))
        if words.contains("white") || words.contains("wm") || words.contains("vermis") || words.contains("vermal") {
            return nil
        }
        if words.contains(where: { $0.hasPrefix("cerebell") }) { return .cerebellum }
        let occipital: Set = ["occipital", "lateraloccipital", "cuneus", "lingual", "pericalcarine", "calcarine"]
        return words.isDisjoint(with: occipital) || words.contains("parieto") ? nil : .occipital
    }
}
