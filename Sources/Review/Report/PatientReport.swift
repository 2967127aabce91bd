import Imaging
import Outcomes
import PET
import Records

/// One patient's report: the page, and its pictures as files of their own.
public struct PatientReport: Sendable {
    /// A picture that is also written beside the page.
    public struct Picture: Sendable {
        /// The file's name.
        public var name: String
        /// The PNG's bytes.
        public var png: [UInt8]
    }

    /// The page.
    public var page: ReviewPage
    /// The pictures, in the order of the page.
    public var pictures: [Picture]

    /// The report of an assessment. Throws where a picture cannot be drawn.
    public init(of patient: PatientAssessment, provenance: Provenance) throws {
        let pictures = try ReportPictures(of: patient)
        let sheet = try BoardReport(of: patient, provenance: provenance)
        page = ReviewPage(
            code: patient.folder.code, subtitle: Self.subtitle(patient), headlines: ReportNumbers.headlines(patient),
            sections: [ReportNumbers.changes(patient, bars: try ReportCharts.bars(patient))]
                + [ReportNumbers.uptake(patient)]
                + [pictures.section]
                + (try ReportCharts.kinetics(patient).map { [$0] } ?? [])
                + (try ReportMovement.section(patient).map { [$0] } ?? [])
                + (ReportNumbers.scores(patient).map { [$0] } ?? [])
                + [
                    ReportText.quality(patient), ReportText.methods(patient), ReportParameters.section(patient),
                    ReportText.files(provenance),
                ],
            warnings: patient.warnings,
            provenance: [
                ("Engraft", Engraft.version), ("command", provenance.command),
                ("inputs", "\(provenance.inputs.count) files, hashes in the table above"),
            ],
            provenanceJSON: JSONValue.object(provenance.members).text)
        page.board = sheet.board
        page.viewer = sheet.viewer
        self.pictures = pictures.files
        if let picture = page.sheet {
            self.pictures.append(Picture(name: "page.png", png: try PNG.encode(picture.image(scale: 2), level: 6)))
        }
    }

    private static func subtitle(_ patient: PatientAssessment) -> String {
        let visits = patient.visits.map { "\($0.plan.name)" }.joined(separator: " → ")
        let tracer = patient.visits.compactMap { $0.acquisition?.tracer }.first
        let notes = patient.folder.notes.joined(separator: " · ")
        return ([visits, tracer, notes.isEmpty ? nil : notes].compactMap { $0 }).joined(separator: " · ")
    }
}

extension ChangeFlag {
    /// The page's flag for a change.
    var pageFlag: Flag {
        switch self {
        case .up: .up
        case .down: .down
        case .within: .within
        }
    }
}

extension StriatalPart {
    /// The part's name in a sentence.
    var words: String {
        switch self {
        case .caudate: "Caudate"
        case .putamen: "Putamen"
        case .anteriorPutamen: "Anterior putamen"
        case .middlePutamen: "Middle putamen"
        case .posteriorPutamen: "Posterior putamen"
        case .ventralStriatum: "Ventral striatum"
        }
    }
}
