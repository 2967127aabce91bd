import CDICOM
import Records

/// What a DICOM file says of one image: the elements of `DICOMTag` and where its pixels lie.
///
/// A multi-frame file gives one header a frame: what the functional groups say of the frame comes first.
struct DICOMHeader: Sendable {
    /// The file.
    let path: String
    /// Its length, bytes.
    let fileBytes: Int
    /// The transfer syntax UID.
    let transferSyntax: String
    /// Where the uncompressed pixels of all frames lie in the file; `nil` where they must be decoded.
    let nativePixels: (offset: Int, length: Int)?
    /// Values by element, trimmed; an element that is absent or empty is not there.
    let values: [DICOMTag: String]
    /// Which frame of a multi-frame file this is, from 0, of how many, and what only this frame has; `nil` in other files.
    let frame: (index: Int, count: Int, values: [DICOMTag: String])?
    /// The labels of a segmentation's segments by their number.
    let segmentNames: [Int32: String]

    /// The headers in the bytes of a DICOM file: one, or one for each frame that has functional groups. `path` is only
    /// remembered.
    static func images(parsing bytes: UnsafeRawBufferPointer, path: String) throws(DICOMProblem) -> [DICOMHeader] {
        if let plain = DICOMPlainHeader(bytes) {
            return [
                DICOMHeader(
                    path: path, fileBytes: bytes.count, transferSyntax: plain.transferSyntax,
                    nativePixels: plain.nativePixels, values: plain.values, frame: nil, segmentNames: [:])
            ]
        }
        let parsed = try ParsedDICOM(bytes, whole: false)
        var values: [DICOMTag: String] = [:]
        for tag in DICOMTag.allCases {
            if let value = parsed.string(tag), !value.isEmpty { values[tag] = value }
        }
        let (syntax, native, segments) = (parsed.transferSyntax, parsed.nativePixels, parsed.segmentNames)
        func header(_ frame: (Int, Int, [DICOMTag: String])?) -> DICOMHeader {
            DICOMHeader(
                path: path, fileBytes: bytes.count, transferSyntax: syntax, nativePixels: native, values: values,
                frame: frame, segmentNames: segments)
        }
        let frames = parsed.frames
        guard frames > 0 else { return [header(nil)] }
        for tag in DICOMTag.allCases where values[tag] == nil {
            if let value = parsed.string(tag, frame: -1), !value.isEmpty { values[tag] = value }
        }
        return (0..<frames).map { frame in
            var own: [DICOMTag: String] = [:]
            for tag in DICOMTag.ofFrames {
                if let value = parsed.string(tag, frame: frame), !value.isEmpty { own[tag] = value }
            }
            return header((frame, frames, own))
        }
    }

    /// How messages name the image: the file, and the frame where it has several.
    var name: String { frame.map { "\(path), frame \($0.index + 1)" } ?? path }

    /// The value of an element.
    func string(_ tag: DICOMTag) -> String? { frame?.values[tag] ?? values[tag] }

    /// The first value of an element as a finite number.
    func number(_ tag: DICOMTag) -> Double? { numbers(tag)?.first }

    /// All values of an element as finite numbers; `nil` where one is not.
    func numbers(_ tag: DICOMTag) -> [Double]? {
        guard let parts = string(tag)?.split(separator: "\\", omittingEmptySubsequences: false) else { return nil }
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
    let header: OpaquePointer

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

    /// Frames that have functional groups; 0 in a file that is not multi-frame.
    var frames: Int { cdicom_frames(header) }

    /// Items of a sequence of the data set.
    func items(_ group: UInt32, _ element: UInt32) -> Int { cdicom_items(header, group, element) }

    /// Labels of the Segment Sequence (0062,0002) by number.
    var segmentNames: [Int32: String] {
        let pairs = (0..<UInt32(clamping: items(0x0062, 0x0002))).compactMap { item -> (Int32, String)? in
            guard let number = string([0x0062, 0x0002, item, 0x0062, 0x0004]).flatMap({ Int32($0) }),
                let label = string([0x0062, 0x0002, item, 0x0062, 0x0005])
            else { return nil }
            return (number, label)
        }
        return Dictionary(pairs) { first, _ in first }
    }

    /// An element that the functional groups give a frame, or all frames with -1.
    func string(_ tag: DICOMTag, frame: Int) -> String? {
        tag.privateCreator == nil ? text { cdicom_frame_string(header, frame, tag.path, tag.path.count, $0, $1) } : nil
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

    /// An element by groups, elements and items on the way.
    func string(_ path: [UInt32]) -> String? { text { cdicom_string(header, path, path.count, $0, $1) } }

    private func text(_ read: (UnsafeMutablePointer<CChar>?, Int) -> Int) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer -> String? in
            let length = read(buffer.baseAddress, buffer.count)
            guard length >= 0, length < buffer.count else { return nil }
            let text = buffer.prefix(length).withMemoryRebound(to: UInt8.self) { String(decoding: $0, as: UTF8.self) }
            // Control characters would break the one line that a message is.
            let plain = text.unicodeScalars.map { $0.value < 0x20 && $0.value != 0 ? " " : Character($0) }
            return DICOMHeader.trimmed(String(plain))
        }
    }

    /// Decodes a frame, from 0, into `out`, which must have exactly its size. Returns whether all bits of a value count,
    /// as they do where lossy code overshoots the range that the header announces.
    func decode(frame: Int, into out: UnsafeMutableRawBufferPointer) throws(DICOMProblem) -> Bool {
        var error = [CChar](repeating: 0, count: 256)
        let base = out.bindMemory(to: UInt8.self).baseAddress
        let outcome = cdicom_decode(header, frame, base, out.count, &error, error.count)
        guard outcome >= 0 else { throw .unreadable(DICOMProblem.text(error)) }
        return outcome == 1
    }
}
