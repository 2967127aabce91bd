import FoundationEssentials

extension Picture {
    /// The drawing as an `<svg>` element without references to anything outside it.
    ///
    /// Colours are CSS variables with the light theme's as fallback, so that a page can show it dark. `alternative` is
    /// what it shows, for those who do not see it. Throws where an image inside cannot be written as PNG.
    public func svg(alternative: String) throws(PNGError) -> String {
        var out =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(digits(width)) \(digits(height))\" role=\"img\""
        out += " aria-label=\"\(alternative.escapedForHTML)\" font-family=\"DejaVu Sans, Verdana, sans-serif\">\n"
        for mark in marks { out += try element(mark) + "\n" }
        return out + "</svg>"
    }

    private func element(_ mark: Mark) throws(PNGError) -> String {
        switch mark {
        case .line(let points, let ink, let width, let dash):
            let dashes = dash.isEmpty ? "" : " stroke-dasharray=\"\(dash.map(digits).joined(separator: " "))\""
            return "<polyline points=\"\(list(points))\" style=\"stroke:\(ink.css)\" fill=\"none\" "
                + "stroke-width=\"\(digits(width))\" stroke-linejoin=\"round\"\(dashes)/>"
        case .area(let points, let ink, let opacity):
            return "<polygon points=\"\(list(points))\" style=\"fill:\(ink.css)\" fill-opacity=\"\(digits(opacity))\"/>"
        case .box(let box, let fill, let opacity, let stroke):
            let style = "fill:\(fill?.css ?? "none");stroke:\(stroke?.css ?? "none")"
            return "<rect \(attributes(box)) style=\"\(style)\" fill-opacity=\"\(digits(opacity))\"/>"
        case .point(let place, let shape, let ink, let radius, let isOpen):
            return point(place, shape, ink, radius, isOpen)
        case .text(let text, let place, let size, let anchor, let bold, let ink):
            let weight = bold ? " font-weight=\"bold\"" : ""
            return "<text x=\"\(digits(place.x))\" y=\"\(digits(place.y))\" font-size=\"\(digits(size))\" "
                + "text-anchor=\"\(anchor)\"\(weight) style=\"fill:\(ink.css)\">\(text.escapedForHTML)</text>"
        case .image(let image, let box):
            return "<image \(attributes(box)) preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" "
                + "href=\"\(try PNG.encode(image, texts: []).dataURI)\"/>"
        }
    }

    private func point(_ place: Point, _ shape: Shape, _ ink: Ink, _ radius: Double, _ isOpen: Bool) -> String {
        let center = "cx=\"\(digits(place.x))\" cy=\"\(digits(place.y))\" r=\"\(digits(radius))\""
        let open = "style=\"fill:\(Ink.paper.css);stroke:\(ink.css)\" stroke-width=\"1.8\""
        let look = isOpen ? open : "style=\"fill:\(ink.css)\""
        switch shape {
        case .disc: return "<circle \(center) \(look)/>"
        case .ring: return "<circle \(center) \(open)/>"
        case .cross:
            return shape.strokes(around: place, radius: radius)
                .map { "<polyline points=\"\(list($0))\" style=\"stroke:\(ink.css)\" stroke-width=\"1.8\"/>" }.joined()
        case .square, .triangle, .diamond:
            return "<polygon points=\"\(list(shape.corners(around: place, radius: radius)))\" \(look)/>"
        }
    }

    private func list(_ points: [Point]) -> String {
        points.map { "\(digits($0.x)),\(digits($0.y))" }.joined(separator: " ")
    }

    private func attributes(_ box: Box) -> String {
        "x=\"\(digits(box.x))\" y=\"\(digits(box.y))\" width=\"\(digits(box.width))\" height=\"\(digits(box.height))\""
    }

    /// A number to hundredths, without zeros at its end.
    private func digits(_ value: Double) -> String { value.text(decimals: 2, trimmed: true, minus: "-") }
}

extension String {
    /// The text with `& < > " '` escaped for HTML, in content and in quoted attributes.
    ///
    /// Goes by Unicode scalars: a quotation mark followed by a combining accent is one `Character`, and an HTML parser
    /// would still end the attribute there.
    var escapedForHTML: String {
        var out = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            case let control where control.value < 0x20 && control != "\n" && control != "\t": out += "\u{FFFD}"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}

extension [UInt8] {
    /// The bytes of a PNG file as a data: address.
    var dataURI: String { "data:image/png;base64," + Data(self).base64EncodedString() }
}
