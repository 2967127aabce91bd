import Imaging

/// Caudate, putamen in parts, ventral striatum and the reference regions of both sides, as labels on a grid.
///
/// Made from a segmentation of the subject or from an atlas; both are read by the names of their labels. Sides are the
/// patient's, as the names say; positions only check them.
public struct StriatalLabels: Sendable {
    /// The labels, numbered and named as `StriatalRegion` has it.
    public var map: LabelMap
    /// How the putamen was divided.
    public var putamenRule: String
    /// What was doubtful.
    public var warnings: [String]

    /// Labels that are made already.
    public init(map: LabelMap, putamenRule: String, warnings: [String] = []) {
        (self.map, self.putamenRule, self.warnings) = (map, putamenRule, warnings)
        self.map.names = StriatalRegion.table(StriatalRegion.all.filter { Set(map.labels).contains($0.label) })
    }

    /// The regions that have voxels.
    public var regions: [StriatalRegion] { map.labels.compactMap { StriatalRegion(label: $0) } }

    /// Voxel centres of each region, RAS mm, in voxel order.
    public var points: [StriatalRegion: [SIMD3<Double>]] {
        var found: [StriatalRegion: [SIMD3<Double>]] = [:]
        map.forEachLabelled { label, point in
            if let region = StriatalRegion(label: label) { found[region, default: []].append(point) }
        }
        return found
    }

    /// The labels of another space: each voxel of `grid` takes the label its centre lies in.
    ///
    /// `sourceFromTarget` takes RAS mm of `grid`'s space to RAS mm of this one.
    public func moved(onto grid: VoxelGrid, sourceFromTarget: Affine) -> StriatalLabels {
        StriatalLabels(
            map: map.resampled(onto: grid, sourceFromTarget: sourceFromTarget), putamenRule: putamenRule,
            warnings: warnings)
    }

    /// The labels without the voxels that touch, by a face, a voxel outside their structure; parts of a putamen count as one.
    ///
    /// A check of how much the mean depends on the edge, where resolution and misplacement act most.
    public func eroded() -> StriatalLabels {
        let (shape, voxels) = (map.grid.shape, map.voxels)
        func structure(_ label: Int32) -> Int32 {
            guard let region = StriatalRegion(label: label), region.structure.isPutamen else { return label }
            return StriatalRegion(.posteriorPutamen, region.side).label
        }
        var kept = [Int32](repeating: 0, count: voxels.count)
        let strides = [1, shape.x, shape.x * shape.y]
        for k in 0..<shape.z {
            for j in 0..<shape.y {
                for i in 0..<shape.x {
                    let voxel = map.grid.offset(i, j, k)
                    guard voxels[voxel] != 0 else { continue }
                    let own = structure(voxels[voxel])
                    let inside = [(i, shape.x), (j, shape.y), (k, shape.z)].enumerated().allSatisfy { axis, place in
                        place.0 > 0 && place.0 < place.1 - 1 && structure(voxels[voxel - strides[axis]]) == own
                            && structure(voxels[voxel + strides[axis]]) == own
                    }
                    if inside { kept[voxel] = voxels[voxel] }
                }
            }
        }
        return StriatalLabels(
            map: LabelMap(grid: map.grid, voxels: kept), putamenRule: putamenRule, warnings: warnings)
    }
}

extension LabelMap {
    /// Visits every labelled voxel with its centre, RAS mm, in voxel order.
    func forEachLabelled(_ body: (Int32, SIMD3<Double>) -> Void) {
        for k in 0..<grid.shape.z {
            for j in 0..<grid.shape.y {
                for i in 0..<grid.shape.x {
                    let label = voxels[grid.offset(i, j, k)]
                    if label != 0 { body(label, grid.worldFromVoxel([Double(i), Double(j), Double(k)])) }
                }
            }
        }
    }
}

/// Why a striatum cannot be labelled or measured.
public enum StriatumError: Error, Equatable, CustomStringConvertible {
    /// No label of the segmentation is part of the striatum.
    case noStriatum([String])
    /// A part that everything else needs is not there.
    case missing(String)
    /// The labels and the image do not meet.
    case noOverlap
    /// The image has one value everywhere or none that is finite.
    case noContrast
    /// A volume cannot be made from so few slices.
    case tooFewSlices(SIMD3<Int>)
    /// A path of no length.
    case tractWithoutLength
    /// A table of normal values cannot be read.
    case normalTable(String)

    /// One sentence for the person holding the file.
    public var description: String {
        switch self {
        case .noStriatum(let names):
            "no label names a caudate or putamen; the labels are "
                + (names.isEmpty
                    ? "all background"
                    : names.prefix(12).joined(separator: ", ") + (names.count > 12 ? " …" : ""))
        case .missing(let name): "there is no \(name) among the labels"
        case .noOverlap: "the labels do not lie on the image: check that both are of the same subject and space"
        case .noContrast: "the image has the same value everywhere, or none that is finite; nothing can be placed on it"
        case .tooFewSlices(let shape):
            "the image has \(shape.x) × \(shape.y) × \(shape.z) voxels; a striatum needs at least 8 along each axis"
        case .tractWithoutLength: "a path goes from an entry to a target; these two are the same point"
        case .normalTable(let problem): "a table of normal values \(problem)"
        }
    }
}
