import ArgumentParser
import Imaging
import PET
import Records

struct Resample: Subcommand {
    static let configuration = CommandConfiguration(
        abstract: "An image onto another grid.",
        discussion: """
            Positions are compared in RAS millimetres; nothing is registered. Voxels outside the input become 0. With a \
            transform, as register writes it, the input is the moving image and --like the fixed one.

            Example: engraft resample ct.nii.gz ct_on_pet.nii.gz --like pet.nii.gz --transform ct_to_pet.tfm
            """)

    @Argument(help: "An image file or DICOM folder.") var input: String
    @Argument(help: "The NIfTI file to write.") var output: String
    @Option(help: "The image whose grid is wanted.") var like: String?
    @Option(help: ArgumentHelp("The voxel size wanted, mm.", valueName: "x,y,z")) var voxelSize: TripleArgument?
    @Option(help: "A transform that takes points of the new grid to the input: .tfm, .txt, .mat (ANTs) or .json.")
    var transform: String?
    @Option(help: "nearest (for labels), linear, or cubic B-spline.") var interpolation: Interpolation = .linear
    @OptionGroup var reading: ReadingOptions
    @OptionGroup var write: WriteOptions

    func validate() throws {
        guard (like == nil) != (voxelSize == nil) else { throw ValidationError("Give either --like or --voxel-size.") }
        if let size = voxelSize?.values, !(size.min() >= 0.05 && size.max() <= 1000) {
            throw ValidationError("A voxel is 0.05 to 1000 mm large.")
        }
    }

    func execute() throws {
        try OutputFile.refuseExisting(output, force: write.force)
        let map = try transform.map { try TransformFile.read($0) }
        let image = try reading.read(input)
        let grid: VoxelGrid
        if let like {
            grid = try ImageFile.read(like).volume.grid
        } else {
            let (old, size) = (image.volume.grid, voxelSize?.values ?? .one)
            let ratio = old.voxelSize / size
            let voxels = Double(image.volume.voxels.count) * ratio.x * ratio.y * ratio.z
            guard voxels < 4e9 else {
                throw FileProblem(
                    input, .badData, "with this voxel size the image would have \(significant(voxels, 3)) voxels")
            }
            grid = try naming(input) { try old.resized(voxelSize: size) }
        }
        try NIfTI.write(
            image.volume.resampled(
                onto: grid, sourceFromTarget: map ?? .identity, interpolation: interpolation),
            to: output, force: write.force)
        try writeRecord(
            "resample", of: output, inputs: [input] + [like, transform].compactMap { $0 },
            parameters: [
                .init("interpolation", .string(interpolation.rawValue)), .init("outside", 0),
                .init("input_from_output", map.map { .array($0.rows.map { JSONValue($0) }) } ?? .null),
            ] + reading.parameters,
            warnings: image.warnings, force: write.force)
        Terminal.show("wrote \(output)")
    }
}

struct Smooth: Subcommand {
    static let configuration = CommandConfiguration(
        abstract: "An image blurred by a Gaussian.",
        discussion: """
            The kernel has the full width asked for (it is not truncated early), and the border is mirrored.

            Example: engraft smooth pet.nii.gz pet_s6.nii.gz --fwhm 6
            """)

    @Argument(help: "An image file or DICOM folder.") var input: String
    @Argument(help: "The NIfTI file to write.") var output: String
    @Option(help: ArgumentHelp("Full width at half maximum, mm: one number, or one per voxel axis.", valueName: "mm"))
    var fwhm: TripleArgument
    @OptionGroup var reading: ReadingOptions
    @OptionGroup var write: WriteOptions

    func validate() throws {
        guard fwhm.values.min() >= 0, fwhm.values.max() > 0, fwhm.values.max() <= 1000 else {
            throw ValidationError("--fwhm is positive and at most 1000 mm.")
        }
    }

    func execute() throws {
        try OutputFile.refuseExisting(output, force: write.force)
        let image = try reading.read(input)
        try NIfTI.write(image.volume.smoothed(fwhm: fwhm.values), to: output, force: write.force)
        try writeRecord(
            "smooth", of: output, inputs: [input],
            parameters: [.init("fwhm_mm", JSONValue([fwhm.values.x, fwhm.values.y, fwhm.values.z]))]
                + reading.parameters,
            warnings: image.warnings, force: write.force)
        Terminal.show("wrote \(output)")
    }
}

extension Interpolation: ExpressibleByArgument {}

/// Writes the record of how an output was made: `NAME.json` beside `NAME.nii.gz`.
func writeRecord(
    _ command: String, of output: String, inputs: [String], parameters: [JSONValue.Member], warnings: [String],
    force: Bool
) throws {
    var provenance = Provenance(command: command, parameters: parameters)
    for input in inputs { try provenance.read(input) }
    provenance.warnings = warnings
    try OutputFile.write(JSONValue.object(provenance.members).text, to: ImageFile.sidecarPath(of: output), force: force)
    Terminal.warn(warnings)
}
