import Records

/// A text header whose voxels follow it in the same file or stand in a file of their own, as NRRD and MetaImage have it.
protocol DetachableHeader {
    /// The header at the start of bytes.
    init(parsing bytes: UnsafeRawBufferPointer) throws(ImageProblem)
    /// The name of the file of voxels; `nil` where they follow the header.
    var dataFile: String? { get }
    /// Where the header ends, bytes.
    var dataStart: Int { get }
    /// The image, from the bytes of its voxels on.
    func decode(_ data: UnsafeRawBufferPointer) throws(ImageProblem) -> StoredImage
}

extension DetachableHeader {
    /// Reads an image by the path of its header.
    static func image(at path: String) throws -> StoredImage {
        try InputFile.withMapped(path) { bytes in
            let header = try naming(path) { try Self(parsing: bytes) }
            guard let name = header.dataFile else { return try naming(path) { try header.attached(to: bytes) } }
            let data = dataPath(name, beside: path)
            guard InputFile.exists(data) else {
                throw FileProblem(path, .noInput, ImageProblem.noDataFile(name).description)
            }
            return try InputFile.withMapped(data) { bytes in try naming(data) { try header.decode(bytes) } }
        }
    }

    /// Reads an image from the bytes of a file with its voxels attached.
    static func image(in bytes: UnsafeRawBufferPointer) throws(ImageProblem) -> StoredImage {
        let header = try Self(parsing: bytes)
        if let name = header.dataFile { throw .noDataFile(name) }
        return try header.attached(to: bytes)
    }

    private func attached(to bytes: UnsafeRawBufferPointer) throws(ImageProblem) -> StoredImage {
        try decode(UnsafeRawBufferPointer(rebasing: bytes[min(dataStart, bytes.count)...]))
    }
}
