import ArgumentParser
import Imaging
import PET
import Phantoms
import Records
import Review

struct StriatumCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "striatum",
        abstract: "Labels of caudate, putamen, ventral striatum and references on a PET image, and their uptake.",
        discussion: """
            Labels come from a segmentation of the patient (--segmentation), from a template with an atlas (--template and \
            --atlas), or, with neither, from the built-in template: by CT where there is one (--ct), else by the PET alone. \
            Left and right are the patient's.

            The putamen is divided at the coronal plane of the anterior commissure where that is known (--ac; the built-in \
            template knows it), else at half of its length. Every placement is judged: a verdict of fail ends with code 65 \
            and writes nothing, unless --accept-fail is given.

            SBR is the mean over the reference's mean, minus 1; asymmetry 200 (L − R) / (L + R); the slope is that of SUVR \
            along the putamen's axis, in mm forward. A tract is the putamen within 4 mm of a cannula's path, its shell the \
            6 mm around that.

            Example: engraft striatum pet.nii.gz --ct ct.nii.gz --out striatum.nii.gz --overlay striatum.png

            Cite: Morbelli et al. 2020, doi 10.1007/s00259-020-04817-8, for SBR in parkinsonism.
            """)

    @Argument(help: "The PET image: a file or DICOM folder.") var pet: String
    @OptionGroup var source: StriatumSource
    @OptionGroup var measures: StriatumMeasures
    @Option(name: .shortAndLong, help: "The label image to write, with names and a JSON record beside it.")
    var out: String?
    @Option(help: "The 4-D image of each region's share in every voxel to write.") var probabilities: String?
    @Option(help: "The PNG with the regions' outlines to write.") var overlay: String?
    @ArgumentParser.Flag(help: "Go on where the placement is judged to have failed.") var acceptFail = false
    @OptionGroup var result: ResultOptions
    @OptionGroup var write: WriteOptions

    func validate() throws {
        try source.check()
        try measures.check()
        if let overlay, !overlay.lowercased().hasSuffix(".png") { throw ValidationError("--overlay is a PNG.") }
        for path in [out, probabilities].compactMap({ $0 }) where !Self.isNIfTI(path) {
            throw ValidationError("\(path) is written as NIfTI; give a name ending in .nii or .nii.gz.")
        }
    }

    private static func isNIfTI(_ path: String) -> Bool {
        path.lowercased().hasSuffix(".nii") || path.lowercased().hasSuffix(".nii.gz")
    }

    func execute() throws {
        let outputs = try planned()
        for path in outputs { try OutputFile.refuseExisting(path, force: write.force) }
        let image = try source.reading.read(pet)
        let average = try naming(pet) {
            try image.average(over: measures.window.map { try FrameWindow(from: $0.from, to: $0.to) })
        }
        let found = try source.find(on: average.volume, of: pet)
        let reference = try measures.reference(of: found.labels, tracer: source.tracer)
        let report = try naming(pet) {
            try StriatumReport(
                of: average.volume, labels: found.labels, source: found.source, quality: found.quality,
                steps: found.steps, reference: reference.name, suvFactor: image.suvFactor, tracts: try measures.paths(),
                normal: try measures.normalValues())
        }
        var provenance = Provenance(command: "striatum", parameters: parameters(average.windowS, reference.name))
        for path in [pet] + source.inputs + measures.inputs + image.sidecarPaths { try provenance.read(path) }
        provenance.warnings = image.warnings + reference.warnings + found.labels.warnings + report.uptake.warnings
        if report.quality.verdict != .ok { provenance.warnings += report.quality.reasons }
        let document = JSONValue.object(report.members + provenance.members)
        if report.quality.verdict == .fail && !acceptFail {
            if result.json { Terminal.show(document.text) }
            throw FileProblem(
                pet, .badData,
                "the striatum could not be placed: "
                    + report.quality.findings.filter { $0.verdict == .fail }.map(\.reason).joined(separator: "; ")
                    + "; nothing was written (--accept-fail goes on)")
        }
        try writeFiles(report, average.volume, found.fractions, document)
        Terminal.show(result.json ? document.text : report.text)
        Terminal.warn(provenance.warnings)
    }

    /// All files that may be written, each by one name only.
    private func planned() throws -> [String] {
        var paths = [out, probabilities, overlay].compactMap { $0 }
        paths += [out, probabilities].compactMap { $0 }.map(ImageFile.sidecarPath)
        if let out { paths.append(LabelTable.path(beside: out)) }
        guard Set(paths).count == paths.count else { throw ValidationError("Two outputs have the same name.") }
        return paths
    }

    private func writeFiles(
        _ report: StriatumReport, _ volume: Volume, _ fractions: StriatalFractions?, _ document: JSONValue
    ) throws {
        var batch = OutputBatch(force: write.force)
        let map = report.labelsWithTracts
        if let out {
            try batch.write(out) { try NIfTI.write(map, to: $0) }
            try batch.write(LabelTable.path(beside: out)) { try OutputFile.write(map.names.dsegTSV, to: $0) }
            try batch.write(ImageFile.sidecarPath(of: out)) { try OutputFile.write(document.text, to: $0) }
        }
        if let probabilities {
            let shares = fractions ?? StriatalFractions(of: report.labels, onto: volume.grid)
            try batch.write(probabilities) { try NIfTI.write(shares.volume, to: $0) }
            let frames = shares.regions.map { JSONValue.string($0.name) }
            try batch.write(ImageFile.sidecarPath(of: probabilities)) {
                guard case .object(let members) = document else { return }
                let record = JSONValue.object([.init("frames", .array(frames))] + members)
                try OutputFile.write(record.text, to: $0)
            }
        }
        if let overlay {
            let picture = try Overlay.draw(
                pet: volume, ct: try source.background(), labels: report.striatumOnly,
                options: OverlayOptions(title: "Striatum: placement \(report.quality.verdict.rawValue)"))
            try batch.write(overlay) { try OutputFile.write(try PNG.encode(picture), to: $0) }
        }
        try batch.commit()
    }

    private func parameters(_ windowS: (from: Double, to: Double)?, _ reference: String?) -> [JSONValue.Member] {
        source.parameters + measures.parameters + [
            .init("reference", JSONValue(reference)),
            .init("window_s", windowS.map { JSONValue([$0.from, $0.to]) } ?? .null),
            .init("accept_fail", .bool(acceptFail)),
        ]
    }
}

extension StriatumReport {
    /// The labels, with tracts and shells over the putamen they lie in.
    var labelsWithTracts: LabelMap {
        guard let tracts else { return labels.map }
        // Tracts are a second division of the putamen and have their own image's numbers above it.
        var names = labels.map.names
        for (label, entry) in tracts.map.names.entries where tracts.map.labels.contains(label) {
            names.entries[label] = entry
        }
        return LabelMap(
            grid: labels.map.grid,
            voxels: zip(labels.map.voxels, tracts.map.voxels).map { $1 == 0 ? $0 : $1 }, names: names)
    }

    /// What the picture outlines.
    var striatumOnly: LabelMap {
        let map = labels.map
        return LabelMap(
            grid: map.grid,
            voxels: map.voxels.map { StriatalRegion(label: $0)?.structure.isStriatal ?? false ? $0 : 0 },
            names: map.names)
    }
}
