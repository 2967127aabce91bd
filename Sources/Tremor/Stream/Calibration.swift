/// Offset and gain of an accelerometer, from gravity itself: whenever nothing moves, the three axes together show 1 g, whatever
/// the orientation [VanHees2014].
public struct Calibration: Sendable, Equatable {
    /// True acceleration = offset + gain · measured, on each axis; m/s² and 1.
    public var offset: SIMD3<Double>
    /// See `offset`.
    public var gain: SIMD3<Double>
    /// Mean distance from 1 g before and after, m/s².
    public var errorBefore: Double
    /// See `errorBefore`.
    public var errorAfter: Double
    /// Pieces of ten seconds without movement that were used.
    public var pieces: Int

    /// At least this many pieces are needed, and they must reach beyond ±0.3 g on each axis.
    static let fewest = 50
    static let reach = 0.3 * AccelerationUnit.standardGravity
    /// A calibration that leaves more than this is not used: 10 mg.
    static let worst = 0.010 * AccelerationUnit.standardGravity

    /// What came of it.
    public enum Outcome: Sendable, Equatable {
        /// Found and applied.
        case applied(Calibration)
        /// Not possible or not good enough, with the reason; the samples stay as they are.
        case notApplied(String)
    }

    /// Finds offset and gain from the means of pieces in which nothing moved, m/s². Those shorter than 0.5 g show no gravity (zeros
    /// of a logger, a fall) and are left out.
    public static func fit(_ all: [SIMD3<Double>]) -> Outcome {
        let g = AccelerationUnit.standardGravity
        let means = all.filter { length($0) >= g / 2 }
        guard means.count >= fewest else {
            return .notApplied("\(means.count) pieces of 10 s without movement; \(fewest) are needed")
        }
        for axis in 0..<3 {
            let values = means.map { $0[axis] }
            guard values.min()! < -reach, values.max()! > reach else {
                return .notApplied("the sensor did not lie still in enough orientations (beyond ±0.3 g on each axis)")
            }
        }
        var calibration = Calibration(
            offset: .zero, gain: .one, errorBefore: meanDistance(means.map(length)), errorAfter: 0, pieces: means.count)
        var previous = calibration.errorBefore
        var weights = [Double](repeating: 1, count: means.count)
        var moved = means
        var lengths = means.map(length)
        for _ in 0..<1000 {
            let (a, b) = linesToSphere(moved, lengths, weights)
            calibration.offset = a + b * calibration.offset
            calibration.gain *= b
            for place in means.indices {
                moved[place] = calibration.offset + calibration.gain * means[place]
                lengths[place] = length(moved[place])
                // A piece far off the sphere was no rest: its weight falls with its distance.
                weights[place] = min(1 / max(abs(lengths[place] - g) / g, 1e-9), 100)
            }
            let error = meanDistance(lengths)
            if abs(previous - error) < 1e-9 { break }
            previous = error
        }
        calibration.errorAfter = meanDistance(lengths)
        guard calibration.errorAfter < worst, calibration.errorAfter <= calibration.errorBefore else {
            return .notApplied(
                "calibration leaves \(significantText(calibration.errorAfter / g * 1000)) mg; less than 10 are wanted")
        }
        return .applied(calibration)
    }

    /// How far from 1 g lengths are on average, m/s².
    private static func meanDistance(_ lengths: [Double]) -> Double {
        lengths.reduce(0) { $0 + abs($1 - AccelerationUnit.standardGravity) } / Double(lengths.count)
    }

    private static func length(_ v: SIMD3<Double>) -> Double { (v * v).sum().squareRoot() }

    /// The weighted line of least squares of each axis from values to where they would lie on the sphere of 1 g:
    /// target = a + b · value.
    private static func linesToSphere(
        _ values: [SIMD3<Double>], _ lengths: [Double], _ weights: [Double]
    ) -> (a: SIMD3<Double>, b: SIMD3<Double>) {
        func target(_ place: Int) -> SIMD3<Double> {
            values[place] * (AccelerationUnit.standardGravity / lengths[place])
        }
        var (total, sum, targetSum) = (0.0, SIMD3<Double>.zero, SIMD3<Double>.zero)
        for place in values.indices {
            total += weights[place]
            sum += values[place] * weights[place]
            targetSum += target(place) * weights[place]
        }
        let (mean, targetMean) = (sum / total, targetSum / total)
        var (xx, xy) = (SIMD3<Double>.zero, SIMD3<Double>.zero)
        for place in values.indices {
            let x = values[place] - mean
            xx += weights[place] * x * x
            xy += weights[place] * x * (target(place) - targetMean)
        }
        let b = (xy / xx).replacing(with: 1, where: xx .<= 0)
        return (targetMean - b * mean, b)
    }

    /// A sentence about what was done.
    var sentence: String {
        let g = AccelerationUnit.standardGravity / 1000
        return
            "calibrated by gravity: \(significantText(errorBefore / g)) mg off before, \(significantText(errorAfter / g)) mg "
            + "after, from \(pieces) pieces of 10 s"
    }
}
