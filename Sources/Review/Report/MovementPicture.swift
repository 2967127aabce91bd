import Records
import Tremor

/// What was found of a motor sign over time, as one picture.
public enum MovementPicture {
    /// The freezing index with its threshold and the episodes, above the movement it is taken from.
    public static func png(of freezing: FreezingOfGait, over spanS: ClosedRange<Double>? = nil) throws -> [UInt8] {
        let points = FreezingPoints(freezing)
        let scale = TimeScale(points.times, spanS)
        let episodes = (freezing.summary?.episodes ?? []).enumerated().map { place, episode in
            LineChart.Band(
                .alongX, scale.range(episode.startS, episode.durationS), label: place == 0 ? "episode" : "")
        }
        var index = [
            LineChart.Series("while still", x: points.times.map(scale.place), y: points.still, ink: .band),
            LineChart.Series(
                "index while the leg moves", x: points.times.map(scale.place), y: points.moving, ink: .series(0)),
        ]
        if let threshold = freezing.summary?.threshold {
            index.append(scale.level("threshold \(threshold.text(decimals: 2))", threshold))
        }
        let axes = freezing.axes.count == 1 ? "\(["x", "y", "z"][freezing.axes[0]]) axis" : "three axes"
        let unit = freezing.method.scale == .ratio ? "" : freezing.method.scale.rawValue
        let above = LineChart(
            title: "Freezing index \(freezing.method.name), \(axes)", xAxis: scale.axis,
            yAxis: Axis("Index", unit: unit, isLogarithmic: points.isLogarithmic, range: points.indexRange),
            series: index,
            bands: episodes, size: .whole)
        let below = LineChart(
            title: "Movement of the leg", xAxis: scale.axis,
            yAxis: Axis(
                "Acceleration, RMS", unit: "m/s²", range: range(points.rms.filter(\.isFinite) + [freezing.stillBelow])),
            series: [
                LineChart.Series("in both bands", x: points.times.map(scale.place), y: points.rms, ink: .series(2)),
                scale.level("at rest below \(freezing.stillBelow.text(decimals: 2))", freezing.stillBelow),
            ], bands: episodes, size: .whole)
        return try finished([above, below])
    }

    /// The size of openings and the intervals between taps.
    public static func png(of tapping: FingerTapping, over spanS: ClosedRange<Double>? = nil) throws -> [UInt8] {
        let sizes = zip(tapping.rhythm.timesS, tapping.openings).compactMap { time, size in size.map { (time, $0) } }
        let largest = sizes.map(\.1).max() ?? 1
        // Openings have no unit; the largest is 100.
        return try repeated(
            tapping.rhythm, over: spanS, title: "Finger tapping", interval: "Interval to the next tap",
            sizes: sizes.map { ($0.0, 100 * $0.1 / max(largest, .leastNormalMagnitude)) },
            sizeAxis: Axis("Opening after a tap", unit: "% of the largest", range: 0...110))
    }

    /// The intervals between taps on a touch screen.
    public static func png(of touch: TouchTapping, over spanS: ClosedRange<Double>? = nil) throws -> [UInt8] {
        try repeated(
            touch.rhythm, over: spanS, title: "Tapping on a touch screen", interval: "Interval to the next tap",
            sizes: [],
            sizeAxis: Axis(""))
    }

    /// The angle of turns and the intervals between turns to and fro; the latter alone where there is no gyroscope.
    public static func png(of turning: PronationSupination, over spanS: ClosedRange<Double>? = nil) throws -> [UInt8] {
        try repeated(
            turning.rhythm, over: spanS, title: "Turning of the forearm", interval: "Interval to the next turn",
            sizes: turning.impossibleTurnDeg == nil ? turning.turns.map { ($0.startS, abs($0.angleDeg)) } : [],
            sizeAxis: Axis(
                "Angle from reversal to reversal", unit: "°", range: range(turning.turns.map { abs($0.angleDeg) })))
    }

    /// Cadence over time with the bouts, above the arm's swing where there is a gyroscope.
    public static func png(of walking: Walking, over spanS: ClosedRange<Double>? = nil) throws -> [UInt8] {
        let scale = TimeScale([walking.fromS, walking.toS], spanS)
        let bouts = walking.bouts.enumerated().map { place, bout in
            LineChart.Band(.alongX, scale.range(bout.startS, bout.durationS), label: place == 0 ? "walking" : "")
        }
        let windows = walking.bouts.flatMap(\.windows)
        let half = walking.settings.windowS / 2
        var series = [
            LineChart.Series(
                "windows of \(walking.settings.windowS.text(decimals: 0)) s",
                x: windows.map { scale.place($0.startS + half) }, y: windows.map(\.cadence), style: .points)
        ]
        if let mean = walking.bouts.cadence { series.append(scale.level("mean \(mean.text(decimals: 1))", mean)) }
        let above = LineChart(
            title: walking.bouts.isEmpty ? "Walking: none was found" : "Walking", xAxis: scale.axis,
            yAxis: Axis("Cadence", unit: "steps/min", range: windows.isEmpty ? 0...200 : range(windows.map(\.cadence))),
            series: series,
            bands: bouts, size: .whole)
        let swings = walking.bouts.compactMap { bout in
            bout.armSwing.map { (scale.place(bout.startS + bout.durationS / 2), $0.rangeDeg) }
        }
        guard !swings.isEmpty, walking.impossibleSwingDeg == nil else { return try finished([above]) }
        let below = LineChart(
            title: "Swing of the arm", xAxis: scale.axis,
            yAxis: Axis("Angle, median of a bout", unit: "°", range: range(swings.map(\.1))),
            series: [LineChart.Series("", x: swings.map(\.0), y: swings.map(\.1), style: .points)], bands: bouts,
            size: .whole)
        return try finished([above, below])
    }

    /// The charts above each other, with the same edges, and what holds for each, as a file.
    private static func finished(_ charts: [LineChart]) throws -> [UInt8] {
        let foot = Picture.foot("Measured by a sensor; not a rating.")
        return try PNG.encode(
            charts.reversed().reduce(foot.image(scale: 2)) { below, chart in
                var chart = chart
                chart.margins = PlotMargins(left: 66, right: 24)
                return chart.draw().stacked(over: below)
            })
    }

    /// From 0 to above the largest value: how large a change is shows against the whole.
    private static func range(_ values: [Double]) -> ClosedRange<Double> { 0...(1.1 * (values.max() ?? 1)) }

    private static func repeated(
        _ rhythm: RepeatedMovement, over spanS: ClosedRange<Double>?, title: String, interval: String,
        sizes: [(Double, Double)], sizeAxis: Axis
    ) throws -> [UInt8] {
        let scale = TimeScale(rhythm.timesS, spanS)
        let pauses = rhythm.pauses.enumerated().map { place, pause in
            LineChart.Band(.alongX, scale.range(pause.startS, pause.durationS), label: place == 0 ? "pause" : "")
        }
        let times = rhythm.timesS.dropLast().map(scale.place)
        let intervals = LineChart(
            title: sizes.isEmpty ? "\(title): rhythm" : "Rhythm", xAxis: scale.axis,
            yAxis: Axis(interval, unit: "s", range: range(rhythm.intervalsS)),
            series: [
                LineChart.Series("", x: times, y: rhythm.intervalsS, style: .linesAndPoints, ink: .series(0)),
                scale.level("median \(rhythm.medianIntervalS.text(decimals: 3)) s", rhythm.medianIntervalS),
            ], bands: pauses, size: .whole)
        guard !sizes.isEmpty else { return try finished([intervals]) }
        var series = [
            LineChart.Series("", x: sizes.map { scale.place($0.0) }, y: sizes.map(\.1), style: .points, ink: .series(0))
        ]
        if let decrement = rhythm.decrementPercent { series += thirds(sizes, scale, decrement) }
        let above = LineChart(
            title: title, xAxis: scale.axis, yAxis: sizeAxis, series: series, bands: pauses, size: .whole)
        return try finished([above, intervals])
    }

    /// The means of the first and the last third, whose difference is the decrement.
    private static func thirds(
        _ sizes: [(Double, Double)], _ scale: TimeScale, _ decrement: Double
    ) -> [LineChart.Series] {
        let count = sizes.count / 3
        return [(sizes.prefix(count), ""), (sizes.suffix(count), "means of the first and last third")].map {
            part, name in
            let mean = part.reduce(0) { $0 + $1.1 } / Double(max(1, part.count))
            let label = name.isEmpty ? "" : "\(name): decrement \(decrement.text(decimals: 1)) %"
            let ends = [part.first, part.last].compactMap { $0.map { scale.place($0.0) } }
            return LineChart.Series(label, x: ends, y: ends.map { _ in mean }, ink: .series(1))
        }
    }
}

/// An axis of time in seconds, minutes or hours, whichever is shorter to read.
private struct TimeScale {
    let axis: Axis
    private let unitS: Double
    private let ends: ClosedRange<Double>

    /// From the first to the last of the times, and as far as the recording goes.
    init(_ timesS: [Double], _ spanS: ClosedRange<Double>?) {
        let first = min(timesS.min() ?? spanS?.lowerBound ?? 0, spanS?.lowerBound ?? .infinity)
        let last = max(timesS.max() ?? spanS?.upperBound ?? 1, spanS?.upperBound ?? -.infinity)
        let length = last - first
        let unit = length > 3 * 3600 ? ("h", 3600.0) : length > 300 ? ("min", 60.0) : ("s", 1.0)
        unitS = unit.1
        let margin = 0.01 * max(length, 1e-3)
        ends = (max(0, first - margin) / unitS)...((last + margin) / unitS)
        axis = Axis("Time from the first sample", unit: unit.0, range: ends)
    }

    func place(_ timeS: Double) -> Double { timeS / unitS }

    /// A stretch of time, no further than the axis.
    func range(_ startS: Double, _ durationS: Double) -> ClosedRange<Double> {
        let start = min(max(startS / unitS, ends.lowerBound), ends.upperBound)
        return start...min(max((startS + durationS) / unitS, start), ends.upperBound)
    }

    /// A dashed line at a value, from end to end.
    func level(_ name: String, _ value: Double) -> LineChart.Series {
        LineChart.Series(
            name, x: [ends.lowerBound, ends.upperBound], y: [value, value], style: .dashed, ink: .series(1))
    }
}

/// A course with at most as many points as a picture can show: of the windows that fall on one point the highest index is kept.
private struct FreezingPoints {
    private static let most = 2400

    private(set) var times: [Double] = []
    private(set) var moving: [Double] = []
    private(set) var still: [Double] = []
    private(set) var rms: [Double] = []
    /// Ratios are drawn on an axis of ratios: half of the threshold is as far from it as twice.
    let isLogarithmic: Bool
    /// All that was found while the leg moves, with the threshold; of ratios no lower than a thousandth of the highest.
    let indexRange: ClosedRange<Double>

    init(_ freezing: FreezingOfGait) {
        let count = freezing.courses.reduce(0) { $0 + $1.index.count }
        let every = max(1, (count + Self.most - 1) / Self.most)
        var shown: [Double] = []
        for course in freezing.courses {
            for first in stride(from: 0, to: course.index.count, by: every) {
                let places = first..<min(first + every, course.index.count)
                let moves = places.filter { course.rms[$0] >= freezing.stillBelow }
                let kept = moves.isEmpty ? Array(places) : moves
                let highest = kept.max { course.index[$0] < course.index[$1] } ?? first
                times.append(course.timesS[highest])
                moving.append(moves.isEmpty ? .nan : course.index[highest])
                still.append(moves.isEmpty ? course.index[highest] : .nan)
                rms.append(course.rms[highest])
                if !moves.isEmpty, course.index[highest].isFinite { shown.append(course.index[highest]) }
            }
            // A gap is not drawn across.
            times.append(times[times.count - 1])
            moving.append(.nan)
            still.append(.nan)
            rms.append(.nan)
        }
        if let threshold = freezing.summary?.threshold { shown.append(threshold) }
        isLogarithmic = freezing.method.scale == .ratio
        if isLogarithmic {
            let high = 1.2 * max(shown.max() ?? 1, .leastNormalMagnitude)
            let low = max(shown.filter { $0 > 0 }.min() ?? high / 10, high / 1000) / 1.2
            indexRange = low...high
            // An index of nothing is drawn at the lower end, not left out.
            moving = moving.map { $0.isNaN ? .nan : max($0, low) }
        } else {
            let (low, high) = (min(0, shown.min() ?? 0), max(shown.max() ?? 1, 0))
            indexRange = low...(high + 0.05 * max(high - low, 1))
        }
        // Nothing is known of a leg that is still: its index is drawn as far as the axis goes.
        let range = indexRange
        still = still.map { $0.isNaN ? .nan : min(max($0, range.lowerBound), range.upperBound) }
    }
}
