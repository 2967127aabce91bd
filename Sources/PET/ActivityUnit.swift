/// A unit of activity per volume, as files write it: "Bq/mL", "kBq/cc", "nCi/ml", "BQML".
public struct ActivityUnit: Sendable, Equatable {
    /// What a value in the unit is multiplied by to be in Bq/mL.
    public let becquerelsPerML: Double

    /// The unit of a text; `nil` where it is no activity per volume, such as "g/mL", "SUV" or "1/1".
    ///
    /// Case matters only for M and m before Bq, mega and milli, and where the text does not tell them apart ("mbq/ml")
    /// there is no unit.
    public init?(named text: String) {
        let plain = text.filter { !$0.isWhitespace && !"[]()".contains($0) }
        if plain.uppercased() == "BQML" { becquerelsPerML = 1; return }
        let parts = plain.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let activity = Self.becquerels(parts[0]), let volume = Self.millilitres(parts[1])
        else { return nil }
        becquerelsPerML = activity / volume
    }

    private static func becquerels(_ text: Substring) -> Double? {
        let lowered = text.lowercased()
        if lowered.hasSuffix("bq") {
            switch text.dropLast(2) {
            case "": return 1
            case "k", "K": return 1e3
            case "M": return 1e6
            case "G", "g": return 1e9
            // "mBq" is written so on purpose; "mbq" may be anything.
            case "m": return text.hasSuffix("Bq") ? 1e-3 : nil
            default: return nil
            }
        }
        guard lowered.hasSuffix("ci") else { return nil }
        switch text.dropLast(2) {
        case "": return 3.7e10
        case "m": return 3.7e7
        case "u", "U", "µ", "μ": return 3.7e4
        case "n", "N": return 37
        case "p", "P": return 0.037
        default: return nil
        }
    }

    private static func millilitres(_ text: Substring) -> Double? {
        switch text.lowercased() {
        case "ml", "cc", "cm3", "cm^3", "cm³": 1
        case "l", "dm3": 1e3
        case "dl": 100
        case "ul", "µl", "μl", "mm3", "mm^3", "mm³": 1e-3
        default: nil
        }
    }
}
