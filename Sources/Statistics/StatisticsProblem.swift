/// Why a statistic does not exist, as a sentence for the person who asked for it.
public enum StatisticsProblem: Error, Equatable, CustomStringConvertible {
    /// A column of the design is a sum of others.
    case dependent(column: String, on: [String])
    /// Fewer than needed.
    case tooFew(String, needed: Int, found: Int)
    /// Nothing varies.
    case constant(String)
    /// A search did not end, or ended where it may not.
    case notConverged(String)
    /// Anything else, as a sentence.
    case impossible(String)

    /// The sentence.
    public var description: String {
        switch self {
        case .dependent(let column, let others):
            others.isEmpty
                ? "the column \(column) is the same for everybody, so that it has no effect that could be told"
                : "the column \(column) is determined by \(others.joined(separator: ", ")), so that their effects "
                    + "cannot be told apart"
        case .tooFew(let what, let needed, let found): "\(found) \(what) found; at least \(needed) are needed"
        case .constant(let what): "\(what) is the same in all rows"
        case .notConverged(let what): what
        case .impossible(let what): what
        }
    }
}
