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
        guard photometric == "MONOCHROME2" else { throw .unsupportedPixels(String(photometric.prefix(16))) }
        bitsAllocated = try needed(.bitsAllocated, "Bits Allocated", 1...64)
        guard [8, 16, 32].contains(bitsAllocated) else { throw .unsupportedPixels("\(bitsAllocated) bits wide") }
        bitsStored =
            header.string(.bitsStored) == nil
            ? bitsAllocated : try needed(.bitsStored, "Bits Stored", 1...bitsAllocated)
        highBit =
            header.string(.highBit) == nil
            ? bitsStored - 1 : try needed(.highBit, "High Bit", (bitsStored - 1)...(bitsAllocated - 1))
        isSigned = try needed(.pixelRepresentation, "Pixel Representation", 0...1) == 1
        // PET always carries a slope; without it values are counts of no unit.
        if header.string(.modality) == "PT" && header.string(.rescaleSlope) == nil {
            throw .missing(DICOMTag.rescaleSlope.name, "Rescale Slope")
        }
        slope = try PixelLayout.scale(header, .rescaleSlope, "Rescale Slope", absent: 1)
        intercept = try PixelLayout.scale(header, .rescaleIntercept, "Rescale Intercept", absent: 0)
        guard slope != 0 else { throw .missing(DICOMTag.rescaleSlope.name, "Rescale Slope, which is 0 here,") }
        // A slice of a body scanner has at most 4096 × 4096 pixels; what promises more than 16 times that is damaged.
        guard rows * columns <= 1 << 28 else { throw .unsupportedPixels("\(columns) × \(rows) in number") }
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
    var byteCount: Int { pixels * bitsAllocated / 8 }

    /// Reads the values of the image from the bytes of its file.
    func read(
        _ header: DICOMHeader, from bytes: UnsafeRawBufferPointer, into out: UnsafeMutableBufferPointer<Float>
    ) throws(DICOMProblem) {
        if let native = header.nativePixels {
            guard native.offset <= bytes.count else { throw .truncated(needed: byteCount, available: 0) }
            let available = min(native.length, bytes.count - native.offset)
            guard available >= byteCount else { throw .truncated(needed: byteCount, available: available) }
            rescale(UnsafeRawBufferPointer(rebasing: bytes[native.offset..<(native.offset + byteCount)]), into: out)
        } else {
            let parsed = try ParsedDICOM(bytes, whole: true)
            let stored = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 16)
            defer { stored.deallocate() }
            try parsed.decode(into: stored)
            rescale(UnsafeRawBufferPointer(stored), into: out)
        }
    }

    private func rescale(_ stored: UnsafeRawBufferPointer, into out: UnsafeMutableBufferPointer<Float>) {
        // The kernels leave out an intercept of 0, which with a negative slope gives another zero.
        if bitsStored == bitsAllocated && (slope > 0 || intercept != 0) {
            let decode =
                switch (bitsAllocated, isSigned) {
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
            stored.bindMemory(to: UInt8.self).baseAddress, pixels, Int32(bitsAllocated), Int32(bitsStored),
            Int32(highBit), isSigned ? 1 : 0, slope, intercept, out.baseAddress)
    }
}

extension DICOMHeader {
    /// Throws where the file is not a single-frame PET, CT or MR image.
    func checkObject() throws(DICOMProblem) {
        if isDirectory { throw .unsupportedObject("a DICOMDIR, an index of other files") }
        guard let sop = string(.sopClass) else { throw .missing(DICOMTag.sopClass.name, "SOP Class UID") }
        let names = [
            "2.1": "an enhanced multi-frame CT image", "2.2": "a legacy converted enhanced CT image",
            "4.1": "an enhanced multi-frame MR image", "4.4": "a legacy converted enhanced MR image",
            "128.1": "a legacy converted enhanced PET image", "130": "an enhanced multi-frame PET image",
            "20": "a nuclear medicine (NM) image", "66.4": "a segmentation", "30": "a parametric map",
            "7": "a secondary capture image", "7.2": "a multi-frame secondary capture image",
            "88.11": "a structured report", "88.22": "a structured report", "88.33": "a structured report",
            "88.67": "a radiation dose report", "88.68": "a radiopharmaceutical dose report",
            "67": "a real world value map",
            "481.2": "a radiotherapy dose", "481.3": "a set of radiotherapy structures", "481.5": "a radiotherapy plan",
            "6.1": "an ultrasound image", "1": "a computed radiography image", "1.2": "a digital mammogram",
        ]
        let root = "1.2.840.10008.5.1.4.1.1."
        let short = sop.hasPrefix(root) ? String(sop.dropFirst(root.count)) : sop
        guard ["2", "4", "128"].contains(short) else {
            throw .unsupportedObject(names[short] ?? "an object of SOP class \(sop.prefix(64))")
        }
        if let frames = integer(.numberOfFrames), frames > 1 {
            throw .unsupportedObject("a multi-frame image of \(frames) frames")
        }
        if string(.seriesType)?.hasPrefix("GATED") == true { throw .unsupportedObject("a gated PET image") }
    }
}
