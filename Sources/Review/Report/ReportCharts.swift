import Outcomes
import PET

/// The charts of a report that are about PET.
enum ReportCharts {
    /// Uptake of the striatal parts on both sides at the first and the last visit.
    static func bars(_ patient: PatientAssessment) throws -> ReviewPage.Figure? {
        guard let first = patient.visits.first, let last = patient.visits.last else { return nil }
        let parts = StriatalPart.allCases.filter { first.indices.values[$0] != nil }
        guard !parts.isEmpty else { return nil }
        let visits = patient.visits.count > 1 ? [first, last] : [first]
        let series = RegionName.Side.allCases.enumerated().flatMap { place, side in
            visits.enumerated().map { visit in
                BarChart.Series(
                    "\(side.rawValue), \(visit.element.plan.name)",
                    values: parts.map { visit.element.indices.value($0, side) ?? .nan },
                    ink: .series(place), isPale: visit.offset == 0 && visits.count > 1)
            }
        }
        let chart = BarChart(
            title: "Uptake of the striatum", groups: parts.map(\.words),
            valueAxis: Axis(patient.folder.measure.rawValue.uppercased()), series: series, size: .whole)
        return try ReviewPage.Figure(
            chart, alternative: "Bars of uptake per striatal part, side and visit",
            caption: "G1 per part and side" + (visits.count > 1 ? "; pale bars are \(first.plan.name)." : "."),
            isWide: true)
    }

    /// Time-activity curves of the primary part, the caudate and the reference, per visit.
    static func kinetics(_ patient: PatientAssessment) throws -> ReviewPage.Section? {
        let dynamic = patient.visits.filter { $0.curves != nil }
        guard !dynamic.isEmpty else { return nil }
        let figures = try dynamic.map { visit in
            let curves = visit.curves!
            let wanted = curves.curves.filter { curve in
                let name = RegionName(curve.name)
                return name.part == patient.folder.primaryRegion || name.part == .caudate
                    || name.structure == RegionName(patient.folder.reference).structure
            }
            let isBecquerel = curves.isActivity
            let chart = LineChart.timeActivity(
                title: "Time-activity curves, \(visit.plan.name)", unit: isBecquerel ? "kBq/mL" : curves.units ?? "",
                regions: wanted.map { curve in
                    LineChart.Series(
                        curve.name, x: curves.frames.map { $0.mid / 60 },
                        y: curve.mean.map { isBecquerel ? $0 / 1000 : $0 })
                })
            return try ReviewPage.Figure(
                chart, alternative: "Activity over time in the striatum and the reference at \(visit.plan.name)",
                caption: "\(visit.plan.name): means over regions, decay-corrected as the image is.")
        }
        return ReviewPage.Section(.kinetics, title: "Time-activity curves", figures: figures)
    }
}
