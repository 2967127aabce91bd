import Glibc

/// How little of a window repeats itself: sample entropy [RichmanMoorman2000] and approximate entropy [Pincus1991] with patterns
/// of two samples, in nats.
///
/// Two patterns are alike where every sample differs by at most a share of the window's standard deviation (over n). Counts are
/// exact: which samples are alike is kept as bits, sixty-four to a word, filled along the sorted values. One thread uses an
/// instance at a time.
public final class SignalEntropy {
    /// The entropies of a window.
    public struct Values: Sendable, Equatable {
        /// Pairs of patterns of two samples that are alike, no pattern with itself (B of the paper).
        public let pairsOfTwo: Int
        /// Those still alike with a third sample (A).
        public let pairsOfThree: Int
        /// −ln(A / B); `nil` where no pair stays alike.
        public let sample: Double?
        /// Approximate entropy; patterns are alike with themselves, which draws it towards regularity in short windows.
        public let approximate: Double
    }

    /// Samples of a window.
    public let length: Int
    /// The longest window: its bits take 32 MB.
    public static let longest = 16384
    private let words: Int
    private var rows: [UInt64]
    private var order: [Int]

    /// For windows of 4 to `longest` samples.
    public init(length: Int) {
        precondition(length >= 4 && length <= Self.longest, "a window has 4 to \(Self.longest) samples")
        self.length = length
        // One word more, so that the next word can be read without asking.
        words = (length + 63) / 64 + 1
        rows = [UInt64](repeating: 0, count: length * words)
        order = Array(0..<length)
    }

    /// The entropies of a window of `length` samples; `nil` where no sample differs from another or one is not a number.
    public func values(of window: [Double], tolerance: Double = 0.2) -> Values? {
        precondition(window.count == length && tolerance > 0, "a window has the length it was announced with")
        return window.withUnsafeBufferPointer { values(of: $0.baseAddress!, tolerance: tolerance) }
    }

    /// The same of the `length` samples that begin at `window`.
    public func values(of window: UnsafePointer<Double>, tolerance: Double = 0.2) -> Values? {
        var mean = 0.0
        for place in 0..<length { mean += window[place] }
        mean /= Double(length)
        var variance = 0.0
        for place in 0..<length { variance += (window[place] - mean) * (window[place] - mean) }
        let deviation = (variance / Double(length)).squareRoot()
        guard deviation.isFinite, deviation > 0 else { return nil }
        markAlike(window, within: tolerance * deviation)
        return counted()
    }

    /// Sets bit j of row i where samples i and j are alike.
    private func markAlike(_ window: UnsafePointer<Double>, within limit: Double) {
        order.sort { window[$0] < window[$1] }
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: words) { alike in
            alike.initialize(repeating: 0)
            var (first, last) = (0, 0)
            for place in order.indices {
                let value = window[order[place]]
                while last < length, window[order[last]] - value <= limit {
                    alike[order[last] >> 6] |= 1 << UInt64(order[last] & 63)
                    last += 1
                }
                while value - window[order[first]] > limit {
                    alike[order[first] >> 6] &= ~(1 << UInt64(order[first] & 63))
                    first += 1
                }
                let row = order[place] * words
                for word in 0..<words { rows[row + word] = alike[word] }
            }
        }
    }

    private func counted() -> Values {
        var (two, three) = (0, 0)
        var (logTwo, logThree) = (0.0, 0.0)
        let (ofTwo, ofThree) = (Double(length - 1), Double(length - 2))
        rows.withUnsafeBufferPointer { rows in
            for place in 0..<(length - 1) {
                let row = place * words
                let hasThird = place + 2 < length
                var (alikeTwo, alikeThree) = (0, 0)
                for word in 0..<(words - 1) {
                    let next = row + words + word
                    let pair = rows[row + word] & (rows[next] >> 1 | rows[next + 1] << 63)
                    alikeTwo += pair.nonzeroBitCount
                    guard hasThird else { continue }
                    let third = next + words
                    alikeThree += (pair & (rows[third] >> 2 | rows[third + 1] << 62)).nonzeroBitCount
                }
                logTwo += log(Double(alikeTwo) / ofTwo)
                guard hasThird else { continue }
                logThree += log(Double(alikeThree) / ofThree)
                three += alikeThree
                // Sample entropy takes as many patterns of two as there are of three: the last one is left out.
                let last = length - 2
                let withLast = isAlike(rows, place, last) && isAlike(rows, place + 1, last + 1)
                two += alikeTwo - (withLast ? 1 : 0)
            }
        }
        let (pairsOfTwo, pairsOfThree) = ((two - (length - 2)) / 2, (three - (length - 2)) / 2)
        return Values(
            pairsOfTwo: pairsOfTwo, pairsOfThree: pairsOfThree,
            sample: pairsOfThree > 0 ? -log(Double(pairsOfThree) / Double(pairsOfTwo)) : nil,
            approximate: logTwo / ofTwo - logThree / ofThree)
    }

    private func isAlike(_ rows: UnsafeBufferPointer<UInt64>, _ i: Int, _ j: Int) -> Bool {
        (rows[i * words + (j >> 6)] >> UInt64(j & 63)) & 1 == 1
    }
}
