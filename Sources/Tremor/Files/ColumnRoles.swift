/// Which columns of a recording are time and acceleration, from their names or, without a header, from their number.
struct ColumnRoles: Equatable {
    /// The column of time; `nil` where there is none.
    var time: Int?
    /// Three columns of acceleration.
    var acceleration: SIMD3<Int>
    /// Three columns of gravity to be added to `acceleration`, as phones and watches split it; `nil` where not split.
    var gravity: SIMD3<Int>?
    /// The unit that a column's name states.
    var unit: AccelerationUnit?
    /// Seconds in one unit of time, where the column's name states it.
    var timeScale: Double?

    /// Roles by the names in a header; `nil` where no three axes are found.
    init?(header: [String]) {
        let names = header.map { $0.lowercased().filter { !" \"".contains($0) } }
        func axes(_ patterns: [(String) -> [String]]) -> SIMD3<Int>? {
            for pattern in patterns {
                let found = ["x", "y", "z"].compactMap { axis in names.firstIndex { pattern(axis).contains($0) } }
                if found.count == 3 { return SIMD3(found) }
            }
            return nil
        }
        let units = [
            "", "_m_s2", "_m/s2", "_m/s^2", "(m/s2)", "(m/s^2)", "[m/s2]", "_g", "(g)", "[g]", "_mg", "(mg)", "[mg]",
        ]
        func named(_ stems: [(String) -> String]) -> [(String) -> [String]] {
            stems.flatMap { stem in units.map { unit in { axis in [stem(axis) + unit] } } }
        }
        let user = axes(named([{ "useracceleration.\($0)" }, { "useracceleration_\($0)" }]))
        let whole = axes(
            named([
                { "accelerometer_\($0)" }, { "acceleration_\($0)" }, { "acceleration.\($0)" }, { "accel_\($0)" },
                { "acc_\($0)" }, { "acc.\($0)" }, { "acc\($0)" }, { "a\($0)" }, { "accelerometer\($0)" }, { $0 },
            ]))
        guard let chosen = user ?? whole else { return nil }
        acceleration = chosen
        gravity = user == nil ? nil : axes(named([{ "gravity.\($0)" }, { "gravity_\($0)" }]))
        unit = user == nil ? Self.unit(names[chosen.x]) : .g
        let times = ["t", "ts", "time", "timestamp", "datetime", "date", "elapsed", "sample_time"]
        let stems = [
            ("", nil), ("_s", 1.0), ("(s)", 1), ("[s]", 1), ("_ms", 1e-3), ("(ms)", 1e-3), ("[ms]", 1e-3),
            ("_us", 1e-6),
            ("(us)", 1e-6), ("_ns", 1e-9), ("(ns)", 1e-9),
        ]
        for (suffix, scale) in stems {
            guard time == nil, let place = names.firstIndex(where: { name in times.contains { name == $0 + suffix } })
            else {
                continue
            }
            (time, timeScale) = (place, scale)
        }
    }

    /// Roles by place: three columns are x, y, z; more are time, x, y, z and what is not needed.
    init?(columns: Int) {
        guard columns >= 3 else { return nil }
        time = columns > 3 ? 0 : nil
        acceleration = columns > 3 ? [1, 2, 3] : [0, 1, 2]
    }

    private static func unit(_ name: String) -> AccelerationUnit? {
        if name.contains("m_s2") || name.contains("m/s") { return .metresPerSecondSquared }
        if name.hasSuffix("_mg") || name.contains("(mg)") || name.contains("[mg]") { return .mg }
        if name.hasSuffix("_g") || name.contains("(g)") || name.contains("[g]") { return .g }
        return nil
    }
}

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
