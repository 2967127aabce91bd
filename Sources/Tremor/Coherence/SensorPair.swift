/// How two sensors' clocks belong together.
public enum PairClock: Sendable, Equatable {
    /// Both are in one file, with one clock.
    case shared
    /// The dates of both clocks are right.
    case civil
    /// Both first samples were taken at the same moment.
    case sameStart
}

/// Why two sensors cannot be compared.
public enum PairError: Error, Equatable, CustomStringConvertible {
    /// Something is wrong with the first recording, or with the second.
    case first(RecordingError)
    case second(RecordingError)
    case noDate(isFirst: Bool)
    case oneIsUTC(isFirst: Bool)
    case noCommonTime(gapS: Double)
    case tooFewSegments(Int, segmentS: Double, commonS: Double)
    case still(isFirst: Bool)

    /// One sentence for the person holding the files.
    public var description: String {
        switch self {
        case .first(let error), .second(let error): error.description
        case .noDate(let isFirst):
            "the \(isFirst ? "first" : "second") recording's clock has no date, so that nothing says when both were taken; where "
                + "their first samples belong together, give --same-start"
        case .oneIsUTC(let isFirst):
            "the \(isFirst ? "first" : "second") recording's clock is UTC, the other's has no time zone: how far they are apart is "
                + "not known; give --same-start, with --shift for what is known of it"
        case .noCommonTime(let gap):
            gap >= 0
                ? "the recordings have no time in common: the second begins \(significantText(gap)) s after the first ends"
                : "the recordings have no time in common: the second ends \(significantText(-gap)) s before the first begins"
        case .tooFewSegments(let count, let segmentS, let commonS):
            "only \(count) segments of \(significantText(segmentS)) s fit into the \(significantText(commonS)) s that both have; at "
                + "least \(SensorCoherence.fewestSegments) are needed: give a shorter --segment or longer recordings"
        case .still(let isFirst): "the \(isFirst ? "first" : "second") sensor does not move in the band"
        }
    }
}

/// Times, in one clock, that two sensors have both: parts of their stretches in which both were worn.
struct CommonTime {
    /// A part without a gap, s on the common clock.
    struct Part {
        var startS: Double
        var endS: Double
        /// The stretch of each sensor that it lies in.
        var stretches: (Int, Int)
        var durationS: Double { endS - startS }
    }

    private(set) var parts: [Part] = []
    /// The first and the last moment of each sensor.
    let spans: [(startS: Double, endS: Double)]

    init(_ first: SurveyedSensor, _ second: SurveyedSensor) {
        let (a, b) = (first.wornParts, second.wornParts)
        spans = [first.span, second.span]
        var (i, j) = (0, 0)
        while i < a.count, j < b.count {
            let (startS, endS) = (max(a[i].startS, b[j].startS), min(a[i].endS, b[j].endS))
            if startS < endS {
                parts.append(Part(startS: startS, endS: endS, stretches: (a[i].stretch, b[j].stretch)))
            }
            if a[i].endS < b[j].endS { i += 1 } else { j += 1 }
        }
    }

    var durationS: Double { parts.reduce(0) { $0 + $1.durationS } }

    /// From the first sensor's end to the second's beginning, or, negative, from the second's end to the first's beginning.
    var gapS: Double {
        let after = spans[1].startS - spans[0].endS
        return after >= 0 ? after : min(0, spans[1].endS - spans[0].startS)
    }
}

/// A sensor whose clock is known, and where its time lies on the common clock.
struct SurveyedSensor {
    let samples: OrderedSamples
    let survey: RecordingSurvey
    /// Added to the survey's times.
    let shiftS: Double

    init(_ source: any RecordingSource, _ clock: PairClock, originS: Double, shiftS: Double) throws(RecordingError) {
        let first = try firstStamp(of: source) ?? 0
        try source.rewind()
        samples = OrderedSamples(source)
        survey = try RecordingSurvey(samples, calibrates: false)
        let own: Double =
            switch clock {
            case .shared: survey.originS
            case .sameStart: survey.originS - first
            case .civil: (source.header.startEpochS ?? 0) - originS + (survey.originS - first)
            }
        self.shiftS = own + shiftS
    }

    var span: (startS: Double, endS: Double) {
        let all = survey.stretches
        return (all[0].startS + shiftS, all[all.count - 1].endS + shiftS)
    }

    /// Stretches on the common clock without the times in which the sensor was not worn.
    var wornParts: [(startS: Double, endS: Double, stretch: Int)] {
        survey.stretches.enumerated().flatMap { place, stretch in
            var parts: [(startS: Double, endS: Double, stretch: Int)] = []
            var startS = stretch.startS
            for off in survey.nonWear where off.upperBound > startS && off.lowerBound < stretch.endS {
                if off.lowerBound > startS { parts.append((startS + shiftS, off.lowerBound + shiftS, place)) }
                startS = max(startS, off.upperBound)
            }
            if startS < stretch.endS { parts.append((startS + shiftS, stretch.endS + shiftS, place)) }
            return parts
        }
    }
}
