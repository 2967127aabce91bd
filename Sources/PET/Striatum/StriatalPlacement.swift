import Imaging
import Records

/// A striatum found on a PET image without anyone drawing it: a template laid on the head, then on the striatum itself.
///
/// First the whole template is laid on the patient by an affine map: its CT on the patient's CT, where there is one, and else
/// its PET on the PET. Then `StriatalFit` moves the template's striatum to where it explains the PET best. Striatal labels take
/// both steps, the reference regions only the first.
public struct StriatalPlacement: Sendable {
    /// One step of the way.
    public struct Step: Sendable {
        /// What was laid on what, in words.
        public let what: String
        /// What measured the match, and its values before and after; `nil` before where nothing overlapped.
        public let metric: String
        public let before, after: Double?
        /// The second image's world from the first's, RAS mm.
        public let map: Affine
    }

    /// What to do.
    public struct Options: Sendable {
        /// Full width at half maximum of the PET, mm.
        public var fwhm = 6.0
        /// Whether PET and CT lie on each other already, as from one session without motion.
        public var ctIsAligned = false
        /// Whether the striatum is fitted after the whole head.
        public var fits = true
        /// Whether the template is bent onto the image it is laid on, which must be of its kind, before the striatum is fitted.
        public var deforms = false
        /// Whether the reference is narrowed to the half of the occipital label that the PET shows brightest.
        public var narrowsOccipital = true

        /// The usual way.
        public init() {}
    }

    /// The labels, on the grid of the PET.
    public let labels: StriatalLabels
    /// Shares of the regions in each voxel of the PET.
    public let fractions: StriatalFractions
    /// The template's world from the PET's for the striatum, and for the rest of the head.
    public let striatumFromPET, headFromPET: Affine
    /// The steps taken.
    public let steps: [Step]
    /// How sure the place is.
    public let quality: PlacementQuality

    /// Lays `template` on one frame. With `ct`, the template's intensity is a CT or T1, else a PET.
    public init(
        of template: StriatalTemplate, on pet: Volume, ct: Volume? = nil, options: Options = Options()
    ) throws {
        precondition(pet.frames == 1, "a striatum is placed on one frame")
        try Self.check(pet)
        var steps: [Step] = []
        var quality = PlacementQuality()
        let head: Affine
        let whole: Registration
        if let ct {
            var ctFromPET = Affine.identity
            if !options.ctIsAligned {
                let found = try Registration.align(
                    fixed: pet, moving: ct, options: RegistrationOptions(model: .rigid, start: .header))
                ctFromPET = found.movingFromFixed
                steps.append(Step("CT on PET, rigid", found))
                quality.judge(found, as: "ct_on_pet", "CT and PET")
            }
            let found = try Registration.align(
                fixed: ct, moving: template.intensity, options: RegistrationOptions(model: .affine))
            steps.append(Step("template \(template.kind.rawValue.uppercased()) on CT, affine", found))
            quality.judge(found, as: "template_on_ct", "template and CT", ofOneHead: false)
            head = found.movingFromFixed * ctFromPET
            whole = found
        } else {
            let found = try Registration.align(
                fixed: pet, moving: template.intensity, options: RegistrationOptions(model: .affine))
            steps.append(Step("template \(template.kind.rawValue.uppercased()) on PET, affine", found))
            quality.judge(found, as: "template_on_pet", "template and PET", ofOneHead: false)
            head = found.movingFromFixed
            whole = found
        }
        var template = template
        if options.deforms {
            let bent = try Deformation.refine(
                fixed: ct ?? pet, moving: template.intensity, linear: whole.movingFromFixed)
            template = template.bent(by: bent)
            steps.append(Step(bent))
            quality.judge(bent)
        }
        var striatum = head
        if options.fits {
            var fitting = StriatalFit.Options()
            fitting.fwhm = options.fwhm
            let fit = try StriatalFit(of: template, to: pet, templateFromImage: head, options: fitting)
            striatum = fit.templateFromImage
            steps.append(
                Step(
                    what: "striatum on PET, rigid and three sizes", metric: "share of variance explained",
                    before: fit.explainedBefore, after: fit.explained, map: striatum))
            quality.judge(fit)
        }
        quality.judge(head: head)
        let found = try Self.labels(of: template, on: pet, head: head, striatum: striatum, options)
        quality.judge(found.labels)
        quality.judge(found.labels, on: pet)
        (labels, fractions) = found
        (striatumFromPET, headFromPET, self.steps, self.quality) = (striatum, head, steps, quality)
    }

    /// Throws where nothing can be placed on an image.
    private static func check(_ pet: Volume) throws(StriatumError) {
        guard pet.grid.shape.min() >= 8 else { throw .tooFewSlices(pet.grid.shape) }
        var (low, high) = (Float.infinity, -Float.infinity)
        for value in pet.voxels where value.isFinite { (low, high) = (min(low, value), max(high, value)) }
        guard high > low else { throw .noContrast }
    }

    /// Labels on the PET's grid: striatum and references by their own maps.
    private static func labels(
        of template: StriatalTemplate, on pet: Volume, head: Affine, striatum: Affine, _ options: Options
    ) throws -> (labels: StriatalLabels, fractions: StriatalFractions) {
        let near = template.labels.moved(onto: pet.grid, sourceFromTarget: striatum)
        let far = template.labels.moved(onto: pet.grid, sourceFromTarget: head)
        var voxels = far.map.voxels.map { StriatalRegion(label: $0)?.structure.isStriatal ?? true ? 0 : $0 }
        for voxel in voxels.indices {
            if let region = StriatalRegion(label: near.map.voxels[voxel]), region.structure.isStriatal {
                voxels[voxel] = region.label
            }
        }
        var warnings: [String] = []
        if options.narrowsOccipital {
            voxels = brighterHalf(of: .occipital, voxels, on: pet)
            warnings.append(
                "the occipital reference is the half of the template's occipital lobe that the PET, smoothed by 10 mm, "
                    + "shows brightest: cortex rather than white matter")
        }
        let labels = StriatalLabels(
            map: LabelMap(grid: pet.grid, voxels: voxels), putamenRule: template.labels.putamenRule,
            warnings: warnings)
        let missing = Set(template.labels.regions.filter { $0.structure.isStriatal }).subtracting(labels.regions)
        guard missing.isEmpty else { throw StriatumError.noOverlap }
        return (labels, StriatalFractions(of: template.labels, onto: pet.grid, sourceFromTarget: striatum))
    }

    /// Keeps of a structure the half of each side's voxels in which the image, smoothed by 10 mm, is highest.
    ///
    /// A template has no patient's gyri: its occipital lobe holds white matter and fluid too, and their lower uptake would
    /// make every ratio too high. Smoothing keeps noise from choosing.
    private static func brighterHalf(
        of structure: StriatalRegion.Structure, _ voxels: [Int32], on pet: Volume
    ) -> [Int32] {
        let finite = Volume(grid: pet.grid, voxels: pet.voxels.map { $0.isFinite ? $0 : 0 })
        let smooth = finite.smoothed(fwhm: SIMD3(repeating: 10))
        var kept = voxels
        for side in RegionName.Side.allCases {
            let label = StriatalRegion(structure, side).label
            let members = voxels.indices.filter { voxels[$0] == label }
            let order = members.sorted { (smooth.voxels[$0], $0) < (smooth.voxels[$1], $1) }
            for voxel in order.prefix(members.count / 2) { kept[voxel] = 0 }
        }
        return kept
    }
}

extension StriatalPlacement.Step {
    /// What a registration did.
    public init(_ what: String, _ found: Registration) {
        self.init(
            what: what, metric: found.options.metric.rawValue, before: found.metricBefore, after: found.metricAfter,
            map: found.movingFromFixed)
    }

    /// What a deformation did; the map is its linear part.
    init(_ bent: Deformation) {
        self.init(
            what: "template bent onto the same image", metric: "local-ncc", before: bent.quality.before,
            after: bent.quality.after, map: bent.linear)
    }
}

extension StriatalTemplate {
    /// The template bent in its own space so that the linear part of the deformation alone lays it on the patient.
    func bent(by deformation: Deformation) -> StriatalTemplate {
        guard let back = deformation.linear.inverse else { return self }
        func bend(of grid: VoxelGrid) -> SpatialTransform {
            .field(DisplacementField(on: grid) { deformation.movingFromFixed(back($0)) ?? $0 })
        }
        let moved = StriatalLabels(
            map: labels.map.resampled(onto: labels.map.grid, through: bend(of: labels.map.grid)),
            putamenRule: labels.putamenRule, warnings: labels.warnings)
        return StriatalTemplate(
            intensity: intensity.resampled(onto: intensity.grid, through: bend(of: intensity.grid)), kind: kind,
            labels: moved, tissues: tissues.resampled(onto: tissues.grid, through: bend(of: tissues.grid)), name: name)
    }
}

extension PlacementQuality {
    /// How sure a registration is of itself.
    ///
    /// Two images of one patient can fail. A template and a patient are different heads and match less sharply: there the worst
    /// is `check`, and what the fit then explains decides.
    public mutating func judge(_ found: Registration, as name: String, _ images: String, ofOneHead: Bool = true) {
        let verdict: Verdict =
            switch found.quality.verdict {
            case .ok: .ok
            case .check: .check
            case .fail: ofOneHead ? .fail : .check
            }
        let reasons = found.quality.reasons
        add(
            name, found.metricAfter, found.options.metric.rawValue, verdict,
            reasons.isEmpty
                ? "\(images) were laid on each other at one clear place"
                : "\(images): " + reasons.joined(separator: "; "))
    }

    /// What a deformation of the template made of the match.
    mutating func judge(_ bent: Deformation) {
        let verdict: Verdict =
            switch bent.quality.verdict {
            case .ok: .ok
            case .check: .check
            case .fail: .fail
            }
        let reasons = bent.quality.reasons
        add(
            "deformation", bent.quality.after, "local-ncc", verdict,
            reasons.isEmpty
                ? "the template was bent by \(fixed(bent.shiftMM.mean, 1)) mm in the mean"
                : reasons.joined(separator: "; "))
    }

    /// How well the template's tissues explain the image, and how far the fit had to go.
    mutating func judge(_ fit: StriatalFit) {
        let match = fit.explained
        add(
            "match", match, "", match >= 0.5 ? .ok : match >= 0.3 ? .check : .fail,
            "the template explains \(fixed(100 * match, 0)) % of the variance around the striatum")
        add(
            "fit_shift", fit.shiftMM, "mm", fit.shiftMM <= 8 ? .ok : fit.shiftMM <= 14 ? .check : .fail,
            "the striatum lies \(fixed(fit.shiftMM, 1)) mm from where the whole head would have it")
        let size = fit.scale.x * fit.scale.y * fit.scale.z
        add(
            "fit_size", size, "", (0.75...1.33).contains(size) ? .ok : (0.6...1.7).contains(size) ? .check : .fail,
            "the striatum was made \(fixed(size, 2)) times as large as the whole head has it")
    }

    /// How much larger or smaller the head is than the template, and whether it is mirrored.
    mutating func judge(head templateFromImage: Affine) {
        let size = templateFromImage.determinant
        let plausible = (0.6...1.7).contains(size)
        add(
            "head_size", size, "", size <= 0 ? .fail : plausible ? .ok : (0.4...2.5).contains(size) ? .check : .fail,
            size <= 0
                ? "the head was laid on the template mirrored"
                : "the template's head is \(fixed(size, 2)) times as large as the patient's")
    }
}
