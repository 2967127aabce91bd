/// p values adjusted for there being several.
public enum Multiplicity: String, Sendable, CaseIterable {
    /// Each times their number.
    case bonferroni
    /// Step down [Holm1979]: holds the chance of any false finding, whatever the dependence.
    case holm
    /// Step up [Hochberg1988]: as Holm, a little stronger; for tests that are independent or positively dependent.
    case hochberg
    /// Step up [BenjaminiHochberg1995]: holds the share of false findings among the findings.
    case benjaminiHochberg = "bh"

    /// The adjusted values, in the order given.
    public func adjusted(_ p: [Double]) -> [Double] {
        let (m, order) = (p.count, p.indices.sorted { (p[$0], $0) < (p[$1], $1) })
        var result = [Double](repeating: 1, count: m)
        switch self {
        case .bonferroni:
            for place in p.indices { result[place] = min(1, Double(m) * p[place]) }
        case .holm:
            var largest = 0.0
            for (rank, place) in order.enumerated() {
                largest = max(largest, min(1, Double(m - rank) * p[place]))
                result[place] = largest
            }
        case .hochberg, .benjaminiHochberg:
            var smallest = 1.0
            for (rank, place) in order.enumerated().reversed() {
                let factor = self == .hochberg ? Double(m - rank) : Double(m) / Double(rank + 1)
                smallest = min(smallest, factor * p[place])
                result[place] = smallest
            }
        }
        return result
    }
}
