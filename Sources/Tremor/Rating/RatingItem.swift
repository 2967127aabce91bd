/// The item of the MDS-UPDRS, part III, that a recording's amplitude can be put beside [Goetz2008].
public struct RatingItem: Sendable, Equatable {
    /// What the limb does while tremor is measured.
    public enum Task: String, Sendable, CaseIterable {
        case rest
        case postural
        case kinetic
        /// Tremor that comes back in a held posture; it counts to the postural item.
        case reemergent = "re-emergent"
    }

    /// A part of the body that has a letter in an item.
    public enum Part: Sendable, Equatable {
        case arm, leg, lipOrJaw
    }

    /// The item with its letter, such as "3.17b"; without a letter where the side is not known, "3.17".
    public let code: String
    /// The bins of its amplitude.
    public let bins: ScoreBins

    /// The item of a site and a task; `nil` where there is none: a trunk, a head, a leg that is held up.
    ///
    /// - Parameter site: a name such as "wrist-left", "right ankle" or "chin"; words in any order, of any case.
    public init?(site: String, task: Task) {
        guard let place = Self.place(of: site) else { return nil }
        let right = place.side.map { $0 == .right }
        switch (task, place.part) {
        case (.rest, .lipOrJaw): code = "3.17e"
        case (.rest, .arm): code = "3.17" + (right.map { $0 ? "a" : "b" } ?? "")
        case (.rest, .leg): code = "3.17" + (right.map { $0 ? "c" : "d" } ?? "")
        case (.postural, .arm), (.reemergent, .arm): code = "3.15" + (right.map { $0 ? "a" : "b" } ?? "")
        case (.kinetic, .arm): code = "3.16" + (right.map { $0 ? "a" : "b" } ?? "")
        default: return nil
        }
        bins = place.part == .lipOrJaw ? .lipOrJaw : .limb
    }

    /// Places that have no item.
    private static let others: Set<String> = [
        "head", "neck", "trunk", "back", "waist", "hip", "chest", "sternum", "sacrum", "lumbar", "voice", "tongue",
        "face", "pocket",
        "shoulder",
    ]

    /// Whether a site names a part of the body, with an item or without.
    public static func isSite(_ site: String) -> Bool {
        place(of: site) != nil || words(of: site).contains { others.contains($0) }
    }

    /// The item of the constancy of rest tremor, over all sites.
    public static let constancyCode = "3.18"

    private enum Side { case left, right }

    private static let parts: [(part: Part, names: Set<String>)] = [
        (.arm, ["wrist", "hand", "finger", "index", "thumb", "forearm", "arm", "upperarm", "elbow"]),
        (.leg, ["ankle", "foot", "shank", "shin", "leg", "toe", "thigh", "knee"]),
        (.lipOrJaw, ["chin", "jaw", "lip"]),
    ]

    private static func words(of site: String) -> Set<String> {
        Set(site.lowercased().split { !$0.isLetter }.map(String.init))
    }

    /// Side and part named in a site; `nil` where no part is, or two.
    private static func place(of site: String) -> (part: Part, side: Side?)? {
        let words = words(of: site)
        let found = parts.filter { !$0.names.isDisjoint(with: words) }
        guard found.count == 1 else { return nil }
        let isLeft = !words.isDisjoint(with: ["left", "l"])
        let isRight = !words.isDisjoint(with: ["right", "r"])
        return (found[0].part, isLeft == isRight ? nil : isLeft ? .left : .right)
    }
}
