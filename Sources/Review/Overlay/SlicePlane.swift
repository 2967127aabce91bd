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
    /// The values of a volume's frame on the slice, linear between voxel centres; NaN outside the volume.
    ///
    /// Up to half a voxel beyond the outermost centres the value there is kept, so that a single slice shows.
    func sample(_ volume: Volume, frame: Int = 0) -> [Float] {
        let shape = volume.grid.shape
        let voxel = volume.grid.voxelFromWorld * worldFromPixel
        return volume.withFrame(frame) { voxels in
            [Float](unsafeUninitializedCapacity: width * height) { out, count in
                for row in 0..<height {
                    for column in 0..<width {
                        let p = voxel.translation + voxel.x * Double(column) + voxel.y * Double(row)
                        out[row * width + column] = Self.linear(voxels, shape, p)
                    }
                }
                count = width * height
            }
        }
    }

    /// The labels on the slice, nearest voxel; 0 outside.
    func sample(_ labels: LabelMap) -> [Int32] {
        let shape = labels.grid.shape
        let voxel = labels.grid.voxelFromWorld * worldFromPixel
        let voxels = labels.voxels
        return [Int32](unsafeUninitializedCapacity: width * height) { out, count in
            for row in 0..<height {
                for column in 0..<width {
                    let p = voxel.translation + voxel.x * Double(column) + voxel.y * Double(row)
                    let (i, j, k) = (Self.nearest(p.x), Self.nearest(p.y), Self.nearest(p.z))
                    let isInside = i >= 0 && j >= 0 && k >= 0 && i < shape.x && j < shape.y && k < shape.z
                    out[row * width + column] = isInside ? voxels[i + shape.x * (j + shape.y * k)] : 0
                }
            }
            count = width * height
        }
    }

    /// The nearest whole number; far outside any grid for what `Int` cannot hold.
    @inline(__always) private static func nearest(_ value: Double) -> Int {
        abs(value) < 1e9 ? Int((value + 0.5).rounded(.down)) : -1
    }

    @inline(__always) private static func linear(
        _ voxels: Span<Float>, _ shape: SIMD3<Int>, _ p: SIMD3<Double>
    ) -> Float {
        let far = SIMD3<Double>(Double(shape.x - 1), Double(shape.y - 1), Double(shape.z - 1))
        guard p.x >= -0.5, p.y >= -0.5, p.z >= -0.5, p.x <= far.x + 0.5, p.y <= far.y + 0.5, p.z <= far.z + 0.5 else {
            return .nan
        }
        let inside = pointwiseMin(pointwiseMax(p, .zero), far)
        let (i, j, k) = (Int(inside.x), Int(inside.y), Int(inside.z))
        let u = SIMD3<Float>(Float(inside.x - Double(i)), Float(inside.y - Double(j)), Float(inside.z - Double(k)))
        let di = i + 1 < shape.x ? 1 : 0
        let dj = j + 1 < shape.y ? shape.x : 0
        let dk = k + 1 < shape.z ? shape.x * shape.y : 0
        let at = i + shape.x * (j + shape.y * k)
        @inline(__always) func pair(_ start: Int) -> Float {
            let a = voxels[start]
            // A neighbour of weight 0 is not read: it may be NaN.
            return u.x == 0 ? a : a + (voxels[start + di] - a) * u.x
        }
        @inline(__always) func sheet(_ start: Int) -> Float {
            let a = pair(start)
            return u.y == 0 ? a : a + (pair(start + dj) - a) * u.y
        }
        let a = sheet(at)
        return u.z == 0 ? a : a + (sheet(at + dk) - a) * u.z
    }
}
