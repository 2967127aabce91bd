import Imaging
import Outcomes
import PET
import Records

/// The sheet of a patient: panels A to H, each made from the assessment.
struct BoardReport {
    var board: PageBoard
    var viewer: SliceViewer

    init(of patient: PatientAssessment, provenance: Provenance) throws {
        let images = BoardImages(of: patient)
        let panels: [PageBoard.Panel?] = [
            try images.panel(), BoardUptake.courses(patient), BoardTable.panel(patient), BoardUptake.kinetics(patient),
            BoardMovement.tremor(patient), BoardMovement.scores(patient), BoardJoint.panel(patient),
            BoardQuality.panel(
                patient,
                note:
                    "Inputs: \(provenance.inputs.count) files, together \(BoardQuality.identity(provenance)). Engraft \(Engraft.version)."
            ),
        ]
        board = PageBoard(facts: Self.facts(patient), panels: panels.compactMap { $0 })
        viewer = try images.viewer()
    }

    /// What stands at the top. The arm is never said.
    private static func facts(_ patient: PatientAssessment) -> [(name: String, value: String)] {
        var facts: [(name: String, value: String)] = [("arm", "blinded")]
        if let last = patient.visits.last {
            facts.append(("visit", "\(last.plan.name) (month \(fixed(last.plan.months, 0)))"))
        }
        if let age = patient.folder.plan.ageYears {
            facts.append(("age at the first visit", PatientReport.ageBand(age)))
        }
        if let tracer = patient.visits.compactMap({ $0.acquisition?.tracer }).first { facts.append(("tracer", tracer)) }
        facts.append(("uptake", "\(patient.folder.kind.label) against \(patient.folder.reference)"))
        facts.append(("primary region", patient.folder.primaryRegion.words.lowercased()))
        if let side = patient.folder.worseSide { facts.append(("worse side of the body", side.rawValue)) }
        return facts
    }
}

extension PatientReport {
    /// Five years together, so that an age does not point at a person: "60-64"; "90 and above".
    public static func ageBand(_ years: Double) -> String {
        guard years < 90 else { return "90 and above" }
        let low = Int(years / 5) * 5
        return "\(low)-\(low + 4)"
    }
}

extension PatientAssessment {
    /// Scores of one name and state by visit, in order of time.
    func scores(_ scale: String, _ name: String, state: String? = nil) -> [Score] {
        (scores.first { $0.scale == scale }?.scores ?? [])
            .filter { $0.name == name && (state == nil || $0.state == state) && $0.visit != nil }
            .sorted { ($0.visit ?? 0) < ($1.visit ?? 0) }
    }

    /// What is known of the errors and differences of a score.
    func limit(_ scale: String, _ name: String) -> ScoreLimit? {
        var limit = (try? ScoreSettings())?.limits.last { $0.score == "\(scale)/\(name)" }
        if scale == "mds-updrs", name == "part_3", let error = folder.plan.motorError {
            limit?.standardError = error.standardError
        }
        return limit
    }
}

extension ScoreLimit {
    /// The change that 95 of 100 unchanged patients stay within: 1.96 √2 SEM; `nil` where the error is not known.
    var reliableChange: Double? { standardError.map { 1.96 * 2.0.squareRoot() * $0 } }
}
