import Imaging

/// Paints one slice: CT in grey, colours over it, and the borders of labels.
struct SlicePainter {
    /// Grey image below the colours.
    var ct: Volume?
    /// CT values drawn black and white.
    var ctWindow: ClosedRange<Double>
    /// Labels whose borders are drawn, with the colour of each.
    var labels: LabelMap?
    /// Colours of the labels that are drawn.
    var outlines: [Int32: Color]
    /// How much of the CT the strongest colours hide.
    var opacity: Double

    /// Shown where there is neither CT nor PET.
    static let nothing = Color(hex: 0x0D1117)

    /// Values over a window that begins at nothing: faint values let the CT through.
    func paint(_ plane: SlicePlane, values: [Float], window: ClosedRange<Double>, colors: ColorMap) -> RGBAImage {
        let width = window.upperBound - window.lowerBound
        return paint(plane, values) { value in
            let share = (Double(value) - window.lowerBound) / width
            return (colors[share], min(1, max(0, share) / 0.35))
        }
    }

    /// Differences from −limit to limit: small ones let the CT through.
    func paint(_ plane: SlicePlane, differences: [Float], limit: Double, colors: ColorMap) -> RGBAImage {
        paint(plane, differences) { value in
            let share = Double(value) / limit
            return (colors[(share + 1) / 2], min(1, max(0, abs(share) - 0.05) / 0.3))
        }
    }

    private func paint(
        _ plane: SlicePlane, _ values: [Float], _ look: (Float) -> (color: Color, strength: Double)
    ) -> RGBAImage {
        let grey = ct.map { plane.sample($0) }
        let ctWidth = ctWindow.upperBound - ctWindow.lowerBound
        var image = RGBAImage(width: plane.width, height: plane.height, filledWith: Self.nothing)
        image.withMutablePixels { pixels in
            for at in 0..<values.count {
                var below: Double?
                if let grey, grey[at].isFinite {
                    below = min(max((Double(grey[at]) - ctWindow.lowerBound) / ctWidth, 0), 1) * 255
                }
                guard values[at].isFinite else {
                    if let below { Self.set(&pixels, at, below, below, below) }
                    continue
                }
                let (color, strength) = look(values[at])
                let share = below == nil ? 1 : opacity * strength
                let base = (below ?? 0) * (1 - share)
                Self.set(
                    &pixels, at, base + Double(color.red) * share, base + Double(color.green) * share,
                    base + Double(color.blue) * share)
            }
        }
        if let labels { outline(plane.sample(labels), on: &image) }
        return image
    }

    private static func set(_ pixels: inout MutableSpan<UInt8>, _ at: Int, _ r: Double, _ g: Double, _ b: Double) {
        pixels[at * 4] = UInt8(min(255, r + 0.5))
        pixels[at * 4 + 1] = UInt8(min(255, g + 0.5))
        pixels[at * 4 + 2] = UInt8(min(255, b + 0.5))
    }

    /// Colours the pixels of a label that have a neighbour of another.
    private func outline(_ labels: [Int32], on image: inout RGBAImage) {
        let (width, height) = (image.width, image.height)
        for y in 0..<height {
            for x in 0..<width {
                let label = labels[y * width + x]
                guard label != 0, let color = outlines[label] else { continue }
                let isInner =
                    x > 0 && x + 1 < width && y > 0 && y + 1 < height
                    && labels[y * width + x - 1] == label && labels[y * width + x + 1] == label
                    && labels[(y - 1) * width + x] == label && labels[(y + 1) * width + x] == label
                if !isInner { image[x, y] = color }
            }
        }
    }
}

extension SlicePainter {
    /// Colours that stand out on the hot map and on grey, for labels whose table has none.
    private static let palette: [UInt32] = [
        0x4DE3FF, 0x7CFF6B, 0xFF9BF2, 0x5AA9FF, 0xC9FF3D, 0x9FFFE0, 0xD9C2FF, 0xFFFFFF,
    ]

    /// A colour for each label to be drawn.
    static func outlines(of labels: LabelMap?, _ chosen: [Int32]?) -> [(label: Int32, name: String, color: Color)] {
        guard let labels else { return [] }
        return (chosen?.filter { $0 != 0 } ?? labels.labels).enumerated().map { place, label in
            let own = labels.names.entries[label]?.color.map { Color($0.x, $0.y, $0.z) }
            return (label, labels.names.name(of: label), own ?? Color(hex: palette[place % palette.count]))
        }
    }
}
