/// Colours for values: points between which sRGB is interpolated.
public struct ColorMap: Sendable {
    /// The colours at 256 equal steps, lowest first.
    public let table: [Color]

    /// A map through control points; places ascend from 0 to 1.
    public init(_ points: [(place: Double, hex: UInt32)]) {
        precondition(points.count >= 2 && points.first!.place == 0 && points.last!.place == 1, "a map runs from 0 to 1")
        table = (0..<256).map { step in
            let place = Double(step) / 255
            let upper = max(1, points.firstIndex { $0.place >= place } ?? points.count - 1)
            let (a, b) = (points[upper - 1], points[upper])
            return Self.mix(Color(hex: a.hex), Color(hex: b.hex), (place - a.place) / (b.place - a.place))
        }
    }

    /// The colour of a share 0...1; values beyond get the nearest end, NaN the lowest.
    public subscript(share: Double) -> Color {
        share.isNaN ? table[0] : table[Int((min(max(share, 0), 1) * 255).rounded())]
    }

    private static func mix(_ a: Color, _ b: Color, _ share: Double) -> Color {
        func channel(_ x: UInt8, _ y: UInt8) -> UInt8 { UInt8((Double(x) + (Double(y) - Double(x)) * share).rounded()) }
        return Color(channel(a.red, b.red), channel(a.green, b.green), channel(a.blue, b.blue))
    }
}

extension ColorMap {
    /// Black through purple and orange to pale yellow, lighter at every step: uptake.
    public static let hot = ColorMap([
        (0, 0x000000), (0.14, 0x1B0B46), (0.32, 0x5C1468), (0.5, 0xA92A5B), (0.68, 0xE4572E), (0.84, 0xF9A31B),
        (1, 0xFCF7B5),
    ])
    /// Black to white: CT and MR.
    public static let gray = ColorMap([(0, 0x000000), (1, 0xFFFFFF)])
    /// Deep blue through green to yellow, lighter at every step: spectrograms.
    public static let sea = ColorMap([
        (0, 0x14163F), (0.25, 0x23457F), (0.5, 0x1F7F8C), (0.75, 0x58B96F), (1, 0xF4E956),
    ])
    /// Blue below zero, dark at zero, orange above: differences on a dark picture.
    public static let difference = ColorMap([
        (0, 0xA6DBFF), (0.2, 0x3E9BE0), (0.4, 0x14447A), (0.5, 0x101418), (0.6, 0x7A3208), (0.8, 0xE8842A),
        (1, 0xFFE3A6),
    ])
}
