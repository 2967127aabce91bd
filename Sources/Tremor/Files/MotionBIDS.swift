import Records

/// Recordings of a Motion-BIDS dataset [Jeung2024]: a table without names, its channels in a table beside it, and its rate in
/// a JSON file.
struct MotionBIDS: RecordingFormat {
    static let name = "Motion-BIDS (_motion.tsv with _channels.tsv and _motion.json)"

    static func recognizes(_ start: [UInt8], path: String) -> Bool { path.hasSuffix("_motion.tsv") }

    static func open(_ path: String, _ options: RecordingOptions) throws -> any RecordingSource {
        guard options.columns.isEmpty else {
            throw RecordingError.unsupported("the channels of a Motion-BIDS file say which column is which")
        }
        guard let channels = try MotionSidecars.paths(of: path, ending: "channels.tsv").first else {
            throw RecordingError.unsupported(
                "there is no _channels.tsv for this file, which would say what its columns are")
        }
        let table = try naming(channels) { try DelimitedTable(parsing: InputFile.readText(channels)) }
        let file = try FileBytes(path)
        let start = try file.bytes(at: 0, count: 1 << 20)
        guard !start.isEmpty else { throw RecordingError.empty }
        guard !start.prefix(1 << 16).contains(0) else { throw RecordingError.notText }
        var layout = try layout(MotionChannels(table), options)
        layout.lineEnd = start.contains(0x0A) ? 0x0A : 0x0D
        try setRate(&layout, path)
        return try CSVSource(file, layout, options)
    }

    private static func layout(
        _ channels: MotionChannels, _ options: RecordingOptions
    ) throws(RecordingError) -> TextLayout {
        let sensors = channels.points
        guard let first = sensors.first else {
            throw .unsupported("the channels have no tracked point with acceleration (ACCEL) along x, y and z")
        }
        let wanted = options.sensor.map { ColumnName($0).stem }
        guard let sensor = wanted == nil ? first : sensors.first(where: { ColumnName($0).stem == wanted }) else {
            throw .unsupported(
                "there is no sensor \"\(options.sensor ?? "")\" in this file; it has \(sensors.joined(separator: ", "))"
            )
        }
        var roles = ColumnRoles(columns: 3)!
        (roles.acceleration, roles.sensors, roles.sensor) = (channels.axes("ACCEL", sensor)!, sensors, sensor)
        roles.accelerationUnit = channels.unit(roles.acceleration[0]).acceleration
        roles.angularRate = channels.axes("GYRO", sensor) ?? []
        if let rate = roles.angularRate.first { roles.angularRateUnit = channels.unit(rate).angularRate }
        roles.time = channels.latency
        if let time = roles.time { roles.unitsPerSecond = channels.unit(time).unitsPerSecond ?? 1 }
        var layout = TextLayout(
            columns: channels.count, roles: roles, format: "Motion-BIDS", lineEnd: 0x0A, rateHz: nil)
        layout.clock = roles.time == nil ? .none : .number
        if sensors.count > 1 && wanted == nil {
            layout.flags.append("of the sensors \(sensors.joined(separator: ", ")) the first, \(sensor), was read")
        }
        return layout
    }

    /// The rate from the nearest JSON file that has it; the effective one where it was measured.
    private static func setRate(_ layout: inout TextLayout, _ path: String) throws {
        for sidecar in try MotionSidecars.paths(of: path, ending: "motion.json") {
            let document = try naming(sidecar) { try JSONValue(parsing: InputFile.readText(sidecar)) }
            let nominal = document["SamplingFrequency"]?.double
            let effective = document["SamplingFrequencyEffective"]?.double
            guard let rate = [effective, nominal].compactMap({ $0 }).first(where: { $0 > 0 && $0.isFinite }) else {
                continue
            }
            layout.rateHz = rate
            if let nominal, nominal != rate {
                layout.flags.append("the effective rate of \(rate) Hz was taken, not the nominal \(nominal) Hz")
            }
            return
        }
    }
}

/// The rows of a channels file, one a column of the recording.
private struct MotionChannels {
    private struct Channel {
        var kind: String
        var point: String
        var component: String
        var unit: String
    }

    private var channels: [Channel] = []

    init(_ table: DelimitedTable) throws(RecordingError) {
        guard let kind = table.column("type"), let name = table.column("name") else {
            throw .damaged("the _channels.tsv has no columns name and type")
        }
        let (point, unit) = (table.column("tracked_point"), table.column("units"))
        let component = table.column("component")
        for row in table.rows {
            // Without a column of components the name ends in the axis.
            let axis = component.map { row[$0] } ?? row[name].last.map(String.init) ?? ""
            channels.append(
                Channel(
                    kind: row[kind].uppercased(), point: point.map { row[$0] } ?? "", component: axis.lowercased(),
                    unit: unit.map { row[$0] } ?? ""))
        }
    }

    var count: Int { channels.count }

    /// Tracked points with acceleration along all three axes, in order.
    var points: [String] {
        var names: [String] = []
        for channel in channels where channel.kind == "ACCEL" && !names.contains(channel.point) {
            if axes("ACCEL", channel.point) != nil { names.append(channel.point) }
        }
        return names
    }

    /// The columns of x, y and z of a kind at a tracked point; `nil` where one is missing or there twice.
    func axes(_ kind: String, _ point: String) -> [Int]? {
        var places: [Int] = []
        for axis in ["x", "y", "z"] {
            let found = channels.indices.filter {
                channels[$0].kind == kind && channels[$0].point == point && channels[$0].component == axis
            }
            guard found.count == 1 else { return nil }
            places += found
        }
        return places
    }

    /// The column of time.
    var latency: Int? { channels.firstIndex { $0.kind == "LATENCY" } }

    func unit(_ place: Int) -> ColumnName { ColumnName("channel (\(channels[place].unit))") }
}

/// The files of a BIDS dataset that say something of another: in its folder or above it, named with none but its entities.
enum MotionSidecars {
    /// Paths, the nearest and most particular first.
    static func paths(of path: String, ending: String) throws -> [String] {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let entities = Set(parts[parts.count - 1].split(separator: "_").dropLast())
        var folder = Array(parts.dropLast())
        var found: [String] = []
        // The dataset's folder is at most four above: sub-01/ses-01/motion/.
        for _ in 0..<4 {
            let place = folder.isEmpty ? "." : folder.joined(separator: "/")
            let names = (try? InputFile.list(place.isEmpty ? "/" : place)) ?? []
            let apply = names.filter { name in
                name == ending
                    || name.hasSuffix("_" + ending)
                        && Set(name.dropLast(ending.count + 1).split(separator: "_")).isSubset(of: entities)
            }
            found += apply.sorted { ($1.count, $0) < ($0.count, $1) }.map { folder.isEmpty ? $0 : "\(place)/\($0)" }
            guard let last = folder.last, last.hasPrefix("sub-") || last.hasPrefix("ses-") || last == "motion" else {
                break
            }
            folder.removeLast()
        }
        return found
    }
}
