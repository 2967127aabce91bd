import Records

/// NRRD images, attached (.nrrd) or with the voxels in a file of their own (.nhdr), raw or gzipped [NRRD].
///
/// Up to three axes of space and one of frames, first or last. The file's space (LPS, RAS or LAS) is turned into RAS.
public enum NRRD {
    /// Reads an image; of a pair, the header is named.
    public static func read(_ path: String) throws -> StoredImage {
        try InputFile.withMapped(path) { bytes in
            let header = try naming(path) { try NRRDHeader(parsing: bytes) }
            guard let name = header.dataFile else { return try naming(path) { try attached(header, bytes) } }
            let data = dataPath(name, beside: path)
            guard InputFile.exists(data) else {
                throw FileProblem(path, .noInput, ImageProblem.noDataFile(name).description)
            }
            return try InputFile.withMapped(data) { bytes in try naming(data) { try decode(header, bytes) } }
        }
    }

    /// Reads an image from the bytes of a file with its voxels attached.
    public static func read(bytes: UnsafeRawBufferPointer) throws(ImageProblem) -> StoredImage {
        let header = try NRRDHeader(parsing: bytes)
        if let name = header.dataFile { throw .noDataFile(name) }
        return try attached(header, bytes)
    }

    private static func attached(
        _ header: NRRDHeader, _ bytes: UnsafeRawBufferPointer
    ) throws(ImageProblem) -> StoredImage {
        try decode(header, UnsafeRawBufferPointer(rebasing: bytes[min(header.dataStart, bytes.count)...]))
    }

    private static func decode(
        _ header: NRRDHeader, _ data: UnsafeRawBufferPointer
    ) throws(ImageProblem) -> StoredImage {
        var lines = TextHeader(data)
        for _ in 0..<header.lineSkip {
            guard lines.next() != nil else {
                throw .badField("line skip", "\(header.lineSkip)", "lines that are there")
            }
        }
        let rest = UnsafeRawBufferPointer(rebasing: data[lines.position...])
        let stream = try ByteStream(rest, header.encoding == .gzip ? .gzip : .none)
        let shape = header.shape
        let count = try voxelCount([shape.x, shape.y, shape.z, header.frames], "sizes")
        let size = count * header.type.bytes
        guard header.byteSkip < 1 << 48 else { throw .badField("byte skip", "\(header.byteSkip)", "inside the file") }
        let start = header.byteSkip < 0 ? max(0, rest.count - size) : header.byteSkip
        try stream.require(start + size)
        try stream.skip(to: start)
        let grid = try imageGrid(shape, header.worldFromVoxel)
        let coding = VoxelCoding(type: header.type, swapped: header.swapped)
        let volume = try Volume(grid: grid, frames: header.frames) { (target) throws(ImageProblem) in
            if header.framesFirst {
                try stream.decodeFramesFirst(coding, header.frames, into: target, end: start + size)
            } else {
                try stream.decode(coding, into: target, end: start + size)
            }
            try stream.finish()
        }
        return StoredImage(
            volume: volume, format: "NRRD", datatype: header.type.name, units: header.units, warnings: header.warnings)
    }
}

extension ByteStream {
    /// Decodes voxels whose frames stand together, and puts each into its frame.
    func decodeFramesFirst(
        _ coding: VoxelCoding, _ frames: Int, into target: UnsafeMutableBufferPointer<Float>, end: Int
    ) throws(ImageProblem) {
        let voxels = target.count / frames
        let scratch = UnsafeMutableBufferPointer<Float>.allocate(capacity: 1 << 18)
        defer { scratch.deallocate() }
        try forEachPiece(coding.type, target.count, end: end) { source, offset, count in
            coding.decode(source, scratch.baseAddress!, count)
            var (voxel, frame) = (offset / frames, offset % frames)
            for place in 0..<count {
                target[frame * voxels + voxel] = scratch[place]
                frame += 1
                if frame == frames { (voxel, frame) = (voxel + 1, 0) }
            }
        }
    }
}
