import Imaging

/// A region whose uptake is reported: a structure of one side, with its number in label maps.
///
/// Numbers are FreeSurfer's where it has the structure (caudate 11/50, accumbens 26/58, cerebellar cortex 8/47). What it does
/// not have is 30000 + 10 × FreeSurfer's number of the whole + the part: putamen 12/51, part 1 before the anterior commissure
/// (y ≥ 0) and 2 behind it; cerebral cortex 3/42, part 1 occipital.
public enum Region: Int, Sendable, CaseIterable {
    case caudateLeft, caudateRight
    case putamenAnteriorLeft, putamenAnteriorRight
    case putamenPosteriorLeft, putamenPosteriorRight
    case ventralStriatumLeft, ventralStriatumRight
    case occipitalLeft, occipitalRight
    case cerebellumLeft, cerebellumRight

    /// The name in label tables, such as "putamen-posterior-left".
    public var name: String { structure + (isLeft ? "-left" : "-right") }

    /// The name without its side.
    public var structure: String {
        switch self {
        case .caudateLeft, .caudateRight: "caudate"
        case .putamenAnteriorLeft, .putamenAnteriorRight: "putamen-anterior"
        case .putamenPosteriorLeft, .putamenPosteriorRight: "putamen-posterior"
        case .ventralStriatumLeft, .ventralStriatumRight: "ventral-striatum"
        case .occipitalLeft, .occipitalRight: "occipital"
        case .cerebellumLeft, .cerebellumRight: "cerebellum"
        }
    }

    /// Whether it lies at x < 0.
    public var isLeft: Bool { rawValue % 2 == 0 }

    /// The number in label maps.
    public var label: Int32 {
        let pair: (Int32, Int32) =
            switch self {
            case .caudateLeft, .caudateRight: (11, 50)
            case .putamenAnteriorLeft, .putamenAnteriorRight: (30121, 30511)
            case .putamenPosteriorLeft, .putamenPosteriorRight: (30122, 30512)
            case .ventralStriatumLeft, .ventralStriatumRight: (26, 58)
            case .occipitalLeft, .occipitalRight: (30031, 30421)
            case .cerebellumLeft, .cerebellumRight: (8, 47)
            }
        return isLeft ? pair.0 : pair.1
    }

    private var color: SIMD3<UInt8> {
        switch self {
        case .caudateLeft, .caudateRight: [122, 186, 220]
        case .putamenAnteriorLeft, .putamenAnteriorRight: [236, 13, 176]
        case .putamenPosteriorLeft, .putamenPosteriorRight: [255, 213, 0]
        case .ventralStriatumLeft, .ventralStriatumRight: [255, 130, 20]
        case .occipitalLeft, .occipitalRight: [60, 200, 90]
        case .cerebellumLeft, .cerebellumRight: [90, 120, 230]
        }
    }

    /// The names of all regions.
    public static let table = LabelTable(
        Dictionary(
            uniqueKeysWithValues: allCases.map { ($0.label, LabelTable.Entry(name: $0.name, color: $0.color)) }))
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
