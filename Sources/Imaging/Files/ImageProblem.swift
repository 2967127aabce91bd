/// Why an image file is refused.
public enum ImageProblem: Error, Equatable, CustomStringConvertible {
    /// The content is not the format that was asked for: its name, and what gave it away.
    case notFormat(String, String)
    /// The file is shorter than its header says, bytes.
    case truncated(needed: Int, available: Int)
    /// The header lacks a field.
    case missing(String)
    /// A field of the header has a value that cannot be right: field, value, and what was expected.
    case badField(String, String, String)
    /// The file is whole but holds what is not read; the sentence says what, and what to do.
    case unsupported(String)
    /// The header names a data file that is not there.
    case noDataFile(String)
    case grid(GridError)
    case compressed(Gzip.Problem)

    /// One sentence for the person holding the file.
    public var description: String {
        switch self {
        case .notFormat(let name, let why): "this is not a \(name) file: \(why)"
        case .truncated(let needed, let available):
            "the file ends at byte \(available); byte \(needed) was expected"
        case .missing(let field): "the header has no \(field)"
        case .badField(let field, let value, let expected): "the header's \(field) is \(value); it must be \(expected)"
        case .unsupported(let sentence): sentence
        case .noDataFile(let name): "this is the header of a pair, but \(name) is not beside it"
        case .grid(let error): error.description
        case .compressed(let problem): problem.description
        }
    }
}

/// The product of sizes from a header: voxels of all frames. Throws where one is not positive, or no memory holds them.
func voxelCount(_ sizes: [Int], _ field: String) throws(ImageProblem) -> Int {
    var product = 1
    for size in sizes {
        let (value, overflow) = product.multipliedReportingOverflow(by: size)
        guard size > 0, !overflow, value < 1 << 48 else { throw .badField(field, "\(sizes)", "the sizes of an image") }
        product = value
    }
    return product
}

/// A grid of sizes from a header.
func imageGrid(_ shape: SIMD3<Int>, _ worldFromVoxel: Affine) throws(ImageProblem) -> VoxelGrid {
    let first = worldFromVoxel.translation
    guard first.x.isFinite, first.y.isFinite, first.z.isFinite else {
        throw .badField("position", "(\(first.x), \(first.y), \(first.z))", "finite")
    }
    do { return try VoxelGrid(shape: shape, worldFromVoxel: worldFromVoxel) } catch { throw .grid(error) }
}
