import Imaging
import Records

extension ImageFile {
    static func readDICOM(_ path: String, series: String?) throws -> ImageFile {
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
        file.described = image.described(file.acquisition)
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
}
