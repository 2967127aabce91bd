import Imaging
import PET
import Records

/// The movement of a head during a scan, as one picture: shifts, turns and framewise displacement over the frames. Frames without a
/// place of their own are shaded.
public enum MotionPicture {
    private static let margins = PlotMargins(left: 72, right: 24)

    /// The PNG's bytes. `file` is the image's name; never a person's.
    public static func png(of report: MotionReport, file: String) throws -> [UInt8] {
        let scale = 1.5
        let parts = panels(of: report, file: file).map { $0.image(scale: scale) }
        return try PNG.encode(parts.dropFirst().reduce(parts[0]) { $0.stacked(over: $1) })
    }

    /// The picture's parts, the first on top; all are as wide.
    public static func panels(of report: MotionReport, file: String) -> [Picture] {
        let motion = report.realignment.motion
        let degrees = 180 / Double.pi
        return [
            heading(report, file),
            chart(
                report, title: "Shift of the head's middle", unit: "mm",
                series: [
                    ("to the right", motion.map(\.translation.x)), ("to the front", motion.map(\.translation.y)),
                    ("up", motion.map(\.translation.z)),
                ]
            ).picture,
            chart(
                report, title: "Turn about the axis that points …", unit: "°",
                series: [
                    ("right: nod", motion.map { $0.rotation.x * degrees }),
                    ("to the front: tilt", motion.map { $0.rotation.y * degrees }),
                    ("up: shake", motion.map { $0.rotation.z * degrees }),
                ]
            ).picture,
            displacement(report).picture, foot,
        ]
    }

    // MARK: Charts

    private static func chart(
        _ report: MotionReport, title: String, unit: String, series: [(name: String, values: [Double])]
    ) -> LineChart {
        let x = report.frames.indices.map { Double($0 + 1) }
        var chart = LineChart(
            title: title, xAxis: Axis(""), yAxis: Axis("", unit: unit),
            series: series.map { LineChart.Series($0.name, x: x, y: $0.values, style: .linesAndPoints) },
            bands: bands(report), size: ChartSize(width: ChartSize.whole.width, height: 300))
        // A head that lies still is drawn still: noise is not blown up to the height of the plot.
        let largest = series.flatMap(\.values).map { abs($0) }.max() ?? 0
        if largest < 1 { chart.yAxis.range = -1...1 }
        return framed(chart, report)
    }

    private static func displacement(_ report: MotionReport) -> LineChart {
        let x = report.frames.indices.map { Double($0 + 1) }
        func values(_ found: [Double?]) -> [Double] { found.map { $0 ?? .nan } }
        let (power, rms) = (report.realignment.framewiseDisplacement, report.realignment.rmsDisplacement)
        var chart = LineChart(
            title: "Displacement from the frame before", xAxis: Axis("Frame (start, min)"), yAxis: Axis("", unit: "mm"),
            series: [
                LineChart.Series(
                    "framewise displacement (Power, 50 mm)", x: x, y: values(power), style: .linesAndPoints),
                LineChart.Series(
                    "root mean square (Jenkinson, 80 mm)", x: x, y: values(rms), style: .linesAndPoints),
            ], bands: bands(report), size: ChartSize(width: ChartSize.whole.width, height: 330))
        if power.compactMap({ $0 }).max() ?? 0 < 1 { chart.yAxis.range = 0...1 }
        return framed(chart, report)
    }

    /// The same edges and ticks in all charts; where the last chart says what they are.
    private static func framed(_ chart: LineChart, _ report: MotionReport) -> LineChart {
        var chart = chart
        let count = report.frames.count
        let step = max(1, (count + 11) / 12)
        let shown = stride(from: 0, to: count, by: step).map { $0 }
        let isLast = !chart.xAxis.label.isEmpty
        chart.xAxis.ticks = Ticks(
            shown.map { frame in
                let start = isLast ? " (\(fixed(report.frames[frame].start / 60, 1)))" : ""
                return (value: Double(frame + 1), label: "\(frame + 1)\(start)")
            })
        chart.xAxis.range = 0.5...(Double(count) + 0.5)
        chart.margins = margins
        return chart
    }

    /// Runs of frames that were not placed by themselves.
    private static func bands(_ report: MotionReport) -> [LineChart.Band] {
        let frames = report.realignment.frames
        var bands: [LineChart.Band] = []
        var frame = 0
        while frame < frames.count {
            let name = frames[frame].source.name
            let end = frames[frame...].firstIndex { $0.source.name != name } ?? frames.count
            if name != "registered" {
                bands.append(
                    LineChart.Band(
                        .alongX, (Double(frame) + 0.5)...(Double(end) + 0.5),
                        label: bands.isEmpty ? "placed by a sum of frames, or as the nearest frame" : ""))
            }
            frame = end
        }
        return bands
    }

    // MARK: Words

    private static func heading(_ report: MotionReport, _ file: String) -> Picture {
        var picture = Picture(width: ChartSize.whole.width, height: 96)
        picture.marks = [
            .text(file, Point(18, 34), size: 22, bold: true), .text(finding(report), Point(18, 62), size: 17),
            .text(circumstances(report), Point(18, 86), size: 13, .muted),
        ]
        return picture
    }

    /// The result in one sentence.
    static func finding(_ report: MotionReport) -> String {
        let largest = report.largestDisplacementMM
        let steps = report.realignment.framewiseDisplacement
        let biggest = steps.indices.max { (steps[$0] ?? -1) < (steps[$1] ?? -1) } ?? 0
        return "The head moved by at most \(fixed(largest, 1)) mm between two frames, 60 mm from its middle"
            + (steps[biggest].map {
                ", the most from frame \(biggest) to \(biggest + 1): \(fixed($0, 1)) mm framewise"
            } ?? "")
    }

    private static func circumstances(_ report: MotionReport) -> String {
        let frames = report.realignment.frames
        func count(_ name: String) -> Int { frames.count { $0.source.name == name } }
        let reference =
            switch report.realignment.options.reference {
            case .mean: "laid on the mean of all frames"
            case .frames(let chosen): "laid on the mean of \(chosen.count) frames"
            case .iterativeMean:
                "laid on the mean of frames in the place of frame \((report.realignment.anchor ?? 0) + 1)"
            case .image: "laid on a given image"
            }
        return ["\(count("registered")) of \(frames.count) frames placed by themselves"]
            .appending(count("summed"), "by a sum").appending(count("carried"), "as the nearest frame")
            .joined(separator: ", ") + "  ·  \(reference)"
    }

    private static var foot: Picture {
        Picture(
            width: ChartSize.whole.width, height: 34,
            marks: [.text(Engraft.researchUse, Point(18, 18), size: 12, .muted)])
    }
}

extension [String] {
    fileprivate func appending(_ count: Int, _ what: String) -> [String] {
        count > 0 ? self + ["\(count) \(what)"] : self
    }
}
