import Records

/// Freezing of gait in a recording with gaps: a course of the index in each stretch, and what they say together.
public struct FreezingOfGait: Sendable, Equatable {
    /// The definition of the index.
    public let method: FreezingMethod
    /// Axes whose spectra were added: 0, 1 and 2 for x, y and z.
    public let axes: [Int]
    /// The index over time, one course a stretch; times are s after the recording's first sample.
    public let courses: [FreezingCourse]
    /// Frozen time; `nil` where neither the method nor the caller has a threshold.
    public let summary: FreezingCourse.Summary?
    /// The time that was looked at: a window stands for one step.
    public let time: AnalyzedTime
    /// Movement below which a leg is at rest, m/s² RMS.
    public let stillBelow: Double

    /// Shorter frozen time is no episode, s.
    public static let shortestEpisodeS = 1.0

    /// Freezing in a recording of ankle, thigh or trunk.
    ///
    /// - Parameters:
    ///   - axes: one axis, as the papers have it, or several, whose spectra are added.
    ///   - threshold: instead of the method's own.
    /// - Throws: where the rate is too low or no stretch is as long as a window.
    public init(
        _ recording: Recording, method: FreezingMethod = .multitaper, axes: [Int] = [0, 1, 2],
        threshold: Double? = nil, stillBelow: Double = FreezingCourse.stillBelow
    ) throws(RecordingError) {
        var courses: [FreezingCourse] = []
        for segment in recording.wornSegments
        where segment.count >= Int((method.windowS * segment.sampleRateHz).rounded()) {
            var course = try method.course(
                of: axes.map { segment.acceleration[$0] }, sampleRateHz: segment.sampleRateHz)
            for place in course.timesS.indices { course.timesS[place] += segment.startS }
            courses.append(course)
        }
        guard !courses.isEmpty else {
            throw .noValidWindow(
                "no stretch between gaps in which the sensor was worn is as long as a window of "
                    + "\(significantText(method.windowS)) s")
        }
        (self.method, self.axes, self.courses, self.stillBelow) = (method, axes, courses, stillBelow)
        let summaries = courses.compactMap {
            $0.summary(threshold: threshold, stillBelow: stillBelow, shortestS: Self.shortestEpisodeS)
        }
        summary = FreezingCourse.Summary(summaries)
        time = AnalyzedTime(
            of: recording, analyzedS: courses.reduce(0) { $0 + Double($1.index.count) * $1.stepS })
    }

    /// The median index while the leg moves; `nil` where it never does.
    public var medianIndex: Double? {
        let moving = courses.flatMap { course in
            zip(course.index, course.rms).compactMap { $1 >= stillBelow && $0.isFinite ? $0 : nil }
        }
        return moving.isEmpty ? nil : Median.of(moving)
    }

    /// Time in which the leg moves, s.
    public var movingS: Double {
        courses.reduce(0) { sum, course in sum + Double(course.rms.count { $0 >= stillBelow }) * course.stepS }
    }

    /// Whether a time lies in an episode.
    public func isFrozen(atS time: Double) -> Bool {
        summary?.episodes.contains { $0.startS <= time && time < $0.startS + $0.durationS } ?? false
    }

    /// Freezing as JSON members.
    public var members: [JSONValue.Member] {
        [
            .init("freezing_method", method.json),
            .init("axes", JSONValue(axes.map { ["x", "y", "z"][$0] })),
            .init("freezing_windows", .integer(courses.reduce(0) { $0 + $1.index.count })),
            .init("freezing_index_median_moving", JSONValue(medianIndex)),
        ]
            + (summary?.members
                ?? FreezingCourse.Summary.noMembers(
                    analyzedS: time.analyzedS, movingS: movingS, stillBelow: stillBelow))
    }
}

extension FreezingCourse.Summary {
    /// What summaries of stretches say together; `nil` of none.
    init?(_ parts: [FreezingCourse.Summary]) {
        guard let first = parts.first else { return nil }
        let analyzed = parts.reduce(0) { $0 + $1.analyzedS }
        let moving = parts.reduce(0) { $0 + $1.movingS }
        let episodes = parts.flatMap(\.episodes)
        let frozen = episodes.reduce(0) { $0 + $1.durationS }
        self.init(
            episodes: episodes, frozenPercent: 100 * frozen / analyzed,
            frozenPercentOfMovement: moving > 0 ? 100 * frozen / moving : nil, analyzedS: analyzed, movingS: moving,
            threshold: first.threshold, stillBelow: first.stillBelow)
    }

    /// Time in episodes, s.
    public var frozenS: Double { episodes.reduce(0) { $0 + $1.durationS } }

    /// The members of a recording without a threshold: nobody can say when gait was frozen.
    static func noMembers(analyzedS: Double, movingS: Double, stillBelow: Double) -> [JSONValue.Member] {
        [
            .init("freezing_episodes", .null), .init("freezing_time_percent", .null),
            .init("freezing_time_percent_of_movement", .null), .init("freezing_analyzed_s", .number(analyzedS)),
            .init("freezing_movement_s", .number(movingS)), .init("freezing_threshold", .null),
            .init("freezing_still_below_m_s2", .number(stillBelow)), .init("freezing", .null),
        ]
    }
}
