import Imaging
import PET
import Records
import Tremor

/// Everything measured of one patient: uptake and movement at every visit, and the change between visits.
public struct PatientAssessment: Sendable {
    /// One recording's analysis.
    public struct Recording: Sendable {
        /// Which recording.
        public var file: PatientFolder.RecordingFile
        /// What was found; `nil` where it could not be analysed.
        public var result: TremorResult?
        /// Why it could not be analysed.
        public var failure: String?
    }

    /// One visit's measurements.
    public struct Visit: Sendable {
        /// What the folder says of it.
        public var plan: PatientFolder.Visit
        /// The mean PET of the window.
        public var pet: Volume
        /// The unit of `pet`.
        public var units: String?
        /// The time covered, s after time zero.
        public var windowS: (from: Double, to: Double)?
        /// The CT; `nil` where there is none.
        public var ct: Volume?
        /// The regions.
        public var labels: LabelMap
        /// Regional uptake.
        public var uptake: Uptake
        /// Striatal indices of the folder's measure.
        public var indices: StriatalIndices
        /// Time-activity curves; `nil` for a static image.
        public var curves: TimeActivityCurves?
        /// How the scan was acquired; `nil` without a sidecar.
        public var acquisition: Acquisition?
        /// Wrist recordings.
        public var recordings: [Recording]
        /// Motor exams, one a medication state; empty where there is none.
        public var exams: [MotorExam]
        /// What was doubtful.
        public var warnings: [String]
    }

    /// The folder that was assessed.
    public var folder: PatientFolder
    /// Visits in order of time.
    public var visits: [Visit]
    /// Each later visit against the first.
    public var panels: [GraftPanel]
    /// What differs between the visits' acquisitions, and other doubts about their comparison.
    public var comparisonWarnings: [String]

    /// Every warning, with the visit it is about.
    public var warnings: [String] {
        visits.flatMap { visit in visit.warnings.map { "\(visit.plan.name): \($0)" } } + comparisonWarnings
    }

    /// Whether every input could be analysed.
    public var isComplete: Bool { visits.allSatisfy { $0.recordings.allSatisfy { $0.result != nil } } }

    /// Measures a patient. `progress` hears the name of each step.
    public init(of folder: PatientFolder, progress: (String) -> Void = { _ in }) throws {
        self.folder = folder
        let names = try folder.labelNames.map { try LabelTable.read(folder.file($0)) } ?? LabelTable()
        visits = try folder.visits.map { visit in
            progress(visit.name)
            return try Self.assess(visit, in: folder, names: names)
        }
        panels = []
        for later in visits.dropFirst() {
            panels.append(
                GraftPanel(
                    before: visits[0].uptake, after: later.uptake, measure: folder.measure,
                    repeatability: folder.repeatability, fwhm: folder.fwhmMm))
        }
        comparisonWarnings = Self.differences(visits)
        if folder.repeatability == nil && visits.count > 1 {
            comparisonWarnings.append("no repeatability is given (wcv), so changes carry no flag")
        }
    }

    private static func assess(_ plan: PatientFolder.Visit, in folder: PatientFolder, names: LabelTable) throws -> Visit
    {
        let petPath = folder.file(plan.pet)
        var image = try ImageFile.read(petPath)
        if let mass = plan.massKg { image = image.withMass(mass) }
        let labels = try LabelImage.read(folder.file(plan.labels), names: names)
        let average = try naming(petPath) { try image.average(over: folder.window) }
        let uptake = try naming(petPath) {
            try Uptake(of: average.volume, labels: labels, reference: folder.reference, suvFactor: image.suvFactor)
        }
        let curves =
            image.frames.count > 1
            ? try naming(petPath) {
                try TimeActivityCurves(
                    of: image.volume, frames: image.frames, labels: labels, units: image.units)
            }
            : nil
        return Visit(
            plan: plan, pet: average.volume, units: image.units, windowS: average.windowS,
            ct: try plan.ct.map { try ImageFile.read(folder.file($0)).volume }, labels: labels, uptake: uptake,
            indices: StriatalIndices(of: uptake, measure: folder.measure), curves: curves,
            acquisition: image.acquisition, recordings: plan.recordings.map { Self.assess($0, in: folder) },
            exams: try plan.scores.map { try MotorExam.read(folder.file($0)) } ?? [],
            warnings: image.warnings + uptake.warnings)
    }

    /// A recording that cannot be analysed leaves the rest of the patient standing.
    private static func assess(_ file: PatientFolder.RecordingFile, in folder: PatientFolder) -> Recording {
        do {
            var settings = TremorSettings()
            settings.task = TremorSettings.Task(rawValue: file.task)
            let source = try Tremor.RecordingFile.open(folder.file(file.path))
            return Recording(file: file, result: try analyzeTremor(source, settings: settings), failure: nil)
        } catch {
            return Recording(file: file, result: nil, failure: "\(error)")
        }
    }

    /// Acquisitions that differ between visits make a change doubtful.
    private static func differences(_ visits: [Visit]) -> [String] {
        guard let first = visits.first else { return [] }
        var found: [String] = []
        for later in visits.dropFirst() {
            let between = "between \(first.plan.name) and \(later.plan.name)"
            if let a = first.windowS, let b = later.windowS, abs(a.from - b.from) > 60 || abs(a.to - b.to) > 60 {
                found.append("the averaged time differs \(between)")
            }
            if first.acquisition?.tracer != later.acquisition?.tracer { found.append("the tracer differs \(between)") }
            if norm(first.pet.grid.voxelSize - later.pet.grid.voxelSize) > 0.01 {
                found.append("the voxel size of the PET differs \(between)")
            }
            if first.units != later.units { found.append("the unit of the PET differs \(between)") }
            if !first.exams.isEmpty, !later.exams.isEmpty, first.exams.map(\.state) != later.exams.map(\.state) {
                found.append("the motor exams were in different medication states \(between)")
            }
        }
        return found
    }
}
