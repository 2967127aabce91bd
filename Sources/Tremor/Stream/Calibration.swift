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
            offset: .zero, gain: .one, errorBefore: meanError(means, .zero, .one), errorAfter: 0, pieces: means.count)
        var previous = calibration.errorBefore
        var weights = [Double](repeating: 1, count: means.count)
        for _ in 0..<1000 {
            let moved = means.map { calibration.offset + calibration.gain * $0 }
            let targets = moved.map { $0 * (g / length($0)) }
            for axis in 0..<3 {
                let (a, b) = line(moved.map { $0[axis] }, targets.map { $0[axis] }, weights)
                calibration.offset[axis] = a + b * calibration.offset[axis]
                calibration.gain[axis] *= b
            }
            // A piece far off the sphere was no rest: its weight falls with its distance.
            for (place, value) in means.enumerated() {
                let distance = abs(length(calibration.offset + calibration.gain * value) - g) / g
                weights[place] = min(1 / max(distance, 1e-9), 100)
            }
            let error = meanError(means, calibration.offset, calibration.gain)
            if abs(previous - error) < 1e-9 { break }
            previous = error
        }
        calibration.errorAfter = meanError(means, calibration.offset, calibration.gain)
        guard calibration.errorAfter < worst, calibration.errorAfter <= calibration.errorBefore else {
            return .notApplied(
                "calibration leaves \(significantText(calibration.errorAfter / g * 1000)) mg; less than 10 are wanted")
        }
        return .applied(calibration)
    }

    private static func meanError(_ means: [SIMD3<Double>], _ offset: SIMD3<Double>, _ gain: SIMD3<Double>) -> Double {
        means.reduce(0) { $0 + abs(length(offset + gain * $1) - AccelerationUnit.standardGravity) }
            / Double(means.count)
    }

    private static func length(_ v: SIMD3<Double>) -> Double { (v * v).sum().squareRoot() }

    /// The weighted line of least squares: target = a + b · value.
    private static func line(_ x: [Double], _ y: [Double], _ w: [Double]) -> (a: Double, b: Double) {
        let total = w.reduce(0, +)
        let meanX = zip(x, w).reduce(0) { $0 + $1.0 * $1.1 } / total
        let meanY = zip(y, w).reduce(0) { $0 + $1.0 * $1.1 } / total
        var (xx, xy) = (0.0, 0.0)
        for place in x.indices {
            xx += w[place] * (x[place] - meanX) * (x[place] - meanX)
            xy += w[place] * (x[place] - meanX) * (y[place] - meanY)
        }
        let b = xx > 0 ? xy / xx : 1
        return (meanY - b * meanX, b)
    }

    /// A sentence about what was done.
    var sentence: String {
        let g = AccelerationUnit.standardGravity / 1000
        return
            "calibrated by gravity: \(significantText(errorBefore / g)) mg off before, \(significantText(errorAfter / g)) mg "
            + "after, from \(pieces) pieces of 10 s"
    }
}
