import Imaging
import PET

/// What a tracer's image is like in a healthy head: uptake of each tissue over that of its reference region.
///
/// Only where to look for a striatum comes from these numbers, never how much it takes up: patients are fitted with an uptake
/// of their own in every part (`StriatalFit`). Outside the striatum they are delivery and distribution of the phantom.
public enum TemplateTracer: String, Sendable, CaseIterable {
    /// Late [18F]FDOPA. Caudate and putamen alike, as Ki of controls is within 3 % from Ki of patients and their ratio to
    /// controls [Nurmi2001]; twice the occipital cortex is chosen.
    case fdopa
    /// Transporter tracers, such as [18F]FE-PE2I: 4.2 and 4.6 from the binding of the phantom, which is chosen.
    case dat
    /// [18F]FP-DTBZ: anterior above posterior putamen above caudate, cerebellum a tenth of the anterior putamen's specific
    /// uptake and neocortex below a twentieth [Lin2013]; the size itself is chosen.
    case vmat2
    /// [11C]raclopride: putamen above caudate above ventral striatum; sizes are chosen.
    case raclopride

    /// The structure the ratios refer to.
    public var reference: StriatalRegion.Structure {
        switch self {
        case .fdopa, .vmat2: .occipital
        case .dat, .raclopride: .cerebellum
        }
    }

    /// Uptake over that of the reference.
    func ratio(of tissue: Tissue) -> Double {
        if case .region(let region) = tissue { return ratio(of: region.striatal.structure) }
        switch tissue {
        case .air: return 0
        case .cortex: return self == .raclopride ? 1.1 : 1
        case .thalamus: return self == .vmat2 || self == .raclopride ? 1.3 : 1.05
        case .pallidum: return self == .vmat2 || self == .dat ? 1.5 : 1.2
        case .brainstem: return self == .vmat2 ? 1.4 : 1
        case .whiteMatter: return 0.8
        case .graft: return ratio(of: .posteriorPutamen)
        case .cerebrospinalFluid, .needleTract: return 0.3
        case .eye, .fat, .bone: return 0.35
        case .scalp, .burrHole: return 0.65
        case .region: return 1
        }
    }

    private func ratio(of structure: StriatalRegion.Structure) -> Double {
        switch (structure, self) {
        case (.occipital, _): 1
        case (.cerebellum, .vmat2): 1.2
        case (.cerebellum, _): 1
        case (.caudate, .fdopa): 2
        case (.anteriorPutamen, .fdopa), (.middlePutamen, .fdopa), (.posteriorPutamen, .fdopa): 2
        case (.ventralStriatum, .fdopa): 1.9
        case (.caudate, .dat): 4.2
        case (.anteriorPutamen, .dat), (.middlePutamen, .dat), (.posteriorPutamen, .dat): 4.6
        case (.ventralStriatum, .dat): 3.2
        case (.caudate, .vmat2): 2.6
        case (.anteriorPutamen, .vmat2), (.middlePutamen, .vmat2): 3
        case (.posteriorPutamen, .vmat2): 2.8
        case (.ventralStriatum, .vmat2): 2.2
        case (.caudate, .raclopride): 3.6
        case (.anteriorPutamen, .raclopride), (.middlePutamen, .raclopride), (.posteriorPutamen, .raclopride): 4.1
        case (.ventralStriatum, .raclopride): 3
        }
    }
}

extension HeadPhantom {
    /// The built-in template: this head in stereotaxic space, as a PET of a tracer or as a CT.
    ///
    /// Labels lie on a grid of 1 mm voxels, images on one of `voxelSize` mm; the PET is blurred by `fwhm` mm.
    public static func striatalTemplate(
        _ tracer: TemplateTracer?, voxelSize: Double = 2, fwhm: Double = 6
    ) -> StriatalTemplate {
        let head = HeadPhantom()
        let shape = SIMD3(pointwise: [192, 228, 168], over: voxelSize)
        let tissues = head.tissues(on: PETPhantomSettings.headGrid(shape: shape, voxelSize: voxelSize))
        let intensity =
            tracer.map { tracer in
                tissues.mean(of: tracer.ratio).smoothed(fwhm: SIMD3(repeating: fwhm), beyond: .zero)
            } ?? tissues.ct(noise: 0, seed: 0)
        let labels = StriatalLabels(
            map: head.labels(on: PETPhantomSettings.headGrid(shape: [150, 200, 150], voxelSize: 1)),
            putamenRule: PutamenSplit.commissure([0, 0, 0]).rule + " of the template")
        return StriatalTemplate(
            intensity: intensity, kind: tracer == nil ? .ct : .pet, labels: labels,
            tissues: tissues.shares(of: Self.explaining), name: "built-in")
    }

    /// The tissues around the striatum whose uptakes are told apart: each part of the striatum by itself, the rest by kind.
    private static let explaining: [[Tissue]] =
        Region.allCases.filter { $0.striatal.structure.isStriatal }.map { [.region($0)] }
        + [[.whiteMatter], [.cortex], [.cerebrospinalFluid], [.thalamus], [.pallidum]]
}

extension SIMD3 where Scalar == Int {
    /// How many steps of a width fit into each extent.
    fileprivate init(pointwise extent: SIMD3<Double>, over width: Double) {
        let steps = (extent / width).rounded(.up)
        self.init(Int(steps.x), Int(steps.y), Int(steps.z))
    }
}

extension TissueFractions {
    /// The share of each group of tissues in every voxel, a frame a group.
    func shares(of groups: [[Tissue]]) -> Volume {
        let places = groups.map { group in tissues.indices.filter { group.contains(tissues[$0]) } }
        return Volume(grid: grid, frames: groups.count) { voxels in
            voxels.initialize(repeating: 0)
            for (frame, members) in places.enumerated() {
                for place in members {
                    for voxel in 0..<grid.count {
                        voxels[frame * grid.count + voxel] +=
                            Float(counts[place * grid.count + voxel]) / Float(Self.points)
                    }
                }
            }
        }
    }
}
