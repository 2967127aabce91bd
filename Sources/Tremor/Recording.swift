/// A wearable's acceleration on three axes, cut at gaps into stretches of constant sampling rate.
public struct Recording: Sendable {
    /// A stretch without a gap.
    public struct Segment: Sendable, Equatable {
        /// When it begins, s after the recording's first sample.
        public var startS: Double
        /// Its true rate, Hz: (samples − 1) / (last − first), never rounded.
        public var sampleRateHz: Double
        /// Acceleration in m/s² along x, y and z, at a constant rate.
        public var acceleration: [[Double]]
        /// Angular rate in rad/s about x, y and z, or three empty columns.
        public var angularRate: [[Double]] = [[], [], []]
        /// Samples.
        public var count: Int { acceleration[0].count }
        /// Its length, s.
        public var durationS: Double { Double(count - 1) / sampleRateHz }
    }

    /// A stretch of time without samples.
    public struct Gap: Sendable, Equatable {
        /// When it begins, s after the first sample.
        public var startS: Double
        /// How long it is, s.
        public var durationS: Double
    }

    /// Stretches in order of time.
    public var segments: [Segment]
    /// Gaps between them.
    public var gaps: [Gap]
    /// From the first to the last sample, s, gaps included.
    public var durationS: Double
    /// Samples that were kept.
    public var samples: Int
    /// Times, s after the first sample, in which the sensor was not worn; their samples are in the stretches.
    public var nonWear: [Range<Double>]
    /// Whether gravity is in the signal; `false` for "user acceleration" of phones and watches.
    public var hasGravity: Bool
    /// What was found and done, one sentence each: units, clocks, missing values, clipping.
    public var flags: [String]

    init(
        segments: [Segment], gaps: [Gap], durationS: Double, samples: Int, nonWear: [Range<Double>] = [],
        hasGravity: Bool, flags: [String]
    ) {
        (self.segments, self.gaps, self.durationS) = (segments, gaps, durationS)
        (self.samples, self.nonWear, self.hasGravity, self.flags) = (samples, nonWear, hasGravity, flags)
    }

    /// A recording without a gap, from samples at a constant rate.
    ///
    /// - Parameter acceleration: x, y and z in m/s², gravity included or not, equally many samples each and at least one.
    public init(acceleration: [[Double]], sampleRateHz: Double) {
        precondition(acceleration.count == 3 && Set(acceleration.map(\.count)).count == 1, "three axes of equal length")
        precondition(!acceleration[0].isEmpty && sampleRateHz > 0, "a recording has samples and a rate")
        let segment = Segment(startS: 0, sampleRateHz: sampleRateHz, acceleration: acceleration)
        self.init(
            segments: [segment], gaps: [], durationS: segment.durationS, samples: segment.count,
            hasGravity: Self.hasGravity(acceleration), flags: [])
    }

    /// Whether the mean of the axes is as long as half of gravity or more.
    static func hasGravity(_ axes: [[Double]]) -> Bool {
        let means = axes.map { $0.reduce(0, +) / Double($0.count) }
        return means.reduce(0) { $0 + $1 * $1 }.squareRoot() > AccelerationUnit.standardGravity / 2
    }

    /// The rate within segments, Hz: intervals over the time they take, gaps left out.
    public var sampleRateHz: Double {
        let intervals = segments.reduce(0) { $0 + $1.count - 1 }
        let time = segments.reduce(0) { $0 + $1.durationS }
        return time > 0 ? Double(intervals) / time : segments.first?.sampleRateHz ?? 0
    }

    /// Samples a second over the whole recording, gaps included, Hz.
    public var meanRateHz: Double { durationS > 0 ? Double(samples - 1) / durationS : sampleRateHz }
}

/// Why a recording cannot be used.
public enum RecordingError: Error, Equatable, CustomStringConvertible {
    case empty
    case notText
    case unknownLayout([String])
    case noSampleRate
    case unknownUnit(median: Double)
    case badNumber(line: Int, field: String)
    case unevenLine(line: Int, fields: Int, expected: Int)
    case tooFewSamples(Int)
    case notIncreasing
    case rateTooLow(rate: Double, needed: Double)
    case noValidWindow(String)
    case tooLongForMemory(samples: Int, most: Int)
    case unknownFormat([String])
    case unreadable(String)
    case damaged(String)
    case unsupported(String)
    case clockRunsBack(seconds: Double)
    /// Stamps run backward by less than two seconds: reading has to begin anew and sort. Never leaves the module.
    case mustSort

    /// One sentence for the person holding the file.
    public var description: String {
        switch self {
        case .empty: "the file has no samples"
        case .notText: "this is no text; read are CSV files, one sample a line"
        case .unknownLayout(let columns):
            "no three axes of acceleration were found among the columns \(columns.prefix(12).joined(separator: ", ")); read are "
                + "CSV files with x,y,z (or acc_x,…, userAcceleration.x and gravity.x), with or without a time column and header"
        case .noSampleRate: "the file has no time column; give --sample-rate"
        case .unknownUnit(let median):
            median == 0
                ? "there is no acceleration but zeros"
                : "the unit of the acceleration is not said, and what does not change, \(significantText(median)), is gravity in no "
                    + "unit (1 would be g, 9.8 m/s², 1000 mg); give --unit"
        case .badNumber(let line, let field): "line \(line): \"\(field)\" is no number"
        case .unevenLine(let line, let fields, let expected):
            "line \(line) has \(fields) fields; \(expected) were expected"
        case .tooFewSamples(let count): "there are only \(count) usable samples"
        case .notIncreasing: "the time stamps do not increase"
        case .rateTooLow(let rate, let needed):
            "the sampling rate of \(significantText(rate)) Hz is too low; at least \(significantText(needed)) Hz is needed"
        case .noValidWindow(let reason): "there is no stretch that can be analysed: \(reason)"
        case .tooLongForMemory(let samples, let most):
            "the recording has \(samples) samples; at most \(most) (a day at 100 Hz and a little more) are looked at at once "
                + "for this sign; choose a part of it by --part"
        case .unknownFormat(let formats): "this kind of file is not known; read are \(formats.joined(separator: "; "))"
        case .unreadable(let reason): reason
        case .damaged(let what): "the file is damaged: \(what)"
        case .unsupported(let what): "\(what)"
        case .clockRunsBack(let seconds):
            "the time stamps jump back by \(significantText(seconds)) s; split the file there or put its samples in order"
        case .mustSort: "the time stamps run backward"
        }
    }
}

/// A number to a thousandth; one too large for that as it is.
func significantText(_ value: Double) -> String {
    abs(value) < 1e12 ? String(Double(Int((value * 1000).rounded())) / 1000) : String(value)
}
