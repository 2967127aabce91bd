import Imaging
import PET

/// A region whose uptake is reported: a structure of one side; the putamen is divided at y = 0, the anterior commissure.
///
/// Names and numbers in label maps are those of `StriatalRegion`.
public enum Region: Int, Sendable, CaseIterable {
    case caudateLeft, caudateRight
    case putamenAnteriorLeft, putamenAnteriorRight
    case putamenPosteriorLeft, putamenPosteriorRight
    case ventralStriatumLeft, ventralStriatumRight
    case occipitalLeft, occipitalRight
    case cerebellumLeft, cerebellumRight

    /// The region as analyses have it.
    public var striatal: StriatalRegion {
        let structure: StriatalRegion.Structure =
            switch self {
            case .caudateLeft, .caudateRight: .caudate
            case .putamenAnteriorLeft, .putamenAnteriorRight: .anteriorPutamen
            case .putamenPosteriorLeft, .putamenPosteriorRight: .posteriorPutamen
            case .ventralStriatumLeft, .ventralStriatumRight: .ventralStriatum
            case .occipitalLeft, .occipitalRight: .occipital
            case .cerebellumLeft, .cerebellumRight: .cerebellum
            }
        return StriatalRegion(structure, isLeft ? .left : .right)
    }

    /// The name in label tables, such as "putamen-posterior-left".
    public var name: String { striatal.name }

    /// The name without its side.
    public var structure: String { striatal.structure.rawValue }

    /// Whether it lies at x < 0.
    public var isLeft: Bool { rawValue % 2 == 0 }

    /// The number in label maps.
    public var label: Int32 { striatal.label }

    /// The names of all regions.
    public static let table = StriatalRegion.table(allCases.map(\.striatal))
}

/// What a point of the head is made of: a structure of its own, a part of a region, or a graft.
public enum Tissue: Sendable, Hashable {
    case air, scalp, fat, eye, bone, cerebrospinalFluid
    case whiteMatter, cortex, thalamus, pallidum, brainstem
    /// What a needle left in the brain, and the hole in the skull it came through.
    case needleTract, burrHole
    case region(Region)
    /// The graft at a site, by its place in the list of sites.
    case graft(Int)

    /// Attenuation on CT, HU: the middle of the ranges that textbooks of CT give, as [Kalender2011] lists them.
    public var hounsfield: Double {
        switch self {
        case .air: -1000
        case .fat: -90
        case .scalp, .burrHole: 40
        case .bone: 1000
        case .cerebrospinalFluid: 8
        case .eye: 15
        case .whiteMatter, .brainstem: 30
        case .needleTract: 14
        case .graft: 42
        case .cortex, .thalamus, .pallidum, .region: 37
        }
    }

    /// All tissues of a head with so many grafts; their order is that of codes.
    static func all(grafts: Int) -> [Tissue] {
        fixed + Region.allCases.map { .region($0) } + (0..<grafts).map { .graft($0) }
    }

    private static let fixed: [Tissue] = [
        .air, .scalp, .fat, .eye, .bone, .cerebrospinalFluid, .whiteMatter, .cortex, .thalamus, .pallidum, .brainstem,
        .needleTract, .burrHole,
    ]

    /// The place in `all`.
    var code: UInt8 {
        switch self {
        case .air: 0
        case .scalp: 1
        case .fat: 2
        case .eye: 3
        case .bone: 4
        case .cerebrospinalFluid: 5
        case .whiteMatter: 6
        case .cortex: 7
        case .thalamus: 8
        case .pallidum: 9
        case .brainstem: 10
        case .needleTract: 11
        case .burrHole: 12
        case .region(let region): UInt8(13 + region.rawValue)
        case .graft(let site): UInt8(25 + site)
        }
    }

    /// Whether it is brain, through which a needle leaves a tract.
    var isUnnamedBrain: Bool {
        switch self {
        case .whiteMatter, .cortex, .thalamus, .pallidum, .brainstem, .cerebrospinalFluid: true
        default: false
        }
    }
}
