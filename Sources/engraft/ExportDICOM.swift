import ArgumentParser
import Imaging
import PET
import Records
import Review

/// The DICOM images that an export belongs to, and who it is about.
struct DICOMSourceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The DICOM images it was made of: their study is taken over.", valueName: "folder"))
    var like: String
    @Option(help: ArgumentHelp("Of several series in --like, the one with this UID or number.", valueName: "uid|n"))
    var series: String?
    @Option(help: "The study's code of the patient: the only name and ID in the file.") var code: String?
    @ArgumentParser.Flag(help: "Take over the patient's name, ID, birth date and the study's dates instead.")
    var keepIdentity = false

    func validate() throws {
        guard (code == nil) == keepIdentity else {
            throw ValidationError("Give --code, the study's code of the patient, or --keep-identity.")
        }
        if let code, code.isEmpty || code.utf8.count > 64 || !code.utf8.allSatisfy(Self.isPlain) {
            throw ValidationError("--code is letters, digits, hyphens, dots and underscores.")
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || [0x2D, 0x2E, 0x5F].contains(byte)
    }

    /// The series that is meant.
    func chosen() throws -> DICOMSeries { try ImageFile.series(in: like, named: series) }

    /// What the export takes over of it.
    func source(_ series: DICOMSeries) throws -> DICOMSource {
        try DICOMSource(series, identity: code.map { .code($0) } ?? .kept)
    }

    /// The options as they are recorded; the code is in the file, a UID would lead back to the patient.
    var parameters: [JSONValue.Member] {
        let number = series.flatMap { Int($0) }
        return [
            .init("series", series == nil ? .null : number.map { .integer($0) } ?? "by UID"),
            .init("code", JSONValue(code)),
            .init("keep_identity", .bool(keepIdentity)),
        ]
    }
}

extension ExportCommand {
    struct SecondaryCapture: Subcommand {
        static let configuration = CommandConfiguration(
            commandName: "dicom-sc",
            abstract: "A picture as a DICOM Secondary Capture, for any viewer.",
            discussion: """
                OVERLAY is a PNG, such as overlay writes. The file goes into the study of --like as a series of its own, \
                with new UIDs, and says that text is burned in. Without --keep-identity its only name and ID is --code.

                Example: engraft export dicom-sc overlay.png --like pet-folder/ --code P07 --out overlay.dcm
                """)

        @Argument(help: "The picture, PNG.") var overlay: String
        @OptionGroup var source: DICOMSourceOptions
        @Option(name: .shortAndLong, help: "The DICOM file to write.") var out: String
        @OptionGroup var audit: AuditOptions
        @OptionGroup var write: WriteOptions

        func execute() throws {
            let output = DICOMOutput(command: "export dicom-sc", out: out, force: write.force)
            let begun = try output.begin(inputs: [overlay], like: source.like, audit)
            let bytes = try InputFile.read(overlay)
            let image = try naming(overlay) { try PNG.decode(bytes) }
            let taken = try source.source(try source.chosen())
            let file = try naming(overlay) {
                try DICOMSecondaryCapture.file(
                    rgb: image.opaque, width: image.width, height: image.height, title: "Engraft overlay", of: taken)
            }
            try output.finish(file, parameters: source.parameters, begun)
            Terminal.show("wrote \(out): \(image.width) × \(image.height) pixels")
        }
    }

    struct Segmentation: Subcommand {
        static let configuration = CommandConfiguration(
            commandName: "dicom-seg",
            abstract: "Labels as a DICOM segmentation.",
            discussion: """
                One binary segment a label, on the labels' own grid, with its name and, where we are sure of it, its code in \
                SNOMED CT. It names the images of --like, in whose space the labels must lie, so that a viewer lays it on \
                them. Without --keep-identity its only name and ID is --code.

                Example: engraft export dicom-seg labels.nii.gz --lut names.tsv --like pet-folder/ --code P07 --out seg.dcm
                """)

        @Argument(help: "The label image.") var labels: String
        @Option(help: ArgumentHelp("Names of the labels.", valueName: "table")) var lut: String?
        @OptionGroup var source: DICOMSourceOptions
        @Option(name: .shortAndLong, help: "The DICOM file to write.") var out: String
        @OptionGroup var audit: AuditOptions
        @OptionGroup var write: WriteOptions

        func execute() throws {
            let output = DICOMOutput(command: "export dicom-seg", out: out, force: write.force)
            let begun = try output.begin(inputs: [labels] + (lut.map { [$0] } ?? []), like: source.like, audit)
            let names = try lut.map { try LabelTable.read($0) } ?? LabelTable()
            let map = try LabelImage.read(labels, names: names)
            let segments = map.labels.map { label in
                RegionName(map.names.name(of: label)).segment(label: label, name: map.names.name(of: label))
            }
            let chosen = try source.chosen()
            let grid = try DICOM.read(chosen, allowGaps: true).volume.grid
            let taken = try source.source(chosen)
            let file = try naming(labels) {
                try DICOMSegmentationFile(map, segments, of: taken, grid: grid).file()
            }
            try output.finish(file, parameters: source.parameters, begun)
            Terminal.show("wrote \(out): \(segments.count) segment\(segments.count == 1 ? "" : "s")")
        }
    }
}

/// A DICOM file that is written, with its provenance beside it.
struct DICOMOutput {
    let command, out: String
    let force: Bool

    /// What was read, and the entry that is to be written.
    struct Begun {
        let inputs: [String]
        let like: String
        let note: AuditNote?
    }

    /// Checks the names before any work.
    func begin(inputs: [String], like: String, _ audit: AuditOptions) throws -> Begun {
        let files = [out, ImageFile.sidecarPath(of: out)]
        for file in files { try OutputFile.refuseExisting(file, force: force) }
        try OutputFile.checkFolders(of: files)
        try OutputFile.refuseInputs(files, inputs + [like])
        return Begun(inputs: inputs, like: like, note: try audit.note())
    }

    /// Writes the file and its sidecar, and notes them. Folders of DICOM are often named after the patient: the sidecar keeps
    /// the hash of `--like` only.
    func finish(_ bytes: [UInt8], parameters: [JSONValue.Member], _ begun: Begun) throws {
        var provenance = Provenance(command: command, parameters: parameters)
        for input in begun.inputs + [begun.like] { try provenance.read(input) }
        provenance.inputs[begun.inputs.count].path = "DICOM, path withheld"
        let sidecar = ImageFile.sidecarPath(of: out)
        var batch = OutputBatch(force: force)
        try batch.write(out) { try OutputFile.write(bytes, to: $0) }
        try batch.write(sidecar) { try OutputFile.write(JSONValue.object(provenance.members).text, to: $0) }
        try batch.commit()
        try begun.note?.write(command, inputs: begun.inputs, outputs: [out, sidecar])
    }
}

extension RGBAImage {
    /// Red, green and blue, what is transparent laid on white.
    fileprivate var opaque: [UInt8] {
        var rgb = [UInt8](repeating: 0, count: 3 * width * height)
        for pixel in 0..<(width * height) {
            let alpha = Int(pixels[4 * pixel + 3])
            for channel in 0..<3 {
                rgb[3 * pixel + channel] = UInt8(
                    (Int(pixels[4 * pixel + channel]) * alpha + 255 * (255 - alpha) + 127) / 255)
            }
        }
        return rgb
    }
}
