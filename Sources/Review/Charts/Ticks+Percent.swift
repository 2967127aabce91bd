import Glibc

extension Ticks {
    /// Changes in percent at their places on a scale of logarithms: +100 % stands at ln 2.
    ///
    /// Inside `range`, a range of changes of a logarithm; labels that would meet are left out when drawn.
    static func percent(onLogarithms range: ClosedRange<Double>) -> Ticks {
        let steps: [Double] =
            range.upperBound - range.lowerBound > 1.2
            ? [-90, -80, -65, -50, -35, -20, 0, 25, 50, 100, 150, 200, 300, 500, 900]
            : [-60, -50, -40, -30, -20, -10, 0, 10, 20, 30, 40, 60, 80, 100, 150, 200]
        return Ticks(
            steps.map { (log1p($0 / 100), $0 == 0 ? "0" : ($0 > 0 ? "+" : "") + $0.text(decimals: 0)) }
                .filter { range.contains($0.0) }.map { (value: $0.0, label: $0.1) })
    }
}

extension ClosedRange<Double> {
    /// A range that holds values, a little wider than they are; `nil` without a finite one.
    static func holding(_ values: some Sequence<Double>, margin: Double = 0.06) -> ClosedRange<Double>? {
        let kept = values.filter(\.isFinite)
        guard let low = kept.min(), let high = kept.max() else { return nil }
        let room = high > low ? (high - low) * margin : Swift.max(abs(low) * 0.1, 0.1)
        return (low - room)...(high + room)
    }
}
