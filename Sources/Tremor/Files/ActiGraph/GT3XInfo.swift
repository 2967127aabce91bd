/// What `info.txt` of an ActiGraph recording says, one `Key: value` a line.
struct GT3XInfo {
    /// Samples a second.
    let rateHz: Int
    /// Stored units in a g; `nil` where not said.
    let unitsPerG: Double?
    /// The largest acceleration, g; `nil` where not said.
    let rangeG: Double?
    /// The first letters of the serial number tell the device.
    let family: String
    /// When the recording begins, s since 1970 on the device's clock; `nil` where not said.
    let start: Double?

    /// .NET ticks of 100 ns between 0001-01-01 and 1970-01-01.
    private static let ticksTo1970 = 621_355_968_000_000_000

    /// Takes the lines. Throws where there is no rate.
    init(_ bytes: [UInt8]) throws(RecordingError) {
        var values: [String: String] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            // Also where the computer that wrote it has decimal commas.
            values[Self.trimmed(parts[0])] = Self.trimmed(parts[1])
        }
        func number(_ key: String) -> Double? {
            values[key].flatMap { Double(String($0.map { $0 == "," ? "." : $0 })) }.flatMap { $0.isFinite ? $0 : nil }
        }
        guard let rate = number("Sample Rate"), (1...1000).contains(rate), rate == rate.rounded() else {
            throw .damaged("info.txt has no sample rate")
        }
        rateHz = Int(rate)
        unitsPerG = number("Acceleration Scale").flatMap { $0 > 0 ? $0 : nil }
        rangeG = number("Acceleration Max").flatMap { $0 > 0 ? $0 : nil }
        family = String((values["Serial Number"] ?? "").prefix(3))
        start = values["Start Date"].flatMap { Int($0) }.flatMap { ticks in
            ticks > Self.ticksTo1970 ? Double(ticks - Self.ticksTo1970) / 1e7 : nil
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " || $0 == "\u{FEFF}" }.reversed().drop { $0 == " " }.reversed())
    }

    /// Stored units in a g by the device, where no file of it says [GT3XFormat].
    var unitsPerGOfFamily: Double? {
        switch family {
        case "NEO", "CLE", "MRA": 341
        case "MOS", "TAS": 256
        default: nil
        }
    }
}
