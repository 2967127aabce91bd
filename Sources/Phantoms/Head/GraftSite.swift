import Imaging
import Statistics

/// One deposit of transplanted cells: a ball in the posterior putamen at the end of a needle's path.
///
/// What counts as graft is the part of the ball inside the posterior putamen; the truth states the volume that is left.
public struct GraftSite: Sendable, Equatable {
    /// The centre, RAS mm.
    public var center: SIMD3<Double>
    /// The volume of the ball, mL.
    public var volumeML: Double
    /// The fraction of the cells that survive, 0...1.
    public var survival: Double
    /// The fraction of a healthy putamen's specific uptake that the ball would add if all cells survived.
    public var gain: Double
    /// A point on the needle's path outside the head, RAS mm.
    public var entry: SIMD3<Double>

    /// A deposit. The default path is that of a needle along the putamen from a frontal burr hole.
    public init(
        center: SIMD3<Double>, volumeML: Double, survival: Double, gain: Double = 0.9, entry: SIMD3<Double>? = nil
    ) {
        precondition(volumeML > 0 && (0...1).contains(survival) && gain >= 0, "a graft has volume, survival and gain")
        (self.center, self.volumeML, self.survival, self.gain) = (center, volumeML, survival, gain)
        self.entry = entry ?? center + [center.x < 0 ? -8 : 8, 78, 92]
    }

    /// The radius of the ball, mm.
    public var radius: Double { PortableMath.pow(volumeML * 750 / PortableMath.pi, 1.0 / 3) }

    var ball: Solid { Solid(center: center, semiAxes: SIMD3(repeating: radius)) }

    /// The tract a cannula of about 1.5 mm leaves, and the hole of a 12 mm perforator.
    var tract: [Solid] { path(radius: 1.5) }
    var burrHole: [Solid] { path(radius: 6) }

    /// In short links, whose boxes are small: few rows of a grid meet them.
    private func path(radius: Double) -> [Solid] {
        let links = 16
        return Solid.tube(
            (0...links).map { link in
                let p = center + (entry - center) * (Double(link) / Double(links))
                return Solid.Bead(p.x, p.y, p.z, radius: radius)
            })
    }
}

extension GraftSite {
    /// One deposit in the middle of each posterior putamen, with the same volume and survival.
    public static func posteriorPutamina(volumeML: Double, survival: Double) -> [GraftSite] {
        [-1.0, 1.0].map { GraftSite(center: [$0 * 28, -8, 3], volumeML: volumeML, survival: survival) }
    }
}
