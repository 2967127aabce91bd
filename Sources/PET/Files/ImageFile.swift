import Imaging
import Records

/// An image as a user gives it: a NIfTI file with its JSON sidecar, or a DICOM folder, read into one shape.
public struct ImageFile: Sendable {
    /// The voxels, in `units`.
    public var volume: Volume
    /// "NIfTI-1", "NIfTI-2" or "DICOM".
    public var format: String
    /// How voxels are stored in the file.
    public var datatype: String
    /// The unit of the voxels; `nil` where the file does not say.
    public var units: String?
    /// What is known of the scan; `nil` for an image that is not PET, or without a sidecar.
    public var acquisition: Acquisition?
    /// The sidecars that were read, the one beside the image last; empty where there is none.
    public var sidecarPaths: [String] = []
    /// What else the source says of scanner and reconstruction, by the names PET-BIDS has for it.
    public var described: [JSONValue.Member] = []
    /// What was doubtful.
    public var warnings: [String]

    /// Frame times, s after time zero; empty where not known.
    public var frames: [Frame] { acquisition?.frames ?? [] }

    /// Reads an image. Of several DICOM series, `series` picks one by its UID or its number in the list, from 1.
    public static func read(_ path: String, series: String? = nil) throws -> ImageFile {
        guard InputFile.exists(path) else { throw FileProblem(path, .noInput, "there is no such file or folder") }
        if NIfTI.isNamed(path) { return try readNIfTI(path) }
        if DICOM.isDICOM(path) { return try readDICOM(path, series: series) }
        throw FileProblem(
            path, .badData,
            InputFile.isFolder(path)
                ? "there is no DICOM image in this folder"
                : "this is neither a NIfTI file (.nii, .nii.gz, .hdr) nor DICOM; these are the formats that are read")
    }

    private static func readNIfTI(_ path: String) throws -> ImageFile {
        let image = try NIfTI.read(path)
        var file = ImageFile(
            volume: image.volume, format: "NIfTI-\(image.header.version)", datatype: image.header.datatype.name,
            warnings: image.header.warnings)
        guard let sidecar = try InheritedSidecar.read(for: path) else { return file }
        file.sidecarPaths = sidecar.paths
        file.units = sidecar.json["Units"]?.string
        file.described = PETBIDS.carried(from: sidecar.json)
        if isPET(sidecar.json) {
            let named = sidecar.paths.joined(separator: ", ")
            let acquisition = try naming(named) { try Acquisition(sidecar: sidecar.json) }
            file.acquisition = acquisition
            file.units = acquisition.units
            file.warnings += acquisition.warnings
            if !acquisition.frames.isEmpty && acquisition.frames.count != image.volume.frames {
                throw FileProblem(
                    path, .badData,
                    WindowError.frameCount(image: image.volume.frames, sidecar: acquisition.frames.count).description)
            }
        }
        return file
    }

    /// A sidecar is PET's where it has one of the keys that only PET has.
    private static func isPET(_ sidecar: JSONValue) -> Bool {
        ["TracerRadionuclide", "TracerName", "InjectedRadioactivity", "FrameTimesStart"].contains { sidecar[$0] != nil }
    }

    /// The path of the JSON that belongs to a file: `pet.nii.gz` → `pet.json`.
    public static func sidecarPath(of path: String) -> String {
        for suffix in [".nii.gz", ".nii", ".hdr.gz", ".img.gz", ".hdr", ".img", ".tsv", ".csv", ".png"]
        where path.lowercased().hasSuffix(suffix) {
            return String(path.dropLast(suffix.count)) + ".json"
        }
        return path + ".json"
    }

    init(volume: Volume, format: String, datatype: String, warnings: [String]) {
        (self.volume, self.format, self.datatype, self.warnings) = (volume, format, datatype, warnings)
    }
}

extension ImageFile {
    /// The mean over a window of frames, and the time it covers; all frames where no window is given.
    public func average(over window: FrameWindow?) throws(WindowError) -> (
        volume: Volume, windowS: (from: Double, to: Double)?
    ) {
        if frames.isEmpty {
            guard window == nil, volume.frames == 1 else { throw .noFrameTimes }
            return (volume, nil)
        }
        let chosen = try window?.frames(of: frames) ?? Array(frames.indices)
        let covered = (frames[chosen[0]].start, frames[chosen[chosen.count - 1]].end)
        if volume.frames == 1 { return (volume, covered) }
        return (frameMean(volume, frames: frames, over: chosen), covered)
    }

    /// The same image with a body mass, kg, where the file has none or another.
    public func withMass(_ massKg: Double) -> ImageFile {
        var image = self
        if let known = acquisition?.massKg, abs(known - massKg) > 0.05 {
            image.warnings.append(
                "the file says a body mass of \(fixed(known, 1)) kg; \(fixed(massKg, 1)) kg was given and used")
        }
        image.acquisition?.massKg = massKg
        return image
    }
}

extension ImageFile {
    /// SUV by body mass from the image's unit, where one factor serves the whole image; `nil` where it cannot be given.
    public var suvFactor: Double? { try? acquisition?.suvFactor(.bw).single }

    /// Why there is no `suvFactor`; `nil` where there is one, and for an image that is not known to be PET.
    public var suvAbsence: String? {
        guard let acquisition else { return nil }
        do throws(SUVProblem) {
            return try acquisition.suvFactor(.bw).single == nil ? "no SUV: no one factor serves all frames" : nil
        } catch {
            return "\(error)"
        }
    }

    /// The image as SUV of a kind. Throws what is missing, by the name of its tag or key.
    public func standardized(_ kind: SUVKind) throws(SUVProblem) -> Volume { try suvFactor(kind).applied(to: volume) }

    /// What `standardized` multiplies by, with the rule.
    public func suvFactor(_ kind: SUVKind) throws(SUVProblem) -> SUVFactor {
        guard let acquisition else {
            throw .missing("nothing is known of the scan: there is neither a PET DICOM header nor a sidecar")
        }
        return try acquisition.suvFactor(kind)
    }
}
