import ArgumentParser
import Imaging
import PET
import Phantoms
import Records

/// Where striatal labels come from.
struct StriatumSource: ParsableArguments {
    @Option(help: "A segmentation of the patient: FreeSurfer, SynthSeg or any labels with names.")
    var segmentation: String?
    @Option(help: "Names of the segmentation's or atlas's labels; without them FreeSurfer's numbers are meant.")
    var lut: String?
    @Option(help: "The MR the segmentation was made from: the PET is laid on it first. Else headers are trusted.")
    var mr: String?
    @Option(help: "A template's image; needs --template-kind and --atlas.") var template: String?
    @Option(help: "What the template's image is: t1, ct or pet; t1 and ct need --ct.")
    var templateKind: StriatalTemplate.Kind?
    @Option(help: "Labels in the template's space.") var atlas: String?
    @Option(help: "The patient's CT (or MR): the template is laid on it instead of on the PET.") var ct: String?
    @ArgumentParser.Flag(help: "Bend the template onto the image it is laid on, which must be of its own kind.")
    var deformable = false
    @ArgumentParser.Flag(help: "PET and CT lie on each other already; they are not aligned again.")
    var ctAligned = false
    @Option(help: "The tracer the built-in template is like: fdopa, dat, vmat2 or raclopride.")
    var tracer: TemplateTracer = .fdopa
    @Option(help: ArgumentHelp("The resolution of the PET, full width at half maximum.", valueName: "mm"))
    var fwhm: Double = 6
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The anterior commissure: a point in RAS mm of segmentation or atlas, or its y.", valueName: "x,y,z|y"))
    var ac: PointArgument?
    @Option(help: "How a putamen without --ac is divided: half or thirds of its length.") var split: SplitArgument =
        .half
    @OptionGroup var reading: ReadingOptions

    func check() throws {
        if segmentation != nil, template != nil || atlas != nil {
            throw ValidationError("Give either --segmentation or --template with --atlas.")
        }
        guard (template == nil) == (atlas == nil), (template == nil) == (templateKind == nil) else {
            throw ValidationError("--template, --template-kind and --atlas belong together.")
        }
        if let templateKind, (templateKind != .pet) != (ct != nil) {
            throw ValidationError(
                templateKind == .pet
                    ? "A PET template is laid on the PET; leave out --ct."
                    : "A \(templateKind.rawValue) template needs --ct.")
        }
        if deformable && template == nil { throw ValidationError("--deformable goes with --template.") }
        if mr != nil && segmentation == nil { throw ValidationError("--mr goes with --segmentation.") }
        if segmentation == nil && atlas == nil && (ac != nil || lut != nil) {
            throw ValidationError(
                "--ac and --lut go with a segmentation or an atlas; the built-in template has its own.")
        }
        guard fwhm > 0, fwhm < 50 else { throw ValidationError("--fwhm is 0 to 50 mm.") }
    }

    /// The rule the putamen is divided by.
    private var division: PutamenSplit {
        if let ac { return .commissure(ac.point) }
        return split == .half ? .half : .thirds
    }

    /// The labels on the PET, and how sure they are.
    func find(on pet: Volume, of path: String) throws -> Found {
        guard let segmentation else { return try place(on: pet, of: path) }
        let names = try lut.map { try LabelTable.read($0) } ?? LabelTable()
        let own = try naming(segmentation) {
            try StriatalLabels(segmentation: try LabelImage.read(segmentation, names: names), split: division)
        }
        var quality = PlacementQuality()
        var steps: [StriatalPlacement.Step] = []
        var map = Affine.identity
        if let mr {
            let found = try naming(mr) {
                try Registration.align(
                    fixed: pet, moving: try ImageFile.read(mr).volume, options: RegistrationOptions(model: .rigid))
            }
            map = found.movingFromFixed
            steps.append(StriatalPlacement.Step("MR on PET, rigid", found))
            quality.judge(found, as: "mr_on_pet", "MR and PET")
        }
        let labels = own.moved(onto: pet.grid, sourceFromTarget: map)
        guard labels.regions.contains(where: { $0.structure.isStriatal }) else {
            throw FileProblem(segmentation, .badData, "\(StriatumError.noOverlap)")
        }
        quality.judge(own)
        quality.judge(labels, on: pet)
        return Found(
            labels: labels, fractions: StriatalFractions(of: own, onto: pet.grid, sourceFromTarget: map),
            quality: quality, steps: steps, source: .segmentation)
    }

    /// What was found, and how.
    struct Found {
        var labels: StriatalLabels
        var fractions: StriatalFractions
        var quality: PlacementQuality
        var steps: [StriatalPlacement.Step]
        var source: StriatumReport.Source
    }

    private func place(on pet: Volume, of path: String) throws -> Found {
        var options = StriatalPlacement.Options()
        (options.fwhm, options.ctIsAligned, options.narrowsOccipital) = (fwhm, ctAligned, atlas == nil)
        options.deforms = deformable
        let ctVolume = try ct.map { try ImageFile.read($0).volume }
        let used = try givenTemplate() ?? HeadPhantom.striatalTemplate(ct == nil ? tracer : nil, fwhm: fwhm)
        let placed = try naming(path) {
            try StriatalPlacement(of: used, on: pet, ct: ctVolume, options: options)
        }
        return Found(
            labels: placed.labels, fractions: placed.fractions, quality: placed.quality, steps: placed.steps,
            source: atlas == nil ? .builtIn : .atlas)
    }

    private func givenTemplate() throws -> StriatalTemplate? {
        guard let template, let atlas, let templateKind else { return nil }
        let names = try lut.map { try LabelTable.read($0) } ?? LabelTable()
        let labels = try naming(atlas) {
            try StriatalLabels(segmentation: try LabelImage.read(atlas, names: names), split: division)
        }
        let intensity = try ImageFile.read(template).volume
        guard intensity.frames == 1 else {
            throw FileProblem(template, .badData, "a template has one frame, but this has \(intensity.frames)")
        }
        return StriatalTemplate(intensity: intensity, kind: templateKind, labels: labels, name: template)
    }

    /// The image under the picture.
    func background() throws -> Volume? { try ct.map { try ImageFile.read($0).volume } }

    /// The files that were read besides the PET.
    var inputs: [String] { [segmentation, lut, mr, template, atlas, ct].compactMap { $0 } }

    /// The options as they are recorded.
    var parameters: [JSONValue.Member] {
        [
            .init("tracer", .string(tracer.rawValue)), .init("fwhm_mm", .number(fwhm)),
            .init("ac_mm", ac.map { JSONValue([$0.point.x, $0.point.y, $0.point.z]) } ?? .null),
            .init("split", .string(split.rawValue)), .init("ct_aligned", .bool(ctAligned)),
            .init("template_kind", JSONValue(templateKind?.rawValue)), .init("deformable", .bool(deformable)),
        ] + reading.parameters
    }
}

/// What is measured on striatal labels.
struct StriatumMeasures: ParsableArguments {
    @Option(help: "The reference region (occipital for fdopa and vmat2, cerebellum for dat and raclopride).")
    var reference: String?
    @Option(help: ArgumentHelp("Average the frames between these times, s after time zero.", valueName: "from,to"))
    var window: TimeWindow?
    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A cannula's path in RAS mm of the PET; may be repeated.", valueName: "x,y,z:x,y,z"))
    var tract: [TractArgument] = []
    @ArgumentParser.Flag(help: "Paths are in DICOM patient coordinates: x to the left, y to the back.") var tractLps =
        false
    @Option(help: "Normal SBR: a table with the columns region, intercept, slope (lost a year) and sd; needs --age.")
    var normal: String?
    @Option(help: "The patient's age, years.") var age: Double?

    func check() throws {
        if (normal == nil) != (age == nil) { throw ValidationError("--normal and --age belong together.") }
        if let age, !(age >= 0 && age <= 130) { throw ValidationError("--age is in years.") }
        if tractLps && tract.isEmpty { throw ValidationError("--tract-lps goes with --tract.") }
    }

    /// The reference by its name, where the labels have it.
    func reference(of labels: StriatalLabels, tracer: TemplateTracer) throws -> (name: String?, warnings: [String]) {
        if let reference { return (reference, []) }
        let structure = tracer.reference
        if labels.regions.contains(where: { $0.structure == structure }) { return (structure.rawValue, []) }
        return (nil, ["there is no \(structure.rawValue) among the labels; ratios need a reference (--reference)"])
    }

    /// The paths in RAS mm.
    func paths() throws -> [TractPath] {
        try tract.map {
            tractLps
                ? try TractPath(entryLPS: $0.entry, targetLPS: $0.target)
                : try TractPath(entry: $0.entry, target: $0.target)
        }
    }

    /// Normal values and the age they are for.
    func normalValues() throws -> (table: NormalTable, age: Double)? {
        guard let normal, let age else { return nil }
        let bytes = try InputFile.read(normal)
        return (try naming(normal) { try NormalTable(parsing: bytes) }, age)
    }

    /// The files that were read.
    var inputs: [String] { [normal].compactMap { $0 } }

    /// The options as they are recorded.
    var parameters: [JSONValue.Member] {
        [
            .init(
                "tracts_mm",
                .array(tract.map { JSONValue([$0.entry, $0.target].flatMap { [$0.x, $0.y, $0.z] }) })),
            .init("tract_lps", .bool(tractLps)), .init("tract_radius_mm", .number(TractRegions.usualRadius)),
            .init("tract_shell_mm", .number(TractRegions.usualShell)), .init("age_years", JSONValue(age)),
        ]
    }
}

/// A point `x,y,z`, or the `y` of a coronal plane.
struct PointArgument: ExpressibleByArgument {
    var point: SIMD3<Double>

    init?(argument: String) {
        let fields = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        let numbers = fields.compactMap { $0 }
        guard numbers.count == fields.count, numbers.allSatisfy(\.isFinite) else { return nil }
        switch numbers.count {
        case 1: point = [0, numbers[0], 0]
        case 3: point = [numbers[0], numbers[1], numbers[2]]
        default: return nil
        }
    }
}

/// A path `x,y,z:x,y,z`, entry first.
struct TractArgument: ExpressibleByArgument {
    var entry, target: SIMD3<Double>

    init?(argument: String) {
        let ends = argument.split(separator: ":").map { end in
            end.split(separator: ",", omittingEmptySubsequences: false).compactMap { Double($0) }
        }
        guard ends.count == 2, ends.allSatisfy({ $0.count == 3 && $0.allSatisfy(\.isFinite) }) else { return nil }
        entry = [ends[0][0], ends[0][1], ends[0][2]]
        target = [ends[1][0], ends[1][1], ends[1][2]]
    }
}

/// How a putamen is divided by its own length.
enum SplitArgument: String, ExpressibleByArgument, CaseIterable { case half, thirds }

extension TemplateTracer: ExpressibleByArgument {}
extension StriatalTemplate.Kind: ExpressibleByArgument {}
