import Records

/// Recordings as an array of JSON objects, one a sample, as phones write them for mPower and other studies [Bot2016].
///
/// Three kinds of item: `{timestamp, x, y, z}`; DeviceMotion with `userAcceleration`, `gravity` and `rotationRate`; and items
/// of one sensor each, named by `sensorType`.
struct MPowerJSON: RecordingFormat {
    static let name = "mPower and CoreMotion JSON (.json)"

    /// A document is held in memory many times its size.
    private static let largest = 512 << 20

    static func recognizes(_ start: [UInt8], path: String) -> Bool {
        let body = start.starts(with: [0xEF, 0xBB, 0xBF]) ? start.dropFirst(3) : start[...]
        let first = body.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        return (first == UInt8(ascii: "[") || first == UInt8(ascii: "{")) && !start.contains(0)
    }

    static func open(_ path: String, _ options: RecordingOptions) throws -> any RecordingSource {
        let file = try FileBytes(path)
        guard file.size <= largest else { throw RecordingError.unsupported("a JSON recording may have at most 512 MB") }
        let document = try JSONValue(parsing: file.bytes(at: 0, count: file.size))
        return try source(document, options)
    }

    private static func source(
        _ document: JSONValue, _ options: RecordingOptions
    ) throws(RecordingError) -> any RecordingSource {
        guard let items = document.elements ?? document["items"]?.elements ?? document["data"]?.elements else {
            throw unknown(document)
        }
        guard let first = items.first else { throw .empty }
        if let sensor = options.sensor {
            throw .unsupported("there is no sensor \"\(sensor)\" in this file; it names none")
        }
        var samples: JSONSamples
        if items.contains(where: { $0["sensorType"] != nil }) {
            samples = try .ofSensors(items)
        } else if first["userAcceleration"]?["x"] != nil {
            samples = try .ofMotion(items)
        } else if first["x"] != nil && first["y"] != nil && first["z"] != nil && first["timestamp"] != nil {
            samples = JSONSamples()
            samples.acceleration = try JSONSamples.Axes(items, nil)
        } else {
            throw unknown(first)
        }
        return try samples.source(options)
    }

    private static func unknown(_ item: JSONValue) -> RecordingError {
        let keys = (item.members ?? []).map(\.key).prefix(12).joined(separator: ", ")
        return .unsupported(
            "no samples of acceleration were found in this JSON" + (keys.isEmpty ? "" : ", whose items have \(keys)")
                + "; read are arrays of {timestamp, x, y, z} or of DeviceMotion with userAcceleration, gravity, rotationRate"
        )
    }
}

/// Samples from JSON as they are written, and what they become.
private struct JSONSamples {
    /// Stamps and three columns.
    struct Axes {
        var stamps: [(whole: Int64, fraction: Double)] = []
        var columns: [[Double]] = [[], [], []]
        /// Items without a time.
        var untimed = 0
        var areWhole = true

        /// The numbers of items, or of the object that they have below a key; NaN where there is none.
        init(_ items: [JSONValue], _ key: String?) throws(RecordingError) {
            for (place, item) in items.enumerated() {
                guard let time = item["timestamp"] ?? item["uptime"], let value = time.double, value.isFinite else {
                    untimed += 1
                    continue
                }
                if let whole = time.int.flatMap(Int64.init(exactly:)), abs(whole) < 1 << 61 {
                    stamps.append((whole, 0))
                } else {
                    let whole = abs(value) < 0x1p61 ? Int64(value) : 0
                    stamps.append((whole, value - Double(whole)))
                    areWhole = false
                }
                let body = key.map { item[$0] } ?? item
                for (axis, name) in ["x", "y", "z"].enumerated() {
                    let field = body?[name] ?? .null
                    guard field == .null || field.double != nil else {
                        throw .damaged("\(name) of item \(place + 1) is no number")
                    }
                    let number = field.double ?? .nan
                    columns[axis].append(number.isFinite ? number : .nan)
                }
            }
        }

        func hasStamps(of other: Axes) -> Bool {
            stamps.count == other.stamps.count && zip(stamps, other.stamps).allSatisfy { $0 == $1 }
        }
    }

    var acceleration: Axes?
    var gravity: Axes?
    var rotation: Axes?
    /// Whether acceleration is CoreMotion's, which is in g.
    var isMotion = false
    var flags: [String] = []

    static func ofMotion(_ items: [JSONValue]) throws(RecordingError) -> JSONSamples {
        var samples = JSONSamples()
        samples.isMotion = true
        samples.acceleration = try Axes(items, "userAcceleration")
        if items[0]["gravity"]?["x"] != nil { samples.gravity = try Axes(items, "gravity") }
        if items[0]["rotationRate"]?["x"] != nil { samples.rotation = try Axes(items, "rotationRate") }
        return samples
    }

    static func ofSensors(_ items: [JSONValue]) throws(RecordingError) -> JSONSamples {
        func axes(_ name: String) throws(RecordingError) -> Axes? {
            let own = items.filter { $0["sensorType"]?.string == name && $0["x"] != nil }
            return own.isEmpty ? nil : try Axes(own, nil)
        }
        var samples = JSONSamples()
        if let user = try axes("userAcceleration"), let gravity = try axes("gravity"), user.hasStamps(of: gravity) {
            (samples.acceleration, samples.gravity, samples.isMotion) = (user, gravity, true)
        } else if let whole = try axes("accelerometer") {
            samples.acceleration = whole
        } else {
            throw .unsupported(
                "no items of the sensors accelerometer, or userAcceleration and gravity, were found in this JSON")
        }
        for name in ["rotationRate", "gyro"] {
            guard let rotation = try axes(name) else { continue }
            if samples.acceleration?.hasStamps(of: rotation) == true {
                samples.rotation = rotation
                break
            }
            samples.flags.append("\(name) has stamps of its own and was left out")
        }
        return samples
    }

    func source(_ options: RecordingOptions) throws(RecordingError) -> ColumnsSource {
        guard let acceleration, let first = acceleration.stamps.first else { throw .empty }
        var flags = flags
        if acceleration.untimed > 0 { flags.append("\(acceleration.untimed) items without a time were left out") }
        let times = acceleration.stamps.map { Double($0.whole &- first.whole) + ($0.fraction - first.fraction) }
        let start = Double(first.whole) + first.fraction
        let clock = try TextScale.clock(start, zip(times.dropFirst(), times).map { $0 - $1 }, stated: nil)

        let scale = try self.scale(acceleration, options, &flags)
        var columns = acceleration.columns
        for axis in 0..<3 {
            for row in columns[axis].indices {
                columns[axis][row] = (columns[axis][row] + (gravity?.columns[axis][row] ?? 0)) * scale
            }
        }
        let rate = rotation?.columns ?? [[], [], []]
        let unit = options.angularRateUnit ?? .radiansPerSecond
        var header = RecordingHeader(format: isMotion ? "CoreMotion JSON" : "mPower JSON")
        header.hasAngularRate = rotation != nil
        if clock.isSince1970 { (header.startEpochS, header.isUTC) = (start / clock.perSecond, true) }
        header.stampPrecisionS = (acceleration.areWhole ? 1 : max(start.ulp, 1e-9)) / clock.perSecond
        return ColumnsSource(
            header, acceleration: columns, angularRate: rate.map { $0.map { $0 * unit.scale } },
            times: times.map { $0 / clock.perSecond }, flags: flags)
    }

    /// m/s² in one unit.
    private func scale(
        _ acceleration: Axes, _ options: RecordingOptions, _ flags: inout [String]
    ) throws(RecordingError) -> Double {
        let columns = (gravity ?? acceleration).columns
        let median = TextScale.gravity(
            { columns[0][$0] }, { columns[1][$0] }, { columns[2][$0] }, count: columns[0].count)
        if let stated = options.unit {
            if let doubt = try TextScale.doubt(stated, median: median) { flags.append(doubt) }
            return stated.scale
        }
        if let found = gravity != nil || !isMotion ? TextScale.unit(ofGravity: median) : nil {
            flags.append("the unit was taken as \(found.rawValue) from the size of gravity")
            return found.scale
        }
        guard isMotion && gravity == nil else { throw .unknownUnit(median: median) }
        flags.append("the unit was taken as g, as CoreMotion has it")
        return AccelerationUnit.g.scale
    }
}
