/// Samples of some windows in a row, and what was found in them.
final class WindowChunk {
    /// Windows of a chunk at most: a minute of windows two seconds apart.
    static let windows = 32

    /// The stretch, and the place of the first window's first sample in it.
    var stretch = 0
    var first = 0
    /// Windows to look at, and the number of the first of them in the recording.
    var count = 0
    var firstWindow = 0
    var acceleration: [[Double]] = [[], [], []]
    var angularRate: [[Double]] = [[], [], []]

    /// What the worker found.
    var found: [TremorWindow] = []
    /// The envelopes of windows with tremor, m/s², and where each window's values end.
    var envelope: [Float] = []
    var envelopeEnds: [Int] = []
    var constant = 0
    var notWorn = 0
    var axisTotals: [[Double]] = [[], [], []]
    var bandPower = 0.0
    /// The numbers in the recording of the windows found, and their summed densities one after the other, as far as they are shown.
    var numbers: [Int] = []
    var densities: [Double] = []

    func reset(bins: Int) {
        found.removeAll(keepingCapacity: true)
        envelope.removeAll(keepingCapacity: true)
        envelopeEnds.removeAll(keepingCapacity: true)
        numbers.removeAll(keepingCapacity: true)
        densities.removeAll(keepingCapacity: true)
        (constant, notWorn, bandPower) = (0, 0, 0)
        for axis in 0..<3 { Self.zero(&axisTotals[axis], bins) }
    }

    private static func zero(_ values: inout [Double], _ count: Int) {
        values.removeAll(keepingCapacity: true)
        values.append(contentsOf: repeatElement(0, count: count))
    }
}
