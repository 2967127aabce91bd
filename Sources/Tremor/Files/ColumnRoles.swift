/// Which columns of a recording are time, acceleration and angular rate: from their names, from what the user says, or, without
/// a header, from their number.
struct ColumnRoles: Equatable {
    /// The column of time; `nil` where there is none.
    var time: Int?
    /// The column of dates, where `time` has the time of day only.
    var date: Int?
    /// A column whose first field is the date and time of the beginning, where `time` counts from elsewhere.
    var beginning: Int?
    /// Three columns of acceleration.
    var acceleration: [Int] = []
    /// Three columns of gravity to be added to `acceleration`, as phones and watches split it; empty where not split.
    var gravity: [Int] = []
    /// Three columns of angular rate; empty where there is no gyroscope.
    var angularRate: [Int] = []
    /// The unit of acceleration that names state.
    var accelerationUnit: AccelerationUnit?
    /// The unit of acceleration by the definition of CoreMotion, taken where the size of gravity says nothing.
    var customaryUnit: AccelerationUnit?
    /// The unit of angular rate that names state.
    var angularRateUnit: AngularRateUnit?
    /// How many units of time are a second, where the column's name states it.
    var unitsPerSecond: Double?
    /// Sensors by name, where there are several; the one whose columns these are.
    var sensors: [String] = []
    var sensor: String?

    /// Roles by place: three columns are x, y, z; more are time, x, y, z and what is not read.
    init?(columns: Int) {
        guard columns >= 3 else { return nil }
        time = columns > 3 ? 0 : nil
        acceleration = columns > 3 ? [1, 2, 3] : [0, 1, 2]
    }

    /// Roles by the names in a header; `nil` where no three axes are found.
    init?(header: [String], sensor wanted: String? = nil) {
        let names = header.map(ColumnName.init)
        let stems = names.map(\.stem)
        let user = Self.axes(stems, Self.userWords)
        let gravity = Self.axes(stems, Self.gravityWords)
        let whole = Self.axes(stems, Self.wholeWords)
        if let user, let gravity {
            (acceleration, self.gravity) = (user, gravity)
        } else if let only = whole ?? user {
            acceleration = only
        } else {
            sensors = Self.sensors(names)
            guard let first = sensors.first else { return nil }
            let named = sensors.first { $0 == wanted.map { ColumnName($0).stem } } ?? first
            (acceleration, sensor) = (Self.axes(stems, of: named, Self.sensorWords + [""]) ?? [], named)
            angularRate = Self.axes(stems, of: named, Self.rateWords) ?? []
        }
        let isUser = acceleration == user
        if isUser && stems[acceleration[0]].hasSuffix("useraccelerationx") { customaryUnit = .g }
        if angularRate.isEmpty && sensors.isEmpty { angularRate = Self.axes(stems, Self.rateWords) ?? [] }
        setUnits(names)
        findTime(names, isMotion: isUser)
    }

    /// Roles as the user gives them: a name or a number from 1 for t, x, y, z, gx, gy, gz.
    ///
    /// What is not given stays as the header has it. Throws where a key or a column is not known, or an axis is missing.
    init(
        _ given: [String: String], header: [String], columns: Int, found: ColumnRoles?
    ) throws(RecordingError) {
        let keys = ["t", "x", "y", "z", "gx", "gy", "gz"]
        if let unknown = given.keys.sorted().first(where: { !keys.contains($0) }) {
            throw .unsupported(
                "there is no role \"\(unknown)\" for a column; roles are \(keys.joined(separator: ", "))")
        }
        let names = header.map(ColumnName.init)
        func place(_ key: String) throws(RecordingError) -> Int? {
            guard let text = given[key] else { return nil }
            if let exact = header.firstIndex(where: { $0.lowercased() == text.lowercased() }) { return exact }
            if let number = Int(text), (1...columns).contains(number) { return number - 1 }
            if let alike = names.firstIndex(where: { $0.stem == ColumnName(text).stem }) { return alike }
            throw .unsupported("there is no column \"\(text)\" for \(key); \(Self.list(header, columns))")
        }
        func axes(_ keys: [String]) throws(RecordingError) -> [Int]? {
            var places: [Int] = []
            for key in keys { if let place = try place(key) { places.append(place) } }
            guard places.isEmpty || places.count == 3 else {
                throw .unsupported("columns are needed for all of \(keys.joined(separator: ", "))")
            }
            guard Set(places).count == places.count else {
                throw .unsupported("a column is named twice for \(keys.joined(separator: ", "))")
            }
            return places.isEmpty ? nil : places
        }
        let isTimeless = given["t"]?.lowercased() == "none"
        if let found {
            (time, date, beginning) = (found.time, found.date, found.beginning)
            unitsPerSecond = found.unitsPerSecond
        } else {
            findTime(names, isMotion: false)
        }
        if isTimeless { (time, date) = (nil, nil) }
        if !isTimeless, let named = try place("t") {
            (time, date, beginning) = (named, nil, nil)
            unitsPerSecond = names.isEmpty ? nil : names[named].unitsPerSecond
        }
        if let named = try axes(["x", "y", "z"]) {
            acceleration = named
        } else if let found {
            (acceleration, gravity, customaryUnit) = (found.acceleration, found.gravity, found.customaryUnit)
            (sensors, sensor) = (found.sensors, found.sensor)
        } else {
            throw .unsupported("columns are needed for all of x, y, z; \(Self.list(header, columns))")
        }
        angularRate = try axes(["gx", "gy", "gz"]) ?? found?.angularRate ?? []
        if !names.isEmpty { setUnits(names) }
        let used = acceleration + gravity + angularRate + [time, date].compactMap { $0 }
        guard Set(used).count == used.count else { throw .unsupported("one column was given two roles") }
    }

    private static func list(_ header: [String], _ columns: Int) -> String {
        header.isEmpty
            ? "columns have numbers from 1 to \(columns)"
            : "columns are \(header.prefix(40).joined(separator: ", "))"
    }

    // MARK: - Names

    private static let userWords = [
        "motionuseracceleration", "useracceleration", "linearacceleration", "linacc", "useracc",
    ]
    private static let gravityWords = ["motiongravity", "gravity", "grav"]
    private static let wholeWords = [
        "accelerometeracceleration", "accelerometer", "acceleration", "accel", "acc", "a", "accelln", "accelwr", "",
    ]
    private static let rateWords = [
        "motionrotationrate", "rotationrate", "gyrorotation", "gyroscope", "gyro", "gyr", "angularvelocity",
        "angularrate",
        "angvel", "omega", "g",
    ]
    private static let sensorWords = ["accelerometer", "acceleration", "accel", "acc"]

    /// The places of x, y and z of the first word that has all three.
    private static func axes(_ stems: [String], _ words: [String]) -> [Int]? {
        for word in words {
            for ending in word.isEmpty ? ["", "axis", "acc", "acceleration"] : ["", "axis", "cal"] {
                let found = ["x", "y", "z"].compactMap { stems.firstIndex(of: word + $0 + ending) }
                if found.count == 3 { return found }
            }
        }
        return nil
    }

    /// The same for one of several sensors, whose name stands before or after the word.
    private static func axes(_ stems: [String], of sensor: String, _ words: [String]) -> [Int]? {
        axes(stems, words.flatMap { [sensor + $0, $0 + sensor] })
    }

    /// Names before or after a word of acceleration that all three axes have: `wrist` of `wrist_acc_x`; where there is no such word,
    /// names before an axis whose unit is one of acceleration: `hand` of `hand_x_g`.
    private static func sensors(_ columns: [ColumnName]) -> [String] {
        let stems = columns.map(\.stem)
        var names: [String] = []
        for stem in stems where stem.last == "x" {
            let body = stem.dropLast()
            for word in sensorWords {
                let name =
                    body.hasSuffix(word)
                    ? body.dropLast(word.count) : body.hasPrefix(word) ? body.dropFirst(word.count) : ""
                guard !name.isEmpty else { continue }
                if !names.contains(String(name)), axes(stems, of: String(name), [word]) != nil {
                    names.append(String(name))
                }
                break
            }
        }
        guard names.isEmpty else { return names }
        for stem in stems where stem.last == "x" && stem.count > 1 {
            let name = String(stem.dropLast())
            let isWhole = ["x", "y", "z"].allSatisfy { axis in
                columns.contains { $0.stem == name + axis && $0.acceleration != nil }
            }
            if isWhole, !names.contains(name), !gravityWords.contains(where: name.hasSuffix) { names.append(name) }
        }
        return names
    }

    private mutating func setUnits(_ names: [ColumnName]) {
        accelerationUnit = names[acceleration[0]].acceleration
        guard let first = angularRate.first else { return }
        // CoreMotion's rotation rate is rad/s by definition.
        let isCoreMotion = names[first].stem.hasSuffix("rotationratex")
        angularRateUnit = names[first].angularRate ?? (isCoreMotion ? .radiansPerSecond : nil)
    }

    private mutating func findTime(_ names: [ColumnName], isMotion: Bool) {
        let stems = names.map(\.stem)
        let ofSensor = [
            isMotion ? "motiontimestampsincereboot" : "accelerometertimestampsincereboot", "motiontimestampsincereboot",
        ]
        let general = [
            "t", "ts", "time", "timestamp", "headertimestamp", "datetime", "unixtime", "unixtimestamp", "epoch",
            "elapsed",
            "secondselapsed", "elapsedtime", "timestampunix", "sampletime", "loggingtime",
        ]
        let attached: [(String, Double)] = [("ms", 1e3), ("us", 1e6), ("ns", 1e9)]
        for stem in ofSensor + general {
            if let place = stems.firstIndex(of: stem) {
                (time, unitsPerSecond) = (place, names[place].unitsPerSecond)
                break
            }
            if let (place, scale) = attached.lazy.compactMap({ end, scale in
                stem.count > 1 ? stems.firstIndex(of: stem + end).map { ($0, scale) } : nil
            }).first {
                (time, unitsPerSecond) = (place, scale)
                break
            }
        }
        let day = stems.firstIndex(of: "date")
        if time == nil { time = day } else { date = day }
        beginning = stems.firstIndex(of: "loggingtime").flatMap { $0 == time ? nil : $0 }
    }
}
