import ArgumentParser
import Imaging
import PET
import Records
import Review

struct OverlayCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "overlay",
        abstract: "Review slices of a PET image over CT, with outlines of regions, as a PNG.",
        discussion: """
            Axial, coronal and sagittal slices through the regions, or through the brightest voxels. Colours run from 0 to a \
            fixed value that is printed beside the colour bar; sides are marked.

            Example: engraft overlay pet.nii.gz --ct ct.nii.gz --out overlay.png
            """)

    @Argument(help: "The PET image: a file or DICOM folder.") var pet: String
    @Option(help: "The CT (or MR) below: a file or DICOM folder.") var ct: String?
    @Option(help: "A label image whose regions are outlined.") var labels: String?
    @Option(help: "Names of the labels.") var lut: String?
    @Option(name: .shortAndLong, help: "The PNG to write.") var out: String
    @Option(help: ArgumentHelp("Average the frames between these times, s after time zero.", valueName: "from,to"))
    var window: TimeWindow?
    @Option(help: "The value of the brightest colour.") var max: Double?
    @Option(help: "Slices a row.") var slices: Int = 5
    @Option(help: "How much of the CT the brightest colours hide, 0 to 1.") var opacity: Double = 0.75
    @ArgumentParser.Flag(help: "The patient's left on the left of the picture (radiological is the default).")
    var neurological = false
    @ArgumentParser.Flag(
        help: "Show the whole head; with --labels, slices are cropped to them so that no face is seen.")
    var wholeHead = false
    @Option(help: "A title; do not put a patient's name here.") var title: String = ""
    @OptionGroup var write: WriteOptions

    func validate() throws {
        guard (1...9).contains(slices) else { throw ValidationError("--slices is 1 to 9.") }
        guard (0...1).contains(opacity) else { throw ValidationError("--opacity is 0 to 1.") }
        if let max, !(max > 0) { throw ValidationError("--max is positive.") }
    }

    func execute() throws {
        try OutputFile.refuseExisting(out, force: write.force)
        let image = try ImageFile.read(pet)
        let average = try naming(pet) {
            try image.average(over: window.map { try FrameWindow(from: $0.from, to: $0.to) })
        }
        let names = try lut.map { try LabelTable.read($0) } ?? LabelTable()
        var options = OverlayOptions(
            title: title, unit: image.units ?? "", window: max.map { 0...$0 }, opacity: opacity, slices: slices,
            convention: neurological ? .neurological : .radiological)
        if labels != nil, !wholeHead { options.field = .around(marginMm: OverlayOptions.striatalMarginMm) }
        let picture = try Overlay.draw(
            pet: average.volume, ct: ct.map { try ImageFile.read($0).volume },
            labels: labels.map { try LabelImage.read($0, names: names) }, options: options)
        try OutputFile.write(try PNG.encode(picture), to: out, force: write.force)
        try writeRecord(
            "overlay", of: out, inputs: [pet, ct, labels, lut].compactMap { $0 },
            parameters: [
                .init("max", JSONValue(max)), .init("opacity", .number(opacity)), .init("slices", .integer(slices)),
                .init("window_s", average.windowS.map { JSONValue([$0.from, $0.to]) } ?? .null),
                .init("convention", .string(options.convention.rawValue)), .init("whole_head", .bool(wholeHead)),
            ], warnings: image.warnings, force: write.force)
        Terminal.show("wrote \(out)")
    }
}
