/// The line charts of a review: each takes plain numbers.
extension LineChart {
    /// Activity of regions over time [min]; one point per frame at its middle.
    public static func timeActivity(
        title: String = "Time-activity curves", unit: String = "kBq/mL", regions: [Series], size: ChartSize = .half
    ) -> LineChart {
        LineChart(
            title: title, xAxis: Axis("Time after time zero", unit: "min"), yAxis: Axis("Activity", unit: unit),
            series: regions, size: size)
    }

    /// A power spectrum on a logarithmic axis, with the tremor band shaded and the peak marked where there is one.
    ///
    /// `frequency` in Hz; `unit` is that of the power, such as "(m/s²)²/Hz".
    public static func spectrum(
        title: String = "Tremor spectrum", frequency: [Double], power: [Double], unit: String,
        band: ClosedRange<Double>? = nil, bandLabel: String = "", peak: Double? = nil, size: ChartSize = .half
    ) -> LineChart {
        LineChart(
            title: title, xAxis: Axis("Frequency", unit: "Hz"),
            yAxis: Axis("Power spectral density", unit: unit, isLogarithmic: true),
            series: [Series("", x: frequency, y: power)],
            bands: band.map { [Band(.alongX, $0, label: bandLabel)] } ?? [],
            markers: peak.map { [Marker(x: $0, label: "peak \($0.text(decimals: 2)) Hz")] } ?? [], size: size)
    }

    /// Values over months since the first visit, with bars for their intervals and a band of repeatability around the baseline.
    ///
    /// The visits of the first series are the ticks; a visit whose value is NaN stays as a gap.
    public static func trend(
        title: String, label: String, unit: String = "", series: [Series], repeatability: ClosedRange<Double>? = nil,
        markers: [Marker] = [], size: ChartSize = .half
    ) -> LineChart {
        LineChart(
            title: title, xAxis: Axis("Months since the first visit", ticks: visits(series.first?.x ?? [])),
            yAxis: Axis(label, unit: unit),
            series: series.map { one in
                var one = one
                one.style = .linesAndPoints
                return one
            },
            bands: repeatability.map { [Band(.alongY, $0, label: "within repeatability of baseline")] } ?? [],
            markers: markers, size: size)
    }

    private static func visits(_ months: [Double]) -> Ticks? {
        months.isEmpty ? nil : Ticks(months.sorted().map { ($0, $0.text(decimals: 1, trimmed: true)) })
    }
}
