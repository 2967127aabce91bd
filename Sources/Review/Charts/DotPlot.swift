/// A value and its interval for each of many patients, a row each: changes in order of size.
public struct DotPlot: Chart {
    /// A row.
    public struct Row: Sendable {
        /// What stands at its left: a code.
        public var name: String
        /// The group, a place in `groups`.
        public var group: Int
        /// The value; NaN prints `note` instead of a point.
        public var value: Double
        /// The interval; NaN for none.
        public var low, high: Double
        /// Whether the value cannot be relied on.
        public var isOpen: Bool
        /// What is printed where there is no value.
        public var note: String

        /// A row.
        public init(
            _ name: String, group: Int = 0, value: Double, low: Double = .nan, high: Double = .nan,
            isOpen: Bool = false, note: String = "n/a"
        ) {
            (self.name, self.group, self.value, self.low, self.high) = (name, group, value, low, high)
            (self.isOpen, self.note) = (isOpen, note)
        }
    }

    /// What it shows.
    public var title: String
    /// What the changes are of.
    public var label: String
    /// Groups of rows: arms.
    public var groups: [String]
    /// The rows, top first; values are changes of a logarithm.
    public var rows: [Row]
    /// The change of the logarithm that is within error, one side; `nil` where unknown.
    public var limitLn: Double?
    /// What the band is.
    public var limitLabel: String
    /// Points across.
    public var width: Double

    /// A dot plot; its height follows from the number of rows.
    public init(
        title: String, label: String, groups: [String], rows: [Row], limitLn: Double? = nil,
        limitLabel: String = "within error", width: Double = ChartSize.half.width
    ) {
        (self.title, self.label, self.groups, self.rows) = (title, label, groups, rows)
        (self.limitLn, self.limitLabel, self.width) = (limitLn, limitLabel, width)
    }

    /// The drawing.
    public var picture: Picture {
        let limit = limitLn ?? 0
        let range = ClosedRange.holding(rows.flatMap { [$0.value, $0.low, $0.high] } + [-limit, limit, 0]) ?? -1...1
        let xAxis = Axis(label, unit: "%", range: range, ticks: .percent(onLogarithms: range))
        let count = rows.count
        let names = Ticks(rows.enumerated().reversed().map { (Double(count - 1 - $0), $1.name) })
        let yAxis = Axis("", range: -0.6...(Double(max(count, 1)) - 0.4), ticks: names)
        var keys = groups.count > 1 ? GroupLook.keys(groups, isLine: false) : []
        if rows.contains(where: \.isOpen) { keys.append(GroupLook.openKey("not readable")) }
        if limitLn != nil {
            keys.append(
                ChartFrame.Key(name: limitLabel, ink: .band, shape: nil, isLine: false, opacity: 0.22, edge: .axis))
        }
        var frame = ChartFrame(
            size: ChartSize(width: width, height: 128 + 17 * Double(max(count, 2))), title: title, xAxis: xAxis,
            yAxis: yAxis, x: AxisScale(xAxis, holding: []), y: AxisScale(yAxis, holding: []), keys: keys)
        let plot = frame.plot
        if limitLn != nil {
            let (left, right) = (frame.across(-limit), frame.across(limit))
            frame.add(
                .box(Box(x: left, y: plot.y, width: right - left, height: plot.height), fill: .band, opacity: 0.22))
        }
        frame.add(.line([Point(frame.across(0), plot.y), Point(frame.across(0), plot.bottom)], .axis, width: 1))
        for (place, row) in rows.enumerated() { draw(row, at: Double(count - 1 - place), in: &frame) }
        return frame.finish()
    }

    private func draw(_ row: Row, at height: Double, in frame: inout ChartFrame) {
        guard let place = frame.place(row.value, height) else {
            frame.add(.text(row.note, Point(frame.across(0) + 6, frame.up(height) + 4), size: 11, .muted))
            return
        }
        let ink = Ink.series(row.group)
        if row.low.isFinite, row.high.isFinite {
            frame.add(
                .line([Point(frame.across(row.low), place.y), Point(frame.across(row.high), place.y)], ink, width: 1.3))
        }
        frame.add(.point(place, GroupLook.shape(row.group), ink, radius: 4.2, isOpen: row.isOpen))
    }
}
