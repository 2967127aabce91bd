import Imaging

/// PET on CT in review slices: fixed colours with a bar and a unit, sides marked, positions printed.
///
/// Images meet in world coordinates; their grids may differ. What is faint lets the CT through.
public enum Overlay {
    /// Draws rows of slices in each plane. Throws where there is nothing to draw or the options do not fit.
    public static func draw(
        pet: Volume, ct: Volume? = nil, labels: LabelMap? = nil, options: OverlayOptions = OverlayOptions()
    ) throws(OverlayError) -> RGBAImage {
        try sheet(pet: pet, ct: ct, labels: labels, options: options).image
    }

    /// The same, with where on the picture each slice lies.
    public static func sheet(
        pet: Volume, ct: Volume? = nil, labels: LabelMap? = nil, options: OverlayOptions = OverlayOptions()
    ) throws(OverlayError) -> SliceSheet {
        let view = try FieldOfView(pet, labels: labels, options: options)
        let rows = options.planes.map { [$0] }
        let planes = try SlicePlanes.lay(rows, view, options)
        let outlines = SlicePainter.outlines(of: labels, options.outlined)
        let painter = SlicePainter(ct: ct, labels: labels, outlines: outlines, options: options)
        let shown = pet.shown(options.frame)
        let images = painted(planes.flatMap { $0 }) { plane in
            painter.paint(
                plane, values: plane.sample(shown), window: view.window, colors: options.colors)
        }
        var next = 0
        let drawing = SliceSheetDrawing(
            title: options.title,
            rows: planes.map { row in
                defer { next += row.count }
                return .init(heading: "", slices: row.enumerated().map { ($1, images[next + $0]) })
            },
            bars: [
                .init(rows: 0...(planes.count - 1), window: view.window, unit: options.unit, colors: options.colors)
            ],
            legend: outlines.map { ($0.name, $0.color) }, notes: options.notes(hasCT: ct != nil))
        return drawing.draw()
    }
}

/// Two visits on the same slices and the same colours, and what changed between them.
public enum OverlayComparison {
    /// Three slices in two planes: wide enough to see, narrow enough to fit.
    public static let usualOptions = OverlayOptions(slices: 3, planes: [.axial, .coronal])

    /// Draws three rows: baseline, follow-up, and follow-up minus baseline.
    ///
    /// The images must be aligned already and in the same unit. `differenceLimit` is the change at the ends of its
    /// colours; `nil` for a quarter of the window. Throws as `Overlay.draw`.
    public static func draw(
        baseline: Volume, followUp: Volume, ct: Volume? = nil, labels: LabelMap? = nil,
        names: (baseline: String, followUp: String) = ("Baseline", "Follow-up"), differenceLimit: Double? = nil,
        options: OverlayOptions = usualOptions
    ) throws(OverlayError) -> RGBAImage {
        try sheet(
            baseline: baseline, followUp: followUp, ct: ct, labels: labels, names: names,
            differenceLimit: differenceLimit, options: options
        ).image
    }

    /// The same, with where on the picture each slice lies.
    public static func sheet(
        baseline: Volume, followUp: Volume, ct: Volume? = nil, labels: LabelMap? = nil,
        names: (baseline: String, followUp: String) = ("Baseline", "Follow-up"), differenceLimit: Double? = nil,
        options: OverlayOptions = usualOptions
    ) throws(OverlayError) -> SliceSheet {
        guard options.frame < followUp.frames else { throw .noFrame(options.frame, of: followUp.frames) }
        let view = try bothViews(baseline, followUp, labels, options)
        let limit = differenceLimit ?? (view.window.upperBound - view.window.lowerBound) / 4
        guard limit > 0 else { throw .windowEmpty }
        let planes = try SlicePlanes.lay([options.planes], view, options, repeats: 3)[0]
        let outlines = SlicePainter.outlines(of: labels, options.outlined)
        let painter = SlicePainter(ct: ct, labels: labels, outlines: outlines, options: options)
        let columns = planes.count
        let (before, after) = (baseline.shown(options.frame), followUp.shown(options.frame))
        let images = painted(
            planes + planes + planes,
            numbered: { place, plane in
                if place < 2 * columns {
                    let visit = place < columns ? before : after
                    return painter.paint(
                        plane, values: plane.sample(visit), window: view.window,
                        colors: options.colors)
                }
                let change = zip(plane.sample(after), plane.sample(before)).map { $0 - $1 }
                return painter.paint(
                    plane, differences: change, limit: limit, colors: .difference)
            })
        let headings = [names.baseline, names.followUp, "Change: \(names.followUp) − \(names.baseline)"]
        let drawing = SliceSheetDrawing(
            title: options.title,
            rows: headings.enumerated().map { row, heading in
                .init(heading: heading, slices: planes.enumerated().map { ($1, images[row * columns + $0]) })
            },
            bars: [
                .init(rows: 0...1, window: view.window, unit: options.unit, colors: options.colors),
                .init(rows: 2...2, window: -limit...limit, unit: "Δ \(options.unit)", colors: .difference),
            ],
            legend: outlines.map { ($0.name, $0.color) }, notes: options.notes(hasCT: ct != nil))
        return drawing.draw()
    }

    /// The view of the baseline, with colours that hold the brighter of both visits.
    private static func bothViews(
        _ baseline: Volume, _ followUp: Volume, _ labels: LabelMap?, _ options: OverlayOptions
    ) throws(OverlayError) -> FieldOfView {
        var options = options
        if options.window == nil {
            let before = try FieldOfView(baseline, labels: labels, options: options).window
            let after = try FieldOfView(followUp, labels: labels, options: options).window
            options.window = 0...max(before.upperBound, after.upperBound)
        }
        return try FieldOfView(baseline, labels: labels, options: options)
    }
}

// MARK: - Shared

extension OverlayOptions {
    /// How to read the picture, in words on it.
    func notes(hasCT: Bool) -> String {
        let side = convention == .radiological ? "right" : "left"
        var notes: [String] = []
        if planes.contains(where: { $0 != .sagittal }) {
            let name = convention == .radiological ? "Radiological" : "Neurological"
            notes.append("\(name) view: the patient's left is on the \(side).")
        }
        if planes.contains(.sagittal) { notes.append("Sagittal slices are seen from the patient's left.") }
        if hasCT {
            let (low, high) = (ctWindow.lowerBound, ctWindow.upperBound)
            notes.append("Grey: CT, \(low.text(decimals: 0)) to \(high.text(decimals: 0)) HU.")
        }
        return notes.joined(separator: " ")
    }
}

extension SlicePainter {
    /// A painter for options.
    init(
        ct: Volume?, labels: LabelMap?, outlines: [(label: Int32, name: String, color: Color)], options: OverlayOptions
    ) {
        self.init(
            ct: ct, ctWindow: options.ctWindow, labels: labels,
            outlines: Dictionary(outlines.map { ($0.label, $0.color) }) { first, _ in first },
            opacity: min(max(options.opacity, 0), 1))
    }
}

/// The planes of a sheet.
private enum SlicePlanes {
    /// The width a sheet should have, and the greatest width or height of its slices, in pixels.
    private static let (usualWidth, greatestSide) = (1400, 16000)

    /// One row of planes for each list of orientations; the rows are drawn `repeats` times.
    static func lay(
        _ rows: [[SlicePlane.Orientation]], _ view: FieldOfView, _ options: OverlayOptions, repeats: Int = 1
    ) throws(OverlayError) -> [[SlicePlane]] {
        let across = rows.map { row in
            row.flatMap { plane in view.positions[plane]!.map { _ in view.width(of: plane) } }
        }
        let columns = across.map(\.count).max() ?? 1
        let millimetres = (0..<columns).map { c in across.compactMap { c < $0.count ? $0[c] : nil }.max() ?? 0 }
            .reduce(0, +)
        let surround = SliceSheetDrawing.surround(columns: columns)
        let size = options.pixelSize ?? min(max(millimetres / Double(max(200, usualWidth - surround)), 0.3), 4)
        let pixels = millimetres / size
        let heights = rows.map { row in row.map { view.height(of: $0) }.max() ?? 0 }
        let tallest = max(pixels, heights.reduce(0, +) * Double(repeats) / size)
        guard size > 0, tallest < Double(greatestSide) else {
            throw .tooLarge(pixels: tallest < 1e12 ? Int(tallest) : 1_000_000_000_000)
        }
        return rows.map { row in
            row.flatMap { plane in
                view.positions[plane]!.map { at in
                    SlicePlane(
                        plane, at: at, low: view.low, high: view.high, pixelSize: size, convention: options.convention)
                }
            }
        }
    }
}

extension FieldOfView {
    /// Millimetres across a slice.
    fileprivate func width(of plane: SlicePlane.Orientation) -> Double {
        let axis = plane == .sagittal ? 1 : 0
        return high[axis] - low[axis]
    }

    /// Millimetres down a slice.
    fileprivate func height(of plane: SlicePlane.Orientation) -> Double {
        let axis = plane == .axial ? 1 : 2
        return high[axis] - low[axis]
    }
}

/// Paints slices on all cores.
func painted(_ planes: [SlicePlane], _ paint: @Sendable (SlicePlane) -> RGBAImage) -> [RGBAImage] {
    painted(planes, numbered: { paint($1) })
}

private func painted(_ planes: [SlicePlane], numbered paint: @Sendable (Int, SlicePlane) -> RGBAImage) -> [RGBAImage] {
    var images = [RGBAImage?](repeating: nil, count: planes.count)
    images.withUnsafeMutableBufferPointer { buffer in
        nonisolated(unsafe) let buffer = buffer
        parallelFor(planes.count) { buffer[$0] = paint($0, planes[$0]) }
    }
    return images.map { $0! }
}
