import Records

/// FreeSurfer's MGH images, plain (.mgh) or gzipped (.mgz): volumes and label volumes such as aparc+aseg.mgz [MGH].
public enum MGH {
    private static let headerBytes = 284

    /// Reads an image.
    public static func read(_ path: String) throws -> StoredImage {
        try InputFile.withMapped(path) { bytes in try naming(path) { try read(bytes: bytes) } }
    }

    /// Reads an image from the bytes of its file, plain or gzipped.
    public static func read(bytes: UnsafeRawBufferPointer) throws(ImageProblem) -> StoredImage {
        let stream = try ByteStream(bytes)
        let beginning = try stream.next(headerBytes)
        let header = try beginning.withUnsafeBytes { raw in Header.parse(raw) }.get()
        let shape = header.shape
        let count = try voxelCount([shape.x, shape.y, shape.z, header.frames], "width, height, depth and frames")
        let end = headerBytes + count * header.type.bytes
        try stream.require(end)
        let grid = try imageGrid(shape, header.worldFromVoxel)
        let volume = try Volume(grid: grid, frames: header.frames) { (target) throws(ImageProblem) in
            try stream.decode(VoxelCoding(type: header.type, swapped: true), into: target, end: end)
            try stream.finish()
        }
        return StoredImage(
            volume: volume, format: "MGH", datatype: header.type.name,
            warnings: header.hasPosition
                ? [] : ["the file does not say where the image lies: FreeSurfer's coronal default is used"])
    }

    /// Whether bytes begin as an MGH file does: version 1, sizes, and a known type.
    static func isMGH(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count >= 30 else { return false }
        let field = FieldReader(bytes: bytes, swapped: true)
        return field.int32(0) == 1 && (1...4).allSatisfy { field.int32(4 * $0) > 0 }
            && (0...20).contains(field.int32(20)) && (0...1).contains(field.int16(28))
    }

    /// The 284 bytes before the voxels, big-endian.
    private struct Header {
        var shape: SIMD3<Int>
        var frames: Int
        var type: VoxelType
        var hasPosition: Bool
        var worldFromVoxel: Affine

        static func parse(_ bytes: UnsafeRawBufferPointer) -> Result<Header, ImageProblem> {
            let field = FieldReader(bytes: bytes, swapped: true)
            guard field.int32(0) == 1 else { return .failure(.notFormat("MGH", "its version is not 1")) }
            let sizes = (1...4).map { Int(field.int32(4 * $0)) }
            guard sizes.allSatisfy({ $0 > 0 }) else {
                return .failure(.badField("width, height, depth and frames", "\(sizes)", "positive"))
            }
            let types: [Int32: VoxelType] = [0: .uint8, 1: .int32, 3: .float32, 4: .int16, 10: .uint16]
            guard let type = types[field.int32(20)] else {
                return .failure(
                    .unsupported(
                        "voxels of MGH type \(field.int32(20)) are not read; uchar, int, float, short and ushort are"))
            }
            func vector(_ place: Int) -> SIMD3<Double> {
                [Double(field.float(place)), Double(field.float(place + 4)), Double(field.float(place + 8))]
            }
            let hasPosition = field.int16(28) == 1
            let size: SIMD3<Double> = hasPosition ? vector(30) : .one
            let (x, y, z, centre): (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>, SIMD3<Double>) =
                hasPosition
                ? (vector(42), vector(54), vector(66), vector(78)) : ([-1, 0, 0], [0, 0, -1], [0, 1, 0], .zero)
            // The centre is that of voxel shape / 2, which for an even size lies half a voxel beyond the middle.
            let turned = Affine(x: x * size.x, y: y * size.y, z: z * size.z, translation: .zero)
            let half = SIMD3(Double(sizes[0]), Double(sizes[1]), Double(sizes[2])) / 2
            var affine = turned
            affine.translation = centre - turned.linear(half)
            return .success(
                Header(
                    shape: [sizes[0], sizes[1], sizes[2]], frames: sizes[3], type: type, hasPosition: hasPosition,
                    worldFromVoxel: affine))
        }
    }
}
