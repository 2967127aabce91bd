import Records

/// Walking in a recording with gaps: the bouts of all its stretches.
public struct Walking: Sendable, Equatable {
    /// Bouts in order of time, s after the recording's first sample.
    public let bouts: [GaitAnalysis.Bout]
    /// Windows that were looked at.
    public let windows: Int
    /// Whether there is a gyroscope, without which an arm's swing is not known.
    public let hasGyroscope: Bool
    /// How walking was looked for.
    public let settings: GaitAnalysis.Settings
    /// The time that was looked at: what windows cover.
    public let time: AnalyzedTime
    /// Where the stretches that were looked at begin and end, s.
    public let fromS, toS: Double

    /// Walking in a recording.
    ///
    /// Throws where the rate is too low, no stretch is as long as a window, or gravity is not in the signal: the length of an
    /// acceleration without it has twice the rate of the steps.
    public init(
        _ recording: Recording, settings: GaitAnalysis.Settings = GaitAnalysis.Settings()
    ) throws(RecordingError) {
        guard recording.hasGravity else {
            throw .noValidWindow(
                "walking is found in an acceleration with gravity in it, and there is none in this one")
        }
        var (bouts, windows, covered) = ([GaitAnalysis.Bout](), 0, 0.0)
        var (hasGyroscope, ends) = (false, [Double]())
        for segment in recording.wornSegments
        where segment.count >= Int((settings.windowS * segment.sampleRateHz).rounded()) {
            let turns = segment.angularRate[0].count == segment.count
            let found = try GaitAnalysis(
                acceleration: segment.acceleration, angularRate: turns ? segment.angularRate : nil,
                sampleRateHz: segment.sampleRateHz, startS: segment.startS, settings: settings)
            bouts += found.bouts
            windows += found.windows
            covered += found.coveredS
            hasGyroscope = hasGyroscope || turns
            ends += [segment.startS, segment.startS + segment.durationS]
        }
        guard windows > 0, let first = ends.first, let last = ends.last else {
            throw .noValidWindow(
                "no stretch between gaps in which the sensor was worn is as long as a window of "
                    + "\(significantText(settings.windowS)) s")
        }
        (self.bouts, self.windows, self.hasGyroscope, self.settings) = (bouts, windows, hasGyroscope, settings)
        (fromS, toS) = (first, last)
        time = AnalyzedTime(of: recording, analyzedS: covered)
    }

    /// The largest swing of a bout where it is impossible, degrees: no arm swings by more than a turn, and angles are withheld.
    public var impossibleSwingDeg: Double? {
        bouts.compactMap { $0.armSwing?.rangeDeg }.max().flatMap { $0 > PronationSupination.largestTurnDeg ? $0 : nil }
    }

    /// The angle of a swing of the arm, degrees: the bouts' medians, weighted by their swings; `nil` where no arm swung, and where an
    /// angle is impossible.
    public var armSwingDeg: Double? {
        guard impossibleSwingDeg == nil else { return nil }
        let swings = bouts.compactMap(\.armSwing)
        let count = swings.reduce(0) { $0 + $1.swings }
        return count > 0 ? swings.reduce(0) { $0 + $1.rangeDeg * Double($1.swings) } / Double(count) : nil
    }

    /// Time in bouts, % of the time looked at.
    public var walkingPercent: Double { min(100, 100 * bouts.walkingS / time.analyzedS) }

    /// The walking as JSON members.
    public var members: [JSONValue.Member] {
        [
            .init("gait_s", .number(bouts.walkingS)), .init("gait_time_percent", .number(walkingPercent)),
            .init("cadence_steps_per_min", JSONValue(bouts.cadence)), .init("arm_swing_deg", JSONValue(armSwingDeg)),
            .init("gyroscope", .bool(hasGyroscope)), .init("gait_windows", .integer(windows)),
            .init("gait_bouts", .array(bouts.map { $0.json(hasSwing: impossibleSwingDeg == nil) })),
        ]
    }
}
