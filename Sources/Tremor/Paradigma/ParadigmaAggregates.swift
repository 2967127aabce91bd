import Glibc

/// What ParaDigMa says of all windows together: how much of the time at rest has tremor, and how strong it is.
///
/// ParaDigMa asks for at least three days with ten hours between 8 and 22 o'clock before it trusts them [Timmermans2025].
public struct ParadigmaAggregates: Sendable {
    /// Windows (`nr_windows_total`).
    public private(set) var windows = 0
    /// Windows with the arm at rest (`nr_windows_rest`).
    public private(set) var restWindows = 0
    /// Windows with tremor; all of them are at rest.
    public private(set) var tremorWindows = 0
    /// log₁₀(P + 1) of the windows with tremor, P in (deg/s)².
    private var logPowers: [Double] = []

    /// Of no windows.
    public init() {}

    /// Adds a window.
    public mutating func add(_ window: ParadigmaWindow) {
        windows += 1
        if window.isAtRest { restWindows += 1 }
        guard window.isTremor else { return }
        tremorWindows += 1
        logPowers.append(log10(window.tremorPower + 1))
    }

    /// Windows with tremor of those at rest, % (`perc_windows_tremor`); `nil` where none is at rest.
    public var tremorPercentOfRest: Double? {
        restWindows > 0 ? 100 * Double(tremorWindows) / Double(restWindows) : nil
    }

    /// The median of log₁₀(P + 1) over the windows with tremor; `nil` without any (`median_tremor_power`).
    public var medianLogPower: Double? { Quantile.of(logPowers, 0.5) }

    /// Its 90th percentile, between neighbours by a straight line (`90p_tremor_power`).
    public var percentile90LogPower: Double? { Quantile.of(logPowers, 0.9) }

    /// Where it is most frequent: the highest of a Gaussian kernel density with Scott's bandwidth [Scott1992] in steps of 0.02
    /// (`modal_tremor_power`); `nil` for fewer than two windows.
    ///
    /// Differs from ParaDigMa: its steps end at 6, so that a tremor above 10⁶ (deg/s)² has a mode of 0 there; here they go on to
    /// the largest value. Where all values are equal, it is that value.
    public var modalLogPower: Double? { KernelDensity.mode(of: logPowers, step: 0.02, last: 6) }
}

/// A density from values, each a Gaussian.
enum KernelDensity {
    /// The highest of the places 0, `step`, 2·`step`, … up to `last` or the largest value.
    static func mode(of values: [Double], step: Double, last: Double) -> Double? {
        guard values.count > 1 else { return nil }
        let sorted = values.sorted()
        let count = Double(sorted.count)
        let mean = sorted.reduce(0, +) / count
        let variance = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        guard sorted[0] < sorted[sorted.count - 1] else { return sorted[0] }
        let width = variance.squareRoot() * pow(count, -0.2)
        // Beyond this a Gaussian adds less than rounding.
        let reach = 8.5 * width
        var (best, height) = (0.0, -1.0)
        var first = 0
        for place in 0...Int((max(last, sorted[sorted.count - 1]) / step).rounded(.up)) {
            let x = Double(place) * step
            while first < sorted.count, sorted[first] < x - reach { first += 1 }
            var sum = 0.0
            var index = first
            while index < sorted.count, sorted[index] <= x + reach {
                let z = (sorted[index] - x) / width
                sum += exp(-0.5 * z * z)
                index += 1
            }
            if sum > height { (best, height) = (x, sum) }
        }
        // Values closer together than a step may all lie between two places.
        return height > 0 ? best : (sorted[sorted.count / 2] / step).rounded() * step
    }
}
