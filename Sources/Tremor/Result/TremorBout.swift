/// Windows with tremor in a row.
public struct TremorBout: Sendable, Equatable {
    /// When it begins and ends, s after the recording's first sample: the first window's start and the last one's end.
    public var startS: Double
    /// See `startS`.
    public var endS: Double
    /// Its windows, as places in the result's.
    public var windows: Range<Int>
    /// Median frequency, Hz.
    public var peakHz: Double
    /// Median displacement, cm, peak to peak.
    public var peakToPeakCm: Double
    /// Its 95 % interval: from the scatter of the windows, of fewer than six from the noise in their spectra.
    public var peakToPeakCmCI95: (low: Double, high: Double)
    /// The largest window's displacement, cm.
    public var largestPeakToPeakCm: Double
    /// What the limb did in most of its windows.
    public var kind: TremorWindow.Kind
    /// Whether a window is clipped: amplitudes are lower bounds.
    public var isClipped: Bool

    public static func == (a: TremorBout, b: TremorBout) -> Bool {
        a.windows == b.windows && a.startS == b.startS && a.peakToPeakCm == b.peakToPeakCm
    }

    /// The bouts of a recording's windows; one window without tremor does not end a bout.
    static func bouts(_ windows: [TremorWindow], _ settings: TremorSettings) -> [TremorBout] {
        var bouts: [TremorBout] = []
        var start: Int?
        var last = 0
        for place in windows.indices where windows[place].isTremor {
            if let first = start, windows[place].startS - windows[last].startS > 2.5 * settings.hopS {
                bouts.append(TremorBout(windows, first..<(last + 1), settings))
                start = place
            } else if start == nil {
                start = place
            }
            last = place
        }
        if let first = start { bouts.append(TremorBout(windows, first..<(last + 1), settings)) }
        return bouts
    }

    private init(_ all: [TremorWindow], _ range: Range<Int>, _ settings: TremorSettings) {
        let tremor = all[range].filter(\.isTremor)
        let sizes = tremor.map { Double($0.peakToPeakCm) }
        windows = range
        startS = all[range.lowerBound].startS
        endS = all[range.upperBound - 1].startS + settings.windowS
        peakHz = Median.of(tremor.map { Double($0.peakHz) })
        peakToPeakCm = Median.of(sizes)
        largestPeakToPeakCm = sizes.max() ?? 0
        // Windows of a bout are few: their errors by noise, as if they all had the largest.
        let error = tremor.map { Double($0.standardErrorCm) }.max() ?? 0
        peakToPeakCmCI95 =
            AmplitudeInterval.ofMedian(sizes, hopS: settings.hopS)
            ?? (max(0, peakToPeakCm - 1.96 * error), peakToPeakCm + 1.96 * error)
        let kinds = Dictionary(grouping: tremor, by: \.kind).mapValues(\.count)
        kind = TremorWindow.Kind.allCases.max { kinds[$0, default: 0] < kinds[$1, default: 0] } ?? .uncertain
        isClipped = tremor.contains(where: \.isClipped)
    }
}
