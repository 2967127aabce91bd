import Records

/// The fields that PET-BIDS has for the sidecar of an image, by their names [PET-BIDS].
public enum PETBIDS {
    /// Fields that every sidecar must have, in the order of the standard.
    public static let required = [
        "Manufacturer", "ManufacturersModelName", "Units", "TracerName", "TracerRadionuclide", "InjectedRadioactivity",
        "InjectedRadioactivityUnits", "InjectedMass", "InjectedMassUnits", "SpecificRadioactivity",
        "SpecificRadioactivityUnits", "ModeOfAdministration", "TimeZero", "ScanStart", "InjectionStart",
        "FrameTimesStart", "FrameDuration", "AcquisitionMode", "ImageDecayCorrected", "ImageDecayCorrectionTime",
        "ReconMethodName", "ReconMethodParameterLabels", "ReconMethodParameterUnits", "ReconMethodParameterValues",
        "ReconFilterType", "ReconFilterSize", "AttenuationCorrection",
    ]

    /// Fields that a sidecar should have, without those that name the institution.
    public static let recommended = [
        "BodyPart", "TracerRadLex", "TracerSNOMED", "TracerMolecularWeight", "TracerMolecularWeightUnits",
        "InjectedMassPerWeight", "InjectedMassPerWeightUnits", "SpecificRadioactivityMeasTime", "MolarActivity",
        "MolarActivityUnits", "MolarActivityMeasTime", "InfusionRadioactivity", "InfusionStart", "InfusionSpeed",
        "InfusionSpeedUnits", "InjectedVolume", "Purity", "PharmaceuticalName", "PharmaceuticalDoseAmount",
        "PharmaceuticalDoseUnits", "PharmaceuticalDoseRegimen", "PharmaceuticalDoseTime", "Anaesthesia", "InjectionEnd",
        "ReconMethodImplementationVersion", "AttenuationCorrectionMethodReference", "ScaleFactor", "ScatterFraction",
        "DecayCorrectionFactor", "DoseCalibrationFactor", "PromptRate", "SinglesRate", "RandomRate",
    ]

    /// Fields beside BIDS's own that are written and read: what SUV needs, and what dcm2niix names like this.
    static let further = [
        "Modality", "RandomsCorrectionMethod", "ScatterCorrectionMethod", "ConvolutionKernel", "RadionuclideHalfLife",
        "BodyWeight", "BodyHeight", "PatientSex", "SUVType",
    ]

    /// The required fields that are not among the members of a sidecar, in the standard's order.
    ///
    /// As the standard has it, parameters need no unit and value where their label is "none", a filter of type "none" no
    /// size, and an image that is not decay-corrected no time of correction.
    public static func missing(from members: [JSONValue.Member]) -> [String] {
        let sidecar = JSONValue.object(members)
        var excused: Set<String> = []
        if sidecar["ReconMethodParameterLabels"]?.elements?.contains("none") == true {
            excused.formUnion(["ReconMethodParameterUnits", "ReconMethodParameterValues"])
        }
        if sidecar["ReconFilterType"]?.string?.lowercased() == "none" { excused.insert("ReconFilterSize") }
        if sidecar["ImageDecayCorrected"]?.bool == false { excused.insert("ImageDecayCorrectionTime") }
        return required.filter { sidecar[$0] == nil && !excused.contains($0) }
    }

    /// What of a sidecar is written again beside a converted image: the fields of the standard. Other keys, such as names
    /// of institutions and dates, stay behind.
    public static func carried(from sidecar: JSONValue) -> [JSONValue.Member] {
        let names = Set(required + recommended + further)
        return (sidecar.members ?? []).filter { names.contains($0.key) && $0.value != .null }
    }

    /// Members in the standard's order, others after them.
    static func ordered(_ members: [JSONValue.Member]) -> [JSONValue.Member] {
        var places: [String: Int] = [:]
        for (place, name) in (["Modality"] + required + recommended + further).enumerated() where places[name] == nil {
            places[name] = place
        }
        return members.enumerated()
            .sorted { (places[$0.element.key] ?? .max, $0.offset) < (places[$1.element.key] ?? .max, $1.offset) }
            .map(\.element)
    }
}
