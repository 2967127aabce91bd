import Records

/// A test of a movement that is repeated, in a recording that may have gaps: what was found in the longest stretch that has it.
///
/// A rhythm is never put together across a gap: nobody knows what the hand did there.
public struct RepeatedTest<Measure: Sendable & Equatable>: Sendable, Equatable {
    /// What was found.
    public let measure: Measure
    /// When the stretch begins, s after the recording's first sample.
    public let startS: Double
    /// How long it is, s.
    public let durationS: Double
    /// Other stretches in which the movement was found, too, and which are in no number.
    public let otherStretches: Int
    /// The time that was looked at: that of the stretch.
    public let time: AnalyzedTime

    fileprivate init(
        _ recording: Recording, named name: String, _ measure: (Recording.Segment) throws(RecordingError) -> Measure
    ) throws(RecordingError) {
        let stretches = recording.wornSegments.sorted { $0.count > $1.count }
        guard let longest = stretches.first else { throw .noValidWindow("the sensor was not worn") }
        var found: (measure: Measure, segment: Recording.Segment)?
        var (others, problem) = (0, RecordingError?.none)
        for stretch in stretches where Double(stretch.count) >= 2 * stretch.sampleRateHz {
            guard stretch.durationS <= RepeatedMovement.longestTestS else {
                throw .noValidWindow(
                    "\(name) is a test of a minute or less, and there are \(significantText(stretch.durationS)) s without a gap; "
                        + "choose the test by --part")
            }
            do throws(RecordingError) {
                let one = try measure(stretch)
                if found == nil { found = (one, stretch) } else { others += 1 }
            } catch {
                problem = problem ?? error
            }
        }
        guard let found else { throw problem ?? .tooFewSamples(longest.count) }
        (self.measure, startS, durationS) = (found.measure, found.segment.startS, found.segment.durationS)
        otherStretches = others
        time = AnalyzedTime(of: recording, analyzedS: found.segment.durationS)
    }

    /// The stretch as JSON members.
    public var testMembers: [JSONValue.Member] {
        [
            .init("test_start_s", .number(startS)), .init("test_duration_s", .number(durationS)),
            .init("other_stretches", .integer(otherStretches)),
        ]
    }
}

extension RepeatedMovement {
    /// A longer stretch is no test: in a day of movement impacts and turns are found that are none, s. Our choice.
    public static let longestTestS = 120.0
}

extension RepeatedTest where Measure == FingerTapping {
    /// Finger tapping in a recording. Throws where no stretch has it, or one is too long for a test.
    public init(tappingIn recording: Recording) throws(RecordingError) {
        try self.init(recording, named: "finger tapping") { segment throws(RecordingError) in
            try FingerTapping(
                acceleration: segment.acceleration, sampleRateHz: segment.sampleRateHz, startS: segment.startS)
        }
    }
}

extension RepeatedTest where Measure == PronationSupination {
    /// Turning of the forearm in a recording, by its gyroscope where it has one. Throws as for tapping.
    public init(turningIn recording: Recording) throws(RecordingError) {
        try self.init(recording, named: "turning the forearm") { segment throws(RecordingError) in
            if segment.angularRate[0].count == segment.count {
                return try PronationSupination(
                    angularRate: segment.angularRate, sampleRateHz: segment.sampleRateHz, startS: segment.startS)
            }
            return try PronationSupination(
                acceleration: segment.acceleration, sampleRateHz: segment.sampleRateHz, startS: segment.startS)
        }
    }
}
