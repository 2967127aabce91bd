import Glibc
import Outcomes
import PET
import Records

/// Panels B and D: uptake over the visits, and the curves it is from.
enum BoardUptake {
    /// Uptake of the primary region on both sides and of the caudate over months.
    static func courses(_ patient: PatientAssessment) -> PageBoard.Panel {
        let (part, kind) = (patient.folder.primaryRegion, patient.folder.kind)
        func series(_ name: String, _ part: StriatalPart, _ site: GraftPanel.Site, _ ink: Ink, _ shape: Picture.Shape)
            -> LineChart.Series
        {
            let values = patient.visits.map { $0.values[part, site] }
            // 95 % of what repeating the scan would give: the larger of the fit's error and the repeatability.
            let errors = values.map { value -> Double in
                guard let value else { return .nan }
                let fit = value.scanError ?? 0
                let repeated = (patient.folder.repeatability?.sigmaLn ?? 0) * abs(value.value)
                let error = max(fit, repeated)
                return error > 0 ? 1.96 * error : .nan
            }
            let y = values.map { $0?.value ?? .nan }
            return LineChart.Series(
                name, x: patient.visits.map(\.plan.months), y: y, low: zip(y, errors).map { $0 - $1 },
                high: zip(y, errors).map { $0 + $1 }, style: .linesAndPoints, ink: ink, shape: shape)
        }
        var caudate = series("caudate", .caudate, .bilateral, .muted, .square)
        (caudate.width, caudate.low, caudate.high) = (1.1, [], [])
        let all =
            [series("left", part, .left, .series(0), .disc), series("right", part, .right, .series(1), .triangle)]
            + (part == .caudate ? [] : [caudate])
        let kept = all.filter { $0.y.contains(where: \.isFinite) }
        var bands: [LineChart.Band] = []
        if let baseline = patient.visits.first?.values[part, .bilateral]?.value, baseline > 0,
            let limit = patient.folder.repeatability?.limitLn
        {
            bands.append(
                .init(
                    .alongY, (baseline * exp(-limit))...(baseline * exp(limit)),
                    label: "repeatability of the first visit"))
        }
        let plan = patient.folder.plan
        let markers =
            (plan.surgeryMonths.map { [LineChart.Marker(x: $0, label: "surgery")] } ?? [])
            + (plan.immunosuppressionStopMonths.map { [LineChart.Marker(x: $0, label: "immunosuppression ends")] } ?? [])
        let months = patient.visits.map(\.plan.months)
        let chart = LineChart(
            title: "",
            xAxis: Axis(
                "Months since the first visit", ticks: Ticks(months.map { ($0, $0.text(decimals: 1, trimmed: true)) })),
            yAxis: Axis(kind.label, unit: kind.unit == "1" ? "" : kind.unit), series: kept, bands: bands,
            markers: markers, size: PageBoard.room(.b))
        return PageBoard.Panel(
            .b, "\(kind.label) of the \(part.words.lowercased()) by month",
            pictures: [
                .init(
                    chart.picture,
                    alternative:
                        "\(kind.label) of the \(part.words.lowercased()), left and right, and of the caudate over months"
                )
            ],
            note: patient.visits.count == 1 ? "One visit: no change can be shown." : "")
    }

    /// Time-activity curves at the first and the last visit; with a model, its fit and residuals at the last.
    static func kinetics(_ patient: PatientAssessment) -> PageBoard.Panel {
        let dynamic = patient.visits.filter { $0.curves != nil }
        guard let last = dynamic.last else {
            return PageBoard.Panel(
                .d, "Time-activity curves",
                lines: [.init("The images have one frame: there are no curves.", flag: .missing)])
        }
        let room = PageBoard.room(.d)
        let half = ChartSize(width: (room.width - 14) / 2, height: room.height, isDense: true)
        var pictures: [PageBoard.Drawing] = []
        if let fit = primaryFit(last, patient.folder.primaryRegion) {
            pictures = [drawing(curves(last, patient, half), last)]
            pictures += fitted(fit, half)
        } else {
            for visit in dynamic.count > 1 ? [dynamic[0], last] : [last] {
                pictures.append(drawing(curves(visit, patient, half), visit))
            }
        }
        let averaged =
            last.windowS.map { ", averaged from \(fixed($0.from / 60, 0)) to \(fixed($0.to / 60, 0)) min (grey)" } ?? ""
        let model = last.fits.map { $0.model.title }
        return PageBoard.Panel(
            .d, "Time-activity curves" + averaged + (model.map { ", \($0)" } ?? "; no model was fitted"),
            pictures: pictures)
    }

    private static func drawing(_ chart: LineChart, _ visit: PatientAssessment.Visit) -> PageBoard.Drawing {
        .init(chart.picture, alternative: "Activity over time in striatum and reference at \(visit.plan.name)")
    }

    private static func curves(
        _ visit: PatientAssessment.Visit, _ patient: PatientAssessment, _ size: ChartSize
    ) -> LineChart {
        let curves = visit.curves!
        let scale = curves.isActivity ? 0.001 : 1
        func mean(_ name: String, _ ink: Ink, _ shape: Picture.Shape, _ isWanted: (RegionName) -> Bool)
            -> LineChart.Series?
        {
            let wanted = curves.curves.filter { isWanted(RegionName($0.name)) }
            guard !wanted.isEmpty else { return nil }
            let weights = wanted.map { Double($0.voxels ?? 1) }
            let y = curves.frames.indices.map { frame in
                zip(wanted, weights).reduce(0.0) { $0 + $1.0.mean[frame] * $1.1 } / weights.reduce(0, +) * scale
            }
            return LineChart.Series(
                name, x: curves.frames.map { $0.mid / 60 }, y: y, style: .linesAndPoints, ink: ink, shape: shape)
        }
        let part = patient.folder.primaryRegion
        let reference = RegionName(patient.folder.reference).structure
        let series = [
            mean(part.words.lowercased(), .series(0), .disc) { $0.part == part },
            part == .caudate ? nil : mean("caudate", .series(1), .triangle) { $0.part == .caudate },
            mean(patient.folder.reference, .muted, .square) { $0.structure == reference },
        ].compactMap { $0 }
        return LineChart(
            title: "", xAxis: Axis("Time after time zero", unit: "min"),
            yAxis: Axis(visit.plan.name, unit: curves.isActivity ? "kBq/mL" : curves.units ?? ""), series: series,
            bands: visit.windowS.map { [.init(.alongX, ($0.from / 60)...($0.to / 60), label: "")] } ?? [],
            size: size)
    }

    private static func primaryFit(_ visit: PatientAssessment.Visit, _ part: StriatalPart) -> KineticFit? {
        visit.fits?.fits.first { RegionName($0.region).part == part && $0.failure == nil && !$0.observed.isEmpty }
    }

    private static func fitted(_ fit: KineticFit, _ size: ChartSize) -> [PageBoard.Drawing] {
        let axes = fit.model.axes("Bq/mL")
        let (upper, lower) = (size.height * 0.62, size.height * 0.38)
        let margins = PlotMargins(left: 62, right: 12)
        var curve = LineChart(
            title: "", xAxis: Axis(""), yAxis: Axis(""),
            series: [
                .init("\(fit.region), observed", x: fit.x, y: fit.observed, style: .points),
                .init("fit, R² \(fixed(fit.rSquared, 3))", x: fit.x, y: fit.fitted),
            ], size: ChartSize(width: size.width, height: upper, isDense: true))
        curve.margins = margins
        var residuals = LineChart(
            title: "", xAxis: Axis(axes.x.label, unit: axes.x.unit), yAxis: Axis(""),
            series: [
                .init("residual", x: fit.x, y: fit.residuals, style: .points, ink: .muted, shape: .disc),
                .init("", x: [fit.x.min()!, fit.x.max()!], y: [0, 0], style: .dashed, ink: .axis),
            ], size: ChartSize(width: size.width, height: lower, isDense: true))
        residuals.margins = margins
        var both = Picture(width: size.width, height: size.height)
        both.draw(curve.picture, at: Point(0, 0))
        both.draw(residuals.picture, at: Point(0, upper))
        return [.init(both, alternative: "Fit of \(fit.region) above its residuals")]
    }
}
