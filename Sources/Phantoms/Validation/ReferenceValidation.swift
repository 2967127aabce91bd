import Imaging
import PET
import Records

/// Public data whose values independent programs have stated: nibabel, pydicom, numpy, kinfitr, Turku's tools, PETPVC.
public enum ReferenceValidation {
    /// Compares with what is there, in the folder itself or in `images` and `pet` below it: the images that a truth.json
    /// describes, kinetic data and what other tools find in them, the partial-volume phantom `pvc_phantom`.
    ///
    /// Series that Engraft refuses by name are counted apart: a refusal is not an agreement.
    public static func rows(folder: String, progress: (String) -> Void = { _ in }) throws -> [ValidationRow] {
        let pet = [folder, "\(folder)/pet"]
        let images = [folder, "\(folder)/images"].first { InputFile.exists("\($0)/truth.json") }
        let kinetics = pet.first(where: KineticValidation.describes)
        let phantom = pet.map { "\($0)/pvc_phantom" }.first(where: InputFile.isFolder)
        guard images != nil || kinetics != nil || phantom != nil else {
            throw FileProblem(folder, .noInput, "there is no truth.json, no kinetic data and no pvc_phantom in it")
        }
        var rows = try images.map { try described($0, progress) } ?? []
        if let kinetics { rows += try KineticValidation.rows(folder: kinetics, progress: progress) }
        if let phantom {
            progress("partial volume")
            rows += try PartialVolumeValidation.reference(folder: phantom)
        }
        return rows
    }

    private static func described(_ folder: String, _ progress: (String) -> Void) throws -> [ValidationRow] {
        let truth = try JSONValue(parsing: InputFile.read("\(folder)/truth.json"))
        progress("image files")
        let files = stored(folder, truth)
        progress("DICOM series")
        let series = dicom(folder, truth)
        progress("regional uptake")
        return files + series + [multiFrame(folder, truth)] + (try atlas(folder, truth))
    }

    private static func stored(_ folder: String, _ truth: JSONValue) -> [ValidationRow] {
        func row(_ name: String, _ peers: String, _ belongs: (String) -> Bool) -> ValidationRow {
            var (cases, different) = (0, 0)
            for file in truth["files"]?.members ?? [] {
                guard belongs(file.value["kind"]?.string ?? ""),
                    let expected = file.value["values"]?["sha256_float32_le"]?.string
                else { continue }
                cases += 1
                let image = try? StoredImage.read("\(folder)/\(file.key)")
                if image.map({ SHA256.hex($0.volume.voxels) }) != expected { different += 1 }
            }
            return ValidationRow(
                "\(name) voxels, hash of all", against: "\(peers) on public files", cases: cases,
                error: Double(different), limit: 0, unit: "files that differ",
                reason: "the same rounding once from Double")
        }
        return [
            row("NIfTI", "nibabel 5.4.2") { $0.hasPrefix("Nifti") },
            row("MGH, NRRD, ECAT 7, Interfile", "nibabel 5.4.2, SimpleITK 2.5.7, numpy") {
                !$0.hasPrefix("Nifti") && $0 != "dicom-file"
            },
        ]
    }

    /// Multi-frame images and segmentations, in the order of their file's frames.
    private static func multiFrame(_ folder: String, _ truth: JSONValue) -> ValidationRow {
        var (cases, different) = (0, 0)
        for file in truth["files"]?.members ?? [] {
            let expected = file.value["enhanced"]?["rescaled_in_frame_order"]?["sha256_float32_le"]?.string
            guard let expected, let image = try? DICOM.read(DICOM.series(in: "\(folder)/\(file.key)")[0]) else {
                continue
            }
            let plane = image.volume.grid.shape.x * image.volume.grid.shape.y
            let frames = image.slices.map { $0.frame ?? 0 }
            let order =
                frames.isEmpty
                ? Array(0..<image.volume.grid.shape.z) : frames.indices.sorted { frames[$0] < frames[$1] }
            let voxels = order.flatMap { image.volume.voxels[($0 * plane)..<(($0 + 1) * plane)] }
            cases += 1
            if SHA256.hex(voxels) != expected { different += 1 }
        }
        return ValidationRow(
            "multi-frame DICOM and segmentations, hash of all", against: "pydicom 3.0.2 on public files", cases: cases,
            error: Double(different), limit: 0, unit: "files that differ", reason: "the same rounding once from Double")
    }

    /// The series a key of truth.json names: a path, and behind "#" the end of the UID where there are several.
    private static func image(_ folder: String, _ key: String) throws -> ImageFile {
        let parts = key.split(separator: "#", maxSplits: 1).map(String.init)
        let path = "\(folder)/\(parts[0])"
        guard parts.count == 2 else { return try ImageFile.read(path) }
        let uid = try DICOM.series(in: path).map(\.uid).first { $0.hasSuffix(parts[1]) }
        return try ImageFile.read(path, series: uid ?? parts[1])
    }

    private static func dicom(_ folder: String, _ truth: JSONValue) -> [ValidationRow] {
        var (cases, different, factors, worst) = (0, 0, 0, 0.0)
        for entry in truth["dicom_series"]?.members ?? [] {
            guard let expected = entry.value["rescaled"]?["sha256_float32_le"]?.string,
                let image = try? image(folder, entry.key)
            else { continue }
            cases += 1
            if SHA256.hex(image.volume.voxels) != expected { different += 1 }
            if let factor = entry.value["pet"]?["factor"]?.double, let ours = image.suvFactor {
                factors += 1
                worst = max(worst, abs(ours / factor - 1))
            }
        }
        return [
            ValidationRow(
                "DICOM voxels, hash of all", against: "pydicom 3.0.2 on public series", cases: cases,
                error: Double(different),
                limit: 0, unit: "series that differ", reason: "the same rounding once from Double"),
            ValidationRow(
                "SUV factor by body mass", against: "an independent implementation on the same series", cases: factors,
                error: worst, limit: 1e-9, unit: "relative", reason: "the same formula in Double"),
        ]
    }

    private static func atlas(_ folder: String, _ truth: JSONValue) throws -> [ValidationRow] {
        guard let uptake = truth["atlas"]?["uptake"], let labels = uptake["labels"]?.string else { return [] }
        var (cases, worst) = (0, 0.0)
        for image in uptake["images"]?.members ?? [] {
            let measured = try Uptake(
                of: NIfTI.read("\(folder)/\(image.key)").volume, labels: LabelImage.read("\(folder)/\(labels)"))
            for region in measured.regions {
                guard let expected = image.value[String(region.label)] else { continue }
                cases += 1
                let pairs = [
                    (region.mean, expected["mean"]), (region.sd, expected["sd"]), (region.min, expected["min"]),
                    (region.max, expected["max"]), (Double(region.voxels), expected["voxels"]),
                ]
                for (ours, theirs) in pairs {
                    worst = max(worst, theirs?.double.map { abs(ours / $0 - 1) } ?? .infinity)
                }
            }
        }
        return [
            ValidationRow(
                "regional voxels, mean, SD, min, max", against: "numpy on the [11C]raclopride template, DKT31 labels",
                cases: cases,
                error: worst, limit: 1e-9, unit: "relative", reason: "sums in another order")
        ]
    }
}
