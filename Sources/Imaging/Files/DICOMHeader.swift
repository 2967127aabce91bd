import CDICOM
import Records

/// What one DICOM file says of its image: the elements of `DICOMTag` and where its pixels lie.
struct DICOMHeader: Sendable {
    /// The file.
    let path: String
    /// The transfer syntax UID.
    let transferSyntax: String
    /// Where uncompressed pixels lie in the file; `nil` where they must be decoded.
    let nativePixels: (offset: Int, length: Int)?
    /// Values by element, trimmed; an element that is absent or empty is not there.
    let values: [DICOMTag: String]

    /// The header in the bytes of a DICOM file. `path` is only remembered.
    init(parsing bytes: UnsafeRawBufferPointer, path: String) throws(DICOMProblem) {
        self.path = path
        if let plain = DICOMPlainHeader(bytes) {
            (transferSyntax, nativePixels, values) = (plain.transferSyntax, plain.nativePixels, plain.values)
            return
        }
        let parsed = try ParsedDICOM(bytes, whole: false)
        transferSyntax = parsed.transferSyntax
        nativePixels = parsed.nativePixels
        var values: [DICOMTag: String] = [:]
        for tag in DICOMTag.allCases {
            if let value = parsed.string(tag), !value.isEmpty { values[tag] = value }
        }
        self.values = values
    }

    /// The value of an element.
    func string(_ tag: DICOMTag) -> String? { values[tag] }

    /// The first value of an element as a finite number.
    func number(_ tag: DICOMTag) -> Double? { numbers(tag)?.first }

    /// All values of an element as finite numbers; `nil` where one is not.
    func numbers(_ tag: DICOMTag) -> [Double]? {
        guard let parts = values[tag]?.split(separator: "\\", omittingEmptySubsequences: false) else { return nil }
        let numbers = parts.compactMap { part -> Double? in
            guard let value = Double(DICOMHeader.trimmed(part)), value.isFinite else { return nil }
            return value
        }
        return numbers.count == parts.count ? numbers : nil
    }

    /// The first value of an element as a whole number.
    func integer(_ tag: DICOMTag) -> Int? { number(tag).flatMap { Int(exactly: $0) } }

    /// Text without blanks and zero bytes at its ends.
    static func trimmed(_ text: some StringProtocol) -> String {
        let padding: (Character) -> Bool = { $0 == " " || $0 == "\0" || $0 == "\n" || $0 == "\r" || $0 == "\t" }
        guard let first = text.firstIndex(where: { !padding($0) }), let last = text.lastIndex(where: { !padding($0) })
        else { return "" }
        return String(text[first...last])
    }
}

/// A header in the DICOM library's hands, for as long as it is looked at.
final class ParsedDICOM {
    private let header: OpaquePointer

    init(_ bytes: UnsafeRawBufferPointer, whole: Bool) throws(DICOMProblem) {
        var error = [CChar](repeating: 0, count: 256)
        let base = bytes.bindMemory(to: UInt8.self).baseAddress
        guard let base, let parsed = cdicom_parse(base, bytes.count, whole ? 1 : 0, &error, error.count) else {
            throw .unreadable(base == nil ? "the file is empty" : DICOMProblem.text(error))
        }
        header = parsed
    }

    deinit { cdicom_free(header) }

    var transferSyntax: String { String(cString: cdicom_transfer_syntax(header)) }

    var nativePixels: (offset: Int, length: Int)? {
        var (offset, length) = (0, 0)
        return cdicom_native_pixels(header, &offset, &length) == 0 ? (offset, length) : nil
    }

    func string(_ tag: DICOMTag) -> String? {
        guard let creator = tag.privateCreator else { return string(tag.path) }
        let (group, element) = (tag.rawValue >> 16, tag.rawValue & 0xFF)
        for block in UInt32(0x10)...0x1F where string([group, block]) == creator {
            return string([group, block << 8 | element])
        }
        // Some archives drop the creator and keep the element in the first block.
        return (0x10...0x1F).allSatisfy { string([group, $0]) == nil } ? string([group, 0x1000 | element]) : nil
    }

    private func string(_ path: [UInt32]) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer -> String? in
            let length = cdicom_string(header, path, path.count, buffer.baseAddress, buffer.count)
            guard length >= 0, length < buffer.count else { return nil }
            let text = buffer.prefix(length).withMemoryRebound(to: UInt8.self) { String(decoding: $0, as: UTF8.self) }
            // Control characters would break the one line that a message is.
            let plain = text.unicodeScalars.map { $0.value < 0x20 && $0.value != 0 ? " " : Character($0) }
            return DICOMHeader.trimmed(String(plain))
        }
    }

    /// Decodes the image into `out`, which must have exactly its size.
    func decode(into out: UnsafeMutableRawBufferPointer) throws(DICOMProblem) {
        var error = [CChar](repeating: 0, count: 256)
        let base = out.bindMemory(to: UInt8.self).baseAddress
        guard cdicom_decode(header, base, out.count, &error, error.count) == 0 else {
            throw .unreadable(DICOMProblem.text(error))
        }
    }
}
