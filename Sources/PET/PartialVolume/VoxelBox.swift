/// A box of voxels: indices from `lower` up to, not including, `upper`.
struct VoxelBox: Sendable, Equatable {
    var lower, upper: SIMD3<Int>

    var shape: SIMD3<Int> { upper &- lower }
    var count: Int { shape.x * shape.y * shape.z }
    var isEmpty: Bool { shape.x <= 0 || shape.y <= 0 || shape.z <= 0 }

    /// A box that holds nothing and grows by `include`.
    static let nothing = VoxelBox(lower: SIMD3(repeating: .max), upper: SIMD3(repeating: .min))

    /// The whole of an image.
    init(shape: SIMD3<Int>) { (lower, upper) = (.zero, shape) }

    init(lower: SIMD3<Int>, upper: SIMD3<Int>) { (self.lower, self.upper) = (lower, upper) }

    /// Takes in voxels `i` of a row.
    mutating func include(_ i: Range<Int>, _ j: Int, _ k: Int) {
        lower = [min(lower.x, i.lowerBound), min(lower.y, j), min(lower.z, k)]
        upper = [max(upper.x, i.upperBound), max(upper.y, j + 1), max(upper.z, k + 1)]
    }

    /// The box with so many voxels more on every side, as far as the image goes.
    func grown(by margin: SIMD3<Int>, within shape: SIMD3<Int>) -> VoxelBox {
        let (low, high) = (lower &- margin, upper &+ margin)
        return VoxelBox(
            lower: [max(0, low.x), max(0, low.y), max(0, low.z)],
            upper: [min(shape.x, high.x), min(shape.y, high.y), min(shape.z, high.z)])
    }

    /// What two boxes share; empty where they do not meet.
    func intersection(_ other: VoxelBox) -> VoxelBox {
        VoxelBox(
            lower: [max(lower.x, other.lower.x), max(lower.y, other.lower.y), max(lower.z, other.lower.z)],
            upper: [min(upper.x, other.upper.x), min(upper.y, other.upper.y), min(upper.z, other.upper.z)])
    }

    /// Whether a face of the image is a face of the box.
    func touchesFaces(of shape: SIMD3<Int>) -> Bool {
        // An axis of one voxel has no inside.
        (0..<3).contains { shape[$0] > 1 && (lower[$0] == 0 || upper[$0] == shape[$0]) }
    }
}

/// Values over a box, rows padded to whole groups of eight.
struct BoxImage: Sendable {
    let box: VoxelBox
    let stride: Int
    var values: [Float]

    /// Room for a row of `width` values.
    static func stride(_ width: Int) -> Int { (width + 7) / 8 * 8 }

    /// Where row (j, k) of the image begins, j and k in the image's indices; its first value is voxel `box.lower.x`.
    func row(_ j: Int, _ k: Int) -> Int { ((k - box.lower.z) * box.shape.y + (j - box.lower.y)) * stride }

    /// The sum of products with another over what both share, in voxel order, in Double.
    func dot(_ other: BoxImage) -> Double {
        let shared = box.intersection(other.box)
        guard !shared.isEmpty else { return 0 }
        var total = 0.0
        values.withUnsafeBufferPointer { mine in
            other.values.withUnsafeBufferPointer { theirs in
                for k in shared.lower.z..<shared.upper.z {
                    for j in shared.lower.y..<shared.upper.y {
                        let a = mine.baseAddress! + row(j, k) + shared.lower.x - box.lower.x
                        let b = theirs.baseAddress! + other.row(j, k) + shared.lower.x - other.box.lower.x
                        total += productSum(a, b, shared.shape.x)
                    }
                }
            }
        }
        return total
    }
}

/// Σ a b in four fixed lanes of Double, so that the bits depend on nothing but the values.
@inline(__always)
func productSum(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Double {
    var lanes = SIMD4<Double>.zero
    var i = 0
    while i + 4 <= count {
        let x = SIMD4<Double>(Double(a[i]), Double(a[i + 1]), Double(a[i + 2]), Double(a[i + 3]))
        let y = SIMD4<Double>(Double(b[i]), Double(b[i + 1]), Double(b[i + 2]), Double(b[i + 3]))
        lanes += x * y
        i += 4
    }
    var sum = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
    while i < count {
        sum += Double(a[i]) * Double(b[i])
        i += 1
    }
    return sum
}
