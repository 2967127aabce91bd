import Imaging

extension RegionName {
    /// The codes of a region in SNOMED CT [SNOMEDCT], as far as we are sure of them; else our own, `99ENGRAFT`.
    ///
    /// A part of the putamen has the code of the putamen: its name says which part.
    public func segment(label: Int32, name: String) -> DICOMSegmentationFile.Segment {
        DICOMSegmentationFile.Segment(
            label: label, name: name, category: DICOMCode("91723000", "SCT", "Anatomical Structure"),
            type: structureCode ?? DICOMCode(String(structure.prefix(16)), "99ENGRAFT", String(structure.prefix(64))),
            side: side.map {
                $0 == .left ? DICOMCode("7771000", "SCT", "Left") : DICOMCode("24028007", "SCT", "Right")
            })
    }

    private var structureCode: DICOMCode? {
        switch part {
        case .caudate: return DICOMCode("11000004", "SCT", "Caudate nucleus")
        case .putamen, .anteriorPutamen, .middlePutamen, .posteriorPutamen:
            return DICOMCode("89278009", "SCT", "Putamen")
        case .ventralStriatum, nil: break
        }
        switch structure {
        case "cerebellum": return DICOMCode("113305005", "SCT", "Cerebellum")
        case "occipital", "occipital-lobe": return DICOMCode("31065004", "SCT", "Occipital lobe")
        case "thalamus", "thalamus-proper": return DICOMCode("42695009", "SCT", "Thalamus")
        case "pallidum", "globus-pallidus": return DICOMCode("14738005", "SCT", "Globus pallidus")
        case "hippocampus": return DICOMCode("5366008", "SCT", "Hippocampus")
        case "amygdala": return DICOMCode("4958002", "SCT", "Amygdala")
        case "substantia-nigra": return DICOMCode("70007007", "SCT", "Substantia nigra")
        default: return nil
        }
    }
}
