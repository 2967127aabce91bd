import Imaging

extension Reader {
    static let nifti = Reader(
        name: "NIfTI", words: ["n+1\0", "ni1\0", "n+2\0\r\n\u{1A}\n", "\u{5C}\u{1}\0\0", "\0\0\u{1}\u{5C}"],
        seeds: {
            let ours = [NIfTI.encode(try ramp()), NIfTI.encode(try ramp(), storage: .int16)]
            return try plainAndGzipped(ours + small(.nifti1, .nifti2))
        },
        read: { bytes, _ in try NIfTI.read(bytes: bytes).volume })

    static let ecat7 = Reader(
        name: "ECAT7", words: ["MATRIX7", "MATRIX72v", "Bq/ml", "\u{1}\u{1}\0\u{1}", "\u{1}\u{1}\0\u{2}"],
        seeds: { try plainAndGzipped(small(.ecat7)) }, read: { bytes, _ in try ECAT7.read(bytes: bytes).volume })

    static let mgh = Reader(
        name: "MGH", words: ["\0\0\0\u{1}", "\0\0\0\u{A}"], seeds: { try plainAndGzipped(small(.mgh)) },
        read: { bytes, _ in try MGH.read(bytes: bytes).volume })

    static let nrrd = Reader(
        name: "NRRD",
        words: [
            "NRRD0005\n", "type: ", "float", "double", "int8", "ushort", "dimension: ", "sizes: ", "encoding: raw",
            "encoding: gzip", "endian: big", "space: right-anterior-superior", "space directions: ", "none", "(1,0,0)",
            "space origin: ", "space units: \"mm\"", "spacings: ", "kinds: list domain domain domain", "line skip: ",
            "byte skip: -1\n", "data file: ", "nan", "inf", "1e308", "9223372036854775807",
        ],
        seeds: {
            // A list of frames before the axes of space, gzipped; and voxel sizes alone.
            let whole = text(small(.nrrd)[0])
            let listed = whole.header.replacing("kinds: domain domain domain list", "kinds: list domain domain domain")
                .replacing("(0,0,2) none", "(0,0,2)").replacing("directions: ", "directions: none ")
                .replacing("sizes: 4 3 2 2", "sizes: 2 4 3 2").replacing("encoding: raw", "encoding: gzip")
            let plain = whole.header.replacing("space: left-posterior-superior\n", "")
                .replacing("space directions: (2,0,0) (0,2,0) (0,0,2) none", "spacings: 2 2 2 nan")
                .replacing("space origin: (0,0,0)\n", "")
            let packed = try whole.voxels.withUnsafeBytes { try Gzip.deflate($0) }
            return small(.nrrd) + [Array(listed.utf8) + packed, Array(plain.utf8) + whole.voxels]
        }, read: { bytes, _ in try NRRD.read(bytes: bytes).volume })

    static let metaImage = Reader(
        name: "MetaImage",
        words: [
            "ObjectType = Image\n", "NDims = 3\n", "DimSize = ", "ElementType = MET_FLOAT\n", "MET_UCHAR", "MET_DOUBLE",
            "CompressedData = True\n", "HeaderSize = -1\n", "ElementByteOrderMSB = True\n", "ElementDataFile = LOCAL\n",
            "ElementNumberOfChannels = 1\n", "ElementToIntensityFunctionSlope = 2\n", "CenterOfRotation = 0 0 0\n",
            "AnatomicalOrientation = RAI\n", "nan", "inf", "1e308", "9223372036854775807",
        ],
        seeds: {
            let whole = text(small(.metaImage)[0])
            let packed = try whole.voxels.withUnsafeBytes { try Gzip.deflate($0) }
            let header = whole.header.replacing("CompressedData = False", "CompressedData = True")
            return small(.metaImage) + [Array(header.utf8) + packed]
        }, read: { bytes, _ in try MetaImage.read(bytes: bytes).volume })

    static let interfile = Reader(
        name: "Interfile",
        words: [
            "!INTERFILE :=\n", "!END OF INTERFILE :=\n", "!matrix size[1] := ", "!number format := float",
            "!number of bytes per pixel := 4", "number of time frames := ", "image duration (sec)[1] := 60",
            "image relative start time (sec)[1] := 0", "data offset in bytes[1] := ", "quantification units := 2",
            "image scaling factor[1] := 2", "first pixel offset (mm)[1] := 0", "imagedata byte order := BIGENDIAN",
            "patient orientation := feet_in", "patient rotation := prone", "nan", "inf", "1e308", "9223372036854775807",
        ],
        seeds: { small(.interfile) },
        read: { bytes, _ in
            let end = SmallFile.endOfInterfileHeader(bytes)
            return try Interfile.read(
                header: UnsafeRawBufferPointer(rebasing: bytes[..<end]),
                data: UnsafeRawBufferPointer(rebasing: bytes[end...])
            ).volume
        })

    /// One and two frames of each format.
    private static func small(_ formats: SmallFile...) -> [[UInt8]] {
        formats.flatMap { [$0.bytes([4, 3, 2, 2]), $0.bytes([5, 1, 3, 1])] }
    }

    private static func plainAndGzipped(_ files: [[UInt8]]) throws -> [[UInt8]] {
        try files + files.map { file in try file.withUnsafeBytes { try Gzip.deflate($0) } }
    }

    /// The text and the 96 bytes of voxels of a small file.
    private static func text(_ file: [UInt8]) -> (header: String, voxels: [UInt8]) {
        (String(decoding: file.dropLast(96), as: UTF8.self), Array(file.suffix(96)))
    }
}

extension String {
    /// The text with a part put in place of another.
    fileprivate func replacing(_ old: String, _ new: String) -> String {
        guard let range = firstRange(of: old) else { preconditionFailure("\(old) is not in the seed") }
        return replacingCharacters(in: range, with: new)
    }

    private func replacingCharacters(in range: Range<Index>, with new: String) -> String {
        String(self[..<range.lowerBound]) + new + String(self[range.upperBound...])
    }
}
