/// Where voxels are: how many along each axis, and the map from voxel indices to RAS+ millimetres.
///
/// Integer indices are voxel centres, as in NIfTI and nibabel. i varies fastest.
public struct VoxelGrid: Sendable, Equatable {
    /// Voxels along i, j, k; each at least 1.
    public let shape: SIMD3<Int>
    /// RAS+ millimetres from voxel indices; never singular.
    public let worldFromVoxel: Affine
    /// Voxel indices from RAS+ millimetres.
    public let voxelFromWorld: Affine

    /// A grid. Throws where the shape is empty or the affine cannot be inverted.
    public init(shape: SIMD3<Int>, worldFromVoxel: Affine) throws(GridError) {
        guard shape.x > 0, shape.y > 0, shape.z > 0 else { throw .emptyShape(shape) }
        let sizes = [norm(worldFromVoxel.x), norm(worldFromVoxel.y), norm(worldFromVoxel.z)]
        guard sizes.allSatisfy({ $0.isFinite && $0 > 0 }), let inverse = worldFromVoxel.inverse,
            abs(worldFromVoxel.determinant) > 1e-6 * sizes[0] * sizes[1] * sizes[2]
        else { throw .singularAffine }
        let origin = worldFromVoxel.translation
        guard origin.x.isFinite, origin.y.isFinite, origin.z.isFinite else { throw .noOrigin }
        self.shape = shape
        self.worldFromVoxel = worldFromVoxel
        voxelFromWorld = inverse
    }

    /// Voxels in one frame.
    public var count: Int { shape.x * shape.y * shape.z }

    /// Edge lengths of a voxel, mm.
    public var voxelSize: SIMD3<Double> {
        [norm(worldFromVoxel.x), norm(worldFromVoxel.y), norm(worldFromVoxel.z)]
    }

    /// Volume of a voxel, mL.
    public var voxelVolumeML: Double { abs(worldFromVoxel.determinant) / 1000 }

    /// The place of voxel (i, j, k) in a frame.
    public func offset(_ i: Int, _ j: Int, _ k: Int) -> Int { i + shape.x * (j + shape.y * k) }

    /// The anatomical direction in which i, j and k grow, such as "RAS" or "LPI".
    ///
    /// Each voxel axis takes the world axis it is closest to, the best match first, as nibabel's `aff2axcodes` does
    /// for the axes of a scanner.
    public var orientation: String {
        let columns = [worldFromVoxel.x, worldFromVoxel.y, worldFromVoxel.z].map { $0 / norm($0) }
        let letters: [(Character, Character)] = [("R", "L"), ("A", "P"), ("S", "I")]
        var code: [Character] = ["?", "?", "?"]
        var free = Set(0..<3)
        var open = Set(0..<3)
        while !open.isEmpty {
            let pairs = open.sorted().flatMap { axis in free.sorted().map { (axis, $0) } }
            let best = pairs.max { abs(columns[$0.0][$0.1]) < abs(columns[$1.0][$1.1]) }!
            code[best.0] = columns[best.0][best.1] >= 0 ? letters[best.1].0 : letters[best.1].1
            open.remove(best.0)
            free.remove(best.1)
        }
        return String(code)
    }

    /// Whether two grids have the same voxels: same shape, and corners nowhere further apart than `tolerance` mm.
    public func matches(_ other: VoxelGrid, tolerance: Double = 1e-3) -> Bool {
        guard shape == other.shape else { return false }
        let far = SIMD3<Double>(shape &- 1)
        for corner in 0..<8 {
            let mask = SIMD3<Double>(Double(corner & 1), Double(corner >> 1 & 1), Double(corner >> 2 & 1))
            if norm(worldFromVoxel(far * mask) - other.worldFromVoxel(far * mask)) > tolerance { return false }
        }
        return true
    }
}

/// Why a grid cannot be made.
public enum GridError: Error, Equatable, CustomStringConvertible {
    case emptyShape(SIMD3<Int>)
    case singularAffine
    /// The place of the first voxel is not a number.
    case noOrigin
    /// More than 2^31 voxels.
    case tooLarge

    /// One sentence for the person holding the file.
    public var description: String {
        switch self {
        case .emptyShape(let s): "the image has \(s.x) × \(s.y) × \(s.z) voxels; each axis needs at least one"
        case .singularAffine: "the voxel-to-world matrix cannot be inverted: an axis has no length or lies in another"
        case .noOrigin: "the voxel-to-world matrix does not say where the image lies: its offset is not a number"
        case .tooLarge: "the image would have more than 2147483648 voxels; choose larger ones"
        }
    }
}

extension VoxelGrid {
    /// The centre of a voxel by its place in a frame, RAS mm.
    public func center(of voxel: Int) -> SIMD3<Double> {
        let (i, rest) = (voxel % shape.x, voxel / shape.x)
        return worldFromVoxel([Double(i), Double(rest % shape.y), Double(rest / shape.y)])
    }
}

extension VoxelGrid {
    /// The grid over the same box with voxels of another size, mm; the box's outer faces stay, its far side may grow.
    public func resized(voxelSize size: SIMD3<Double>) throws(GridError) -> VoxelGrid {
        let step = size / voxelSize
        let extent = SIMD3<Double>(shape) / step
        guard extent.x * extent.y * extent.z <= Double(1 << 31) else { throw .tooLarge }
        let shape = SIMD3<Int>(
            Int((extent.x - 1e-6).rounded(.up)), Int((extent.y - 1e-6).rounded(.up)),
            Int((extent.z - 1e-6).rounded(.up)))
        let oldFromNew = Affine(scale: step, translation: (step - 1) / 2)
        return try VoxelGrid(shape: shape, worldFromVoxel: worldFromVoxel * oldFromNew)
    }
}
