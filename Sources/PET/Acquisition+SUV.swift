import Imaging
import Records

extension Acquisition {
    /// The factor from voxel values, in the unit the file has them in, to SUV.
    ///
    /// SUV = value × factor; for body weight SUV of Bq/mL, mass in g by the activity in Bq at the moment the values are
    /// corrected to [QIBA-SUV] [IBSI-SUV]. Throws what is missing, by the name of its tag.
    public func suvFactor(_ kind: SUVKind = .bw) throws(SUVProblem) -> SUVFactor {
        guard let units = unitName else {
            throw .missing("the unit of the values is not known ((0054,1001) Units, or Units)")
        }
        if let said = attenuationUncorrected { throw .notCorrected("attenuation", said: said) }
        if !corrections.isEmpty && !corrections.contains("ATTN") {
            throw .notCorrected("attenuation", said: "(0028,0051) Corrected Image")
        }
        let fromBW = try bodyWeightRatio(kind)
        if let direct = try directFactor(units) {
            return SUVFactor(
                kind: kind, factors: [direct.factor * fromBW], rule: direct.rule,
                alternatives: privateAlternatives(fromBW))
        }
        let scale = try bqPerMLScale(units)
        let dose = try perGram()
        return SUVFactor(
            kind: kind, factors: dose.factors.map { scale.factor * $0 * fromBW }, rule: scale.rule + dose.rule,
            alternatives: dose.alternatives.map {
                SUVFactor.Alternative(rule: $0.rule, factor: scale.factor * $0.factor * fromBW)
            })
    }

    /// What values are multiplied by to be Bq/mL; `nil` where the unit does not allow it.
    public var bqPerMLScale: Double? { unitName.flatMap { try? bqPerMLScale($0).factor } }

    // MARK: - Steps

    /// DICOM's word for the unit, where it is one of DICOM's; else the unit as the file has it.
    private var unitName: String? { units.map { PETUnit(named: $0)?.dicomName ?? $0 } }

    /// SUV of a kind for one of body weight.
    private func bodyWeightRatio(_ kind: SUVKind) throws(SUVProblem) -> Double {
        if kind == .bw { return 1 }
        let mass = try known(massKg, "the body weight ((0010,1030) Patient's Weight, or BodyWeight)")
        let height = try known(heightCm, "the body height ((0010,1020) Patient's Size, or BodyHeight)")
        if kind == .bsa { return BodySize.surfaceAreaM2(massKg: mass, heightCm: height) * 1e4 / (mass * 1000) }
        let sex = try known(sex, "the sex ((0010,0040) Patient's Sex, or PatientSex)")
        let size =
            switch kind {
            case .lbm: BodySize.leanMassKg(massKg: mass, heightCm: height, sex: sex)
            case .lbmJames: BodySize.leanMassJamesKg(massKg: mass, heightCm: height, sex: sex)
            case .lbmJanmahasatian: BodySize.leanMassJanmahasatianKg(massKg: mass, heightCm: height, sex: sex)
            default: BodySize.idealMassKg(heightCm: height, sex: sex)
            }
        guard let size else { throw .bodySize(kind) }
        return size / mass
    }

    /// The factor to body-weight SUV where the values are SUV already; `nil` where they are not.
    private func directFactor(_ units: String) throws(SUVProblem) -> (factor: Double, rule: String)? {
        switch units.uppercased() {
        case "GML", "G/ML", "SUV":
            guard let kind = SUVKind.named(dicom: suvType ?? ""), kind != .bsa else {
                throw .units("\(units) with (0054,1006) SUV Type \(suvType ?? "")")
            }
            return (1 / (try bodyWeightRatio(kind)), "values are SUV (\(kind.rawValue)) already")
        case "CM2ML", "CM2/ML":
            guard ["", "BSA"].contains(suvType?.uppercased() ?? "") else {
                throw .units("\(units) with (0054,1006) SUV Type \(suvType ?? "")")
            }
            return (1 / (try bodyWeightRatio(.bsa)), "values are SUV by body surface already")
        case "CNTS":
            guard let factor = philipsSUVFactor, factor != 0 else { return nil }
            return (factor, "Philips' private SUV factor (7053,1000)")
        default: return nil
        }
    }

    /// What Philips' activity factor would give beside its SUV factor, where the header has both.
    private func privateAlternatives(_ fromBW: Double) -> [SUVFactor.Alternative] {
        guard philipsSUVFactor != nil, let scale = philipsBqPerMLFactor, scale != 0, unitName == "CNTS",
            let dose = try? perGram()
        else { return [] }
        return [
            SUVFactor.Alternative(
                rule: "Philips' private activity factor (7053,1009); " + dose.rule,
                factor: scale * dose.factors[0] * fromBW)
        ]
    }

    private func bqPerMLScale(_ units: String) throws(SUVProblem) -> (factor: Double, rule: String) {
        switch units.uppercased() {
        case "BQML", "BQ/ML", "BQ/CC", "BQ/CM3", "BQ/CM^3": return (1, "")
        case "KBQ/ML", "KBQML", "KBQ/CC": return (1e3, "kBq/mL; ")
        case "MBQ/ML": return (1e6, "MBq/mL; ")
        case "CNTS":
            guard let factor = philipsBqPerMLFactor, factor != 0 else {
                throw .missing(
                    "values are counts and Philips' private factors (7053,1000) and (7053,1009) are absent")
            }
            return (factor, "Philips' private activity factor (7053,1009); ")
        case "CPS":
            let volume = try known(voxelVolumeML, "the voxel volume")
            if corrections.contains("DCAL") { return (1 / volume, "counts per second, dose-calibrated; ") }
            let calibration = try known(doseCalibrationFactor, "the (0054,1322) Dose Calibration Factor")
            return (calibration / volume, "counts per second times (0054,1322) Dose Calibration Factor; ")
        default: throw .units(units)
        }
    }

    /// Mass by activity at the decay reference, g/Bq.
    private func perGram() throws(SUVProblem) -> (
        factors: [Double], rule: String, alternatives: [SUVFactor.Alternative]
    ) {
        let grams = 1000 * (try known(massKg, "the body weight ((0010,1030) Patient's Weight, or BodyWeight)"))
        let dose = try known(
            injectedBq, "the injected activity ((0018,1074) Radionuclide Total Dose, or InjectedRadioactivity)")
        let reference = try known(
            decayReference, "the decay correction ((0054,1102) Decay Correction, or ImageDecayCorrected)")
        if reference != DecayReference.none && !corrections.isEmpty
            && !corrections.contains(where: { $0 == "DECY" || $0 == "DECAY" })
        {
            throw .notCorrected("decay, although (0054,1102) says so", said: "(0028,0051) Corrected Image")
        }
        if reference == .administration {
            return ([grams / dose], "decay-corrected to the injection: mass by injected activity", [])
        }
        let halfLife = try known(halfLifeS, "the half-life ((0018,1075) Radionuclide Half Life, or TracerRadionuclide)")
        func atStart(_ seconds: Double) -> Double {
            grams / (dose * Decay.remaining(afterS: seconds, halfLifeS: halfLife))
        }
        if reference == .scanStart {
            let seconds = try known(
                decayReferenceS,
                "the time from injection to the decay reference ((0018,1078), (0018,1072), or InjectionStart)")
            let all = sliceDecayReferenceS.isEmpty ? [seconds] : sliceDecayReferenceS
            try check(earliest: all.min() ?? seconds)
            try check(latest: all.max() ?? seconds, halfLife)
            return (
                all.map(atStart), "mass by activity at the decay reference: \(decayRule ?? "scan start")",
                decayAlternatives.map { SUVFactor.Alternative(rule: $0.rule, factor: atStart($0.seconds)) }
            )
        }
        guard !acquiredS.isEmpty else {
            throw .missing("values are not decay-corrected and start or length of the frames are not known")
        }
        try check(earliest: acquiredS.map(\.start).min() ?? 0)
        try check(latest: acquiredS.map(\.start).max() ?? 0, halfLife)
        let factors = acquiredS.map { grams / dose * Decay.frameFactor($0, referenceS: 0, halfLifeS: halfLife) }
        let same = factors.allSatisfy { $0 == factors[0] }
        return (
            same ? [factors[0]] : factors, "not decay-corrected: corrected here from each frame to the injection", []
        )
    }

    /// Refuses a scan that begins more than ten minutes before its injection: dynamic scans start a little early.
    private func check(earliest seconds: Double) throws(SUVProblem) {
        guard seconds >= -ScanClock.earlyStartS else {
            throw .times(
                "the injection lies \(fixed(-seconds, 0)) s after the scan; "
                    + "check (0018,1078) and (0018,1072), or InjectionStart")
        }
    }

    /// Refuses what lies more than twenty half-lives after the injection: a millionth is left, so a date or the half-life
    /// is wrong.
    private func check(latest seconds: Double, _ halfLife: Double) throws(SUVProblem) {
        guard seconds <= 20 * halfLife else {
            throw .times(
                "the scan lies \(fixed(seconds, 0)) s after the injection, more than twenty half-lives of \(halfLife) s; "
                    + "check (0018,1075), (0018,1078) and (0018,1072), or the sidecar")
        }
    }

    private func known<Value>(_ value: Value?, _ name: String) throws(SUVProblem) -> Value {
        guard let value else { throw .missing("\(name) is missing") }
        return value
    }
}
