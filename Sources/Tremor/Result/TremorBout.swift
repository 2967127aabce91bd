/// Windows with tremor in a row: at least two that overlap, since one of 700 windows of noise looks like tremor. A single window is a
/// bout at an end of what was looked at: nobody knows what was beside it.
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

    /// Whether both are of the same windows and say the same.
    public static func == (a: TremorBout, b: TremorBout) -> Bool {
        a.windows == b.windows && a.startS == b.startS && a.peakToPeakCm == b.peakToPeakCm
    }

    /// The bouts of a recording's windows. One window without tremor does not end a bout; two do, and so do a gap and windows that
    /// were left out: nobody knows what the limb did meanwhile.
    static func bouts(_ windows: [TremorWindow], _ settings: TremorSettings) -> [TremorBout] {
        // Windows of one stretch are a hop apart, rounded to samples; across a gap they are further apart than a window is long.
        let hop = min(1.5 * settings.hopS, 1.02 * max(settings.hopS, settings.windowS))
        var bouts: [TremorBout] = []
        func areNeighbours(_ place: Int) -> Bool {
            windows.indices.contains(place) && windows.indices.contains(place + 1)
                && windows[place + 1].startS - windows[place].startS <= hop
        }
        func add(_ range: Range<Int>) {
            let isPair = range.dropLast().contains { windows[$0].isTremor && windows[$0 + 1].isTremor }
            let isAtEnd = range.count == 1 && !(areNeighbours(range.lowerBound - 1) && areNeighbours(range.lowerBound))
            if isPair || isAtEnd { bouts.append(TremorBout(windows, range, settings)) }
        }
        var bout: Range<Int>?
        for place in windows.indices {
            let isBroken = place > 0 && windows[place].startS - windows[place - 1].startS > hop
            if let found = bout, isBroken || place - found.upperBound > 1 {
                add(found)
                bout = nil
            }
            if windows[place].isTremor { bout = (bout?.lowerBound ?? place)..<(place + 1) }
        }
        if let bout { add(bout) }
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
