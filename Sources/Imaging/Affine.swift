/// A map between two 3-D spaces: a 3×3 linear part and a translation, in Double.
///
/// Named result-from-source, so that a product reads by cancelling:
/// `petFromMRI = petFromWorld * worldFromMRI`. World is RAS+ millimetres.
public struct Affine: Sendable, Equatable {
    /// The image of the source's unit steps, one column per source axis.
    public var x, y, z: SIMD3<Double>
    /// The image of the source's origin.
    public var translation: SIMD3<Double>

    /// An affine from its columns: the images of the unit steps and of the origin.
    public init(x: SIMD3<Double>, y: SIMD3<Double>, z: SIMD3<Double>, translation: SIMD3<Double>) {
        (self.x, self.y, self.z, self.translation) = (x, y, z, translation)
    }

    /// The map that changes nothing.
    public static let identity = Affine(scale: .one)

    /// Scaling along the axes, then a translation.
    public init(scale: SIMD3<Double>, translation: SIMD3<Double> = .zero) {
        self.init(x: [scale.x, 0, 0], y: [0, scale.y, 0], z: [0, 0, scale.z], translation: translation)
    }

    /// An affine from the upper three rows of its 4×4 matrix. `rows` has three or four rows of four.
    public init(rows: [[Double]]) {
        precondition(rows.count >= 3 && rows.allSatisfy { $0.count == 4 }, "an affine has three rows of four")
        func column(_ c: Int) -> SIMD3<Double> { [rows[0][c], rows[1][c], rows[2][c]] }
        self.init(x: column(0), y: column(1), z: column(2), translation: column(3))
    }

    /// The 4×4 matrix, row by row.
    public var rows: [[Double]] {
        (0..<3).map { [x[$0], y[$0], z[$0], translation[$0]] } + [[0, 0, 0, 1]]
    }

    /// The image of a point.
    public func callAsFunction(_ point: SIMD3<Double>) -> SIMD3<Double> { linear(point) + translation }

    /// The image of a direction: the linear part alone.
    public func linear(_ direction: SIMD3<Double>) -> SIMD3<Double> {
        x * direction.x + y * direction.y + z * direction.z
    }

    /// The composed map: first `second`, then `first`.
    public static func * (first: Affine, second: Affine) -> Affine {
        Affine(
            x: first.linear(second.x), y: first.linear(second.y), z: first.linear(second.z),
            translation: first(second.translation))
    }

    /// The signed volume of the image of the unit cube.
    public var determinant: Double { dot(x, cross(y, z)) }

    /// The map back, or `nil` where the linear part is singular.
    public var inverse: Affine? {
        let volume = determinant
        guard volume != 0, volume.isFinite else { return nil }
        let (r0, r1, r2) = (cross(y, z) / volume, cross(z, x) / volume, cross(x, y) / volume)
        let back = Affine(
            x: [r0.x, r1.x, r2.x], y: [r0.y, r1.y, r2.y], z: [r0.z, r1.z, r2.z], translation: .zero)
        return Affine(x: back.x, y: back.y, z: back.z, translation: -back.linear(translation))
    }
}

/// The scalar product.
public func dot(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double { (a * b).sum() }

/// The vector product.
public func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    [a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x]
}

/// The Euclidean length.
public func norm(_ a: SIMD3<Double>) -> Double { dot(a, a).squareRoot() }
