import ArgumentParser
import PET
import Records

struct Tacs: Subcommand {
    static let configuration = CommandConfiguration(
        abstract: "Time-activity curves of a dynamic PET image: mean, SD and SEM per region and frame.",
        discussion: """
            Prints, or writes with --out, a BIDS `_tacs.tsv` (frame_start and frame_end in s, one column a region, in the \
            unit of the image). The JSON beside it, or --json, has SD, SEM, voxels and volumes too.

            Example: engraft tacs pet.nii.gz --labels labels.nii.gz --out sub-01_tacs.tsv
            """)

    @OptionGroup var source: RegionSource
    @Option(name: .shortAndLong, help: ArgumentHelp("Write the table here, with its JSON.", valueName: "tsv")) var out:
        String?
    @OptionGroup var result: ResultOptions
    @OptionGroup var write: WriteOptions

    func execute() throws {
        if let out { try OutputFile.refuseExisting(out, force: write.force) }
        let (image, labels) = try source.read()
        let curves = try naming(source.pet) {
            try TimeActivityCurves(of: image.volume, frames: image.frames, labels: labels, units: image.units)
        }
        var provenance = Provenance(command: "tacs", parameters: source.reading.parameters)
        for path in [source.pet, source.labels, source.lut].compactMap({ $0 }) + image.sidecarPaths {
            try provenance.read(path)
        }
        provenance.warnings = image.warnings + curves.warnings
        let document = JSONValue.object(curves.members + provenance.members)
        if let out {
            try OutputFile.write(curves.table.tsv, to: out, force: write.force)
            try OutputFile.write(document.text, to: ImageFile.sidecarPath(of: out), force: write.force)
            Terminal.say("wrote \(out) and \(ImageFile.sidecarPath(of: out))")
        }
        if result.json {
            Terminal.show(document.text)
        } else if out == nil {
            Terminal.show(curves.table.tsv)
        }
        Terminal.warn(provenance.warnings)
    }
}
