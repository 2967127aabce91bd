/// What a channel's name says that it measures: "acceleration_x", "ax", "wrist gyroscope Z".
struct AxisName: Equatable {
    /// Kinds of sensors.
    enum Kind { case acceleration, angularRate }
    /// What is measured.
    let kind: Kind
    /// 0, 1 or 2 for x, y and z.
    let axis: Int
    /// What is before the kind, where there are several sensors: "wrist"; empty otherwise.
    let sensor: String

    private static let kinds: [(Kind, Set<String>)] = [
        (.acceleration, ["", "a", "acc", "accel", "acceleration", "accelerometer"]),
        (
            .angularRate,
            [
                "g", "gyr", "gyro", "gyroscope", "rot", "rotation", "rotationrate", "angularvelocity", "angularrate",
                "velocity",
            ]
        ),
    ]

    /// The name's parts; `nil` where it is no axis of either.
    init?(_ name: String) {
        var words = name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        guard let last = words.popLast(), let letter = last.last, let axis = Array("xyz").firstIndex(of: letter) else {
            return nil
        }
        // "accx" and "acc_x"; a word of which x is the last letter by chance, as in "max", is none.
        var word = String(last.dropLast())
        if word.isEmpty, let before = words.popLast() { word = before }
        if word == "velocity" || word == "rate", let before = words.last, ["angular", "rotation"].contains(before) {
            word = words.removeLast() + word
        }
        guard let kind = Self.kinds.first(where: { $0.1.contains(word) })?.0 else { return nil }
        (self.kind, self.axis, sensor) = (kind, axis, words.joined(separator: "_"))
    }
}

/// The channels of one sensor among all of a file.
struct SensorChannels {
    /// Places of x, y and z among the channels.
    let acceleration: [Int]
    /// Places of the gyroscope's x, y and z; `nil` without.
    let angularRate: [Int]?
    /// Sensors with three axes of acceleration, the one that was taken first.
    let sensors: [String]
    /// Places of the channels that were not taken.
    let others: [Int]

    /// Finds the axes of the sensor that is asked for, or of the first.
    init(_ names: [String], sensor: String?) throws(RecordingError) {
        let found = names.map { AxisName($0) }
        func axes(_ kind: AxisName.Kind, _ sensor: String) throws(RecordingError) -> [Int]? {
            var places: [Int] = []
            for axis in 0..<3 {
                let matching = found.indices.filter {
                    found[$0]?.kind == kind && found[$0]?.axis == axis && found[$0]?.sensor == sensor
                }
                guard matching.count < 2 else {
                    throw .unsupported("two channels are named \(names[matching[0]]): which to read cannot be told")
                }
                places += matching
            }
            return places.count == 3 ? places : nil
        }
        var sensors: [String] = []
        for name in found.compactMap({ $0?.sensor }) where !sensors.contains(name) {
            if try axes(.acceleration, name) != nil { sensors.append(name) }
        }
        if let sensor {
            guard let place = sensors.firstIndex(of: sensor.lowercased()) else {
                throw .unsupported("there is no sensor \(sensor); there are \(sensors.joined(separator: ", "))")
            }
            sensors.insert(sensors.remove(at: place), at: 0)
        }
        guard let first = sensors.first, let acceleration = try axes(.acceleration, first) else {
            throw .unsupported(
                "no three axes of acceleration are among its channels \(names.prefix(12).joined(separator: ", "))")
        }
        (self.acceleration, angularRate) = (acceleration, try axes(.angularRate, first))
        self.sensors = sensors.count > 1 ? sensors : []
        let taken = acceleration + (angularRate ?? [])
        others = names.indices.filter { !taken.contains($0) }
    }
}

extension AccelerationUnit {
    /// The unit of a name; `nil` where it is none that is known.
    init?(named name: String) {
        switch name.lowercased().filter({ $0 != " " }) {
        case "m/s/s", "m/s^2", "m/s2", "m/s²", "m/s**2", "ms-2", "m.s-2": self = .metresPerSecondSquared
        case "g": self = .g
        case "mg": self = .mg
        default: return nil
        }
    }
}

extension AngularRateUnit {
    /// The unit of a name; `nil` where it is none that is known.
    init?(named name: String) {
        switch name.lowercased().filter({ $0 != " " }) {
        case "deg/s", "°/s", "dps", "degrees/s": self = .degreesPerSecond
        case "rad/s", "radians/s": self = .radiansPerSecond
        default: return nil
        }
    }
}
