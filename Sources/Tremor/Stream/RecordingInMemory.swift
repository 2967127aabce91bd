/// A recording in memory as a source: a batch a stretch.
final class RecordingInMemory: RecordingSource {
    private let recording: Recording
    private var next = 0
    let header: RecordingHeader
    var flags: [String] { recording.flags }

    init(_ recording: Recording) {
        self.recording = recording
        header = RecordingHeader(
            format: "memory", nominalRateHz: recording.sampleRateHz,
            hasAngularRate: recording.segments.allSatisfy { $0.angularRate[0].count == $0.count }, stampPrecisionS: 1e-9
        )
    }

    func rewind() { next = 0 }

    func read(into batch: inout SampleBatch) -> Bool {
        batch.removeAll()
        guard next < recording.segments.count else { return false }
        let segment = recording.segments[next]
        next += 1
        batch.acceleration = segment.acceleration
        if header.hasAngularRate { batch.angularRate = segment.angularRate }
        batch.stamps = (0..<segment.count).map {
            .init(place: $0, timeS: segment.startS + Double($0) / segment.sampleRateHz)
        }
        return true
    }
}

extension Recording {
    /// Reads all of a recording into memory, put on even clocks; for minutes, not for weeks.
    public init(reading source: any RecordingSource) throws(RecordingError) {
        try source.rewind()
        let samples = OrderedSamples(source)
        let survey = try RecordingSurvey(samples, calibrates: false)
        let even = try EvenSamples(samples, survey)
        var segments = survey.stretches.map {
            Segment(startS: $0.startS, sampleRateHz: $0.outputHz, acceleration: [[], [], []])
        }
        var piece = EvenSamples.Piece()
        while try even.read(into: &piece) {
            for axis in 0..<3 {
                segments[piece.stretch].acceleration[axis] += piece.acceleration[axis]
                segments[piece.stretch].angularRate[axis] += piece.angularRate[axis]
            }
        }
        self.init(
            segments: segments, gaps: survey.gaps, durationS: survey.durationS, samples: survey.samples,
            hasGravity: survey.hasGravity, flags: survey.flags)
    }
}
