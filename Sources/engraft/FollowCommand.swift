import ArgumentParser
import Imaging
import Outcomes
import PET
import Records
import Review

struct FollowCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "follow",
        abstract: "Labels of one visit on the image of another: the same masks at every visit.",
        discussion: """
            The baseline image (PET, CT or MR) is laid on the follow-up image of the same kind by a rigid map, and the labels \
            go with it: each voxel takes the label that fills most of it. Nothing is fitted to the follow-up's uptake.

            Where PET and CT of a visit lie on each other, labels of the PET can follow by CT: give both CTs, and the \
            follow-up PET with --like. The placement is judged as striatum's is: a verdict of fail ends with code 65 and \
            writes nothing, unless --accept-fail is given, and uptake refuses such labels.

            Example: engraft follow month12_pet.nii.gz --baseline month0_pet.nii.gz --labels month0_striatum.nii.gz --out \
            month12_striatum.nii.gz --overlay month12.png
            """)

    @Argument(help: "The follow-up image: a file or DICOM folder.") var followUp: String
    @Option(help: "The baseline image of the same kind, in whose space the labels are.") var baseline: String
    @Option(help: "The baseline's label image.") var labels: String
    @Option(help: "Names of the labels; else the .tsv beside.") var lut: String?
    @Option(
        help: "An image of the follow-up visit on whose grid the labels are wanted; else that of the follow-up image.")
    var like: String?
    @Option(help: "nmi, mi, cr or ncc.") var metric: SimilarityMetric = .normalizedMutualInformation
    @Option(name: .shortAndLong, help: "The label image to write, with names and a JSON record beside it.") var out:
        String
    @Option(help: "Baseline's label image of tracts, as striatum --out-tracts wrote it.") var tracts: String?
    @Option(help: "The tracts at follow-up, to write.") var outTracts: String?
    @Option(help: "Baseline's 4-D image of shares, as striatum --probabilities wrote it.") var probabilities: String?
    @Option(help: "The shares at follow-up, to write.") var outProbabilities: String?
    @Option(help: "The map to write, from follow-up to baseline: .tfm or .txt (ITK).") var outTransform: String?
    @Option(help: "The PNG with the labels' outlines on the follow-up to write.") var overlay: String?
    @ArgumentParser.Flag(help: "Go on where the labels or their placement are judged to have failed.")
    var acceptFail = false
    @OptionGroup var reading: ReadingOptions
    @OptionGroup var result: ResultOptions
    @OptionGroup var write: WriteOptions

    func validate() throws {
        guard (tracts == nil) == (outTracts == nil) else {
            throw ValidationError("--tracts and --out-tracts belong together.")
        }
        guard (probabilities == nil) == (outProbabilities == nil) else {
            throw ValidationError("--probabilities and --out-probabilities belong together.")
        }
        for path in images where !path.lowercased().hasSuffix(".nii") && !path.lowercased().hasSuffix(".nii.gz") {
            throw ValidationError("\(path) is written as NIfTI; give a name ending in .nii or .nii.gz.")
        }
        if let outTransform, TransformFile.format(of: outTransform) != .itk {
            throw ValidationError("--out-transform \(outTransform): give a name ending in .tfm or .txt.")
        }
        if let overlay, !overlay.lowercased().hasSuffix(".png") { throw ValidationError("--overlay is a PNG.") }
    }

    /// The images that are asked for.
    private var images: [String] { [out, outTracts, outProbabilities].compactMap { $0 } }
    private var inputs: [String] { [followUp, baseline, labels, lut, like, tracts, probabilities].compactMap { $0 } }

    func execute() throws {
        var outputs = images + images.map(ImageFile.sidecarPath) + [outTransform, overlay].compactMap { $0 }
        outputs += [out, outTracts].compactMap { $0 }.map { LabelTable.path(beside: $0) }
        if let twice = OutputFile.collision(among: outputs) {
            throw ValidationError("\(twice) is named for two outputs.")
        }
        try OutputFile.refuseInputs(outputs, inputs)
        try OutputFile.checkFolders(of: outputs)
        for path in outputs { try OutputFile.refuseExisting(path, force: write.force) }
        let record = LabelRecord(beside: labels)
        if !acceptFail { try record?.refuseFailed(labels) }
        let later = try RegisterCommand.read(followUp, reading)
        let earlier = try RegisterCommand.read(baseline, reading)
        let target = try like.map { try RegisterCommand.read($0, reading) }
        let source = try LabelImage.read(labels, names: try Self.names(of: labels, lut))
        let shown = target ?? later
        var followed: FollowedLabels
        do {
            followed = try FollowedLabels(
                source, from: earlier.mean, to: later.mean, onto: shown.mean.grid, metric: metric,
                pet: shown.image.acquisition == nil ? nil : shown.mean)
        } catch let error as RegistrationError {
            throw FileProblem(error.image == .moving ? baseline : followUp, .badData, "\(error)")
        } catch let error as StriatumError {
            throw FileProblem(labels, .badData, "\(error)")
        }
        var provenance = Provenance(
            command: "follow",
            parameters: [.init("metric", .string(metric.rawValue)), .init("accept_fail", .bool(acceptFail))]
                + reading.parameters)
        for path in inputs { try provenance.read(path) }
        if let record, record.verdict != .ok {
            followed = followed.with(
                "baseline_labels", record.verdict,
                "the baseline's labels: " + record.reasons.joined(separator: "; "))
        }
        provenance.warnings = later.warnings + earlier.warnings + (target?.warnings ?? [])
        provenance.warnings += [record?.stranger(among: provenance.inputs, made: labels)].compactMap { $0 }
        provenance.warnings += followed.quality.reasons
        let document = JSONValue.object(
            followed.members + [
                .init("lies_on", JSONValue([followUp] + [like].compactMap { $0 })),
                .init("putamen_rule", JSONValue(record?.document["putamen_rule"]?.string)),
            ] + provenance.members)
        if followed.quality.verdict == .fail && !acceptFail {
            if result.json { Terminal.show(document.text) }
            throw FileProblem(
                followUp, .badData,
                "the labels could not be carried over: "
                    + followed.quality.findings.filter { $0.verdict == .fail }.map(\.reason).joined(separator: "; ")
                    + "; nothing was written (--accept-fail goes on)")
        }
        try writeFiles(followed, shown.mean, document)
        Terminal.show(result.json ? document.text : followed.text)
        Terminal.warn(provenance.warnings)
    }

    private func writeFiles(_ followed: FollowedLabels, _ shown: Volume, _ document: JSONValue) throws {
        var batch = OutputBatch(force: write.force)
        let map = SpatialTransform.linear(followed.baselineFromFollowUp)
        var maps = [(followed.labels, out)]
        if let tracts, let outTracts {
            let given = try LabelImage.read(tracts, names: try Self.names(of: tracts, nil))
            maps.append((LabelFractions(of: given, onto: shown.grid, through: map).mostly, outTracts))
        }
        for (labels, path) in maps {
            try batch.write(path) { try NIfTI.write(labels, to: $0) }
            try batch.write(LabelTable.path(beside: path)) { try OutputFile.write(labels.names.dsegTSV, to: $0) }
            try batch.write(ImageFile.sidecarPath(of: path)) { try OutputFile.write(document.text, to: $0) }
        }
        if let probabilities, let outProbabilities {
            let shares = try ImageFile.read(probabilities).volume
            try batch.write(outProbabilities) {
                try NIfTI.write(shares.resampled(onto: shown.grid, through: map), to: $0)
            }
            try batch.write(ImageFile.sidecarPath(of: outProbabilities)) {
                guard case .object(let members) = document else { return }
                let frames = LabelRecord(beside: probabilities)?.document["frames"] ?? .null
                try OutputFile.write(JSONValue.object([.init("frames", frames)] + members).text, to: $0)
            }
        }
        if let outTransform {
            try batch.write(outTransform) {
                try OutputFile.write(ITKTransform.text(of: followed.baselineFromFollowUp), to: $0)
            }
        }
        if let overlay {
            let picture = try naming(followUp) {
                try Overlay.draw(
                    pet: shown, labels: followed.labels,
                    options: OverlayOptions(title: "Labels of baseline: \(followed.quality.verdict.rawValue)"))
            }
            try batch.write(overlay) { try OutputFile.write(try PNG.encode(picture), to: $0) }
        }
        try batch.commit()
    }

    /// Names as given, else from the table beside a label image.
    private static func names(of labels: String, _ given: String?) throws -> LabelTable {
        if let given { return try LabelTable.read(given) }
        let beside = LabelTable.path(beside: labels)
        guard beside != labels, InputFile.exists(beside), !InputFile.isFolder(beside) else { return LabelTable() }
        return try LabelTable.read(beside)
    }
}
