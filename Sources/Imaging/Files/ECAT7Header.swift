/// What we use of the headers of an ECAT 7 file [ECAT7]. The patient's name, number and birth date are not read.
public struct ECAT7Header: Sendable, Equatable {
    /// The subheader of a frame.
    public struct Frame: Sendable, Equatable {
        /// Start after the start of the scan, s (the file has ms).
        public var startS: Double
        /// Length, s (the file has ms).
        public var durationS: Double
        /// What the frame's stored values are multiplied by, before calibration.
        public var scaleFactor: Double
        /// The factor that corrects the frame's decay; 0 or 1 where there is none.
        public var decayFactor: Double
        /// Bits of the corrections that were made; bit 9 is decay.
        public var corrections: UInt32
        /// Whether the corrections include decay.
        public var isMarkedDecayCorrected: Bool { corrections & 1 << 9 != 0 }
    }

    /// Start of the scan, s since 1970-01-01 in UTC; `nil` where the file has 0.
    public var scanStart: Double?
    /// Injection, s since 1970-01-01 in UTC; `nil` where the file has 0.
    public var doseStart: Double?
    /// The nuclide as written, such as "F-18".
    public var isotope: String
    /// Half-life, s; `nil` where not positive.
    public var halfLifeS: Double?
    /// The tracer as written.
    public var radiopharmaceutical: String
    /// The scanner's calibration factor.
    public var calibrationFactor: Double
    /// 0 not calibrated, 1 calibrated, 2 processed.
    public var calibrationUnits: Int
    /// The unit as written, such as "Bq/ml".
    public var dataUnits: String
    /// "M", "F" or another letter.
    public var sex: String
    /// Body height, cm as the format has it; `nil` where not positive.
    public var height: Double?
    /// Body mass, kg; `nil` where not positive.
    public var massKg: Double?
    /// Injected activity, in the unit the site chose; `nil` where not positive.
    public var dosage: Double?
    /// How the patient lay: 0 feet first prone, 1 head first prone, 2 feet first supine, 3 head first supine,
    /// 4 to 7 on a side, 8 not known.
    public var patientOrientation: Int
    /// Frames by the header.
    public var frameCount: Int
    /// What kind of matrices the file has; 6 and 7 are volumes.
    public var fileType: Int
    /// Frames in order, from their subheaders.
    public var frames: [Frame] = []

    init(parsing bytes: UnsafeRawBufferPointer) throws(ImageProblem) {
        guard bytes.count >= 512 else { throw .truncated(needed: 512, available: bytes.count) }
        guard Self.isECAT7(bytes) else { throw .notFormat("ECAT 7", "it does not begin with MATRIX7") }
        let field = FieldReader(bytes: bytes, swapped: true)
        func text(_ place: Int, _ length: Int) -> String {
            let raw = bytes[place..<(place + length)].prefix { $0 != 0 }
            return String(decoding: raw, as: UTF8.self).trimmed
        }
        func moment(_ place: Int) -> Double? {
            let value = UInt32(bitPattern: field.int32(place))
            return value == 0 || value == .max ? nil : Double(value)
        }
        func positive(_ place: Int) -> Double? {
            let value = Double(field.float(place))
            return value.isFinite && value > 0 ? value : nil
        }
        func word(_ place: Int) -> Int { Int(UInt16(bitPattern: field.int16(place))) }
        fileType = word(50)
        scanStart = moment(62)
        isotope = text(66, 8)
        halfLifeS = positive(74)
        radiopharmaceutical = text(78, 32)
        calibrationFactor = Double(field.float(144))
        calibrationUnits = word(148)
        sex = text(214, 1)
        height = positive(220)
        massKg = positive(224)
        patientOrientation = word(330)
        frameCount = word(354)
        doseStart = moment(454)
        dosage = positive(458)
        dataUnits = text(466, 32)
    }

    /// Whether bytes begin as an ECAT 7 file does.
    static func isECAT7(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.starts(with: "MATRIX7".utf8) }

    /// Whether the stored values, multiplied by their frame's factor, are calibrated already.
    ///
    /// 1 says so, and PET2BIDS reads it so. nibabel multiplies by the calibration factor whatever the field says.
    public var isCalibrated: Bool { calibrationUnits == 1 }
}

extension StringProtocol {
    /// The text without white space at either end.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
