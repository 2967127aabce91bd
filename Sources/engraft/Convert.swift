import ArgumentParser
import Imaging
import PET
import Records

struct Convert: Subcommand {
    static let configuration = CommandConfiguration(
        abstract: "Any readable image or DICOM folder to NIfTI with a BIDS sidecar, as it is or as SUV.",
        discussion: "Example: engraft convert pet-folder/ sub-01_pet.nii.gz --suv bw")

    @Argument(help: "An image file or DICOM folder.") var input: String
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
        var provenance = Provenance(command: "convert", parameters: parameters)
        try provenance.read(input)
        for path in image.sidecarPaths { try provenance.read(path) }
        provenance.warnings = image.warnings

        var scale = JSONValue.null
        if let suv {
            let factor = try naming(input) { try image.suvFactor(suv) }
            image.volume = factor.applied(to: image.volume)
            scale = Self.described(factor, from: image.units)
        } else if let (converted, factor) = image.inBqPerML() {
            scale = ["from_units": JSONValue(image.units), "factor": .number(factor)]
            image = converted
        }
        try NIfTI.write(
            image.volume, to: output, storage: dtype, frameDurationS: image.frames.first?.duration ?? 0,
            force: write.force)
        let members = image.sidecarMembers(suv: suv)
        let missing = image.acquisition == nil ? [] : PETBIDS.missing(from: members)
        if image.format.hasPrefix("DICOM") { withholdPaths(&provenance) }
        let record = provenance.members + [.init("scaled", scale), .init("missing_bids_fields", JSONValue(missing))]
        try OutputFile.write(
            JSONValue.object(members + [.init("engraft", .object(record))]).text, to: sidecarPath, force: write.force)
        Terminal.warn(image.warnings, about: input)
        if !missing.isEmpty {
            Terminal.warn(
                ["PET-BIDS requires what the source does not give: \(missing.joined(separator: ", "))"],
                about: sidecarPath)
        }
        Terminal.show("wrote \(output) and \(sidecarPath)")
    }

    /// A series is named by its number only: its UID would lead back to the patient.
    private var parameters: [JSONValue.Member] {
        let number = reading.series.flatMap { Int($0) }
        return [
            .init("suv", JSONValue(suv?.rawValue)), .init("mass_kg", JSONValue(mass)),
            .init("dtype", .string(dtype.rawValue)),
            .init("series", reading.series == nil ? .null : number.map { .integer($0) } ?? "by UID"),
            .init("allow_gaps", .bool(reading.allowGaps)),
        ]
    }

    /// What the values were multiplied by to be SUV, and the rule.
    private static func described(_ factor: SUVFactor, from units: String?) -> JSONValue {
        [
            "from_units": JSONValue(units), "rule": .string(factor.rule),
            "factor": factor.single.map { .number($0) } ?? JSONValue(factor.factors),
            "alternatives": .array(
                factor.alternatives.map { ["rule": .string($0.rule), "factor": .number($0.factor)] }),
        ]
    }

    /// Folders and files of DICOM are often named after the patient: the record keeps their hash only.
    private func withholdPaths(_ provenance: inout Provenance) {
        for place in provenance.inputs.indices { provenance.inputs[place].path = "DICOM, path withheld" }
        // A DICOMDIR leads to files beside and below it.
        let folder = InputFile.isFolder(input) ? input : input.lastIndex(of: "/").map { String(input[..<$0]) } ?? "."
        let files = (try? InputFile.files(below: folder)) ?? []
        let names = files.map { $0.hasPrefix("./") ? String($0.dropFirst(2)) : $0 }
        let longest = (files + names + [input]).sorted { $0.utf8.count > $1.utf8.count }
        provenance.warnings = provenance.warnings.map { warning in
            guard warning.contains("/") || warning.contains(input) || !InputFile.isFolder(input) else { return warning }
            return longest.reduce(warning) { $0.contains($1) ? $0.replacing($1, with: "(path withheld)") : $0 }
        }
    }
}

extension SUVKind: ExpressibleByArgument {
    /// A kind by its name here, or by the longer ones of the literature: lbm-120, lbm-james128.
    public init?(argument: String) {
        switch argument {
        case "lbm-120": self = .lbm
        case "lbm-james128": self = .lbmJames
        default: self.init(rawValue: argument)
        }
    }
}
extension NIfTI.Storage: ExpressibleByArgument {
    /// Labels are written by the commands that make them.
    public static var allValueStrings: [String] { [float32, int16].map(\.rawValue) }
}
