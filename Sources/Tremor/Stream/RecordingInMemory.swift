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
    /// Samples that are held in memory at most: a day at 100 Hz has 8.64 million; with a gyroscope they take half a gigabyte.
    public static let mostInMemory = 10_000_000

    /// Reads a recording into memory, put on even clocks; for minutes, not for weeks.
    ///
    /// - Parameters:
    ///   - part: only these times are kept, s after the first sample, so that a part of a week can be looked at.
    ///   - most: more samples than these are refused before they are read.
    /// - Throws: what is wrong with the file, where there are too many samples, and where nothing was recorded in `part`.
    public init(
        reading source: any RecordingSource, part: ClosedRange<Double>? = nil, atMost most: Int = Self.mostInMemory
    ) throws(RecordingError) {
        try source.rewind()
        let samples = OrderedSamples(source)
        let survey = try RecordingSurvey(samples, calibrates: false)
        let even = try EvenSamples(samples, survey)
        var segments = survey.stretches.map {
            Segment(startS: $0.startS, sampleRateHz: $0.outputHz, acceleration: [[], [], []])
        }
        let wanted = survey.stretches.reduce(0.0) { sum, stretch in
            let last = stretch.startS + Double(stretch.evenCount - 1) / stretch.outputHz
            let seconds = min(last, part?.upperBound ?? last) - max(stretch.startS, part?.lowerBound ?? stretch.startS)
            return sum + max(0, seconds * stretch.outputHz + 1)
        }
        guard wanted <= Double(most) else {
            throw .tooLongForMemory(samples: Int(exactly: wanted.rounded()) ?? .max, most: most)
        }
        var piece = EvenSamples.Piece()
        while try even.read(into: &piece) {
            let (hz, stretch) = (segments[piece.stretch].sampleRateHz, survey.stretches[piece.stretch])
            let startS = stretch.startS + Double(piece.first) / hz
            if let part, startS > part.upperBound || startS + Double(piece.count) / hz < part.lowerBound { continue }
            if segments[piece.stretch].count == 0 { segments[piece.stretch].startS = startS }
            for axis in 0..<3 {
                segments[piece.stretch].acceleration[axis] += piece.acceleration[axis]
                segments[piece.stretch].angularRate[axis] += piece.angularRate[axis]
            }
        }
        self.init(
            segments: segments.filter { $0.count > 0 }, gaps: survey.gaps, durationS: survey.durationS,
            samples: survey.samples, nonWear: survey.nonWear, hasGravity: survey.hasGravity, flags: survey.flags)
        if let part { self = try self.part(part) }
    }
}
