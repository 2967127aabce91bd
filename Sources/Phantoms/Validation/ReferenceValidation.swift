import Imaging
import PET
import Records

/// Public images whose values independent programs have stated in a `truth.json`: nibabel, pydicom, numpy.
public enum ReferenceValidation {
    /// Compares with every image that `folder`/truth.json describes and that is there.
    ///
    /// Series that Engraft refuses by name are counted apart: a refusal is not an agreement.
    public static func rows(folder: String, progress: (String) -> Void = { _ in }) throws -> [ValidationRow] {
        let truth = try JSONValue(parsing: InputFile.read("\(folder)/truth.json"))
        progress("NIfTI files")
        let files = nifti(folder, truth)
        progress("DICOM series")
        let series = dicom(folder, truth)
        progress("regional uptake")
        return files + series + (try atlas(folder, truth))
    }

    private static func nifti(_ folder: String, _ truth: JSONValue) -> [ValidationRow] {
        var (cases, different) = (0, 0)
        for file in truth["files"]?.members ?? [] where file.value["kind"]?.string?.hasPrefix("Nifti") == true {
            guard let expected = file.value["values"]?["sha256_float32_le"]?.string else { continue }
            cases += 1
            let image = try? NIfTI.read("\(folder)/\(file.key)")
            if image.map({ SHA256.hex($0.volume.voxels) }) != expected { different += 1 }
        }
        return [
            ValidationRow(
                "NIfTI voxels, hash of all", against: "nibabel 5.4.2 on public files", cases: cases,
                error: Double(different),
                limit: 0, unit: "files that differ", reason: "the same rounding once from Double")
        ]
    }

    private static func dicom(_ folder: String, _ truth: JSONValue) -> [ValidationRow] {
        var (cases, different, factors, worst) = (0, 0, 0, 0.0)
        for entry in truth["dicom_series"]?.members ?? [] {
            guard let expected = entry.value["rescaled"]?["sha256_float32_le"]?.string,
                let image = try? ImageFile.read("\(folder)/\(entry.key)")
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
