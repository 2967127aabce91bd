/// Units of acceleration that files have.
public enum AccelerationUnit: String, Sendable, CaseIterable {
    case metresPerSecondSquared = "m/s2"
    case g
    case mg

    /// Standard gravity, m/s² [CGPM1901]; exact.
    public static let standardGravity = 9.80665

    /// m/s² in one unit.
    public var scale: Double {
        switch self {
        case .metresPerSecondSquared: 1
        case .g: Self.standardGravity
        case .mg: Self.standardGravity / 1000
        }
    }
}
