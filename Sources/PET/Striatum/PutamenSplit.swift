import Imaging

/// Where a putamen is divided into an anterior and a posterior part.
///
/// Surgeons place cells behind the anterior commissure, so its coronal plane is the division of choice; where nobody has marked
/// the commissure, the putamen's own length divides it.
public enum PutamenSplit: Sendable, Equatable {
    /// The coronal plane through a point, RAS mm of the label image: what lies at or before it is anterior.
    /// `normal` points forward; +y where the head is not tilted.
    case commissure(SIMD3<Double>, normal: SIMD3<Double> = [0, 1, 0])
    /// Half of the length along each putamen's principal axis.
    case half
    /// Thirds of the length along each putamen's principal axis: anterior, middle and posterior.
    case thirds

    /// The rule as it is printed and recorded.
    public var rule: String {
        switch self {
        case .commissure(let point, let normal):
            "coronal plane through the anterior commissure at "
                + [point.x, point.y, point.z].map(Self.short).joined(separator: ", ") + " mm"
                + (normal == [0, 1, 0] ? "" : ", tilted with the head")
        case .half: "half of the length along each putamen's principal axis"
        case .thirds: "thirds of the length along each putamen's principal axis"
        }
    }

    private static func short(_ value: Double) -> String {
        let tenths = (value * 10).rounded() / 10
        return tenths == tenths.rounded() ? String(Int(tenths)) : String(tenths)
    }

    /// The part each voxel of one putamen belongs to. `points` are its voxel centres, RAS mm, at least one.
    func parts(of points: [SIMD3<Double>]) -> [StriatalRegion.Structure] {
        switch self {
        case .commissure(let origin, let normal):
            return points.map { dot($0 - origin, normal) >= 0 ? .anteriorPutamen : .posteriorPutamen }
        case .half: return along(points, parts: [.posteriorPutamen, .anteriorPutamen])
        case .thirds: return along(points, parts: [.posteriorPutamen, .middlePutamen, .anteriorPutamen])
        }
    }

    private func along(
        _ points: [SIMD3<Double>], parts: [StriatalRegion.Structure]
    ) -> [StriatalRegion.Structure] {
        let axis = PrincipalAxis(of: points)
        let places = points.map(axis.place)
        let (low, high) = (places.min() ?? 0, places.max() ?? 0)
        guard high > low else { return points.map { _ in parts[parts.count - 1] } }
        return places.map { parts[min(Int(Double(parts.count) * ($0 - low) / (high - low)), parts.count - 1)] }
    }
}

/// The direction in which a set of points is longest, pointing forward.
public struct PrincipalAxis: Sendable, Equatable {
    /// The mean of the points, mm.
    public let center: SIMD3<Double>
    /// A unit vector; its y is not negative.
    public let direction: SIMD3<Double>

    /// The first principal component. Points that spread evenly have the axis +y.
    public init(of points: [SIMD3<Double>]) {
        precondition(!points.isEmpty, "an axis needs points")
        let center = points.reduce(SIMD3<Double>.zero, +) / Double(points.count)
        var (xx, yy, zz) = (SIMD3<Double>.zero, SIMD3<Double>.zero, SIMD3<Double>.zero)
        for point in points {
            let d = point - center
            xx += d * d.x
            yy += d * d.y
            zz += d * d.z
        }
        // Power iteration; a putamen is three times as long as wide, so 60 steps leave less than 1e-9 of the others.
        var direction: SIMD3<Double> = [0.01, 1, 0.01]
        for _ in 0..<200 {
            let next: SIMD3<Double> = [dot(xx, direction), dot(yy, direction), dot(zz, direction)]
            let length = norm(next)
            guard length > 0 else { break }
            direction = next / length
        }
        direction /= norm(direction)
        (self.center, self.direction) = (center, direction.y < 0 ? -direction : direction)
    }

    /// How far along the axis a point lies from the centre, mm; forward is positive.
    public func place(_ point: SIMD3<Double>) -> Double { dot(point - center, direction) }
}
