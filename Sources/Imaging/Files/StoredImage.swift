import Records

/// An image of any format but DICOM, as its file holds it: voxels, geometry and what the format knows of them.
public struct StoredImage: Sendable {
    /// The voxels, scaled as the file says.
    public var volume: Volume
    /// The format and its version, such as "NIfTI-1" or "ECAT 7".
    public var format: String
    /// How voxels are stored, as numpy names it: "int16".
    public var datatype: String
    /// The unit of the voxels; `nil` where the file does not say.
    public var units: String?
    /// When a frame was acquired, after the start of the scan.
    public struct FrameTime: Sendable, Equatable {
        /// Start, s.
        public var startS: Double
        /// Length, s.
        public var durationS: Double

        /// A frame.
        public init(startS: Double, durationS: Double) { (self.startS, self.durationS) = (startS, durationS) }
    }

    /// When the frames were acquired; empty where the file does not say.
    public var frameTimes: [FrameTime] = []
    /// The main header of an ECAT 7 file; `nil` for other formats.
    public var ecat: ECAT7Header?
    /// What was doubtful, one sentence each.
    public var warnings: [String]

    /// An image.
    public init(
        volume: Volume, format: String, datatype: String, units: String? = nil, ecat: ECAT7Header? = nil,
        warnings: [String] = []
    ) {
        (self.volume, self.format, self.datatype) = (volume, format, datatype)
        (self.units, self.ecat, self.warnings) = (units, ecat, warnings)
    }

    init(_ image: NIfTI.Image) {
        self.init(
            volume: image.volume, format: "NIfTI-\(image.header.version)", datatype: image.header.datatype.name,
            warnings: image.header.warnings)
    }

    /// Reads an image. What it is, is told from its content, and by its name only where the content does not say.
    public static func read(_ path: String) throws -> StoredImage {
        switch try ImageFormat.of(path) {
        case .nifti: StoredImage(try NIfTI.read(path))
        case .ecat7: try ECAT7.read(path)
        case .mgh: try MGH.read(path)
        case .nrrd: try NRRD.read(path)
        case .metaImage: try MetaImage.read(path)
        case .interfile: try Interfile.read(path)
        case .dicom: throw FileProblem(path, .badData, "this is a DICOM file; a file of another format was expected")
        case nil: throw FileProblem(path, .badData, ImageFormat.unknown)
        }
    }

    /// Reads an image from the bytes of a single file of any format.
    public static func read(bytes: UnsafeRawBufferPointer) throws(ImageProblem) -> StoredImage {
        switch try ImageFormat.of(bytes: bytes) {
        case .nifti: StoredImage(try NIfTI.read(bytes: bytes))
        case .ecat7: try ECAT7.read(bytes: bytes)
        case .mgh: try MGH.read(bytes: bytes)
        case .nrrd: try NRRD.read(bytes: bytes)
        case .metaImage: try MetaImage.read(bytes: bytes)
        case .interfile: throw .noDataFile("the file it names as \"name of data file\"")
        case .dicom: throw .unsupported("this is a DICOM file; a file of another format was expected")
        case nil: throw .unsupported(ImageFormat.unknown)
        }
    }
}
