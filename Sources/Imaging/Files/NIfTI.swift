import Records

/// NIfTI-1 and NIfTI-2 images, single files and pairs, plain or gzipped.
public enum NIfTI {
    /// An image as read: its voxels, scaled, and what its header says.
    public struct Image: Sendable {
        /// The voxels, scaled to Float32 (stored · slope + intercept in Double, rounded once).
        public var volume: Volume
        /// The header.
        public var header: NIfTIHeader
    }

    /// Whether a path is named as NIfTI files are.
    public static func isNamed(_ path: String) -> Bool {
        let name = path.lowercased()
        return [".nii", ".nii.gz", ".hdr", ".hdr.gz", ".img", ".img.gz"].contains { name.hasSuffix($0) }
    }

    /// Reads an image; of a pair, either file may be named. Whether a file is gzipped is seen from its content.
    public static func read(_ path: String) throws -> Image {
        let (headerPath, dataPath) = files(of: path)
        if headerPath == dataPath {
            return try InputFile.withMapped(path) { bytes in
                try naming(path) {
                    do { return try read(bytes: bytes) } catch let problem as ImageProblem {
                        if case .notFormat = problem, isNamedGzip(path), !Gzip.isGzip(bytes) {
                            throw ImageProblem.compressed(.notGzip)
                        }
                        throw problem
                    }
                }
            }
        }
        let header = try InputFile.withMapped(headerPath) { bytes in
            try naming(headerPath) { try NIfTIHeader(of: ByteStream(bytes)) }
        }
        // A single file may bear the name of a half of a pair.
        if !header.isPair {
            return try InputFile.withMapped(headerPath) { b in try naming(path) { try read(bytes: b) } }
        }
        guard InputFile.exists(dataPath) else {
            throw FileProblem(path, .noInput, ImageProblem.noDataFile(String(lastName(dataPath))).description)
        }
        return try InputFile.withMapped(dataPath) { bytes in
            try naming(dataPath) { try decode(header, ByteStream(bytes)) }
        }
    }

    /// Reads an image from the bytes of a single file, plain or gzipped.
    public static func read(bytes: UnsafeRawBufferPointer) throws(ImageProblem) -> Image {
        let header = try NIfTIHeader(of: ByteStream(bytes))
        guard !header.isPair || header.dataOffset >= header.length else {
            throw .noDataFile("the .img file with the voxels")
        }
        // Plain bytes can be gone back in; what was inflated of the header is inflated again, which costs nothing.
        return try decode(header, ByteStream(bytes))
    }

    /// Reads an image of three-component vectors (five axes, intent 1007) from the bytes of a single file; components are
    /// frames.
    static func readVectors(bytes: UnsafeRawBufferPointer) throws -> Image {
        let header = try NIfTIHeader(of: ByteStream(bytes), vectors: true)
        guard header.intentCode == Int(DisplacementField.vectorIntent), header.shape.t == 3, !header.isPair else {
            throw FieldProblem.notVectors
        }
        return try decode(header, ByteStream(bytes))
    }

    // MARK: - Pieces

    private static func decode(_ header: NIfTIHeader, _ stream: ByteStream) throws(ImageProblem) -> Image {
        let size = header.datatype.bytes
        let count = header.shape.x * header.shape.y * header.shape.z * header.shape.t
        let end = header.dataOffset + count * size
        try stream.require(end)
        let grid = try imageGrid([header.shape.x, header.shape.y, header.shape.z], header.worldFromVoxel)
        try stream.skip(to: header.dataOffset)
        let coding = VoxelCoding(
            type: header.datatype, swapped: header.swapped, slope: header.slope, intercept: header.intercept)
        let volume = try Volume(grid: grid, frames: header.shape.t) { (target) throws(ImageProblem) in
            try stream.decode(coding, into: target, end: end)
            try stream.finish()
        }
        return Image(volume: volume, header: header)
    }

    private static func isNamedGzip(_ path: String) -> Bool { path.lowercased().hasSuffix(".gz") }

    /// Whether a path is one file of a pair, and the other is beside it.
    static func isHalfOfPair(_ path: String) -> Bool {
        let (header, data) = files(of: path)
        return header != data && InputFile.exists(header) && InputFile.exists(data)
    }

    private static func files(of path: String) -> (header: String, data: String) {
        for (suffix, other) in [(".hdr", ".img"), (".img", ".hdr")] {
            for zip in ["", ".gz"] where path.lowercased().hasSuffix(suffix + zip) {
                let stem = path.dropLast(suffix.count + zip.count)
                let candidates = [zip, "", ".gz"].map { "\(stem)\(other)\($0)" }
                let partner = candidates.first(where: InputFile.exists) ?? candidates[0]
                if suffix == ".hdr" { return (path, partner) }
                // An image without a header beside it can only be a single file.
                return InputFile.exists(partner) ? (partner, path) : (path, path)
            }
        }
        return (path, path)
    }

    private static func lastName(_ path: String) -> Substring { path.split(separator: "/").last ?? path[...] }
}

extension NIfTIHeader {
    /// The header at the start of a stream.
    init(of stream: ByteStream, vectors: Bool = false) throws(ImageProblem) {
        let beginning = try stream.upTo(540)
        let parsed = beginning.withUnsafeBytes { bytes -> Result<NIfTIHeader, ImageProblem> in
            do throws(ImageProblem) { return .success(try NIfTIHeader(parsing: bytes, vectors: vectors)) } catch {
                return .failure(error)
            }
        }
        self = try parsed.get()
    }
}
