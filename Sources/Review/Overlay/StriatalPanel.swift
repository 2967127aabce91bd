/// Slices through the striatum with visits side by side: first visit, later visit, and what changed between them.
public struct StriatalPanel: Sendable {
    /// The drawing on a dark ground, in points.
    public let picture: Picture

    /// Three axial slices through the target of a view, a row each, and its scans in columns.
    ///
    /// With two scans and more the columns are the first, the last, and the change between them unless `showsChange` is
    /// false; then every scan has a column. `size` is the size of the drawing.
    public init(
        of view: StriatalView, size: ChartSize, slices: Int = 3, showsChange: Bool = true
    ) throws(OverlayError) {
        let planes: [SlicePlane] = try view.planes(slices, through: view.target, pixelSize: 0.5).reversed()
        let last = view.scans.count - 1
        let contents: [(content: StriatalView.Content, name: String)] =
            last == 0
            ? [(.scan(0), view.scans[0].name)]
            : showsChange
                ? [(.scan(0), view.scans[0].name), (.scan(last), view.scans[last].name), (.change(last), "Change")]
                : view.scans.enumerated().map { (.scan($0), $1.name) }
        let hasChange = contents.contains { $0.content == .change(last) }
        let words = view.legend
        let lines = Self.legend(words, top: 0, width: size.width).lines
        let layout = Layout(
            planes: planes, columns: contents.count, size: size, foot: 22 + 15 * Double(lines))
        var picture = Picture(width: size.width, height: size.height)
        for (column, content) in contents.enumerated() {
            let images = view.paint(content.content, on: planes)
            picture.marks.append(
                .text(
                    content.name, Point(layout.box(0, column).x, 14), size: 12, bold: true))
            for (row, image) in images.enumerated() {
                picture.marks += Self.slice(image, planes[row], layout.box(row, column), showsMarks: true)
            }
        }
        let right = layout.box(0, contents.count - 1).right + 10
        let bars = hasChange ? 2.0 : 1.0
        let height = (layout.bottom - 46) / bars - 24
        picture.marks += Self.bar(
            .hot, view.window, view.unit, Box(x: right, y: 34, width: 11, height: height))
        if hasChange {
            picture.marks += Self.bar(
                .difference, -view.changeLimit...view.changeLimit, "Δ \(view.unit)",
                Box(x: right, y: 34 + height + 38, width: 11, height: height))
        }
        picture.marks += Self.legend(words, top: layout.bottom + 16, width: size.width).marks
        picture.marks.append(.text(view.notes, Point(8, size.height - 6), size: 10, .muted))
        self.picture = picture
    }

    /// Where slices stand.
    private struct Layout {
        let cell: (width: Double, height: Double)
        let rows: Int
        let foot: Double
        private static let (left, top, gap, bar) = (8.0, 20.0, 4.0, 62.0)

        init(planes: [SlicePlane], columns: Int, size: ChartSize, foot: Double) {
            self.foot = foot
            let (width, height) = (Double(planes[0].width), Double(planes[0].height))
            rows = planes.count
            let across = (size.width - 2 * Self.left - Self.bar) / Double(columns) - Self.gap
            let down = (size.height - Self.top - foot) / Double(rows) - Self.gap
            let scale = min(across / width, down / height)
            cell = (width * scale, height * scale)
        }

        func box(_ row: Int, _ column: Int) -> Box {
            Box(
                x: Self.left + Double(column) * (cell.width + Self.gap),
                y: Self.top + Double(row) * (cell.height + Self.gap), width: cell.width, height: cell.height)
        }

        var bottom: Double { box(rows - 1, 0).bottom }
    }

    private static func slice(_ image: RGBAImage, _ plane: SlicePlane, _ box: Box, showsMarks: Bool) -> [Picture.Mark] {
        let white = Ink.fixed(Color(hex: 0xFFFFFF))
        let middle = box.y + box.height / 2 + 4
        return [
            .image(image, box),
            .text(plane.marks.left, Point(box.x + 3, middle), size: 11, bold: true, white),
            .text(plane.marks.right, Point(box.right - 3, middle), size: 11, anchor: .end, bold: true, white),
            .text(
                "z \(plane.position.text(decimals: 1)) mm", Point(box.x + 3, box.bottom - 4), size: 9.5, white),
        ]
    }

    private static func bar(_ colors: ColorMap, _ window: ClosedRange<Double>, _ unit: String, _ box: Box)
        -> [Picture.Mark]
    {
        var strip = RGBAImage(width: 1, height: 256, filledWith: Color(0, 0, 0))
        for step in 0..<256 { strip[0, 255 - step] = colors.table[step] }
        var marks: [Picture.Mark] = [
            .image(strip, box), .box(box, fill: nil, stroke: .axis),
            .text(unit, Point(box.x, box.y - 8), size: 10.5, bold: true),
        ]
        let ticks = Ticks(inside: window, count: 4)
        for (value, label) in zip(ticks.values, ticks.labels) {
            let share = (value - window.lowerBound) / (window.upperBound - window.lowerBound)
            marks.append(.text(label, Point(box.right + 5, box.bottom - share * box.height + 3.5), size: 10))
        }
        return marks
    }

    private static func legend(
        _ entries: [(name: String, color: Color)], top: Double, width: Double
    ) -> (marks: [Picture.Mark], lines: Int) {
        var marks: [Picture.Mark] = []
        var (x, line) = (8.0, 0)
        for (name, color) in entries {
            let length = 15 + Canvas.width(of: name, size: 10) + 10
            if x > 8, x + length > width { (x, line) = (8, line + 1) }
            let y = top + 15 * Double(line)
            marks.append(.box(Box(x: x, y: y - 8, width: 10, height: 8), fill: nil, stroke: .fixed(color)))
            marks.append(.text(name, Point(x + 15, y), size: 10))
            x += length
        }
        return (marks, line + 1)
    }
}
