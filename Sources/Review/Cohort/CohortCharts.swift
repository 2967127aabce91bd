import Glibc
import Outcomes
import Records

/// The pictures of a cohort page.
struct CohortCharts {
    private let cohort: Cohort
    private let arms: [String]

    init(_ cohort: Cohort) { (self.cohort, arms) = (cohort, cohort.arms) }

    /// Uptake of every patient over the visits, a picture an arm.
    func courses() throws -> [ReviewPage.Figure] {
        let measured = cohort.patients.flatMap { $0.visits.compactMap { $0.uptake?.value } }
        guard let range = ClosedRange.holding(measured) else { return [] }
        let months = Set(cohort.patients.flatMap { $0.visits.map(\.months) }).sorted()
        return try arms.enumerated().map { group, arm in
            let patients = cohort.patients.filter { $0.armName == arm }
            let chart = LineChart(
                title: "\(arm), n = \(patients.count)",
                xAxis: Axis(
                    "Months since the first visit", ticks: Ticks(months.map { ($0, fixed($0, 0)) })),
                yAxis: Axis(cohort.uptakeLabel, unit: cohort.uptakeUnit, range: range),
                series: patients.map { course($0, group) })
            return try ReviewPage.Figure(
                chart,
                alternative: "\(cohort.uptakeLabel) of \(patients.count) patients of the arm \(arm) over months",
                caption: "")
        }
    }

    private func course(_ patient: Cohort.Patient, _ group: Int) -> LineChart.Series {
        var series = LineChart.Series(
            "", x: patient.visits.map(\.months), y: patient.visits.map { $0.uptake?.value ?? .nan },
            style: .linesAndPoints, ink: .series(group), shape: GroupLook.shape(group))
        series.dash = GroupLook.dash(group)
        series.width = 1.3
        series.open = Set(patient.visits.indices.filter { patient.visits[$0].uptake?.flag == .unreadable })
        return series
    }

    /// The last change of each patient, the largest on top; those without one below.
    func ordered() throws -> [ReviewPage.Figure] {
        let rows = cohort.patients.map { patient -> (dln: Double, row: DotPlot.Row) in
            let last = patient.lastReadable ?? patient.visits.last { $0.uptake?.dln != nil }
            let uptake = last?.uptake
            let (dln, half) = (uptake?.dln ?? .nan, 1.96 * (uptake?.sigma ?? .nan))
            let when = last.map { ", month \(fixed($0.months, 0))" } ?? ""
            return (
                dln,
                DotPlot.Row(
                    patient.code + when, group: arms.firstIndex(of: patient.armName) ?? 0, value: dln,
                    low: dln - half, high: dln + half, isOpen: uptake?.flag == .unreadable,
                    note: patient.visits.flatMap(\.missing).last ?? "no second scan")
            )
        }
        guard rows.contains(where: { $0.dln.isFinite }) else { return [] }
        let sorted = rows.sorted { ($0.dln.isNaN ? -.infinity : $0.dln) > ($1.dln.isNaN ? -.infinity : $1.dln) }
        let plot = DotPlot(
            title: "Change since the first visit", label: "Change of \(cohort.uptakeLabel)", groups: arms,
            rows: sorted.map(\.row), limitLn: cohort.uptakeLimitLn,
            limitLabel: "within error" + limitWords, width: ChartSize.whole.width)
        return [
            try ReviewPage.Figure(
                plot, alternative: "Change of \(cohort.uptakeLabel) of each patient, in order of size",
                caption: "The last readable change of each patient with its 95 % interval, on a scale of logarithms."
                    + (cohort.uptakeLimitSource.map { " Repeatability: \($0)." } ?? ""), isWide: true)
        ]
    }

    private var limitWords: String {
        cohort.uptakeLimitLn.map { " (\(signed(100 * expm1(-$0), 0)) to \(signed(100 * expm1($0), 0)) %)" } ?? ""
    }

    /// Change of uptake against change of the score.
    func joint() throws -> [ReviewPage.Figure] {
        let paths = cohort.patients.compactMap { patient -> JointPlot.Path? in
            let visits = patient.visits.filter { $0.uptake?.dln != nil && $0.motorOff?.change != nil }
            guard !visits.isEmpty else { return nil }
            return JointPlot.Path(
                patient.code, group: arms.firstIndex(of: patient.armName) ?? 0,
                dln: [0] + visits.map { $0.uptake!.dln! }, improvement: [0] + visits.map { -$0.motorOff!.change! },
                open: Set(visits.indices.filter { visits[$0].uptake?.flag == .unreadable }.map { $0 + 1 }))
        }
        guard !paths.isEmpty else { return [] }
        let plot = JointPlot(
            title: "", uptakeLabel: cohort.uptakeLabel, motorLabel: "MDS-UPDRS III OFF", groups: arms, paths: paths,
            uptakeLimitLn: cohort.uptakeLimitLn, reliable: cohort.motorReliable, important: cohort.motorImportant,
            size: ChartSize(width: ChartSize.whole.width, height: 560))
        return [
            try ReviewPage.Figure(
                plot, alternative: "Change of uptake against improvement of MDS-UPDRS III OFF, a path a patient",
                caption: "Each path starts at the first visit, where the lines cross, and ends at the large point.",
                isWide: true)
        ]
    }

    /// Adverse events over days, patients by dose level.
    func events() throws -> [ReviewPage.Figure] {
        guard cohort.patients.contains(where: { !$0.events.isEmpty }) else { return [] }
        let patients = cohort.patients.enumerated().sorted {
            ($0.element.doseLevel ?? "", $0.offset) < ($1.element.doseLevel ?? "", $1.offset)
        }.map(\.element)
        let grid = EventGrid(
            title: "",
            rows: patients.map { patient in
                EventGrid.Row(
                    patient.code + (patient.doseLevel.map { " · \($0)" } ?? ""),
                    events: patient.events.map {
                        .init(day: $0.day, label: $0.grade.map(String.init) ?? "?", isFilled: $0.isDoseLimiting)
                    }, lastDay: patient.visits.last.map { $0.months * 365.25 / 12 })
            }, windowDays: cohort.toxicityWindowDays)
        return [
            try ReviewPage.Figure(
                grid, alternative: "Adverse events of each patient over days with their grades",
                caption:
                    "A box is an event with its CTCAE grade; boxes of near days stand beside each other. Lines end at "
                    + "the last visit.", isWide: true)
        ]
    }
}
