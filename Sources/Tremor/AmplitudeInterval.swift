import Glibc

/// The 95 % interval of a recording's amplitude.
///
/// Windows resemble their neighbours, so their scatter alone would promise too much. The windows are put into batches of time;
/// batches far enough apart are independent, and the t distribution of their medians' logarithms gives the interval
/// [Schmeiser1982]. `docs/decisions/amplitude-interval.md` has the coverage of this and of the bootstrap.
struct AmplitudeInterval {
    /// A batch is this long at least, s, where there are enough windows for it.
    private static let batchS = 30.0
    /// Few batches make an interval wide for want of degrees of freedom, many make them dependent.
    private static let fewest = 6, most = 30

    /// The interval of the median of `amplitudes`, cm, of windows in order of time that begin `hopS` apart; `nil` for fewer than
    /// six windows.
    static func ofMedian(_ amplitudes: [Double], hopS: Double) -> (low: Double, high: Double)? {
        guard amplitudes.count >= fewest, amplitudes.allSatisfy({ $0 > 0 }) else { return nil }
        let perBatch = max(1, Int((batchS / hopS).rounded()))
        let batches = min(most, max(fewest, amplitudes.count / perBatch))
        let logs = (0..<batches).map { batch -> Double in
            let range = (amplitudes.count * batch / batches)..<(amplitudes.count * (batch + 1) / batches)
            return log(Median.of(Array(amplitudes[range])))
        }
        let mean = logs.reduce(0, +) / Double(batches)
        let variance = logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(batches - 1)
        let half = studentT975(batches - 1) * (variance / Double(batches)).squareRoot()
        let middle = Median.of(amplitudes)
        // Where a recording mixes two tremors, batches are worlds apart and t would go beyond them: half of six windows or more
        // lie on either side of their median with 97 %, so that no end of it lies outside all of them.
        let (least, most) = (amplitudes.min()!, amplitudes.max()!)
        return (max(least, middle * exp(-half)), min(most, middle * exp(half)))
    }

    /// The interval of the mean of shares, 0 to 1, of windows in order of time; `nil` for fewer than six windows.
    static func ofMean(_ shares: [Double], hopS: Double) -> (low: Double, high: Double)? {
        guard shares.count >= fewest else { return nil }
        let perBatch = max(1, Int((batchS / hopS).rounded()))
        let batches = min(most, max(fewest, shares.count / perBatch))
        let means = (0..<batches).map { batch -> Double in
            let range = (shares.count * batch / batches)..<(shares.count * (batch + 1) / batches)
            return shares[range].reduce(0, +) / Double(range.count)
        }
        let mean = shares.reduce(0, +) / Double(shares.count)
        let centre = means.reduce(0, +) / Double(batches)
        let variance = means.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(batches - 1)
        // Batches that are all full, or all empty, have no scatter; the binomial's exact bound says what may be behind that
        // [Clopper1934]. No share is surer than those: what may be missing of 100 % may be missing of 98 %, too.
        let bound = pow(0.025, 1 / Double(batches))
        let half = studentT975(batches - 1) * (variance / Double(batches)).squareRoot()
        return (
            max(0, min(mean - half, mean * bound)), min(1, max(mean + half, 1 - (1 - mean) * bound))
        )
    }

    /// The 97.5 % quantile of Student's t; within 0.0005 of the tables.
    static func studentT975(_ freedom: Int) -> Double {
        let table = [
            12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010, 2.1788, 2.1604,
            2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555,
            2.0518, 2.0484, 2.0452, 2.0423,
        ]
        return table[min(max(freedom, 1), table.count) - 1]
    }
}
