/// Values over two axes as colours: a spectrogram.
public struct HeatMap: Chart {
    /// A range of x for which there is nothing to show, and why.
    public struct Blank: Sendable, Equatable {
        /// From where to where.
        public var range: ClosedRange<Double>
        /// Why: "not worn".
        public var label: String
        /// Whether it is hatched; otherwise paper.
        public var isHatched: Bool

        /// A range.
        public init(_ range: ClosedRange<Double>, label: String, isHatched: Bool) {
            (self.range, self.label, self.isHatched) = (range, label, isHatched)
        }
    }

    /// What it shows.
    public var title: String
    /// The axes of the plane; their ranges are those of the cells.
    public var xAxis, yAxis: Axis
    /// What the colours show; its range is where colours begin and end.
    public var valueAxis: Axis
    /// Cells along x and y.
    public var columns, rows: Int
    /// columns × rows values, x fastest, the lowest y first; NaN is drawn as paper.
    public var values: [Float]
    /// Lines on top, such as the frequency of the peak.
    public var lines: [LineChart.Series]
    /// From the outer edge of the first cell along x to that of the last, where that is not the axis' range.
    public var cellRange: ClosedRange<Double>?
    /// Where nothing is shown.
    public var blanks: [Blank] = []
    /// The colours.
    public var colors: ColorMap
    /// Size in points.
    public var size: ChartSize
    /// Room beside the plot; `nil` for what the labels need.
    public var margins: PlotMargins?

    /// A heat map. `xAxis` and `yAxis` need a range, from the outer edge of the first cell to that of the last.
    public init(
        title: String, xAxis: Axis, yAxis: Axis, valueAxis: Axis, columns: Int, rows: Int, values: [Float],
        lines: [LineChart.Series] = [], colors: ColorMap = .sea, size: ChartSize = .whole
    ) {
        precondition(columns > 0 && rows > 0 && values.count == columns * rows, "values fill the cells")
        precondition(xAxis.range != nil && yAxis.range != nil, "cells need to know where they lie")
        (self.title, self.xAxis, self.yAxis, self.valueAxis) = (title, xAxis, yAxis, valueAxis)
        (self.columns, self.rows, self.values) = (columns, rows, values)
        (self.lines, self.colors, self.size) = (lines, colors, size)
    }

    /// The drawing.
    public var picture: Picture {
        let scale = AxisScale(valueAxis, holding: values.lazy.map(Double.init), count: 5)
        let barText = scale.shownTicks.map { Canvas.width(of: $0.label, size: ChartFrame.TextSize.tick) }.max() ?? 0
        let heading = Canvas.width(of: valueAxis.title, size: ChartFrame.TextSize.label)
        var frame = ChartFrame(
            size: size, title: title, xAxis: xAxis, yAxis: yAxis,
            x: AxisScale(xAxis, holding: [], count: size.width > 800 ? 12 : 7),
            y: AxisScale(yAxis, holding: [], count: 5),
            keys: lines.filter { !$0.name.isEmpty }
                .map {
                    ChartFrame.Key(
                        name: $0.name, ink: $0.ink ?? .fixed(Self.lineColor), shape: $0.style == .points ? .disc : nil,
                        isLine: $0.style != .points)
                }
                + Set(blanks.filter(\.isHatched).map(\.label)).sorted().map(Hatch.key),
            leftMargin: margins?.left,
            rightMargin: margins?.right ?? 18 + max(14 + 8 + barText, heading) + 10, hasVerticalGrid: false)
        frame.add(.image(cells(scale), cellBox(frame)))
        for blank in blanks { draw(blank, in: &frame) }
        for line in lines { draw(line, in: &frame) }
        drawBar(scale, in: &frame)
        return frame.finish()
    }

    /// Pink stays visible on every colour of the map, and on paper.
    private static let lineColor = Color(hex: 0xFF3D9A)

    private func cellBox(_ frame: ChartFrame) -> Box {
        guard let cellRange, let low = frame.x.share(cellRange.lowerBound),
            let high = frame.x.share(cellRange.upperBound)
        else { return frame.plot }
        let plot = frame.plot
        return Box(x: plot.x + low * plot.width, y: plot.y, width: (high - low) * plot.width, height: plot.height)
    }

    private func cells(_ scale: AxisScale) -> RGBAImage {
        var image = RGBAImage(width: columns, height: rows, filledWith: Color(0, 0, 0, alpha: 0))
        for row in 0..<rows {
            for column in 0..<columns {
                guard let share = scale.share(Double(values[row * columns + column])) else { continue }
                image[column, rows - 1 - row] = colors[share]
            }
        }
        return image
    }

    private func draw(_ line: LineChart.Series, in frame: inout ChartFrame) {
        let inside = zip(line.x, line.y).map { x, y -> Point? in
            guard let range = yAxis.range, range.contains(y) else { return nil }
            return frame.place(x, y)
        }
        for run in inside.split(whereSeparator: { $0 == nil }) {
            let ink = line.ink ?? .fixed(Self.lineColor)
            let points = run.map { $0! }
            // A value without neighbours is a dot.
            if line.style == .points || points.count == 1 {
                for point in points { frame.add(.point(point, .disc, ink, radius: 1.5)) }
            } else {
                frame.add(.line(points, ink, width: 2))
            }
        }
    }

    private func draw(_ blank: Blank, in frame: inout ChartFrame) {
        let (left, right) = (frame.across(blank.range.lowerBound), frame.across(blank.range.upperBound))
        guard right > left else { return }
        let box = Box(x: left, y: frame.plot.y, width: right - left, height: frame.plot.height)
        if blank.isHatched {
            for mark in Hatch.marks(in: box) { frame.add(mark) }
        } else {
            frame.add(.box(box, fill: .paper))
        }
        for mark in Hatch.label(blank.label, in: box) { frame.add(mark) }
    }

    private func drawBar(_ scale: AxisScale, in frame: inout ChartFrame) {
        let plot = frame.plot
        let bar = Box(x: plot.right + 18, y: plot.y, width: 14, height: plot.height)
        var strip = RGBAImage(width: 1, height: 256, filledWith: Color(0, 0, 0))
        for step in 0..<256 { strip[0, 255 - step] = colors.table[step] }
        frame.add(.image(strip, bar))
        frame.add(.box(bar, fill: nil, stroke: .axis))
        frame.add(.text(valueAxis.title, Point(bar.x, plot.y - 10), size: frame.labelSize, .muted))
        for tick in scale.shownTicks {
            let at = frame.plot.bottom - (scale.share(tick.value) ?? 0) * bar.height
            frame.add(.line([Point(bar.right, at), Point(bar.right + 4, at)], .axis, width: 1))
            frame.add(.text(tick.label, Point(bar.right + 8, at + 4.5), size: frame.tickSize, .muted))
        }
    }
}
