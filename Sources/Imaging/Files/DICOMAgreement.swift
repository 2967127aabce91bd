/// What must be the same in every slice of a PET series, because one value of it turns all slices into uptake.
///
/// Two patients, attenuation-corrected and uncorrected images, or images of two injections have been seen under one series
/// UID. An element that some slices lack is not compared.
enum DICOMAgreement {
    private static let texts: [DICOMTag] = [
        .decayCorrection, .suvType, .patientSex, .radiopharmaceuticalStartTime, .radiopharmaceuticalStartDateTime,
        .attenuationCorrected, .decayCorrected, .decayCorrectionDateTime,
    ]
    private static let numbers: [DICOMTag] = [
        .radionuclideTotalDose, .radionuclideHalfLife, .patientWeight, .patientSize, .philipsSUVFactor,
        .philipsActivityFactor,
    ]

    /// Throws where two slices differ, naming them and the element.
    static func check(_ headers: [DICOMHeader]) throws(DICOMProblem) {
        guard let first = headers.first, first.string(.modality) == "PT" else { return }
        for other in headers.dropFirst() {
            for tag in texts { try compare(first, other, tag) { $0.string(tag) } }
            for tag in numbers { try compare(first, other, tag) { $0.number(tag) } }
            try compare(first, other, .correctedImage) {
                $0.string(.correctedImage).map { Set($0.split(separator: "\\")) }
            }
            if first.string(.units) == nil { try compare(first, other, .rescaleType) { $0.string(.rescaleType) } }
            try compare(first, other, .stackID) { $0.string(.stackID) }
        }
    }

    private static func compare<Value: Equatable>(
        _ a: DICOMHeader, _ b: DICOMHeader, _ tag: DICOMTag, _ value: (DICOMHeader) -> Value?
    ) throws(DICOMProblem) {
        guard let one = value(a), let other = value(b), one != other else { return }
        throw .mixed(
            "\(a.name) and \(b.name) differ in \(tag.name): \(a.string(tag) ?? "") and \(b.string(tag) ?? "")")
    }
}
