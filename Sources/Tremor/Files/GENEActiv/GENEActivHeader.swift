/// The lines of a GENEActiv file before its pages.
struct GENEActivHeader {
    /// Samples a second.
    var rateHz: Double?
    /// The largest acceleration, g.
    var rangeG: Double?
    /// Calibration of x, y and z: acceleration is (100 × value − offset) / gain, g.
    var gains: [Double?] = [nil, nil, nil]
    var offsets: [Double?] = [nil, nil, nil]
    /// Pages that the device says it wrote.
    var pages: Int?
    private var unit: String?

    /// Takes what a line says.
    mutating func take(_ line: UnsafeBufferPointer<UInt8>) {
        for (axis, keys) in Self.calibration.enumerated() {
            if let value = KeyedLine.value(line, of: keys.gain) { gains[axis] = Double(value) }
            if let value = KeyedLine.value(line, of: keys.offset) { offsets[axis] = Double(value) }
        }
        if let value = KeyedLine.value(line, of: "Measurement Frequency") { rateHz = Self.leadingNumber(value) }
        if let value = KeyedLine.value(line, of: "Number of Pages") { pages = Int(value) }
        if let value = KeyedLine.value(line, of: "Accelerometer Units") { unit = value }
        if let value = KeyedLine.value(line, of: "Accelerometer Range") {
            // "-8 to 8"
            rangeG = value.split(separator: " ").last.flatMap { Double($0) }
        }
    }

    private static let calibration: [(gain: StaticString, offset: StaticString)] = [
        ("x gain", "x offset"), ("y gain", "y offset"), ("z gain", "z offset"),
    ]

    /// Refuses what samples cannot be scaled with.
    func check() throws(RecordingError) {
        for (axis, name) in ["x", "y", "z"].enumerated() {
            guard let gain = gains[axis], gain.isFinite, gain != 0, let offset = offsets[axis], offset.isFinite else {
                throw .damaged("the calibration of \(name) is missing from the header")
            }
        }
        guard unit ?? "g" == "g" else {
            throw .unsupported("the accelerometer's unit is \(unit ?? ""); g was expected")
        }
    }

    /// The number that a text begins with: "85.7 Hz".
    static func leadingNumber(_ text: String) -> Double? {
        text.split(separator: " ").first.flatMap { Double($0) }.flatMap { $0 > 0 && $0 < 10000 ? $0 : nil }
    }
}
