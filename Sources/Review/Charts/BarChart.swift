/// Bars side by side in groups: uptake of regions, left and right, per visit.
public struct BarChart: Chart {
    /// Bars of one kind, one in each group.
    public struct Series: Sendable {
        /// Its name in the legend.
        public var name: String
        /// One value a group; NaN draws no bar and says "n/a".
        public var values: [Double]
        /// The interval around each value; empty for none, NaN where one has none.
        public var low, high: [Double]
        /// Its colour; `nil` for the next of the theme's.
        public var ink: Ink?
        /// Whether bars are pale with an outline: the earlier visit beside the later one.
        public var isPale: Bool

        /// A series.
        public init(
            _ name: String, values: [Double], low: [Double] = [], high: [Double] = [], ink: Ink? = nil,
            isPale: Bool = false
        ) {
            precondition(
                low.count == high.count && (low.isEmpty || low.count == values.count), "intervals fit the values")
            (self.name, self.values, self.low, self.high) = (name, values, low, high)
            (self.ink, self.isPale) = (ink, isPale)
        }
    }

    /// What the chart shows.
    public var title: String
    /// The names of the groups.
    public var groups: [String]
    /// What the groups are: "Region".
    public var groupLabel: String
    /// The axis of the values; bars start at 0.
    public var valueAxis: Axis
    /// What is drawn.
    public var series: [Series]
    /// Size in points.
    public var size: ChartSize

    /// A chart. Every series has one value a group.
    public init(
        title: String, groups: [String], groupLabel: String = "", valueAxis: Axis, series: [Series],
        size: ChartSize = .half
    ) {
        precondition(series.allSatisfy { $0.values.count == groups.count }, "every group has its value")
        (self.title, self.groups, self.groupLabel) = (title, groups, groupLabel)
        (self.valueAxis, self.series, self.size) = (valueAxis, series, size)
    }

    /// The drawing.
    public var picture: Picture {
        let count = Double(max(1, groups.count))
        // Axes take about 60 points of the width.
        let names = GroupNames(groups, width: (size.width - 60) / count - 8)
        var frame = ChartFrame(
            size: size, title: title, xAxis: Axis(groupLabel), yAxis: valueAxis,
            x: AxisScale(Axis("", range: 0...count, ticks: Ticks([])), holding: []),
            y: AxisScale(
                valueAxis, holding: series.flatMap { $0.values + $0.low + $0.high }, needsZero: true, count: 5),
            keys: series.enumerated().filter { !$1.name.isEmpty }.map { place, one in
                ChartFrame.Key(
                    name: one.name, ink: one.ink ?? .series(place), shape: nil, isLine: false,
                    opacity: one.isPale ? Self.paleness : 1)
            },
            hasVerticalGrid: false, tickLines: names.lines.map(\.count).max() ?? 1)
        for group in groups.indices { draw(group, names, in: &frame) }
        frame.add(.line([Point(frame.plot.x, frame.up(0)), Point(frame.plot.right, frame.up(0))], .axis, width: 1.2))
        return frame.finish()
    }

    private static let paleness = 0.28

    private func draw(_ group: Int, _ names: GroupNames, in frame: inout ChartFrame) {
        let width = frame.plot.width / Double(groups.count)
        let start = frame.plot.x + Double(group) * width
        for (line, text) in names.lines[group].enumerated() {
            let at = Point(start + width / 2, frame.plot.bottom + 18 + 15 * Double(line))
            frame.add(.text(text, at, size: names.size, anchor: .middle))
        }
        let pitch = min(46, width * 0.8 / Double(max(1, series.count)))
        let first = start + (width - pitch * Double(series.count)) / 2
        for (place, one) in series.enumerated() {
            let bar = Box(x: first + Double(place) * pitch + pitch * 0.08, y: 0, width: pitch * 0.84, height: 0)
            draw(one, group, ink: one.ink ?? .series(place), bar, in: &frame)
        }
    }

    private func draw(_ series: Series, _ group: Int, ink: Ink, _ bar: Box, in frame: inout ChartFrame) {
        let value = series.values[group]
        let (zero, middle) = (frame.up(0), bar.x + bar.width / 2)
        guard value.isFinite else {
            frame.add(.text("n/a", Point(middle, zero - 5), size: 11, anchor: .middle, .muted))
            return
        }
        let top = frame.up(value)
        frame.add(
            .box(
                Box(x: bar.x, y: min(top, zero), width: bar.width, height: abs(zero - top)), fill: ink,
                opacity: series.isPale ? Self.paleness : 1, stroke: ink))
        guard !series.low.isEmpty, series.low[group].isFinite, series.high[group].isFinite else { return }
        let (low, high) = (frame.up(series.low[group]), frame.up(series.high[group]))
        frame.add(.line([Point(middle, low), Point(middle, high)], .text, width: 1.4))
        for end in [low, high] {
            frame.add(.line([Point(middle - 4, end), Point(middle + 4, end)], .text, width: 1.4))
        }
    }
}

/// The names of groups in one line or two, all in the largest size between 9 points and that of ticks that fits.
private struct GroupNames {
    let size: Double
    let lines: [[String]]

    init(_ names: [String], width: Double) {
        let wrapped = names.map { Self.wrapped($0, width: width) }
        let widest = wrapped.joined().map { Canvas.width(of: $0, size: ChartFrame.TextSize.tick) }.max() ?? 0
        size = max(9, ChartFrame.TextSize.tick * min(1, width / max(widest, 1)))
        lines = wrapped
    }

    private static func wrapped(_ name: String, width: Double) -> [String] {
        let words = name.split(separator: " ")
        guard words.count > 1, Canvas.width(of: name, size: ChartFrame.TextSize.tick) > width else { return [name] }
        let cuts = (1..<words.count).map { [words[..<$0].joined(separator: " "), words[$0...].joined(separator: " ")] }
        return cuts.min { $0.map(\.count).max()! < $1.map(\.count).max()! }!
    }
}
