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
    /// The samples there would be without single ones missing; `count` where none is.
    var gridCount: Int
    /// The rate at which its samples are given out, Hz, where they are put on an even clock: its own, or the recording's.
    var evenHz: Double
    /// Samples that are given out.
    var evenCount: Int {
        isEven ? count : Int(((endS - startS) * evenHz + 1e-6).rounded(.down)) + 1
    }
    /// The rate at which its samples are given out, Hz.
    var outputHz: Double { isEven ? rateHz : evenHz }

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
    /// are even, else `place / evenHz` after its start.
    func evenTime(at place: Double) -> Double { isEven ? time(at: place) : startS + place / evenHz }
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

    /// Stamps before anything is judged by their typical distance, and stamps of samples between two looks at it.
    private static let enough = 64
    /// A measured rate further than this from the stated one is that of missing blocks.
    private static let blockTolerance = 0.1

    private let precision: Double
    private let nominalStep: Double?
    private var step: Double?
    /// The first stamps, until the typical distance of two samples is known.
    private var pending: [Stretch.Knot]? = []
    /// The last distances of stamped neighbours.
    private var recent: [Double] = []
    private var samples = 0
    /// Samples before the first stamp: nobody knows when they were taken.
    private(set) var unstamped = 0
    /// Samples in stretches too short to be looked at.
    private(set) var shortSamples = 0
    private var last: (sample: Int, time: Double)?
    /// The clock's origin: stamps are large numbers, differences are kept.
    private(set) var originS = 0.0
    private(set) var stretches: [Stretch] = []
    private var open = OpenStretch()
    private var begun: [Stretch.Knot] = []
    private(set) var backwardBlocks = 0

    init(_ header: RecordingHeader) {
        precision = header.stampPrecisionS
        nominalStep = header.nominalRateHz.flatMap { $0 > 0 ? 1 / $0 : nil }
    }

    /// Follows a batch; returns where in it runs without a gap begin, the batch's start among them, and their times.
    mutating func add(_ batch: SampleBatch) -> [Stretch.Knot] {
        guard let first = batch.stamps.first else {
            let time = (last?.time ?? 0) + Double(samples - (last?.sample ?? 0)) * (step ?? 0)
            if last == nil, pending?.isEmpty ?? false { unstamped += batch.count }
            samples += batch.count
            return [.init(place: 0, timeS: time)]
        }
        if samples == unstamped, pending?.isEmpty ?? false {
            originS = first.timeS
            unstamped += first.place
        }
        begun.removeAll(keepingCapacity: true)
        begun.append(.init(place: 0, timeS: first.timeS - originS))
        for stamp in batch.stamps {
            if pending != nil {
                keep(samples + stamp.place, stamp.timeS - originS)
                continue
            }
            if add(samples + stamp.place, stamp.timeS - originS), stamp.place > 0 {
                begun.append(.init(place: Double(stamp.place), timeS: stamp.timeS - originS))
            }
        }
        samples += batch.count
        return begun
    }

    /// Keeps a stamp until there are enough of them to know the typical distance of two samples.
    private mutating func keep(_ sample: Int, _ time: Double) {
        pending?.append(.init(place: Double(sample), timeS: time))
        if pending?.count == Self.enough { judgePending() }
    }

    private mutating func judgePending() {
        guard let stamps = pending else { return }
        pending = nil
        step = typicalStep(stamps)
        for stamp in stamps { _ = add(Int(stamp.place), stamp.timeS) }
    }

    /// The typical distance of two samples by the first stamps: the median where each sample has one. Between blocks samples may be
    /// missing, never too many: where the file states a rate only distances near it count, else a low one of them.
    private func typicalStep(_ stamps: [Stretch.Knot]) -> Double? {
        let pairs = zip(stamps.dropFirst(), stamps).filter { $0.timeS > $1.timeS }
        var steps = pairs.map { ($0.timeS - $1.timeS) / ($0.place - $1.place) }
        let isDense = pairs.allSatisfy { $0.place - $1.place == 1 }
        if !isDense, let nominalStep {
            steps = steps.filter { abs($0 / nominalStep - 1) < Self.blockTolerance }
        }
        guard !steps.isEmpty else { return nominalStep }
        if isDense || nominalStep != nil { return Median.inPlace(&steps) }
        return steps.sorted()[steps.count / 5]
    }

    /// Judges a stamp; returns whether a stretch begins with it.
    private mutating func add(_ sample: Int, _ time: Double) -> Bool {
        guard let last else {
            open = OpenStretch(sample, time)
            self.last = (sample, time)
            return true
        }
        defer { self.last = (sample, time) }
        let count = Double(sample - last.sample)
        let step = step ?? (time - last.time) / count
        let excess = time - last.time - count * step
        let isBlock = sample - last.sample > 1
        if !isBlock { learn(time - last.time) }
        let limit = (Self.gapSamples - 1) * step + (isBlock ? 2 * precision + Self.blockSlack * count * step : 0)
        if excess > limit * 1.000_001 || (isBlock && excess < -limit) || !(time > last.time) {
            if !(excess > 0) { backwardBlocks += 1 }
            close(at: sample)
            open = OpenStretch(sample, time)
            return true
        }
        open.add(sample, time, step: step, tolerance: tolerance(step), pieceS: Self.pieceS, knotS: Self.knotS)
        return false
    }

    /// The typical distance follows a recording whose rate changes: it is the median of the last distances.
    private mutating func learn(_ distance: Double) {
        recent.append(distance)
        guard recent.count == Self.enough else { return }
        let median = Median.inPlace(&recent)
        if median > 0 { step = median }
        recent.removeAll(keepingCapacity: true)
    }

    /// The rate as far as it is known, Hz.
    var rateSoFar: Double? { (step ?? pending.flatMap { typicalStep($0) } ?? nominalStep).map { 1 / $0 } }

    private func tolerance(_ step: Double) -> Double { max(Self.evenTolerance * step, precision) * 1.000_001 }

    /// Ends the survey; every sample is in a stretch.
    mutating func finish() {
        judgePending()
        guard last != nil else { return }
        close(at: samples)
        last = nil
    }

    private mutating func close(at end: Int) {
        let count = end - open.firstSample
        // Damaged stamps may cut a recording into single samples: they are counted, not kept.
        guard count >= RecordingSurvey.fewestSamples else {
            shortSamples += count
            return
        }
        stretches.append(
            open.stretch(end: end, rateTolerance: Self.rateTolerance, step: step, nominalStep, precision: precision))
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
    /// Steps of the sampling clock, and whether all distances are near whole numbers of them.
    private var gridSteps = 0
    private var isOnGrid = true

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

    mutating func add(
        _ sample: Int, _ time: Double, step: Double, tolerance: Double, pieceS: Double, knotS: Double
    ) {
        let steps = ((time - last.time) / step).rounded()
        if abs((time - last.time) / step - steps) > 0.25 || !(steps >= 1 && steps < 10) { isOnGrid = false }
        if isOnGrid { gridSteps += Int(steps) }
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

    mutating func stretch(
        end: Int, rateTolerance: Double, step: Double?, _ nominalStep: Double?, precision: Double
    ) -> Stretch {
        let count = end - firstSample
        let isStamped = stamps == count
        var rate = step.map { 1 / $0 } ?? 1
        if isStamped, count > 1, last.time > first {
            // Where single samples are missing, the others still lie on the sampling clock.
            let steps = isOnGrid ? gridSteps : count - 1
            rate = Double(steps) / (last.time - first)
            endPiece(max(0.1 / rate, precision) * 1.000_001, isWhole: false)
            if fastest > 0 && max(fastest * rate - 1, 1 - slowest * rate) > rateTolerance { isEven = false }
            return Stretch(
                firstSample: firstSample, count: count, rateHz: rate, isEven: isEven,
                knots: ends(knots, rate, count), isStampedThroughout: true, gridCount: steps + 1, evenHz: rate)
        }
        if stamps > 1, let slope = line.slope {
            rate = 1 / slope
            // Few blocks with coarse stamps know the rate less well than the file does.
            let error = precision * 12.0.squareRoot() / ((last.time - first) * Double(stamps).squareRoot())
            if let nominalStep, abs(rate * nominalStep - 1) < error { rate = 1 / nominalStep }
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
            isStampedThroughout: false, gridCount: count, evenHz: rate)
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
