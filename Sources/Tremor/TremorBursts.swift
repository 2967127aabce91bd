/// When tremor is on within the windows that have it, and how large it is while it is on.
struct TremorBursts {
    /// Tremor is on where its envelope is at least this share of its level nearby.
    private static let onShare: Float = 0.5
    /// Nearby, s to either side; its level is the 90th percentile.
    private static let nearbyS = 15.0

    private var envelope: TremorEnvelope
    private let first: Int
    private let moments: Int
    /// The envelope in the middles of windows, m/s², one window after the other.
    private var values: [Float] = []
    /// Where each window's values end; a window that is not tremor has none.
    private var ends: [Int] = []
    private var frequencies: [Double] = []

    /// Windows of `length` samples, `hopS` apart: each answers for its middle of that length.
    init(length: Int, hopS: Double, sampleRateHz: Double) {
        envelope = TremorEnvelope(sampleRateHz: sampleRateHz)
        let wanted = Int(hopS * sampleRateHz)
        let room = max(1, length - 2 * envelope.margin)
        let middle = min(wanted, room)
        first = (length - middle) / 2
        moments = max(1, Int(Double(middle) / sampleRateHz * TremorEnvelope.rateHz))
    }

    /// Notes the next window, which is tremor: its axes without trend, `TremorEnvelope.padding` values longer than it.
    mutating func add(_ axes: [[Double]], peak: SpectralPeak) {
        envelope.amplitudes(
            axes, frequencyHz: peak.frequencyHz, noise: peak.floor, first: first, count: moments, into: &values)
        skip(peak)
    }

    /// Notes the next window without an envelope.
    mutating func skip(_ peak: SpectralPeak) {
        ends.append(values.count)
        frequencies.append(peak.frequencyHz)
    }

    private func range(_ window: Int) -> Range<Int> { (window == 0 ? 0 : ends[window - 1])..<ends[window] }

    /// Decides for every window how much of it has tremor on, and its displacement while on.
    func settle(_ windows: inout [TremorResult.Window], hopS: Double) {
        let reach = max(1, Int((Self.nearbyS / hopS).rounded()))
        var around: [Float] = []
        var on: [Double] = []
        for place in windows.indices where windows[place].isTremor && !range(place).isEmpty {
            around.removeAll(keepingCapacity: true)
            for near in max(0, place - reach)...min(windows.count - 1, place + reach)
            where abs(windows[near].startS - windows[place].startS) <= Self.nearbyS + hopS {
                around.append(contentsOf: values[range(near)])
            }
            let level = around.withUnsafeMutableBufferPointer { Median.select($0, ($0.count - 1) * 9 / 10) }
            on.removeAll(keepingCapacity: true)
            for value in values[range(place)] where value >= Self.onShare * level { on.append(Double(value)) }
            windows[place].tremorShare = Double(on.count) / Double(range(place).count)
            guard !on.isEmpty else {
                (windows[place].isTremor, windows[place].objection) = (false, .betweenBursts)
                continue
            }
            let omega = 2 * Double.pi * frequencies[place]
            windows[place].peakToPeakCm = 200 * Median.inPlace(&on) / (omega * omega)
        }
    }
}
