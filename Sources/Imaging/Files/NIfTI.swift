import CKernels
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

    /// Reads an image; of a pair, either file may be named.
    public static func read(_ path: String) throws -> Image {
        let (headerPath, dataPath) = files(of: path)
        if headerPath == dataPath {
            return try withBytes(path) { bytes in
                try naming(path) { try decode(header: NIfTIHeader(parsing: bytes), data: bytes) }
            }
        }
        let header = try withBytes(headerPath) { bytes in try naming(path) { try NIfTIHeader(parsing: bytes) } }
        guard InputFile.exists(dataPath) else {
            throw FileProblem(path, .noInput, NIfTIError.noImageFile(String(lastName(dataPath))).description)
        }
        return try withBytes(dataPath) { bytes in try naming(dataPath) { try decode(header: header, data: bytes) } }
    }

    /// Reads a label image: whole numbers, one frame.
    public static func readLabels(_ path: String, names: LabelTable = LabelTable()) throws -> LabelMap {
        let volume = try read(path).volume
        return try naming(path) { try labels(from: volume, names: names) }
    }

    /// Labels from an image of whole numbers.
    public static func labels(from volume: Volume, names: LabelTable = LabelTable()) throws(NIfTIError) -> LabelMap {
        guard volume.frames == 1 else { throw .labelsNot3D(volume.frames) }
        var wrong: Float?
        let voxels = [Int32](unsafeUninitializedCapacity: volume.voxels.count) { buffer, count in
            for value in volume.voxels {
                guard value >= 0, value < 2_147_483_648, value == value.rounded(.towardZero) else {
                    wrong = value
                    return
                }
                buffer.initializeElement(at: count, to: Int32(value))
                count += 1
            }
        }
        if let wrong { throw .labelNotWhole(wrong) }
        return LabelMap(grid: volume.grid, voxels: voxels, names: names)
    }

    // MARK: - Pieces

    /// Decodes voxels that lie at the header's offset of `data`.
    static func decode(header: NIfTIHeader, data: UnsafeRawBufferPointer) throws(NIfTIError) -> Image {
        let (x, y, z, t) = header.shape
        let needed = header.dataOffset + x * y * z * t * header.datatype.bytes
        guard data.count >= needed else { throw .truncated(needed: needed, available: data.count) }
        let grid: VoxelGrid
        do { grid = try VoxelGrid(shape: [x, y, z], worldFromVoxel: header.worldFromVoxel) } catch {
            throw .grid(error)
        }
        nonisolated(unsafe) let source = data.baseAddress! + header.dataOffset
        let decode = decoder(header.datatype)
        let (bytes, slope, intercept, swap) = (
            header.datatype.bytes, header.slope, header.intercept, Int32(header.swapped ? 1 : 0)
        )
        let volume = Volume(grid: grid, frames: t) { target in
            parallelChunks(target, grain: 1 << 18) { offset, chunk in
                decode(source + offset * bytes, chunk.baseAddress!, chunk.count, slope, intercept, swap)
            }
        }
        return Image(volume: volume, header: header)
    }

    private typealias Decoder =
        @Sendable @convention(c) (UnsafeRawPointer?, UnsafeMutablePointer<Float>?, Int, Double, Double, Int32) -> Void

    private static func decoder(_ datatype: NIfTIHeader.Datatype) -> Decoder {
        switch datatype {
        case .uint8: ck_decode_u8
        case .int8: ck_decode_i8
        case .int16: ck_decode_i16
        case .uint16: ck_decode_u16
        case .int32: ck_decode_i32
        case .uint32: ck_decode_u32
        case .int64: ck_decode_i64
        case .uint64: ck_decode_u64
        case .float32: ck_decode_f32
        case .float64: ck_decode_f64
        }
    }

    /// Lends a file's bytes: mapped where plain, inflated where gzipped.
    private static func withBytes<R>(_ path: String, _ body: (UnsafeRawBufferPointer) throws -> R) throws -> R {
        try InputFile.withMapped(path) { mapped in
            guard path.lowercased().hasSuffix(".gz") || Gzip.isGzip(mapped) else { return try body(mapped) }
            let inflated = try naming(path) { try Gzip.inflate(mapped) }
            return try inflated.withUnsafeBytes(body)
        }
    }

    private static func files(of path: String) -> (header: String, data: String) {
        for (suffix, other) in [(".hdr", ".img"), (".img", ".hdr")] {
            for zip in ["", ".gz"] where path.lowercased().hasSuffix(suffix + zip) {
                let stem = path.dropLast(suffix.count + zip.count)
                let candidates = [zip, "", ".gz"].map { "\(stem)\(other)\($0)" }
                let partner = candidates.first(where: InputFile.exists) ?? candidates[0]
                return suffix == ".hdr" ? (path, partner) : (partner, path)
            }
        }
        return (path, path)
    }

    private static func lastName(_ path: String) -> Substring { path.split(separator: "/").last ?? path[...] }
}
