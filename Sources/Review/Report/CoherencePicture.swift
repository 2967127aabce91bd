import Records
import Tremor

/// Coherence of two sensors above their phase, over frequency, under the result in words.
public enum CoherencePicture {
    /// Bins from here to here are drawn, Hz: the lowest hold what is left of gravity and trends.
    private static let lowestHz = 0.5, highestHz = 20.0

    /// The PNG's bytes. `first` and `second` are what the sensors are called, `file` the recording that holds both.
    public static func png(
        of result: SensorCoherence, first: String, second: String, file: String? = nil
    ) throws -> [UInt8] {
        let (a, b) = (short(first), short(second))
        let points = result.points.filter { (lowestHz...highestHz).contains($0.frequencyHz) }
        let panels = [
            heading(result, a, b, file.map(short)).image(scale: 2), coherence(result, points).draw(),
            phase(result, points, a, b).draw(),
            Picture.foot("Each sensor along the direction in which it moves most within the band.").image(scale: 2),
        ]
        return try PNG.encode(panels.dropFirst().reduce(panels[0]) { $0.stacked(over: $1) })
    }

    // MARK: - Words

    private static func heading(_ result: SensorCoherence, _ first: String, _ second: String, _ file: String?)
        -> Picture
    {
        var circumstances = [
            "\(TremorPicture.duration(result.commonS)) in both",
            "\(result.segments) segments of \(fixed(result.segmentS, 2)) s",
        ]
        for (name, sensor) in zip([first, second], result.sensors) {
            circumstances.append(
                "\(name): \(TremorPicture.duration(sensor.durationS)), \(fixed(sensor.sampleRateHz, 2)) Hz, "
                    + "peak \(fixed(sensor.peakHz, 2)) Hz")
        }
        let title = "\(first) and \(second)" + (file.map { " of \($0)" } ?? "")
        return Picture(
            width: ChartSize.whole.width, height: 96,
            marks: [
                .text(title, Point(18, 34), size: 22, bold: true), .text(finding(result), Point(18, 62), size: 17),
                .text(circumstances.joined(separator: "  ·  "), Point(18, 86), size: 13, .muted),
            ])
    }

    /// The result in one sentence.
    static func finding(_ result: SensorCoherence) -> String {
        let point = result.atPeak
        let coherence =
            "Coherence \(fixed(point.value, 3)) at \(fixed(point.frequencyHz, 2)) Hz (95 % interval "
            + "\(fixed(point.interval95.lowerBound, 3))–\(fixed(point.interval95.upperBound, 3)))"
        guard point.isSignificant else { return coherence + ", not significant: no phase can be given" }
        return coherence + ", significant; phase \(fixed(point.phaseDegrees, 1))° "
            + "(± \(fixed(point.phaseHalfWidthDegrees, 1))°), up to half a turn"
    }

    /// A name with its middle left out where two of them would not fit into a line.
    private static func short(_ name: String) -> String {
        var (text, kept) = (name, min(name.count, 400))
        while kept > 4, Canvas.width(of: text, size: 22, bold: true) > 370 {
            kept -= 1
            text = "\(name.prefix(kept - kept / 2))…\(name.suffix(kept / 2))"
        }
        return text
    }

    // MARK: - Charts

    private static func coherence(_ result: SensorCoherence, _ points: [Coherence.Point]) -> LineChart {
        let level = result.coherence.significanceLevel()
        let x = points.map(\.frequencyHz)
        return LineChart(
            title: "Coherence", xAxis: Axis("Frequency", unit: "Hz", range: 0...highest(points)),
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

    /// Phases of significant bins in the band; those that chance may give among so many are faint.
    private static func phase(
        _ result: SensorCoherence, _ points: [Coherence.Point], _ first: String, _ second: String
    ) -> LineChart {
        let bins = Set(result.coherence.sureBins(in: result.settings.bandHz))
        let found = points.filter { $0.isSignificant && result.settings.bandHz.contains($0.frequencyHz) }
        func isSure(_ point: Coherence.Point) -> Bool {
            bins.contains(Int((point.frequencyHz / result.coherence.binHz).rounded()))
        }
        let (sure, alone) = (found.filter(isSure), found.filter { !isSure($0) })
        let none = result.atPeak.isSignificant ? "" : "; the peak's bin is not significant"
        var series = kind(
            (sure.isEmpty
                ? "no bins are significant beyond chance" : "phase where coherence is significant, 95 % interval")
                + none, sure, .series(0), .disc)
        if !alone.isEmpty { series += kind("significant alone, as chance bins among many are", alone, .muted, .ring) }
        let ticks = [-180.0, -90, 0, 90, 180]
        return LineChart(
            title: "Phase: below 0 \(second) comes later, above 0 \(first), up to half a turn",
            xAxis: Axis("Frequency", unit: "Hz", range: 0...highest(points)),
            yAxis: Axis("Phase", unit: "°", range: -190...190, ticks: Ticks(ticks.map { ($0, fixed($0, 0)) })),
            series: series, bands: [band(result)], markers: [peak(result)], size: .whole)
    }

    /// Points, and their intervals, which go on at the other edge where they pass half a turn.
    private static func kind(
        _ name: String, _ points: [Coherence.Point], _ ink: Ink, _ shape: Picture.Shape
    ) -> [LineChart.Series] {
        var (x, y): ([Double], [Double]) = ([], [])
        for point in points {
            let (phase, half) = (point.phaseDegrees, min(180, point.phaseHalfWidthDegrees))
            var bars = [(max(-180, phase - half), min(180, phase + half))]
            if phase + half > 180 { bars.append((-180, phase + half - 360)) }
            if phase - half < -180 { bars.append((phase - half + 360, 180)) }
            for (low, high) in bars {
                x += [point.frequencyHz, point.frequencyHz, point.frequencyHz]
                y += [low, high, .nan]
            }
        }
        return [
            .init("", x: x, y: y, ink: ink),
            .init(
                name, x: points.map(\.frequencyHz), y: points.map(\.phaseDegrees), style: .points, ink: ink,
                shape: shape),
        ]
    }

    private static func highest(_ points: [Coherence.Point]) -> Double { max(1, points.last?.frequencyHz ?? 1) }

    private static func band(_ result: SensorCoherence) -> LineChart.Band {
        let band = result.settings.bandHz
        return .init(
            .alongX, band.clamped(to: 0...highestHz),
            label: "searched for tremor, \(significant(band.lowerBound, 3))–\(significant(band.upperBound, 3)) Hz")
    }

    private static func peak(_ result: SensorCoherence) -> LineChart.Marker {
        .init(x: result.atPeak.frequencyHz, label: "peak \(fixed(result.atPeak.frequencyHz, 2)) Hz")
    }
}
