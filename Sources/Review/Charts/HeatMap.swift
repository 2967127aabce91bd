/// Values over two axes as colours: a spectrogram.
public struct HeatMap: Chart {
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
    /// The colours.
    public var colors: ColorMap
    /// Size in points.
    public var size: ChartSize

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
                .map { ChartFrame.Key(name: $0.name, ink: $0.ink ?? .fixed(Self.lineColor), shape: nil, isLine: true) },
            rightMargin: 18 + max(14 + 8 + barText, heading) + 10, hasVerticalGrid: false)
        frame.add(.image(cells(scale), frame.plot))
        for line in lines { draw(line, in: &frame) }
        drawBar(scale, in: &frame)
        return frame.finish()
    }

    /// Pink stays visible on every colour of the map, and on paper.
    private static let lineColor = Color(hex: 0xFF3D9A)

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
            frame.add(.line(run.map { $0! }, line.ink ?? .fixed(Self.lineColor), width: 2))
        }
    }

    private func drawBar(_ scale: AxisScale, in frame: inout ChartFrame) {
        let plot = frame.plot
        let bar = Box(x: plot.right + 18, y: plot.y, width: 14, height: plot.height)
        var strip = RGBAImage(width: 1, height: 256, filledWith: Color(0, 0, 0))
        for step in 0..<256 { strip[0, 255 - step] = colors.table[step] }
        frame.add(.image(strip, bar))
        frame.add(.box(bar, fill: nil, stroke: .axis))
        frame.add(.text(valueAxis.title, Point(bar.x, plot.y - 10), size: ChartFrame.TextSize.label, .muted))
        for tick in scale.shownTicks {
            let at = frame.plot.bottom - (scale.share(tick.value) ?? 0) * bar.height
            frame.add(.line([Point(bar.right, at), Point(bar.right + 4, at)], .axis, width: 1))
            frame.add(.text(tick.label, Point(bar.right + 8, at + 4.5), size: ChartFrame.TextSize.tick, .muted))
        }
    }
}
