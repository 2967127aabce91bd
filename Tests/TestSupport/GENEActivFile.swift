/// A GENEActiv file that a test writes page by page.
public struct GENEActivFile {
    /// One page.
    public struct Page {
        /// `nil` leaves the line out.
        public var time: String?
        /// Samples, x, y and z of 12 bits.
        public var samples: [[Int]]
        /// `nil` leaves the line out.
        public var rate: String? = "50.0"

        /// A page.
        public init(_ time: String?, _ samples: [[Int]]) { (self.time, self.samples) = (time, samples) }
    }

    /// Gain and offset of each axis, as written.
    public var calibration = [["25000", "100"], ["20000", "-400"], ["25600", "0"]]
    /// The unit, as written.
    public var unit = "g"
    /// What lines end with.
    public var lineEnd = "\n"
    /// Pages the header promises; `nil` for as many as there are.
    public var promised: Int?
    /// Pages.
    public var pages: [Page]

    /// A file.
    public init(_ pages: [Page]) { self.pages = pages }

    /// Its text.
    public var text: String {
        var lines = [
            "Device Identity", "Device Type:GENEActiv   ", "", "Device Capabilities",
            "Accelerometer Range:-8 to 8  ", "Accelerometer Units:\(unit)  ", "", "Configuration Info",
            "Measurement Frequency:50 Hz", "", "Calibration Data",
        ]
        for (axis, values) in zip(["x", "y", "z"], calibration) {
            lines += ["\(axis) gain:\(values[0])", "\(axis) offset:\(values[1])"]
        }
        lines += ["", "Memory Status", "Number of Pages:\(promised ?? pages.count)", ""]
        for (number, page) in pages.enumerated() {
            lines += ["Recorded Data", "Device Unique Serial Code:0", "Sequence Number:\(number)"]
            if let time = page.time { lines.append("Page Time:\(time)") }
            lines += ["Unassigned:", "Temperature:28.2", "Device Status:Recording"]
            if let rate = page.rate { lines.append("Measurement Frequency:\(rate)") }
            lines.append(page.samples.map { sample in sample.map { Self.digits($0) }.joined() + "A5F" }.joined())
        }
        return lines.joined(separator: lineEnd) + lineEnd
    }

    /// Its bytes.
    public var bytes: [UInt8] { Array(text.utf8) }

    private static func digits(_ value: Int) -> String {
        let text = String(value & 0xFFF, radix: 16, uppercase: true)
        return String(repeating: "0", count: 3 - text.count) + text
    }
}
