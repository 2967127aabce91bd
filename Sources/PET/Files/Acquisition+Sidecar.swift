import Records

extension Acquisition {
    /// What a PET-BIDS sidecar says [PET-BIDS].
    ///
    /// Times count from TimeZero. Weight and height are not BIDS keys; `BodyWeight` (kg), `BodyHeight` (cm), `PatientSex`
    /// and DICOM's `PatientWeight` and `PatientSize` (m) are taken where present. Throws where a key has the wrong kind of
    /// value or frames overlap.
    public init(sidecar: JSONValue) throws(AcquisitionProblem) {
        guard sidecar.members != nil else { throw .notObject }
        self.init()
        units = sidecar["Units"]?.string
        tracer = sidecar["TracerName"]?.string
        try readNuclide(sidecar)
        try readDose(sidecar)
        massKg = try Self.number(sidecar, "BodyWeight")
        if massKg == nil { massKg = try Self.number(sidecar, "PatientWeight") }
        heightCm = try Self.number(sidecar, "BodyHeight")
        if heightCm == nil, let size = try Self.number(sidecar, "PatientSize") {
            heightCm = size > 3 ? size : 100 * size
        }
        if let text = sidecar["PatientSex"]?.string ?? sidecar["Sex"]?.string {
            sex = text.first.flatMap { Sex(rawValue: $0.uppercased()) }
        }
        checkBody()
        injectionStartS = try Self.number(sidecar, "InjectionStart") ?? 0
        frames = try Self.frames(sidecar)
        acquiredS = frames.map { Frame(start: $0.start - injectionStartS, duration: $0.duration) }
        try readDecayCorrection(sidecar)
        if let method = sidecar["AttenuationCorrection"]?.string, method.lowercased() == "none" {
            attenuationUncorrected = "AttenuationCorrection"
        }
    }

    private mutating func readNuclide(_ sidecar: JSONValue) throws(AcquisitionProblem) {
        if let text = sidecar["TracerRadionuclide"]?.string {
            radionuclide = Radionuclide.name(of: text)
            if radionuclide == nil { warnings.append("TracerRadionuclide \(text) is not in the table of nuclides") }
        }
        halfLifeS = try Self.number(sidecar, "RadionuclideHalfLife")
        if halfLifeS == nil { halfLifeS = radionuclide.flatMap { Radionuclide.halfLifeS(of: $0) } }
        checkHalfLife()
    }

    private mutating func readDose(_ sidecar: JSONValue) throws(AcquisitionProblem) {
        guard let value = try Self.number(sidecar, "InjectedRadioactivity") else { return }
        guard let unit = sidecar["InjectedRadioactivityUnits"]?.string else {
            warnings.append("InjectedRadioactivityUnits is missing; the injected activity is not known")
            return
        }
        guard let scale = Self.becquerels(unit) else {
            warnings.append("InjectedRadioactivityUnits \(unit) is not a unit of activity; the activity is not known")
            return
        }
        injectedBq = value > 0 ? value * scale : nil
        checkDose("InjectedRadioactivity")
        // Converters have been seen to write one of the two in kBq.
        if let injectedBq, let other = sidecar["RadionuclideTotalDose"]?.double, other > 0,
            abs(injectedBq / other - 1) > 0.05
        {
            warnings.append(
                "InjectedRadioactivity is \(injectedBq) Bq but RadionuclideTotalDose in the same file \(other); "
                    + "SUV uses the first")
        }
    }

    /// What an activity in a unit is multiplied by to be in Bq; `nil` for other units.
    static func becquerels(_ unit: String) -> Double? {
        switch unit {
        case "Bq": 1
        case "kBq", "KBq": 1e3
        case "MBq": 1e6
        case "GBq": 1e9
        case "mCi": 3.7e7
        case "Ci": 3.7e10
        case "uCi", "µCi", "μCi": 3.7e4
        default: nil
        }
    }

    private static func frames(_ sidecar: JSONValue) throws(AcquisitionProblem) -> [Frame] {
        guard let starts = try numbers(sidecar, "FrameTimesStart") else { return [] }
        guard let durations = try numbers(sidecar, "FrameDuration") else {
            throw .frames("FrameTimesStart is there but FrameDuration is missing")
        }
        guard starts.count == durations.count else {
            throw .frames("FrameTimesStart has \(starts.count) values and FrameDuration \(durations.count)")
        }
        guard durations.allSatisfy({ $0 > 0 }) else { throw .frames("FrameDuration must be greater than 0 everywhere") }
        let frames = zip(starts, durations).map { Frame(start: $0, duration: $1) }
        // Starts and durations may each be rounded to whole seconds.
        let overlapping = zip(frames, frames.dropFirst()).filter { $1.start < $0.end - 1 }.count
        guard overlapping == 0 else {
            throw .frames(
                "\(overlapping) of \(frames.count) frames overlap the next; perhaps FrameDuration holds end times")
        }
        return frames
    }

    private mutating func readDecayCorrection(_ sidecar: JSONValue) throws(AcquisitionProblem) {
        guard let corrected = sidecar["ImageDecayCorrected"] else { return }
        guard let corrected = corrected.bool else { throw .badValue("ImageDecayCorrected", "true or false") }
        guard corrected else {
            decayReference = Acquisition.DecayReference.none
            return
        }
        guard let time = try Self.number(sidecar, "ImageDecayCorrectionTime") else {
            warnings.append("ImageDecayCorrectionTime is missing; the decay reference is not known")
            return
        }
        let seconds = time - injectionStartS
        decayReference = seconds == 0 ? .administration : .scanStart
        decayReferenceS = seconds
        decayRule = seconds == 0 ? "decay-corrected to the injection" : "ImageDecayCorrectionTime"
    }

    private static func number(_ sidecar: JSONValue, _ key: String) throws(AcquisitionProblem) -> Double? {
        guard let value = sidecar[key], value != .null, value != .string("n/a") else { return nil }
        guard let number = value.double, number.isFinite else { throw .badValue(key, "a number") }
        return number
    }

    private static func numbers(_ sidecar: JSONValue, _ key: String) throws(AcquisitionProblem) -> [Double]? {
        guard let value = sidecar[key], value != .null else { return nil }
        if let one = value.double { return [one] }
        guard let numbers = value.doubles, !numbers.isEmpty else { throw .badValue(key, "a list of numbers") }
        return numbers
    }
}
