/// Something that can be drawn as a picture of its own: in pixels, or as SVG for a page.
public protocol Chart: Sendable {
    /// The drawing.
    var picture: Picture { get }
}

extension Chart {
    /// The chart in pixels, `scale` of them to a point.
    public func draw(scale: Double = 2, theme: Theme = .light) -> RGBAImage {
        picture.image(scale: scale, theme: theme)
    }

    /// The chart as an `<svg>` element; `alternative` says what it shows. Throws where a heat map cannot be written.
    public func svg(alternative: String) throws(PNGError) -> String { try picture.svg(alternative: alternative) }
}

/// The size of a chart in points.
public struct ChartSize: Sendable, Equatable {
    /// Points.
    public var width, height: Double
    /// Whether words stand close around the plot, and the title on their first line: panels of a page.
    public var isDense: Bool

    /// A size.
    public init(width: Double, height: Double, isDense: Bool = false) {
        (self.width, self.height, self.isDense) = (width, height, isDense)
    }

    /// Two of these fit beside each other on a page.
    public static let half = ChartSize(width: 620, height: 360)
    /// As wide as a page.
    public static let whole = ChartSize(width: 1240, height: 380)
}

/// Room beside a plot, so that plots above each other have the same edges.
public struct PlotMargins: Sendable, Equatable {
    /// Points from the picture's edge to the plot's.
    public var left, right: Double

    /// Margins.
    public init(left: Double, right: Double) { (self.left, self.right) = (left, right) }
}

/// Title, legend, axes and grid around a plot; charts put their marks between `grid` and `front`.
struct ChartFrame {
    /// Sizes of text in points.
    enum TextSize {
        static let title = 16.0
        static let label = 13.0
        static let tick = 12.5
    }

    /// An entry of the legend.
    struct Key {
        var name: String
        var ink: Ink
        var shape: Picture.Shape?
        var isLine: Bool
        var dash: [Double] = []
        var opacity = 1.0
        var edge: Ink?
        var isOpen = false
    }

    let size: ChartSize
    let plot: Box
    let x, y: AxisScale
    /// Sizes of words here: smaller where the chart is dense.
    let labelSize, tickSize: Double
    private(set) var marks: [Picture.Mark] = []

    init(
        size: ChartSize, title: String, xAxis: Axis, yAxis: Axis, x: AxisScale, y: AxisScale, keys: [Key],
        markers: [LineChart.Marker] = [], above: Axis? = nil, leftMargin: Double? = nil,
        rightMargin: Double = 18, hasVerticalGrid: Bool = true, tickLines: Int = 1
    ) {
        (self.size, self.x, self.y) = (size, x, y)
        (labelSize, tickSize) = size.isDense ? (11.5, 11) : (TextSize.label, TextSize.tick)
        let (labelSize, tickSize) = (labelSize, tickSize)
        let tickWidth = y.shownTicks.map { Canvas.width(of: $0.label, size: tickSize) }.max() ?? 0
        let left = leftMargin ?? 8 + tickWidth + 10
        let isDense = size.isDense
        let titleRoom = isDense ? (title.isEmpty ? -5.0 : 12) : 20
        let (legend, legendBottom) = Self.legend(
            keys, from: Point(left, titleRoom + (isDense ? 16 : 24)), width: size.width - left - 12, size: labelSize)
        let head =
            isDense
            ? (keys.isEmpty ? titleRoom : legendBottom) + (yAxis.title.isEmpty ? 2 : 17)
            : (keys.isEmpty ? 20 : legendBottom) + 28
        let width = size.width - left - rightMargin
        let labels = Self.markerLabels(markers, x, left: left, width: width, size: tickSize)
        let rowsAbove = (labels.map(\.row).max().map { $0 + 1 } ?? 0) + (above == nil ? 0 : 1)
        let top = head + (isDense ? 6 : 10) + 18 * Double(rowsAbove)
        let foot = isDense ? (xAxis.title.isEmpty ? 6.0 : 20) : (xAxis.title.isEmpty ? 12.0 : 34)
        let bottom = size.height - foot - 16 * Double(tickLines)
        plot = Box(x: left, y: top, width: width, height: bottom - top)
        let titleSize = isDense ? 12 : TextSize.title
        marks.append(.text(title, Point(left, isDense ? 12 : 22), size: titleSize, bold: true))
        marks += legend
        marks.append(.text(yAxis.title, Point(left, head), size: labelSize, .muted))
        marks.append(
            .text(
                xAxis.title, Point(plot.x + plot.width / 2, size.height - (isDense ? 4 : 10)), size: labelSize,
                anchor: .middle,
                .muted))
        drawGrid(hasVerticalGrid)
        if let above { draw(above, atTop: head) }
        for (marker, label) in zip(markers, labels) {
            let place = Point(label.start, top - 7 - 18 * Double(label.row))
            marks.append(.text(marker.label, place, size: tickSize, bold: true))
        }
    }

    /// Where the labels of markers stand above the plot: over their lines, in further rows where they would meet.
    private static func markerLabels(
        _ markers: [LineChart.Marker], _ x: AxisScale, left: Double, width: Double, size: Double
    ) -> [(start: Double, row: Int)] {
        var taken: [(row: Int, start: Double, end: Double)] = []
        return markers.map { marker in
            let length = Canvas.width(of: marker.label, size: size, bold: true)
            let middle = left + min(max(x.share(marker.x) ?? 0, 0), 1) * width
            let start = min(max(middle - length / 2, left), left + width - length)
            let row = (0...markers.count).first { row in
                !taken.contains { $0.row == row && $0.start < start + length + 10 && start < $0.end + 10 }
            }!
            taken.append((row, start, start + length))
            return (start, row)
        }
    }

    /// The place of a pair of values; `nil` where a logarithm has none.
    func place(_ xValue: Double, _ yValue: Double) -> Point? {
        guard let sx = x.share(xValue), let sy = y.share(yValue) else { return nil }
        return Point(plot.x + sx * plot.width, plot.bottom - sy * plot.height)
    }

    /// The place of a value along x, kept inside the plot.
    func across(_ value: Double) -> Double { plot.x + min(max(x.share(value) ?? 0, 0), 1) * plot.width }

    /// The place of a value along y, kept inside the plot.
    func up(_ value: Double) -> Double { plot.bottom - min(max(y.share(value) ?? 0, 0), 1) * plot.height }

    mutating func add(_ mark: Picture.Mark) { marks.append(mark) }

    /// The drawing, with the axes on top of what was added.
    func finish() -> Picture {
        let axes: Picture.Mark = .line(
            [Point(plot.x, plot.y), Point(plot.x, plot.bottom), Point(plot.right, plot.bottom)], .axis, width: 1.2)
        return Picture(width: size.width, height: size.height, marks: marks + [axes])
    }

    private mutating func drawGrid(_ hasVerticalGrid: Bool) {
        for tick in y.shownTicks {
            let at = up(tick.value)
            marks.append(.line([Point(plot.x, at), Point(plot.right, at)], .grid, width: 1))
            marks.append(.text(tick.label, Point(plot.x - 8, at + 4.5), size: tickSize, anchor: .end, .muted))
        }
        var free = -Double.infinity
        for tick in x.shownTicks {
            let at = across(tick.value)
            if hasVerticalGrid { marks.append(.line([Point(at, plot.y), Point(at, plot.bottom)], .grid, width: 1)) }
            let half = Canvas.width(of: tick.label, size: tickSize) / 2
            guard at - half > free else { continue }
            marks.append(.text(tick.label, Point(at, plot.bottom + 18), size: tickSize, anchor: .middle, .muted))
            free = at + half + 8
        }
    }

    /// A second scale along x, above the plot; its ticks lie in the units of the first.
    private mutating func draw(_ axis: Axis, atTop head: Double) {
        marks.append(.text(axis.title, Point(plot.right, head), size: labelSize, anchor: .end, .muted))
        var free = -Double.infinity
        for (value, label) in zip(axis.ticks?.values ?? [], axis.ticks?.labels ?? []) {
            guard let share = x.share(value), share > -1e-6, share < 1 + 1e-6 else { continue }
            let (at, half) = (across(value), Canvas.width(of: label, size: tickSize) / 2)
            guard at - half > free else { continue }
            marks.append(.line([Point(at, plot.y - 4), Point(at, plot.y)], .axis, width: 1))
            marks.append(.text(label, Point(at, plot.y - 7), size: tickSize, anchor: .middle, .muted))
            free = at + half + 8
        }
    }

    /// Names with samples, row by row; also where the last row ends.
    private static func legend(_ keys: [Key], from start: Point, width: Double, size: Double) -> (
        [Picture.Mark], Double
    ) {
        var marks: [Picture.Mark] = []
        var at = start
        for key in keys {
            let length = 34 + Canvas.width(of: key.name, size: size) + (size < TextSize.label ? 9 : 18)
            if at.x > start.x && at.x + length > start.x + width { at = Point(start.x, at.y + 20) }
            let middle = at.y - 4.5
            if key.isLine {
                marks.append(
                    .line([Point(at.x, middle), Point(at.x + 26, middle)], key.ink, width: 2.2, dash: key.dash))
            }
            if let shape = key.shape {
                marks.append(.point(Point(at.x + 13, middle), shape, key.ink, radius: 4.2, isOpen: key.isOpen))
            } else if !key.isLine {
                marks.append(
                    .box(
                        Box(x: at.x + 6, y: middle - 6, width: 14, height: 12), fill: key.ink, opacity: key.opacity,
                        stroke: key.edge ?? key.ink))
            }
            marks.append(.text(key.name, Point(at.x + 33, at.y), size: size))
            at.x += length
        }
        return (marks, at.y)
    }
}
