import CKernels

/// How still the sensor was, in pieces of ten seconds and of a quarter of an hour: what calibration and non-wear are judged by.
struct ActivitySurvey {
    /// Mean and standard deviation of ten seconds in which nothing moved, m/s².
    struct Still: Sendable {
        var mean: SIMD3<Double>
        var deviation: SIMD3<Double>
    }

    /// A quarter of an hour: its samples and, on each axis, their mean, sum of squared deviations, smallest and largest value.
    struct Quarter: Sendable {
        var startS: Double
        var endS: Double
        /// Where its last piece ends, s.
        var lastS = 0.0
        var count = 0.0
        var mean = SIMD3<Double>.zero
        var squares = SIMD3<Double>.zero
        var low = SIMD3<Double>(repeating: .infinity)
        var high = SIMD3<Double>(repeating: -.infinity)
    }

    /// Ten seconds are still where the deviation on every axis is below this: 13 mg [VanHees2014].
    static let stillDeviation = 0.013 * AccelerationUnit.standardGravity
    private static let pieceS = 10.0
    /// Pieces that a gap cuts short count in their quarter from this length on.
    private static let shortestS = 1.0
    private static let quarterS = 900.0
    /// At most this many still pieces are kept, the first and then every second one, fourth one, …: a month of nights.
    private static let enough = 16384

    private let pieceSamples: Int
    private let step: Double
    private(set) var still: [Still] = []
    private(set) var quarters: [Quarter] = []
    private(set) var clipping = ClippingSurvey()
    private var every = 1
    private var seen = 0
    private var piece = (count: 0, shift: SIMD3<Double>.zero, sum: SIMD3<Double>.zero, squares: SIMD3<Double>.zero)
    private var low = SIMD3<Double>(repeating: .infinity), high = SIMD3<Double>(repeating: -.infinity)
    /// When the last sample ended, s.
    private var lastS = 0.0
    /// Sums over pieces: the length of a piece's mean times its samples, and samples.
    private var lengths = 0.0, samples = 0.0
    /// The mean length of the acceleration averaged over pieces, m/s²: near gravity where the sensor measures it.
    var meanLength: Double { lengths / max(samples, 1) }

    /// Pieces are counted in samples at about this rate.
    init(rateHz: Double) {
        pieceSamples = max(16, Int((Self.pieceS * min(rateHz, 1e6)).rounded()))
        step = 1 / rateHz
    }

    /// Adds some samples of a batch, which follow the ones before; `timeS` is the time of the first.
    mutating func add(_ batch: SampleBatch, _ range: Range<Int>, at timeS: Double) {
        var place = range.lowerBound
        while place < range.upperBound {
            let end = min(range.upperBound, place + pieceSamples - piece.count)
            accumulate(batch, place..<end)
            clipping.add(batch.acceleration, place..<end, least: low, most: high)
            place = end
            lastS = timeS + Double(end - range.lowerBound) * step
            if piece.count == pieceSamples { endPiece() }
        }
    }

    /// Begins anew after a gap, and at the end.
    mutating func breakOff() {
        if piece.count > 0 { endPiece() }
        clipping.breakOff()
    }

    private mutating func accumulate(_ batch: SampleBatch, _ range: Range<Int>) {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 4) { moments in
            for axis in 0..<3 {
                batch.acceleration[axis].withUnsafeBufferPointer { column in
                    if piece.count == 0 { piece.shift[axis] = column[range.lowerBound] }
                    ck_moments(
                        column.baseAddress! + range.lowerBound, range.count, piece.shift[axis], moments.baseAddress!)
                }
                piece.sum[axis] += moments[0]
                piece.squares[axis] += moments[1]
                (low[axis], high[axis]) = (min(low[axis], moments[2]), max(high[axis], moments[3]))
            }
        }
        piece.count += range.count
    }

    private mutating func endPiece() {
        let n = Double(piece.count)
        let mean = piece.sum / n
        let squares = piece.squares - piece.sum * mean
        let deviation = (pointwiseMax(squares, .zero) / n).squareRoot()
        let centre = piece.shift + mean
        addLength(of: centre, n)
        let isConstant = squares == .zero
        let isWhole = piece.count == pieceSamples
        if isWhole, !isConstant, deviation.max() < Self.stillDeviation {
            keep(Still(mean: centre, deviation: deviation))
        }
        if isWhole || n * step >= Self.shortestS { addQuarter(n, centre, squares) }
        piece = (0, .zero, .zero, .zero)
        (low, high) = (SIMD3(repeating: .infinity), SIMD3(repeating: -.infinity))
    }

    private mutating func addLength(of mean: SIMD3<Double>, _ count: Double) {
        lengths += (mean * mean).sum().squareRoot() * count
        samples += count
    }

    private mutating func keep(_ piece: Still) {
        defer { seen += 1 }
        guard seen % every == 0 else { return }
        if still.count == Self.enough {
            still = stride(from: 0, to: still.count, by: 2).map { still[$0] }
            every *= 2
            guard seen % every == 0 else { return }
        }
        still.append(piece)
    }

    /// Pieces fall into quarters of the recording's own clock by their middle.
    private mutating func addQuarter(_ n: Double, _ mean: SIMD3<Double>, _ squares: SIMD3<Double>) {
        let middleS = lastS - n * step / 2
        let index = (middleS / Self.quarterS).rounded(.down)
        if quarters.last.map({ middleS >= $0.endS }) ?? true {
            quarters.append(Quarter(startS: index * Self.quarterS, endS: (index + 1) * Self.quarterS))
        }
        let place = quarters.count - 1
        quarters[place].lastS = lastS
        quarters[place].join(count: n, mean: mean, squares: squares, low: low, high: high)
    }
}

extension ActivitySurvey.Quarter {
    /// Adds samples of which count, mean, sum of squared deviations and extremes are known [Chan1983].
    mutating func join(
        count n: Double, mean other: SIMD3<Double>, squares more: SIMD3<Double>, low: SIMD3<Double>,
        high: SIMD3<Double>
    ) {
        guard n > 0 else { return }
        let both = count + n
        let difference = other - mean
        squares += more + difference * difference * (count * n / both)
        mean += difference * (n / both)
        count = both
        self.low = pointwiseMin(self.low, low)
        self.high = pointwiseMax(self.high, high)
    }
}
