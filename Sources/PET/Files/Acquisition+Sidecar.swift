import Records

extension Acquisition {
    /// What a PET-BIDS sidecar says [PET-BIDS].
    ///
    /// Times count from TimeZero. Weight and height are not BIDS keys; `BodyWeight` (kg), `BodyHeight` (cm), `PatientSex`
    /// and DICOM's `PatientWeight` and `PatientSize` (m) are taken where present, and `SUVType`, as DICOM has it, where
    /// the values are SUV. Throws all that is wrong at once: keys with the wrong kind of value, frames that overlap.
    public init(sidecar: JSONValue) throws(AcquisitionProblem) {
        guard sidecar.members != nil else { throw .notObject }
        self.init()
        var reader = SidecarReader(sidecar)
        units = reader.text("Units")
        suvType = reader.text("SUVType") ?? units.flatMap { PETUnit(named: $0)?.suvType }
        tracer = reader.text("TracerName")
        readNuclide(&reader)
        readDose(&reader)
        readBody(&reader)
        readTimes(&reader)
        readDecayCorrection(&reader)
        if let method = reader.text("AttenuationCorrection"), method.lowercased() == "none" {
            attenuationUncorrected = "AttenuationCorrection"
        }
        checkReconstruction(&reader)
        if let problem = AcquisitionProblem(reader.problems) { throw problem }
    }

    private mutating func readNuclide(_ reader: inout SidecarReader) {
        if let text = reader.text("TracerRadionuclide") {
            radionuclide = Radionuclide.name(of: text)
            if radionuclide == nil { warnings.append("TracerRadionuclide \(text) is not in the table of nuclides") }
        }
        if let halfLife = reader.number("RadionuclideHalfLife") {
            halfLifeS = halfLife
            if halfLife <= 0 { reader.note(.badValue("RadionuclideHalfLife", "greater than 0")) }
        } else {
            halfLifeS = radionuclide.flatMap { Radionuclide.halfLifeS(of: $0) }
        }
        checkHalfLife()
    }

    private mutating func readDose(_ reader: inout SidecarReader) {
        let unit = reader.text("InjectedRadioactivityUnits")
        guard let value = reader.number("InjectedRadioactivity") else { return }
        guard let unit else {
            warnings.append("InjectedRadioactivityUnits is missing; the injected activity is not known")
            return
        }
        guard let scale = Self.becquerels(unit) else {
            warnings.append("InjectedRadioactivityUnits \(unit) is not a unit of activity; the activity is not known")
            return
        }
        if value < 0 { reader.note(.badValue("InjectedRadioactivity", "greater than 0")) }
        injectedBq = value > 0 ? value * scale : nil
        checkDose("InjectedRadioactivity")
        // Converters have been seen to write one of the two in kBq.
        if let injectedBq, let other = reader.value("RadionuclideTotalDose")?.double, other > 0,
            abs(injectedBq / other - 1) > 0.05
        {
            warnings.append(
                "InjectedRadioactivity is \(injectedBq) Bq but RadionuclideTotalDose in the same file \(other); "
                    + "SUV uses the first")
        }
    }

    private mutating func readBody(_ reader: inout SidecarReader) {
        massKg = reader.number("BodyWeight") ?? reader.number("PatientWeight")
        heightCm = reader.number("BodyHeight") ?? reader.number("PatientSize").map { $0 > 3 ? $0 : 100 * $0 }
        if let text = reader.text("PatientSex") ?? reader.text("Sex") {
            sex = text.first.flatMap { Sex(rawValue: $0.uppercased()) }
        }
        for (key, value) in [("BodyWeight", massKg), ("BodyHeight", heightCm)] where value.map({ $0 <= 0 }) ?? false {
            reader.note(.badValue(key, "greater than 0"))
        }
        checkBody()
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

    // MARK: - Times

    private mutating func readTimes(_ reader: inout SidecarReader) {
        injectionKnown = reader.value("InjectionStart") != nil
        injectionStartS = reader.number("InjectionStart") ?? 0
        scanStartS = reader.number("ScanStart")
        if let text = reader.text("TimeZero") {
            timeZero = Self.isTimeOfDay(text) ? text : nil
            if timeZero == nil { warnings.append("TimeZero \(text) is not a time hh:mm:ss") }
        }
        if let scanStartS, scanStartS != 0, reader.value("InjectionStart") != nil, injectionStartS != 0 {
            warnings.append("neither ScanStart nor InjectionStart is 0, as BIDS asks: TimeZero may be another moment")
        }
        frames = frames(&reader)
        acquiredS = frames.map { Frame(start: $0.start - injectionStartS, duration: $0.duration) }
        if let scanStartS, let first = frames.first, first.start < scanStartS - 1 {
            warnings.append(
                "FrameTimesStart begins at \(Self.seconds(first.start)), before ScanStart at "
                    + "\(Self.seconds(scanStartS)); perhaps it counts from the scan and not from TimeZero")
        }
    }

    /// hh:mm:ss, or with a fraction, which some converters write.
    private static func isTimeOfDay(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let hour = Int(parts[0]), let minute = Int(parts[1]), let second = Double(parts[2])
        else { return false }
        return (0..<24).contains(hour) && (0..<60).contains(minute) && second >= 0 && second < 61
    }

    private func frames(_ reader: inout SidecarReader) -> [Frame] {
        let (starts, durations) = (reader.numbers("FrameTimesStart"), reader.numbers("FrameDuration"))
        guard let starts else { return [] }
        guard let durations else {
            if reader.value("FrameDuration") == nil {
                reader.note(.frames("FrameTimesStart is there but FrameDuration is missing"))
            }
            return []
        }
        guard starts.count == durations.count else {
            reader.note(.frames("FrameTimesStart has \(starts.count) values and FrameDuration \(durations.count)"))
            return []
        }
        guard durations.allSatisfy({ $0 > 0 }) else {
            reader.note(.frames("FrameDuration must be greater than 0 everywhere"))
            return []
        }
        let frames = zip(starts, durations).map { Frame(start: $0, duration: $1) }
        // Starts and durations may each be rounded to whole seconds.
        let overlapping = zip(frames, frames.dropFirst()).filter { $1.start < $0.end - 1 }.count
        if overlapping > 0 {
            reader.note(
                .frames(
                    "\(overlapping) of \(frames.count) frames overlap the next; perhaps FrameDuration holds end times"))
        }
        return frames
    }

    private mutating func readDecayCorrection(_ reader: inout SidecarReader) {
        let time = reader.number("ImageDecayCorrectionTime")
        guard let corrected = reader.truth("ImageDecayCorrected") else { return }
        guard corrected else {
            decayReference = Acquisition.DecayReference.none
            return
        }
        guard let time else {
            warnings.append("ImageDecayCorrectionTime is missing; the decay reference is not known")
            return
        }
        let seconds = time - injectionStartS
        if !injectionKnown { warnings.append("InjectionStart is missing; the injection is taken to be at TimeZero") }
        decayReference = seconds == 0 ? .administration : .scanStart
        decayReferenceS = seconds
        decayRule = seconds == 0 ? "decay-corrected to the injection" : "ImageDecayCorrectionTime"
    }

    /// Warns where the lists that describe the reconstruction do not belong together; no number depends on them.
    private mutating func checkReconstruction(_ reader: inout SidecarReader) {
        guard let labels = reader.count("ReconMethodParameterLabels") else { return }
        for key in ["ReconMethodParameterUnits", "ReconMethodParameterValues"] {
            if let count = reader.count(key), count != labels {
                warnings.append("ReconMethodParameterLabels has \(labels) entries and \(key) \(count)")
            }
        }
    }
}
