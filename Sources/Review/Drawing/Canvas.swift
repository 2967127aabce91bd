import CCairo

/// A place on a picture in points, from the left and from the top.
public struct Point: Sendable, Equatable {
    /// Points from the left and from the top.
    public var x, y: Double

    /// A place.
    public init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
}

/// A rectangle on a picture in points.
public struct Box: Sendable, Equatable {
    /// The upper left corner and the size.
    public var x, y, width, height: Double

    /// A rectangle.
    public init(x: Double, y: Double, width: Double, height: Double) {
        (self.x, self.y, self.width, self.height) = (x, y, width, height)
    }

    /// The right edge.
    public var right: Double { x + width }
    /// The lower edge.
    public var bottom: Double { y + height }
}

/// A picture being drawn by Cairo: lines, areas, text and images in points, `scale` pixels to a point.
///
/// Text is DejaVu Sans, unhinted, so that a picture has the same pixels on every machine with the same Cairo.
/// Not for use from several threads at once.
public final class Canvas {
    private let surface: OpaquePointer
    private let cairo: OpaquePointer
    private let (pixelWidth, pixelHeight): (Int, Int)

    /// An empty picture of one colour, `width` × `height` points.
    public init(width: Double, height: Double, scale: Double = 1, background: Color) {
        precondition(width > 0 && height > 0 && scale > 0, "a picture has a size")
        (pixelWidth, pixelHeight) = (Int((width * scale).rounded(.up)), Int((height * scale).rounded(.up)))
        precondition(pixelWidth <= 32767 && pixelHeight <= 32767, "Cairo draws at most 32767 pixels a side")
        surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, Int32(pixelWidth), Int32(pixelHeight))
        cairo = cairo_create(surface)
        Self.prepareText(cairo)
        cairo_scale(cairo, scale, scale)
        rectangle(Box(x: 0, y: 0, width: width + 1, height: height + 1), fill: background)
    }

    deinit {
        cairo_destroy(cairo)
        cairo_surface_destroy(surface)
    }

    private func use(_ color: Color) {
        cairo_set_source_rgba(
            cairo, Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255,
            Double(color.alpha) / 255)
    }

    /// A line through points.
    public func line(_ points: [Point], color: Color, width: Double = 1, dash: [Double] = []) {
        guard points.count > 1 else { return }
        trace(points)
        use(color)
        cairo_set_line_width(cairo, width)
        cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND)
        cairo_set_line_cap(cairo, dash.isEmpty ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT)
        cairo_set_dash(cairo, dash, Int32(dash.count), 0)
        cairo_stroke(cairo)
    }

    /// A filled area.
    public func area(_ points: [Point], color: Color) {
        guard points.count > 2 else { return }
        trace(points)
        cairo_close_path(cairo)
        use(color)
        cairo_fill(cairo)
    }

    /// A rectangle, filled, outlined or both.
    public func rectangle(_ box: Box, fill: Color? = nil, stroke: Color? = nil, width: Double = 1) {
        if let fill {
            cairo_rectangle(cairo, box.x, box.y, box.width, box.height)
            use(fill)
            cairo_fill(cairo)
        }
        if let stroke {
            cairo_rectangle(cairo, box.x, box.y, box.width, box.height)
            use(stroke)
            cairo_set_line_width(cairo, width)
            cairo_set_line_join(cairo, CAIRO_LINE_JOIN_MITER)
            cairo_set_dash(cairo, [], 0, 0)
            cairo_stroke(cairo)
        }
    }

    /// A disc.
    public func disc(_ center: Point, radius: Double, fill: Color? = nil, stroke: Color? = nil, width: Double = 1) {
        cairo_new_sub_path(cairo)
        cairo_arc(cairo, center.x, center.y, radius, 0, 2 * Double.pi)
        if let fill {
            use(fill)
            cairo_fill_preserve(cairo)
        }
        if let stroke {
            use(stroke)
            cairo_set_line_width(cairo, width)
            cairo_set_dash(cairo, [], 0, 0)
            cairo_stroke_preserve(cairo)
        }
        cairo_new_path(cairo)
    }

    /// An image stretched over a rectangle, with blocks for pixels unless `smooth`.
    public func image(_ image: RGBAImage, in box: Box, smooth: Bool = false) {
        var native = Self.premultiplied(image)
        native.withUnsafeMutableBytes { bytes in
            let picture = cairo_image_surface_create_for_data(
                bytes.bindMemory(to: UInt8.self).baseAddress, CAIRO_FORMAT_ARGB32, Int32(image.width),
                Int32(image.height), Int32(image.width * 4))
            cairo_save(cairo)
            cairo_translate(cairo, box.x, box.y)
            cairo_scale(cairo, box.width / Double(image.width), box.height / Double(image.height))
            cairo_set_source_surface(cairo, picture, 0, 0)
            cairo_pattern_set_filter(cairo_get_source(cairo), smooth ? CAIRO_FILTER_GOOD : CAIRO_FILTER_NEAREST)
            cairo_pattern_set_extend(cairo_get_source(cairo), CAIRO_EXTEND_PAD)
            cairo_rectangle(cairo, 0, 0, Double(image.width), Double(image.height))
            cairo_fill(cairo)
            cairo_restore(cairo)
            cairo_surface_finish(picture)
            cairo_surface_destroy(picture)
        }
    }

    /// What has been drawn so far.
    public func finish() -> RGBAImage {
        cairo_surface_flush(surface)
        let stride = Int(cairo_image_surface_get_stride(surface))
        guard let data = cairo_image_surface_get_data(surface) else {
            return RGBAImage(width: pixelWidth, height: pixelHeight, filledWith: Color(0, 0, 0, alpha: 0))
        }
        let pixels = [UInt8](unsafeUninitializedCapacity: pixelWidth * pixelHeight * 4) { buffer, count in
            for y in 0..<pixelHeight {
                let row = UnsafeRawPointer(data + y * stride).assumingMemoryBound(to: UInt32.self)
                for x in 0..<pixelWidth { Self.unpremultiply(row[x], buffer.baseAddress! + (y * pixelWidth + x) * 4) }
            }
            count = pixelWidth * pixelHeight * 4
        }
        return RGBAImage(width: pixelWidth, height: pixelHeight, pixels: pixels)
    }

    private func trace(_ points: [Point]) {
        cairo_new_path(cairo)
        for point in points { cairo_line_to(cairo, point.x, point.y) }
    }
}

// MARK: - Text

extension Canvas {
    /// Which part of a text stands at its place, along the text.
    public enum Anchor: Sendable { case start, middle, end }

    /// A line of text. `at` is its baseline; with `upward` it runs from the bottom to the top of the picture.
    public func text(
        _ text: String, at place: Point, size: Double, anchor: Anchor = .start, bold: Bool = false,
        upward: Bool = false, color: Color
    ) {
        let shift = anchor == .start ? 0 : -Self.width(of: text, size: size, bold: bold) * (anchor == .middle ? 0.5 : 1)
        cairo_save(cairo)
        cairo_translate(cairo, place.x, place.y)
        if upward { cairo_rotate(cairo, -Double.pi / 2) }
        Self.select(cairo, size: size, bold: bold)
        use(color)
        cairo_move_to(cairo, shift, 0)
        cairo_show_text(cairo, text)
        cairo_restore(cairo)
        cairo_new_path(cairo)
    }

    /// The width of a line of text in points.
    public static func width(of text: String, size: Double, bold: Bool = false) -> Double {
        let surface = cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1)
        let cairo = cairo_create(surface)
        defer {
            cairo_destroy(cairo)
            cairo_surface_destroy(surface)
        }
        prepareText(cairo!)
        select(cairo!, size: size, bold: bold)
        var extents = cairo_text_extents_t()
        cairo_text_extents(cairo, text, &extents)
        return extents.x_advance
    }

    private static func select(_ cairo: OpaquePointer, size: Double, bold: Bool) {
        cairo_select_font_face(
            cairo, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
        cairo_set_font_size(cairo, size)
    }

    private static func prepareText(_ cairo: OpaquePointer) {
        let options = cairo_font_options_create()
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
        cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
        cairo_set_font_options(cairo, options)
        cairo_font_options_destroy(options)
    }
}

// MARK: - Pixels

extension Canvas {
    /// Cairo's pixels: 0xAARRGGBB with the colours multiplied by alpha.
    private static func premultiplied(_ image: RGBAImage) -> [UInt32] {
        let source = image.pixels
        return (0..<(image.width * image.height)).map { pixel in
            let alpha = UInt32(source[pixel * 4 + 3])
            func channel(_ c: Int) -> UInt32 { (UInt32(source[pixel * 4 + c]) * alpha + 127) / 255 }
            return alpha << 24 | channel(0) << 16 | channel(1) << 8 | channel(2)
        }
    }

    private static func unpremultiply(_ pixel: UInt32, _ out: UnsafeMutablePointer<UInt8>) {
        let alpha = pixel >> 24
        func channel(_ shift: UInt32) -> UInt8 {
            let value = pixel >> shift & 255
            return UInt8(alpha == 0 ? 0 : alpha == 255 ? value : min(255, (value * 255 + alpha / 2) / alpha))
        }
        (out[0], out[1], out[2], out[3]) = (channel(16), channel(8), channel(0), UInt8(alpha))
    }
}
