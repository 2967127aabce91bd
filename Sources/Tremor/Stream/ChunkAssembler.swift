/// Cuts even samples into chunks of windows: where one ends does not depend on how the samples came.
struct ChunkAssembler {
    private let length: Int
    private let hop: Int
    /// Samples of a whole chunk.
    private let whole: Int
    private var stretch = -1
    /// The place in the stretch of the first sample that is kept.
    private var start = 0
    private var acceleration: [[Double]] = [[], [], []]
    private var angularRate: [[Double]] = [[], [], []]
    private var windows = 0
    /// Samples yet to come that no window holds: where windows lie apart.
    private var skip = 0

    init(length: Int, hop: Int) {
        (self.length, self.hop, whole) = (length, hop, (WindowChunk.windows - 1) * hop + length)
    }

    /// Whether the samples belong to the stretch at hand; otherwise it has to be drained first.
    func continues(_ piece: EvenSamples.Piece) -> Bool { piece.stretch == stretch || acceleration[0].isEmpty }

    /// Adds samples of a piece from a place on, until a chunk is whole and has to be taken; returns the place of the first that
    /// was not added.
    mutating func add(_ piece: EvenSamples.Piece, from place: Int) -> Int {
        if piece.stretch != stretch { (stretch, start, skip) = (piece.stretch, piece.first + place, 0) }
        let skipped = min(skip, piece.count - place)
        skip -= skipped
        let first = place + skipped
        let taken = first..<min(piece.count, first + whole - acceleration[0].count)
        for axis in 0..<3 {
            Self.append(piece.acceleration[axis], taken, to: &acceleration[axis], room: whole)
            if !piece.angularRate[axis].isEmpty {
                Self.append(piece.angularRate[axis], taken, to: &angularRate[axis], room: whole)
            }
        }
        return taken.upperBound
    }

    private static func append(_ source: [Double], _ range: Range<Int>, to target: inout [Double], room: Int) {
        if target.isEmpty { target.reserveCapacity(room) }
        target.append(contentsOf: source[range])
    }

    /// Takes the next whole chunk; with `isLast`, what is left of the stretch. `false` where there is none.
    mutating func take(into chunk: WindowChunk, isLast: Bool) -> Bool {
        let held = acceleration[0].count
        guard held == whole || isLast && held >= length else {
            if isLast { begin(after: held) }
            return false
        }
        let count = (held - length) / hop + 1
        let used = (count - 1) * hop + length
        (chunk.stretch, chunk.first, chunk.count, chunk.firstWindow) = (stretch, start, count, windows)
        for axis in 0..<3 {
            swap(&chunk.acceleration[axis], &acceleration[axis])
            swap(&chunk.angularRate[axis], &angularRate[axis])
        }
        windows += count
        begin(after: isLast && count < WindowChunk.windows ? held : count * hop)
        // The next chunk's first window begins before this one's last ends.
        for axis in 0..<3 where start < chunk.first + held {
            acceleration[axis] += chunk.acceleration[axis][(start - chunk.first)...]
            if !chunk.angularRate[axis].isEmpty {
                angularRate[axis] += chunk.angularRate[axis][(start - chunk.first)...]
            }
        }
        skip = max(0, start - chunk.first - held)
        for axis in 0..<3 {
            chunk.acceleration[axis].removeLast(held - used)
            if !chunk.angularRate[axis].isEmpty { chunk.angularRate[axis].removeLast(held - used) }
        }
        return true
    }

    /// Keeps no sample; the next one to be kept lies `count` after the first that was.
    private mutating func begin(after count: Int) {
        for axis in 0..<3 {
            acceleration[axis].removeAll(keepingCapacity: true)
            angularRate[axis].removeAll(keepingCapacity: true)
        }
        (start, skip) = (start + count, 0)
    }
}
