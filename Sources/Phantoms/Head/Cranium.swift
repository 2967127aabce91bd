import Imaging

/// The layers that hold the brain: scalp, skull, fluid, and the cerebrum with its folded cortex.
///
/// The cerebrum is 134 × 174 × 122 mm, the brain of the MNI152 average without its cerebellum [Collins1998]; the skull is
/// 6.5 mm thick, 6.3 mm having been measured on 281 skulls [MoreiraGonzalez2006]; scalp 6 mm.
final class Cranium: Sendable {
    /// The same vault made larger: an ellipsoid cut off below, the temporal fossae, and what holds the hindbrain.
    private final class Vault: Sendable {
        let main: SuperEllipsoid
        let lobes: [2 of SuperEllipsoid]
        private let mainBox: Solid
        private let fossae: [4 of Solid]
        private let drop, rise: Double

        init(expandedBy d: Double, isCerebrum: Bool = false) {
            drop = d
            rise = isCerebrum ? 12 : 0
            main = SuperEllipsoid(
                center: [0, -17, 13], a: [67 + d, 0, 0], b: [0, 87 + d, 0], c: [0, 0, 61 + d], exponent: .twoAndHalf)
            mainBox = Solid(main)
            func temporalLobe(_ side: Double) -> SuperEllipsoid {
                SuperEllipsoid(
                    center: [side * 42, -10, -20], a: [23 + d, 0, 0], b: [side * -6, 42 + d, 4], c: [0, 0, 23 + d])
            }
            lobes = [temporalLobe(-1), temporalLobe(1)]
            let cerebellar = SuperEllipsoid(
                center: [0, -60, -38], a: [50 + d, 0, 0], b: [0, 31 + d, -5], c: [0, 0, 26 + d], exponent: .twoAndHalf)
            let central = SuperEllipsoid(
                center: [0, -24, -32], a: [22 + d, 0, 0], b: [0, 22 + d, 0], c: [0, 0, 27 + d])
            fossae = [Solid(lobes[0]), Solid(lobes[1]), Solid(cerebellar), Solid(central)]
        }

        /// How far a point lies above the base, mm: the frontal lobes reach lower than the occipital ones.
        func height(_ y: Double, _ z: Double) -> Double {
            z + drop + 27 - rise * min(max((-15 - y) / 35, 0), 1)
        }

        func contains(_ x: Double, _ y: Double, _ z: Double) -> Bool {
            if height(y, z) >= 0 && mainBox.contains(x, y, z) { return true }
            return any(fossae, x, y, z)
        }
    }

    private let cerebrum = Vault(expandedBy: 0, isCerebrum: true)
    private let cavity = Vault(expandedBy: 2.5)
    private let skull = Vault(expandedBy: 9)
    private let scalp = Vault(expandedBy: 15)
    private let canal = Solid(from: .init(0, -36, -50, radius: 12), to: .init(0, -42, -100, radius: 11))
    private let face = Solid(center: [0, 42, -52], semiAxes: [62, 47, 62], exponent: .twoAndHalf)
    private let neck = Solid(from: .init(0, -38, -40, radius: 50), to: .init(0, -38, -140, radius: 52))
    private let orbits = pair { Solid(center: [$0 * 32, 62, -38], semiAxes: [17, 24, 15]) }
    private let eyes = pair { Solid(center: [$0 * 32, 70, -38], semiAxes: [12, 12, 12]) }
    private let cheeks = pair { Solid(center: [$0 * 38, 52, -58], semiAxes: [20, 22, 17]) }
    private let maxillarySinuses = pair { Solid(center: [$0 * 28, 50, -70], semiAxes: [13, 15, 14]) }
    private let nasalCavities: [2 of Solid] = [
        Solid(center: [0, 52, -52], semiAxes: [9, 32, 17]), Solid(center: [0, 72, -22], semiAxes: [14, 4.5, 8]),
    ]

    /// Whether a point is in the head at all.
    func holds(_ x: Double, _ y: Double, _ z: Double) -> Bool {
        scalp.contains(x, y, z) || face.contains(x, y, z) || neck.contains(x, y, z)
    }

    /// Whether a point is in the cavity of the skull or in the canal below it.
    func isInside(_ x: Double, _ y: Double, _ z: Double) -> Bool {
        cavity.contains(x, y, z) || (z < -55 && canal.contains(x, y, z))
    }

    /// What is at a point of the head outside the cavity.
    func wall(_ x: Double, _ y: Double, _ z: Double) -> Tissue {
        if any(eyes, x, y, z) { return .eye }
        if any(nasalCavities, x, y, z) || any(maxillarySinuses, x, y, z) { return .air }
        if any(orbits, x, y, z) { return .fat }
        if skull.contains(x, y, z) || any(cheeks, x, y, z) { return .bone }
        return .scalp
    }

    /// What is at a point of the cavity that belongs to no named structure.
    func filling(_ x: Double, _ y: Double, _ z: Double) -> Tissue {
        if isFissure(x, y, z) { return .cerebrospinalFluid }
        let fold = Self.folding(x, y, z)
        var cortex = false
        let height = cerebrum.height(y, z)
        if height >= 0 {
            let level = cerebrum.main.level(x, y, z)
            if level <= cerebrum.main.levelOfScale(0.90 + 0.05 * fold), height > 5 + 3 * fold { return .whiteMatter }
            if level <= cerebrum.main.levelOfScale(min(1, 1.02 + 0.13 * fold)) { cortex = true }
        }
        for side in cerebrum.lobes.indices {
            let lobe = cerebrum.lobes[side]
            let level = lobe.level(x, y, z)
            if level <= lobe.levelOfScale(0.68 + 0.1 * fold) { return .whiteMatter }
            if level <= 1 { cortex = true }
        }
        return cortex ? .cortex : .cerebrospinalFluid
    }

    /// Between the hemispheres, above and around the corpus callosum.
    private func isFissure(_ x: Double, _ y: Double, _ z: Double) -> Bool {
        guard abs(x) < 1.3, z > -25 else { return false }
        let (v, w) = ((y + 6) / 42, (z - 6) / 24)
        return v * v + w * w > 1
    }

    /// −1 in the depth of a sulcus to 1 on a gyrus: products of parabolic waves with wavelengths of gyri.
    private static func folding(_ x: Double, _ y: Double, _ z: Double) -> Double {
        func wave(_ t: Double) -> Double {
            let u = t - t.rounded(.down)
            return u < 0.5 ? 16 * u * (0.5 - u) : -16 * (u - 0.5) * (1 - u)
        }
        let a = wave((x + 0.35 * y) / 23) * wave((y - 0.3 * z) / 26)
        let b = wave((z + 0.25 * x) / 21 + 0.25) * wave((y + 0.5 * z) / 31 + 0.4)
        return min(max(a + b, -1), 1)
    }
}

/// Whether a point lies in one of some shapes.
private func any<let count: Int>(_ solids: [count of Solid], _ x: Double, _ y: Double, _ z: Double) -> Bool {
    for place in solids.indices where solids[place].contains(x, y, z) { return true }
    return false
}

/// A shape on the left and its mirror image.
private func pair(_ shape: (Double) -> Solid) -> [2 of Solid] { [shape(-1), shape(1)] }
