import Records

/// One row a day, 24 hours across: how much of the time something was there, and when nobody could tell.
public struct DayStrip: Chart {
    /// A day.
    public struct Row: Sendable, Equatable {
        /// Its name, left of it.
        public var name: String
        /// What it comes to, right of it.
        public var summary: String
        /// Shares, 0 to 1, of equal parts of the day from midnight on; NaN, drawn as paper, where there are no data.
        public var shares: [Double]
        /// When the sensor was not worn, s from midnight.
        public var notWorn: [Range<Double>]

        /// A day of at least one part.
        public init(name: String, summary: String, shares: [Double], notWorn: [Range<Double>] = []) {
            precondition(!shares.isEmpty, "a day has parts")
            (self.name, self.summary, self.shares, self.notWorn) = (name, summary, shares, notWorn)
        }
    }

    /// What it shows.
    public var title: String
    /// What the colours mean: "Time with tremor".
    public var label: String
    /// What stands above the summaries.
    public var summaryLabel: String
    /// What runs across: "Time of day".
    public var timeLabel: String
    /// Whether hours are printed as times of day, 06:00, or as hours from the row's start.
    public var isTimeOfDay: Bool
    /// Days, the first on top.
    public var rows: [Row]
    /// Points across.
    public var width: Double
    /// Room beside the rows.
    public var margins: PlotMargins

    /// A strip of at least one day.
    public init(
        title: String, label: String, summaryLabel: String = "", timeLabel: String, isTimeOfDay: Bool = true,
        rows: [Row], width: Double = ChartSize.whole.width, margins: PlotMargins = PlotMargins(left: 70, right: 130)
    ) {
        precondition(!rows.isEmpty, "a strip has days")
        (self.title, self.label, self.summaryLabel, self.timeLabel) = (title, label, summaryLabel, timeLabel)
        (self.isTimeOfDay, self.rows, self.width, self.margins) = (isTimeOfDay, rows, width, margins)
    }

    /// Pale to dark, so that nothing found is told from no data, which is paper.
    static let colors = ColorMap([
        (0, 0xE3EEF7), (0.15, 0xB7D3EA), (0.4, 0x6BA0CF), (0.7, 0x3A5BA6), (1, 0x3B0F5C),
    ])

    /// The share that has the darkest colour: a round one.
    public var top: Double {
        let highest = rows.flatMap(\.shares).filter(\.isFinite).max() ?? 0
        return [0.1, 0.25, 0.5].first { $0 >= highest } ?? 1
    }

    /// Rows are lower where there are many.
    private var rowHeight: Double { rows.count <= 10 ? 26 : rows.count <= 40 ? 16 : 9 }
    private var gap: Double { rows.count <= 10 ? 5 : 2 }
    private static let head = 84.0

    /// The rows' rectangle.
    var plot: Box {
        Box(
            x: margins.left, y: Self.head, width: width - margins.left - margins.right,
            height: Double(rows.count) * (rowHeight + gap) - gap)
    }

    /// The drawing.
    public var picture: Picture {
        let plot = plot
        var picture = Picture(width: width, height: plot.bottom + 50)
        picture.marks.append(.text(title, Point(plot.x, 22), size: ChartFrame.TextSize.title, bold: true))
        picture.marks += legend(plot)
        picture.marks.append(
            .text(
                summaryLabel, Point(plot.right + 10, plot.y - 10), size: ChartFrame.TextSize.tick, .muted))
        for (place, row) in rows.enumerated() {
            let box = Box(
                x: plot.x, y: plot.y + Double(place) * (rowHeight + gap), width: plot.width, height: rowHeight)
            draw(row, in: box, &picture)
        }
        drawHours(plot, &picture)
        return picture
    }

    private func draw(_ row: Row, in box: Box, _ picture: inout Picture) {
        let top = top
        var cells = RGBAImage(width: row.shares.count, height: 1, filledWith: Color(0, 0, 0, alpha: 0))
        for (part, share) in row.shares.enumerated() where share.isFinite { cells[part, 0] = Self.colors[share / top] }
        picture.marks.append(.image(cells, box))
        for range in row.notWorn {
            let (from, to) = (max(0, range.lowerBound), min(86400, range.upperBound))
            guard to > from else { continue }
            let worn = Box(
                x: box.x + from / 86400 * box.width, y: box.y, width: (to - from) / 86400 * box.width,
                height: box.height)
            picture.marks += Hatch.marks(in: worn) + Hatch.label("not worn", in: worn)
        }
        picture.marks.append(.box(box, fill: nil, stroke: .grid))
        guard rowHeight >= ChartFrame.TextSize.tick - 4 else { return }
        let size = min(ChartFrame.TextSize.tick, rowHeight)
        let base = box.y + box.height / 2 + size * 0.36
        picture.marks.append(.text(row.name, Point(box.x - 8, base), size: size, anchor: .end, .muted))
        picture.marks.append(.text(row.summary, Point(box.right + 10, base), size: size))
    }

    private func drawHours(_ plot: Box, _ picture: inout Picture) {
        for hour in stride(from: 0, through: 24, by: 2) {
            let at = plot.x + Double(hour) / 24 * plot.width
            picture.marks.append(.line([Point(at, plot.bottom), Point(at, plot.bottom + 4)], .axis, width: 1))
            let label = isTimeOfDay ? (hour < 10 ? "0" : "") + "\(hour):00" : "\(hour)"
            picture.marks.append(
                .text(label, Point(at, plot.bottom + 18), size: ChartFrame.TextSize.tick, anchor: .middle, .muted))
        }
        picture.marks.append(
            .text(
                timeLabel, Point(plot.x + plot.width / 2, plot.bottom + 40), size: ChartFrame.TextSize.label,
                anchor: .middle, .muted))
    }

    /// The colours with their numbers, and what is no colour.
    private func legend(_ plot: Box) -> [Picture.Mark] {
        let size = ChartFrame.TextSize.label
        var marks: [Picture.Mark] = [.text(label, Point(plot.x, 47), size: size)]
        var x = plot.x + Canvas.width(of: label, size: size) + 14
        marks.append(.text("0", Point(x, 47), size: size, .muted))
        x += Canvas.width(of: "0", size: size) + 6
        var strip = RGBAImage(width: 256, height: 1, filledWith: Color(0, 0, 0))
        for step in 0..<256 { strip[step, 0] = Self.colors.table[step] }
        let bar = Box(x: x, y: 36, width: 160, height: 13)
        marks += [.image(strip, bar), .box(bar, fill: nil, stroke: .axis)]
        x = bar.right + 6
        let most = fixed(100 * top, 0) + " %"
        marks.append(.text(most, Point(x, 47), size: size, .muted))
        x += Canvas.width(of: most, size: size) + 26
        if rows.contains(where: { !$0.notWorn.isEmpty }) {
            let box = Box(x: x, y: 36, width: 22, height: 13)
            marks += Hatch.marks(in: box) + [.text("not worn", Point(box.right + 7, 47), size: size)]
            x = box.right + 7 + Canvas.width(of: "not worn", size: size) + 26
        }
        let box = Box(x: x, y: 36, width: 22, height: 13)
        return marks + [
            .box(box, fill: .paper, stroke: .axis), .text("no data", Point(box.right + 7, 47), size: size),
        ]
    }
}
