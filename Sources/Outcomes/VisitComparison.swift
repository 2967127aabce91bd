import Imaging
import PET
import Records

/// A later visit beside the first: every measure of the panel, and what PET and the motor exam say together.
public struct VisitComparison: Sendable {
    /// The later visit, by its place among the visits.
    public var visit: Int
    /// G1 to G4, G8 and G9.
    public var panel: GraftPanel
    /// What G5, G6 and G10 are made of: the panel's kind, or SBR of the averaged time where that needs the whole scan.
    public var imageMeasure: Uptake.Measure
    /// G5 by tract.
    public var tracts: [TractUptake]
    /// G6 by site.
    public var responding: [RespondingVolume]
    /// G10; `nil` where the visits lie on different grids.
    public var balance: DorsalBalance?
    /// G11's change; `nil` where one of the visits has no such scans.
    public var serotonin: LogChange?
    /// G13 of the later visit.
    public var quality: ScanQuality
    /// Whether both scans may be read.
    public var isReadable: Bool
    /// PET and motor classes.
    public var joint: JointOutcome
    /// Each putamen beside both sides of the body.
    public var laterality: [Laterality]
    /// Months from surgery; `nil` where not known.
    public var monthsSinceSurgery: Double?
    /// What could not be compared, and why.
    public var warnings: [String]

    /// The fixed sentence of the two classes.
    public var sentence: String? { joint.sentence(monthsSinceSurgery: monthsSinceSurgery) }
}

extension VisitComparison {
    /// Compares a visit with the first.
    init(_ place: Int, of visits: [PatientAssessment.Visit], in folder: PatientFolder, scores: [Score]) {
        let (first, later) = (visits[0], visits[place])
        let settings = folder.plan.settings(folder.repeatability, primary: folder.primaryRegion)
        let years = (later.plan.months - first.plan.months) / 12
        (visit, imageMeasure) = (place, folder.measure)
        panel = GraftPanel(before: first.values, after: later.values, years: years, settings: settings)
        quality = later.quality
        monthsSinceSurgery = folder.plan.surgeryMonths.map { later.plan.months - $0 }
        if let before = first.plan.transporters { serotonin = later.plan.transporters?.change(since: before) }
        (tracts, responding, warnings) = ([], [], [])

        let isSameGrid =
            first.pet.grid.matches(first.labels.grid) && later.pet.grid.matches(first.labels.grid)
        if isSameGrid {
            let maps = [first, later].map { $0.uptake.image(of: $0.pet, measure: folder.measure, $0.suvFactor) }
            if let before = maps[0], let after = maps[1] {
                balance = DorsalBalance(
                    before: before, after: after, labels: first.labels, repeatability: folder.repeatability)
                if let voxel = folder.plan.voxelRepeatability {
                    responding = RespondingVolume.all(
                        before: before, after: after, labels: first.labels, repeatability: voxel,
                        null: folder.plan.voxelNull.map { ($0.percent, $0.source) })
                }
            }
        } else {
            warnings.append(
                "the PET of \(later.plan.name) does not lie on the grid of the first visit's labels: responding volume, balance and tracts were not measured (engraft follow puts visits on one grid)"
            )
        }
        if isSameGrid, !folder.plan.tracts.isEmpty {
            let regions = TractRegions(
                folder.plan.tracts, in: first.labels, putamen: RespondingVolume.putamen(first.labels),
                radius: folder.plan.tractRadius, shell: folder.plan.tractShell)
            let uptakes = [first, later].map { $0.uptake(in: regions.map) }
            if let before = uptakes[0], let after = uptakes[1] {
                tracts = TractUptake.all(
                    regions, before: before, after: after, measure: folder.measure,
                    repeatability: folder.repeatability, fwhm: folder.fwhmMm)
            }
        }

        func change(_ name: String) -> Score? {
            scores.first { $0.name == name && $0.state == "off" && $0.visit == later.plan.months }
        }
        isReadable = first.quality.isReadable && later.quality.isReadable
        joint = JointOutcome(pet: PETClass(panel, isReadable: isReadable), motor: MotorClass(change("part_3")))
        var motor: [RegionName.Side: Double] = [:]
        for side in RegionName.Side.allCases { motor[side] = change(side.rawValue)?.change }
        laterality = Laterality.sides(panel, motorChange: motor)
    }
}

extension Uptake {
    /// Every voxel in a measure; `nil` where the reference or the factor of SUV is not known.
    func image(of pet: Volume, measure: Measure, _ suvFactor: Double?) -> Volume? {
        func mapped(_ scale: Double, _ shift: Float) -> Volume {
            let factor = Float(scale)
            return Volume(grid: pet.grid, frames: 1, voxels: pet.voxels.map { $0 * factor + shift })
        }
        switch measure {
        case .suv: return suvFactor.map { mapped($0, 0) }
        case .suvr: return referenceMean.map { mapped(1 / $0, 0) }
        case .sbr: return referenceMean.map { mapped(1 / $0, -1) }
        }
    }
}
