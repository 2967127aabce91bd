import PET
import Records

/// Fits of kinetic models, a panel a region: what was observed, what the model says, and the residuals below.
public enum FitPicture {
    /// More panels than this are not drawn: the regions that fit worst are what should be looked at.
    public static let panels = 24

    /// The PNG's bytes. `activityUnit` is that of the curves; `nil` where the file says none.
    ///
    /// Of more than 24 fits those with the lowest R² are drawn, and the first line says so. `nil` without any solution.
    public static func png(of fits: [KineticFit], activityUnit: String?) throws -> [UInt8]? {
        let solved = fits.filter { !$0.parameters.isEmpty && !$0.observed.isEmpty }
        guard !solved.isEmpty else { return nil }
        let shown =
            solved.count > panels ? Array(solved.sorted { $0.rSquared < $1.rSquared }.prefix(panels)) : solved
        let columns = min(shown.count, shown.count > 6 ? 3 : 2)
        let scale = shown.count > 6 ? 1.0 : 1.5
        let sheet = RGBAImage(panels: shown.map { panel($0, activityUnit, scale: scale) }, columns: columns)
        let width = Double(columns) * ChartSize.half.width
        var title = Picture(width: width, height: 34)
        let of = shown.count < solved.count ? ", the \(shown.count) of \(solved.count) regions that fit worst" : ""
        title.marks.append(
            .text("\(solved[0].model.title)\(of)", Point(16, 24), size: 18, bold: true))
        var foot = Picture(width: width, height: 26)
        foot.marks.append(.text("Research use only", Point(16, 17), size: 12, .muted))
        return try PNG.encode(title.image(scale: scale).stacked(over: sheet).stacked(over: foot.image(scale: scale)))
    }

    private static func panel(_ fit: KineticFit, _ activityUnit: String?, scale: Double) -> RGBAImage {
        let axes = fit.model.axes(activityUnit)
        let curve = LineChart(
            title: fit.region, xAxis: Axis(""), yAxis: axes.y,
            series: [
                LineChart.Series("observed", x: fit.x, y: fit.observed, style: .points),
                LineChart.Series(summary(fit), x: fit.x, y: fit.fitted),
            ], size: ChartSize(width: ChartSize.half.width, height: 300))
        let residuals = LineChart(
            title: "", xAxis: axes.x, yAxis: Axis("Residual"),
            series: [
                LineChart.Series("", x: fit.x, y: fit.residuals, style: .points),
                LineChart.Series("", x: [fit.x.min()!, fit.x.max()!], y: [0, 0], style: .dashed, ink: .axis),
            ], size: ChartSize(width: ChartSize.half.width, height: 190))
        return curve.draw(scale: scale).stacked(over: residuals.draw(scale: scale))
    }

    /// What the model was asked for, with its standard error, and R².
    private static func summary(_ fit: KineticFit) -> String {
        guard let main = fit.outcome else { return "model" }
        let error = main.standardError.isNaN ? "" : " ± \(significant(main.standardError, 2))"
        let unit = main.unit.isEmpty ? "" : " \(main.unit)"
        let bounds = fit.flags.compactMap { if case .atBound(let name) = $0 { ", \(name) on a bound" } else { nil } }
        return "model: \(main.name) \(significant(main.value, 4))\(error)\(unit), R² \(fixed(fit.rSquared, 4))"
            + bounds.joined()
    }
}

extension KineticModel {
    /// The model's name in words.
    var title: String {
        switch self {
        case .patlak: "Patlak plot"
        case .refPatlak: "Patlak plot against a reference region"
        case .logan: "Logan plot"
        case .refLogan: "Logan plot against a reference region"
        case .ma1: "Multilinear analysis MA1"
        case .mrtm: "Multilinear reference tissue model"
        case .mrtm2: "Multilinear reference tissue model, k2' fixed"
        case .srtm: "Simplified reference tissue model"
        case .srtmBasis: "Simplified reference tissue model, basis functions"
        case .srtm2: "Simplified reference tissue model, k2' fixed"
        case .oneTissue: "One-tissue compartment model"
        case .twoTissue: "Two-tissue compartment model"
        case .twoTissueIrreversible: "Irreversible two-tissue compartment model"
        case .suvr: "SUVR"
        case .sbr: "Specific binding ratio"
        }
    }

    /// What is drawn along the axes of its fit.
    func axes(_ activityUnit: String?) -> (x: Axis, y: Axis) {
        switch self {
        case .patlak: (Axis("∫Cp dt / Cp", unit: "min"), Axis("C / Cp", unit: "mL/cm³"))
        case .refPatlak: (Axis("∫Cr dt / Cr", unit: "min"), Axis("C / Cr"))
        case .logan: (Axis("∫Cp dt / C", unit: "min"), Axis("∫C dt / C", unit: "min"))
        case .refLogan: (Axis("∫Cr dt / C", unit: "min"), Axis("∫C dt / C", unit: "min"))
        default: (Axis("Time after time zero", unit: "min"), Axis("Activity", unit: activityUnit ?? ""))
        }
    }
}

extension RGBAImage {
    /// Panels of one size side by side, row by row.
    init(panels: [RGBAImage], columns: Int) {
        let (width, height) = (panels[0].width, panels[0].height)
        let rows = (panels.count + columns - 1) / columns
        self.init(width: width * columns, height: height * rows, filledWith: panels[0][0, 0])
        for (place, panel) in panels.enumerated() {
            draw(panel, at: (place % columns * width, place / columns * height))
        }
    }
}
