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
    /// The sidecar that was read; `nil` where there is none.
    public var sidecarPath: String?
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
        let sidecar = sidecarPath(of: path)
        guard InputFile.exists(sidecar) else { return file }
        let json = try naming(sidecar) { try JSONValue(parsing: InputFile.read(sidecar)) }
        file.sidecarPath = sidecar
        file.units = json["Units"]?.string
        if isPET(json) {
            let acquisition = try naming(sidecar) { try Acquisition(sidecar: json) }
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

    private static func readDICOM(_ path: String, series: String?) throws -> ImageFile {
        let found = try DICOM.series(in: path)
        let chosen = try choose(found, series, path)
        let image = try DICOM.read(chosen)
        var file = ImageFile(
            volume: image.volume, format: "DICOM", datatype: image.storedDatatype, warnings: image.warnings)
        switch chosen.modality {
        case "PT":
            let acquisition = try naming(path) { try Acquisition(dicom: image) }
            file.acquisition = acquisition
            file.units = acquisition.units
            file.warnings += acquisition.warnings.filter { !image.warnings.contains($0) }
        case "CT": file.units = "HU"
        default: break
        }
        return file
    }

    private static func choose(_ found: [DICOMSeries], _ series: String?, _ path: String) throws -> DICOMSeries {
        let list = found.enumerated().map { place, one in
            "\(place + 1): \(one.modality), \(one.files.count) files, \(one.uid)"
        }.joined(separator: "\n  ")
        if let series {
            let byNumber = Int(series).flatMap { found.indices.contains($0 - 1) ? found[$0 - 1] : nil }
            guard let one = found.first(where: { $0.uid == series }) ?? byNumber else {
                throw FileProblem(path, .badData, "there is no series \(series); there are\n  \(list)")
            }
            return one
        }
        guard found.count == 1, let one = found.first else {
            throw FileProblem(path, .badData, "there are several series; choose one with --series:\n  \(list)")
        }
        return one
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
    public func standardized(_ kind: SUVKind) throws(SUVProblem) -> Volume {
        guard let acquisition else {
            throw .missing("nothing is known of the scan: there is neither a PET DICOM header nor a sidecar")
        }
        return try acquisition.suvFactor(kind).applied(to: volume)
    }

    /// What `engraft info` says of the image, as JSON members.
    public func members(path: String) -> [JSONValue.Member] {
        let grid = volume.grid
        let (shape, size) = (grid.shape, grid.voxelSize)
        return [
            .init("path", .string(path)), .init("format", .string(format)),
            .init("shape", JSONValue([shape.x, shape.y, shape.z, volume.frames])),
            .init("voxel_size_mm", JSONValue([size.x, size.y, size.z])),
            .init("affine", .array(grid.worldFromVoxel.rows.map { JSONValue($0) })),
            .init("orientation", .string(grid.orientation)), .init("datatype", .string(datatype)),
            .init("units", JSONValue(units)),
            .init(
                "frames",
                frames.isEmpty
                    ? .null
                    : ["start_s": JSONValue(frames.map(\.start)), "duration_s": JSONValue(frames.map(\.duration))]),
            .init("pet", acquisition.map(Self.json) ?? .null),
        ]
    }

    private static func json(_ a: Acquisition) -> JSONValue {
        var factors: [JSONValue.Member] = []
        var reasons: [String] = []
        for kind in SUVKind.allCases {
            do throws(SUVProblem) {
                let factor = try a.suvFactor(kind)
                factors.append(.init(kind.rawValue, factor.single.map { .number($0) } ?? JSONValue(factor.factors)))
            } catch {
                factors.append(.init(kind.rawValue, .null))
                if kind == .bw || reasons.isEmpty { reasons.append(error.description) }
            }
        }
        return [
            "tracer": JSONValue(a.tracer), "radionuclide": JSONValue(a.radionuclide),
            "half_life_s": JSONValue(a.halfLifeS),
            "injected_mbq": JSONValue(a.injectedBq.map { $0 / 1e6 }), "weight_kg": JSONValue(a.massKg),
            "height_cm": JSONValue(a.heightCm), "sex": JSONValue(a.sex?.rawValue),
            "decay_correction": JSONValue(a.decayReference?.rawValue), "decay_reference": JSONValue(a.decayReferenceS),
            "decay_rule": JSONValue(a.decayRule),
            "decay_alternatives": .array(
                a.decayAlternatives.map { ["rule": .string($0.rule), "seconds": .number($0.seconds)] }),
            "suv_factor": .object(factors), "warnings": JSONValue(a.warnings + reasons),
        ]
    }

    /// The PET-BIDS keys that are known, for the sidecar of a converted image.
    public func sidecarMembers(suv: SUVKind?) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = [.init("Units", JSONValue(suv.map(Self.unit) ?? units))]
        guard let a = acquisition else { return members }
        func add(_ key: String, _ value: JSONValue) { if value != .null { members.append(.init(key, value)) } }
        add("TracerName", JSONValue(a.tracer))
        add("TracerRadionuclide", JSONValue(a.radionuclide))
        add("RadionuclideHalfLife", JSONValue(a.halfLifeS))
        add("InjectedRadioactivity", JSONValue(a.injectedBq))
        if a.injectedBq != nil { add("InjectedRadioactivityUnits", "Bq") }
        add("BodyWeight", JSONValue(a.massKg))
        add("BodyHeight", JSONValue(a.heightCm))
        add("PatientSex", JSONValue(a.sex?.rawValue))
        add("InjectionStart", .number(a.injectionStartS))
        if !a.frames.isEmpty {
            add("FrameTimesStart", JSONValue(a.frames.map(\.start)))
            add("FrameDuration", JSONValue(a.frames.map(\.duration)))
        }
        add("ImageDecayCorrected", JSONValue(a.decayReference.map { $0 != .none }))
        add("ImageDecayCorrectionTime", JSONValue(a.decayReferenceS.map { $0 + a.injectionStartS }))
        return members
    }

    private static func unit(_ kind: SUVKind) -> String { kind == .bsa ? "cm2/mL" : "g/mL" }
}
