/// The elements of a DICOM header that may leave the reader.
///
/// The list is the gate: patient name, patient ID, birth date and other identifying elements have no case here, so
/// nothing can ask for them. Dates and times are there because decay correction needs them.
public enum DICOMTag: UInt32, CaseIterable, Sendable {
    // What it is
    case mediaStorageClass = 0x0002_0002
    case imageType = 0x0008_0008
    case sopClass = 0x0008_0016
    case sopInstance = 0x0008_0018
    case modality = 0x0008_0060
    case manufacturer = 0x0008_0070
    case seriesDescription = 0x0008_103E
    case manufacturerModel = 0x0008_1090
    case bodyPart = 0x0018_0015
    case softwareVersions = 0x0018_1020
    case patientPosition = 0x0018_5100
    case seriesInstance = 0x0020_000E
    case seriesNumber = 0x0020_0011
    case instanceNumber = 0x0020_0013
    case frameOfReference = 0x0020_0052

    // When
    case studyDate = 0x0008_0020
    case seriesDate = 0x0008_0021
    case acquisitionDate = 0x0008_0022
    case acquisitionDateTime = 0x0008_002A
    case seriesTime = 0x0008_0031
    case acquisitionTime = 0x0008_0032
    case timezoneOffset = 0x0008_0201
    case triggerTime = 0x0018_1060
    case actualFrameDuration = 0x0018_1242
    case frameAcquisitionDateTime = 0x0018_9074
    case frameAcquisitionDuration = 0x0018_9220
    case temporalPositionIndex = 0x0020_9128
    case stackID = 0x0020_9056
    case frameReferenceTime = 0x0054_1300

    // Who, as far as body-size formulas need it
    case patientSex = 0x0010_0040
    case patientAge = 0x0010_1010
    case patientSize = 0x0010_1020
    case patientWeight = 0x0010_1030

    // Where
    case sliceThickness = 0x0018_0050
    case spacingBetweenSlices = 0x0018_0088
    case gantryTilt = 0x0018_1120
    case imagePosition = 0x0020_0032
    case imageOrientation = 0x0020_0037
    case numberOfFrames = 0x0028_0008
    case pixelSpacing = 0x0028_0030
    case numberOfSlices = 0x0054_0081
    case numberOfTimeSlices = 0x0054_0101

    // Pixels
    case samplesPerPixel = 0x0028_0002
    case photometric = 0x0028_0004
    case rows = 0x0028_0010
    case columns = 0x0028_0011
    case bitsAllocated = 0x0028_0100
    case bitsStored = 0x0028_0101
    case highBit = 0x0028_0102
    case pixelRepresentation = 0x0028_0103
    case pixelPadding = 0x0028_0120
    case rescaleIntercept = 0x0028_1052
    case rescaleSlope = 0x0028_1053
    case rescaleType = 0x0028_1054
    /// Descriptor of the first item of the Modality LUT Sequence (0028,3000).
    case modalityLUT = 0x0028_3002
    case realWorldIntercept = 0x0040_9224
    case realWorldSlope = 0x0040_9225
    /// Code Value of the Measurement Units Code Sequence (0040,08EA) of a Real World Value Mapping.
    case realWorldUnits = 0x0040_08EA

    // Segmentations
    case segmentationType = 0x0062_0001
    case segmentNumber = 0x0062_000B
    case maximumFractionalValue = 0x0062_000E

    // CT
    case kVP = 0x0018_0060
    case convolutionKernel = 0x0018_1210

    // PET
    case collimator = 0x0018_1181
    case correctedImage = 0x0028_0051
    case seriesType = 0x0054_1000
    case units = 0x0054_1001
    case countsSource = 0x0054_1002
    case suvType = 0x0054_1006
    case randomsCorrection = 0x0054_1100
    case attenuationCorrection = 0x0054_1101
    case decayCorrection = 0x0054_1102
    case reconstruction = 0x0054_1103
    case detectorLines = 0x0054_1104
    case scatterCorrection = 0x0054_1105
    case axialMash = 0x0054_1201
    case decayFactor = 0x0054_1321
    case doseCalibrationFactor = 0x0054_1322
    case scatterFraction = 0x0054_1323
    case deadTimeFactor = 0x0054_1324

    // PET, in enhanced objects
    case decayCorrectionDateTime = 0x0018_9701
    case decayCorrected = 0x0018_9758
    case attenuationCorrected = 0x0018_9759

    // The first item of the Radiopharmaceutical Information Sequence (0054,0016)
    case radiopharmaceutical = 0x0018_0031
    case radiopharmaceuticalRoute = 0x0018_1070
    case radiopharmaceuticalVolume = 0x0018_1071
    case radiopharmaceuticalStartTime = 0x0018_1072
    case radiopharmaceuticalStopTime = 0x0018_1073
    case radionuclideTotalDose = 0x0018_1074
    case radionuclideHalfLife = 0x0018_1075
    case radionuclidePositronFraction = 0x0018_1076
    case specificActivity = 0x0018_1077
    case radiopharmaceuticalStartDateTime = 0x0018_1078
    /// Code Value of the Radionuclide Code Sequence (0054,0300).
    case radionuclideCode = 0x0054_0300
    /// Code Meaning of the same sequence, such as "18F" or "^18^Fluorine".
    case radionuclideMeaning = 0xFFFF_0300
    /// Code Meaning of the Radiopharmaceutical Code Sequence (0054,0304).
    case radiopharmaceuticalMeaning = 0x0054_0304

    // Private elements, found through their creator
    /// When GE decay-corrected to: (0009,xx0D) of GEMS_PETD_01.
    case geDecayReference = 0x0009_000D
    /// Iterations and subsets of GE's reconstruction: (0009,xxB2) and (0009,xxB3) of GEMS_PETD_01.
    case geIterations = 0x0009_00B2
    case geSubsets = 0x0009_00B3
    /// When Siemens decay-corrected to: (0071,xx22) of SIEMENS MED PT.
    case siemensDecayReference = 0x0071_0022
    /// SUV for a count: (7053,xx00) of Philips PET Private Group.
    case philipsSUVFactor = 0x7053_0000
    /// Bq/mL for a count: (7053,xx09) of Philips PET Private Group.
    case philipsActivityFactor = 0x7053_0009
}

extension DICOMTag {
    /// How messages name it: "(0054,1001)".
    public var name: String {
        func hex(_ value: UInt32) -> String {
            let digits = String(value, radix: 16, uppercase: true)
            return String(repeating: "0", count: 4 - digits.count) + digits
        }
        if self == .radionuclideMeaning { return "(0054,0300)" }
        if privateCreator != nil { return "(\(hex(rawValue >> 16)),10\(hex(rawValue & 0xFFFF).suffix(2)))" }
        return "(\(hex(rawValue >> 16)),\(hex(rawValue & 0xFFFF)))"
    }

    /// The creator of a private element; `nil` for a standard one.
    var privateCreator: String? {
        switch self {
        case .geDecayReference, .geIterations, .geSubsets: "GEMS_PETD_01"
        case .siemensDecayReference: "SIEMENS MED PT"
        case .philipsSUVFactor, .philipsActivityFactor: "Philips PET Private Group"
        default: nil
        }
    }

    /// Group, element and items on the way, as `cdicom_string` takes them; for private elements in the first block.
    var path: [UInt32] {
        let own = [rawValue >> 16, rawValue & 0xFFFF]
        let dose: [UInt32] = [0x0054, 0x0016, 0]
        switch self {
        case .radionuclideCode: return dose + [0x0054, 0x0300, 0, 0x0008, 0x0100]
        case .radionuclideMeaning: return dose + [0x0054, 0x0300, 0, 0x0008, 0x0104]
        case .radiopharmaceuticalMeaning: return dose + [0x0054, 0x0304, 0, 0x0008, 0x0104]
        case .modalityLUT: return [0x0028, 0x3000, 0] + own
        case .realWorldUnits: return own + [0, 0x0008, 0x0100]
        case .radiopharmaceutical, .radiopharmaceuticalRoute, .radiopharmaceuticalVolume,
            .radiopharmaceuticalStartTime, .radiopharmaceuticalStopTime, .radionuclideTotalDose, .radionuclideHalfLife,
            .radionuclidePositronFraction, .specificActivity, .radiopharmaceuticalStartDateTime:
            return dose + own
        default: return own
        }
    }
}

extension DICOMTag {
    /// The elements that the functional groups of a multi-frame image may give each frame.
    static let ofFrames: [DICOMTag] = [
        .imagePosition, .imageOrientation, .pixelSpacing, .sliceThickness, .spacingBetweenSlices, .rescaleSlope,
        .rescaleIntercept, .rescaleType, .realWorldSlope, .realWorldIntercept, .realWorldUnits,
        .frameAcquisitionDateTime, .frameAcquisitionDuration, .temporalPositionIndex, .stackID, .segmentNumber,
        .acquisitionDate,
        .acquisitionTime, .actualFrameDuration, .frameReferenceTime, .triggerTime, .decayFactor, .units,
    ]
}
