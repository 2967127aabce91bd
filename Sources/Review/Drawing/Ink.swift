/// What a mark is for; a theme says in which colour it is drawn.
public enum Ink: Sendable, Equatable {
    /// Titles and labels.
    case text
    /// Notes and tick labels.
    case muted
    /// Lines of a grid.
    case grid
    /// Axes.
    case axis
    /// The paper.
    case paper
    /// The area within which nothing is said to differ.
    case band
    /// The n-th series, from 0; colours repeat after `Theme.light.series.count`.
    case series(Int)
    /// A colour that is the same in every theme.
    case fixed(Color)
}

/// The colours of a picture.
///
/// Series have the hues of Okabe and Ito [OkabeIto2008], which people with any colour vision tell apart; charts tell
/// them apart by the shape of their points too.
public struct Theme: Sendable {
    /// Colours by purpose.
    public var text, muted, grid, axis, paper, band: Color
    /// Colours of series, in order.
    public var series: [Color]

    /// Dark on white: charts, print.
    public static let light = Theme(
        text: Color(hex: 0x1B1F24), muted: Color(hex: 0x57606A), grid: Color(hex: 0xE3E6EA),
        axis: Color(hex: 0x6E7781), paper: Color(hex: 0xFFFFFF), band: Color(hex: 0x8099B3),
        series: [0x0072B2, 0xC44E00, 0x008060, 0xA64B86, 0xB07A00, 0x2F7FB8].map { Color(hex: $0) })

    /// Light on black: images, and pages where the reader prefers dark ones.
    public static let dark = Theme(
        text: Color(hex: 0xE9EDF1), muted: Color(hex: 0xA7B0BA), grid: Color(hex: 0x30363D),
        axis: Color(hex: 0x8B949E), paper: Color(hex: 0x0D1117), band: Color(hex: 0x7F9DC2),
        series: [0x56B4E9, 0xFF8F47, 0x2FCFA2, 0xE69FC8, 0xF0C04A, 0x9CC9F2].map { Color(hex: $0) })

    /// The colour of an ink.
    public subscript(ink: Ink) -> Color {
        switch ink {
        case .text: text
        case .muted: muted
        case .grid: grid
        case .axis: axis
        case .paper: paper
        case .band: band
        case .series(let place): series[((place % series.count) + series.count) % series.count]
        case .fixed(let color): color
        }
    }
}

extension Ink {
    /// The ink as a value in CSS: a variable the page sets for light and dark, with the light colour as fallback.
    var css: String {
        let fallback = Theme.light[self].hex
        return switch self {
        case .text: "var(--text,\(fallback))"
        case .muted: "var(--muted,\(fallback))"
        case .grid: "var(--grid,\(fallback))"
        case .axis: "var(--axis,\(fallback))"
        case .paper: "var(--paper,\(fallback))"
        case .band: "var(--band,\(fallback))"
        case .series(let place): "var(--series-\(place % Theme.light.series.count),\(fallback))"
        case .fixed: fallback
        }
    }
}
