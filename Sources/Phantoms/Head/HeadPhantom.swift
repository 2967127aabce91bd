import Imaging

/// A digital head with known truth: every point of RAS space has one tissue.
///
/// Without grafts it is a head before surgery; with them their needle tracts and burr holes are there too. The regions are
/// the same in both, so that one set of labels serves every visit.
public struct HeadPhantom: Sendable {
    /// The deposits of cells.
    public let grafts: [GraftSite]

    private let anatomy = HeadAnatomy()
    private let cranium = Cranium()
    private let balls, tracts, holes: [Solid]

    /// A head.
    public init(grafts: [GraftSite] = []) {
        precondition(grafts.count <= 64, "at most 64 grafts")
        self.grafts = grafts
        balls = grafts.map(\.ball)
        tracts = grafts.flatMap(\.tract)
        holes = grafts.flatMap(\.burrHole)
    }

    /// The tissue at a point, RAS mm.
    public func tissue(at point: SIMD3<Double>) -> Tissue {
        tissue(point.x, point.y, point.z, among: candidates(low: point, high: point))
    }

    /// The region a point belongs to, whether as host tissue or as graft.
    public func region(at point: SIMD3<Double>) -> Region? { region(of: tissue(at: point)) }

    /// The region a tissue belongs to.
    public func region(of tissue: Tissue) -> Region? {
        switch tissue {
        case .region(let region): region
        case .graft(let site): grafts[site].center.x < 0 ? .putamenPosteriorLeft : .putamenPosteriorRight
        default: nil
        }
    }

    /// How much of each voxel is of which tissue.
    public func tissues(on grid: VoxelGrid) -> TissueFractions { TissueFractions(of: self, on: grid) }

    /// The region at the centre of each voxel.
    public func labels(on grid: VoxelGrid) -> LabelMap { tissues(on: grid).labels }

    /// A CT of the head, HU: the mean attenuation of each voxel and noise of a standard deviation `noise`, HU.
    public func ct(on grid: VoxelGrid, noise: Double = 0, seed: UInt64 = 0) -> Volume {
        tissues(on: grid).ct(noise: noise, seed: seed)
    }

    /// The shapes that a box may meet: all that need be looked at for the points in it.
    struct Candidates {
        fileprivate let structures: [HeadAnatomy.Structure]
        fileprivate let balls: [(solid: Solid, site: Int)]
        fileprivate let tracts, holes: [Solid]

        /// Whether surgery changed nothing here.
        var areUntouched: Bool { balls.isEmpty && tracts.isEmpty && holes.isEmpty }
    }

    /// The shapes that a box may meet.
    func candidates(low: SIMD3<Double>, high: SIMD3<Double>) -> Candidates {
        Candidates(
            structures: anatomy.structures.filter { $0.solid.mayMeet(low: low, high: high) },
            balls: balls.indices.map { (balls[$0], $0) }.filter { $0.0.mayMeet(low: low, high: high) },
            tracts: tracts.filter { $0.mayMeet(low: low, high: high) },
            holes: holes.filter { $0.mayMeet(low: low, high: high) })
    }

    /// The tissue at a point of the box that `candidates` were found for.
    func tissue(_ x: Double, _ y: Double, _ z: Double, among candidates: Candidates) -> Tissue {
        let host = hostTissue(x, y, z, among: candidates.structures)
        if grafts.isEmpty { return host }
        if host == .region(x < 0 ? .putamenPosteriorLeft : .putamenPosteriorRight) {
            for ball in candidates.balls where ball.solid.contains(x, y, z) { return .graft(ball.site) }
        } else if host.isUnnamedBrain {
            for tract in candidates.tracts where tract.contains(x, y, z) { return .needleTract }
        } else if host == .bone {
            for hole in candidates.holes where hole.contains(x, y, z) { return .burrHole }
        }
        return host
    }

    private func hostTissue(
        _ x: Double, _ y: Double, _ z: Double, among structures: [HeadAnatomy.Structure]
    ) -> Tissue {
        guard cranium.holds(x, y, z) else { return .air }
        guard cranium.isInside(x, y, z) else { return cranium.wall(x, y, z) }
        for structure in structures where structure.solid.contains(x, y, z) {
            switch structure.tissue {
            // Left and right meet in the middle.
            case .region(.cerebellumLeft) where x >= 0, .region(.cerebellumRight) where x < 0: continue
            case .region(.putamenAnteriorLeft) where y < 0: return .region(.putamenPosteriorLeft)
            case .region(.putamenAnteriorRight) where y < 0: return .region(.putamenPosteriorRight)
            default: return structure.tissue
            }
        }
        return cranium.filling(x, y, z)
    }
}
