import Imaging

/// A shape in RAS millimetres that can say whether a point lies in it: what the head is built from.
///
/// A class, because millions of points are asked and a large structure would be copied for each.
final class Solid: Sendable {
    /// A sphere on a path: its centre, mm, and radius, mm.
    struct Bead: Sendable {
        var x, y, z, radius: Double

        init(_ x: Double, _ y: Double, _ z: Double, radius: Double) {
            (self.x, self.y, self.z, self.radius) = (x, y, z, radius)
        }
    }

    /// An ellipse in a coronal plane: its centre, semi-axes along x and z, mm, and how far x moves for each mm of z.
    struct Section: Sendable {
        var y, x, z, width, height, lean: Double

        init(_ y: Double, _ x: Double, _ z: Double, width: Double, height: Double, lean: Double = 0) {
            (self.y, self.x, self.z, self.width, self.height, self.lean) = (y, x, z, width, height, lean)
        }
    }

    private let ellipsoid: SuperEllipsoid?
    private let first, last: Bead
    private let sections: [Section]
    /// The corners of a box around the shape, mm.
    let low, high: SIMD3<Double>

    /// An ellipsoid with semi-axes along x, y and z, mm; an exponent above 2 makes it boxier (Lamé).
    convenience init(center: SIMD3<Double>, semiAxes: SIMD3<Double>, exponent: SuperEllipsoid.Exponent = .two) {
        self.init(
            SuperEllipsoid(
                center: center, a: [semiAxes.x, 0, 0], b: [0, semiAxes.y, 0], c: [0, 0, semiAxes.z], exponent: exponent)
        )
    }

    /// The image of the unit ball of an exponent.
    init(_ ellipsoid: SuperEllipsoid) {
        self.ellipsoid = ellipsoid
        (first, last, sections) = (Bead(0, 0, 0, radius: 0), Bead(0, 0, 0, radius: 0), [])
        // Each |u|, |v|, |w| ≤ 1 bounds every exponent's ball by a parallelepiped.
        let (a, b, c) = (ellipsoid.a, ellipsoid.b, ellipsoid.c)
        func size(_ v: SIMD3<Double>) -> SIMD3<Double> { [abs(v.x), abs(v.y), abs(v.z)] }
        let reach = size(a) + size(b) + size(c)
        (low, high) = (ellipsoid.center - reach, ellipsoid.center + reach)
    }

    /// Two spheres and what lies between them, the radius changing linearly along the way.
    init(from first: Bead, to last: Bead) {
        (ellipsoid, sections) = (nil, [])
        (self.first, self.last) = (first, last)
        func corner(_ bead: Bead, _ sign: Double) -> SIMD3<Double> { [bead.x, bead.y, bead.z] + sign * bead.radius }
        low = pointwiseMin(corner(first, -1), corner(last, -1))
        high = pointwiseMax(corner(first, 1), corner(last, 1))
    }

    /// Coronal ellipses from back to front and what lies between them, everything changing linearly along the way.
    init(_ sections: [Section]) {
        precondition(
            sections.count > 1 && zip(sections, sections.dropFirst()).allSatisfy { $0.y < $1.y },
            "sections go from back to front")
        (ellipsoid, self.sections) = (nil, sections)
        (first, last) = (Bead(0, 0, 0, radius: 0), Bead(0, 0, 0, radius: 0))
        func corner(_ s: Section, _ sign: Double) -> SIMD3<Double> {
            [s.x + sign * (s.width + abs(s.lean) * s.height), s.y, s.z + sign * s.height]
        }
        low = sections.dropFirst().reduce(corner(sections[0], -1)) { pointwiseMin($0, corner($1, -1)) }
        high = sections.dropFirst().reduce(corner(sections[0], 1)) { pointwiseMax($0, corner($1, 1)) }
    }

    /// Spheres on a path, joined one to the next.
    static func tube(_ beads: [Bead]) -> [Solid] {
        zip(beads, beads.dropFirst()).map { Solid(from: $0, to: $1) }
    }

    /// Whether the shape's box meets a box.
    func mayMeet(low otherLow: SIMD3<Double>, high otherHigh: SIMD3<Double>) -> Bool {
        low.x <= otherHigh.x && high.x >= otherLow.x && low.y <= otherHigh.y && high.y >= otherLow.y
            && low.z <= otherHigh.z && high.z >= otherLow.z
    }

    /// Whether a point lies in the shape; its surface belongs to it.
    func contains(_ x: Double, _ y: Double, _ z: Double) -> Bool {
        if x < low.x || x > high.x || y < low.y || y > high.y || z < low.z || z > high.z { return false }
        if let ellipsoid { return ellipsoid.level(x, y, z) <= 1 }
        if !sections.isEmpty { return isInSections(x, y, z) }
        let (dx, dy, dz) = (last.x - first.x, last.y - first.y, last.z - first.z)
        let (ex, ey, ez) = (x - first.x, y - first.y, z - first.z)
        let along = (ex * dx + ey * dy + ez * dz) / (dx * dx + dy * dy + dz * dz)
        let t = min(max(along, 0), 1)
        let radius = first.radius + t * (last.radius - first.radius)
        let (fx, fy, fz) = (ex - t * dx, ey - t * dy, ez - t * dz)
        return fx * fx + fy * fy + fz * fz <= radius * radius
    }

    private func isInSections(_ x: Double, _ y: Double, _ z: Double) -> Bool {
        var behind = 0
        while behind < sections.count - 2, sections[behind + 1].y <= y { behind += 1 }
        let (p, q) = (sections[behind], sections[behind + 1])
        let t = (y - p.y) / (q.y - p.y)
        func between(_ a: Double, _ b: Double) -> Double { a + t * (b - a) }
        let dz = z - between(p.z, q.z)
        let dx = x - between(p.x, q.x) - between(p.lean, q.lean) * dz
        let (width, height) = (between(p.width, q.width), between(p.height, q.height))
        let (v, w) = (dx * height, dz * width)
        return v * v + w * w <= width * width * height * height
    }
}

/// The image of |u|ⁿ + |v|ⁿ + |w|ⁿ ≤ 1 under u·a + v·b + w·c + center, mm.
final class SuperEllipsoid: Sendable {
    /// n; only powers that squaring and square roots reach.
    enum Exponent: Sendable { case two, twoAndHalf, three }

    let center, a, b, c: SIMD3<Double>
    let exponent: Exponent
    private let rowU, rowV, rowW: SIMD3<Double>

    init(
        center: SIMD3<Double>, a: SIMD3<Double>, b: SIMD3<Double>, c: SIMD3<Double>, exponent: Exponent = .two
    ) {
        (self.center, self.a, self.b, self.c, self.exponent) = (center, a, b, c, exponent)
        let volume = dot(a, cross(b, c))
        precondition(volume != 0, "the axes of an ellipsoid lie in a plane")
        (rowU, rowV, rowW) = (cross(b, c) / volume, cross(c, a) / volume, cross(a, b) / volume)
    }

    /// The value that is at most 1 inside; scaling the shape by t about its centre divides it by tⁿ.
    func level(_ x: Double, _ y: Double, _ z: Double) -> Double {
        let (px, py, pz) = (x - center.x, y - center.y, z - center.z)
        let u = abs(rowU.x * px + rowU.y * py + rowU.z * pz)
        let v = abs(rowV.x * px + rowV.y * py + rowV.z * pz)
        let w = abs(rowW.x * px + rowW.y * py + rowW.z * pz)
        switch exponent {
        case .two: return u * u + v * v + w * w
        case .twoAndHalf: return u * u * u.squareRoot() + v * v * v.squareRoot() + w * w * w.squareRoot()
        case .three: return u * u * u + v * v * v + w * w * w
        }
    }

    /// tⁿ.
    func levelOfScale(_ t: Double) -> Double {
        switch exponent {
        case .two: t * t
        case .twoAndHalf: t * t * t.squareRoot()
        case .three: t * t * t
        }
    }
}
