import Records
import Tremor

/// Coherence of two sensors above their phase, over frequency.
public enum CoherencePicture {
    /// Bins from here to here are drawn, Hz: the lowest hold what is left of gravity and trends.
    private static let lowestHz = 0.5, highestHz = 20.0

    /// The PNG's bytes. `first` and `second` say where the sensors were; never a name.
    public static func png(of result: SensorCoherence, first: String, second: String) throws -> [UInt8] {
        let points = result.points.filter { (lowestHz...highestHz).contains($0.frequencyHz) }
        return try PNG.encode(
            coherence(result, points, "Coherence of \(first) and \(second)").draw()
                .stacked(over: phase(result, points, first, second).draw()))
    }

    private static func coherence(_ result: SensorCoherence, _ points: [Coherence.Point], _ title: String) -> LineChart
    {
        let level = result.coherence.significanceLevel()
        let x = points.map(\.frequencyHz)
        return LineChart(
            title: title, xAxis: Axis("Frequency", unit: "Hz", range: 0...highest(points)),
            // As wide as the ticks of the phase below.
            yAxis: Axis("Coherence", range: 0...1, ticks: Ticks([0, 0.25, 0.5, 0.75, 1].map { ($0, fixed($0, 2)) })),
            series: [
                .init(
                    "coherence with its 95 % interval", x: x, y: points.map(\.value),
                    low: points.map(\.interval95.lowerBound), high: points.map(\.interval95.upperBound)),
                .init(
                    "independent signals stay below in 95 % of bins (\(fixed(level, 2)))",
                    x: [0, highest(points)], y: [level, level], style: .dashed, ink: .muted),
            ], bands: [band(result)], markers: [peak(result)], size: .whole)
    }

    private static func phase(
        _ result: SensorCoherence, _ points: [Coherence.Point], _ first: String, _ second: String
    ) -> LineChart {
        let shown = points.filter(\.isSignificant)
        let ticks = [-180.0, -90, 0, 90, 180]
        return LineChart(
            title: "Phase of \(second) against \(first): below 0 it comes later, up to half a turn",
            xAxis: Axis("Frequency", unit: "Hz", range: 0...highest(points)),
            yAxis: Axis("Phase", unit: "°", range: -200...200, ticks: Ticks(ticks.map { ($0, fixed($0, 0)) })),
            series: [
                .init(
                    shown.isEmpty ? "no bin is significant" : "phase where coherence is significant, 95 % interval",
                    x: shown.map(\.frequencyHz), y: shown.map(\.phaseDegrees),
                    low: shown.map { max(-200, $0.phaseDegrees - $0.phaseHalfWidthDegrees) },
                    high: shown.map { min(200, $0.phaseDegrees + $0.phaseHalfWidthDegrees) }, style: .points)
            ], bands: [band(result)], markers: [peak(result)], size: .whole)
    }

    private static func highest(_ points: [Coherence.Point]) -> Double { max(1, points.last?.frequencyHz ?? 1) }

    private static func band(_ result: SensorCoherence) -> LineChart.Band {
        .init(.alongX, result.settings.bandHz.clamped(to: 0...highestHz), label: "tremor")
    }

    private static func peak(_ result: SensorCoherence) -> LineChart.Marker {
        .init(x: result.atPeak.frequencyHz, label: "peak \(fixed(result.atPeak.frequencyHz, 2)) Hz")
    }
}
