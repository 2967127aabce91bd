/// An ECAT 7 file that a test writes field by field, big-endian.
public struct ECATFile {
    /// One frame: its number, its subheader's fields and its voxels.
    public struct Frame {
        /// From 1.
        public var number: Int
        /// A field of the subheader.
        public var startMs = 0
        /// A field of the subheader.
        public var durationMs = 1000
        /// A field of the subheader.
        public var scale: Float = 1
        /// A field of the subheader.
        public var decayFactor: Float = 1
        /// A field of the subheader.
        public var corrections: UInt32 = 0
        /// Stored values; their number is the product of the size.
        public var voxels: [Int]

        /// A frame.
        public init(number: Int, voxels: [Int]) { (self.number, self.voxels) = (number, voxels) }
    }

    /// A field of the headers.
    public var magic = "MATRIX72v"
    /// A field of the headers.
    public var fileType = 7
    /// A field of the headers.
    public var dataType = 6
    /// A field of the headers.
    public var size = [2, 3, 4]
    /// A field of the headers.
    public var pixelCm: [Float] = [0.2, 0.3, 0.4]
    /// A field of the headers.
    public var offsetCm: [Float] = [0, 0, 0]
    /// A field of the headers.
    public var scanStart: UInt32 = 1_556_622_282
    /// A field of the headers.
    public var doseStart: UInt32 = 1_556_622_222
    /// A field of the headers.
    public var isotope = "F-18"
    /// A field of the headers.
    public var halfLifeS: Float = 6586.2
    /// A field of the headers.
    public var tracer = "FDOPA"
    /// A field of the headers.
    public var calibrationFactor: Float = 1
    /// A field of the headers.
    public var calibrationUnits = 1
    /// A field of the headers.
    public var dataUnits = "Bq/ml"
    /// A field of the headers.
    public var sex = "F"
    /// A field of the headers.
    public var height: Float = 170
    /// A field of the headers.
    public var weight: Float = 70
    /// A field of the headers.
    public var dosage: Float = 2e8
    /// A field of the headers.
    public var orientation = 3
    /// `nil` for as many as there are.
    public var frameCount: Int?
    /// The frames.
    public var frames: [Frame]
    /// The order in which frames stand in the file; by default as they are.
    public var order: [Int]?

    /// A file of frames.
    public init(frames: [Frame]) { self.frames = frames }

    /// The bytes of the file: main header, directory blocks of up to 31 entries, each before the frames it names.
    public var bytes: [UInt8] {
        var file = [UInt8](repeating: 0, count: 512)
        func put(_ value: [UInt8], _ place: Int) {
            if file.count < place + value.count { file += Array(repeating: 0, count: place + value.count - file.count) }
            file.replaceSubrange(place..<(place + value.count), with: value)
        }
        func big<T: FixedWidthInteger>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
        func real(_ value: Float) -> [UInt8] { big(value.bitPattern) }
        put(Array(magic.utf8), 0)
        put(big(UInt16(fileType)), 50)
        put(big(scanStart), 62)
        put(Array(isotope.utf8), 66)
        put(real(halfLifeS), 74)
        put(Array(tracer.utf8), 78)
        put(real(calibrationFactor), 144)
        put(big(UInt16(calibrationUnits)), 148)
        put(Array("SECRET-ID".utf8), 166)
        put(Array("SECRET^NAME".utf8), 182)
        put(Array(sex.utf8), 214)
        put(real(height), 220)
        put(real(weight), 224)
        put(big(UInt32(123_456_789)), 228)
        put(big(UInt16(orientation)), 330)
        put(big(UInt16(frameCount ?? frames.count)), 354)
        put(big(doseStart), 454)
        put(real(dosage), 458)
        put(Array(dataUnits.utf8), 466)

        var block = 2
        let inOrder = (order ?? Array(frames.indices)).map { frames[$0] }
        for start in stride(from: 0, to: inOrder.count, by: 31) {
            let part = inOrder[start..<min(start + 31, inOrder.count)]
            let directory = (block - 1) * 512
            put(big(Int32(31 - part.count)), directory)
            put(big(Int32(part.count)), directory + 12)
            block += 1
            for (entry, frame) in part.enumerated() {
                let first = block
                let place = (block - 1) * 512
                putSubheader(frame, place, put, big, real)
                let voxels: [UInt8] = frame.voxels.flatMap { value -> [UInt8] in
                    switch dataType {
                    case 1: [UInt8(value)]
                    case 5: real(Float(value))
                    case 7: big(Int32(value))
                    default: big(Int16(value))
                    }
                }
                put(voxels, place + 512)
                let blocks = (voxels.count + 511) / 512
                put([], (first + blocks) * 512)
                if file.count % 512 != 0 { file += Array(repeating: 0, count: 512 - file.count % 512) }
                block = first + 1 + blocks
                for (number, value) in [0x01_0000 + frame.number, first, block - 1, 1].enumerated() {
                    put(big(Int32(value)), directory + 16 + 16 * entry + 4 * number)
                }
            }
            let isLast = start + 31 >= inOrder.count
            put(big(Int32(isLast ? 2 : block)), directory + 4)
        }
        return file
    }

    private func putSubheader(
        _ frame: Frame, _ place: Int, _ put: ([UInt8], Int) -> Void, _ big: (UInt32) -> [UInt8],
        _ real: (Float) -> [UInt8]
    ) {
        func word(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }
        put([UInt8](repeating: 0, count: 512), place)
        put(word(dataType), place)
        put(word(3), place + 2)
        for axis in 0..<3 {
            put(word(size[axis]), place + 4 + 2 * axis)
            put(real(offsetCm[axis]), place + 10 + 4 * axis)
            put(real(pixelCm[axis]), place + 34 + 4 * axis)
        }
        put(real(frame.scale), place + 26)
        put(big(UInt32(frame.durationMs)), place + 46)
        put(big(UInt32(frame.startMs)), place + 50)
        put(real(frame.decayFactor), place + 80)
        put(big(frame.corrections), place + 84)
    }
}
