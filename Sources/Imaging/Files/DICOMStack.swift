import Glibc

/// The slices of a series in their order: frame by frame, by position along row × column, checked to lie on one grid.
struct DICOMStack {
    /// A slice's place in the series' list of files, and its first voxel, LPS mm.
    struct Slice {
        let header: Int
        let position: SIMD3<Double>
        /// Distance along the normal, mm.
        let height: Double
    }

    /// The grid of the slices; where there is a `resampling`, only as far as their number and size go.
    let grid: VoxelGrid
    let frames: Int
    /// What brings slices that do not lie on an even grid onto one; `nil` where they do.
    let resampling: DICOMEvenSlices?
    /// Slice k of frame f at `f * grid.shape.z + k`.
    let slices: [Slice]
    let warnings: [String]

    /// How far a slice may lie from where even spacing puts it, as a part of the spacing.
    ///
    /// Headers round: 0.08 mm of 3.27 is seen on GE scanners. A missing slice is off by a whole spacing.
    static let spacingTolerance = 0.1
    /// The sine of the angle between stack and normal above which the stack counts as tilted.
    static let tiltTolerance = 1e-3

    init(_ series: DICOMSeries, _ layouts: [PixelLayout], allowGaps: Bool = false) throws(DICOMProblem) {
        let headers = series.headers
        let plane = try Plane(headers[0])
        for (header, layout) in zip(headers, layouts) {
            try plane.check(header, against: headers[0])
            guard layout.rows == layouts[0].rows, layout.columns == layouts[0].columns else {
                throw .mixed(
                    "\(headers[0].name) has \(layouts[0].columns) × \(layouts[0].rows) pixels and "
                        + "\(header.name) \(layout.columns) × \(layout.rows)")
            }
        }
        try DICOMAgreement.check(headers)
        var slices: [Slice] = []
        for (i, header) in headers.enumerated() {
            let position = try header.vector(.imagePosition, "Image Position (Patient)")
            slices.append(Slice(header: i, position: position, height: dot(position, plane.normal)))
        }
        slices.sort { ($0.height, $0.header) < ($1.height, $1.header) }
        let columns = DICOMStack.byPosition(slices)
        var warnings: [String] = []
        let ordered = try DICOMStack.frames(columns, headers)
        let first = Array(ordered.prefix(columns.count))
        let shape: SIMD3<Int> = [layouts[0].columns, layouts[0].rows, columns.count]
        var step = SIMD3<Double>.zero
        var resampling: DICOMEvenSlices?
        do {
            step = try DICOMStack.step(first, plane, headers, &warnings)
        } catch {
            guard allowGaps, error.isMendedByResampling else { throw error }
            let even = try DICOMEvenSlices(first.map(\.position), plane, shape: shape)
            warnings.append("\(error.inShort); --allow-gaps: \(even.account)")
            (resampling, step) = (even, plane.normal * even.spacing)
        }
        self.resampling = resampling
        for slice in ordered.enumerated().dropFirst(columns.count) {
            let reference = first[slice.offset % columns.count]
            guard norm(slice.element.position - reference.position) <= max(1e-3, 0.01 * norm(step)) else {
                throw .uneven("\(headers[slice.element.header].name): the slice lies elsewhere than in the first frame")
            }
        }
        frames = ordered.count / columns.count
        self.slices = ordered
        DICOMStack.compareCounts(headers[0], slices: columns.count, frames: frames, &warnings)
        if series.modality == "CT" && headers.contains(where: { $0.string(.rescaleSlope) == nil }) {
            warnings.append(
                "(0028,1053) Rescale Slope is missing; values are the stored ones, perhaps not Hounsfield units")
        }
        if frames > 1 && headers[0].string(.seriesType)?.hasPrefix("STATIC") == true {
            warnings.append(
                "the series says it is STATIC (0054,1000), but its slices were acquired at \(frames) times; they are read as "
                    + "\(frames) frames")
        }
        self.warnings = warnings
        let ras = SIMD3<Double>(-1, -1, 1)
        let affine = Affine(
            x: plane.row * plane.columnSpacing * ras, y: plane.column * plane.rowSpacing * ras, z: step * ras,
            translation: first[0].position * ras)
        do {
            grid = try VoxelGrid(shape: shape, worldFromVoxel: affine)
        } catch { throw .geometry(error) }
    }

    /// Slices of one place together, ascending. Places closer than 0.01 mm are one.
    private static func byPosition(_ slices: [Slice]) -> [[Slice]] {
        var columns: [[Slice]] = []
        for slice in slices {
            if let last = columns.last?.last, slice.height - last.height < 0.01 {
                columns[columns.count - 1].append(slice)
            } else {
                columns.append([slice])
            }
        }
        return columns
    }

    /// Orders the slices of each place by time: the n-th of every place makes frame n.
    private static func frames(_ columns: [[Slice]], _ headers: [DICOMHeader]) throws(DICOMProblem) -> [Slice] {
        let count = columns[0].count
        if let odd = columns.first(where: { $0.count != count }) {
            let (few, many) = odd.count < count ? (odd, columns[0]) : (columns[0], odd)
            throw .uneven(
                "there are \(many.count) slices at \(text(many[0].height)) mm (\(headers[many[0].header].name)) but "
                    + "\(few.count) at \(text(few[0].height)) mm; a slice is doubled or missing, or two scans are mixed"
            )
        }
        guard count > 1 else { return columns.map { $0[0] } }
        let sorted = columns.map { column in
            column.sorted { a, b in
                let (s, t) = (headers[a.header].frameKey, headers[b.header].frameKey)
                return s != t ? s.lexicographicallyPrecedes(t) : a.header < b.header
            }
        }
        for column in sorted {
            for (a, b) in zip(column, column.dropFirst()) where headers[a.header].frameKey == headers[b.header].frameKey
            {
                throw .uneven(
                    "\(headers[a.header].name) and \(headers[b.header].name) show the same slice at the same time; "
                        + "remove the copy")
            }
        }
        let timed = columns.joined().filter { headers[$0.header].acquisitionTime != nil }
        if let untimed = columns.joined().first(where: { headers[$0.header].acquisitionTime == nil }), !timed.isEmpty {
            throw .missing(
                DICOMTag.acquisitionTime.name,
                "Acquisition Time of \(headers[untimed.header].name), which orders frames,")
        }
        guard headers[0].string(.modality) == "PT" else {
            throw .uneven(
                "there are \(count) slices at each place (such as \(headers[sorted[0][0].header].name) and "
                    + "\(headers[sorted[0][1].header].name)); only PET is read as a series in time")
        }
        // A frame ends, in every place, before the next one begins in any: else slices of different times were paired.
        for frame in 1..<count {
            let before = sorted.map { $0[frame - 1] }.max { a, b in
                headers[a.header].frameKey.lexicographicallyPrecedes(headers[b.header].frameKey)
            }
            let after = sorted.map { $0[frame] }.min { a, b in
                headers[a.header].frameKey.lexicographicallyPrecedes(headers[b.header].frameKey)
            }
            guard let before, let after,
                headers[before.header].frameKey.lexicographicallyPrecedes(headers[after.header].frameKey)
            else {
                throw .uneven(
                    "the slices of frame \(frame) and frame \(frame + 1) were acquired at mixed times (such as "
                        + "\(headers[sorted[0][frame].header].name)); slices are missing at some times, or two scans are mixed"
                )
            }
        }
        return (0..<count).flatMap { frame in sorted.map { $0[frame] } }
    }

    /// The step from slice to slice, LPS mm, (last - first) / (n - 1); refuses gaps, tilts and drifts.
    private static func step(
        _ slices: [Slice], _ plane: Plane, _ headers: [DICOMHeader], _ warnings: inout [String]
    ) throws(DICOMProblem) -> SIMD3<Double> {
        guard slices.count > 1 else {
            let header = headers[slices[0].header]
            guard let thickness = header.number(.sliceThickness) ?? header.number(.spacingBetweenSlices), thickness > 0
            else { throw .missing(DICOMTag.sliceThickness.name, "Slice Thickness of a single slice") }
            return plane.normal * thickness
        }
        let stack = slices[slices.count - 1].position - slices[0].position
        let step = stack / Double(slices.count - 1)
        let sine = norm(cross(stack / norm(stack), plane.normal))
        guard sine <= tiltTolerance else { throw .tilted(degrees: asin(min(sine, 1)) * 180 / .pi) }
        let gaps = zip(slices, slices.dropFirst()).map { $1.height - $0.height }
        let usual = gaps.sorted()[gaps.count / 2]
        for (i, gap) in gaps.enumerated() where abs(gap - usual) > spacingTolerance * usual {
            let between =
                "between \(headers[slices[i].header].name) at \(text(slices[i].height)) mm and "
                + "\(headers[slices[i + 1].header].name) at \(text(slices[i + 1].height)) mm"
            let missing = Int((gap / usual).rounded()) - 1
            throw .uneven(
                missing > 0 && abs(gap / usual - Double(missing + 1)) < 0.1
                    ? "\(missing) slice\(missing == 1 ? " is" : "s are") missing \(between); find the files or crop the series"
                    : "the slices are not evenly spaced: \(text(gap)) mm \(between), elsewhere \(text(usual)) mm")
        }
        var worst = 0.0
        for (i, slice) in slices.enumerated() {
            let off = norm(slice.position - (slices[0].position + step * Double(i)))
            guard off <= spacingTolerance * norm(step) else {
                throw .uneven(
                    "\(headers[slice.header].name) lies \(text(off)) mm from where even spacing of \(text(norm(step))) mm "
                        + "puts it")
            }
            worst = max(worst, off)
        }
        if worst > 1e-3 {
            warnings.append(
                "slice positions are rounded in the headers: up to \(text(worst)) mm from even spacing of "
                    + "\(text(norm(step))) mm, which is used")
        }
        return step
    }

    /// Compares what was read with what the series says it has.
    private static func compareCounts(_ header: DICOMHeader, slices: Int, frames: Int, _ warnings: inout [String]) {
        if let said = header.integer(.numberOfSlices), said > 0, said != slices {
            warnings.append("the series says it has \(said) slices (0054,0081); \(slices) were found")
        }
        // GE counts the beds of a static scan as time slices.
        let isDynamic = header.string(.seriesType)?.hasPrefix("DYNAMIC") == true
        if isDynamic, let said = header.integer(.numberOfTimeSlices), said > 0, said != frames {
            warnings.append("the series says it has \(said) time slices (0054,0101); \(frames) were found")
        }
    }

    private static func text(_ mm: Double) -> String { "\((mm * 1000).rounded() / 1000)" }

    /// What the headers say of the slices, in the order of the volume; where slices were interpolated, the nearest.
    func facts(_ headers: [DICOMHeader]) -> [DICOMSlice] {
        let all = slices.map { slice in
            let header = headers[slice.header]
            return DICOMSlice(
                file: header.path, frame: header.frame?.index, position: slice.position * [-1, -1, 1],
                acquisitionTime: header.acquisitionTime,
                frameReferenceS: header.number(.frameReferenceTime).map { $0 / 1000 },
                durationS: (header.number(.actualFrameDuration) ?? header.number(.frameAcquisitionDuration))
                    .map { $0 / 1000 },
                slope: header.number(.rescaleSlope) ?? header.number(.realWorldSlope) ?? 1,
                intercept: header.number(.rescaleIntercept) ?? header.number(.realWorldIntercept) ?? 0)
        }
        guard let resampling else { return all }
        return (0..<frames).flatMap { frame in
            resampling.nearestSlices.map { all[frame * grid.shape.z + $0] }
        }
    }
}

/// How the plane of a slice lies: directions of rows and columns in LPS, and the pixel spacing, mm.
struct Plane {
    let row, column, normal: SIMD3<Double>
    let rowSpacing, columnSpacing: Double

    init(_ header: DICOMHeader) throws(DICOMProblem) {
        let name = "Image Orientation (Patient)"
        guard let d = header.numbers(.imageOrientation), d.count == 6 else {
            throw .missing(DICOMTag.imageOrientation.name, name)
        }
        (row, column) = ([d[0], d[1], d[2]], [d[3], d[4], d[5]])
        // Directions are printed with few digits: 1e-3 is far below what would move a voxel, far above rounding.
        guard abs(norm(row) - 1) < 1e-3, abs(norm(column) - 1) < 1e-3, abs(dot(row, column)) < 1e-3 else {
            throw .missing(DICOMTag.imageOrientation.name, "\(name) as two perpendicular directions")
        }
        let across = cross(row, column)
        normal = across / norm(across)
        guard let spacing = header.numbers(.pixelSpacing), spacing.count == 2,
            spacing.allSatisfy({ (1e-6...1e6).contains($0) })
        else {
            throw .missing(DICOMTag.pixelSpacing.name, "Pixel Spacing")
        }
        (rowSpacing, columnSpacing) = (spacing[0], spacing[1])
    }

    /// Throws where another file of the series lies in another plane or is of another kind.
    func check(_ other: DICOMHeader, against first: DICOMHeader) throws(DICOMProblem) {
        guard other.string(.sopClass) == first.string(.sopClass) else {
            throw .mixed("\(first.name) and \(other.name) are different kinds of image")
        }
        let plane = try Plane(other)
        guard norm(plane.row - row) < 1e-3, norm(plane.column - column) < 1e-3 else {
            throw .mixed("\(first.name) and \(other.name) are turned differently; perhaps a scout view is among them")
        }
        let allowed = 1e-4 * columnSpacing
        guard abs(plane.rowSpacing - rowSpacing) < allowed, abs(plane.columnSpacing - columnSpacing) < allowed else {
            throw .mixed("\(first.name) and \(other.name) have different pixel spacing")
        }
        guard other.string(.units) == first.string(.units) else {
            throw .mixed(
                "\(first.name) is in \(first.string(.units) ?? "no unit") and \(other.name) in "
                    + "\(other.string(.units) ?? "no unit") (0054,1001)")
        }
    }
}

extension DICOMHeader {
    func vector(_ tag: DICOMTag, _ name: String) throws(DICOMProblem) -> SIMD3<Double> {
        // A place more than 10 km off is damage, and beyond what whole numbers of slices can be counted in.
        guard let values = numbers(tag), values.count == 3, values.allSatisfy({ abs($0) < 1e7 }) else {
            throw .missing(tag.name, name)
        }
        return [values[0], values[1], values[2]]
    }

    /// When the acquisition of this slice started, seconds since 1970.
    var acquisitionTime: Double? {
        if let moment = DICOMTime.seconds(
            dateTime: string(.frameAcquisitionDateTime), timezone: string(.timezoneOffset))
        {
            return moment
        }
        if let moment = DICOMTime.seconds(date: string(.acquisitionDate), time: string(.acquisitionTime))
            ?? DICOMTime.seconds(dateTime: string(.acquisitionDateTime), timezone: string(.timezoneOffset))
        {
            return moment
        }
        // Without its own date the acquisition was on the day of the series, or past midnight on the next.
        let day = string(.seriesDate) ?? string(.studyDate)
        guard let moment = DICOMTime.seconds(date: day, time: string(.acquisitionTime)) else { return nil }
        let series = DICOMTime.seconds(date: day, time: string(.seriesTime)) ?? moment
        return moment < series - 43200 ? moment + 86400 : moment
    }

    /// What orders the frames of a place: acquisition time, then frame reference time, then the place in time that the
    /// functional groups give.
    var frameKey: [Double] {
        [acquisitionTime ?? 0, number(.frameReferenceTime) ?? 0, number(.temporalPositionIndex) ?? 0]
    }
}
