/// The recordings of freezing of gait of the Daphnet project [Bachlin2010]: ms, three sensors of three axes in mg, a label.
enum Daphnet {
    private static let names = ["ankle", "thigh", "trunk"]

    /// The sensors, where the lines are eleven whole numbers with a label of 0, 1 or 2 at the end.
    static func sensors(_ lines: ArraySlice<TextLines.Line>, _ separator: UInt8) -> [String]? {
        guard separator == 0x20 else { return nil }
        let isDaphnet = lines.prefix(200).allSatisfy { line in
            let fields = TextFields.split(line.text, separator)
            return fields.count == 11 && fields.allSatisfy { Int($0) != nil } && ["0", "1", "2"].contains(fields[10])
        }
        return isDaphnet ? names : nil
    }

    /// The columns of a sensor, the first where none is asked for.
    static func roles(_ sensors: [String], _ wanted: String?) throws(RecordingError) -> ColumnRoles {
        let place = sensors.firstIndex { $0 == wanted?.lowercased() } ?? 0
        var roles = ColumnRoles(columns: 11)!
        roles.acceleration = (1...3).map { $0 + 3 * place }
        (roles.accelerationUnit, roles.unitsPerSecond) = (.mg, 1000)
        (roles.sensors, roles.sensor) = (sensors, sensors[place])
        return roles
    }
}
