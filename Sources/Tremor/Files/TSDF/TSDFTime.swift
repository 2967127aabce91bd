/// What a TSDF channel of times means.
struct TSDFTime: Equatable {
    /// Kinds of times.
    enum Kind: Equatable {
        /// Since the sample before; the first is since the start.
        case difference
        /// Since the start.
        case relative
        /// Since 1970-01-01 00:00 UTC.
        case absolute
    }
    let kind: Kind
    /// s in one unit.
    let scale: Double

    /// The meaning of a unit, as "time_delta_ms", "difference_ms", "relative_s", "absolute_unix_ms"; `nil` where it is none.
    init?(unit: String) {
        let words = unit.lowercased().split(separator: "_").map(String.init)
        if words.contains("delta") || words.contains("difference") {
            kind = .difference
        } else if words.contains("absolute") || words.contains("unix") {
            kind = .absolute
        } else if words.contains("relative") {
            kind = .relative
        } else {
            return nil
        }
        switch words.last {
        case "s": scale = 1
        case "ms": scale = 1e-3
        case "us": scale = 1e-6
        case "ns": scale = 1e-9
        default: return nil
        }
    }
}
