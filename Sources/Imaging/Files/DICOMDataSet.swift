import CDICOM
import Records

/// A DICOM data set that is being made: elements by group and number, items of sequences on the way, then a file's bytes.
final class DICOMDataSet {
    private let writer: OpaquePointer

    init() throws(DICOMProblem) {
        guard let writer = cdicom_writer_create() else { throw .unreadable("there is no memory for a data set") }
        self.writer = writer
    }

    deinit { cdicom_writer_free(writer) }

    /// Sets an element from text, several values joined by "\"; "" makes it empty.
    ///
    /// A path is an element, 0x0010_0020, or a sequence, the place of an item, and so on to an element.
    func put(_ path: UInt32..., text: String) throws(DICOMProblem) { try put(path, text) }

    /// Sets an element from a whole number.
    func put(_ path: UInt32..., number: Int) throws(DICOMProblem) { try put(path, String(number)) }

    /// Sets an element from decimals, with the ten digits that fit into DICOM's sixteen characters.
    func put(_ path: UInt32..., decimals: [Double]) throws(DICOMProblem) {
        try put(path, decimals.map { significant($0 == 0 ? 0 : $0, 10) }.joined(separator: "\\"))
    }

    /// Sets a sequence of one code: its value, scheme and meaning.
    func put(_ path: [UInt32], code: DICOMCode) throws(DICOMProblem) {
        try put(path + [0, 0x0008_0100], code.value)
        try put(path + [0, 0x0008_0102], code.scheme)
        try put(path + [0, 0x0008_0104], code.meaning)
    }

    func put(_ path: [UInt32], _ text: String) throws(DICOMProblem) {
        var words: [UInt32] = []
        for (place, step) in path.enumerated() {
            words += place % 2 == 0 ? [step >> 16, step & 0xFFFF] : [step]
        }
        guard cdicom_put(writer, words, words.count, DICOMDataSet.plain(text)) == 0 else {
            throw .unreadable("element \(String(path.last ?? 0, radix: 16)) does not take \"\(text)\"")
        }
    }

    /// Sets 8-bit or packed one-bit pixels.
    func put(pixels: [UInt8]) throws(DICOMProblem) {
        guard cdicom_put_pixels(writer, pixels, pixels.count) == 0 else {
            throw .unreadable("there are more than 4 GiB of pixels, which DICOM does not hold")
        }
    }

    /// Copies elements of another file as they are; those that are not there stay away.
    func copy(_ elements: [UInt32], of source: ParsedDICOM) {
        for element in elements { _ = cdicom_copy(writer, source.header, element >> 16, element & 0xFFFF) }
    }

    /// The file: explicit VR, little endian.
    func file() throws(DICOMProblem) -> [UInt8] {
        var error = [CChar](repeating: 0, count: 256)
        var count = 0
        guard let bytes = cdicom_write(writer, &count, &error, error.count) else {
            throw .unreadable(DICOMProblem.text(error))
        }
        defer { cdicom_written_free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    /// Text of the default character set: what is beyond ASCII becomes "?".
    private static func plain(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { (0x20..<0x7F).contains($0.value) ? $0 : "?" }))
    }
}

/// A code of a coding scheme, as DICOM's code sequences have it.
public struct DICOMCode: Sendable, Equatable {
    /// The code.
    public var value: String
    /// The scheme's designator: "SCT" for SNOMED CT, "DCM" for DICOM's own.
    public var scheme: String
    /// What it means, in words.
    public var meaning: String

    /// A code.
    public init(_ value: String, _ scheme: String, _ meaning: String) {
        (self.value, self.scheme, self.meaning) = (value, scheme, meaning)
    }
}
