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

/// Cuts even samples into chunks of windows: where one ends does not depend on how the samples came.
struct ChunkAssembler {
    private let length: Int
    private let hop: Int
    private var stretch = -1
    /// The place in the stretch of the first sample that is kept.
    private var start = 0
    private var acceleration: [[Double]] = [[], [], []]
    private var angularRate: [[Double]] = [[], [], []]
    private var windows = 0
    /// Samples yet to come that no window holds: where windows lie apart.
    private var skip = 0

    init(length: Int, hop: Int) { (self.length, self.hop) = (length, hop) }

    /// Whether the samples belong to the stretch at hand; otherwise it has to be drained first.
    func continues(_ piece: EvenSamples.Piece) -> Bool { piece.stretch == stretch || acceleration[0].isEmpty }

    mutating func add(_ piece: EvenSamples.Piece) {
        if piece.stretch != stretch { (stretch, start, skip) = (piece.stretch, piece.first, 0) }
        let skipped = min(skip, piece.count)
        for axis in 0..<3 {
            acceleration[axis] += piece.acceleration[axis].dropFirst(skipped)
            angularRate[axis] += piece.angularRate[axis].dropFirst(skipped)
        }
        skip -= skipped
    }

    /// Takes the next whole chunk; with `isLast`, what is left of the stretch. `false` where there is none.
    mutating func take(into chunk: WindowChunk, isLast: Bool) -> Bool {
        let whole = (WindowChunk.windows - 1) * hop + length
        let count: Int
        if acceleration[0].count >= whole {
            count = WindowChunk.windows
        } else {
            guard isLast, acceleration[0].count >= length else {
                if isLast { forget(acceleration[0].count) }
                return false
            }
            count = (acceleration[0].count - length) / hop + 1
        }
        let used = 0..<((count - 1) * hop + length)
        (chunk.stretch, chunk.first, chunk.count, chunk.firstWindow) = (stretch, start, count, windows)
        for axis in 0..<3 {
            chunk.acceleration[axis].removeAll(keepingCapacity: true)
            chunk.acceleration[axis] += acceleration[axis][used]
            chunk.angularRate[axis].removeAll(keepingCapacity: true)
            if !angularRate[axis].isEmpty { chunk.angularRate[axis] += angularRate[axis][used] }
        }
        windows += count
        forget(isLast && count < WindowChunk.windows ? acceleration[0].count : count * hop)
        return true
    }

    private mutating func forget(_ count: Int) {
        let held = min(count, acceleration[0].count)
        for axis in 0..<3 {
            acceleration[axis].removeFirst(held)
            if !angularRate[axis].isEmpty { angularRate[axis].removeFirst(held) }
        }
        skip = count - held
        start += count
    }
}
