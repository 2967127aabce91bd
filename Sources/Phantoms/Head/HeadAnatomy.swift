import Imaging

/// The head as shapes in stereotaxic millimetres: RAS with the origin at the anterior commissure, as in the MNI152 space.
///
/// Sizes and places follow published figures, structure by structure, and are as simple as lets them be met: volumes and
/// extents of the basal ganglia and thalamus [Ahsan2007], the nucleus accumbens [Neto2008], the third ventricle [Zhu2002],
/// the skull [MoreiraGonzalez2006] and the outline of the brain [Collins1998]. Shapes are mirror images; the right is given.
struct HeadAnatomy: Sendable {
    /// A shape and what it is made of.
    struct Structure: Sendable {
        let solid: Solid
        let tissue: Tissue
    }

    /// The structures of the brain in the order in which they are looked up.
    let structures: [Structure]

    init() {
        var structures: [Structure] = []
        func add(_ solids: [Solid], _ tissue: Tissue) {
            structures += solids.map { Structure(solid: $0, tissue: tissue) }
        }
        /// Both sides of a region; the left one comes just before the right one.
        func add(_ right: Region, _ solids: (Double) -> [Solid]) {
            add(solids(-1), .region(Region(rawValue: right.rawValue - 1)!))
            add(solids(1), .region(right))
        }
        add(Self.midlineFluid, .cerebrospinalFluid)
        add(.caudateRight, Self.caudate)
        add(.ventralStriatumRight) { [Self.accumbens($0)] }
        add(.putamenAnteriorRight) { [Self.putamen($0)] }
        for side in [-1.0, 1.0] {
            add(Self.lateralVentricle(side) + Self.temporalHorn(side), .cerebrospinalFluid)
            add([Self.pallidum(side)], .pallidum)
            add([Self.thalamus(side)], .thalamus)
            add([Self.cerebellarWhiteMatter(side)], .whiteMatter)
        }
        add(Self.brainstem, .brainstem)
        add(.cerebellumRight) { [Self.cerebellum($0)] }
        add(.occipitalRight) { [Self.occipitalPole($0)] }
        self.structures = structures
    }

    // MARK: Striatum

    /// Head, body and the start of the tail, a comma over the thalamus: about 4 mL [Ahsan2007].
    private static func caudate(_ side: Double) -> [Solid] {
        Solid.tube([
            .init(side * 16.3, 25.0, 0.5, radius: 4.0), .init(side * 14.2, 19, 3.5, radius: 5.7),
            .init(side * 12.9, 13, 8.0, radius: 6.2), .init(side * 13.6, 6, 15.3, radius: 5.2),
            .init(side * 14.9, 0, 19.5, radius: 4.2), .init(side * 16.2, -6, 21.8, radius: 3.5),
            .init(side * 17.5, -13, 23.0, radius: 2.9), .init(side * 19, -21, 22.0, radius: 2.3),
        ])
    }

    /// A plate that leans outward behind and above: about 4.5 mL, y from −18 to 23 [Ahsan2007].
    ///
    /// It is named the anterior putamen here; points behind the anterior commissure are told apart when looked up.
    private static func putamen(_ side: Double) -> Solid {
        Solid(
            SuperEllipsoid(
                center: [side * 25.4, 2.2, 0.6], a: [side * 4.9, 0, 0], b: [side * -5.6, 20.5, -4.0],
                c: [side * 2.8, 0, 10.8]))
    }

    /// 10.5 mm long, 14.5 mm wide, 7.0 mm high [Neto2008].
    private static func accumbens(_ side: Double) -> Solid {
        Solid(
            SuperEllipsoid(
                center: [side * 11.4, 12.6, -6.8], a: [side * 7.0, 0, 1.8], b: [0, 5.25, 0], c: [side * -0.9, 0, 3.4]))
    }

    /// About 2 mL, inside the putamen [Ahsan2007].
    private static func pallidum(_ side: Double) -> Solid {
        Solid(
            SuperEllipsoid(
                center: [side * 20.3, -3.5, -0.8], a: [side * 4.4, 0, 0], b: [side * -4.4, 11, 0], c: [side * 2, 0, 8]))
    }

    /// About 6 mL, its back further out [Ahsan2007].
    private static func thalamus(_ side: Double) -> Solid {
        Solid(
            SuperEllipsoid(
                center: [side * 11, -18, 7.5], a: [side * 8, 0, 0], b: [side * -4, 14.5, -2], c: [side * 2, 0, 9.5]))
    }

    // MARK: Fluid

    /// Frontal horn, body, atrium and occipital horn along the caudate, wide as at 60 years.
    private static func lateralVentricle(_ side: Double) -> [Solid] {
        Solid.tube([
            .init(side * 9.0, 30, 3, radius: 2.6), .init(side * 6.6, 22, 8.5, radius: 4.2),
            .init(side * 6.0, 12, 15, radius: 4.4), .init(side * 7.0, 0, 21.5, radius: 4.6),
            .init(side * 9.5, -14, 25, radius: 4.8), .init(side * 15, -28, 22, radius: 5.6),
            .init(side * 23, -40, 12, radius: 6.5), .init(side * 24, -52, 8, radius: 4.6),
            .init(side * 22, -64, 6, radius: 2.6),
        ])
    }

    private static func temporalHorn(_ side: Double) -> [Solid] {
        Solid.tube([
            .init(side * 23, -40, 12, radius: 6.2), .init(side * 32, -34, -4, radius: 3.6),
            .init(side * 34, -22, -14, radius: 2.8), .init(side * 31, -12, -20, radius: 2.4),
        ])
    }

    /// The third ventricle, 7 mm at its widest [Zhu2002], and the fourth.
    private static let midlineFluid = [
        Solid(center: [0, -14, -1], semiAxes: [3.0, 13, 10]), Solid(center: [0, -45, -32], semiAxes: [6.5, 6, 9]),
    ]

    // MARK: Hindbrain and occipital cortex

    /// Midbrain, pons and medulla.
    private static let brainstem = Solid.tube([
        .init(0, -22, -8, radius: 11), .init(0, -27, -28, radius: 14), .init(0, -36, -50, radius: 10),
        .init(0, -42, -90, radius: 7.5),
    ])

    /// One hemisphere, about 70 mL with its white matter, its upper surface falling backward under the tentorium.
    private static func cerebellum(_ side: Double) -> Solid {
        Solid(
            SuperEllipsoid(
                center: [side * 24, -60, -38], a: [side * 25, 0, -3], b: [0, 28, -8], c: [side * 2, 5, 21],
                exponent: .twoAndHalf))
    }

    private static func cerebellarWhiteMatter(_ side: Double) -> Solid {
        Solid(center: [side * 19, -55, -36], semiAxes: [13, 10, 6.5])
    }

    /// The occipital pole, the reference region of FDOPA: about 14 mL of cortex without sulci a side.
    private static func occipitalPole(_ side: Double) -> Solid {
        Solid(center: [side * 19, -86, 4], semiAxes: [16, 12.5, 17])
    }
}
