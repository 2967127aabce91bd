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
            return try InputFile.withMapped(path) { bytes in
                try naming(path) { try read(whole: bytes, isNamedGzip(path)) }
            }
        }
        let header = try InputFile.withMapped(headerPath) { bytes in
            try naming(headerPath) { try readHeader(bytes, isNamedGzip(headerPath)) }
        }
        guard InputFile.exists(dataPath) else {
            throw FileProblem(path, .noInput, NIfTIError.noImageFile(String(lastName(dataPath))).description)
        }
        return try InputFile.withMapped(dataPath) { bytes in
            try naming(dataPath) { try readVoxels(header, bytes, isNamedGzip(dataPath)) }
        }
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

    private static func isNamedGzip(_ path: String) -> Bool { path.lowercased().hasSuffix(".gz") }

    private static func read(whole bytes: UnsafeRawBufferPointer, _ named: Bool) throws(NIfTIError) -> Image {
        guard named || Gzip.isGzip(bytes) else { return try decode(header: NIfTIHeader(parsing: bytes), data: bytes) }
        let (stream, beginning) = try open(bytes)
        return try inflate(parse(beginning), stream, after: beginning, of: bytes.count)
    }

    private static func readHeader(_ bytes: UnsafeRawBufferPointer, _ named: Bool) throws(NIfTIError) -> NIfTIHeader {
        guard named || Gzip.isGzip(bytes) else { return try NIfTIHeader(parsing: bytes) }
        return try parse(open(bytes).beginning)
    }

    private static func readVoxels(
        _ header: NIfTIHeader, _ bytes: UnsafeRawBufferPointer, _ named: Bool
    ) throws(NIfTIError) -> Image {
        guard named || Gzip.isGzip(bytes) else { return try decode(header: header, data: bytes) }
        let (stream, beginning) = try open(bytes)
        return try inflate(header, stream, after: beginning, of: bytes.count)
    }

    /// The first bytes of a gzipped file: enough for either header.
    private static func open(_ bytes: UnsafeRawBufferPointer) throws(NIfTIError) -> (
        stream: GzipStream, beginning: [UInt8]
    ) {
        do throws(Gzip.Problem) {
            let stream = try GzipStream(bytes)
            return (stream, try stream.bytes(540))
        } catch { throw .gzip(error) }
    }

    private static func parse(_ beginning: [UInt8]) throws(NIfTIError) -> NIfTIHeader {
        let parsed = beginning.withUnsafeBytes { bytes -> Result<NIfTIHeader, NIfTIError> in
            do throws(NIfTIError) { return .success(try NIfTIHeader(parsing: bytes)) } catch { return .failure(error) }
        }
        return try parsed.get()
    }

    /// Inflates and decodes piece by piece: what has just been inflated is still in the processor's cache.
    private static func inflate(
        _ header: NIfTIHeader, _ stream: GzipStream, after beginning: [UInt8], of compressed: Int
    ) throws(NIfTIError) -> Image {
        let size = header.datatype.bytes
        let voxels = header.voxelCount
        let needed = header.dataOffset + voxels * size
        guard needed <= compressed * Gzip.largestRatio + 64 else {
            throw .truncated(needed: needed, available: compressed * Gzip.largestRatio)
        }
        let grid = try header.grid
        var pending = beginning.count > header.dataOffset ? Array(beginning[header.dataOffset...]) : []
        do throws(Gzip.Problem) { try stream.skip(header.dataOffset - beginning.count) } catch { throw .gzip(error) }
        let decode = decoder(header.datatype)
        var piece = [UInt8](repeating: 0, count: pieceBytes + 16)
        let volume = try Volume(grid: grid, frames: header.shape.t) { (target) throws(NIfTIError) in
            var done = 0
            while done < voxels {
                // What is left of the last piece begins the next one: a voxel may lie across two.
                let wanted = min(pieceBytes, (voxels - done) * size)
                piece.replaceSubrange(0..<pending.count, with: pending)
                let got = pending.count >= wanted ? wanted : try stream.fill(&piece, pending.count..<wanted, needed)
                let whole = got / size
                piece.withUnsafeBytes {
                    decode(
                        $0.baseAddress, target.baseAddress! + done, whole, header.slope, header.intercept,
                        header.swapped ? 1 : 0)
                }
                pending = Array(piece[(whole * size)..<got])
                done += whole
                if got < wanted { throw .truncated(needed: needed, available: stream.position) }
            }
            // The checksum stands at the end: only who reads on learns whether the bytes were right.
            while try stream.fill(&piece, 0..<pieceBytes, needed) > 0 {}
        }
        return Image(volume: volume, header: header)
    }

    /// Bytes inflated at a time: a piece and its voxels fit the second cache. A multiple of every voxel size.
    private static let pieceBytes = 1 << 18

    /// Decodes voxels that lie at the header's offset of `data`.
    static func decode(header: NIfTIHeader, data: UnsafeRawBufferPointer) throws(NIfTIError) -> Image {
        let needed = header.dataOffset + header.voxelCount * header.datatype.bytes
        guard data.count >= needed else { throw .truncated(needed: needed, available: data.count) }
        let grid = try header.grid
        nonisolated(unsafe) let source = data.baseAddress! + header.dataOffset
        let decode = decoder(header.datatype)
        let (bytes, slope, intercept) = (header.datatype.bytes, header.slope, header.intercept)
        let swap = Int32(header.swapped ? 1 : 0)
        let volume = Volume(grid: grid, frames: header.shape.t) { target in
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

extension NIfTIHeader {
    /// Voxels in all frames.
    var voxelCount: Int { shape.x * shape.y * shape.z * shape.t }

    /// The grid of a frame.
    var grid: VoxelGrid {
        get throws(NIfTIError) {
            do { return try VoxelGrid(shape: [shape.x, shape.y, shape.z], worldFromVoxel: worldFromVoxel) } catch {
                throw .grid(error)
            }
        }
    }
}

extension GzipStream {
    /// The next bytes, fewer at the end.
    fileprivate func bytes(_ count: Int) throws(Gzip.Problem) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = try read(into: &bytes, 0..<count)
        return Array(bytes[..<got])
    }

    /// Reads bytes and forgets them.
    fileprivate func skip(_ count: Int) throws(Gzip.Problem) {
        var left = count
        while left > 0 {
            let got = try bytes(min(left, 1 << 16)).count
            if got == 0 { throw .truncated }
            left -= got
        }
    }

    /// Fills a range of a buffer; returns where the filled part ends.
    fileprivate func fill(_ buffer: inout [UInt8], _ range: Range<Int>, _ needed: Int) throws(NIfTIError) -> Int {
        do throws(Gzip.Problem) { return range.lowerBound + (try read(into: &buffer, range)) } catch .truncated {
            throw .truncated(needed: needed, available: position)
        } catch { throw .gzip(error) }
    }

    private func read(into buffer: inout [UInt8], _ range: Range<Int>) throws(Gzip.Problem) -> Int {
        let result = buffer.withUnsafeMutableBytes { raw -> Result<Int, Gzip.Problem> in
            do throws(Gzip.Problem) {
                return .success(try read(into: UnsafeMutableRawBufferPointer(rebasing: raw[range])))
            } catch { return .failure(error) }
        }
        return try result.get()
    }
}
