import Records

/// A segmentation object on the smallest even grid that holds its frames: slices it leaves out are background.
///
/// Labels are the segments' numbers. A fractional segmentation of one segment keeps its fractions, 0 to 1; with several
/// segments each voxel goes to the one with the largest fraction of at least one half.
struct DICOMSegmentation {
    let grid: VoxelGrid
    let names: LabelTable
    /// The place on the grid of each image of the series.
    private let slices: [Int]
    private let segments: [Int]
    /// What a stored value of 1 stands for; `nil` where segments are binary.
    private let fraction: Double?

    init(_ series: DICOMSeries, _ layouts: [PixelLayout]) throws(DICOMProblem) {
        let headers = series.headers
        guard series.files.count == 1 else {
            throw .mixed("there are \(series.files.count) segmentations in this series; name one of the files")
        }
        let plane = try Plane(headers[0])
        var heights: [Double] = []
        var positions: [SIMD3<Double>] = []
        for (header, layout) in zip(headers, layouts) {
            try plane.check(header, against: headers[0])
            guard layout.rows == layouts[0].rows, layout.columns == layouts[0].columns else {
                throw .mixed("its frames have different sizes")
            }
            let position = try header.vector(.imagePosition, "Image Position (Patient)")
            positions.append(position)
            heights.append(dot(position - positions[0], plane.normal))
        }
        let lowest = heights.indices.min { heights[$0] < heights[$1] } ?? 0
        let spacing = try DICOMSegmentation.spacing(heights, headers[0])
        let places = heights.map { ($0 - heights[lowest]) / spacing }
        guard places.allSatisfy({ abs($0 - $0.rounded()) < DICOMStack.spacingTolerance && $0 < 65536 }) else {
            throw .uneven("the frames of the segmentation do not lie \(spacing) mm apart or a multiple of that")
        }
        slices = places.map { Int($0.rounded()) }
        for (place, position) in zip(slices, positions) {
            let expected = positions[lowest] + plane.normal * spacing * Double(place)
            guard norm(position - expected) < DICOMStack.spacingTolerance * spacing else {
                throw .uneven("the frames of the segmentation are shifted against each other")
            }
        }
        segments = try headers.map { header throws(DICOMProblem) in
            guard let segment = header.integer(.segmentNumber), segment > 0, segment < 1 << 24 else {
                throw .missing(DICOMTag.segmentNumber.name, "Referenced Segment Number of a frame")
            }
            return segment
        }
        fraction = try DICOMSegmentation.fraction(headers[0])
        names = LabelTable(series.segmentNames.mapValues { LabelTable.Entry(name: $0) })
        let depth = (slices.max() ?? 0) + 1
        // Slices without a frame cost no bytes in the file: what they add is bounded.
        guard layouts[0].pixels * depth <= max(1 << 27, 8 * layouts[0].pixels * headers.count) else {
            throw .uneven("its frames are too far apart for one grid of \(depth) slices")
        }
        let ras = SIMD3<Double>(-1, -1, 1)
        do {
            grid = try VoxelGrid(
                shape: [layouts[0].columns, layouts[0].rows, depth],
                worldFromVoxel: Affine(
                    x: plane.row * plane.columnSpacing * ras, y: plane.column * plane.rowSpacing * ras,
                    z: plane.normal * spacing * ras, translation: positions[lowest] * ras))
        } catch { throw .geometry(error) }
    }

    /// What the header gives as spacing, else the smallest distance between frames, else the slice thickness.
    private static func spacing(_ heights: [Double], _ header: DICOMHeader) throws(DICOMProblem) -> Double {
        let sorted = heights.sorted()
        let smallest = zip(sorted, sorted.dropFirst()).map { $1 - $0 }.filter { $0 > 0.01 }.min()
        if let said = header.number(.spacingBetweenSlices), said > 0.01 {
            // Writers round it, and some give the thickness of the source.
            if smallest.map({ abs(($0 / said).rounded() - $0 / said) < 0.01 && $0 > 0.5 * said }) ?? true {
                return said
            }
        }
        guard let spacing = smallest ?? header.number(.sliceThickness), spacing > 0 else {
            throw .missing(DICOMTag.sliceThickness.name, "Slice Thickness of a single slice")
        }
        return spacing
    }

    private static func fraction(_ header: DICOMHeader) throws(DICOMProblem) -> Double? {
        switch header.string(.segmentationType) {
        case "BINARY": return nil
        case "FRACTIONAL":
            guard let most = header.number(.maximumFractionalValue), most > 0 else {
                throw .missing(DICOMTag.maximumFractionalValue.name, "Maximum Fractional Value")
            }
            return 1 / most
        case let other: throw .unsupportedObject("a segmentation of type \(other ?? "that is not given")")
        }
    }

    /// Reads the labels, or the fractions of a single segment.
    func read(_ series: DICOMSeries, _ layouts: [PixelLayout]) throws -> (volume: Volume, warnings: [String]) {
        let plane = grid.shape.x * grid.shape.y
        let bySlice = Dictionary(grouping: slices.indices) { slices[$0] }
        let keepsFractions = fraction != nil && Set(segments).count == 1
        var best = fraction == nil || keepsFractions ? [] : [Float](repeating: 0, count: grid.count)
        var overlap = 0
        var labels = [Float](repeating: 0, count: grid.count)
        // Slice by slice, so that what two segments say of a voxel is compared in one place.
        let order = bySlice.keys.sorted().flatMap { bySlice[$0]!.sorted { segments[$0] < segments[$1] } }
        var frame = [Float](repeating: 0, count: plane)
        try naming(series.headers[0].path) {
            try InputFile.withMapped(series.headers[0].path) { bytes in
                let source = PixelSource(bytes)
                for image in order {
                    try frame.withUnsafeMutableBufferPointer { (out) throws(DICOMProblem) in
                        try layouts[image].read(series.headers[image], from: source, into: out)
                    }
                    let start = slices[image] * plane
                    for n in 0..<plane where frame[n] != 0 {
                        if keepsFractions {
                            labels[start + n] = Float(Double(frame[n]) * fraction!)
                        } else if let fraction {
                            let part = Float(Double(frame[n]) * fraction)
                            if part >= 0.5 && part > best[start + n] {
                                best[start + n] = part
                                labels[start + n] = Float(segments[image])
                            }
                        } else {
                            if labels[start + n] != 0 { overlap += 1 }
                            labels[start + n] = Float(segments[image])
                        }
                    }
                }
            }
        }
        guard overlap == 0 else {
            throw DICOMProblem.mixed(
                "segments overlap in \(overlap) voxels, and a voxel can have one label only; export them one by one")
        }
        var warnings: [String] = []
        if fraction != nil && !keepsFractions {
            warnings.append(
                "segments are fractional: each voxel has the segment with the largest fraction of at least 0.5")
        }
        return (Volume(grid: grid, voxels: labels), warnings)
    }
}

extension DICOM {
    static func readSegmentation(_ series: DICOMSeries, _ layouts: [PixelLayout]) throws -> DICOMImage {
        let segmentation = try DICOMSegmentation(series, layouts)
        let (volume, warnings) = try segmentation.read(series, layouts)
        var image = DICOMImage(
            volume: volume, series: series, warnings: series.warnings + warnings, slices: [],
            storedDatatype: layouts[0].bitsAllocated == 1 ? "binary" : layouts[0].datatype, header: series.headers[0])
        image.segments = segmentation.names
        return image
    }
}

extension DICOMSeries {
    /// The labels of the segments by their number; empty for images.
    var segmentNames: [Int32: String] { headers.first?.segmentNames ?? [:] }
}
