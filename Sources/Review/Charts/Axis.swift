import Glibc

/// An axis of a chart: what it shows, in which unit, and over which range.
public struct Axis: Sendable {
    /// What is shown: "Time", "Power".
    public var label: String
    /// Its unit; empty for none.
    public var unit: String
    /// Whether equal ratios are equally far apart; values that are not above 0 are then left out.
    public var isLogarithmic: Bool
    /// The range to show; `nil` for one that holds the data and ends on ticks.
    public var range: ClosedRange<Double>?
    /// Ticks to print instead of round numbers: visits, categories.
    public var ticks: Ticks?

    /// An axis.
    public init(
        _ label: String, unit: String = "", isLogarithmic: Bool = false, range: ClosedRange<Double>? = nil,
        ticks: Ticks? = nil
    ) {
        (self.label, self.unit, self.isLogarithmic) = (label, unit, isLogarithmic)
        (self.range, self.ticks) = (range, ticks)
    }

    /// The label with its unit: "Time [min]".
    var title: String { unit.isEmpty ? label : "\(label) [\(unit)]" }
}

/// An axis with the data it has to hold: its ends and its ticks.
struct AxisScale {
    let low, high: Double
    let ticks: Ticks
    let isLogarithmic: Bool

    /// `needsZero`: bars start at 0. With no data, 0...1 is shown.
    init(_ axis: Axis, holding values: some Sequence<Double>, needsZero: Bool = false, count: Int = 6) {
        let kept = values.filter { abs($0) < 1e300 && (!axis.isLogarithmic || $0 > 0) }
        var data = (kept.min() ?? (axis.isLogarithmic ? 0.1 : 0))...(kept.max() ?? 1)
        if needsZero && !axis.isLogarithmic { data = min(0, data.lowerBound)...max(0, data.upperBound) }
        if data.lowerBound == data.upperBound { data = Self.widened(data.lowerBound, axis.isLogarithmic) }
        isLogarithmic = axis.isLogarithmic
        if let range = axis.range, range.lowerBound < range.upperBound, (range.upperBound - range.lowerBound).isFinite,
            !axis.isLogarithmic || range.lowerBound > 0
        {
            (low, high) = (range.lowerBound, range.upperBound)
            ticks =
                axis.ticks ?? (axis.isLogarithmic ? Ticks(decadesEnclosing: range) : Ticks(inside: range, count: count))
        } else if let chosen = axis.ticks {
            let all = chosen.values + [data.lowerBound, data.upperBound]
            let margin = axis.isLogarithmic ? 0 : (all.max()! - all.min()!) * 0.04
            (low, high, ticks) = (all.min()! - margin, all.max()! + margin, chosen)
        } else {
            ticks = axis.isLogarithmic ? Ticks(decadesEnclosing: data) : Ticks(enclosing: data, count: count)
            (low, high) = (ticks.values.first!, ticks.values.last!)
        }
    }

    private static func widened(_ value: Double, _ isLogarithmic: Bool) -> ClosedRange<Double> {
        if isLogarithmic { return (value / 2)...(value * 2) }
        let half = value == 0 ? 1 : abs(value) * 0.1
        return (value - half)...(value + half)
    }

    /// The place of a value, 0 at the low end and 1 at the high; `nil` where a logarithm has none.
    func share(_ value: Double) -> Double? {
        guard value.isFinite else { return nil }
        guard isLogarithmic else { return (value - low) / (high - low) }
        return value > 0 ? log(value / low) / log(high / low) : nil
    }

    /// Ticks inside the ends.
    var shownTicks: [(value: Double, label: String)] {
        zip(ticks.values, ticks.labels).filter {
            let share = self.share($0.0) ?? -1
            return share > -1e-6 && share < 1 + 1e-6
        }.map { (value: $0.0, label: $0.1) }
    }
}
