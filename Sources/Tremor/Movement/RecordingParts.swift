import Records

/// What became of a recording's time, s: the denominators of what was found in it.
public struct AnalyzedTime: Sendable, Equatable {
    /// From the first to the last sample, or of the part that was asked for, gaps included.
    public let recordedS: Double
    /// Time that was looked at.
    public let analyzedS: Double
    /// Time without samples.
    public let gapsS: Double
    /// Time in which the sensor was not worn.
    public let notWornS: Double
    /// The rest: stretches too short for a window, what is left over at their ends, stretches that were not taken.
    public var leftOutS: Double { max(0, recordedS - analyzedS - gapsS - notWornS) }

    /// The time of a recording of which `analyzedS` was looked at.
    init(of recording: Recording, analyzedS: Double) {
        recordedS = recording.durationS
        gapsS = recording.gaps.reduce(0) { $0 + $1.durationS }
        let worn = recording.wornSegments.reduce(0) { $0 + $1.durationS }
        notWornS = max(0, recording.segments.reduce(0) { $0 + $1.durationS } - worn)
        self.analyzedS = min(analyzedS, recordedS)
    }

    /// The time of a test without gaps, all of which was looked at.
    init(ofTest seconds: Double) { (recordedS, analyzedS, gapsS, notWornS) = (seconds, seconds, 0, 0) }

    /// The times as JSON.
    public var json: JSONValue {
        [
            "recorded_s": .number(recordedS), "analyzed_s": .number(analyzedS), "gaps_s": .number(gapsS),
            "not_worn_s": .number(notWornS), "left_out_s": .number(leftOutS),
        ]
    }
}

extension Recording {
    /// What lies between two times, s after the first sample; times stay those of the whole recording.
    ///
    /// Throws where nothing was recorded there.
    public func part(_ range: ClosedRange<Double>) throws(RecordingError) -> Recording {
        var part = self
        part.segments = segments.compactMap { $0.cut(from: range.lowerBound, to: range.upperBound) }
        guard !part.segments.isEmpty else {
            throw .noValidWindow(
                "nothing was recorded from \(significantText(range.lowerBound)) to \(significantText(range.upperBound)) s; "
                    + "the recording has \(significantText(durationS)) s")
        }
        part.gaps = gaps.compactMap { gap in
            let (start, end) = (max(gap.startS, range.lowerBound), min(gap.startS + gap.durationS, range.upperBound))
            return start < end ? Gap(startS: start, durationS: end - start) : nil
        }
        part.nonWear = nonWear.compactMap { $0.overlaps(range) ? $0 : nil }
        part.durationS = min(durationS, range.upperBound) - max(0, range.lowerBound)
        part.samples = part.segments.reduce(0) { $0 + $1.count }
        return part
    }

    /// Stretches without a gap in which the sensor was worn.
    var wornSegments: [Segment] {
        segments.flatMap { segment in
            var (pieces, start) = ([Segment](), segment.startS)
            for period in nonWear {
                if let piece = segment.cut(from: start, to: period.lowerBound) { pieces.append(piece) }
                start = max(start, period.upperBound)
            }
            if let piece = segment.cut(from: start, to: .infinity) { pieces.append(piece) }
            return pieces
        }
    }
}

extension Recording.Segment {
    /// The samples between two times; `nil` where there is none.
    func cut(from start: Double, to end: Double) -> Recording.Segment? {
        // A billionth of a sample is for the rounding of times.
        let first = ((start - startS) * sampleRateHz - 1e-9).rounded(.up)
        let last = ((end - startS) * sampleRateHz + 1e-9).rounded(.down)
        guard last >= 0, first < Double(count), first <= last else { return nil }
        let places = max(0, Int(first))..<min(count, last < Double(count) ? Int(last) + 1 : count)
        if places == 0..<count { return self }
        var piece = self
        piece.startS += Double(places.lowerBound) / sampleRateHz
        piece.acceleration = acceleration.map { Array($0[places]) }
        piece.angularRate = angularRate.map { $0.isEmpty ? [] : Array($0[places]) }
        return piece
    }
}
