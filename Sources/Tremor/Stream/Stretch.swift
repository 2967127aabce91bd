/// Samples without a gap, and where they lie in time.
struct Stretch: Sendable {
    /// Its first sample's place in the recording, from 0.
    var firstSample: Int
    /// Samples.
    var count: Int
    /// The true rate, Hz.
    var rateHz: Double
    /// Whether samples lie evenly at that rate, to a tenth of a sample or a millisecond; otherwise they are put on an even
    /// clock by a spline.
    var isEven: Bool
    /// Places, from the stretch's first sample, and their times, s: between them time goes evenly.
    var knots: [Knot]
    /// Whether every sample has a stamp of its own.
    var isStampedThroughout: Bool

    struct Knot: Sendable {
        var place: Double
        var timeS: Double
    }

    /// The time of the sample at a place from the stretch's first, s; also outside the knots.
    func time(at place: Double) -> Double {
        guard knots.count > 1 else { return knots[0].timeS + (place - knots[0].place) / rateHz }
        var (low, high) = (0, knots.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if knots[middle].place <= place { low = middle } else { high = middle }
        }
        let (a, b) = (knots[low], knots[high])
        return a.timeS + (place - a.place) * (b.timeS - a.timeS) / (b.place - a.place)
    }

    /// The first and the last sample's time, s.
    var startS: Double { time(at: 0) }
    var endS: Double { time(at: Double(count - 1)) }

    /// The time of a place on the even clock that the samples have or are put on, s: the stretch's own time where samples
    /// are even, else `place / rateHz` after its start.
    func evenTime(at place: Double) -> Double { isEven ? time(at: place) : startS + place / rateHz }
}

/// What the stamps say about the clock: stretches without a gap and their true rates.
///
/// Stamps are noisy in their own ways: phones round to milliseconds, loggers say which sample belonged to a full second. A
/// stretch's rate comes from all of it, (samples − 1) / (last − first) where each sample has a stamp and the line of least squares
/// where only blocks have one; its drift, from temperature, is followed by a knot a minute, so that windows have their true times.
struct ClockSurvey {
    /// Two stamps further apart than this many samples are a gap.
    static let gapSamples = 3.0
    /// Stamps within this share of a sample of an even clock are taken as rounded, not as irregular.
    private static let evenTolerance = 0.1
    /// Rates that differ by more than this share within a stretch are not one rate: 0.006 Hz of a tremor of 12 Hz.
    private static let rateTolerance = 5e-4
    /// Blocks may hold this share of samples more or fewer than their stated rate says.
    private static let blockSlack = 0.02
    private static let knotS = 60.0
    /// The local rate is that of pieces at least this long, s.
    private static let pieceS = 10.0

    private let precision: Double
    private var step: Double?
    private var samples = 0
    private var last: (sample: Int, time: Double)?
    /// The clock's origin: stamps are large numbers, differences are kept.
    private(set) var originS = 0.0
    private(set) var stretches: [Stretch] = []
    private var open = OpenStretch()
    private var begun: [Stretch.Knot] = []
    private(set) var backwardBlocks = 0

    init(_ header: RecordingHeader) {
        precision = header.stampPrecisionS
        step = header.nominalRateHz.map { 1 / $0 }
    }

    /// Follows a batch; returns where in it runs without a gap begin, the batch's start among them, and their times.
    mutating func add(_ batch: SampleBatch) -> [Stretch.Knot] {
        let known = stretches.count
        guard let first = batch.stamps.first else {
            let time = (last?.time ?? 0) + Double(samples - (last?.sample ?? 0)) * (step ?? 0)
            samples += batch.count
            return [.init(place: 0, timeS: time)]
        }
        if last == nil {
            originS = first.timeS
            step = Self.typicalStep(batch) ?? step
        }
        begun.removeAll(keepingCapacity: true)
        begun.append(.init(place: 0, timeS: first.timeS - originS))
        for stamp in batch.stamps {
            add(samples + stamp.place, stamp.timeS - originS)
            if stretches.count > known + begun.count - 1 {
                begun.append(.init(place: Double(stamp.place), timeS: stamp.timeS - originS))
            }
        }
        samples += batch.count
        return begun
    }

    /// The typical distance of two samples by the stamps of a batch; `nil` of a single stamp.
    private static func typicalStep(_ batch: SampleBatch) -> Double? {
        var steps = zip(batch.stamps.dropFirst(), batch.stamps).prefix(4096).map {
            ($0.timeS - $1.timeS) / Double($0.place - $1.place)
        }
        guard !steps.isEmpty else { return nil }
        let step = Median.inPlace(&steps)
        return step > 0 ? step : nil
    }

    private mutating func add(_ sample: Int, _ time: Double) {
        guard let last else {
            open = OpenStretch(sample, time)
            self.last = (sample, time)
            return
        }
        let count = Double(sample - last.sample)
        let step = step ?? (time - last.time) / count
        let excess = time - last.time - count * step
        let isBlock = sample - last.sample > 1
        let limit = (Self.gapSamples - 1) * step + (isBlock ? 2 * precision + Self.blockSlack * count * step : 0)
        if excess > limit * 1.000_001 || (isBlock && excess < -limit) || !(time > last.time) {
            if !(excess > 0) { backwardBlocks += 1 }
            close(at: sample)
            open = OpenStretch(sample, time)
        } else {
            open.add(sample, time, tolerance: tolerance(step), pieceS: Self.pieceS, knotS: Self.knotS)
        }
        self.last = (sample, time)
    }

    /// The rate as far as it is known, Hz.
    var rateSoFar: Double? { step.map { 1 / $0 } }

    private func tolerance(_ step: Double) -> Double { max(Self.evenTolerance * step, precision) * 1.000_001 }

    /// Ends the survey; every sample is in a stretch.
    mutating func finish() {
        guard last != nil else { return }
        close(at: samples)
        last = nil
    }

    private mutating func close(at end: Int) {
        if let stretch = open.stretch(end: end, rateTolerance: Self.rateTolerance, step: step, precision: precision) {
            stretches.append(stretch)
        }
    }
}

/// A stretch whose end is not known yet.
private struct OpenStretch {
    var firstSample = 0
    var stamps = 0
    private var first = 0.0
    private var last: (place: Double, time: Double) = (0, 0)
    /// Sums over stamps from the first one: places, times, their squares and products.
    private var line = Line()
    private var knot = Line()
    private var knotStart = 0.0
    private var knots: [Stretch.Knot] = []
    /// The piece at hand, over which stamps must lie evenly.
    private var piece: [Stretch.Knot] = []
    private var slowest = Double.infinity, fastest = 0.0
    private var isEven = true

    init() {}

    init(_ sample: Int, _ time: Double) {
        (firstSample, first, knotStart) = (sample, time, time)
        note(0, time)
    }

    private mutating func note(_ place: Double, _ time: Double) {
        stamps += 1
        last = (place, time)
        line.add(place, time - first)
        knot.add(place, time - first)
        piece.append(.init(place: place, timeS: time))
    }

    mutating func add(_ sample: Int, _ time: Double, tolerance: Double, pieceS: Double, knotS: Double) {
        note(Double(sample - firstSample), time)
        // Only stamps of every sample are held against an even clock one by one; those of blocks scatter.
        if stamps < sample - firstSample + 1 {
            piece.removeAll(keepingCapacity: true)
        } else if time - piece[0].timeS >= pieceS && piece.count >= 64 {
            endPiece(tolerance, isWhole: true)
        }
        if time - knotStart >= knotS {
            knots.append(.init(place: knot.meanX, timeS: first + knot.meanY))
            (knot, knotStart) = (Line(), time)
        }
    }

    private mutating func endPiece(_ tolerance: Double, isWhole: Bool) {
        guard let a = piece.first, let b = piece.last, b.place > a.place else { return }
        let slope = (b.timeS - a.timeS) / (b.place - a.place)
        for stamp in piece where abs(stamp.timeS - a.timeS - (stamp.place - a.place) * slope) > tolerance {
            isEven = false
            break
        }
        if isWhole { (slowest, fastest) = (min(slowest, slope), max(fastest, slope)) }
        piece.removeAll(keepingCapacity: true)
        piece.append(b)
    }

    mutating func stretch(end: Int, rateTolerance: Double, step: Double?, precision: Double) -> Stretch? {
        let count = end - firstSample
        guard count > 0 else { return nil }
        let isStamped = stamps == count
        var rate = step.map { 1 / $0 } ?? 1
        if isStamped, count > 1 {
            rate = Double(count - 1) / (last.time - first)
        } else if stamps > 1, let slope = line.slope {
            rate = 1 / slope
        }
        if isStamped {
            endPiece(max(0.1 / rate, precision) * 1.000_001, isWhole: false)
            if fastest > 0 && max(fastest * rate - 1, 1 - slowest * rate) > rateTolerance { isEven = false }
            return Stretch(
                firstSample: firstSample, count: count, rateHz: rate, isEven: isEven,
                knots: ends(knots, rate, count), isStampedThroughout: true)
        }
        // Blocks: their stamps scatter by their precision; knots a minute apart are the clock.
        isEven = true
        if knots.count > 2 {
            for (a, b) in zip(knots, knots.dropFirst()) {
                let slope = (b.timeS - a.timeS) / (b.place - a.place)
                if abs(slope * rate - 1) > rateTolerance + 2 * precision / (b.timeS - a.timeS) / 10 { isEven = false }
            }
        } else {
            knots = [.init(place: line.meanX, timeS: first + line.meanY)]
        }
        return Stretch(
            firstSample: firstSample, count: count, rateHz: rate, isEven: isEven, knots: knots,
            isStampedThroughout: false)
    }

    /// Knots of stamped samples: the first and the last stamp are exact.
    private func ends(_ middle: [Stretch.Knot], _ rate: Double, _ count: Int) -> [Stretch.Knot] {
        let inside = middle.filter { $0.place > 1 && $0.place < Double(count - 2) }
        let start = Stretch.Knot(place: 0, timeS: first)
        return count > 1 ? [start] + inside + [.init(place: last.place, timeS: last.time)] : [start]
    }
}

/// The line of least squares through points that come one after the other.
private struct Line {
    private var count = 0.0, x = 0.0, y = 0.0, xx = 0.0, xy = 0.0

    /// Means are moved along, so that sums of squares stay exact over a week of samples [Welford1962].
    mutating func add(_ newX: Double, _ newY: Double) {
        count += 1
        let (dx, dy) = (newX - x, newY - y)
        x += dx / count
        y += dy / count
        xx += dx * (newX - x)
        xy += dx * (newY - y)
    }

    var meanX: Double { x }
    var meanY: Double { y }
    var slope: Double? { xx > 0 && xy > 0 ? xy / xx : nil }
}
