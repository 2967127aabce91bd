/// When the sensor was not worn: an hour without movement.
enum NonWear {
    /// Below this deviation and this range an axis does not move: 13 mg and 50 mg, on two axes or three [VanHees2011].
    private static let deviation = 0.013 * AccelerationUnit.standardGravity
    private static let range = 0.05 * AccelerationUnit.standardGravity
    /// Quarters of an hour that are judged together.
    private static let window = 4

    /// Stretches of time, s, that lie in an hour in which at least two axes stood still.
    static func periods(_ quarters: [ActivitySurvey.Quarter], rateHz: Double) -> [Range<Double>] {
        var isOff = [Bool](repeating: false, count: quarters.count)
        for first in quarters.indices {
            // An hour that is wholly there: neighbours in time, each at least half full of samples.
            let hour = first..<min(first + window, quarters.count)
            guard hour.count == window, quarters[hour.upperBound - 1].endS - quarters[first].startS < 3601,
                quarters[hour].allSatisfy({ $0.count > 0.5 * rateHz * (quarters[first].endS - quarters[first].startS) })
            else { continue }
            var all = ActivitySurvey.Quarter(startS: 0, endS: 0)
            for quarter in quarters[hour] {
                all.join(
                    count: quarter.count, mean: quarter.mean, squares: quarter.squares, low: quarter.low,
                    high: quarter.high)
            }
            let spread = (all.squares / max(all.count, 1)).squareRoot()
            let still = (0..<3).filter { spread[$0] < deviation && all.high[$0] - all.low[$0] < range }
            if still.count >= 2 { for quarter in hour { isOff[quarter] = true } }
        }
        var periods: [Range<Double>] = []
        for (quarter, off) in zip(quarters, isOff) where off {
            if let last = periods.last, last.upperBound >= quarter.startS - 1 {
                periods[periods.count - 1] = last.lowerBound..<quarter.endS
            } else {
                periods.append(quarter.startS..<quarter.endS)
            }
        }
        return periods
    }
}
