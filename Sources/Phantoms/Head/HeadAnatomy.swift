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

    /// Head, body and the start of the tail, a comma over the thalamus: 3.6 mL.
    private static func caudate(_ side: Double) -> [Solid] {
        func section(
            _ y: Double, _ x: Double, _ z: Double, _ width: Double, _ height: Double, lean: Double = 0
        ) -> Solid.Section {
            Solid.Section(y, side * x, z, width: width, height: height, lean: side * lean)
        }
        return [
            Solid([
                section(-28, 21.5, 20.0, 1.2, 1.6), section(-24, 20.0, 21.5, 1.8, 2.3),
                section(-18, 18.3, 23.0, 2.3, 3.0), section(-12, 17.2, 22.3, 2.7, 3.6, lean: 0.10),
                section(-8, 16.6, 21.3, 2.9, 4.3, lean: 0.20), section(-4, 16.0, 20.0, 3.0, 4.8, lean: 0.20),
                section(0, 15.3, 19.6, 3.5, 6.2, lean: 0.25), section(4, 13.8, 16.0, 3.9, 8.6, lean: 0.33),
                section(8, 13.3, 12.4, 4.4, 11.0, lean: 0.35), section(12, 13.0, 9.6, 4.7, 11.2, lean: 0.33),
                section(16, 13.2, 6.5, 4.9, 10.2, lean: 0.30), section(20, 14.3, 3.2, 4.8, 9.2, lean: 0.25),
                section(24, 15.3, 2.2, 3.9, 7.4, lean: 0.20), section(27, 15.8, 1.6, 2.4, 4.6, lean: 0.20),
                section(29, 16.0, 1.2, 0.6, 1.2, lean: 0.20),
            ])
        ]
    }

    /// A plate that leans outward in front and inward behind: 5.3 mL, y from −21 to 22.
    ///
    /// It is named the anterior putamen here; points behind the anterior commissure are told apart when looked up.
    private static func putamen(_ side: Double) -> Solid {
        func section(
            _ y: Double, _ x: Double, _ z: Double, _ width: Double, _ height: Double, lean: Double
        ) -> Solid.Section {
            Solid.Section(y, side * x, z, width: width, height: height, lean: side * lean)
        }
        return Solid([
            section(-21, 29.2, 4.0, 0.8, 2.5, lean: -0.10), section(-18, 29.3, 3.0, 2.0, 6.0, lean: -0.10),
            section(-14, 29.2, 2.0, 3.1, 9.0, lean: -0.10), section(-10, 28.8, 2.0, 3.8, 10.5, lean: -0.10),
            section(-6, 28.0, 2.2, 4.2, 11.0, lean: -0.08), section(-2, 27.0, 1.8, 4.6, 11.4, lean: -0.04),
            section(2, 25.8, 1.0, 5.0, 11.5, lean: 0.02), section(6, 24.4, 0.4, 5.2, 11.2, lean: 0.10),
            section(10, 23.2, 0.0, 5.2, 10.6, lean: 0.16), section(14, 22.4, -0.6, 4.6, 9.2, lean: 0.18),
            section(18, 22.2, -2.4, 3.4, 6.6, lean: 0.18), section(22, 22.0, -4.0, 0.8, 1.8, lean: 0.18),
        ])
    }

    /// 10.5 mm long, 14.5 mm wide, 7.0 mm high [Neto2008].
    private static func accumbens(_ side: Double) -> Solid {
        Solid(
            SuperEllipsoid(
                center: [side * 11.4, 12.2, -6.6], a: [side * 7.0, 0, 1.8], b: [0, 5.25, 0], c: [side * -0.9, 0, 3.4]))
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
            .init(side * 6.4, 12, 15, radius: 4.4), .init(side * 8.0, 0, 20.6, radius: 4.6),
            .init(side * 10.5, -14, 23.5, radius: 4.8), .init(side * 15, -28, 22, radius: 5.6),
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
