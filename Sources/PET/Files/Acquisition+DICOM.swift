import Imaging

extension Acquisition {
    /// What the headers of a DICOM PET series say.
    ///
    /// Time zero of the frames is the earliest acquisition. Doses below 1e5 are taken as MBq, weights above 1000 as g and
    /// heights above 3 as cm, each with a warning: scanners write all of these. Throws where the image is not PET.
    public init(dicom image: DICOMImage) throws(AcquisitionProblem) {
        guard image.string(.modality) == "PT" else { throw .notPET(image.string(.modality) ?? "") }
        self.init()
        warnings = image.warnings
        readBody(image)
        readTracer(image)
        units = image.string(.units)?.uppercased()
        suvType = image.string(.suvType)
        corrections = (image.string(.correctedImage) ?? "").split(separator: "\\").map(String.init)
        philipsSUVFactor = image.number(.philipsSUVFactor)
        philipsBqPerMLFactor = image.number(.philipsActivityFactor)
        doseCalibrationFactor = image.number(.doseCalibrationFactor)
        voxelVolumeML = image.volume.grid.voxelVolumeML
        decayReference = image.string(.decayCorrection).flatMap { DecayReference(rawValue: $0.uppercased()) }
        if let said = image.string(.decayCorrection), decayReference == nil {
            warnings.append("(0054,1102) Decay Correction is \(said), which is not START, ADMIN or NONE")
        }
        readTimes(image)
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

    private mutating func readTimes(_ image: DICOMImage) {
        let slices = image.slices.compactMap { slice in
            slice.acquisitionTime.map {
                ScanClock.Slice(acquisition: $0, frameReferenceS: slice.frameReferenceS, durationS: slice.durationS)
            }
        }
        guard slices.count == image.slices.count else {
            warnings.append("(0008,0032) Acquisition Time is missing; frames and time since injection are not known")
            return
        }
        let zone = image.string(.timezoneOffset)
        let clock = ScanClock(
            series: DICOMTime.seconds(date: image.string(.seriesDate), time: image.string(.seriesTime)),
            ge: DICOMTime.seconds(dateTime: image.string(.geDecayReference), timezone: zone), slices: slices)
        let timeZero = clock.earliestAcquisition
        readFrames(image, slices, timeZero)
        let timeOfDay = DICOMTime.seconds(date: "19700101", time: image.string(.radiopharmaceuticalStartTime))
        let dateTime = DICOMTime.seconds(dateTime: image.string(.radiopharmaceuticalStartDateTime), timezone: zone)
        guard let injection = clock.injection(dateTime: dateTime, timeOfDay: timeOfDay) else {
            if decayReference == .administration { setReference(0, "decay-corrected to the injection") }
            return
        }
        injectionStartS = injection - timeZero
        if slices.allSatisfy({ ($0.durationS ?? 0) > 0 }) {
            acquiredS = slices.map { Frame(start: $0.acquisition - injection, duration: $0.durationS ?? 0) }
        }
        setDecayReference(clock, injection: injection)
    }

    /// Frames of a dynamic series, and the one of a static series where all slices have one duration.
    private mutating func readFrames(_ image: DICOMImage, _ slices: [ScanClock.Slice], _ timeZero: Double) {
        let depth = image.volume.grid.shape.z
        var found: [Frame] = []
        for frame in 0..<image.volume.frames {
            let of = slices[(frame * depth)..<((frame + 1) * depth)]
            guard let duration = of.first?.durationS, duration > 0 else {
                warnings.append("(0018,1242) Actual Frame Duration is missing; frame times are not known")
                return
            }
            let start = of.map(\.acquisition).min() ?? timeZero
            found.append(Frame(start: start - timeZero, duration: duration))
        }
        // Scanners that give all frames one acquisition time count them by frame reference time.
        if found.count > 1, found.allSatisfy({ $0.start == found[0].start }) {
            let references = (0..<found.count).map { slices[$0 * depth].frameReferenceS ?? 0 }
            let first = references[0]
            for i in found.indices { found[i].start = references[i] - first }
            warnings.append(
                "all frames have one acquisition time; they are told apart by (0054,1300) Frame Reference Time")
        }
        let overlapping = zip(found, found.dropFirst()).filter { $1.start < $0.end - max(0.5, 0.01 * $0.duration) }
            .count
        if overlapping > 0 {
            warnings.append("\(overlapping) of \(found.count) frames begin before the one before has ended")
        }
        frames = found
    }

    private mutating func setDecayReference(_ clock: ScanClock, injection: Double) {
        switch decayReference {
        case .administration: setReference(0, "decay-corrected to the injection")
        case .scanStart:
            guard let halfLifeS else { return }
            let references = clock.startReferences(halfLifeS: halfLifeS)
            let used = references[0]
            setReference(used.median - injection, used.rule)
            if used.spread > 1e-3 { sliceDecayReferenceS = used.moments.map { $0 - injection } }
            decayAlternatives = references.dropFirst().map {
                DecayAlternative(rule: $0.rule, seconds: $0.median - injection)
            }
            for other in references.dropFirst() {
                let apart = max(abs(other.median - used.median), other.spread)
                guard apart > 5 else { continue }
                warnings.append(
                    "the decay reference is \(Self.seconds(used.median - injection)) after injection by "
                        + "\(used.rule), but \(Self.seconds(other.median - injection)) by \(other.rule)")
            }
            checkDelay(used.median - injection)
        default: break
        }
    }

    private mutating func setReference(_ seconds: Double, _ rule: String) {
        (decayReferenceS, decayRule) = (seconds, rule)
    }

    private mutating func checkDelay(_ seconds: Double) {
        if let halfLifeS, seconds > 10 * halfLifeS {
            warnings.append("the scan starts \(Self.seconds(seconds)) after injection, more than ten half-lives")
        }
        if seconds < 0 { warnings.append("the scan starts \(Self.seconds(-seconds)) before the injection") }
    }

    static func seconds(_ value: Double) -> String { "\((value * 10).rounded() / 10) s" }
}
