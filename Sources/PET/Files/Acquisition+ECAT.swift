import Imaging
import Records

extension Acquisition {
    /// What the headers of an ECAT 7 file say [ECAT7]. Times count from the start of the scan.
    ///
    /// What the file does not say for certain is `nil`, with the reason in `warnings`: sites write the dose in units of
    /// their own, and only some fill in when it was given.
    public init(ecat header: ECAT7Header, units: String?) {
        self.init()
        self.units = units
        tracer =
            ["", "unknown", "none"].contains(header.radiopharmaceutical.lowercased())
            ? nil : header.radiopharmaceutical
        if !header.isotope.isEmpty {
            radionuclide = Radionuclide.name(of: header.isotope)
            if radionuclide == nil { warnings.append("ISOTOPE_NAME \(header.isotope) is not in the table of nuclides") }
        }
        halfLifeS = header.halfLifeS ?? radionuclide.flatMap { Radionuclide.halfLifeS(of: $0) }
        checkHalfLife()
        readBody(header)
        readDose(header)
        readFrames(header)
        readInjection(header)
        readDecayCorrection(header)
        corrections = Self.corrections(header)
    }

    private mutating func readBody(_ header: ECAT7Header) {
        massKg = header.massKg
        // The format has centimetres; some sites write metres.
        heightCm = header.height.map { $0 <= 3 ? 100 * $0 : $0 }
        sex = Sex(rawValue: header.sex.uppercased())
        checkBody()
    }

    /// The format says Bq; values of 0.1 to 100 are seen, which are mCi, and nothing in the file tells.
    private mutating func readDose(_ header: ECAT7Header) {
        guard let dosage = header.dosage else {
            warnings.append("DOSAGE is not given; the injected activity is not known")
            return
        }
        guard (1e6...2e9).contains(dosage) else {
            warnings.append(
                "DOSAGE \(dosage) is no activity in Bq given to a person (1 MBq to 2 GBq), and the file names no other unit; "
                    + "the injected activity is not known")
            return
        }
        injectedBq = dosage
    }

    private mutating func readFrames(_ header: ECAT7Header) {
        guard header.frames.allSatisfy({ $0.durationS > 0 }) else {
            warnings.append("a frame has no duration; the frame times are not known")
            return
        }
        frames = header.frames.map { Frame(start: $0.startS, duration: $0.durationS) }
        let overlapping = zip(frames, frames.dropFirst()).contains { $1.start < $0.end - 1 }
        if overlapping {
            frames = []
            warnings.append("the frames overlap in time; the frame times are not known")
        }
    }

    private mutating func readInjection(_ header: ECAT7Header) {
        guard let scan = header.scanStart, let dose = header.doseStart else {
            warnings.append(
                "SCAN_START_TIME or DOSE_START_TIME is not given; when the tracer was injected is not known")
            return
        }
        guard abs(dose - scan) < 86400 else {
            warnings.append(
                "DOSE_START_TIME is \(fixed(abs(dose - scan) / 3600, 1)) h from SCAN_START_TIME; "
                    + "when the tracer was injected is not known")
            return
        }
        injectionStartS = dose - scan
        acquiredS = frames.map { Frame(start: $0.start - injectionStartS, duration: $0.duration) }
        decayReferenceS = scan - dose
    }

    /// Corrected to the start of the scan where every frame is marked so and has the factor that this gives.
    private mutating func readDecayCorrection(_ header: ECAT7Header) {
        let toScanStart = decayReferenceS
        decayReferenceS = nil
        let marked = header.frames.filter(\.isMarkedDecayCorrected).count
        let hasFactors = header.frames.contains { $0.decayFactor > 1 }
        switch (marked, hasFactors) {
        case (0, false):
            decayReference = Acquisition.DecayReference.none
            decayRule = "no frame is marked as decay-corrected"
        case (header.frames.count, _) where agreesWithScanStart(header):
            decayReference = .scanStart
            decayReferenceS = toScanStart
            decayRule = "frames are marked as decay-corrected, with the factors that correct to SCAN_START_TIME"
        case (header.frames.count, _):
            warnings.append(
                "frames are marked as decay-corrected, but DECAY_CORR_FCTR is not what corrects to the start of the scan; "
                    + "the decay reference is not known")
        default:
            warnings.append(
                "\(marked) of \(header.frames.count) frames are marked as decay-corrected"
                    + (hasFactors ? ", others have a DECAY_CORR_FCTR above 1" : "")
                    + "; whether values are decay-corrected is not known")
        }
    }

    /// Whether each frame's factor is that of its start and of the decay during it; 1 % covers rounded half-lives.
    private func agreesWithScanStart(_ header: ECAT7Header) -> Bool {
        guard let halfLifeS else { return false }
        return header.frames.allSatisfy { frame in
            let expected = Decay.frameFactor(
                Frame(start: frame.startS, duration: frame.durationS), referenceS: 0, halfLifeS: halfLifeS)
            return abs(frame.decayFactor / expected - 1) < 0.01
        }
    }

    /// The corrections every frame went through, by DICOM's names; empty where none is marked.
    private static func corrections(_ header: ECAT7Header) -> [String] {
        guard let first = header.frames.first else { return [] }
        let bits = header.frames.reduce(first.corrections) { $0 & $1.corrections }
        let names: [(UInt32, String)] = [
            (1 << 0, "NORM"), (1 << 1 | 1 << 2, "ATTN"), (1 << 6 | 1 << 7, "SCAT"), (1 << 9, "DECY"),
        ]
        return names.filter { bits & $0.0 != 0 }.map(\.1)
    }
}

extension Acquisition {
    /// Frame times that count from the start of the scan, where a file says nothing else of the scan.
    init(frameTimes: [StoredImage.FrameTime]) {
        self.init()
        frames = frameTimes.map { Frame(start: $0.startS, duration: $0.durationS) }
        warnings = [
            "the file gives frame times but neither dose nor decay correction; times count from the scan's start"
        ]
    }
}
