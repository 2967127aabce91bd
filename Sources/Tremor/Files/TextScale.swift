/// What a table does not say and its numbers tell: the unit of time and that of acceleration.
enum TextScale {
    /// Units of time in a second, largest unit first.
    private static let clocks: [(perSecond: Double, name: String)] = [(1, "s"), (1e3, "ms"), (1e6, "µs"), (1e9, "ns")]
    /// Rates that a wearable may have, Hz; units of time are a factor of 1000 apart, so that one fits at most nearly always.
    private static let rates = 1.0...10000

    /// A unit of time, and whether stamps count from 1970.
    struct Clock: Equatable {
        /// Units in a second.
        var perSecond: Double
        /// Whether the stamps are seconds since 1970, in this unit.
        var isSince1970: Bool
    }

    /// The unit of numeric stamps from their size and their steps.
    ///
    /// - Parameters:
    ///   - first: the first stamp.
    ///   - steps: from each stamp to the next, in units.
    ///   - stated: units in a second where the file says so.
    static func clock(_ first: Double, _ steps: [Double], stated: Double?) throws(RecordingError) -> Clock {
        // From 2001 to 2099.
        let since1970 = clocks.first {
            (0x3B9A_CA00...0xF48D_6500).contains(Int(max(-1, min(1e12, first / $0.perSecond))))
        }
        if let stated { return Clock(perSecond: stated, isSince1970: since1970?.perSecond == stated) }
        let ahead = steps.filter { $0 > 0 }
        guard !ahead.isEmpty || steps.count < 2 else { throw .notIncreasing }
        guard steps.filter({ $0 < 0 }).count * 2 <= ahead.count else { throw .notIncreasing }
        // Stamps that repeat stand for several samples each.
        let step = Median.of(ahead) * Double(ahead.count) / Double(max(1, steps.count))
        guard step > 0 else { return Clock(perSecond: 1, isSince1970: false) }
        if let since1970, rates.contains(since1970.perSecond / step) {
            return Clock(perSecond: since1970.perSecond, isSince1970: true)
        }
        if steps.count >= 8 && steps.allSatisfy({ $0 == 1 }) {
            throw .unsupported(
                "the column of time counts by one, which may be samples or ms or s; name it time_ms or time_s, or leave it out "
                    + "and give a rate")
        }
        // A wearable samples 3 to 3000 times a second.
        let perSecond = step < 0.3 ? 1 : step < 300 ? 1e3 : step < 3e5 ? 1e6 : 1e9
        guard rates.contains(perSecond / step) else {
            throw .unsupported(
                "the unit of time cannot be told from steps of \(step); name the column time_s, time_ms, time_us or time_ns"
            )
        }
        return Clock(perSecond: perSecond, isSince1970: false)
    }

    /// The unit in which a median size is that of gravity: within 0.6 to 1.6 of it; `nil` where none is.
    static func unit(ofGravity median: Double) -> AccelerationUnit? {
        // Gravity is in the signal of an accelerometer at all times; its size tells the unit.
        AccelerationUnit.allCases.first { unit in
            let gravity = AccelerationUnit.standardGravity / unit.scale
            return median > gravity * 0.6 && median < gravity * 1.6
        }
    }

    /// What is doubtful about a unit that was stated, by the size of what does not change. Throws where no wearable can have measured it.
    static func doubt(_ unit: AccelerationUnit, median: Double) throws(RecordingError) -> String? {
        let inG = median * unit.scale / AccelerationUnit.standardGravity
        guard inG < 100 else {
            throw .unsupported(
                "what does not change is \(significantText(inG)) times gravity if the unit is \(unit.rawValue); "
                    + "give the right one with --unit")
        }
        if let other = Self.unit(ofGravity: median), other != unit {
            return
                "what does not change is \(significantText(inG)) times gravity; the unit may not be \(unit.rawValue): in "
                + "\(other.rawValue) it would be gravity, and amplitudes are then wrong by a factor of "
                + "\(significantText(max(other.scale / unit.scale, unit.scale / other.scale)))"
        }
        guard inG > 4 else { return nil }
        return
            "what does not change is \(significantText(inG)) times gravity; the unit may not be \(unit.rawValue)"
    }

    /// The size of what does not change, which is gravity where a sensor measures it: the median length of the mean of samples in
    /// a row, so that neither a large tremor nor movement is taken for it; 0 where there is none.
    static func gravity(_ x: (Int) -> Double, _ y: (Int) -> Double, _ z: (Int) -> Double, count: Int) -> Double {
        let piece = 128
        var sizes: [Double] = []
        for start in stride(from: 0, to: count, by: piece) where start == 0 || start + piece <= count {
            var (sum, n) = (SIMD3<Double>.zero, 0.0)
            for row in start..<min(start + piece, count) {
                let sample = SIMD3(x(row), y(row), z(row))
                // A sensor that is off writes zeros.
                guard sample != .zero, (sample.x + sample.y + sample.z).isFinite else { continue }
                sum += sample
                n += 1
            }
            if n > 0 { sizes.append(((sum / n) * (sum / n)).sum().squareRoot()) }
        }
        return sizes.isEmpty ? 0 : Median.inPlace(&sizes)
    }
}
