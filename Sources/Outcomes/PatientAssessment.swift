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
        /// G1 by part and site, in the folder's kind.
        public var values: VisitUptake
        /// The model that `values` are from; `nil` where they are ratios of one image.
        public var fits: KineticStudy?
        /// SUV by body mass from the image's unit; `nil` where not known.
        public var suvFactor: Double?
        /// G13, against the first visit.
        public var quality: ScanQuality
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
    public var comparisons: [VisitComparison]
    /// Clinical scores of all visits with their changes, the motor exams' among them; names are those of `score`.
    public var scores: [ScaleScores]
    /// Scans after the end of immunosuppression beside the last before.
    public var withdrawals: [Withdrawal]
    /// G7 by visit, part and site; empty without a table of normal values and an age.
    public var normals: [NormalComparison]
    /// G12; `nil` where no visit was read.
    public var growth: GraftGrowth?
    /// What differs between the visits' acquisitions, and other doubts about their comparison.
    public var comparisonWarnings: [String]

    /// G1 to G4, G8 and G9 of each later visit against the first.
    public var panels: [GraftPanel] { comparisons.map(\.panel) }

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
        var visits = try folder.visits.map { visit in
            progress(visit.name)
            return try Self.assess(visit, in: folder, names: names)
        }
        Self.checkQuality(&visits, limits: folder.plan.qualityLimits)
        self.visits = visits
        scores = try ScaleScores.all(of: folder, visits: visits)
        let motor = scores.first { $0.scale == "mds-updrs" }?.scores ?? []
        comparisons = visits.indices.dropFirst().map { VisitComparison($0, of: visits, in: folder, scores: motor) }
        let settings = folder.plan.settings(folder.repeatability, primary: folder.primaryRegion)
        withdrawals =
            folder.plan.immunosuppressionStopMonths.map {
                Withdrawal.all(visits.map { ($0.plan.months, $0.values) }, stopMonths: $0, settings: settings)
            } ?? []
        normals = try NormalComparison.all(of: folder, visits: visits)
        let readings = visits.compactMap(\.plan.anatomy)
        growth = readings.isEmpty ? nil : GraftGrowth(readings, limitMLPerMonth: folder.plan.growthLimit)
        comparisonWarnings = Self.differences(visits) + comparisons.flatMap(\.warnings)
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
        var quality = plan.quality
        var doubts: [String] = []
        if let record = LabelRecord(beside: folder.file(plan.labels)) {
            quality[.placement] = record.verdict == .fail ? 1 : 0
            if record.verdict != .ok {
                doubts.append(
                    "the placement of the labels is \(record.verdict.rawValue): \(record.reasons.joined(separator: "; "))"
                )
            }
        }
        let (values, fits) = try naming(petPath) { try Self.values(uptake, curves, folder) }
        return Visit(
            plan: plan, pet: average.volume, units: image.units, windowS: average.windowS,
            ct: try plan.ct.map { try ImageFile.read(folder.file($0)).volume }, labels: labels, uptake: uptake,
            values: values, fits: fits, suvFactor: image.suvFactor, quality: ScanQuality(values: quality),
            indices: StriatalIndices(of: uptake, measure: folder.measure), curves: curves,
            acquisition: image.acquisition, recordings: plan.recordings.map { Self.assess($0, in: folder) },
            exams: try plan.scores.map { try MotorExam.read(folder.file($0)) } ?? [],
            warnings: image.warnings + uptake.warnings + (fits?.warnings ?? []) + doubts)
    }

    /// G1 of every region: a ratio of the image, or what a model finds in the curves.
    private static func values(
        _ uptake: Uptake, _ curves: TimeActivityCurves?, _ folder: PatientFolder
    ) throws -> (VisitUptake, KineticStudy?) {
        if let measure = folder.kind.imageMeasure {
            return (VisitUptake(uptake, measure: measure, fwhm: folder.fwhmMm), nil)
        }
        guard let curves else { throw KindProblem.needsFrames(folder.kind) }
        let reference = try curves.curve(named: folder.reference)
        var options = KineticOptions(referenceName: folder.reference)
        if folder.kind == .kiRef { options.frames = .from(folder.fitFromS / 60) }
        let input = KineticInput.reference(try ReferenceCurve(frames: curves.times, means: reference.mean))
        let regions = curves.curves.filter { RegionName($0.name).part != nil }
        let study = try KineticStudy(
            folder.kind == .kiRef ? .refPatlak : .srtm, regions: regions, input: input, frames: curves.times,
            options: options)
        let volumes = Dictionary(uniqueKeysWithValues: regions.map { ($0.name, $0.volumeML ?? 1) })
        let names = folder.kind == .kiRef ? ["Ki_ref", "Ki_occ"] : ["BP_ND"]
        return (VisitUptake(study, parameter: names, kind: folder.kind, volumesML: volumes), study)
    }

    /// G13: what the images say beside what the folder says, held against the study's limits.
    private static func checkQuality(_ visits: inout [Visit], limits: [ScanQuality.Check: Double]) {
        guard let first = visits.first else { return }
        for place in visits.indices {
            var values = visits[place].quality.values
            if let a = first.windowS, let b = visits[place].windowS {
                values[.windowShift] = ((b.from + b.to) - (a.from + a.to)) / 120
            }
            if let a = first.uptake.referenceMean, let b = visits[place].uptake.referenceMean,
                let before = first.suvFactor, let after = visits[place].suvFactor
            {
                values[.reference] = LogChange(from: a * before, to: b * after, repeatability: nil).dln
            }
            visits[place].quality = ScanQuality(values: values, limits: limits)
        }
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

extension PatientAssessment.Visit {
    /// Uptake in other regions of the same scan, with the same reference; `nil` where no voxel lies in them.
    func uptake(in regions: LabelMap) -> Uptake? {
        guard var found = try? Uptake(of: pet, labels: regions, suvFactor: suvFactor) else { return nil }
        (found.reference, found.referenceVoxels, found.referenceMean) =
            (uptake.reference, uptake.referenceVoxels, uptake.referenceMean)
        if let mean = uptake.referenceMean {
            for place in found.regions.indices { found.regions[place].suvr = found.regions[place].mean / mean }
        }
        return found
    }
}

/// A kind of uptake that the scan cannot give.
enum KindProblem: Error, CustomStringConvertible {
    case needsFrames(UptakeKind)

    var description: String {
        switch self {
        case .needsFrames(let kind):
            "\(kind.label) needs a dynamic scan, and this image has one frame; measure suvr or sbr can be made of it"
        }
    }
}
