/// Writes small DICOM files for tests: explicit little endian, one slice, 16-bit pixels.
public struct DICOMFile {
    /// Elements of the data set by group and element; sequences are one item of elements.
    public enum Value {
        case text(String, String)
        case short(UInt16)
        case item([UInt32: Value])
        case items([[UInt32: Value]])
        case number(String, Double)
    }

    /// The elements, keyed `group << 16 | element`.
    public var elements: [UInt32: Value]
    /// Stored pixels, column by column of each row; `nil` for a file without.
    public var pixels: [Int16]?
    /// Stored bytes instead of `pixels`, for other widths; an even number.
    public var pixelBytes: [UInt8]?
    /// Whether the file begins with 128 bytes, the letters DICM and the meta group.
    public var hasPreamble = true
    /// The SOP class in the meta group, where it has one.
    public var mediaClass: String?

    /// An axial PET slice of 4 × 3 pixels at a height, mm, with everything a reader asks for.
    public init(z: Double, modality: String = "PT", uid: String = "1.2.3") {
        let sop = modality == "PT" ? "128" : modality == "CT" ? "2" : "4"
        elements = [
            0x0008_0016: .text("UI", "1.2.840.10008.5.1.4.1.1.\(sop)"), 0x0008_0060: .text("CS", modality),
            0x0008_0021: .text("DA", "20250101"), 0x0008_0022: .text("DA", "20250101"),
            0x0008_0031: .text("TM", "110000"), 0x0008_0032: .text("TM", "110000"),
            0x0010_0010: .text("PN", "Secret^Name"), 0x0010_0020: .text("LO", "SECRET-ID"),
            0x0010_0030: .text("DA", "19500102"), 0x0010_0040: .text("CS", "F"),
            0x0010_1020: .text("DS", "1.75"), 0x0010_1030: .text("DS", "70"), 0x0018_0050: .text("DS", "4"),
            0x0018_1242: .text("IS", "300000"), 0x0020_000E: .text("UI", uid), 0x0020_0052: .text("UI", "1.2.4"),
            0x0020_0032: .text("DS", "-10\\-20\\\(z)"), 0x0020_0037: .text("DS", "1\\0\\0\\0\\1\\0"),
            0x0028_0002: .short(1), 0x0028_0004: .text("CS", "MONOCHROME2"), 0x0028_0010: .short(3),
            0x0028_0011: .short(4), 0x0028_0030: .text("DS", "2\\3"), 0x0028_0051: .text("CS", "ATTN\\DECY"),
            0x0028_0100: .short(16), 0x0028_0101: .short(16), 0x0028_0102: .short(15), 0x0028_0103: .short(1),
            0x0028_1052: .text("DS", "0"), 0x0028_1053: .text("DS", "2"), 0x0054_1001: .text("CS", "BQML"),
            0x0054_1102: .text("CS", "START"),
            0x0054_0016: .item([
                0x0018_0031: .text("LO", "FDOPA"), 0x0018_1072: .text("TM", "100000"),
                0x0018_1074: .text("DS", "368080000"), 0x0018_1075: .text("DS", "6586.2"),
            ]),
        ]
        pixels = (0..<12).map { Int16($0) }
    }

    /// The file's bytes.
    public var bytes: [UInt8] {
        var meta = DICOMFile.element(0x0002_0010, .text("UI", "1.2.840.10008.1.2.1"))
        if let mediaClass { meta = DICOMFile.element(0x0002_0002, .text("UI", mediaClass)) + meta }
        let length =
            DICOMFile.words(UInt16(0x0002), 0x0000) + Array("UL".utf8) + DICOMFile.words(4)
            + DICOMFile.words(UInt16(meta.count), 0)
        var bytes = hasPreamble ? [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + length + meta : []
        bytes += DICOMFile.dataSet(elements)
        if let stored = pixelBytes ?? pixels?.flatMap({ DICOMFile.words(UInt16(bitPattern: $0)) }) {
            bytes += DICOMFile.words(0x7FE0, 0x0010) + Array("OW".utf8) + [0, 0]
            bytes += DICOMFile.words(UInt16(stored.count & 0xFFFF), UInt16(stored.count >> 16)) + stored
        }
        return bytes
    }

    private static func words(_ values: UInt16...) -> [UInt8] {
        values.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    }

    private static func dataSet(_ elements: [UInt32: Value]) -> [UInt8] {
        elements.sorted { $0.key < $1.key }.flatMap { element($0.key, $0.value) }
    }

    private static func element(_ tag: UInt32, _ value: Value) -> [UInt8] {
        let head = words(UInt16(tag >> 16), UInt16(tag & 0xFFFF))
        switch value {
        case .short(let number): return head + Array("US".utf8) + words(2, number)
        case .text(let kind, let text):
            var body = Array(text.utf8)
            if body.count % 2 == 1 { body.append(kind == "UI" ? 0 : 0x20) }
            return head + Array(kind.utf8) + words(UInt16(body.count)) + body
        case .number(let kind, let value):
            return head + Array(kind.utf8) + words(8) + (0..<8).map { UInt8(value.bitPattern >> (8 * $0) & 0xFF) }
        case .item(let elements): return element(tag, .items([elements]))
        case .items(let all):
            let items = all.flatMap { elements in
                let body = dataSet(elements)
                return words(0xFFFE, 0xE000, UInt16(body.count), 0) + body
            }
            return head + Array("SQ".utf8) + [0, 0] + words(UInt16(items.count), 0) + items
        }
    }
}
