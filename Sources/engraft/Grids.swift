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

            Labels: --interpolation nearest takes the label at each voxel's centre; overlap the label that fills most of the \
            voxel, background among them, which keeps volumes where voxels grow. --out-fractions writes the shares themselves.

            Example: engraft resample ct.nii.gz ct_on_pet.nii.gz --like pet.nii.gz --transform ct_to_pet.tfm
            """)

    @Argument(help: "An image file or DICOM folder.") var input: String
    @Argument(help: "The NIfTI file to write.") var output: String
    @Option(help: "The image whose grid is wanted.") var like: String?
    @Option(help: ArgumentHelp("The voxel size wanted, mm.", valueName: "x,y,z")) var voxelSize: TripleArgument?
    @Option(
        help: """
            A transform that takes points of the new grid to the input: .tfm, .txt, .mat (ANTs) or .json; or a displacement \
            field, .nii or .nii.gz.
            """)
    var transform: String?
    @Option(help: "linear or cubic (B-spline); for labels nearest or overlap.") var interpolation: GridInterpolation =
        .linear
    @Option(help: "For labels: the 4-D image of each label's share of every voxel to write, a .tsv naming its frames.")
    var outFractions: String?
    @OptionGroup var reading: ReadingOptions
    @OptionGroup var write: WriteOptions

    func validate() throws {
        guard (like == nil) != (voxelSize == nil) else { throw ValidationError("Give either --like or --voxel-size.") }
        if let size = voxelSize?.values, !(size.min() >= 0.05 && size.max() <= 1000) {
            throw ValidationError("A voxel is 0.05 to 1000 mm large.")
        }
        if let outFractions {
            guard interpolation == .nearest || interpolation == .overlap else {
                throw ValidationError("--out-fractions is for labels: give --interpolation overlap (or nearest).")
            }
            guard outFractions.hasSuffix(".nii") || outFractions.hasSuffix(".nii.gz") else {
                throw ValidationError("--out-fractions \(outFractions): give a name ending in .nii or .nii.gz.")
            }
        }
    }

    func execute() throws {
        let fractions = outFractions.map { [$0, LabelTable.path(beside: $0), ImageFile.sidecarPath(of: $0)] } ?? []
        if let twice = OutputFile.collision(among: [output, ImageFile.sidecarPath(of: output)] + fractions) {
            throw ValidationError("\(twice) is named for two outputs.")
        }
        for path in [output] + fractions { try OutputFile.refuseExisting(path, force: write.force) }
        let map = try transform.map { try SpatialTransform.read($0) } ?? .linear(.identity)
        let image = try reading.read(input)
        let grid = try targetGrid(image.volume)
        var warnings = image.warnings
        if case .field(let field) = map, !field.covers(grid) {
            warnings.append("the new grid reaches beyond the displacement field; voxels there became 0")
        }
        if interpolation == .overlap || outFractions != nil {
            let labels = try naming(input) { try LabelImage.labels(from: image.volume) }
            let shares = LabelFractions(of: labels, onto: grid, through: map)
            if let outFractions { try write(shares, map, to: outFractions, warnings) }
            try NIfTI.write(
                interpolation == .overlap ? shares.mostly : labels.resampled(onto: grid, through: map), to: output,
                force: write.force)
        } else {
            let plain = Interpolation(rawValue: interpolation.rawValue) ?? .linear
            try NIfTI.write(
                image.volume.resampled(onto: grid, through: map, interpolation: plain), to: output,
                force: write.force)
        }
        try writeRecord(
            "resample", of: output, inputs: inputs, parameters: parameters(map), warnings: warnings, force: write.force)
        Terminal.show("wrote \(output)")
    }

    private var inputs: [String] { [input] + [like, transform].compactMap { $0 } }

    private func parameters(_ map: SpatialTransform) -> [JSONValue.Member] {
        var matrix = JSONValue.null
        if transform != nil, case .linear(let linear) = map { matrix = .array(linear.rows.map { JSONValue($0) }) }
        return [
            .init("interpolation", .string(interpolation.rawValue)), .init("outside", 0),
            .init("input_from_output", matrix),
        ] + reading.parameters
    }

    private func targetGrid(_ volume: Volume) throws -> VoxelGrid {
        if let like { return try ImageFile.read(like).volume.grid }
        let (old, size) = (volume.grid, voxelSize?.values ?? .one)
        let ratio = old.voxelSize / size
        let voxels = Double(volume.voxels.count) * ratio.x * ratio.y * ratio.z
        guard voxels < 4e9 else {
            throw FileProblem(
                input, .badData, "with this voxel size the image would have \(significant(voxels, 3)) voxels")
        }
        return try naming(input) { try old.resized(voxelSize: size) }
    }

    private func write(
        _ shares: LabelFractions, _ map: SpatialTransform, to path: String, _ warnings: [String]
    ) throws {
        guard shares.labels.count <= 512 else {
            throw FileProblem(
                input, .badData, "there are \(shares.labels.count) labels; shares are written of up to 512")
        }
        try NIfTI.write(shares.volume, to: path, force: write.force)
        try OutputFile.write(shares.framesTSV, to: LabelTable.path(beside: path), force: write.force)
        var provenance = Provenance(command: "resample", parameters: parameters(map))
        for file in inputs { try provenance.read(file) }
        provenance.warnings = warnings
        try OutputFile.write(
            JSONValue.object(provenance.members).text, to: ImageFile.sidecarPath(of: path), force: write.force)
    }
}

/// How `resample` reads a value: as `Interpolation` has it, or for labels by overlap.
enum GridInterpolation: String, ExpressibleByArgument, CaseIterable {
    case nearest, linear, cubic, overlap
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
