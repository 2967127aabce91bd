/// From the times of sectors to stamps of their first samples.
///
/// A sector's time belongs to a sample up to a second behind its first. How long a sample takes is measured from sector to
/// sector: the nominal rate, which crystals miss by a percent, would put the first sample 10 ms off.
struct CWAClock {
    /// How much of what two sectors say about the interval is taken; the rest of the noise of single stamps stays out.
    private static let share = 1.0 / 16
    /// Two sectors that say otherwise than the interval so far by more than this share have a gap between them.
    private static let tolerance = 0.1

    /// The second that times are counted from, since 1970-01-01.
    let origin: Int
    /// s from one sample to the next.
    private(set) var intervalS: Double
    private var last: (sample: Int, timeS: Double)?

    /// A clock that takes `nominal` s a sample until it knows better.
    init(origin: Int, nominal: Double) { (self.origin, intervalS) = (origin, nominal) }

    /// Measures the interval between two sectors in a row, as a first guess.
    mutating func learn(from first: (sample: Int, timeS: Double), to second: (sample: Int, timeS: Double)) {
        guard second.sample > first.sample else { return }
        let measured = (second.timeS - first.timeS) / Double(second.sample - first.sample)
        if isLikely(measured) { intervalS = measured }
    }

    /// s since the origin of a sector's time.
    func seconds(_ time: CWASector.Time) -> Double { Double(time.second - origin) + time.fraction }

    /// The stamp of a sector's first sample, s since the origin.
    ///
    /// - Parameters:
    ///   - first: the place of the sector's first sample in the recording.
    ///   - follows: whether the sector before it in the file was read too.
    mutating func stamp(_ time: CWASector.Time, first: Int, follows: Bool) -> Double {
        let now = (sample: first + time.place, timeS: seconds(time))
        if follows, let last, now.sample > last.sample {
            let measured = (now.timeS - last.timeS) / Double(now.sample - last.sample)
            if isLikely(measured) { intervalS += (measured - intervalS) * Self.share }
        }
        last = now
        return now.timeS - Double(time.place) * intervalS
    }

    /// Without a nominal rate, any that wearables have.
    private func isLikely(_ measured: Double) -> Bool {
        intervalS > 0 ? abs(measured / intervalS - 1) < Self.tolerance : measured > 1 / 4000.0 && measured < 1
    }
}
