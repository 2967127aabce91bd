import Outcomes
import PET
import Records

/// A patient's scans for a reader who must not know what they are: "scan A", "scan B", in an order that time does not give.
///
/// Gone are code, names, months, arm, site, lot, dates, recordings, scores and every change, since each says which scan came
/// first. The order is that of the SHA-256 of the PET files, so that it is the same again and tells nothing.
public struct BlindedPatient: Sendable {
    /// What a reader gets.
    public var assessment: PatientAssessment
    /// Which visit each scan is; to be kept away from readers.
    public var key: [(scan: String, visit: String, sha256: String)]

    /// Blinds an assessment. `hashes` are those of the visits' PET files, in order of the visits.
    public init(_ patient: PatientAssessment, hashes: [String]) {
        precondition(hashes.count == patient.visits.count, "every PET file has a hash")
        let order = hashes.indices.sorted { hashes[$0] < hashes[$1] }
        var blinded = patient
        var key: [(scan: String, visit: String, sha256: String)] = []
        blinded.visits = order.enumerated().map { place, visit in
            let name = "scan \(Self.letters(place))"
            key.append((name, patient.visits[visit].plan.name, hashes[visit]))
            var scan = patient.visits[visit]
            scan.plan.name = name
            scan.plan.months = Double(place)
            (scan.plan.recordings, scan.recordings, scan.exams, scan.plan.scores) = ([], [], [], nil)
            scan.quality.values[.windowShift] = nil
            scan.quality.values[.reference] = nil
            return scan
        }
        (blinded.comparisons, blinded.scores, blinded.withdrawals, blinded.normals) = ([], [], [], [])
        (blinded.growth, blinded.comparisonWarnings) = (nil, [])
        blinded.folder.code = "Blinded reading"
        (blinded.folder.arm, blinded.folder.site, blinded.folder.lot, blinded.folder.notes) = (nil, nil, nil, [])
        (blinded.folder.plan.surgeryMonths, blinded.folder.plan.immunosuppressionStopMonths) = (nil, nil)
        (blinded.folder.plan.ageYears, blinded.folder.worseSide, blinded.folder.tables) = (nil, nil, [])
        (assessment, self.key) = (blinded, key)
    }

    /// A, B … Z, AA, AB …
    static func letters(_ place: Int) -> String {
        let letter = String(UnicodeScalar(UInt8(65 + place % 26)))
        return place < 26 ? letter : letters(place / 26 - 1) + letter
    }
}

extension PatientReport {
    /// The page of a blinded reading: images, uptake of each scan and its curves, without any change.
    public init(of blinded: BlindedPatient) throws {
        let patient = blinded.assessment
        let images = BoardImages(of: patient)
        let panels = [
            try images.panel(showsChange: false), scans(patient), BoardUptake.kinetics(patient),
            BoardQuality.panel(patient, note: "Engraft \(Engraft.version)."),
        ]
        page = ReviewPage(
            code: patient.folder.code,
            sections: [ReportNumbers.uptake(patient), try ReportPictures(of: patient, hasChange: false).section],
            warnings: patient.warnings)
        page.kind = "blinded reading"
        page.board = PageBoard(
            facts: [
                ("uptake", "\(patient.folder.kind.label) against \(patient.folder.reference)"),
                ("scans", "\(patient.visits.count), in no order"),
            ],
            panels: panels)
        page.viewer = try images.viewer(showsChange: false)
        page.sections += [ReportText.methods(patient), ReportParameters.section(patient)]
        pictures = try ReportPictures(of: patient, hasChange: false).files
        if let picture = page.sheet {
            pictures.append(Picture(name: "page.png", png: try PNG.encode(picture.image(scale: 2), level: 6)))
        }
    }
}

/// Uptake of every scan beside the others.
private func scans(_ patient: PatientAssessment) -> PageBoard.Panel {
    let parts = StriatalPart.allCases.flatMap { part in GraftPanel.Site.allCases.map { (part, $0) } }
        .filter { part, site in patient.visits.contains { $0.values[part, site] != nil } }
    return PageBoard.Panel(
        .c, "\(patient.folder.kind.label) of each scan",
        table: PageBoard.Table(
            caption: "Uptake of each scan",
            columns: [.init("Region", share: 170)]
                + patient.visits.map { .init($0.plan.name, share: 80, isNumeric: true) },
            rows: parts.map { part, site in
                .init(
                    ["\(part.words.lowercased()), \(site.rawValue)"]
                        + patient.visits.map { $0.values[part, site].map { significant($0.value, 3) } ?? "" },
                    isPrimary: part == patient.folder.primaryRegion && site == .bilateral)
            }, legend: "The order of scans says nothing about time."))
}
