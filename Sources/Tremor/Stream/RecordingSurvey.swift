/// The first pass over a recording: its clock, its gaps, when it was worn, how it has to be calibrated. Nothing of it is in
/// memory afterwards but this.
struct RecordingSurvey: Sendable {
    var stretches: [Stretch]
    var gaps: [Recording.Gap]
    /// From the first to the last sample, s.
    var durationS: Double
    var samples: Int
    var hasGravity: Bool
    /// Times, s, in which the sensor was not worn.
    var nonWear: [Range<Double>]
    var calibration: Calibration.Outcome?
    /// Values at which each axis is clipped, and whether any sample is there.
    var limits: [ClosedRange<Double>]
    var hasClipping: Bool
    var flags: [String]
    /// The true rate within stretches: intervals over the time they take, gaps left out.
    var rateHz: Double
    /// Subtracted from all stamps.
    var originS: Double

    /// Stretches with fewer samples are not looked at.
    static let fewestSamples = 8
    /// Stretches whose rates differ by less than this share have one rate; by more than `otherRate`, nothing in common.
    private static let sameRate = 0.001
    private static let otherRate = 0.25

    /// Goes through `samples` once, from the start.
    ///
    /// - Parameters:
    ///   - calibrates: whether gravity may correct the sensor.
    ///   - onSamples: called with the number of samples so far.
    init(_ samples: OrderedSamples, calibrates: Bool, onSamples: (Int) -> Void = { _ in }) throws(RecordingError) {
        var clock: ClockSurvey
        var activity: ActivitySurvey
        (clock, activity) = try Self.pass(samples, onSamples)
        let all = clock.stretches.reduce(0) { $0 + $1.count } + clock.shortSamples + clock.unstamped
        guard all > 0 else { throw .empty }
        guard !clock.stretches.isEmpty else { throw .tooFewSamples(all) }
        let (found, otherRates) = Self.ofOneRate(clock.stretches)
        let intervals = found.reduce(0) { $0 + $1.gridCount - 1 }
        let time = found.reduce(0.0) { $0 + Double($1.gridCount - 1) / $1.rateHz }
        guard time > 0, time.isFinite else { throw .notIncreasing }
        let rate = Double(intervals) / time
        rateHz = rate
        // Stretches that are resampled anyway, or whose rate is not quite that of the others, get the rate of all.
        stretches = found.map { stretch in
            var stretch = stretch
            if abs(stretch.rateHz / rate - 1) > Self.sameRate { stretch.isEven = false }
            if !stretch.isEven, found.count > 1 { stretch.evenHz = rate }
            return stretch
        }
        self.samples = all
        originS = clock.originS
        let last = clock.stretches[clock.stretches.count - 1]
        durationS = last.endS - clock.stretches[0].startS
        gaps = zip(clock.stretches.dropFirst(), clock.stretches).map {
            .init(startS: $1.endS, durationS: max(0, $0.startS - $1.endS))
        }
        hasGravity = activity.meanLength > AccelerationUnit.standardGravity / 2
        nonWear = NonWear.periods(activity.quarters, rateHz: rateHz)
        calibration = calibrates && hasGravity ? Calibration.fit(activity.still.map(\.mean)) : nil
        let rawLimits = activity.clipping.limits(statedRange: samples.header.accelerationRange)
        limits = Self.calibrated(rawLimits, calibration)
        hasClipping = activity.clipping.reaches(rawLimits)
        flags =
            samples.sourceFlags + samples.flags
            + Self.flags(clock, stretches, otherRates, gaps, nonWear, calibration)
            + activity.clipping.flags(statedRange: samples.header.accelerationRange)
    }

    private static func pass(
        _ samples: OrderedSamples, _ onSamples: (Int) -> Void
    ) throws(RecordingError) -> (ClockSurvey, ActivitySurvey) {
        do throws(RecordingError) { return try passOnce(samples, onSamples) } catch {
            guard error == .mustSort else { throw error }
            try samples.rewind()
            return try passOnce(samples, onSamples)
        }
    }

    private static func passOnce(
        _ samples: OrderedSamples, _ onSamples: (Int) -> Void
    ) throws(RecordingError) -> (ClockSurvey, ActivitySurvey) {
        var clock = ClockSurvey(samples.header)
        var activity: ActivitySurvey?
        var batch = SampleBatch()
        var count = 0
        while try samples.read(into: &batch) {
            let begun = clock.add(batch)
            if activity == nil { activity = ActivitySurvey(rateHz: clock.rateSoFar ?? 100) }
            for (index, start) in begun.enumerated() {
                let end = index + 1 < begun.count ? Int(begun[index + 1].place) : batch.count
                if index > 0 { activity?.breakOff() }
                activity?.add(batch, Int(start.place)..<end, at: start.timeS)
            }
            count += batch.count
            onSamples(count)
        }
        clock.finish()
        activity?.breakOff()
        guard let activity else { throw .empty }
        return (clock, activity)
    }

    /// The stretches within a quarter of the rate that most of the time has, and the seconds of the others: their windows would
    /// be of other lengths.
    private static func ofOneRate(_ stretches: [Stretch]) -> (kept: [Stretch], otherS: Double) {
        func seconds(_ stretch: Stretch) -> Double { Double(stretch.gridCount) / stretch.rateHz }
        let byRate = stretches.sorted { $0.rateHz < $1.rateHz }
        let half = stretches.reduce(0) { $0 + seconds($1) } / 2
        var sum = 0.0
        let middle = byRate.first {
            sum += seconds($0)
            return sum >= half
        }
        let main = middle?.rateHz ?? stretches[0].rateHz
        let kept = stretches.filter { abs($0.rateHz / main - 1) <= otherRate }
        let other = stretches.filter { abs($0.rateHz / main - 1) > otherRate }
        return (kept, other.reduce(0) { $0 + seconds($1) })
    }

    /// Limits as calibrated samples show them, a little inside for rounding.
    private static func calibrated(
        _ limits: [ClosedRange<Double>], _ calibration: Calibration.Outcome?
    ) -> [ClosedRange<Double>] {
        limits.enumerated().map { axis, limits in
            var (low, high) = (limits.lowerBound, limits.upperBound)
            if case .applied(let c) = calibration {
                (low, high) = (c.offset[axis] + c.gain[axis] * low, c.offset[axis] + c.gain[axis] * high)
            }
            return (low + 1e-6 * abs(low == -.infinity ? 0 : low))...(high - 1e-6 * abs(high == .infinity ? 0 : high))
        }
    }

    private static func flags(
        _ clock: ClockSurvey, _ found: [Stretch], _ otherRates: Double, _ gaps: [Recording.Gap],
        _ nonWear: [Range<Double>],
        _ calibration: Calibration.Outcome?
    ) -> [String] {
        var flags: [String] = []
        let uneven = found.filter { !$0.isEven }.count
        if uneven > 0 {
            flags.append(
                "time stamps are irregular; \(uneven) of \(found.count) stretches were put on an even clock by a cubic spline"
            )
        }
        if clock.shortSamples > 0 {
            flags.append(
                "\(clock.shortSamples) samples in stretches shorter than \(fewestSamples) samples were left out")
        }
        if clock.unstamped > 0 { flags.append("\(clock.unstamped) samples before the first time stamp were left out") }
        if otherRates > 0 {
            flags.append(
                "\(significantText(otherRates)) s were sampled at a rate of their own and left out; split the file")
        }
        if !gaps.isEmpty {
            let longest = gaps.map(\.durationS).max() ?? 0
            let sum = gaps.reduce(0) { $0 + $1.durationS }
            flags.append(
                "\(gaps.count) \(gaps.count == 1 ? "gap" : "gaps") of \(significantText(sum)) s, the longest of "
                    + "\(significantText(longest)) s")
        }
        if clock.backwardBlocks > 0 {
            flags.append(
                "\(clock.backwardBlocks) blocks begin before the one before ends: the clock was set, or stamps are wrong"
            )
        }
        if !nonWear.isEmpty {
            let sum = nonWear.reduce(0) { $0 + $1.upperBound - $1.lowerBound }
            flags.append(
                "not worn for \(significantText(sum / 3600)) h (no movement for an hour): left out of all shares")
        }
        if case .applied(let calibration) = calibration { flags.append(calibration.sentence) }
        return flags
    }

    /// Whether a time lies where the sensor was not worn.
    func isNonWear(_ fromS: Double, _ toS: Double) -> Bool {
        nonWear.contains { $0.lowerBound < toS - 0.05 && fromS + 0.05 < $0.upperBound }
    }
}

extension OrderedSamples {
    /// What was done to the samples, one sentence each.
    var flags: [String] {
        var flags: [String] = []
        if missing > 0 {
            flags.append(
                "\(missing) samples without a number (or above 1000 m/s²) were left out; long runs of them are gaps")
        }
        if reversed > 0 {
            flags.append("\(reversed) time stamps run backward; samples were put in order of time")
        }
        if repeated > 0 {
            flags.append("\(repeated) samples repeat the time of the one before and were left out")
        }
        for jump in clockJumps {
            flags.append(
                "the clock was set back by \(significantText(jump / 60)) minutes; what follows was taken to continue")
        }
        return flags
    }
}
