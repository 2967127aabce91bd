import Imaging

/// One slice of a display: which plane, where in the patient, and where each of its pixels lies.
public struct SlicePlane: Sendable, Equatable {
    /// The three planes of the body.
    public enum Orientation: Int, Sendable, CaseIterable {
        case axial, coronal, sagittal

        /// The world axis across the plane: 0 x, 1 y, 2 z.
        public var axis: Int { 2 - rawValue }
        /// The name of that axis.
        public var axisName: String { ["x", "y", "z"][axis] }
    }

    /// Which side of the patient stands on the left of axial and coronal slices.
    public enum Convention: String, Sendable {
        /// The patient's left is on the right of the picture.
        case radiological
        /// The patient's left is on the left of the picture.
        case neurological
    }

    /// The plane.
    public let orientation: Orientation
    /// Where it cuts the axis across it, RAS+ mm.
    public let position: Double
    /// Pixels along a row, and rows.
    public let width, height: Int
    /// RAS+ mm from (column, row): integers are pixel centres, rows count from the top.
    public let worldFromPixel: Affine
    /// The directions at the left, right, top and bottom edges: "R", "L", "A", "P".
    public let marks: (left: String, right: String, top: String, bottom: String)

    /// A slice that shows a box of the patient, `low` to `high` in RAS+ mm, with square pixels of `pixelSize` mm.
    public init(
        _ orientation: Orientation, at position: Double, low: SIMD3<Double>, high: SIMD3<Double>, pixelSize: Double,
        convention: Convention
    ) {
        // World axes along a row and down a column; −1 where the world axis runs against the picture's.
        let leftToRight = convention == .neurological ? 1.0 : -1.0
        let (across, down) = orientation == .axial ? (0, 1) : orientation == .coronal ? (0, 2) : (1, 2)
        let acrossSign = orientation == .sagittal ? -1.0 : leftToRight
        func pixels(_ axis: Int) -> Int { max(1, Int(((high[axis] - low[axis]) / pixelSize).rounded(.up))) }
        precondition(pixelSize > 0 && position.isFinite, "a slice has pixels of some size and lies somewhere")
        (self.orientation, self.position) = (orientation, position)
        (width, height) = (pixels(across), pixels(down))
        var origin = SIMD3<Double>.zero
        origin[orientation.axis] = position
        origin[across] = acrossSign > 0 ? low[across] + pixelSize / 2 : high[across] - pixelSize / 2
        origin[down] = high[down] - pixelSize / 2
        var (x, y, z) = (SIMD3<Double>.zero, SIMD3<Double>.zero, SIMD3<Double>.zero)
        (x[across], y[down], z[orientation.axis]) = (acrossSign * pixelSize, -pixelSize, 1)
        worldFromPixel = Affine(x: x, y: y, z: z, translation: origin)
        let sides = orientation == .sagittal ? ("A", "P") : leftToRight > 0 ? ("L", "R") : ("R", "L")
        let ends = orientation == .axial ? ("A", "P") : ("S", "I")
        marks = (sides.0, sides.1, ends.0, ends.1)
    }

    /// The pixel that shows a point, as fractions of pixels; the distance from the plane is left out.
    public func pixel(of world: SIMD3<Double>) -> (column: Double, row: Double) {
        let p = worldFromPixel.inverse!(world)
        return (p.x, p.y)
    }

    /// Whether two slices show the same.
    public static func == (a: SlicePlane, b: SlicePlane) -> Bool {
        a.orientation == b.orientation && a.worldFromPixel == b.worldFromPixel && a.width == b.width
            && a.height == b.height
    }
}

// MARK: - Sampling

extension SlicePlane {
    /// The pixels as a grid of one voxel across the plane.
    var grid: VoxelGrid {
        guard let grid = try? VoxelGrid(shape: [width, height, 1], worldFromVoxel: worldFromPixel) else {
            preconditionFailure("a slice has pixels of some size")
        }
        return grid
    }

    /// The values of a volume of one frame on the slice, linear between voxel centres; NaN outside the volume.
    func sample(_ volume: Volume) -> [Float] { volume.resampled(onto: grid, outside: .nan).voxels }

    /// The labels on the slice, nearest voxel; 0 outside.
    func sample(_ labels: LabelMap) -> [Int32] { labels.resampled(onto: grid).voxels }
}

extension Volume {
    /// The frame that is drawn, without a copy where it is the only one.
    func shown(_ frame: Int) -> Volume { frames == 1 ? self : self.frame(frame) }
}
