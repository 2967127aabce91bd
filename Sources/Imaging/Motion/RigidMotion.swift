import Glibc

/// A head's movement as six numbers: where its middle went, and how it turned about it.
///
/// The map is x ↦ center + translation + Rz·Ry·Rx (x − center), RAS: right-handed turns about the axes that point right, forward
/// and up, about x first.
public struct RigidMotion: Sendable, Equatable {
    /// mm to the right, forward, up.
    public let translation: SIMD3<Double>
    /// Radians about the axes that point right, forward, up.
    public let rotation: SIMD3<Double>

    /// The movement of a rigid map about a centre, mm.
    public init(_ map: Affine, center: SIMD3<Double>) {
        translation = map(center) - center
        // The third row of Rz·Ry·Rx is −sin y, cos y sin x, cos y cos x.
        rotation = [
            atan2(map.y.z, map.z.z), atan2(-map.x.z, (map.y.z * map.y.z + map.z.z * map.z.z).squareRoot()),
            atan2(map.x.y, map.x.x),
        ]
    }

    /// Framewise displacement, mm [Power2012]: the sum of the changes of all six, turns as arcs of a sphere of 50 mm.
    public func framewiseDisplacement(from before: RigidMotion) -> Double {
        func sum(_ v: SIMD3<Double>) -> Double { abs(v.x) + abs(v.y) + abs(v.z) }
        return sum(translation - before.translation) + Self.sphereMM * sum(rotation - before.rotation)
    }

    /// The radius of Power's sphere, mm.
    public static let sphereMM = 50.0
}

extension Affine {
    /// The root mean square distance, mm, by which two maps take the points of a ball apart [Jenkinson1999]: the length of the
    /// centre's shift, and the linear parts' difference over the ball.
    public func rmsDeviation(from other: Affine, center: SIMD3<Double>, radius: Double = 80) -> Double {
        let shift = self(center) - other(center)
        let (a, b, c) = (x - other.x, y - other.y, z - other.z)
        return (radius * radius / 5 * (dot(a, a) + dot(b, b) + dot(c, c)) + dot(shift, shift)).squareRoot()
    }
}
