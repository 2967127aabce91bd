import Imaging
import Records

/// An image as a user gives it: a file with its JSON sidecar, or a DICOM folder, read into one shape.
public struct ImageFile: Sendable {
    /// The voxels, in `units`.
    public var volume: Volume
    /// Such as "NIfTI-1", "ECAT 7" or "DICOM".
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
    ///
    /// What a file is, is told from its content first; a folder is DICOM. With `allowGaps`, DICOM slices that are missing,
    /// unevenly spaced or tilted are interpolated onto an even grid.
    public static func read(_ path: String, series: String? = nil, allowGaps: Bool = false) throws -> ImageFile {
        if let found = try dicomSeries(in: path) {
            return try read(path, among: found, series: series, allowGaps: allowGaps)
        }
        return try readStored(path)
    }

    /// The DICOM series at a path, or in the folder; `nil` where it is a file of another format.
    public static func dicomSeries(in path: String) throws -> [DICOMSeries]? {
        guard InputFile.exists(path) else { throw FileProblem(path, .noInput, "there is no such file or folder") }
        if InputFile.isFolder(path) {
            guard DICOM.isDICOM(path) else {
                throw FileProblem(path, .badData, "there is no DICOM image in this folder")
            }
            return try DICOM.series(in: path)
        }
        switch try ImageFormat.of(path) {
        case .dicom: return try DICOM.series(in: path)
        // Some DICOM files lack the mark that says so.
        case nil where DICOM.isDICOM(path): return try DICOM.series(in: path)
        default: return nil
        }
    }

    private static func readStored(_ path: String) throws -> ImageFile {
        let image = try StoredImage.read(path)
        var file = ImageFile(
            volume: image.volume, format: image.format, datatype: image.datatype, warnings: image.warnings)
        file.units = image.units
        if let header = image.ecat {
            file.acquisition = Acquisition(ecat: header, units: image.units)
        } else if !image.frameTimes.isEmpty {
            file.acquisition = Acquisition(frameTimes: image.frameTimes)
        }
        if let sidecar = try InheritedSidecar.read(for: path) { try file.take(sidecar, of: path) }
        file.warnings += file.acquisition?.warnings ?? []
        return file
    }

    /// What a sidecar says goes before what the image's own header says.
    private mutating func take(_ sidecar: InheritedSidecar, of path: String) throws {
        sidecarPaths = sidecar.paths
        units = sidecar.json["Units"]?.string ?? units
        described = PETBIDS.carried(from: sidecar.json)
        guard Self.isPET(sidecar.json) else { return }
        if acquisition != nil {
            warnings.append("the JSON sidecar is used instead of the acquisition in the image's header")
        }
        let acquisition = try naming(sidecar.paths.joined(separator: ", ")) { try Acquisition(sidecar: sidecar.json) }
        self.acquisition = acquisition
        units = acquisition.units
        if !acquisition.frames.isEmpty && acquisition.frames.count != volume.frames {
            throw FileProblem(
                path, .badData,
                WindowError.frameCount(image: volume.frames, sidecar: acquisition.frames.count).description)
        }
    }

    /// A sidecar is PET's where it has one of the keys that only PET has.
    private static func isPET(_ sidecar: JSONValue) -> Bool {
        ["TracerRadionuclide", "TracerName", "InjectedRadioactivity", "FrameTimesStart"].contains { sidecar[$0] != nil }
    }

    /// The path of the JSON that belongs to a file: `pet.nii.gz` → `pet.json`.
    public static func sidecarPath(of path: String) -> String {
        let suffixes = [
            ".nii.gz", ".nii", ".hdr.gz", ".img.gz", ".hdr", ".img", ".v.gz", ".v", ".mgh.gz", ".mgh", ".mgz", ".nrrd",
            ".nhdr", ".mha", ".mhd", ".hv", ".h33", ".tsv", ".csv", ".png",
        ]
        for suffix in suffixes where path.lowercased().hasSuffix(suffix) {
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
            return try acquisition.suvFactor(.bw).single == nil
                ? "no single SUV factor: it differs between slices or frames; convert --suv applies each" : nil
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
