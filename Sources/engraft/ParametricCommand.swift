import ArgumentParser
import Imaging
import PET
import Records

struct ParametricCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "parametric",
        abstract: "Maps of a kinetic model over the voxels of a dynamic PET image.",
        discussion: """
            Models: patlak (needs --blood), ref-patlak, ref-logan, mrtm, mrtm2, srtm-basis (srtm), srtm2, suvr, mean. Writes \
            PREFIX_model-SRTM_meas-BPND_mimap.nii.gz and so on, a failure map that says what became of each voxel, and JSON \
            beside each. Rates are per minute, times in s after time zero. Voxels outside the mask are 0, voxels without a \
            solution NaN.

            Example: engraft parametric pet.nii.gz --model ref-patlak --t-star 30 --labels labels.nii.gz \
            --lut labels_dseg.tsv --reference occipital --out sub-01

            Cite: Gunn et al. 1997, doi 10.1006/nimg.1997.0303, for basis functions; Ichise et al. 2003 for MRTM and MRTM2.
            """)

    @Argument(help: "The dynamic PET image: a file or DICOM folder.") var pet: String
    @Option(help: "What is computed in every voxel; srtm means srtm-basis.")
    var model: ParametricModel
    @Option(name: .shortAndLong, help: ArgumentHelp("What the names of the files begin with.", valueName: "prefix"))
    var out: String
    @OptionGroup(title: "Input") var source: MapInput
    @OptionGroup(title: "Model") var fitting: MapFitting
    @Option(help: ArgumentHelp("An image whose voxels above 0 are computed.", valueName: "image")) var mask: String?
    @Option(
        help: ArgumentHelp(
            "Without --mask: compute voxels whose mean over the scan is above this share of the head's; 0 for all.",
            valueName: "share"))
    var maskFraction = 0.2
    @Option(help: ArgumentHelp("First smooth by a Gaussian of this full width, mm.", valueName: "mm"))
    var smooth: TripleArgument?
    @Option(
        help: ArgumentHelp("First reduce noise by HYPR-LR with a Gaussian of this full width, mm.", valueName: "mm"))
    var hypr: TripleArgument?
    @Option(help: ArgumentHelp("Also draw slices of the first map here.", valueName: "png")) var overlay: String?
    @OptionGroup var reading: ReadingOptions
    @OptionGroup var result: ResultOptions
    @OptionGroup var write: WriteOptions

    func validate() throws {
        try source.check(model)
        try fitting.check(model)
        guard (0..<1).contains(maskFraction) else { throw ValidationError("--mask-fraction is 0 to less than 1.") }
        guard !out.isEmpty, !out.hasSuffix("/") else { throw ValidationError("--out is what the names begin with.") }
        if let overlay, !overlay.lowercased().hasSuffix(".png") { throw ValidationError("--overlay ends in .png.") }
        guard smooth == nil || hypr == nil else { throw ValidationError("Give either --smooth or --hypr.") }
        for width in [smooth, hypr].compactMap({ $0?.values }) {
            guard width.min() >= 0, width.max() > 0, width.max() <= 1000 else {
                throw ValidationError("--smooth and --hypr are positive and at most 1000 mm.")
            }
        }
    }

    func execute() throws {
        var settings = fitting.settings(model)
        try MapFiles.refuseExisting(settings, out, force: write.force)
        if let overlay { try OutputFile.refuseExisting(overlay, force: write.force) }
        var image = try reading.read(pet)
        let (input, doubts) = try source.input(model, image, pet)
        let mask = try self.mask.map { path in
            try naming(path) { try VoxelMask(try ImageFile.read(path).volume, on: image.volume.grid) }
        }
        let frames = image.frames.count == image.volume.frames ? image.frames : []
        try naming(pet) { try reduction?.apply(to: &image.volume, frames: frames) }
        settings.weights = fitting.weights == .duration ? image.frames.map(\.duration) : nil
        let line = ProgressLine(model.rawValue, of: ParametricMaps.steps * ParametricMaps.passes(settings))
        let maps = try naming(pet) {
            try ParametricMaps(
                of: image.volume, frames: image.frames, input: input,
                mask: mask ?? automaticMask(image), settings: settings, progress: { line.step() })
        }
        var provenance = Provenance(command: "parametric", parameters: parameters)
        for path in [pet] + source.paths + [self.mask].compactMap({ $0 }) + image.sidecarPaths {
            try provenance.read(path)
        }
        provenance.warnings = image.warnings + doubts + maps.warnings
        let files = MapFiles(maps: maps, prefix: out, imageUnit: image.units, provenance: provenance)
        try files.write(overlay: overlay, force: write.force)
        Terminal.show(result.json ? JSONValue.object(files.members + provenance.members).text : files.text)
        Terminal.warn(provenance.warnings)
    }

    private func automaticMask(_ image: ImageFile) -> VoxelMask {
        maskFraction > 0
            ? VoxelMask(above: maskFraction, of: image.volume, frames: image.frames) : VoxelMask(all: image.volume.grid)
    }

    private var reduction: NoiseReduction? {
        if let smooth { return .gaussian(fwhm: smooth.values) }
        return hypr.map { .hypr(fwhm: $0.values) }
    }

    private var parameters: [JSONValue.Member] {
        func width(_ argument: TripleArgument?) -> JSONValue {
            argument.map { JSONValue([$0.values.x, $0.values.y, $0.values.z]) } ?? .null
        }
        return [.init("model", .string(model.rawValue)), .init("out", .string(out))] + source.record
            + fitting.record + [
                .init("mask", JSONValue(mask)), .init("mask_fraction", mask == nil ? .number(maskFraction) : .null),
                .init("overlay", JSONValue(overlay)), .init("smooth_fwhm_mm", width(smooth)),
                .init("hypr_fwhm_mm", width(hypr)),
            ] + reading.parameters
    }
}
