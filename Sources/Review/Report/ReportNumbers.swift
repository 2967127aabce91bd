import Outcomes
import PET
import Records

/// The numbers of a report: what to remember, uptake, change and scores.
enum ReportNumbers {
    /// The numbers to remember, most important first.
    static func headlines(_ patient: PatientAssessment) -> [ReviewPage.Headline] {
        guard let panel = patient.panels.last, let last = patient.visits.last else { return single(patient) }
        var found: [ReviewPage.Headline] = []
        let parts = [patient.folder.primaryRegion] + (patient.folder.primaryRegion == .caudate ? [] : [.caudate])
        for part in parts {
            guard let row = panel.rows.first(where: { $0.part == part && $0.site == .bilateral }) else { continue }
            let isPrimary = part == patient.folder.primaryRegion
            found.append(
                ReviewPage.Headline(
                    label: "\(part.words), both sides" + (isPrimary ? ", primary" : ""),
                    value: row.change.map { "\(signed($0.percent, 1)) %" } ?? signed(row.difference, 2),
                    detail: "\(kind(panel)) \(fixed(row.before, 2)) → \(fixed(row.after, 2))" + limits(row.change),
                    flag: row.change?.flag?.pageFlag ?? (row.change == nil ? .missing : nil)))
        }
        if let tremor = ReportMovement.headline(patient) { found.append(tremor) }
        if let before = patient.visits[0].exams.first, let after = last.exams.first, before.state == after.state,
            let a = before.total, let b = after.total
        {
            found.append(
                ReviewPage.Headline(
                    label: "MDS-UPDRS III, \(after.state.rawValue.uppercased())",
                    value: "\(a) → \(b)", detail: "\(signed(Double(b - a), 0)) points; its error needs a repeated exam")
            )
        }
        return found
    }

    private static func single(_ patient: PatientAssessment) -> [ReviewPage.Headline] {
        guard let visit = patient.visits.first else { return [] }
        return RegionName.Side.allCases.compactMap { side in
            visit.indices.value(patient.folder.primaryRegion, side).map {
                ReviewPage.Headline(
                    label: "\(patient.folder.primaryRegion.words), \(side.rawValue)", value: fixed($0, 2),
                    detail: patient.folder.measure.rawValue.uppercased())
            }
        }
    }

    /// Change of every part (G1, G2), asymmetry (G8) and gradient (G9), for each later visit.
    static func changes(_ patient: PatientAssessment, bars: ReviewPage.Figure?) -> ReviewPage.Section {
        var section = ReviewPage.Section(.uptake, title: patient.panels.isEmpty ? "Uptake" : "Uptake and change")
        if patient.panels.isEmpty { section.text = "There is one visit: no change can be computed." }
        for (panel, visit) in zip(patient.panels, patient.visits.dropFirst()) {
            let visits = "\(patient.visits[0].plan.name) → \(visit.plan.name)"
            section.tables += [
                changeTable(panel, visits, primary: patient.folder.primaryRegion), asymmetryTable(panel, visits),
                gradientTable(panel, visits),
            ].filter { !$0.rows.isEmpty }
        }
        section.figures = bars.map { [$0] } ?? []
        return section
    }

    private static func changeTable(
        _ panel: GraftPanel, _ visits: String, primary: StriatalPart
    ) -> ReviewPage.Table {
        ReviewPage.Table(
            caption: "G1 uptake and G2 change, \(visits), \(kind(panel))",
            columns: [
                .init("Region"), .init("Side"), .init("Before", isNumeric: true), .init("After", isNumeric: true),
                .init("Change", unit: "%", isNumeric: true), .init("z", isNumeric: true),
                .init("Within error", unit: "%", isNumeric: true),
            ],
            rows: panel.rows.map { row in
                ReviewPage.Table.Row(
                    [
                        row.part.words, row.site.rawValue, fixed(row.before, 3), fixed(row.after, 3),
                        row.change.map { signed($0.percent, 1) } ?? row.reason ?? "",
                        row.change?.z.map { signed($0, 2) } ?? "",
                        row.change?.limitPercent.map { "\(signed($0.below, 0)) … \(signed($0.above, 0))" } ?? "",
                    ],
                    flag: row.change?.flag?.pageFlag ?? (row.change == nil ? .missing : nil),
                    isPrimary: row.part == primary && row.site == .bilateral)
            })
    }

    private static func asymmetryTable(_ panel: GraftPanel, _ visits: String) -> ReviewPage.Table {
        ReviewPage.Table(
            caption: "G8 asymmetry 100 (L − R) / mean, \(visits), positive where the left takes up more",
            columns: [
                .init("Region"), .init("Before", unit: "%", isNumeric: true),
                .init("After", unit: "%", isNumeric: true),
                .init("Standard errors", unit: "%", isNumeric: true),
            ],
            rows: panel.asymmetries.map { a in
                ReviewPage.Table.Row(
                    [
                        a.part.words, signed(a.before, 1), signed(a.after, 1),
                        a.standardErrors.map { "\(fixed($0.0, 1)), \(fixed($0.1, 1))" } ?? "",
                    ],
                    flag: a.isReliable.map { $0 ? (a.after > a.before ? .up : .down) : .within })
            })
    }

    private static func gradientTable(_ panel: GraftPanel, _ visits: String) -> ReviewPage.Table {
        ReviewPage.Table(
            caption: "G9 posterior over anterior putamen, \(visits)",
            columns: [
                .init("Side"), .init("Before", isNumeric: true), .init("After", isNumeric: true),
                .init("Ratio of ratios, 95 % interval", isNumeric: true),
            ],
            rows: panel.gradients.map { g in
                ReviewPage.Table.Row(
                    [
                        g.site.rawValue, fixed(g.before, 3), fixed(g.after, 3),
                        g.change.ratioInterval95.map { "\(fixed($0.0, 2)) … \(fixed($0.1, 2))" } ?? "",
                    ],
                    flag: g.change.flag?.pageFlag)
            })
    }

    /// Every region at every visit.
    static func uptake(_ patient: PatientAssessment) -> ReviewPage.Section {
        ReviewPage.Section(
            .uptake, title: "All regions",
            tables: patient.visits.map { visit in
                ReviewPage.Table(
                    caption: "\(visit.plan.name)"
                        + (visit.windowS.map { ", \(fixed($0.from / 60, 0)) to \(fixed($0.to / 60, 0)) min" } ?? "")
                        + ", reference \(patient.folder.reference)",
                    columns: [
                        .init("Region"), .init("Voxels", isNumeric: true), .init("Volume", unit: "mL", isNumeric: true),
                        .init("Mean", unit: visit.units ?? "", isNumeric: true),
                        .init("SD", unit: visit.units ?? "", isNumeric: true),
                        .init("SUV", unit: "g/mL", isNumeric: true), .init("SUVR", isNumeric: true),
                        .init("SBR", isNumeric: true),
                    ],
                    rows: visit.uptake.regions.map { r in
                        ReviewPage.Table.Row([
                            r.name, String(r.voxels), fixed(r.volumeML, 2), significant(r.mean, 4),
                            significant(r.sd, 3),
                            fixed(r.suvBW, 2), fixed(r.suvr, 3), fixed(r.sbr, 3),
                        ])
                    })
            })
    }

    /// The motor exams.
    static func scores(_ patient: PatientAssessment) -> ReviewPage.Section? {
        let exams = patient.visits.flatMap { visit in visit.exams.map { (visit.plan.name, $0) } }
        guard !exams.isEmpty else { return nil }
        return ReviewPage.Section(
            .scores, title: "MDS-UPDRS part III",
            text: "Sums of item scores; a sum with a missing item is not given. Higher is worse.",
            tables: [
                ReviewPage.Table(
                    caption: "Part III by visit",
                    columns: [
                        .init("Visit"), .init("State"), .init("Part III", unit: "0-132", isNumeric: true),
                        .init("Rest tremor 3.17-3.18", unit: "0-24", isNumeric: true),
                        .init("Action tremor 3.15-3.16", unit: "0-16", isNumeric: true), .init("Missing items"),
                    ],
                    rows: exams.map { name, exam in
                        ReviewPage.Table.Row([
                            name, exam.state.rawValue.uppercased(), exam.total.map(String.init) ?? "n/a",
                            exam.restTremor.map(String.init) ?? "n/a", exam.actionTremor.map(String.init) ?? "n/a",
                            exam.missing.isEmpty ? "none" : exam.missing.joined(separator: ", "),
                        ])
                    })
            ])
    }

    static func kind(_ panel: GraftPanel) -> String { panel.kind.label }

    private static func limits(_ change: LogChange?) -> String {
        guard let limit = change?.limitPercent else { return "; no repeatability given" }
        return "; within error from \(signed(limit.below, 0)) to \(signed(limit.above, 0)) %"
    }
}
