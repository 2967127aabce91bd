import Records

/// Label images of every format that holds them.
public enum LabelImage {
    /// Why an image does not hold labels.
    public enum Problem: Error, Equatable, CustomStringConvertible {
        /// A voxel is no whole number from 0 to 2147483647.
        case notWhole(Float)
        /// A label is larger than a Float32 can count without gaps.
        case notExact(Float)
        /// The image has several frames.
        case not3D(Int)

        /// One sentence for the person holding the file.
        public var description: String {
            switch self {
            case .notWhole(let value):
                "a label image holds whole numbers from 0 to 2147483647, but there is a voxel of \(value)"
            case .notExact(let value):
                "a voxel of \(value) is too large for a label: above 16777216 neighbouring numbers cannot be told apart"
            case .not3D(let frames): "a label image is 3-D, but this one has \(frames) frames"
            }
        }
    }

    /// Reads a label image of any stored format, whole numbers and one frame, or a DICOM segmentation; `names` are kept
    /// with it, and where there are none the segments' own.
    public static func read(_ path: String, names: LabelTable = LabelTable()) throws -> LabelMap {
        if InputFile.isFolder(path) { return try segmentation(path, names) }
        if try ImageFormat.of(path) == .dicom { return try segmentation(path, names) }
        let image = try StoredImage.read(path)
        return try naming(path) { try labels(from: image.volume, names: names) }
    }

    private static func segmentation(_ path: String, _ names: LabelTable) throws -> LabelMap {
        let all = try DICOM.series(in: path).filter { $0.modality == "SEG" }
        guard all.count == 1, let one = all.first else {
            throw FileProblem(
                path, .badData,
                all.isEmpty
                    ? "this DICOM is no segmentation; labels come from DICOM SEG or another label image"
                    : "there are \(all.count) series of segmentations here; name one of their files")
        }
        let image = try DICOM.read(one)
        return try naming(path) {
            try labels(from: image.volume, names: names.entries.isEmpty ? image.segments : names)
        }
    }

    /// Labels from an image of whole numbers.
    public static func labels(from volume: Volume, names: LabelTable = LabelTable()) throws(Problem) -> LabelMap {
        guard volume.frames == 1 else { throw .not3D(volume.frames) }
        var problem: Problem?
        let voxels = [Int32](unsafeUninitializedCapacity: volume.voxels.count) { buffer, count in
            for value in volume.voxels {
                guard value >= 0, value < 2_147_483_648, value == value.rounded(.towardZero) else {
                    problem = .notWhole(value)
                    return
                }
                // Float32 rounds above 2^24: two labels could have become one.
                guard value <= 16_777_216 else {
                    problem = .notExact(value)
                    return
                }
                buffer.initializeElement(at: count, to: Int32(value))
                count += 1
            }
        }
        if let problem { throw problem }
        return LabelMap(grid: volume.grid, voxels: voxels, names: names)
    }
}
