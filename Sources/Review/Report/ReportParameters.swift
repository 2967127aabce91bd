import Outcomes
import PET
import Records

/// What was decided before the numbers were made: every parameter of a patient's page.
enum ReportParameters {
    static func section(_ patient: PatientAssessment) -> ReviewPage.Section {
        let folder = patient.folder
        let plan = folder.plan
        func repeatability(_ value: Repeatability?) -> String {
            value.map { "\(significant($0.wCV * 100, 3)) % (\($0.source))" } ?? "not given: no flags"
        }
        func months(_ value: Double?) -> String { value.map { "month \(significant($0, 4))" } ?? "not given" }
        var rows: [(String, String)] = [
            ("uptake", "\(folder.kind.label), reference \(folder.reference)"),
            (
                "time averaged",
                folder.window.map { "\(significant($0.from / 60, 4)) to \(significant($0.to / 60, 4)) min" }
                    ?? "all frames"
            ),
            ("primary region", "\(folder.primaryRegion.words.lowercased()), both sides"),
            ("repeatability (wCV)", repeatability(folder.repeatability)),
            (
                "repeatability of the caudate",
                plan.caudateRepeatability.map { repeatability($0) } ?? "as the primary region's"
            ),
            ("correlation of errors, putamen and caudate", significant(plan.correlation, 3)),
            ("resolution of the images", folder.fwhmMm.map { "\(significant($0, 3)) mm FWHM" } ?? "not given"),
            (
                "assumed decline per year",
                (plan.declineRates ?? GraftPanel.Settings().declineRates).map { significant($0, 3) }.joined(
                    separator: ", ")
            ),
            ("surgery", months(plan.surgeryMonths)),
            ("end of immunosuppression", months(plan.immunosuppressionStopMonths)),
            (
                "cannula tracts",
                plan.tracts.isEmpty
                    ? "not given"
                    : "\(plan.tracts.count), radius \(significant(plan.tractRadius, 3)) mm, shell \(significant(plan.tractShell, 3)) mm"
            ),
            (
                "error of one part III OFF (SEM)",
                plan.motorError.map { "\(significant($0.standardError, 3)) points (\($0.source))" }
                    ?? "not given: not reliable or unreliable"
            ),
            (
                "limits of quality",
                plan.qualityLimits.isEmpty
                    ? "not given"
                    : ScanQuality.Check.allCases.compactMap { check in
                        plan.qualityLimits[check].map { "\(check.words) \(significant($0, 3))" }
                    }.joined(separator: ", ")
            ),
        ]
        if rows.count % 2 == 1 { rows.append(("partial-volume correction", "none")) }
        return ReviewPage.Section(
            .methods, title: "Parameters",
            tables: [
                ReviewPage.Table(
                    caption: "From patient.json, defaults included",
                    columns: [.init("Parameter"), .init("Value"), .init("Parameter"), .init("Value")],
                    rows: stride(from: 0, to: rows.count, by: 2).map {
                        .init([rows[$0].0, rows[$0].1, rows[$0 + 1].0, rows[$0 + 1].1])
                    })
            ])
    }
}
