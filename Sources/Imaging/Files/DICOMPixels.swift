import CDICOM
import CKernels

/// How the pixels of one image are stored, and what turns them into values.
struct PixelLayout: Sendable {
    let rows: Int
    let columns: Int
    let bitsAllocated: Int
    let bitsStored: Int
    let highBit: Int
    let isSigned: Bool
    let slope: Double
    let intercept: Double

    /// A layout from a header; what is not plain greyscale is refused.
    init(_ header: DICOMHeader) throws(DICOMProblem) {
        func needed(_ tag: DICOMTag, _ name: String, _ range: ClosedRange<Int>) throws(DICOMProblem) -> Int {
            guard let value = header.integer(tag), range.contains(value) else { throw .missing(tag.name, name) }
            return value
        }
        rows = try needed(.rows, "Rows", 1...65535)
        columns = try needed(.columns, "Columns", 1...65535)
        guard (header.integer(.samplesPerPixel) ?? 1) == 1 else { throw .unsupportedPixels("in colour") }
        let photometric = header.string(.photometric) ?? "MONOCHROME2"
        // MONOCHROME1 says only that viewers show high values dark.
        guard ["MONOCHROME1", "MONOCHROME2"].contains(photometric) else {
            throw .unsupportedPixels(String(photometric.prefix(16)))
        }
        guard header.string(.modalityLUT) == nil else {
            throw .unsupportedPixels("turned into values by a table, the (0028,3000) Modality LUT")
        }
        bitsAllocated = try needed(.bitsAllocated, "Bits Allocated", 1...64)
        let isSegmentation = header.string(.segmentationType) != nil
        guard [8, 16, 32].contains(bitsAllocated) || (bitsAllocated == 1 && isSegmentation) else {
            throw .unsupportedPixels("\(bitsAllocated) bits wide")
        }
        bitsStored =
            header.string(.bitsStored) == nil
            ? bitsAllocated : try needed(.bitsStored, "Bits Stored", 1...bitsAllocated)
        highBit =
            header.string(.highBit) == nil
            ? bitsStored - 1 : try needed(.highBit, "High Bit", (bitsStored - 1)...(bitsAllocated - 1))
        isSigned = try needed(.pixelRepresentation, "Pixel Representation", 0...1) == 1
        // PET always carries a slope; without it values are counts of no unit.
        // An enhanced image may give it as a real world value mapping alone.
        let isMapped = header.string(.rescaleSlope) == nil && header.string(.realWorldSlope) != nil
        if header.string(.modality) == "PT" && header.string(.rescaleSlope) == nil && !isMapped {
            throw .missing(DICOMTag.rescaleSlope.name, "Rescale Slope")
        }
        slope = try PixelLayout.scale(
            header, isMapped ? .realWorldSlope : .rescaleSlope, "Rescale Slope", absent: 1)
        intercept = try PixelLayout.scale(
            header, isMapped ? .realWorldIntercept : .rescaleIntercept, "Rescale Intercept", absent: 0)
        guard slope != 0 else { throw .missing(DICOMTag.rescaleSlope.name, "Rescale Slope, which is 0 here,") }
        // A slice of a body scanner has at most 4096 × 4096 pixels; what promises more than twice that is damaged.
        guard rows * columns <= 1 << 25 else { throw .unsupportedPixels("\(columns) × \(rows) in number") }
    }

    private static func scale(
        _ header: DICOMHeader, _ tag: DICOMTag, _ name: String, absent: Double
    ) throws(DICOMProblem) -> Double {
        guard header.string(tag) != nil else { return absent }
        guard let value = header.number(tag) else { throw .missing(tag.name, name) }
        return value
    }

    /// The type of a stored pixel, such as "int16".
    var datatype: String { "\(isSigned ? "" : "u")int\(bitsAllocated)" }

    var pixels: Int { rows * columns }
    /// Bytes of a frame once decoded; pixels of one bit take a byte each then.
    var byteCount: Int { pixels * max(bitsAllocated, 8) / 8 }

    /// Throws where the file is too short for the image, so that this is known before memory is taken.
    func checkLength(_ header: DICOMHeader) throws(DICOMProblem) {
        let frames = (header.frame?.index ?? 0) + 1
        if let native = header.nativePixels {
            let needed = (frames * pixels * bitsAllocated + 7) / 8
            let available = max(0, min(native.length, header.fileBytes - native.offset))
            guard available >= needed else { throw .truncated(needed: needed, available: available) }
        } else {
            // Blank slices compress well, but not a whole scan to nothing.
            let slack = 1 << 27
            guard frames * byteCount <= 2000 * header.fileBytes + slack else {
                throw .truncated(needed: frames * byteCount / 2000, available: header.fileBytes)
            }
        }
    }

    /// Reads the values of an image from the bytes of its file.
    func read(
        _ header: DICOMHeader, from source: PixelSource, into out: UnsafeMutableBufferPointer<Float>
    ) throws(DICOMProblem) {
        let frame = header.frame?.index ?? 0
        if let native = header.nativePixels, bitsAllocated > 1 {
            let start = native.offset + frame * byteCount
            let available = min(native.length, source.bytes.count - native.offset) - frame * byteCount
            guard available >= byteCount else { throw .truncated(needed: byteCount, available: max(0, available)) }
            return rescale(UnsafeRawBufferPointer(rebasing: source.bytes[start..<(start + byteCount)]), into: out)
        }
        let stored = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 16)
        defer { stored.deallocate() }
        if let native = header.nativePixels {
            let available = min(native.length, source.bytes.count - native.offset)
            let needed = ((frame + 1) * pixels + 7) / 8
            guard available >= needed else { throw .truncated(needed: needed, available: max(0, available)) }
            let bits = UnsafeRawBufferPointer(rebasing: source.bytes[native.offset..<(native.offset + needed)])
            cdicom_unpack(
                bits.bindMemory(to: UInt8.self).baseAddress, frame * pixels, pixels,
                stored.bindMemory(to: UInt8.self).baseAddress)
        } else {
            let allBits = try source.parsed().decode(frame: frame, into: stored)
            return rescale(UnsafeRawBufferPointer(stored), into: out, allBits: allBits)
        }
        rescale(UnsafeRawBufferPointer(stored), into: out)
    }

    private func rescale(
        _ stored: UnsafeRawBufferPointer, into out: UnsafeMutableBufferPointer<Float>, allBits: Bool = false
    ) {
        let width = max(bitsAllocated, 8)
        let whole = allBits || bitsAllocated == 1
        // The kernels leave out an intercept of 0, which with a negative slope gives another zero.
        if whole || bitsStored == width, slope > 0 || intercept != 0 {
            let decode =
                switch (width, isSigned) {
                case (8, true): ck_decode_i8
                case (8, false): ck_decode_u8
                case (16, true): ck_decode_i16
                case (16, false): ck_decode_u16
                case (_, true): ck_decode_i32
                case (_, false): ck_decode_u32
                }
            return decode(stored.baseAddress, out.baseAddress, pixels, slope, intercept, 0)
        }
        cdicom_rescale(
            stored.bindMemory(to: UInt8.self).baseAddress, pixels, Int32(width), Int32(whole ? width : bitsStored),
            Int32(whole ? width - 1 : highBit), isSigned ? 1 : 0, slope, intercept, out.baseAddress)
    }
}

/// The bytes of a file whose pixels are read, and the whole of it parsed where they must be decoded; for one thread.
final class PixelSource {
    let bytes: UnsafeRawBufferPointer
    private var whole: ParsedDICOM?

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    func parsed() throws(DICOMProblem) -> ParsedDICOM {
        if let whole { return whole }
        let parsed = try ParsedDICOM(bytes, whole: true)
        whole = parsed
        return parsed
    }
}

extension DICOMHeader {
    private static let readable: Set<String> = ["2", "2.1", "2.2", "4", "4.1", "4.4", "128", "128.1", "130", "66.4"]
    private static let multiFrame: Set<String> = ["2.1", "2.2", "4.1", "4.4", "128.1", "130", "66.4"]
    private static let root = "1.2.840.10008.5.1.4.1.1."

    private var shortClass: String {
        let sop = string(.sopClass) ?? ""
        return sop.hasPrefix(DICOMHeader.root) ? String(sop.dropFirst(DICOMHeader.root.count)) : sop
    }

    /// Whether this is a segmentation object.
    var isSegmentation: Bool { shortClass == "66.4" }

    /// Throws where the file is no PET, CT or MR image and no segmentation.
    func checkObject() throws(DICOMProblem) {
        if isDirectory { throw .unsupportedObject("a DICOMDIR, an index of other files") }
        guard let sop = string(.sopClass) else { throw .missing(DICOMTag.sopClass.name, "SOP Class UID") }
        let names = [
            "20": "a nuclear medicine (NM) image", "30": "a parametric map",
            "7": "a secondary capture image", "7.1": "a multi-frame secondary capture image",
            "7.2": "a multi-frame secondary capture image", "7.3": "a multi-frame secondary capture image",
            "7.4": "a multi-frame secondary capture image",
            "88.11": "a structured report", "88.22": "a structured report", "88.33": "a structured report",
            "88.67": "a radiation dose report", "88.68": "a radiopharmaceutical dose report",
            "67": "a real world value map", "66.5": "a surface segmentation",
            "481.2": "a radiotherapy dose", "481.3": "a set of radiotherapy structures", "481.5": "a radiotherapy plan",
            "6.1": "an ultrasound image", "1": "a computed radiography image", "1.2": "a digital mammogram",
        ]
        guard DICOMHeader.readable.contains(shortClass) else {
            throw .unsupportedObject(names[shortClass] ?? "an object of SOP class \(sop.prefix(64))")
        }
        if frame == nil, let frames = integer(.numberOfFrames),
            frames > 1 || DICOMHeader.multiFrame.contains(shortClass)
        {
            throw .missing("(5200,9230)", "Per-Frame Functional Groups Sequence of a multi-frame image")
        }
        if let frame, integer(.numberOfFrames) ?? 1 != frame.count {
            throw .unreadable(
                "the header says it has \(string(.numberOfFrames) ?? "no number of") frames (0028,0008) and describes \(frame.count) "
                    + "(5200,9230); the file is damaged or was split")
        }
        if string(.seriesType)?.hasSuffix("REPROJECTION") == true {
            throw .unsupportedObject("a reprojection, a picture of the whole body and no volume")
        }
        if string(.seriesType)?.hasPrefix("GATED") == true { throw .unsupportedObject("a gated PET image") }
    }
}
