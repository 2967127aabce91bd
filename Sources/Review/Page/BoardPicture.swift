/// The sheet of a board as one drawing, for a PNG that needs no browser.
struct BoardPicture {
    private var picture = Picture(width: PageBoard.sheet.width, height: PageBoard.sheet.height)

    /// The sheet of a page's board. `code` stands large at the top.
    static func picture(of board: PageBoard, code: String, version: String) -> Picture {
        var sheet = BoardPicture()
        sheet.drawHead(board, code, version)
        for panel in board.panels { sheet.draw(panel) }
        return sheet.picture
    }

    private mutating func add(_ mark: Picture.Mark) { picture.marks.append(mark) }

    private mutating func drawHead(_ board: PageBoard, _ code: String, _ version: String) {
        let width = Canvas.width(of: code, size: 26, bold: true)
        add(.text(code, Point(20, 40), size: 26, bold: true))
        var at = Point(20 + width + 34, 27)
        for fact in board.facts {
            let length =
                max(
                    Canvas.width(of: fact.name, size: 11), Canvas.width(of: fact.value, size: 14, bold: true)) + 26
            guard at.x + length < PageBoard.sheet.width else { break }
            add(.text(fact.name, at, size: 11, .muted))
            add(.text(fact.value, Point(at.x, at.y + 17), size: 14, bold: true))
            at.x += length
        }
        add(.box(Box(x: 20, y: 58, width: PageBoard.sheet.width - 40, height: 28), fill: nil, stroke: .text))
        add(.text(ReviewPage.notice, Point(32, 77), size: 14, bold: true))
        add(
            .text(
                "engraft \(version), sheet 1 of 2", Point(PageBoard.sheet.width - 32, 77), size: 12, anchor: .end,
                .muted))
    }

    private mutating func draw(_ panel: PageBoard.Panel) {
        let box = PageBoard.place(panel.letter)
        add(.box(box, fill: nil, stroke: .axis))
        let inner = Box(x: box.x + 8, y: box.y + 24, width: box.width - 16, height: box.height - 30)
        add(.text(panel.letter.rawValue, Point(inner.x, box.y + 17), size: 14, bold: true))
        add(.text(panel.title, Point(inner.x + 18, box.y + 17), size: 13, bold: true))
        var x = inner.x
        for drawing in panel.pictures {
            let size = drawing.picture
            let fit = min(1, inner.height / size.height)
            if drawing.isDark {
                add(
                    .image(
                        size.image(scale: 2, theme: .dark),
                        Box(x: x, y: inner.y, width: size.width * fit, height: size.height * fit)))
            } else {
                picture.draw(size, at: Point(x, inner.y))
            }
            x += size.width * fit + 14
        }
        if let table = panel.table { draw(table, in: inner) }
        let right = panel.pictures.isEmpty ? inner : Box(x: x, y: inner.y, width: inner.right - x, height: inner.height)
        var free = right
        if !panel.note.isEmpty { free = Box(x: right.x, y: right.y, width: right.width, height: right.height - 18) }
        draw(panel.lines, in: free)
        if !panel.note.isEmpty {
            let lines = Self.wrapped(panel.note, size: 10.5, width: panel.pictures.isEmpty ? inner.width : right.width)
            for (place, line) in lines.enumerated() {
                let y = inner.bottom - 2 - 13 * Double(lines.count - 1 - place)
                add(.text(line, Point(panel.pictures.isEmpty ? inner.x : right.x, y), size: 10.5, .muted))
            }
        }
    }

    private mutating func draw(_ lines: [PageBoard.Line], in box: Box) {
        var y = box.y + 12
        for (number, line) in lines.enumerated() {
            let texts = Self.wrapped(line.text, size: 12, width: box.width - 20)
            let isLast = number == lines.count - 1
            if y + 16 * Double(texts.count - 1) > box.bottom - (isLast ? 4 : 20) {
                add(.text("… and \(lines.count - number) more on the page", Point(box.x, y), size: 12, .muted))
                return
            }
            if let flag = line.flag { add(.text(flag.symbol, Point(box.x, y), size: 12, bold: true)) }
            for text in texts {
                add(.text(text, Point(box.x + (line.flag == nil ? 0 : 18), y), size: 12, bold: line.isStrong))
                y += 16
            }
            y += 2
        }
    }

    private mutating func draw(_ table: PageBoard.Table, in box: Box) {
        let symbol = 20.0
        let total = table.columns.reduce(0) { $0 + $1.share }
        var edges = [box.x + symbol]
        for column in table.columns { edges.append(edges.last! + (box.width - symbol) * column.share / total) }
        let legend = Self.wrapped(table.legend, size: 10.5, width: box.width)
        let pitch = min(25, (box.height - 24 - 14 * Double(legend.count)) / Double(max(table.rows.count, 1)))
        func cell(_ text: String, _ column: Int, _ y: Double, bold: Bool, _ ink: Ink) -> Picture.Mark {
            let isNumeric = table.columns[column].isNumeric
            let width = edges[column + 1] - edges[column] - 8
            var size = 11.5
            while size > 7, Canvas.width(of: text, size: size, bold: bold) > width { size -= 0.5 }
            return .text(
                text, Point(isNumeric ? edges[column + 1] - 8 : edges[column], y), size: size,
                anchor: isNumeric ? .end : .start, bold: bold, ink)
        }
        for (place, column) in table.columns.enumerated() {
            add(cell(column.title, place, box.y + 12, bold: true, .muted))
        }
        var y = box.y + 18
        add(.line([Point(box.x, y), Point(box.right, y)], .axis, width: 1))
        for row in table.rows {
            if row.isPrimary {
                add(.box(Box(x: box.x, y: y + 1, width: box.width, height: pitch - 2), fill: .band, opacity: 0.2))
            }
            let baseline = y + pitch / 2 + 4
            if let flag = row.flag {
                add(.text(flag.symbol, Point(box.x + 3, baseline), size: 12, bold: true))
            }
            for (place, text) in row.cells.enumerated() {
                add(cell(text.isEmpty ? "–" : text, place, baseline, bold: row.isPrimary, .text))
            }
            y += pitch
            add(.line([Point(box.x, y), Point(box.right, y)], .grid, width: 0.8))
        }
        for (place, line) in legend.enumerated() {
            add(
                .text(
                    line, Point(box.x, box.bottom - 2 - 13 * Double(legend.count - 1 - place)), size: 10.5, .muted))
        }
    }

    /// A text in lines no wider than this.
    static func wrapped(_ text: String, size: Double, width: Double) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            let longer = line.isEmpty ? String(word) : "\(line) \(word)"
            if line.isEmpty || Canvas.width(of: longer, size: size) <= width {
                line = longer
            } else {
                lines.append(line)
                line = String(word)
            }
        }
        return line.isEmpty ? lines : lines + [line]
    }
}

extension Picture {
    /// Another drawing in this one, its upper left corner at a point.
    mutating func draw(_ other: Picture, at corner: Point) {
        func moved(_ p: Point) -> Point { Point(p.x + corner.x, p.y + corner.y) }
        func moved(_ b: Box) -> Box { Box(x: b.x + corner.x, y: b.y + corner.y, width: b.width, height: b.height) }
        marks += other.marks.map { mark in
            switch mark {
            case .line(let points, let ink, let width, let dash):
                .line(points.map(moved), ink, width: width, dash: dash)
            case .area(let points, let ink, let opacity): .area(points.map(moved), ink, opacity: opacity)
            case .box(let box, let fill, let opacity, let stroke):
                .box(moved(box), fill: fill, opacity: opacity, stroke: stroke)
            case .point(let place, let shape, let ink, let radius, let isOpen):
                .point(moved(place), shape, ink, radius: radius, isOpen: isOpen)
            case .text(let text, let place, let size, let anchor, let bold, let ink):
                .text(text, moved(place), size: size, anchor: anchor, bold: bold, ink)
            case .image(let image, let box): .image(image, moved(box))
            }
        }
    }
}
