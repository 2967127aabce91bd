import Records

/// Labels as a DICOM segmentation: one binary segment a label, on the labels' own grid [DICOM].
public struct DICOMSegmentationFile {
    /// One label, as a segment says what it is.
    public struct Segment: Sendable {
        /// The label in the map.
        public var label: Int32
        /// Our name of it.
        public var name: String
        /// What kind of thing it is.
        public var category: DICOMCode
        /// What it is.
        public var type: DICOMCode
        /// The side of the body; `nil` where it has none.
        public var side: DICOMCode?

        /// A segment.
        public init(label: Int32, name: String, category: DICOMCode, type: DICOMCode, side: DICOMCode?) {
            (self.label, self.name, self.category) = (label, name, category)
            (self.type, self.side) = (type, side)
        }
    }

    /// Why labels give no segmentation of these images.
    public enum Problem: Error, Equatable, CustomStringConvertible {
        case empty, sheared, elsewhere, noFrame
        case tooLarge(SIMD3<Int>)

        /// One sentence for the person holding the files.
        public var description: String {
            switch self {
            case .empty: "the labels are all background; there is nothing to segment"
            case .sheared: "the axes of the labels' grid are not at right angles, which a segmentation cannot say"
            case .elsewhere:
                "less than half of the labelled voxels lie within the DICOM images: the labels are of another space"
            case .noFrame:
                "the DICOM images have no frame of reference (0020,0052); labels cannot be placed in their space"
            case .tooLarge(let shape): "a grid of \(shape.x) × \(shape.y) voxels a slice is too large"
            }
        }
    }

    private let labels: LabelMap
    private let segments: [Segment]
    private let source: DICOMSource
    /// The slices of each segment that have a voxel of it, upward along row × column.
    private let frames: [(segment: Int, slice: Int)]
    private let plane: Plane

    /// Rows, columns and slices in DICOM's LPS.
    private struct Plane {
        let row, column, normal, step, origin: SIMD3<Double>
        let spacing: SIMD3<Double>

        init(_ grid: VoxelGrid) throws(Problem) {
            let lps = SIMD3<Double>(-1, -1, 1)
            let affine = grid.worldFromVoxel
            spacing = grid.voxelSize
            (row, column) = (affine.x * lps / spacing.x, affine.y * lps / spacing.y)
            (step, origin) = (affine.z * lps, affine.translation * lps)
            normal = cross(row, column)
            // A quarter of a degree: rotations stored as 32-bit numbers are off by a thousandth of that.
            guard abs(dot(row, column)) < 4e-3, abs(dot(step / spacing.z, normal)) > 1 - 1e-5 else { throw .sheared }
        }
    }

    /// Prepares the segmentation. `grid` is that of the images, in whose space the labels must lie.
    public init(_ labels: LabelMap, _ segments: [Segment], of source: DICOMSource, grid: VoxelGrid) throws(Problem) {
        let shape = labels.grid.shape
        guard shape.x < 65536, shape.y < 65536 else { throw .tooLarge(shape) }
        plane = try Plane(labels.grid)
        (self.labels, self.segments, self.source) = (labels, segments, source)
        let numbers = Dictionary(uniqueKeysWithValues: segments.enumerated().map { ($1.label, $0) })
        var isThere = [Bool](repeating: false, count: segments.count * shape.z)
        var (inside, count) = (0, 0)
        let imageFromLabel = grid.voxelFromWorld * labels.grid.worldFromVoxel
        let far = SIMD3<Double>(grid.shape) - 0.5
        for k in 0..<shape.z {
            for j in 0..<shape.y {
                for i in 0..<shape.x {
                    guard let segment = numbers[labels.voxels[labels.grid.offset(i, j, k)]] else { continue }
                    isThere[segment * shape.z + k] = true
                    count += 1
                    let place = imageFromLabel(SIMD3(Double(i), Double(j), Double(k)))
                    if all(place .>= -0.5), all(place .<= far) { inside += 1 }
                }
            }
        }
        guard count > 0 else { throw .empty }
        guard 2 * inside >= count else { throw .elsewhere }
        guard source.series.frameOfReference != nil else { throw .noFrame }
        let isUpward = dot(plane.step, plane.normal) > 0
        frames = segments.indices.flatMap { segment in
            let slices = (0..<shape.z).filter { isThere[segment * shape.z + $0] }
            return (isUpward ? slices : slices.reversed()).map { (segment, $0) }
        }
    }

    /// The file.
    public func file() throws -> [UInt8] {
        let data = try DICOMDataSet()
        let pixels = packed()
        try source.begin(
            data, sopClass: "1.2.840.10008.5.1.4.1.1.66.4", modality: "SEG", description: "Engraft regions",
            number: 9002, content: SHA256.hex(pixels))
        try putImage(data)
        for (place, segment) in segments.enumerated() { try put(segment, place, data) }
        try putReferences(data)
        try putGeometry(data)
        for place in frames.indices { try putFrame(place, data) }
        try data.put(pixels: pixels)
        return try data.file()
    }

    /// One bit a voxel, the lowest of a byte first, all frames one after the other.
    private func packed() -> [UInt8] {
        let size = labels.grid.shape.x * labels.grid.shape.y
        var bytes = [UInt8](repeating: 0, count: (size * frames.count + 7) / 8)
        for (place, frame) in frames.enumerated() {
            let (label, first) = (segments[frame.segment].label, frame.slice * size)
            for voxel in 0..<size where labels.voxels[first + voxel] == label {
                let bit = place * size + voxel
                bytes[bit >> 3] |= 1 << UInt8(bit & 7)
            }
        }
        return bytes
    }

    private func putImage(_ data: DICOMDataSet) throws(DICOMProblem) {
        let now = DICOMSource.now()
        try data.put(0x0008_0008, text: "DERIVED\\PRIMARY")
        try data.put(0x0008_0023, text: now.date)
        try data.put(0x0008_0033, text: now.time)
        try data.put(0x0020_0052, text: source.series.frameOfReference ?? "")
        try data.put(0x0020_1040, text: "")
        try data.put(0x0028_0002, number: 1)
        try data.put(0x0028_0004, text: "MONOCHROME2")
        try data.put(0x0028_0008, number: frames.count)
        try data.put(0x0028_0010, number: labels.grid.shape.y)
        try data.put(0x0028_0011, number: labels.grid.shape.x)
        try data.put(0x0028_0100, number: 1)
        try data.put(0x0028_0101, number: 1)
        try data.put(0x0028_0102, number: 0)
        try data.put(0x0028_0103, number: 0)
        try data.put(0x0028_0301, text: "NO")
        try data.put(0x0028_2110, text: "00")
        try data.put(0x0062_0001, text: "BINARY")
        try data.put(0x0070_0080, text: "REGIONS")
        try data.put(0x0070_0081, text: Engraft.researchUse)
        try data.put(0x0070_0084, text: "Engraft")
    }

    private func put(_ segment: Segment, _ place: Int, _ data: DICOMDataSet) throws(DICOMProblem) {
        let (sequence, item) = (UInt32(0x0062_0002), UInt32(place))
        try data.put(sequence, item, 0x0062_0004, number: place + 1)
        try data.put(sequence, item, 0x0062_0005, text: String(segment.name.prefix(64)))
        try data.put(sequence, item, 0x0062_0006, text: "label \(segment.label)")
        // Who drew a label file is not written in it.
        try data.put(sequence, item, 0x0062_0008, text: "SEMIAUTOMATIC")
        try data.put(sequence, item, 0x0062_0009, text: "Engraft label export")
        try data.put([sequence, item, 0x0062_0003], code: segment.category)
        try data.put([sequence, item, 0x0062_000F], code: segment.type)
        if let side = segment.side { try data.put([sequence, item, 0x0062_000F, 0, 0x0062_0011], code: side) }
    }

    /// The images it was made of: a viewer lays the labels on them.
    private func putReferences(_ data: DICOMDataSet) throws(DICOMProblem) {
        let series = UInt32(0x0008_1115)
        try data.put(series, 0, 0x0020_000E, text: source.series.uid)
        var seen: Set<String> = []
        for header in source.series.headers {
            guard let sopClass = header.string(.sopClass), let instance = header.string(.sopInstance) else { continue }
            guard seen.insert(instance).inserted else { continue }
            let item = UInt32(seen.count - 1)
            try data.put(series, 0, 0x0008_114A, item, 0x0008_1150, text: sopClass)
            try data.put(series, 0, 0x0008_114A, item, 0x0008_1155, text: instance)
        }
    }

    private func putGeometry(_ data: DICOMDataSet) throws(DICOMProblem) {
        let organization = source.uid("dimensions")
        try data.put(0x0020_9221, 0, 0x0020_9164, text: organization)
        for (item, index) in [(0x0062_000B, 0x0062_000A), (0x0020_0032, 0x0020_9113)].enumerated() {
            let (sequence, item) = (UInt32(0x0020_9222), UInt32(item))
            try data.put(sequence, item, 0x0020_9164, text: organization)
            try data.put(sequence, item, 0x0020_9165, text: Self.tagText(index.0))
            try data.put(sequence, item, 0x0020_9167, text: Self.tagText(index.1))
        }
        let shared = UInt32(0x5200_9229)
        let direction = [plane.row.x, plane.row.y, plane.row.z, plane.column.x, plane.column.y, plane.column.z]
        try data.put(shared, 0, 0x0020_9116, 0, 0x0020_0037, decimals: direction)
        try data.put(shared, 0, 0x0028_9110, 0, 0x0018_0050, decimals: [plane.spacing.z])
        try data.put(shared, 0, 0x0028_9110, 0, 0x0018_0088, decimals: [plane.spacing.z])
        try data.put(shared, 0, 0x0028_9110, 0, 0x0028_0030, decimals: [plane.spacing.y, plane.spacing.x])
    }

    private func putFrame(_ place: Int, _ data: DICOMDataSet) throws(DICOMProblem) {
        let (frames, item) = (UInt32(0x5200_9230), UInt32(place))
        let frame = self.frames[place]
        let isUpward = dot(plane.step, plane.normal) > 0
        let height = isUpward ? frame.slice + 1 : labels.grid.shape.z - frame.slice
        let position = plane.origin + plane.step * Double(frame.slice)
        try data.put(frames, item, 0x0020_9111, 0, 0x0020_9157, text: "\(frame.segment + 1)\\\(height)")
        try data.put(frames, item, 0x0020_9113, 0, 0x0020_0032, decimals: [position.x, position.y, position.z])
        try data.put(frames, item, 0x0062_000A, 0, 0x0062_000B, number: frame.segment + 1)
    }

    /// A tag as the value of an element: "(0062,000b)".
    private static func tagText(_ tag: Int) -> String {
        func hex(_ value: Int) -> String {
            let digits = String(value, radix: 16)
            return String(repeating: "0", count: 4 - digits.count) + digits
        }
        return "(\(hex(tag >> 16)),\(hex(tag & 0xFFFF)))"
    }
}
