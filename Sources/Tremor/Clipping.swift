/// Samples that stand at the sensor's limit: the true acceleration was larger, so that an amplitude is a lower bound.
enum Clipping {
    /// A sensor's range is at least this, m/s²; smaller extremes are not a limit.
    private static let smallestRange = 1.5 * AccelerationUnit.standardGravity

    /// A sentence for each axis with two or more equal samples in a row at its largest magnitude.
    static func flags(of axes: [[Double]]) -> [String] {
        zip(["x", "y", "z"], axes).compactMap { name, samples in
            guard let low = samples.min(), let high = samples.max() else { return nil }
            let clipped = [low, high].filter { abs($0) >= smallestRange }.reduce(0) { $0 + runs(samples, at: $1) }
            return clipped == 0
                ? nil : "\(clipped) samples of \(name) stand at the sensor's limit: amplitudes are lower bounds"
        }
    }

    private static func runs(_ samples: [Double], at limit: Double) -> Int {
        var (total, run) = (0, 0)
        for value in samples {
            if value == limit {
                run += 1
            } else {
                if run > 1 { total += run }
                run = 0
            }
        }
        return run > 1 ? total + run : total
    }
}
