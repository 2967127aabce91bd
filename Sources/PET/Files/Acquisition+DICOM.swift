import Imaging

extension Acquisition {
    /// What the headers of a DICOM PET series say.
    ///
    /// Time zero of the frames is the injection, or the first acquisition where the injection is not known or lies more
    /// than ten minutes after it or ten half-lives before. Doses below 1e5 are taken as MBq, weights above 1000 as g and
    /// heights above 3 as cm, each with a warning: scanners write all of these. Throws where the image is not PET.
    public init(dicom image: DICOMImage) throws(AcquisitionProblem) {
        guard image.string(.modality) == "PT" else { throw .notPET(image.string(.modality) ?? "") }
        self.init()
        injectionKnown = false
        warnings = image.warnings
        readBody(image)
        readTracer(image)
        readUnits(image)
        readCorrections(image)
        philipsSUVFactor = image.number(.philipsSUVFactor)
        philipsBqPerMLFactor = image.number(.philipsActivityFactor)
        doseCalibrationFactor = image.number(.doseCalibrationFactor)
        voxelVolumeML = image.volume.grid.voxelVolumeML
        readTimes(image)
    }

    /// The unit: (0054,1001), or what an enhanced image has in its place.
    private mutating func readUnits(_ image: DICOMImage) {
        suvType = image.string(.suvType)
        if let said = image.string(.units) {
            units = said.uppercased()
        } else if let said = image.string(.rescaleType), let unit = PETUnit(named: said) {
            units = unit.dicomName
            if suvType == nil { suvType = unit.suvType }
        }
    }

    private mutating func readCorrections(_ image: DICOMImage) {
        corrections = (image.string(.correctedImage) ?? "").split(separator: "\\").map { part in
            String(part.filter { $0 != " " }).uppercased()
        }
        let method = image.string(.attenuationCorrection)?.uppercased()
        if image.string(.attenuationCorrected)?.uppercased() == "NO" {
            attenuationUncorrected = "(0018,9759) Attenuation Corrected"
        } else if !corrections.isEmpty && !corrections.contains("ATTN") {
            attenuationUncorrected = "(0028,0051) Corrected Image"
        } else if corrections.isEmpty, let method, method == "NONE" {
            attenuationUncorrected = "(0054,1101) Attenuation Correction Method"
        } else if corrections.isEmpty && method == nil && image.string(.attenuationCorrected) == nil {
            warnings.append("(0028,0051) Corrected Image is empty: it is not known whether attenuation was corrected")
        }
        readDecayCorrection(image)
    }

    /// START, ADMIN or NONE of (0054,1102); enhanced images have (0018,9758) Decay Corrected instead.
    private mutating func readDecayCorrection(_ image: DICOMImage) {
        decayReference = image.string(.decayCorrection).flatMap { DecayReference(rawValue: $0.uppercased()) }
        let corrected = image.string(.decayCorrected)?.uppercased()
        if let said = image.string(.decayCorrection) {
            if decayReference == nil {
                warnings.append("(0054,1102) Decay Correction is \(said), which is not START, ADMIN or NONE")
            } else if let corrected, (corrected == "NO") != (decayReference == DecayReference.none) {
                decayReference = nil
                warnings.append(
                    "(0054,1102) Decay Correction is \(said), but (0018,9758) Decay Corrected is \(corrected)")
            }
        } else if corrected == "NO" {
            decayReference = DecayReference.none
        } else if corrected == "YES" {
            decayReference = .scanStart
        }
        if decayReference == DecayReference.none, corrections.contains(where: { $0 == "DECY" || $0 == "DECAY" }) {
            warnings.append(
                "(0054,1102) Decay Correction is NONE, but (0028,0051) Corrected Image lists decay; NONE is taken")
        }
    }

    private mutating func readBody(_ image: DICOMImage) {
        if let mass = image.number(.patientWeight), mass > 0 {
            massKg = mass > 1000 ? mass / 1000 : mass
            if mass > 1000 { warnings.append("(0010,1030) Patient's Weight \(mass) is taken as g") }
        }
        if let size = image.number(.patientSize), size > 0 {
            heightCm = size > 3 ? size : size * 100
            if size > 3 { warnings.append("(0010,1020) Patient's Size \(size) is taken as cm") }
        }
        sex = image.string(.patientSex).flatMap { Sex(rawValue: $0.uppercased()) }
        checkBody()
    }

    private mutating func readTracer(_ image: DICOMImage) {
        tracer = image.string(.radiopharmaceutical) ?? image.string(.radiopharmaceuticalMeaning)
        radionuclide =
            image.string(.radionuclideCode).flatMap { Radionuclide.name(of: $0) }
            ?? image.string(.radionuclideMeaning).flatMap { Radionuclide.name(of: $0) }
        if let halfLife = image.number(.radionuclideHalfLife), halfLife > 0 {
            halfLifeS = halfLife
        } else if let radionuclide, let halfLife = Radionuclide.halfLifeS(of: radionuclide) {
            halfLifeS = halfLife
            warnings.append(
                "(0018,1075) Radionuclide Half Life is missing; \(halfLife) s of \(radionuclide) is used")
        }
        if let dose = image.number(.radionuclideTotalDose), dose > 0 {
            injectedBq = dose < 1e5 ? dose * 1e6 : dose
            if dose < 1e5 { warnings.append("(0018,1074) Radionuclide Total Dose \(dose) is taken as MBq") }
        }
        checkDose("(0018,1074) Radionuclide Total Dose")
        checkHalfLife()
    }
}
