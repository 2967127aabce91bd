import Glibc

/// What a registration may change of an image's place.
public enum TransformModel: String, Sendable, CaseIterable {
    /// Shifts and turns: 6 parameters.
    case rigid
    /// And one scale: 7.
    case similarity
    /// And a scale and a shear along each axis: 12.
    case affine

    /// How many parameters it has.
    public var parameterCount: Int {
        switch self {
        case .rigid: 6
        case .similarity: 7
        case .affine: 12
        }
    }

    /// The map of parameters, all in mm: x ↦ center + shift + R·K·(x − center).
    ///
    /// Parameters are three shifts, three of a rotation vector, then logarithms of scales and three shears of an upper
    /// triangular K, all but the shifts times `radius`: a step of 1 moves a point that far from the centre by about 1 mm.
    package func transform(_ p: UnsafeBufferPointer<Double>, center: SIMD3<Double>, radius: Double) -> Affine {
        precondition(p.count == parameterCount, "the model has \(parameterCount) parameters")
        let turn = Affine.rotation(vector: SIMD3(p[3], p[4], p[5]) / radius)
        let stretch: Affine
        switch self {
        case .rigid: stretch = .identity
        case .similarity: stretch = Affine(scale: SIMD3(repeating: exp(p[6] / radius)))
        case .affine:
            let (a, b, c) = (exp(p[6] / radius), exp(p[7] / radius), exp(p[8] / radius))
            stretch = Affine(
                x: [a, 0, 0], y: [p[9] / radius, b, 0], z: [p[10] / radius, p[11] / radius, c], translation: .zero)
        }
        var map = turn * stretch
        map.translation = center + SIMD3(p[0], p[1], p[2]) - map.linear(center)
        return map
    }
}

extension Affine {
    /// A turn about an axis through the origin: `vector` points along it and is as long as the angle, radians.
    public static func rotation(vector: SIMD3<Double>) -> Affine {
        let angle = norm(vector)
        guard angle > 1e-12 else { return .identity }
        let axis = vector / angle
        let (s, c) = (sin(angle), cos(angle))
        func turned(_ v: SIMD3<Double>) -> SIMD3<Double> {
            v * c + cross(axis, v) * s + axis * (dot(axis, v) * (1 - c))
        }
        return Affine(x: turned([1, 0, 0]), y: turned([0, 1, 0]), z: turned([0, 0, 1]), translation: .zero)
    }

    /// The same linear part, turning about `center`.
    public func about(_ center: SIMD3<Double>) -> Affine {
        Affine(x: x, y: y, z: z, translation: center - linear(center) + translation)
    }

    /// The largest distance, mm, by which two maps take a point of the ball of `radius` mm around `center` apart, to
    /// within the ball's corners: looked at in its centre and on its surface in 26 directions.
    public func distance(to other: Affine, center: SIMD3<Double>, radius: Double) -> Double {
        var largest = norm(self(center) - other(center))
        for code in 0..<27 where code != 13 {
            let direction = SIMD3<Double>(Double(code % 3 - 1), Double(code / 3 % 3 - 1), Double(code / 9 - 1))
            let point = center + direction * (radius / norm(direction))
            largest = Swift.max(largest, norm(self(point) - other(point)))
        }
        return largest
    }
}
