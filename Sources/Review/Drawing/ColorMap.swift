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
    /// A map through colours whose lightness L* changes by equal steps, so that equal differences look alike [CIE15].
    ///
    /// The lightness of the colours must rise or fall from each to the next.
    init(even colors: [UInt32]) { table = Self.even(colors.map { Color(hex: $0) }, count: 256) }

    /// Two such maps that meet in the middle: what is below and what is above nothing.
    init(below: [UInt32], above: [UInt32]) {
        table =
            Self.even(below.map { Color(hex: $0) }, count: 128) + Self.even(above.map { Color(hex: $0) }, count: 128)
    }

    private static func even(_ colors: [Color], count: Int) -> [Color] {
        let fine = 512
        let path =
            colors.indices.dropLast().flatMap { leg in
                (0..<fine).map { mix(colors[leg], colors[leg + 1], Double($0) / Double(fine)) }
            } + [colors.last!]
        let lightness = path.map(\.lightness)
        let (first, last) = (lightness.first!, lightness.last!)
        return (0..<count).map { step in
            let wanted = first + (last - first) * Double(step) / Double(count - 1)
            // Rounding to 8 bits makes lightness waver on the way: the nearest of all is taken.
            return path[lightness.indices.min { abs(lightness[$0] - wanted) < abs(lightness[$1] - wanted) }!]
        }
    }

    /// Black through purple and orange to pale yellow, lighter by the same at every step: uptake.
    public static let hot = ColorMap(even: [0x000000, 0x1B0B46, 0x5C1468, 0xA92A5B, 0xE4572E, 0xF9A31B, 0xFCF7B5])
    /// Black to white: CT and MR.
    public static let gray = ColorMap([(0, 0x000000), (1, 0xFFFFFF)])
    /// Deep blue through green to yellow, lighter by the same at every step: spectrograms.
    public static let sea = ColorMap(even: [0x14163F, 0x23457F, 0x1F7F8C, 0x58B96F, 0xF4E956])
    /// Blue below zero, dark at zero, orange above, both lighter by the same at every step: differences on a dark picture.
    public static let difference = ColorMap(
        below: [0xA6DBFF, 0x3E9BE0, 0x14447A, 0x101418], above: [0x101418, 0x7A3208, 0xE8842A, 0xFFE3A6])
}
