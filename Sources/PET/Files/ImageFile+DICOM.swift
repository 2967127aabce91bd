import Imaging
import Records

extension ImageFile {
    /// Reads one of the DICOM series found at a path.
    public static func read(
        _ path: String, among found: [DICOMSeries], series: String? = nil, allowGaps: Bool = false
    ) throws -> ImageFile {
        let chosen = try choose(found, series, path)
        let image = try DICOM.read(chosen, allowGaps: allowGaps)
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
        file.described = image.described(file.acquisition)
        return file
    }

    /// The DICOM series in a file or folder: the one named, else the only one that can be meant.
    public static func series(in path: String, named series: String? = nil) throws -> DICOMSeries {
        try choose(DICOM.series(in: path), series, path)
    }

    /// The series that is meant where none is named: the only one, or the only one of images beside structures and
    /// reports; `nil` where that leaves several or none.
    public static func onlySeries(among found: [DICOMSeries]) -> DICOMSeries? {
        let images = found.filter(\.isImage)
        return found.count == 1 ? found[0] : images.count == 1 ? images[0] : nil
    }

    private static func choose(_ found: [DICOMSeries], _ series: String?, _ path: String) throws -> DICOMSeries {
        let list = found.enumerated().map { "\($0 + 1): \(account(of: $1)), \($1.uid)" }.joined(separator: "\n  ")
        guard let series else {
            if let one = onlySeries(among: found) { return one }
            throw FileProblem(path, .badData, "there are several series; choose one with --series:\n  \(list)")
        }
        let named = found.filter { $0.uid == series }
        guard named.count < 2 else {
            throw FileProblem(
                path, .badData, "this UID has \(named.count) frames of reference; choose by number:\n  \(list)")
        }
        let byNumber = Int(series).flatMap { found.indices.contains($0 - 1) ? found[$0 - 1] : nil }
        guard let one = named.first ?? byNumber else {
            throw FileProblem(path, .badData, "there is no series \(series); there are\n  \(list)")
        }
        return one
    }

    /// A series in a few words, enough to choose by: what it is, how many images of which size, how it was made.
    public static func account(of series: DICOMSeries) -> String {
        var words = [series.modality.isEmpty ? "unknown modality" : series.modality]
        words.append("\(series.images) image\(series.images == 1 ? "" : "s")")
        if let columns = series.string(.columns), let rows = series.string(.rows) {
            words.append("\(columns) × \(rows)")
        }
        if series.modality == "PT" {
            let corrections = series.string(.correctedImage)?.split(separator: "\\") ?? []
            let isCorrected = corrections.contains("ATTN") || series.string(.attenuationCorrected) == "YES"
            words.append(isCorrected ? "attenuation-corrected" : "not attenuation-corrected")
        }
        if let kernel = series.string(.convolutionKernel) { words.append("kernel \(kernel)") }
        return words.joined(separator: ", ")
    }
}
