/// A column's name taken apart: what it is of, along which axis, in which unit.
struct ColumnName {
    /// Letters and digits in lower case, without the unit: `motionuseraccelerationx` of `motionUserAccelerationX(G)`.
    let stem: String
    /// The unit as written, in lower case and without brackets; empty where there is none.
    let unit: String

    private static let units = [
        "m/s^2", "m_s^2", "m/s2", "m_s2", "m/s/s", "ms-2", "mg", "g", "rad/s", "rad_s", "deg/s", "deg_s", "dps", "ns",
        "us",
        "ms", "s", "sec", "seconds",
    ]

    init(_ name: String) {
        var text = name.lowercased().filter { $0 != "\"" && $0 != "'" }
        while text.last == " " { text.removeLast() }
        var unit = ""
        if let last = text.last, last == ")" || last == "]",
            let open = text.firstIndex(of: last == ")" ? "(" : "[")
        {
            // "m/(s^2)" has brackets of its own; the outer ones count.
            unit = text[text.index(after: open)...].dropLast().filter { !" ()^".contains($0) }
            text = String(text[..<open])
        } else if let found = Self.units.first(where: { text.hasSuffix("_" + $0) || text.hasSuffix(" " + $0) }) {
            unit = found.filter { $0 != "^" }
            text = String(text.dropLast(found.count + 1))
        }
        (stem, self.unit) = (text.filter { $0.isLetter || $0.isNumber }, unit)
    }

    /// The unit of acceleration that the name states.
    var acceleration: AccelerationUnit? { AccelerationUnit(named: spelled) }

    /// The unit of angular rate that the name states.
    var angularRate: AngularRateUnit? { AngularRateUnit(named: spelled) }

    /// The unit with a stroke where a name has an underscore, and seconds short.
    private var spelled: String {
        let text = String(unit.map { $0 == "_" ? "/" : $0 })
        return text.hasSuffix("/sec") ? String(text.dropLast(2)) : text
    }

    /// How many of the unit of time that the name states are a second.
    var unitsPerSecond: Double? {
        switch unit {
        case "s", "sec", "seconds": 1
        case "ms", "millis", "milliseconds": 1e3
        case "us", "µs", "μs", "microseconds": 1e6
        case "ns", "nanos", "nanoseconds": 1e9
        default: nil
        }
    }
}
