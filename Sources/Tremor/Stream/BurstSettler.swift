/// When tremor is on within the windows that have it, and how large it is while it is on. Windows are settled once those that
/// follow nearby are there; envelopes before are forgotten.
struct BurstSettler {
    /// Tremor is on where its envelope is at least this share of its level nearby.
    private static let onShare: Float = 0.5
    /// And this share of the level in the window and its neighbours: between bursts there is noise, and it has a level, too.
    private static let onShareAround: Float = 0.25
    /// Nearby, s to either side: as far as the tail of a burst reaches. Its level is the 90th percentile. Further away a tremor
    /// that waxes and wanes would be off while it is small.
    private static let nearbyS = 1.0

    private let reach: Int
    private let nearbyS: Double
    /// Envelope values of windows that are still needed, and where the values of each end; `base` is the first such window.
    private var values: [Float] = []
    private var ends: [Int] = []
    private var base = 0
    /// Windows before this one are settled.
    private(set) var settled = 0
    private var around: [Float] = []
    private var close: [Float] = []
    private var on: [Double] = []

    init(hopS: Double) {
        reach = max(1, Int((Self.nearbyS / hopS).rounded(.up)))
        nearbyS = Self.nearbyS + hopS
    }

    /// Notes the envelopes of a chunk's windows, in their order.
    mutating func add(_ chunk: WindowChunk) {
        let before = values.count
        values += chunk.envelope
        for end in chunk.envelopeEnds { ends.append(before + end) }
    }

    /// Settles all windows whose neighbours are known; with `isLast`, all.
    mutating func settle(_ windows: inout [TremorWindow], isLast: Bool) {
        let limit = isLast ? windows.count : windows.count - reach
        while settled < limit {
            if windows[settled].isTremor { settle(settled, &windows) }
            settled += 1
        }
        forget(before: max(base, settled - reach))
    }

    private func range(_ window: Int) -> Range<Int> {
        (window == base ? 0 : ends[window - base - 1])..<ends[window - base]
    }

    private mutating func settle(_ place: Int, _ windows: inout [TremorWindow]) {
        guard !range(place).isEmpty else { return }
        around.removeAll(keepingCapacity: true)
        var own = 0..<0
        for near in max(base, place - reach)...min(windows.count - 1, place + reach)
        where abs(windows[near].startS - windows[place].startS) <= nearbyS {
            let first = around.count
            around.append(contentsOf: values[range(near)])
            if near == place { own = first..<around.count }
        }
        on.removeAll(keepingCapacity: true)
        close.removeAll(keepingCapacity: true)
        close.append(contentsOf: around)
        let least = Self.onShareAround * level(of: &close)
        let side = Int(Self.nearbyS * TremorEnvelope.rateHz)
        for moment in own {
            close.removeAll(keepingCapacity: true)
            close.append(contentsOf: around[max(0, moment - side)...min(around.count - 1, moment + side)])
            let limit = max(least, Self.onShare * level(of: &close))
            if around[moment] >= limit { on.append(Double(around[moment])) }
        }
        windows[place].tremorShare = Float(on.count) / Float(range(place).count)
        guard !on.isEmpty else {
            windows[place].verdict = .betweenBursts
            return
        }
        let omega = 2 * Double.pi * Double(windows[place].peakHz)
        windows[place].peakToPeakCm = Float(200 * Median.inPlace(&on) / (omega * omega))
    }

    private func level(of values: inout [Float]) -> Float {
        values.withUnsafeMutableBufferPointer { Median.select($0, ($0.count - 1) * 9 / 10) }
    }

    private mutating func forget(before window: Int) {
        guard window - base > 4096 else { return }
        let dropped = ends[window - base - 1]
        values.removeFirst(dropped)
        ends.removeFirst(window - base)
        for place in ends.indices { ends[place] -= dropped }
        base = window
    }
}
