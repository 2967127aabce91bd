import Records

/// Reading DICOM: series of single-frame PET, CT and MR images as volumes.
///
/// Voxel i is the column, j the row and k the slice by increasing position along row × column; LPS is turned to RAS.
/// A value is stored × slope + intercept of its own slice, in double, rounded to float. Uncompressed, deflated and
/// big-endian files are read, and RLE, JPEG, JPEG-LS and JPEG 2000; other objects are refused by name.
public enum DICOM {
    /// Whether there is a DICOM file at a path, or one in a folder or below it.
    public static func isDICOM(_ path: String) -> Bool {
        guard InputFile.isFolder(path) else { return DICOMSeries.isDICOMFile(path) }
        return (try? DICOMSeries.allFiles(below: path))?.contains(where: DICOMSeries.isDICOMFile) ?? false
    }

    /// The series in a file or, with all below it, in a folder, ordered by series number.
    ///
    /// Series of objects that are not read are listed too; `read` refuses them. Throws `FileProblem` where nothing is
    /// DICOM or a single file is damaged.
    public static func series(in path: String) throws -> [DICOMSeries] { try DICOMSeries.find(in: path) }

    /// Reads a series as one volume; a dynamic PET series becomes one frame for each time.
    ///
    /// Throws `FileProblem` with the file and the reason where the slices do not form an even grid or one cannot be
    /// read. What is doubtful but readable is in the image's `warnings`.
    public static func read(_ series: DICOMSeries) throws -> DICOMImage {
        guard let first = series.headers.first else { throw FileProblem("", .noInput, "\(DICOMProblem.noFiles)") }
        for header in series.headers { try naming(header.path) { try header.checkObject() } }
        let layouts = try series.headers.map { header in try naming(header.path) { try PixelLayout(header) } }
        let place = series.headers.count == 1 ? first.path : DICOM.folder(of: first.path)
        let stack = try naming(place) { try DICOMStack(series, layouts) }

        let grid = stack.grid
        let plane = grid.shape.x * grid.shape.y
        let order = stack.slices.map { (header: series.headers[$0.header], layout: layouts[$0.header]) }
        let volume = try Volume(grid: grid, frames: stack.frames) { buffer throws(FileProblem) in
            nonisolated(unsafe) let voxels = buffer
            let problems = [FileProblem?](unsafeUninitializedCapacity: order.count) { places, count in
                nonisolated(unsafe) let places = places
                parallelFor(order.count) { n in
                    let out = UnsafeMutableBufferPointer(rebasing: voxels[(n * plane)..<((n + 1) * plane)])
                    (places.baseAddress! + n).initialize(to: readPixels(order[n].header, order[n].layout, into: out))
                }
                count = order.count
            }
            if let problem = problems.compactMap({ $0 }).first { throw problem }
        }
        let stored = layouts[stack.slices[0].header].datatype
        return DICOMImage(
            volume: volume, series: series, warnings: series.warnings + stack.warnings,
            slices: stack.facts(series.headers),
            storedDatatype: stored, header: series.headers[stack.slices[0].header])
    }

    private static func readPixels(
        _ header: DICOMHeader, _ layout: PixelLayout, into out: UnsafeMutableBufferPointer<Float>
    ) -> FileProblem? {
        do {
            try naming(header.path) {
                try InputFile.withMapped(header.path) { try layout.read(header, from: $0, into: out) }
            }
            return nil
        } catch { return error }
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }
}

/// A DICOM series read as a volume, with what its headers say.
public struct DICOMImage: Sendable {
    /// The voxels: 3-D, or 4-D for dynamic PET.
    public let volume: Volume
    /// The series that was read.
    public let series: DICOMSeries
    /// What was doubtful, one sentence each.
    public let warnings: [String]
    /// One for each slice of each frame: slice k of frame f at `f * shape.z + k`.
    public let slices: [DICOMSlice]
    /// The type of the stored pixels, such as "int16".
    public let storedDatatype: String

    let header: DICOMHeader

    /// The value of an element in the first slice, several values joined by "\"; `nil` where absent or empty.
    public func string(_ tag: DICOMTag) -> String? { header.string(tag) }
    /// The first value of an element in the first slice as a finite number.
    public func number(_ tag: DICOMTag) -> Double? { header.number(tag) }
    /// The different values an element has over the files of the series, sorted; absent ones are not counted.
    public func distinctStrings(_ tag: DICOMTag) -> [String] {
        Set(series.headers.compactMap { $0.string(tag) }).sorted()
    }
}

/// One slice of a DICOM volume: where it lies, when it was acquired and how its pixels were scaled.
public struct DICOMSlice: Sendable, Equatable {
    /// The file it was read from.
    public let file: String
    /// The centre of its first voxel, RAS mm, as the header has it.
    public let position: SIMD3<Double>
    /// When its acquisition started, seconds since the start of 1970 on the scanner's clock.
    public let acquisitionTime: Double?
    /// Frame Reference Time (0054,1300), s.
    public let frameReferenceS: Double?
    /// Actual Frame Duration (0018,1242), s.
    public let durationS: Double?
    /// What a stored pixel was multiplied by.
    public let slope: Double
    /// What was added then.
    public let intercept: Double
}
