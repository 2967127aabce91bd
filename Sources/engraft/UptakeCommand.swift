import ArgumentParser
import Imaging
import Outcomes
import PET
import Records

struct UptakeCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "uptake",
        abstract: "Uptake of a PET image per region: SUV, SUVR, SBR, and striatal indices.",
        discussion: """
            Means are over voxels of the PET grid whose centre lies in the region. SUVR is the mean over the reference's \
            mean, SBR is SUVR − 1. Asymmetry is 200 (L − R) / (L + R), the gradient posterior over anterior putamen.

            Example: engraft uptake pet.nii.gz --labels labels.nii.gz --reference occipital

            Cite: Morbelli et al. 2020, doi 10.1007/s00259-020-04817-8, for SBR in parkinsonism.
            """)

    @OptionGroup var source: RegionSource
    @Option(help: "The reference region; a name without a side means both sides.") var reference: String?
    @Option(help: "What the indices are made of: suv, suvr or sbr (sbr with a reference, else suv).")
    var measure: Uptake.Measure?
    @Option(help: ArgumentHelp("Average the frames between these times, s after time zero.", valueName: "from,to"))
    var window: TimeWindow?
    @Option(help: ArgumentHelp("Body mass, kg, where the file has none.", valueName: "kg")) var mass: Double?
    @Option(name: .shortAndLong, help: ArgumentHelp("Also write the table here, with a JSON record.", valueName: "tsv"))
    var out: String?
    @ArgumentParser.Flag(help: "Go on with labels that engraft striatum judged to have failed.")
    var acceptFail = false
    @OptionGroup var result: ResultOptions
    @OptionGroup var write: WriteOptions

    func validate() throws {
        if let mass, !(mass > 0 && mass < 1000) { throw ValidationError("--mass is in kg.") }
        if let measure, measure != .suv, reference == nil {
            throw ValidationError("--measure \(measure.rawValue) needs --reference.")
        }
    }

    func execute() throws {
        if let out { try OutputFile.refuseExisting(out, force: write.force) }
        if !acceptFail { try source.refuseFailed() }
        var (image, labels) = try source.read()
        if let mass { image = image.withMass(mass) }
        let window = try naming(source.pet) {
            try image.average(over: self.window.map { try FrameWindow(from: $0.from, to: $0.to) })
        }
        let uptake = try naming(source.pet) {
            try Uptake(of: window.volume, labels: labels, reference: reference, suvFactor: image.suvFactor)
        }
        let chosen = measure ?? (reference == nil ? .suv : .sbr)
        let report = UptakeReport(
            uptake: uptake, indices: StriatalIndices(of: uptake, measure: chosen), windowS: window.windowS)
        var provenance = Provenance(
            command: "uptake",
            parameters: [
                .init("reference", JSONValue(reference)), .init("measure", .string(chosen.rawValue)),
                .init("window_s", JSONValue(self.window.map { [$0.from, $0.to] } ?? [])),
                .init("mass_kg", JSONValue(mass)), .init("accept_fail", .bool(acceptFail)),
            ] + source.reading.parameters)
        for path in [source.pet, source.labels, source.namesPath].compactMap({ $0 }) + image.sidecarPaths {
            try provenance.read(path)
        }
        let stranger = LabelRecord(beside: source.labels)?.stranger(among: provenance.inputs, made: source.labels)
        provenance.warnings = image.warnings + [image.suvAbsence, stranger].compactMap { $0 } + uptake.warnings
        let document = JSONValue.object(report.members + provenance.members)
        if let out {
            try OutputFile.write(report.table.tsv, to: out, force: write.force)
            try OutputFile.write(document.text, to: ImageFile.sidecarPath(of: out), force: write.force)
        }
        Terminal.show(result.json ? document.text : report.text)
        Terminal.warn(provenance.warnings)
    }
}

/// A PET image and the regions on it.
struct RegionSource: ParsableArguments {
    @Argument(help: "The PET image: a file or DICOM folder.") var pet: String
    @Option(help: "The label image: NIfTI, MGH (aparc+aseg.mgz), NRRD, MetaImage or DICOM SEG.") var labels: String
    @Option(help: "Names of the labels: FreeSurfer table, gtmseg.ctab, BIDS dseg.tsv, CSV, JSON; else the .tsv beside.")
    var lut: String?
    @OptionGroup var reading: ReadingOptions

    func read() throws -> (ImageFile, LabelMap) {
        let names = try namesPath.map { try LabelTable.read($0) } ?? LabelTable()
        let image = try reading.read(pet)
        return (image, try LabelImage.read(labels, names: names))
    }

    /// The file of the labels' names: as given, else the table beside the label image.
    var namesPath: String? {
        let beside = LabelTable.path(beside: labels)
        return lut ?? (beside != labels && InputFile.exists(beside) && !InputFile.isFolder(beside) ? beside : nil)
    }

    /// Throws where the record beside the labels says that they were placed badly.
    func refuseFailed() throws { try LabelRecord(beside: labels)?.refuseFailed(labels) }
}

extension Uptake.Measure: ExpressibleByArgument {}
