import Records

/// A freezing index over time, and when gait is frozen by it.
public struct FreezingCourse: Sendable, Equatable {
    /// The definition.
    public let method: FreezingMethod
    /// From one value to the next where no window was left out, s.
    public let stepS: Double
    /// The middles of the windows, s after the first sample.
    public internal(set) var timesS: [Double] = []
    /// The index on the method's scale, one value a window.
    public internal(set) var index: [Double] = []
    /// Root mean square of the acceleration in both bands together, m/s², one value a window, over all axes.
    public internal(set) var rms: [Double] = []
    /// Windows that had a sample missing.
    public internal(set) var windowsLeftOut = 0

    /// Movement below which a leg is at rest, m/s² RMS in both bands: someone who stands still has a ratio of noise, which is no
    /// freezing. In the Daphnet recordings half of the standing is below 0.4 and 95 % of the freezing above 0.8 [Bachlin2010].
    public static let stillBelow = 0.5

    init(method: FreezingMethod, stepS: Double) { (self.method, self.stepS) = (method, stepS) }

    /// Time in which gait is frozen.
    public struct Episode: Sendable, Equatable {
        /// When it begins, s after the first sample.
        public let startS: Double
        /// How long it is, s.
        public let durationS: Double
    }

    /// What an index says about a recording.
    public struct Summary: Sendable, Equatable {
        /// Frozen time in order.
        public let episodes: [Episode]
        /// Time in episodes, % of the time looked at.
        public let frozenPercent: Double
        /// Time in episodes, % of the time that is not still.
        public let frozenPercentOfMovement: Double?
        /// Time looked at, s.
        public let analyzedS: Double
        /// Time with movement above the floor, s.
        public let movingS: Double
        /// The index that was crossed.
        public let threshold: Double
        /// The floor, m/s².
        public let stillBelow: Double
    }

    /// Episodes: windows in a row whose index is above the threshold and whose movement is above the floor.
    ///
    /// Each window stands for one step about its middle. Windows are seconds long, so that an episode's ends are sure to half a
    /// window at best.
    /// - Parameters:
    ///   - threshold: instead of the method's own; the result is `nil` where neither is there.
    ///   - shortestS: shorter ones are no episodes, s.
    public func summary(
        threshold: Double? = nil, stillBelow: Double = Self.stillBelow, shortestS: Double = 1
    ) -> Summary? {
        guard let threshold = threshold ?? method.threshold else { return nil }
        var episodes: [Episode] = []
        var start: Int?
        func close(_ end: Int) {
            guard let first = start else { return }
            start = nil
            let duration = timesS[end] - timesS[first] + stepS
            // A tenth of a step is for the rounding of times.
            if duration >= shortestS - stepS / 10 {
                episodes.append(Episode(startS: timesS[first] - stepS / 2, durationS: duration))
            }
        }
        for place in index.indices {
            let isFrozen = index[place] > threshold && rms[place] >= stillBelow
            let follows = place > 0 && timesS[place] - timesS[place - 1] < 1.5 * stepS
            if start != nil && (!isFrozen || !follows) { close(place - 1) }
            if isFrozen && start == nil { start = place }
        }
        close(index.count - 1)
        let analyzed = Double(index.count) * stepS
        let moving = Double(rms.count { $0 >= stillBelow }) * stepS
        let frozen = episodes.reduce(0) { $0 + $1.durationS }
        return Summary(
            episodes: episodes, frozenPercent: 100 * frozen / analyzed,
            frozenPercentOfMovement: moving > 0 ? 100 * frozen / moving : nil, analyzedS: analyzed, movingS: moving,
            threshold: threshold, stillBelow: stillBelow)
    }

    /// The index with still windows below every other value, for ranking windows by how likely they are frozen.
    public func scores(stillBelow: Double = Self.stillBelow) -> [Double] {
        zip(index, rms).map { $1 >= stillBelow ? $0 : -.infinity }
    }
}

extension FreezingCourse.Summary {
    /// The summary as members of a recording's JSON.
    public var members: [JSONValue.Member] {
        [
            .init("freezing_episodes", .integer(episodes.count)),
            .init("freezing_time_percent", .number(frozenPercent)),
            .init("freezing_time_percent_of_movement", JSONValue(frozenPercentOfMovement)),
            .init("freezing_analyzed_s", .number(analyzedS)), .init("freezing_movement_s", .number(movingS)),
            .init("freezing_threshold", .number(threshold)),
            .init("freezing_still_below_m_s2", .number(stillBelow)),
            .init(
                "freezing",
                .array(
                    episodes.map { ["start_s": .number($0.startS), "duration_s": .number($0.durationS)] })),
        ]
    }
}
