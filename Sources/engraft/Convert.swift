import ArgumentParser
import Imaging
import PET
import Records

struct Convert: Subcommand {
    static let configuration = CommandConfiguration(
        abstract: "Any readable image or DICOM folder to NIfTI with a BIDS sidecar, as it is or as SUV.",
        discussion: "Example: engraft convert pet-folder/ sub-01_pet.nii.gz --suv bw")

    @Argument(help: "A NIfTI file or DICOM folder.") var input: String
    @Argument(help: "The NIfTI file to write; .nii.gz is compressed.") var output: String
    @Option(help: "Turn values into SUV of this kind.") var suv: SUVKind?
    @Option(help: ArgumentHelp("Body mass, kg, where the file has none.", valueName: "kg")) var mass: Double?
    @Option(help: "How voxels are stored: float32 or int16 with a scale.") var dtype: NIfTI.Storage = .float32
    @OptionGroup var reading: ReadingOptions
    @OptionGroup var write: WriteOptions

    func validate() throws {
        if let mass, !(mass > 0 && mass < 1000) { throw ValidationError("--mass is in kg.") }
        guard dtype != .labels else { throw ValidationError("--dtype is float32 or int16") }
        guard output.hasSuffix(".nii") || output.hasSuffix(".nii.gz") else {
            throw ValidationError("the output is named .nii or .nii.gz")
        }
    }

    func execute() throws {
        let sidecarPath = ImageFile.sidecarPath(of: output)
        try OutputFile.refuseExisting(output, force: write.force)
        try OutputFile.refuseExisting(sidecarPath, force: write.force)
        var image = try reading.read(input)
        if let mass { image = image.withMass(mass) }
        var volume = image.volume
        if let suv { volume = try naming(input) { try image.standardized(suv) } }
        var provenance = Provenance(
            command: "convert",
            parameters: [
                .init("suv", JSONValue(suv?.rawValue)), .init("mass_kg", JSONValue(mass)),
                .init("dtype", .string(dtype.rawValue)),
            ] + reading.parameters)
        try provenance.read(input)
        provenance.warnings = image.warnings
        try NIfTI.write(
            volume, to: output, storage: dtype, frameDurationS: image.frames.first?.duration ?? 0, force: write.force)
        let sidecar = JSONValue.object(image.sidecarMembers(suv: suv) + [.init("engraft", .object(provenance.members))])
        try OutputFile.write(sidecar.text, to: sidecarPath, force: write.force)
        Terminal.warn(image.warnings, about: input)
        Terminal.show("wrote \(output) and \(sidecarPath)")
    }
}

extension SUVKind: ExpressibleByArgument {}
extension NIfTI.Storage: ExpressibleByArgument {
    /// Labels are written by the commands that make them.
    public static var allValueStrings: [String] { [float32, int16].map(\.rawValue) }
}
