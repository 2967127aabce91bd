import Records

/// A finished sheet of slices: the picture, and where on it everything lies.
public struct SliceSheet: Sendable {
    /// A slice on the sheet.
    public struct Panel: Sendable {
        /// What it shows.
        public let plane: SlicePlane
        /// Its row on the sheet, from 0.
        public let row: Int
        /// The pixel of its upper left corner.
        public let x, y: Int
    }

    /// The picture.
    public let image: RGBAImage
    /// Its slices, row by row.
    public let panels: [Panel]
    /// Its colour bars, in pixels: the top edge is the highest value of the window.
    public let bars: [Box]
}

/// A sheet of slices being laid out: rows of painted planes, colour bars at the right, words around them.
struct SliceSheetDrawing {
    struct Row {
        var heading: String
        var slices: [(plane: SlicePlane, image: RGBAImage)]
    }

    struct Bar {
        var rows: ClosedRange<Int>
        var window: ClosedRange<Double>
        var unit: String
        var colors: ColorMap
    }

    var title: String
    var rows: [Row]
    var bars: [Bar]
    var legend: [(name: String, color: Color)]
    var notes: String

    private static let margin = 20
    private static let gap = 8
    /// Below each slice, for its position.
    private static let positionHeight = 24
    private static let rowHeading = 30
    private static let barSpace = 118
    private static let theme = Theme.dark

    /// The width in pixels that is not slices.
    static func surround(columns: Int) -> Int { 2 * margin + barSpace + gap * max(0, columns - 1) }

    func draw() -> SliceSheet {
        let columns = columnEdges
        let width = max(columns.last! + (bars.isEmpty ? 0 : Self.barSpace) + Self.margin, 560)
        let legendLines = self.legendLines(width: Double(width - 2 * Self.margin))
        let top = title.isEmpty ? 44 : 76
        var panels: [SliceSheet.Panel] = []
        var rowBoxes: [(top: Int, bottom: Int)] = []
        var y = top
        for (number, row) in rows.enumerated() {
            if !row.heading.isEmpty { y += Self.rowHeading }
            let height = row.slices.map(\.image.height).max() ?? 0
            for (column, slice) in row.slices.enumerated() {
                let free = columns[column + 1] - columns[column] - Self.gap - slice.image.width
                panels.append(
                    SliceSheet.Panel(plane: slice.plane, row: number, x: columns[column] + free / 2, y: y))
            }
            rowBoxes.append((y, y + height))
            y += height + Self.positionHeight + Self.gap
        }
        let height = y + legendLines.count * 22 + (legendLines.isEmpty ? 0 : 6) + 58
        let canvas = Canvas(width: Double(width), height: Double(height), background: Self.theme.paper)
        drawHead(canvas)
        for (panel, slice) in zip(panels, rows.flatMap(\.slices)) { drawPanel(canvas, panel, slice.image) }
        for (row, box) in zip(rows, rowBoxes) where !row.heading.isEmpty {
            canvas.text(
                row.heading, at: Point(Double(Self.margin), Double(box.top - 9)), size: 15, bold: true,
                color: Self.theme.text)
        }
        let barBoxes = bars.map { bar in
            Box(
                x: Double(columns.last! + 12), y: Double(rowBoxes[bar.rows.lowerBound].top + 26), width: 16,
                height: Double(min(rowBoxes[bar.rows.upperBound].bottom - rowBoxes[bar.rows.lowerBound].top - 40, 420)))
        }
        for (bar, box) in zip(bars, barBoxes) { drawBar(canvas, bar, box) }
        drawLegend(canvas, legendLines, top: y)
        drawFoot(canvas, height: Double(height))
        return SliceSheet(image: canvas.finish(), panels: panels, bars: barBoxes)
    }

    /// Left edges of the columns, then the right end of the last with its gap.
    private var columnEdges: [Int] {
        var edges = [Self.margin]
        for column in 0..<(rows.map(\.slices.count).max() ?? 0) {
            let widest = rows.compactMap { column < $0.slices.count ? $0.slices[column].image.width : nil }.max() ?? 0
            edges.append(edges.last! + widest + Self.gap)
        }
        return edges
    }
}

// MARK: - Parts

extension SliceSheetDrawing {
    private func drawHead(_ canvas: Canvas) {
        if !title.isEmpty {
            canvas.text(title, at: Point(Double(Self.margin), 32), size: 20, bold: true, color: Self.theme.text)
        }
        canvas.text(
            notes, at: Point(Double(Self.margin), title.isEmpty ? 26 : 57), size: 13, color: Self.theme.muted)
    }

    private func drawFoot(_ canvas: Canvas, height: Double) {
        let left = Double(Self.margin)
        canvas.text(Engraft.researchUse, at: Point(left, height - 34), size: 13, bold: true, color: Self.theme.text)
        canvas.text(
            "Positions are millimetres in the image's own space (x right, y anterior, z superior). Linear interpolation.",
            at: Point(left, height - 14), size: 12, color: Self.theme.muted)
    }

    private func drawPanel(_ canvas: Canvas, _ panel: SliceSheet.Panel, _ image: RGBAImage) {
        let (x, y) = (Double(panel.x), Double(panel.y))
        let (w, h) = (Double(image.width), Double(image.height))
        canvas.image(image, in: Box(x: x, y: y, width: w, height: h))
        let marks = panel.plane.marks
        mark(canvas, marks.left, Point(x + 5, y + h / 2 + 5), .start)
        mark(canvas, marks.right, Point(x + w - 5, y + h / 2 + 5), .end)
        mark(canvas, marks.top, Point(x + w / 2, y + 15), .middle)
        mark(canvas, marks.bottom, Point(x + w / 2, y + h - 5), .middle)
        canvas.text(
            "\(panel.plane.orientation.axisName) \(panel.plane.position.text(decimals: 1)) mm",
            at: Point(x + w / 2, y + h + 17),
            size: 13, anchor: .middle, color: Self.theme.text)
    }

    /// A letter with a dark edge, readable on any slice.
    private func mark(_ canvas: Canvas, _ letter: String, _ place: Point, _ anchor: Canvas.Anchor) {
        for (dx, dy) in [(-1.0, 0.0), (1, 0), (0, -1), (0, 1)] {
            canvas.text(
                letter, at: Point(place.x + dx, place.y + dy), size: 13, anchor: anchor, bold: true,
                color: Color(0, 0, 0, alpha: 200))
        }
        canvas.text(letter, at: place, size: 13, anchor: anchor, bold: true, color: Color(hex: 0xFFFFFF))
    }

    private func drawBar(_ canvas: Canvas, _ bar: Bar, _ box: Box) {
        var strip = RGBAImage(width: 1, height: 256, filledWith: Color(0, 0, 0))
        for step in 0..<256 { strip[0, 255 - step] = bar.colors.table[step] }
        canvas.image(strip, in: box)
        canvas.rectangle(box, stroke: Self.theme.axis)
        canvas.text(bar.unit, at: Point(box.x, box.y - 12), size: 13, bold: true, color: Self.theme.text)
        for tick in Self.ticks(bar.window, height: box.height) {
            let share = (tick.value - bar.window.lowerBound) / (bar.window.upperBound - bar.window.lowerBound)
            let at = box.bottom - share * box.height
            canvas.line([Point(box.right, at), Point(box.right + 5, at)], color: Self.theme.axis)
            canvas.text(tick.label, at: Point(box.right + 9, at + 4.5), size: 13, color: Self.theme.text)
        }
    }

    /// Round values inside, 16 pixels and more apart, and the two ends always.
    private static func ticks(_ window: ClosedRange<Double>, height: Double) -> [(value: Double, label: String)] {
        let inner = Ticks(inside: window, count: 5)
        let perPixel = (window.upperBound - window.lowerBound) / height
        let decimals = inner.labels.map { $0.split(separator: ".").dropFirst().first?.count ?? 0 }.max() ?? 0
        var ticks = zip(inner.values, inner.labels).map { (value: $0.0, label: $0.1) }
        for end in [window.lowerBound, window.upperBound] {
            if ticks.contains(where: { abs($0.value - end) < perPixel * 0.01 }) { continue }
            ticks.removeAll { abs($0.value - end) < perPixel * 16 }
            ticks.append((end, end.text(decimals: max(decimals, 2), trimmed: true)))
        }
        return ticks.sorted { $0.value < $1.value }
    }

    private func legendLines(width: Double) -> [[(name: String, color: Color, x: Double)]] {
        var lines: [[(name: String, color: Color, x: Double)]] = []
        var x = width
        for entry in legend {
            let length = 22 + Canvas.width(of: entry.name, size: 13) + 20
            if lines.isEmpty || x + length > width {
                lines.append([])
                x = 0
            }
            lines[lines.count - 1].append((entry.name, entry.color, x))
            x += length
        }
        return lines
    }

    private func drawLegend(_ canvas: Canvas, _ lines: [[(name: String, color: Color, x: Double)]], top: Int) {
        for (number, line) in lines.enumerated() {
            let baseline = Double(top + 16 + number * 22)
            for entry in line {
                let x = Double(Self.margin) + entry.x
                canvas.rectangle(
                    Box(x: x + 1, y: baseline - 11, width: 13, height: 11), stroke: entry.color, width: 2)
                canvas.text(entry.name, at: Point(x + 22, baseline), size: 13, color: Self.theme.text)
            }
        }
    }
}
