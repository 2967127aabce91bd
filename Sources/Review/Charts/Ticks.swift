import Glibc

/// Round numbers along an axis.
public struct Ticks: Sendable, Equatable {
    /// Where they are, ascending.
    public let values: [Double]
    /// What is printed at each.
    public let labels: [String]

    /// Ticks at chosen places.
    public init(_ ticks: [(value: Double, label: String)]) {
        (values, labels) = (ticks.map(\.value), ticks.map(\.label))
    }

    /// About `count` multiples of 1, 2 or 5 times a power of ten that enclose a range.
    public init(enclosing range: ClosedRange<Double>, count: Int = 6) {
        let step = Self.roundStep(for: range, count: count)
        let first = (range.lowerBound / step + 1e-9).rounded(.down)
        let last = (range.upperBound / step - 1e-9).rounded(.up)
        self.init(multiples: Int(first)...Int(max(first + 1, last)), of: step)
    }

    /// About `count` multiples of 1, 2 or 5 times a power of ten that lie inside a range.
    public init(inside range: ClosedRange<Double>, count: Int = 6) {
        let step = Self.roundStep(for: range, count: count)
        let first = (range.lowerBound / step - 1e-9).rounded(.up)
        let last = (range.upperBound / step + 1e-9).rounded(.down)
        self.init(multiples: Int(first)...Int(max(first, last)), of: step)
    }

    /// Powers of ten that enclose a range above 0; with 2 and 5 between them where there are fewer than three decades.
    public init(decadesEnclosing range: ClosedRange<Double>) {
        let lower = log10(range.lowerBound)
        let first = Int((lower + 1e-9).rounded(.down))
        let last = max(first + 1, Int((log10(range.upperBound) - 1e-9).rounded(.up)))
        // Far apart, only every other decade or fewer gets a label.
        let every = (last - first + 7) / 8
        let isPlain = first >= -3 && last <= 4
        let inner = last - first < 3 ? [1.0, 2, 5] : [1.0]
        var ticks: [(value: Double, label: String)] = []
        for decade in first...last {
            for factor in inner where decade < last || factor == 1 {
                let labelled = (decade - first) % every == 0
                ticks.append((factor * pow(10, Double(decade)), labelled ? Self.power(factor, decade, isPlain) : ""))
            }
        }
        self.init(ticks)
    }

    private init(multiples: ClosedRange<Int>, of step: Double) {
        let decimals = max(0, Int((-log10(step) - 1e-9).rounded(.up)))
        values = multiples.map { Double($0) * step }
        labels = values.map { $0.text(decimals: decimals) }
    }

    private static func roundStep(for range: ClosedRange<Double>, count: Int) -> Double {
        let width = range.upperBound - range.lowerBound
        precondition(width.isFinite, "an axis has two ends")
        guard width > 0 else { return max(abs(range.lowerBound) / 10, 1e-12) }
        let rough = width / Double(max(1, count))
        let power = pow(10, log10(rough).rounded(.down))
        let factor = [1, 2, 5, 10].first { $0 * power >= rough * 0.999 } ?? 10
        return factor * power
    }

    private static func power(_ factor: Double, _ decade: Int, _ isPlain: Bool) -> String {
        if isPlain { return (factor * pow(10, Double(decade))).text(decimals: max(0, -decade)) }
        let superscripts = Dictionary(uniqueKeysWithValues: zip("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        let exponent = String(String(decade).map { superscripts[$0]! })
        return factor == 1 ? "10" + exponent : "\(Int(factor))·10" + exponent
    }
}

extension Double {
    /// The number with this many decimals, and no zeros at its end where `trimmed`.
    func text(decimals: Int, trimmed: Bool = false, minus: String = "−") -> String {
        guard isFinite else { return "–" }
        let places = Swift.min(Swift.max(decimals, 0), 15)
        let factor = pow(10, Double(places))
        let scaled = (magnitude * factor).rounded()
        guard scaled < 9e15 else { return description }
        let whole = Int(scaled)
        var text = String(whole)
        if places > 0 {
            text = String(repeating: "0", count: Swift.max(0, places + 1 - text.count)) + text
            text.insert(".", at: text.index(text.endIndex, offsetBy: -places))
            if trimmed {
                while text.hasSuffix("0") { text.removeLast() }
                if text.hasSuffix(".") { text.removeLast() }
            }
        }
        return (self < 0 && whole != 0 ? minus : "") + text
    }
}
