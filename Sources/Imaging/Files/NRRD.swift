import Records

/// NRRD images, attached (.nrrd) or with the voxels in a file of their own (.nhdr), raw or gzipped [NRRD].
///
/// Up to three axes of space and one of frames, first or last. The file's space (LPS, RAS or LAS) is turned into RAS.
public enum NRRD {
    /// Reads an image; of a pair, the header is named.
    public static func read(_ path: String) throws -> StoredImage { try NRRDHeader.image(at: path) }

    /// Reads an image from the bytes of a file with its voxels attached.
    public static func read(bytes: UnsafeRawBufferPointer) throws(ImageProblem) -> StoredImage {
        try NRRDHeader.image(in: bytes)
    }
}

extension NRRDHeader: DetachableHeader {
    func decode(_ data: UnsafeRawBufferPointer) throws(ImageProblem) -> StoredImage {
        var lines = TextHeader(data)
        for _ in 0..<lineSkip {
            guard lines.next() != nil else {
                throw .badField("line skip", "\(lineSkip)", "lines that are there")
            }
        }
        let rest = UnsafeRawBufferPointer(rebasing: data[lines.position...])
        let stream = try ByteStream(rest, encoding == .gzip ? .gzip : .none)
        let shape = shape
        let count = try voxelCount([shape.x, shape.y, shape.z, frames], "sizes")
        let size = count * type.bytes
        guard byteSkip < 1 << 48 else { throw .badField("byte skip", "\(byteSkip)", "inside the file") }
        let start = byteSkip < 0 ? max(0, rest.count - size) : byteSkip
        try stream.require(start + size)
        try stream.skip(to: start)
        let grid = try imageGrid(shape, worldFromVoxel)
        let coding = VoxelCoding(type: type, swapped: swapped)
        let volume = try Volume(grid: grid, frames: frames) { (target) throws(ImageProblem) in
            if framesFirst {
                try stream.decodeFramesFirst(coding, frames, into: target, end: start + size)
            } else {
                try stream.decode(coding, into: target, end: start + size)
            }
            try stream.finish()
        }
        return StoredImage(
            volume: volume, format: "NRRD", datatype: type.name, units: units, warnings: warnings)
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
