/// Writes small DICOM files for tests: one slice, 16-bit pixels.
public struct DICOMFile: Sendable {
    /// Elements of the data set by group and element; sequences are one item of elements.
    public enum Value: Sendable {
        case text(String, String)
        case short(UInt16)
        case item([UInt32: Value])
        case items([[UInt32: Value]])
        case number(String, Double)
    }

    /// How a file is written.
    public enum Syntax: String, CaseIterable, Sendable {
        case implicitLittle = "1.2.840.10008.1.2"
        case explicitLittle = "1.2.840.10008.1.2.1"
        case explicitBig = "1.2.840.10008.1.2.2"
    }

    /// The transfer syntax.
    public var syntax = Syntax.explicitLittle
    /// The elements, keyed `group << 16 | element`.
    public var elements: [UInt32: Value]
    /// Stored pixels, column by column of each row; `nil` for a file without.
    public var pixels: [Int16]?
    /// Stored bytes instead of `pixels`, for other widths; an even number.
    public var pixelBytes: [UInt8]?
    /// Compressed code instead of pixels, one fragment a frame; `transferSyntax` says which.
    public var code: [[UInt8]]?
    /// The transfer syntax the file says it has where it is another than `syntax`, as compressed files do.
    public var transferSyntax: String?
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
        var meta = DICOMFile.element(0x0002_0010, .text("UI", transferSyntax ?? syntax.rawValue), .explicitLittle)
        if let mediaClass { meta = DICOMFile.element(0x0002_0002, .text("UI", mediaClass), .explicitLittle) + meta }
        let length =
            DICOMFile.words(.explicitLittle, 0x0002, 0x0000) + Array("UL".utf8)
            + DICOMFile.words(.explicitLittle, 4, UInt16(meta.count), 0)
        var bytes = hasPreamble ? [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + length + meta : []
        bytes += DICOMFile.dataSet(elements, syntax)
        if let code {
            bytes += DICOMFile.words(syntax, 0x7FE0, 0x0010) + Array("OB".utf8) + [0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
            for fragment in [[]] + code {  // an empty offset table first
                let even = fragment + (fragment.count % 2 == 1 ? [0] : [])
                bytes += DICOMFile.words(syntax, 0xFFFE, 0xE000, UInt16(even.count), 0) + even
            }
            bytes += DICOMFile.words(syntax, 0xFFFE, 0xE0DD, 0, 0)
        } else if let stored = pixelBytes ?? pixels?.flatMap({ DICOMFile.words(syntax, UInt16(bitPattern: $0)) }) {
            bytes += DICOMFile.words(syntax, 0x7FE0, 0x0010) + DICOMFile.length("OW", stored.count, syntax) + stored
        }
        return bytes
    }

    private static func words(_ syntax: Syntax, _ values: UInt16...) -> [UInt8] {
        values.flatMap { value -> [UInt8] in
            let bytes = [UInt8(value & 0xFF), UInt8(value >> 8)]
            return syntax == .explicitBig ? bytes.reversed() : bytes
        }
    }

    private static func long(_ value: Int, _ syntax: Syntax) -> [UInt8] {
        let (low, high) = (UInt16(value & 0xFFFF), UInt16(value >> 16))
        return syntax == .explicitBig ? words(syntax, high, low) : words(syntax, low, high)
    }

    /// What stands between the tag of an element and its value.
    private static func length(_ kind: String, _ count: Int, _ syntax: Syntax) -> [UInt8] {
        if syntax == .implicitLittle { return long(count, syntax) }
        if ["OW", "SQ"].contains(kind) { return Array(kind.utf8) + [0, 0] + long(count, syntax) }
        return Array(kind.utf8) + words(syntax, UInt16(count))
    }

    private static func dataSet(_ elements: [UInt32: Value], _ syntax: Syntax) -> [UInt8] {
        elements.sorted { $0.key < $1.key }.flatMap { element($0.key, $0.value, syntax) }
    }

    private static func element(_ tag: UInt32, _ value: Value, _ syntax: Syntax) -> [UInt8] {
        let head = words(syntax, UInt16(tag >> 16), UInt16(tag & 0xFFFF))
        switch value {
        case .short(let number): return head + length("US", 2, syntax) + words(syntax, number)
        case .text(let kind, let text):
            var body = Array(text.utf8)
            if body.count % 2 == 1 { body.append(kind == "UI" ? 0 : 0x20) }
            return head + length(kind, body.count, syntax) + body
        case .number(let kind, let value):
            let body = (0..<8).map { UInt8(value.bitPattern >> (8 * $0) & 0xFF) }
            return head + length(kind, 8, syntax) + (syntax == .explicitBig ? body.reversed() : body)
        case .item(let elements): return element(tag, .items([elements]), syntax)
        case .items(let all):
            let items = all.flatMap { elements in
                let body = dataSet(elements, syntax)
                return words(syntax, 0xFFFE, 0xE000) + long(body.count, syntax) + body
            }
            return head + length("SQ", items.count, syntax) + items
        }
    }
}
