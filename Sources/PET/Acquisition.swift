/// What a file says of how a PET image was acquired: tracer, dose, body, frames, units and decay correction.
///
/// Read from DICOM (`Acquisition(dicom:)`) or a PET-BIDS sidecar (`Acquisition(sidecar:)`); what is not given is `nil`.
public struct Acquisition: Sendable, Equatable {
    /// Sex as it enters body-size formulas.
    public enum Sex: String, Sendable { case male = "M", female = "F", other = "O" }

    /// To which moment the image values are decay-corrected.
    public enum DecayReference: String, Sendable {
        /// The start of the scan, or another moment given by `decayReferenceS`.
        case scanStart = "START"
        /// The administration of the tracer.
        case administration = "ADMIN"
        /// Not corrected.
        case none = "NONE"
    }

    /// The tracer's name, as the file has it.
    public var tracer: String?
    /// The nuclide, as symbol and mass number without a hyphen: "F18".
    public var radionuclide: String?
    /// Half-life, s: from the file, else from `Radionuclide`.
    public var halfLifeS: Double?
    /// Injected activity at the time of injection, Bq.
    public var injectedBq: Double?
    /// Body mass, kg.
    public var massKg: Double?
    /// Body height, cm.
    public var heightCm: Double?
    /// Sex.
    public var sex: Sex?
    /// The unit of the voxel values after reading, as the file names it: "BQML" or "Bq/mL".
    public var units: String?
    /// Frames after time zero; empty where the file gives none.
    public var frames: [Frame] = []
    /// To which moment values are decay-corrected; `nil` where the file does not say.
    public var decayReference: DecayReference?
    /// That moment as seconds after injection; 0 for `administration`.
    public var decayReferenceS: Double?
    /// How `decayReferenceS` was found, in words, for the result.
    public var decayRule: String?
    /// `decayReferenceS` of every slice of every frame where the slices differ by more than a millisecond; else empty.
    public var sliceDecayReferenceS: [Double] = []
    /// What `decayReferenceS` would be by the other rules that could be applied.
    public var decayAlternatives: [DecayAlternative] = []
    /// Injection relative to time zero of the frames, s; 0 where frames count from the injection.
    public var injectionStartS: Double = 0
    /// Whether `injectionStartS` is from the file, and not assumed.
    public var injectionKnown = true
    /// Start of the scan relative to time zero of the frames, s; `nil` where the file does not say.
    public var scanStartS: Double?
    /// Time zero of the frames as the time of day, "09:41:00"; never a date.
    public var timeZero: String?
    /// When every slice of every frame (DICOM) or every frame (sidecar) was acquired, s after injection.
    public var acquiredS: [Frame] = []
    /// Corrections the image went through, as DICOM's (0028,0051) names them; empty where unknown.
    public var corrections: [String] = []
    /// Where the file says that the image is not corrected for attenuation, such as "(0028,0051) Corrected Image"; `nil`
    /// where it is corrected or the file does not say.
    public var attenuationUncorrected: String?
    /// Which SUV the values are where `units` is "GML", as (0054,1006) has it.
    public var suvType: String?
    /// SUV for a count, from Philips' private element.
    public var philipsSUVFactor: Double?
    /// Bq/mL for a count, from Philips' private element.
    public var philipsBqPerMLFactor: Double?
    /// Bq/mL for a count per second and voxel, (0054,1322).
    public var doseCalibrationFactor: Double?
    /// Volume of a voxel, mL, for images in counts per second.
    public var voxelVolumeML: Double?
    /// What was doubtful, one sentence each.
    public var warnings: [String] = []

    /// A decay reference that another rule would give.
    public struct DecayAlternative: Sendable, Equatable {
        /// The rule, in words.
        public var rule: String
        /// The moment as seconds after injection.
        public var seconds: Double

        /// An alternative.
        public init(rule: String, seconds: Double) { (self.rule, self.seconds) = (rule, seconds) }
    }

    /// An acquisition of which nothing is known.
    public init() {}
}
