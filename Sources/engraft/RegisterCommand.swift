import ArgumentParser
import Imaging
import PET
import Records
import Review

struct RegisterCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "register",
        abstract: "Lays one image on another: PET on CT, a visit on the one before, a template on a patient.",
        discussion: """
            Finds the rigid, similarity or affine map that makes the images most alike, and says how sure it is: ok, check \
            or fail. The transform takes points of the fixed image to the moving one, as ITK's, ANTs' and Slicer's do.

            With --deformable the map is then bent, smoothly and with a smooth inverse, for two images of one kind: a template \
            on a patient, a visit on the one before. --out-field writes the whole map, linear part and all, as the \
            displacement field that resample --transform, ANTs and SimpleITK take; --out-transform the linear part.

            Metrics: nmi and mi (mutual information) for images of different kinds, ncc (correlation) for two of one kind, \
            cr (correlation ratio). Of several frames the mean is used. Look at the picture before you use the result.

            Example: engraft register --fixed pet.nii.gz --moving ct.nii.gz --out-transform ct_to_pet.tfm --picture fit.png
            """)

    @Option(help: "The image that stays: a file or DICOM folder.") var fixed: String
    @Option(help: "The image that is laid on it: a file or DICOM folder.") var moving: String
    @Option(help: "rigid (6 parameters), similarity (7) or affine (12).") var model: TransformModel = .rigid
    @Option(help: "nmi, mi, cr or ncc.") var metric: SimilarityMetric = .normalizedMutualInformation
    @Option(
        help: ArgumentHelp(
            "Where the search starts: auto, header, mass (centres of mass), or a transform file.", valueName: "start"))
    var start = "auto"
    @ArgumentParser.Flag(help: "Start from that place only, not turned as well.") var noTurns = false
    @Option(help: "A label image of the fixed image; other voxels are not looked at.") var fixedMask: String?
    @Option(help: "A label image of the moving image.") var movingMask: String?
    @Option(help: "Where the images are compared: at most this many points.") var points = 150_000
    @Option(help: "Of the random places of those points within their voxels.") var seed: UInt64 = 1
    @Option(help: "The transform to write: .tfm or .txt (ITK), or .json.") var outTransform: String?
    @Option(name: .shortAndLong, help: "The moving image on the fixed image's grid, NIfTI, to write.") var out: String?
    @Option(help: "nearest (for labels), linear, or cubic B-spline.") var interpolation: Interpolation = .linear
    @Option(help: "The PNG to write: contours before and after, and a checkerboard.") var picture: String?
    @ArgumentParser.Flag(help: "Write a registration that failed, too.") var acceptFail = false
    @OptionGroup(title: "Deformation") var bending: DeformationArguments
    @OptionGroup var reading: ReadingOptions
    @OptionGroup var result: ResultOptions
    @OptionGroup var write: WriteOptions

    func validate() throws {
        try bending.check(metric)
        guard (1000...20_000_000).contains(points) else { throw ValidationError("--points is 1000 to 20000000.") }
        if let outTransform, TransformFile.format(of: outTransform) == nil {
            throw ValidationError("--out-transform \(outTransform): give a name ending in .tfm, .txt or .json.")
        }
        if let picture, !picture.lowercased().hasSuffix(".png") {
            throw ValidationError("--picture \(picture) is a PNG; give a name ending in .png.")
        }
        if let out, !out.hasSuffix(".nii"), !out.hasSuffix(".nii.gz") {
            throw ValidationError("--out \(out): give a name ending in .nii or .nii.gz.")
        }
    }

    func execute() throws {
        try checkOutputs()
        let fixedImage = try Self.read(fixed, reading)
        let movingImage = try Self.read(moving, reading)
        let found: Registration
        let bent: Deformation?
        do {
            found = try Registration.align(fixed: fixedImage.mean, moving: movingImage.mean, options: try options())
            bent = try bending.refine(found, fixed: fixedImage.mean, moving: movingImage.mean)
        } catch let error as RegistrationError {
            throw FileProblem(error.image == .moving ? moving : fixed, .badData, "\(error)")
        }
        var provenance = Provenance(command: "register", parameters: parameters)
        for path in inputs { try provenance.read(path) }
        provenance.warnings = fixedImage.warnings + movingImage.warnings
        let verdict = max(found.quality.verdict, bent?.quality.verdict ?? .ok)
        if verdict > .ok {
            provenance.warnings.append(
                "the registration is to be \(verdict == .fail ? "refused" : "checked"): "
                    + (found.quality.reasons + (bent?.quality.reasons ?? [])).joined(separator: "; "))
        }
        let members = found.members + [bent?.member].compactMap { $0 }
        if result.json {
            Terminal.show(JSONValue.object(provenance.members + members).text)
        } else {
            let lines = [found.text, bent?.text, Engraft.researchUse].compactMap { $0 }
            Terminal.show(lines.joined(separator: "\n"))
        }
        if let picture {
            let sheet = AlignmentSheet(
                fixed: fixedImage.mean, moving: movingImage.mean, movingFromFixed: found.movingFromFixed,
                field: bent?.movingFromFixed)
            try OutputFile.write(
                try PNG.encode(try naming(fixed) { try sheet.draw() }), to: picture, force: write.force)
        }
        Terminal.warn(provenance.warnings)
        guard verdict < .fail || acceptFail else {
            Terminal.say(
                "engraft: \(moving): the registration failed; "
                    + "no transform was written (try --start, a mask, another --metric; --accept-fail writes it)")
            throw ExitCode(FileProblem.Kind.badData.rawValue)
        }
        let record = JSONValue.object(provenance.members + members).text
        try writeFiles(found, bent, movingImage.image, onto: fixedImage.mean.grid, record)
        if let bent { try bending.write(bent, record: record, force: write.force) }
    }

    private func writeFiles(
        _ found: Registration, _ bent: Deformation?, _ image: ImageFile, onto grid: VoxelGrid, _ record: String
    ) throws {
        if let outTransform {
            if TransformFile.format(of: outTransform) == .itk {
                try OutputFile.write(
                    ITKTransform.text(of: found.movingFromFixed), to: outTransform, force: write.force)
            }
            try OutputFile.write(record, to: Self.record(of: outTransform), force: write.force)
        }
        if let out {
            let warped = image.volume.resampled(
                onto: grid, through: bent.map { .field($0.movingFromFixed) } ?? .linear(found.movingFromFixed),
                interpolation: interpolation)
            try NIfTI.write(warped, to: out, force: write.force)
            try OutputFile.write(record, to: ImageFile.sidecarPath(of: out), force: write.force)
        }
    }

    // MARK: What was asked for

    private var inputs: [String] {
        let known = ["auto", "header", "mass"].contains(start) ? nil : start
        return [fixed, moving, fixedMask, movingMask, known].compactMap { $0 }
    }

    private func checkOutputs() throws {
        let images = [out].compactMap { $0 } + bending.outputs
        let records = [outTransform.map(Self.record)].compactMap { $0 } + images.map(ImageFile.sidecarPath)
        let written = Array(Set([outTransform, picture].compactMap { $0 } + images + records)).sorted()
        if Set(records).count < records.count {
            throw ValidationError("two outputs have one JSON record by their names; give them two names.")
        }
        if let twice = OutputFile.collision(among: written) {
            throw ValidationError("\(twice) is named for two outputs.")
        }
        try OutputFile.refuseInputs(written, inputs)
        try OutputFile.checkFolders(of: written)
        for path in written { try OutputFile.refuseExisting(path, force: write.force) }
    }

    /// The JSON with a transform and where it came from, beside ITK's text.
    private static func record(of transform: String) -> String {
        let dot = transform.lastIndex(of: ".") ?? transform.endIndex
        return transform[..<dot] + ".json"
    }

    private func options() throws -> RegistrationOptions {
        var options = RegistrationOptions(model: model, metric: metric)
        switch start {
        case "auto": options.start = .automatic
        case "header": options.start = .header
        case "mass": options.start = .centerOfMass
        default: options.start = .transform(try TransformFile.read(start))
        }
        options.turns = !noTurns
        options.points = points
        options.seed = seed
        options.fixedMask = try fixedMask.map { try LabelImage.read($0, names: LabelTable()) }
        options.movingMask = try movingMask.map { try LabelImage.read($0, names: LabelTable()) }
        return options
    }

    private var parameters: [JSONValue.Member] {
        [
            .init("model", .string(model.rawValue)), .init("metric", .string(metric.rawValue)),
            .init("start", .string(start)), .init("turns", .bool(!noTurns)), .init("points", .integer(points)),
            .init("seed", .integer(Int(clamping: seed))),
            .init("interpolation", .string(interpolation.rawValue)),
        ] + bending.parameters + reading.parameters
    }

    /// An image and the mean of its frames.
    static func read(
        _ path: String, _ reading: ReadingOptions
    ) throws -> (image: ImageFile, mean: Volume, warnings: [String]) {
        let image = try reading.read(path)
        if image.volume.frames == 1 { return (image, image.volume, image.warnings) }
        guard !image.frames.isEmpty else {
            return (
                image, image.volume.frame(0),
                image.warnings + ["\(path): no frame times; the first of \(image.volume.frames) frames is used"]
            )
        }
        return (image, try naming(path) { try image.average(over: nil).volume }, image.warnings)
    }
}

extension TransformModel: ExpressibleByArgument {}
extension SimilarityMetric: ExpressibleByArgument {}

extension RegistrationError {
    /// The image an error is about; `nil` where it is about both.
    var image: Image? {
        switch self {
        case .constant(let image), .tooThin(let image, _), .nothingFinite(let image), .emptyMask(let image): image
        case .noOverlap, .noStructure, .scales: nil
        }
    }
}
