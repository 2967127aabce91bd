import ArgumentParser
import Imaging
import PET
import Records
import Review

struct RealignCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "realign",
        abstract: "The frames of a dynamic PET image brought to one place: rigid motion correction with its measures.",
        discussion: """
            Frames are laid one by one on a reference of the same scan: by default the mean of the frames as they lie on the one \
            with the most counts. Frames with too few counts are placed by their sum, or lie as the nearest frame that \
            is placed; the JSON beside OUT, the table of --confounds and the picture of --plot say which. Movement within a \
            frame and the mismatch of the attenuation map stay.

            Example: engraft realign pet.nii.gz pet_realigned.nii.gz --confounds sub-01_desc-confounds_timeseries.tsv \
            --plot motion.png

            Cite: Studholme et al. 1999 for the metric; Power et al. 2012, doi 10.1016/j.neuroimage.2011.10.018, for \
            framewise_displacement, mm; Jenkinson 1999, FMRIB TR99MJ1, for rmsd, mm.
            """)

    /// What frames are laid on.
    enum ReferenceKind: String, ExpressibleByArgument, CaseIterable { case iterative, mean }

    @Argument(help: "The dynamic PET image: a file or DICOM folder, with frame times.") var pet: String
    @Argument(help: "The NIfTI file to write; .nii.gz is compressed.") var output: String
    @Option(
        help: """
            What frames are laid on: iterative (the mean of frames laid on the one with the most counts) or mean (of frames \
            as they are).
            """)
    var reference: ReferenceKind?
    @Option(
        help: ArgumentHelp(
            "Lay frames on the mean of those between two times, s after time zero.", valueName: "from,to"))
    var window: TimeWindow?
    @Option(
        help: ArgumentHelp("Lay frames on another PET image of the head, such as another visit's.", valueName: "image"))
    var referenceImage: String?
    @Option(help: "What is made as large as it can be: nmi, mi, cr (correlation ratio) or ncc.")
    var metric: SimilarityMetric = .normalizedMutualInformation
    @Option(help: "Between voxels: cubic B-spline or linear.") var interpolation: Interpolation = .cubic
    @Option(
        help: ArgumentHelp(
            "A frame whose halves of points place it further from their mean than this has too few counts.",
            valueName: "mm"))
    var leastCertainty = 1.5
    @Option(
        help: ArgumentHelp(
            "A frame further than this from both neighbours stays there only where the image bears it out.",
            valueName: "mm"))
    var largestJump = 5.0
    @Option(
        help: ArgumentHelp(
            "Write movement by the column names of fMRIPrep and PETPrep here, with its JSON.", valueName: "tsv"))
    var confounds: String?
    @Option(help: ArgumentHelp("Draw the movement here.", valueName: "png")) var plot: String?
    @OptionGroup var reading: ReadingOptions
    @OptionGroup var result: ResultOptions
    @OptionGroup var write: WriteOptions

    func validate() throws {
        guard output.hasSuffix(".nii") || output.hasSuffix(".nii.gz") else {
            throw ValidationError("The output is named .nii or .nii.gz.")
        }
        guard interpolation != .nearest else { throw ValidationError("--interpolation is cubic or linear.") }
        guard [reference != nil, window != nil, referenceImage != nil].count(where: { $0 }) <= 1 else {
            throw ValidationError("Give one of --reference, --window and --reference-image.")
        }
        guard leastCertainty > 0, leastCertainty <= 100 else {
            throw ValidationError("--least-certainty is 0 to 100 mm.")
        }
        guard largestJump > 0, largestJump <= 1000 else { throw ValidationError("--largest-jump is 0 to 1000 mm.") }
        try PlannedOutputs(out: confounds, plot: plot).check(inputs: [pet, referenceImage, output].compactMap { $0 })
        if let confounds, ImageFile.sidecarPath(of: confounds) == ImageFile.sidecarPath(of: output) {
            throw ValidationError("The JSON of --confounds and that of the image would be the same file.")
        }
    }

    private var outputs: [String] {
        [output, ImageFile.sidecarPath(of: output)]
            + (confounds.map { [$0, ImageFile.sidecarPath(of: $0)] } ?? []) + (plot.map { [$0] } ?? [])
    }

    func execute() throws {
        for path in outputs { try OutputFile.refuseExisting(path, force: write.force) }
        try OutputFile.refuseInputs(outputs, [pet, referenceImage].compactMap { $0 })
        try OutputFile.checkFolders(of: outputs)
        var image = try reading.read(pet)
        let frames = image.frames
        let (options, doubts) = try naming(pet) { try self.options(image) }
        let halfLife = image.acquisition?.halfLifeS
        let line = ShareLine("realign")
        let found = try naming(pet) {
            try Realignment(
                of: image.volume, weights: MotionReport.weights(frames, halfLifeS: halfLife), times: frames.map(\.mid),
                options: options, progress: { line.show(0.7 * $0) })
        }
        image.volume.realign(found.frames.map(\.frameFromReference), interpolation: interpolation) {
            line.show(0.7 + 0.3 * $0)
        }
        let report = MotionReport(found, frames: frames)
        var provenance = Provenance(command: "realign", parameters: parameters(options))
        for path in [pet] + image.sidecarPaths + [referenceImage].compactMap({ $0 }) { try provenance.read(path) }
        provenance.warnings = image.warnings + doubts + report.warnings
        if halfLife == nil {
            provenance.warnings.append("the half-life is not known: frames were averaged by their durations alone")
        }
        try writeFiles(image, report, provenance)
        Terminal.show(
            result.json ? JSONValue.object(report.members + provenance.members).text : text(report))
        Terminal.warn(provenance.warnings)
    }

    // MARK: Settings

    private func options(_ image: ImageFile) throws -> (RealignmentOptions, warnings: [String]) {
        guard image.volume.frames > 1 else { throw RealignmentError.oneFrame }
        guard !image.frames.isEmpty else { throw WindowError.noFrameTimes }
        var options = RealignmentOptions()
        (options.metric, options.leastCertaintyMM, options.largestJumpMM) = (metric, leastCertainty, largestJump)
        var doubts: [String] = []
        if let window {
            options.reference = .frames(try FrameWindow(from: window.from, to: window.to).frames(of: image.frames))
        } else if let path = referenceImage {
            let other = try ImageFile.read(path)
            guard other.volume.frames == 1 else {
                throw FileProblem(path, .badData, "the reference has \(other.volume.frames) frames; one is expected")
            }
            options.reference = .image(other.volume)
            doubts = other.warnings
        } else {
            options.reference = reference == .mean ? .mean : .iterativeMean
        }
        return (options, doubts)
    }

    private func parameters(_ options: RealignmentOptions) -> [JSONValue.Member] {
        let kind: String =
            window != nil ? "window" : referenceImage != nil ? "image" : (reference ?? .iterative).rawValue
        return [
            .init("reference", .string(kind)), .init("window_s", window.map { JSONValue([$0.from, $0.to]) } ?? .null),
            .init("reference_image", JSONValue(referenceImage)), .init("metric", .string(metric.rawValue)),
            .init("interpolation", .string(interpolation.rawValue)), .init("outside", 0),
            .init("levels_mm", JSONValue(options.spacings)), .init("smoothing_fwhm_mm", .number(options.smoothingFWHM)),
            .init("margin_mm", .number(options.marginMM)), .init("points", .integer(options.points)),
            .init("bins", .integer(options.bins)), .init("seed", .integer(Int(options.seed))),
            .init("least_certainty_mm", .number(leastCertainty)), .init("largest_jump_mm", .number(largestJump)),
            .init("judged_at_mm", .number(RealignmentOptions.radius)),
        ] + reading.parameters
    }

    // MARK: Files

    private func writeFiles(_ image: ImageFile, _ report: MotionReport, _ provenance: Provenance) throws {
        var batch = OutputBatch(force: write.force)
        try batch.write(output) {
            try NIfTI.write(image.volume, to: $0, frameDurationS: report.frames.first?.duration ?? 0)
        }
        try batch.write(ImageFile.sidecarPath(of: output)) {
            let record = JSONValue.object(report.members + provenance.members)
            let members = image.sidecarMembers() + [.init("engraft", record)]
            try OutputFile.write(JSONValue.object(members).text, to: $0)
        }
        if let confounds {
            try batch.write(confounds) { try OutputFile.write(report.table.tsv, to: $0) }
            try batch.write(ImageFile.sidecarPath(of: confounds)) {
                let members = MotionReport.columnMembers + [.init("engraft", .object(provenance.members))]
                try OutputFile.write(JSONValue.object(members).text, to: $0)
            }
        }
        if let plot {
            let name = pet.split(separator: "/").last.map(String.init) ?? pet
            let picture = try MotionPicture.png(of: report, file: name)
            try batch.write(plot) { try OutputFile.write(picture, to: $0) }
        }
        try batch.commit()
    }

    /// The result for people.
    private func text(_ report: MotionReport) -> String {
        var table = TextTable([
            .number("frame"), .number("start s"), .number("x mm"), .number("y mm"), .number("z mm"), .number("x °"),
            .number("y °"), .number("z °"), .number("FD mm"), .text("placed"), .text("flags"),
        ])
        let (motion, displacement) = (report.realignment.motion, report.realignment.framewiseDisplacement)
        for (place, row) in report.table.rows.enumerated() {
            let (t, r) = (motion[place].translation, motion[place].rotation * (180 / .pi))
            table.add(
                ["\(place + 1)", significant(report.frames[place].start, 6)]
                    + [t.x, t.y, t.z, r.x, r.y, r.z].map { fixed($0, 2) }
                    + [fixed(displacement[place], 2), row[10], row[12] == "n/a" ? "" : row[12]])
        }
        return table.text
            + "the head moved by at most \(fixed(report.largestDisplacementMM, 1)) mm, 60 mm from its middle\n"
            + "wrote \(outputs.joined(separator: ", "))\n"
    }
}
