/// Values along an axis: time-activity curves, spectra, trends over visits.
public struct LineChart: Chart {
    /// Values of one kind.
    public struct Series: Sendable {
        /// How values are drawn.
        public enum Style: Sendable { case line, points, linesAndPoints, dashed }

        /// Its name in the legend; empty for none.
        public var name: String
        /// Places along x.
        public var x: [Double]
        /// Values; NaN leaves a gap.
        public var y: [Double]
        /// The interval around each value; empty for none, NaN where one has none.
        public var low, high: [Double]
        /// How values are drawn.
        public var style: Style
        /// Its colour; `nil` for the next of the theme's.
        public var ink: Ink?
        /// The shape of its points; `nil` for the next.
        public var shape: Picture.Shape?
        /// What is printed beside each point; empty for nothing.
        public var labels: [String] = []
        /// The dashes of its line where it has a look of its own, points; `nil` for what the style says.
        public var dash: [Double]?
        /// The points, by place, that are drawn open: values that cannot be relied on.
        public var open: Set<Int> = []
        /// The line's width, points.
        public var width = 2.2

        /// A series. `x` and `y` have the same length; `low` and `high` too, or none.
        public init(
            _ name: String, x: [Double], y: [Double], low: [Double] = [], high: [Double] = [], style: Style = .line,
            ink: Ink? = nil, shape: Picture.Shape? = nil
        ) {
            precondition(x.count == y.count, "every value has its place")
            precondition(low.count == high.count && (low.isEmpty || low.count == y.count), "intervals fit the values")
            (self.name, self.x, self.y, self.low, self.high) = (name, x, y, low, high)
            (self.style, self.ink, self.shape) = (style, ink, shape)
        }
    }

    /// A shaded range of an axis: a frequency band, the limits of repeatability.
    public struct Band: Sendable {
        /// Along which axis it runs.
        public enum Direction: Sendable { case alongX, alongY }
        /// Whether the range is one of x or of y.
        public var direction: Direction
        /// From where to where.
        public var range: ClosedRange<Double>
        /// What it is, for the legend; empty for nothing.
        public var label: String

        /// A band.
        public init(_ direction: Direction, _ range: ClosedRange<Double>, label: String = "") {
            (self.direction, self.range, self.label) = (direction, range, label)
        }
    }

    /// A place along x worth a line: a peak, surgery, the end of immunosuppression.
    public struct Marker: Sendable {
        /// Where.
        public var x: Double
        /// What is there.
        public var label: String

        /// A marker.
        public init(x: Double, label: String) { (self.x, self.label) = (x, label) }
    }

    /// What the chart shows.
    public var title: String
    /// The axes.
    public var xAxis, yAxis: Axis
    /// What is drawn, the first lowest.
    public var series: [Series]
    /// Shaded ranges.
    public var bands: [Band]
    /// Vertical lines.
    public var markers: [Marker]
    /// Size in points.
    public var size: ChartSize
    /// Room beside the plot; `nil` for what the labels need.
    public var margins: PlotMargins?

    /// A chart.
    public init(
        title: String, xAxis: Axis, yAxis: Axis, series: [Series], bands: [Band] = [], markers: [Marker] = [],
        size: ChartSize = .half
    ) {
        (self.title, self.xAxis, self.yAxis, self.series) = (title, xAxis, yAxis, series)
        (self.bands, self.markers, self.size) = (bands, markers, size)
    }

    /// The drawing.
    public var picture: Picture {
        let looks = series.indices.map { place in
            (ink: series[place].ink ?? .series(place), shape: series[place].shape ?? Self.shape(place))
        }
        var frame = ChartFrame(
            size: size, title: title, xAxis: xAxis, yAxis: yAxis,
            x: AxisScale(xAxis, holding: series.flatMap(\.x) + limits(.alongX), count: size.width > 800 ? 12 : 7),
            y: AxisScale(yAxis, holding: series.flatMap { $0.y + $0.low + $0.high } + limits(.alongY), count: 5),
            keys: series.indices.filter { !series[$0].name.isEmpty }
                .map { key(series[$0], looks[$0].ink, looks[$0].shape) }
                + bands.filter { !$0.label.isEmpty }
                .map {
                    ChartFrame.Key(
                        name: $0.label, ink: .band, shape: nil, isLine: false, opacity: Self.bandOpacity, edge: .axis)
                },
            markers: markers, leftMargin: margins?.left, rightMargin: margins?.right ?? 18)
        for band in bands { draw(band, in: &frame) }
        for (place, one) in series.enumerated() { draw(one, looks[place].ink, looks[place].shape, in: &frame) }
        drawMarkers(in: &frame)
        return frame.finish()
    }

    private func limits(_ direction: Band.Direction) -> [Double] {
        bands.filter { $0.direction == direction }.flatMap { [$0.range.lowerBound, $0.range.upperBound] }
    }

    /// Bands that cross are darker where they do, and the grid shows through.
    private static let bandOpacity = 0.22

    private static func shape(_ place: Int) -> Picture.Shape {
        Picture.Shape.allCases[place % Picture.Shape.allCases.count]
    }

    private func key(_ series: Series, _ ink: Ink, _ shape: Picture.Shape) -> ChartFrame.Key {
        let hasPoints = series.style == .points || series.style == .linesAndPoints
        return ChartFrame.Key(
            name: series.name, ink: ink, shape: hasPoints ? shape : nil, isLine: series.style != .points,
            dash: series.dashes)
    }
}

extension LineChart.Series {
    var dashes: [Double] { dash ?? (style == .dashed ? [6, 4] : []) }
}

// MARK: - Drawing

extension LineChart {
    private func draw(_ band: Band, in frame: inout ChartFrame) {
        let plot = frame.plot
        let box: Box
        switch band.direction {
        case .alongX:
            let (left, right) = (frame.across(band.range.lowerBound), frame.across(band.range.upperBound))
            box = Box(x: left, y: plot.y, width: right - left, height: plot.height)
        case .alongY:
            let (top, bottom) = (frame.up(band.range.upperBound), frame.up(band.range.lowerBound))
            box = Box(x: plot.x, y: top, width: plot.width, height: bottom - top)
        }
        frame.add(.box(box, fill: .band, opacity: Self.bandOpacity))
    }

    private func draw(_ series: Series, _ ink: Ink, _ shape: Picture.Shape, in frame: inout ChartFrame) {
        let places = zip(series.x, series.y).map { frame.place($0, $1) }
        if series.style != .points { drawInterval(series, ink, in: &frame) }
        if series.style != .points {
            for run in Self.runs(places) {
                frame.add(.line(run, ink, width: series.width, dash: series.dashes))
            }
        }
        guard series.style == .points || series.style == .linesAndPoints else { return }
        for (index, place) in places.enumerated() {
            guard let place else { continue }
            drawErrorBar(series, index, ink, in: &frame)
            frame.add(
                .point(
                    place, shape, ink, radius: series.y.count > 60 ? 2.6 : 4.2, isOpen: series.open.contains(index)))
            drawLabel(series, index, beside: place, in: &frame)
        }
    }

    /// A ribbon under a line that has no points; points have bars instead.
    private func drawInterval(_ series: Series, _ ink: Ink, in frame: inout ChartFrame) {
        guard !series.low.isEmpty, series.style == .line || series.style == .dashed else { return }
        var upper: [Point] = []
        var lower: [Point] = []
        for index in series.x.indices {
            guard let top = frame.place(series.x[index], series.high[index]),
                let bottom = frame.place(series.x[index], series.low[index])
            else { continue }
            upper.append(top)
            lower.append(bottom)
        }
        frame.add(.area(upper + lower.reversed(), ink, opacity: 0.18))
    }

    private func drawErrorBar(_ series: Series, _ index: Int, _ ink: Ink, in frame: inout ChartFrame) {
        guard !series.low.isEmpty, let top = frame.place(series.x[index], series.high[index]),
            let bottom = frame.place(series.x[index], series.low[index])
        else { return }
        frame.add(.line([top, bottom], ink, width: 1.5))
        for end in [top, bottom] {
            frame.add(.line([Point(end.x - 4, end.y), Point(end.x + 4, end.y)], ink, width: 1.5))
        }
    }

    private func drawMarkers(in frame: inout ChartFrame) {
        for marker in markers {
            let at = frame.across(marker.x)
            frame.add(
                .line([Point(at, frame.plot.y - 3), Point(at, frame.plot.bottom)], .text, width: 1.3, dash: [4, 3]))
        }
    }

    /// A label above its point, on the side the line to the next point does not pass.
    private func drawLabel(_ series: Series, _ index: Int, beside place: Point, in frame: inout ChartFrame) {
        guard index < series.labels.count, !series.labels[index].isEmpty else { return }
        let width = Canvas.width(of: series.labels[index], size: 12)
        let next = index + 1 < series.y.count ? frame.place(series.x[index + 1], series.y[index + 1]) : nil
        let isPassedOnRight = next.map { $0.x > place.x && $0.y < place.y } ?? false
        let fits = (left: place.x - 8 - width > frame.plot.x, right: place.x + 8 + width < frame.plot.right)
        let goesLeft = isPassedOnRight ? fits.left : !fits.right
        let at = Point(place.x + (goesLeft ? -7 : 7), place.y - 7)
        frame.add(.text(series.labels[index], at, size: 12, anchor: goesLeft ? .end : .start))
    }

    /// Runs of places without gaps.
    private static func runs(_ places: [Point?]) -> [[Point]] {
        places.split { $0 == nil }.map { $0.map { $0! } }
    }
}
