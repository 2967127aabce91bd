import Records

/// The pixels of one image as its file stores them, before any scaling and without a place in space.
///
/// For looking at images that have no geometry, such as secondary captures, and for comparing decoders.
public struct DICOMStoredPixels: Sendable, Equatable {
    /// Columns and rows.
    public let columns, rows: Int
    /// Bits of a stored value that count.
    public let bits: Int
    /// Whether the stored values are signed.
    public let isSigned: Bool
    /// The values, column by column of each row.
    public let values: [Int32]
}

extension DICOM {
    /// The stored pixels of a frame, counted from 0, of a file; greyscale of 1, 8 or 16 bits.
    public static func storedPixels(_ path: String, frame: Int = 0) throws -> DICOMStoredPixels {
        try InputFile.withMapped(path) { bytes in
            try naming(path) {
                let header = try DICOMHeader.images(parsing: bytes, path: path)[0].stored(frame: frame)
                let layout = try PixelLayout(header)
                guard layout.bitsAllocated <= 16 else {
                    throw DICOMProblem.unsupportedPixels("\(layout.bitsAllocated) bits wide")
                }
                try layout.checkLength(header)
                var values = [Float](repeating: 0, count: layout.pixels)
                try values.withUnsafeMutableBufferPointer { (out) throws(DICOMProblem) in
                    try layout.read(header, from: PixelSource(bytes), into: out)
                }
                return DICOMStoredPixels(
                    columns: layout.columns, rows: layout.rows, bits: layout.bitsStored, isSigned: layout.isSigned,
                    values: values.map { Int32($0) })
            }
        }
    }
}

extension DICOMHeader {
    /// The header of a frame without what scales it: values of up to 16 bits are exact in Float32.
    fileprivate func stored(frame: Int) -> DICOMHeader {
        var own = values
        for tag in [DICOMTag.rescaleSlope, .rescaleIntercept, .realWorldSlope, .modalityLUT] { own[tag] = nil }
        own[.rescaleSlope] = "1"
        return DICOMHeader(
            path: path, fileBytes: fileBytes, transferSyntax: transferSyntax, nativePixels: nativePixels, values: own,
            frame: (frame, self.frame?.count ?? frame + 1, [:]), segmentNames: segmentNames)
    }
}
