import Imaging

/// A region of the striatum or of its references on one side, with its number and name in label images.
///
/// Numbers are FreeSurfer's where it has the structure (caudate 11/50, accumbens 26/58, cerebellar cortex 8/47). What it does
/// not have is 30000 + 10 × FreeSurfer's number of the whole + the part: putamen 12/51, part 1 anterior, 2 posterior and
/// 3 middle; cerebral cortex 3/42, part 1 occipital.
public struct StriatalRegion: Sendable, Hashable {
    /// What the region is, without its side.
    public enum Structure: String, Sendable, CaseIterable {
        case caudate
        case anteriorPutamen = "putamen-anterior"
        case middlePutamen = "putamen-middle"
        case posteriorPutamen = "putamen-posterior"
        case ventralStriatum = "ventral-striatum"
        case occipital
        case cerebellum

        /// Whether it is a part of the putamen.
        public var isPutamen: Bool { self == .anteriorPutamen || self == .middlePutamen || self == .posteriorPutamen }

        /// Whether it is striatum rather than a reference.
        public var isStriatal: Bool { self != .occipital && self != .cerebellum }
    }

    /// The structure.
    public let structure: Structure
    /// The patient's side.
    public let side: RegionName.Side

    /// A region.
    public init(_ structure: Structure, _ side: RegionName.Side) { (self.structure, self.side) = (structure, side) }

    /// The region of a label; `nil` for a number of no region.
    public init?(label: Int32) {
        guard let found = Self.byLabel[label] else { return nil }
        self = found
    }

    /// The name in label tables, such as "putamen-posterior-left".
    public var name: String { "\(structure.rawValue)-\(side.rawValue)" }

    /// The number in label images.
    public var label: Int32 {
        let pair: (left: Int32, right: Int32) =
            switch structure {
            case .caudate: (11, 50)
            case .anteriorPutamen: (30121, 30511)
            case .posteriorPutamen: (30122, 30512)
            case .middlePutamen: (30123, 30513)
            case .ventralStriatum: (26, 58)
            case .occipital: (30031, 30421)
            case .cerebellum: (8, 47)
            }
        return side == .left ? pair.left : pair.right
    }

    /// The colour in label tables.
    public var color: SIMD3<UInt8> {
        switch structure {
        case .caudate: [122, 186, 220]
        case .anteriorPutamen: [236, 13, 176]
        case .middlePutamen: [245, 113, 88]
        case .posteriorPutamen: [255, 213, 0]
        case .ventralStriatum: [255, 130, 20]
        case .occipital: [60, 200, 90]
        case .cerebellum: [90, 120, 230]
        }
    }

    /// All regions, structure by structure, the left one first.
    public static let all = Structure.allCases.flatMap { structure in
        RegionName.Side.allCases.map { StriatalRegion(structure, $0) }
    }

    /// The names and colours of some regions.
    public static func table(_ regions: [StriatalRegion] = all) -> LabelTable {
        LabelTable(
            Dictionary(
                uniqueKeysWithValues: regions.map { ($0.label, LabelTable.Entry(name: $0.name, color: $0.color)) }))
    }

    private static let byLabel = Dictionary(uniqueKeysWithValues: all.map { ($0.label, $0) })
}
