/// Grey with slanted lines: where a sensor was not worn.
enum Hatch {
    private static let fill = Ink.fixed(Color(hex: 0xE4E7EB)), stroke = Ink.fixed(Color(hex: 0xAEB6BF))
    private static let spacing = 7.0

    /// A rectangle filled with it.
    static func marks(in box: Box) -> [Picture.Mark] {
        var marks: [Picture.Mark] = [.box(box, fill: fill)]
        // Lines x + y = c, cut off at the edges.
        let first = ((box.x + box.y) / spacing).rounded(.up) * spacing
        for c in stride(from: first, through: box.right + box.bottom, by: spacing) {
            let (low, high) = (max(box.x, c - box.bottom), min(box.right, c - box.y))
            if high > low { marks.append(.line([Point(low, c - low), Point(high, c - high)], stroke, width: 1)) }
        }
        return marks
    }

    /// Its entry in a legend.
    static func key(_ name: String) -> ChartFrame.Key {
        ChartFrame.Key(name: name, ink: stroke, shape: nil, isLine: false, opacity: 0.5, edge: stroke)
    }

    /// A name in the middle of a rectangle, on paper, along or upward; nothing where it has no room.
    static func label(_ text: String, in box: Box) -> [Picture.Mark] {
        let size = 12.0
        let width = Canvas.width(of: text, size: size)
        guard width + 12 < box.width, box.height > size + 8 else { return [] }
        let middle = Point(box.x + box.width / 2, box.y + box.height / 2)
        return [
            .box(Box(x: middle.x - width / 2 - 4, y: middle.y - 10, width: width + 8, height: 20), fill: .paper),
            .text(text, Point(middle.x, middle.y + 4.5), size: size, anchor: .middle, .muted),
        ]
    }
}
