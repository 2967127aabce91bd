/// A map between two spaces, given at the voxels of a grid: how far the point at each one moves.
///
/// As ITK, ANTs and SimpleITK have it, displacements between voxels are trilinear and the field ends with its outermost voxels.
/// Beyond that ITK leaves a point where it is; here the map has no value there, since a linear part may be in the field.
public struct DisplacementField: Sendable {
    /// Displacements, RAS mm; frames 0, 1 and 2 are to the right, forward and up. All finite.
    public let vectors: Volume

    /// A field of displacements, three frames.
    public init(vectors: Volume) {
        precondition(vectors.frames == 3, "a displacement has three components")
        self.vectors = vectors
    }

    /// The field of a map on a grid.
    public init(on grid: VoxelGrid, of map: @Sendable (SIMD3<Double>) -> SIMD3<Double>) {
        vectors = Volume(grid: grid, frames: 3) { (output: UnsafeMutableBufferPointer<Float>) in
            nonisolated(unsafe) let output = output.baseAddress!
            parallelFor(grid.shape.y * grid.shape.z) { row in
                let (k, j) = row.quotientAndRemainder(dividingBy: grid.shape.y)
                for i in 0..<grid.shape.x {
                    let point = grid.worldFromVoxel([Double(i), Double(j), Double(k)])
                    let moved = map(point) - point
                    let place = row * grid.shape.x + i
                    for axis in 0..<3 { (output + axis * grid.count + place).initialize(to: Float(moved[axis])) }
                }
            }
        }
    }

    /// Where the displacements are given.
    public var grid: VoxelGrid { vectors.grid }

    /// Whether every voxel's centre of a grid lies inside the field.
    public func covers(_ other: VoxelGrid) -> Bool {
        let map = grid.voxelFromWorld * other.worldFromVoxel
        let far = SIMD3<Double>(other.shape &- 1)
        return (0..<8).allSatisfy { corner in
            let mask = SIMD3<Double>(Double(corner & 1), Double(corner >> 1 & 1), Double(corner >> 2 & 1))
            return TrilinearCell(map(far * mask), grid.shape) != nil
        }
    }

    /// Where a point goes, RAS mm; `nil` outside the field.
    public func callAsFunction(_ point: SIMD3<Double>) -> SIMD3<Double>? {
        guard let cell = TrilinearCell(grid.voxelFromWorld(point), grid.shape) else { return nil }
        return vectors.voxels.withUnsafeBufferPointer { voxels in
            point + cell.vector(voxels.baseAddress!, grid.count)
        }
    }
}

/// A map between two spaces, target to source, RAS mm: linear, or a field.
public enum SpatialTransform: Sendable {
    case linear(Affine)
    case field(DisplacementField)

    /// Where a point goes; `nil` outside a field.
    public func callAsFunction(_ point: SIMD3<Double>) -> SIMD3<Double>? {
        switch self {
        case .linear(let map): map(point)
        case .field(let field): field(point)
        }
    }

    /// The transform in a file: a NIfTI image is a displacement field, anything else a linear map.
    public static func read(_ path: String) throws -> SpatialTransform {
        NIfTI.isNamed(path) ? .field(try DisplacementField.read(path)) : .linear(try TransformFile.read(path))
    }
}

/// The eight voxels around a point and the share of each: trilinear; in the outer half voxel the edge value repeats.
struct TrilinearCell {
    /// The place of the lowest of them, and the way to the next along each axis; 0 at an edge.
    let low, stepX, stepY, stepZ: Int
    /// How far the point is past the lowest, 0..<1.
    let part: SIMD3<Float>

    /// `nil` outside: beyond half a voxel from the outermost centres, as `Interpolation` has it.
    @inline(__always)
    init?(_ point: SIMD3<Double>, _ shape: SIMD3<Int>) {
        let half: Int64 = 8_388_608
        let x = SampleLine.fixed(point.x)
        let y = SampleLine.fixed(point.y)
        let z = SampleLine.fixed(point.z)
        guard x >= -half, y >= -half, z >= -half, x + half < Int64(shape.x) << 24, y + half < Int64(shape.y) << 24,
            z + half < Int64(shape.z) << 24
        else { return nil }
        self.init(clamping: SIMD3(Double(x), Double(y), Double(z)) / 16_777_216, shape)
    }

    /// The cell of the nearest point inside.
    @inline(__always)
    init(clamping point: SIMD3<Double>, _ shape: SIMD3<Int>) {
        let last = SIMD3<Double>(Double(shape.x - 1), Double(shape.y - 1), Double(shape.z - 1))
        let p = pointwiseMin(pointwiseMax(point, .zero), last)
        let (i, j, k) = (Int(p.x), Int(p.y), Int(p.z))
        low = i + shape.x * (j + shape.y * k)
        stepX = i < shape.x - 1 ? 1 : 0
        stepY = j < shape.y - 1 ? shape.x : 0
        stepZ = k < shape.z - 1 ? shape.x * shape.y : 0
        part = SIMD3(Float(p.x - Double(i)), Float(p.y - Double(j)), Float(p.z - Double(k)))
    }

    /// The value of a scalar image.
    @inline(__always)
    func value(_ voxels: UnsafePointer<Float>) -> Float {
        @inline(__always) func blend(_ a: Float, _ b: Float, _ t: Float) -> Float { t == 0 ? a : a + t * (b - a) }
        @inline(__always) func edge(_ v: UnsafePointer<Float>) -> Float { blend(v[0], v[stepX], part.x) }
        @inline(__always) func face(_ v: UnsafePointer<Float>) -> Float { blend(edge(v), edge(v + stepY), part.y) }
        return blend(face(voxels + low), face(voxels + low + stepZ), part.z)
    }

    /// The value of an image of three frames of `count` voxels.
    @inline(__always)
    func vector(_ voxels: UnsafePointer<Float>, _ count: Int) -> SIMD3<Double> {
        SIMD3(Double(value(voxels)), Double(value(voxels + count)), Double(value(voxels + 2 * count)))
    }
}
