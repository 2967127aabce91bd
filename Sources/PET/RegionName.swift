/// What a region's name says: on which side it is, and which structure.
///
/// Understands the spellings in use: `Left-Putamen`, `ctx-lh-cuneus`, `putamen-left`, `putamen_L`, `L putamen`,
/// `rh.caudate`, `PUT-lh`, `pCAU-rh`, `putam_dx` (Turku's dexter and sinister). A name without a side is bilateral or midline.
public struct RegionName: Sendable, Equatable {
    /// The body's side.
    public enum Side: String, Sendable, CaseIterable { case left, right }

    /// The side; `nil` where the name has none.
    public let side: Side?
    /// The name without its side, in lower case, parts joined by hyphens: "putamen-posterior", "ctx-cuneus".
    public let structure: String

    /// Reads a name.
    public init(_ name: String) {
        var side: Side?
        var parts: [Substring] = []
        let lowered = name.lowercased()
        for part in lowered.split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
            switch part {
            case "left", "lh", "l", "sin": side = side ?? .left
            case "right", "rh", "r", "dx": side = side ?? .right
            default: parts.append(part)
            }
        }
        self.side = side
        structure = parts.isEmpty ? lowered : parts.joined(separator: "-")
    }

    /// The striatal part that a structure's name means, where it means one.
    public var part: StriatalPart? {
        let words = Set(structure.split(separator: "-").map(String.init))
        func has(_ prefix: String) -> Bool { words.contains { $0.hasPrefix(prefix) } }
        if has("accumbens") || words.contains("nac") || (words.contains("ventral") && words.contains("striatum")) {
            return .ventralStriatum
        }
        if has("caudate") || !words.isDisjoint(with: ["cau", "acau", "pcau"]) { return .caudate }
        if words.contains("aput") { return .anteriorPutamen }
        if words.contains("pput") { return .posteriorPutamen }
        guard has("putamen") || words.contains("put") else { return nil }
        if has("ant") || words.contains("precommissural") { return .anteriorPutamen }
        if has("post") || words.contains("postcommissural") { return .posteriorPutamen }
        if words.contains("middle") { return .middlePutamen }
        return .putamen
    }
}

/// The parts of the striatum that indices are made from.
public enum StriatalPart: String, Sendable, CaseIterable {
    case caudate
    case putamen
    case anteriorPutamen = "putamen-anterior"
    /// Where the putamen is divided into thirds.
    case middlePutamen = "putamen-middle"
    case posteriorPutamen = "putamen-posterior"
    case ventralStriatum = "ventral-striatum"
}
