import ArgumentParser
import Imaging
import PET
import Records

struct Pvc: Subcommand {
    static let configuration = CommandConfiguration(
        abstract: "Partial-volume correction: what regions would read in a scanner without blur.",
        discussion: """
            Prints each region's mean before and after, how much noise grows (gtm, labbe, rbv), and the region's size in \
            widths of the scanner's blur. What is in no region is one region of one activity: label the whole head, as \
            FreeSurfer's gtmseg does, or at least the whole brain. A striatum alone, in a background of brain, scalp and \
            air, is corrected too much; the misfit around the regions tells. Methods: \
            \(PartialVolumeMethod.names.joined(separator: ", ")); sgtm is labbe. gtm and labbe correct regions, the \
            others voxels too (--out).

            The width is the effective one of the image: give the scanner's and the filter's, and they are combined in \
            quadrature.

            Example: engraft pvc pet.nii.gz --labels gtmseg.mgz --fwhm 4.5 --fwhm 4 --method rbv --out pet_pvc.nii.gz

            Cite: Rousset et al. 1998 for gtm, Labbé et al. 1998 for labbe, Thomas et al. 2011 for rbv, Erlandsson et al. \
            2012, doi 10.1088/0031-9155/57/21/R119, for the others.
            """)

    @Argument(help: "The PET image, 3-D or 4-D: a file or DICOM folder.") var pet: String
    @Option(help: "The label image: NIfTI, MGH (aparc+aseg.mgz), NRRD, MetaImage or DICOM SEG.") var labels: String?
    @Option(help: "Instead of labels: a 4-D image of probabilities, a frame a region.") var probabilities: String?
    @Option(help: "Names of the labels, or of frames 1, 2 …: FreeSurfer colour table, BIDS dseg.tsv or CSV.")
    var lut: String?
    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Full width at half maximum, mm: one number, or one per voxel axis; may be repeated.", valueName: "mm"))
    var fwhm: [TripleArgument]
    @Option(help: "The method, such as gtm or labbe+rbv.") var method: MethodArgument = MethodArgument(method: .gtm)
    @Option(help: ArgumentHelp("Iterations of iy, stc, vc and rl (10; 30 at most for vc).", valueName: "n"))
    var iterations: Int?
    @Option(help: "Beyond the image: mirror, zero or nearest (the edge voxel goes on); nearest with petpvc.")
    var border: PointSpread.Border?
    @Option(help: "exact, or petpvc: the narrower kernel PETPVC has, to compare with it.")
    var convention: PointSpread.Convention = .exact
    @Option(
        help: ArgumentHelp(
            "Of mg: regions that are white matter (those named so); a name without a side means both.",
            valueName: "names"))
    var white: NameList = NameList(names: [])
    @Option(help: ArgumentHelp("Of mg: regions without activity, such as CSF.", valueName: "names"))
    var silent: NameList = NameList(names: [])
    @Option(help: ArgumentHelp("Of mg: the activity of white matter, where it is known.", valueName: "value"))
    var whiteActivity: Double?
    @Option(name: .shortAndLong, help: ArgumentHelp("Write the corrected image here, with its JSON.", valueName: "nii"))
    var out: String?
    @Option(help: ArgumentHelp("Write the corrected curves here, with their JSON.", valueName: "tsv")) var tacsOut:
        String?
    @OptionGroup var reading: ReadingOptions
    @OptionGroup var result: ResultOptions
    @OptionGroup var write: WriteOptions

    func validate() throws {
        guard (labels == nil) != (probabilities == nil) else {
            throw ValidationError("Give either --labels or --probabilities.")
        }
        guard !fwhm.isEmpty, fwhm.allSatisfy({ $0.values.min() > 0 && $0.values.max() <= 100 }) else {
            throw ValidationError("--fwhm is more than 0 and at most 100 mm.")
        }
        if let iterations, !(1...1000).contains(iterations) { throw ValidationError("--iterations is 1 to 1000.") }
        try refuseWhatDoesNotApply()
        if let out, !out.lowercased().hasSuffix(".nii"), !out.lowercased().hasSuffix(".nii.gz") {
            throw ValidationError("--out is a NIfTI file: its name ends in .nii or .nii.gz.")
        }
        if let path = OutputFile.collision(among: outputs) {
            throw ValidationError("\(path) would be written twice; give --out and --tacs-out names of their own.")
        }
    }

    private func refuseWhatDoesNotApply() throws {
        let method = method.method
        if out != nil && method.voxelwise == nil {
            throw ValidationError("--method \(method.name) corrects regions and has no image for --out; try rbv.")
        }
        if iterations != nil && !method.iterates {
            throw ValidationError("--iterations does not apply to --method \(method.name), which does not iterate.")
        }
        let ofMullerGartner = [
            ("--white", !white.names.isEmpty), ("--silent", !silent.names.isEmpty),
            ("--white-activity", whiteActivity != nil),
        ]
        for (option, isGiven) in ofMullerGartner where isGiven && method.voxelwise != .mg {
            throw ValidationError("\(option) belongs to mg and does not apply to --method \(method.name).")
        }
    }

    /// All files that are written.
    private var outputs: [String] { [out, tacsOut].compactMap { $0 }.flatMap { [$0, ImageFile.sidecarPath(of: $0)] } }

    func execute() throws {
        let inputs = [pet, labels, probabilities, lut].compactMap { $0 }
        try OutputFile.refuseInputs(outputs, inputs)
        for path in outputs { try OutputFile.refuseExisting(path, force: write.force) }
        try OutputFile.checkFolders(of: outputs)
        let image = try reading.read(pet)
        try OutputFile.refuseInputs(outputs, image.sidecarPaths)
        if tacsOut != nil && image.frames.count != image.volume.frames {
            throw FileProblem(pet, .badData, "the image has no frame times, which curves need")
        }
        let progress = ProgressLine("pvc", of: image.volume.frames + 1)
        let regions = try regions(on: image.volume.grid)
        let correction = try naming(labels ?? probabilities ?? pet) {
            try PartialVolumeCorrection(method.method, regions: regions, spread: spread(), options: options)
        }
        progress.step("regions blurred")
        let found = try naming(pet) {
            try correction.correct(image.volume, keepingImage: out != nil) { progress.step("frame \($0)") }
        }
        let report = PartialVolumeReport(found, of: correction, units: image.units)
        var provenance = Provenance(command: "pvc", parameters: parameters(correction))
        for path in inputs + image.sidecarPaths {
            try provenance.read(path)
        }
        provenance.warnings = image.warnings + found.warnings
        let document = JSONValue.object(report.members + provenance.members)
        try writeImage(found.image, of: image, provenance)
        if let tacsOut {
            let curves = report.curves(frames: image.frames)
            try OutputFile.write(curves.table.tsv, to: tacsOut, force: write.force)
            let record = JSONValue.object(curves.members + [.init("engraft", document)])
            try OutputFile.write(record.text, to: ImageFile.sidecarPath(of: tacsOut), force: write.force)
        }
        Terminal.show(result.json ? document.text : report.text)
        for path in [out, tacsOut].compactMap({ $0 }) {
            Terminal.say("wrote \(path) and \(ImageFile.sidecarPath(of: path))")
        }
        Terminal.warn(provenance.warnings)
    }

    private func spread() throws(PartialVolumeError) -> PointSpread {
        try PointSpread(
            fwhm: fwhm.map(\.values), border: border ?? (convention == .petpvc ? .nearest : .mirror),
            convention: convention)
    }

    private var options: PartialVolumeCorrection.Options {
        var options = PartialVolumeCorrection.Options()
        (options.iterations, options.whiteActivity) = (iterations, whiteActivity)
        (options.white, options.silent) = (white.names, silent.names)
        return options
    }

    private func regions(on grid: VoxelGrid) throws -> PartialVolumeRegions {
        let names = try lut.map { try LabelTable.read($0) } ?? LabelTable()
        if let labels {
            let map = try LabelImage.read(labels, names: names)
            return try naming(labels) { try PartialVolumeRegions(labels: map, on: grid) }
        }
        let path = probabilities ?? pet
        let maps = try StoredImage.read(path).volume
        return try naming(path) { try PartialVolumeRegions(probabilities: maps, names: names, on: grid) }
    }

    private func writeImage(_ volume: Volume?, of image: ImageFile, _ provenance: Provenance) throws {
        guard let out, let volume else { return }
        try NIfTI.write(volume, to: out, frameDurationS: image.frames.first?.duration ?? 0, force: write.force)
        var provenance = provenance
        if image.format.hasPrefix("DICOM") {
            // Folders of DICOM are often named after the patient.
            for place in provenance.inputs.indices where provenance.inputs[place].path == pet {
                provenance.inputs[place].path = "DICOM, path withheld"
            }
        }
        let record = JSONValue.object(image.sidecarMembers() + [.init("engraft", .object(provenance.members))])
        try OutputFile.write(record.text, to: ImageFile.sidecarPath(of: out), force: write.force)
    }

    private func parameters(_ correction: PartialVolumeCorrection) -> [JSONValue.Member] {
        let (spread, options, method) = (correction.spread, correction.options, correction.method)
        let iterations = method.iterates ? options.iterations ?? method.defaultIterations : nil
        return [
            .init("method", .string(method.name)),
            .init("fwhm_mm", .array(fwhm.map { JSONValue([$0.values.x, $0.values.y, $0.values.z]) })),
            .init("border", .string(spread.border.rawValue)),
            .init("convention", .string(spread.convention.rawValue)),
            .init("iterations", JSONValue(iterations)),
            .init("van_cittert_alpha", .number(options.alpha)), .init("van_cittert_stop", .number(options.stop)),
            .init("white", JSONValue(options.white)), .init("silent", JSONValue(options.silent)),
            .init("white_activity", JSONValue(options.whiteActivity)),
        ] + reading.parameters
    }
}

/// A method by its name.
struct MethodArgument: ExpressibleByArgument {
    var method: PartialVolumeMethod

    init(method: PartialVolumeMethod) { self.method = method }

    init?(argument: String) {
        guard let method = PartialVolumeMethod(argument) else { return nil }
        self.init(method: method)
    }

    var defaultValueDescription: String { method.name }
}

/// Names between commas.
struct NameList: ExpressibleByArgument {
    var names: [String]

    init(names: [String]) { self.names = names }

    init?(argument: String) {
        self.init(
            names: argument.split(separator: ",").map { name in
                let name = name.drop(while: \.isWhitespace)
                return String(name[..<(name.lastIndex { !$0.isWhitespace }.map(name.index(after:)) ?? name.startIndex)])
            })
    }

    var defaultValueDescription: String { names.joined(separator: ",") }
}

extension PointSpread.Border: ExpressibleByArgument {}
extension PointSpread.Convention: ExpressibleByArgument {}
