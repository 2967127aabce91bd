/// A drawing as a list of marks in points, to be made into pixels by Cairo or into SVG text.
public struct Picture: Sendable {
    /// The shape of a point, so that series are told apart without colour.
    public enum Shape: Int, Sendable, CaseIterable { case disc, square, triangle, diamond, ring, cross }

    /// One thing drawn.
    public enum Mark: Sendable {
        /// A line through points.
        case line([Point], Ink, width: Double, dash: [Double] = [])
        /// A filled area, this opaque.
        case area([Point], Ink, opacity: Double = 1)
        /// A rectangle, filled this opaque, outlined, or both.
        case box(Box, fill: Ink?, opacity: Double = 1, stroke: Ink? = nil)
        /// A point with a shape of this radius; an open one is filled with paper.
        case point(Point, Shape, Ink, radius: Double, isOpen: Bool = false)
        /// A line of text on its baseline.
        case text(String, Point, size: Double, anchor: Canvas.Anchor = .start, bold: Bool = false, Ink = .text)
        /// An image of blocks.
        case image(RGBAImage, Box)
    }

    /// Size in points.
    public let width, height: Double
    /// What is drawn, lowest first.
    public var marks: [Mark]

    /// A drawing.
    public init(width: Double, height: Double, marks: [Mark] = []) {
        (self.width, self.height, self.marks) = (width, height, marks)
    }

    /// The drawing in pixels, `scale` of them to a point.
    public func image(scale: Double = 2, theme: Theme = .light) -> RGBAImage {
        let canvas = Canvas(width: width, height: height, scale: scale, background: theme.paper)
        for mark in marks { canvas.draw(mark, theme) }
        return canvas.finish()
    }
}

extension Picture.Shape {
    /// The corners of the shape around a point; empty for round ones and the cross.
    func corners(around p: Point, radius r: Double) -> [Point] {
        switch self {
        case .square:
            [Point(p.x - r, p.y - r), Point(p.x + r, p.y - r), Point(p.x + r, p.y + r), Point(p.x - r, p.y + r)]
        case .triangle: [Point(p.x, p.y - 1.2 * r), Point(p.x + 1.15 * r, p.y + r), Point(p.x - 1.15 * r, p.y + r)]
        case .diamond:
            [
                Point(p.x, p.y - 1.35 * r), Point(p.x + 1.35 * r, p.y), Point(p.x, p.y + 1.35 * r),
                Point(p.x - 1.35 * r, p.y),
            ]
        case .disc, .ring, .cross: []
        }
    }

    /// The two strokes of the cross.
    func strokes(around p: Point, radius r: Double) -> [[Point]] {
        [[Point(p.x - r, p.y - r), Point(p.x + r, p.y + r)], [Point(p.x - r, p.y + r), Point(p.x + r, p.y - r)]]
    }
}

extension Canvas {
    /// Draws a mark in a theme's colours.
    func draw(_ mark: Picture.Mark, _ theme: Theme) {
        switch mark {
        case .line(let points, let ink, let width, let dash): line(points, color: theme[ink], width: width, dash: dash)
        case .area(let points, let ink, let opacity): area(points, color: theme[ink].opacity(opacity))
        case .box(let box, let fill, let opacity, let stroke):
            rectangle(box, fill: fill.map { theme[$0].opacity(opacity) }, stroke: stroke.map { theme[$0] })
        case .point(let place, let shape, let ink, let radius, let isOpen):
            draw(shape, at: place, theme[ink], theme.paper, radius, isOpen: isOpen)
        case .text(let text, let place, let size, let anchor, let bold, let ink):
            self.text(text, at: place, size: size, anchor: anchor, bold: bold, color: theme[ink])
        case .image(let image, let box): self.image(image, in: box)
        }
    }

    private func draw(
        _ shape: Picture.Shape, at place: Point, _ color: Color, _ paper: Color, _ radius: Double, isOpen: Bool
    ) {
        switch shape {
        case .disc where isOpen: disc(place, radius: radius, fill: paper, stroke: color, width: 1.8)
        case .disc: disc(place, radius: radius, fill: color)
        case .ring: disc(place, radius: radius, fill: paper, stroke: color, width: 1.8)
        case .cross:
            for stroke in shape.strokes(around: place, radius: radius) { line(stroke, color: color, width: 1.8) }
        case .square, .triangle, .diamond:
            let corners = shape.corners(around: place, radius: radius)
            area(corners, color: isOpen ? paper : color)
            if isOpen { line(corners + [corners[0]], color: color, width: 1.8) }
        }
    }
}
