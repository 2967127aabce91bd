import Records

/// Reading DICOM: series of PET, CT and MR images, single-frame and multi-frame, and segmentations, as volumes.
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

    /// Reads a series as one volume; a dynamic PET series becomes one frame for each time, a segmentation a volume of
    /// labels (or of fractions, where it is of one fractional segment).
    ///
    /// Throws `FileProblem` with the file and the reason where the slices do not form an even grid or one cannot be
    /// read. With `allowGaps`, slices that are missing, unevenly spaced or shifted by a gantry tilt are interpolated
    /// linearly onto an even, upright grid instead, with a warning. What is doubtful but readable is in the image's
    /// `warnings`.
    public static func read(_ series: DICOMSeries, allowGaps: Bool = false) throws -> DICOMImage {
        guard let first = series.headers.first else { throw FileProblem("", .noInput, "\(DICOMProblem.noFiles)") }
        for header in series.headers { try naming(header.path) { try header.checkObject() } }
        let layouts = try series.headers.map { header in try naming(header.path) { try PixelLayout(header) } }
        for (header, layout) in zip(series.headers, layouts) {
            try naming(header.path) { try layout.checkLength(header) }
        }
        let place = series.files.count == 1 ? first.path : DICOM.folder(of: first.path)
        if first.isSegmentation { return try naming(place) { try readSegmentation(series, layouts) } }
        let stack = try naming(place) { try DICOMStack(series, layouts, allowGaps: allowGaps) }
        let stored = try read(stack, series, layouts)
        let warnings = series.warnings + stack.warnings + DICOM.doubts(about: stored, series, layouts)
        return DICOMImage(
            volume: stack.resampling?.even(stored) ?? stored, series: series, warnings: warnings,
            slices: stack.facts(series.headers), storedDatatype: layouts[stack.slices[0].header].datatype,
            header: series.headers[stack.slices[0].header])
    }

    /// The slices as they stand, one after another.
    private static func read(_ stack: DICOMStack, _ series: DICOMSeries, _ layouts: [PixelLayout]) throws -> Volume {
        let grid = stack.grid
        let plane = grid.shape.x * grid.shape.y
        let images = stack.slices.map(\.header)
        return try Volume(grid: grid, frames: stack.frames) { buffer throws(FileProblem) in
            nonisolated(unsafe) let voxels = buffer
            try forEachImage(images, series.headers) { n, source throws(DICOMProblem) in
                let out = UnsafeMutableBufferPointer(rebasing: voxels[(n * plane)..<((n + 1) * plane)])
                try layouts[images[n]].read(series.headers[images[n]], from: source, into: out)
            }
        }
    }

    /// Calls `body` for each of `images` (places in `headers`) with its place in `images` and the bytes of its file: on
    /// all cores, images of one file together.
    static func forEachImage(
        _ images: [Int], _ headers: [DICOMHeader], _ body: @Sendable (Int, PixelSource) throws(DICOMProblem) -> Void
    ) throws(FileProblem) {
        let jobs = pieces(images, headers)
        let problems = [FileProblem?](unsafeUninitializedCapacity: jobs.count) { places, count in
            nonisolated(unsafe) let places = places
            parallelFor(jobs.count) { job in
                var problem: FileProblem?
                do throws(FileProblem) {
                    let path = headers[images[jobs[job][0]]].path
                    try naming(path) {
                        try InputFile.withMapped(path) { bytes in
                            let source = PixelSource(bytes)
                            for n in jobs[job] { try body(n, source) }
                        }
                    }
                } catch { problem = error }
                (places.baseAddress! + job).initialize(to: problem)
            }
            count = jobs.count
        }
        if let problem = problems.compactMap({ $0 }).first { throw problem }
    }

    /// Images of one file that are worth reading in one go: all where they must be decoded, else a few.
    private static func pieces(_ images: [Int], _ headers: [DICOMHeader]) -> [[Int]] {
        var pieces: [[Int]] = []
        for n in images.indices.sorted(by: { images[$0] < images[$1] }) {
            let header = headers[images[n]]
            let limit = header.nativePixels == nil ? Int.max : 16
            if let last = pieces.last, headers[images[last[0]]].path == header.path, last.count < limit {
                pieces[pieces.count - 1].append(n)
            } else {
                pieces.append([n])
            }
        }
        return pieces
    }

    /// What is readable but doubtful in the pixels of a series.
    private static func doubts(about volume: Volume, _ series: DICOMSeries, _ layouts: [PixelLayout]) -> [String] {
        let header = series.headers[0]
        var doubts: [String] = []
        if header.string(.photometric) == "MONOCHROME1" {
            doubts.append("(0028,0004) is MONOCHROME1: viewers show high values dark; the values are as stored")
        }
        if let padding = header.number(.pixelPadding) {
            // Some writers give a signed value as an unsigned one.
            let wrapped = layouts[0].isSigned && padding >= Double(1 << (layouts[0].bitsAllocated - 1))
            let stored = wrapped ? padding - Double(1 << layouts[0].bitsAllocated) : padding
            let value = Float(stored * layouts[0].slope + layouts[0].intercept)
            let count = volume.voxels.reduce(0) { $1 == value ? $0 + 1 : $0 }
            if count > 0 {
                doubts.append(
                    "\(count) voxels of \(value) are padding outside the scanned field (0028,0120); statistics include them"
                )
            }
        }
        return doubts
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
    /// One for each slice of each frame: slice k of frame f at `f * shape.z + k`, where slices were not interpolated.
    public let slices: [DICOMSlice]
    /// The type of the stored pixels, such as "int16".
    public let storedDatatype: String
    /// The names of the segments of a segmentation, by the label they have in `volume`; empty for images.
    public var segments = LabelTable()

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
    /// Which frame of a multi-frame file it was, from 0; `nil` in other files.
    public let frame: Int?
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
