/// Quantiles as numpy, R (type 7) and Excel have them: between neighbours by a straight line.
enum Quantile {
    /// The value below which a share lies; `nil` of none. No value may be NaN.
    static func of(_ values: [Double], _ share: Double) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let place = share * Double(sorted.count - 1)
        let below = Int(place)
        guard below + 1 < sorted.count else { return sorted[sorted.count - 1] }
        return sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
    }
}
