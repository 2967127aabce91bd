/// When tremor is on within the windows that have it, and how large it is while it is on.
struct TremorBursts {
    /// Tremor is on where its envelope is at least this share of its level nearby.
    private static let onShare: Float = 0.5
    /// Nearby, s to either side; its level is the 90th percentile.
    private static let nearbyS = 15.0

    private let envelope: TremorEnvelope
    private let first: Int
    private let moments: Int
    /// The envelope in the middle of each window, m/s²; empty where the window is not tremor.
    private var envelopes: [[Float]] = []
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

    /// Notes the next window: its axes without trend where it is tremor, else `nil`.
    mutating func add(_ axes: [[Double]]?, peak: SpectralPeak) {
        var values: [Float] = []
        if let axes {
            values.reserveCapacity(moments)
            envelope.amplitudes(
                axes, frequencyHz: peak.frequencyHz, noise: peak.floor, first: first, count: moments, into: &values)
        }
        envelopes.append(values)
        frequencies.append(peak.frequencyHz)
    }

    /// Decides for every window how much of it has tremor on, and its displacement while on.
    func settle(_ windows: inout [TremorResult.Window], hopS: Double) {
        let reach = max(1, Int((Self.nearbyS / hopS).rounded()))
        for place in windows.indices where windows[place].isTremor && !envelopes[place].isEmpty {
            let near = max(0, place - reach)...min(windows.count - 1, place + reach)
            let around = near.flatMap {
                abs(windows[$0].startS - windows[place].startS) <= Self.nearbyS + hopS ? envelopes[$0] : []
            }
            let level = around.sorted()[(around.count - 1) * 9 / 10]
            let on = envelopes[place].filter { $0 >= Self.onShare * level }
            windows[place].tremorShare = Double(on.count) / Double(envelopes[place].count)
            windows[place].isTremor = !on.isEmpty
            guard !on.isEmpty else { continue }
            let omega = 2 * Double.pi * frequencies[place]
            windows[place].peakToPeakCm = 200 * Median.of(on.map(Double.init)) / (omega * omega)
        }
    }
}
