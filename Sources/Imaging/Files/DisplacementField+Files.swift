import Records

extension DisplacementField {
    /// Reads a displacement field as ITK, ANTs and SimpleITK write it: NIfTI of five axes (i, j, k, 1, 3), vectors in LPS mm.
    public static func read(_ path: String) throws -> DisplacementField {
        try InputFile.withMapped(path) { bytes in try naming(path) { try read(bytes: bytes) } }
    }

    /// Reads a displacement field from the bytes of a NIfTI file, plain or gzipped.
    public static func read(bytes: UnsafeRawBufferPointer) throws -> DisplacementField {
        var vectors = try NIfTI.readVectors(bytes: bytes).volume
        guard vectors.voxels.allSatisfy({ $0.isFinite && abs($0) < 1e5 }) else { throw FieldProblem.notFinite }
        Self.turn(&vectors)
        return DisplacementField(vectors: vectors)
    }

    /// The field as a NIfTI file that ITK, ANTs and SimpleITK read as a transform.
    public func encoded() -> [UInt8] {
        var turned = vectors
        Self.turn(&turned)
        var file = NIfTI.encode(turned, description: "displacement field, LPS mm")
        func put(_ value: Int16, _ place: Int) {
            (file[place], file[place + 1]) = (UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8))
        }
        precondition(file[0] == 0x5C, "a field's grid has no axis of more than 32767 voxels")
        // dim: five axes, one frame, three components; the intent of vectors.
        put(5, 40)
        put(1, 48)
        put(3, 50)
        put(Self.vectorIntent, 68)
        // pixdim of the fourth and fifth axis: 1.
        for place in [92, 96] { file.replaceSubrange(place..<(place + 4), with: [0, 0, 0x80, 0x3F]) }
        return file
    }

    /// Writes the field, gzipped where the name ends so; whole or not at all.
    public func write(to path: String, force: Bool = false) throws {
        let file = encoded()
        guard path.lowercased().hasSuffix(".gz") else { return try OutputFile.write(file, to: path, force: force) }
        let packed = try naming(path) { try file.withUnsafeBytes { try Gzip.deflate($0, level: 6) } }
        try OutputFile.write(packed, to: path, force: force)
    }

    /// NIfTI's code for vectors, which ITK's images of vectors have.
    static let vectorIntent: Int16 = 1007

    /// RAS to LPS and back: the first two components the other way round.
    private static func turn(_ vectors: inout Volume) {
        let count = vectors.grid.count
        vectors.withMutableVoxels { voxels in
            for place in 0..<(2 * count) { voxels[place] = -voxels[place] }
        }
    }
}

/// Why an image is no displacement field.
public enum FieldProblem: Error, Equatable, CustomStringConvertible {
    case notVectors
    case notFinite

    /// One sentence for the person holding the file.
    public var description: String {
        switch self {
        case .notVectors:
            "this is no displacement field: that is a NIfTI image of vectors (five axes, the fourth of size 1, the fifth "
                + "of size 3, intent code 1007), as ITK, ANTs and register --out-field write it"
        case .notFinite: "a displacement of the field is not a number, or longer than 100 m"
        }
    }
}
