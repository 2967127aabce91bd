/// When the sensor was not worn: an hour without movement.
enum NonWear {
    /// Below this deviation and this range an axis does not move: 13 mg and 50 mg, on two axes or three [VanHees2013].
    private static let deviation = 0.013 * AccelerationUnit.standardGravity
    private static let range = 0.05 * AccelerationUnit.standardGravity
    /// An axis that moves by this much is worn, whatever the others show: 100 mg.
    private static let moving = 0.1 * AccelerationUnit.standardGravity
    /// Quarters of an hour that are judged together.
    private static let window = 4

    /// Stretches of time, s, that lie in an hour in which at least two axes stood still; after such an hour also what is left of the
    /// recording's last quarter, where it stands as still.
    static func periods(_ quarters: [ActivitySurvey.Quarter], rateHz: Double) -> [Range<Double>] {
        var isOff = [Bool](repeating: false, count: quarters.count)
        for first in quarters.indices {
            // An hour that is wholly there: neighbours in time, each at least half full of samples.
            let hour = first..<min(first + window, quarters.count)
            guard hour.count == window, areNeighbours(quarters[hour]),
                quarters[hour].allSatisfy({ $0.count > 0.5 * rateHz * ($0.endS - $0.startS) }),
                stoodStill(quarters[hour])
            else { continue }
            for quarter in hour { isOff[quarter] = true }
        }
        if quarters.count > window, isOff[quarters.count - 2] {
            let end = quarters.suffix(window)
            if areNeighbours(end), stoodStill(end) { isOff[quarters.count - 1] = true }
        }
        var periods: [Range<Double>] = []
        for (quarter, off) in zip(quarters, isOff) where off {
            if let last = periods.last, last.upperBound >= quarter.startS - 1 {
                periods[periods.count - 1] = last.lowerBound..<quarter.endS
            } else {
                periods.append(quarter.startS..<quarter.endS)
            }
        }
        // The last quarter ends with the recording.
        if isOff.last == true, let last = periods.last {
            let endS = min(last.upperBound, quarters[quarters.count - 1].lastS)
            periods[periods.count - 1] = last.lowerBound..<max(last.lowerBound, endS)
        }
        return periods
    }

    private static func areNeighbours(_ quarters: ArraySlice<ActivitySurvey.Quarter>) -> Bool {
        zip(quarters, quarters.dropFirst()).allSatisfy { $1.startS - $0.endS < 1 }
    }

    private static func stoodStill(_ quarters: ArraySlice<ActivitySurvey.Quarter>) -> Bool {
        var all = ActivitySurvey.Quarter(startS: 0, endS: 0)
        for quarter in quarters {
            all.join(
                count: quarter.count, mean: quarter.mean, squares: quarter.squares, low: quarter.low, high: quarter.high
            )
        }
        let spread = (all.squares / max(all.count, 1)).squareRoot()
        // A tremor along one axis leaves the other two still: such a sensor is worn.
        guard spread.max() < moving else { return false }
        return (0..<3).filter { spread[$0] < deviation && all.high[$0] - all.low[$0] < range }.count >= 2
    }
}
