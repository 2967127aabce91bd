import Glibc

/// The second pass over a recording: its samples on an even clock, calibrated, stretch by stretch. Stretches that are even keep
/// their samples and their own rate, unless one rate is wanted for all.
final class EvenSamples {
    /// Samples of one stretch in a row.
    struct Piece {
        /// The stretch's place in the survey.
        var stretch = 0
        /// The first sample's place in the stretch.
        var first = 0
        /// Acceleration, m/s², and angular rate, rad/s (or three empty columns).
        var acceleration: [[Double]] = [[], [], []]
        var angularRate: [[Double]] = [[], [], []]
        var count: Int { acceleration[0].count }
    }

    private let samples: OrderedSamples
    private let survey: RecordingSurvey
    private let offset: SIMD3<Double>
    private let gain: SIMD3<Double>
    private var batch = SampleBatch()
    private var batchCount = 0
    /// The recording's sample at which the batch begins, and the batch's next sample.
    private var batchStart = 0
    private var place = 0
    private var stretch = 0
    private var spline = SplineStream()
    private var isAtEnd = false

    /// The rate wanted for all stretches, Hz; `nil` leaves each its own.
    private let wantedHz: Double?

    init(_ samples: OrderedSamples, _ survey: RecordingSurvey, rateHz: Double? = nil) throws(RecordingError) {
        (self.samples, self.survey, wantedHz) = (samples, survey, rateHz)
        if case .applied(let calibration) = survey.calibration {
            (offset, gain) = (calibration.offset, calibration.gain)
        } else {
            (offset, gain) = (.zero, .one)
        }
        try samples.rewind()
    }

    /// The next samples; `false` at the end.
    func read(into piece: inout Piece) throws(RecordingError) -> Bool {
        while stretch < survey.stretches.count {
            let range = survey.stretches[stretch]
            let end = range.firstSample + range.count
            let isAsItIs = range.isEven && wantedHz == nil
            if !isAsItIs, spline.read(range, wantedHz, isLast: false, into: &piece) {
                set(&piece)
                return true
            }
            if place >= batchCount {
                if batchStart + place >= end {
                    if try finish(range, into: &piece) { return true }
                    continue
                }
                batchStart += batchCount
                place = 0
                guard try samples.read(into: &batch) else { throw .damaged("it became shorter while it was read") }
                batchCount = batch.count
                continue
            }
            let here = batchStart + place
            if here >= end {
                if try finish(range, into: &piece) { return true }
                continue
            }
            if here < range.firstSample {
                place += min(batchCount - place, range.firstSample - here)
                continue
            }
            let taken = place..<min(batchCount, place + end - here)
            place = taken.upperBound
            if isAsItIs {
                take(taken, first: here - range.firstSample, into: &piece)
                return true
            }
            if here == range.firstSample { spline.begin(range, wantedHz) }
            spline.add(batch, taken, times: times(of: taken, in: range, from: here - range.firstSample))
        }
        return false
    }

    /// Ends a stretch; `true` where the spline still had samples.
    private func finish(_ range: Stretch, into piece: inout Piece) throws(RecordingError) -> Bool {
        if !range.isEven || wantedHz != nil, spline.read(range, wantedHz, isLast: true, into: &piece) {
            set(&piece)
            return true
        }
        spline.reset()
        stretch += 1
        return false
    }

    private func take(_ taken: Range<Int>, first: Int, into piece: inout Piece) {
        piece.first = first
        if taken.count == batchCount {
            swap(&piece.acceleration, &batch.acceleration)
            swap(&piece.angularRate, &batch.angularRate)
            set(&piece)
            return
        }
        for axis in 0..<3 {
            copy(batch.acceleration[axis], taken, into: &piece.acceleration[axis])
            copy(
                batch.angularRate[axis], batch.angularRate[axis].isEmpty ? 0..<0 : taken, into: &piece.angularRate[axis]
            )
        }
        set(&piece)
    }

    private func copy(_ source: [Double], _ range: Range<Int>, into target: inout [Double]) {
        target.removeAll(keepingCapacity: true)
        target.append(contentsOf: source[range])
    }

    private func set(_ piece: inout Piece) {
        piece.stretch = stretch
        guard offset != .zero || gain != .one else { return }
        for axis in 0..<3 {
            let (a, b) = (offset[axis], gain[axis])
            piece.acceleration[axis].withUnsafeMutableBufferPointer { for i in $0.indices { $0[i] = a + b * $0[i] } }
        }
    }

    private func times(of taken: Range<Int>, in range: Stretch, from first: Int) -> [Double] {
        if range.isStampedThroughout, batch.stamps.count == batch.count {
            return taken.map { batch.stamps[$0].timeS - survey.originS }
        }
        return taken.indices.map { range.time(at: Double(first + $0 - taken.lowerBound)) }
    }
}

/// A cubic spline through samples that come in parts: each part of the even clock is read from a spline through the samples around
/// it, so far around that the rest could not change a digit.
struct SplineStream {
    /// Even samples that are read at once, and samples on either side that the spline runs through: a natural spline forgets by
    /// a factor of 3.7 a sample.
    private static let block = 4096
    private static let margin = 48

    private var times: [Double] = []
    private var columns = [[Double]](repeating: [], count: 6)
    /// Even samples given out so far.
    private var done = 0
    /// Takes out what a lower rate cannot hold; `nil` where the rate is not lowered.
    private var lowPass: LowPass?
    private var around: Int { Self.margin + (lowPass?.reach ?? 0) }

    /// Begins a stretch.
    mutating func begin(_ stretch: Stretch, _ wantedHz: Double?) {
        lowPass = wantedHz.flatMap { LowPass(from: stretch.rateHz, to: $0) }
    }

    mutating func reset() {
        times.removeAll(keepingCapacity: true)
        for column in columns.indices { columns[column].removeAll(keepingCapacity: true) }
        done = 0
    }

    mutating func add(_ batch: SampleBatch, _ range: Range<Int>, times new: [Double]) {
        times += new
        for axis in 0..<3 {
            columns[axis] += batch.acceleration[axis][range]
            if !batch.angularRate[axis].isEmpty { columns[3 + axis] += batch.angularRate[axis][range] }
        }
    }

    /// The next block of even samples where enough is there; what no later block needs is forgotten.
    mutating func read(
        _ stretch: Stretch, _ wantedHz: Double?, isLast: Bool, into piece: inout EvenSamples.Piece
    ) -> Bool {
        let (start, step) = (stretch.startS, 1 / (wantedHz ?? stretch.evenHz))
        let total = wantedHz.map { Int((stretch.endS - start) * $0 + 1e-6) + 1 } ?? stretch.evenCount
        let count = min(Self.block, total - done)
        guard count > 0, times.count > 1 else { return false }
        let endS = start + Double(done + count - 1) * step
        // Samples up to the margin after the block's end have to be there.
        let after = times.firstIndex { $0 >= endS } ?? times.count
        guard isLast || after + around < times.count else { return false }
        let used = 0..<min(times.count, after + around + 1)
        let even = (0..<count).map { start + Double(done + $0) * step }
        let knots = Array(times[used])
        func resampled(_ column: [Double]) -> [Double] {
            guard !column.isEmpty else { return [] }
            let values = Array(column[used])
            return CubicSpline.values(knots, lowPass?.apply(to: values) ?? values, at: even)
        }
        for axis in 0..<3 {
            piece.acceleration[axis] = resampled(columns[axis])
            piece.angularRate[axis] = resampled(columns[3 + axis])
        }
        piece.first = done
        done += count
        let next = start + Double(done) * step
        let keep = max(0, (times.firstIndex { $0 >= next } ?? times.count) - around)
        times.removeFirst(keep)
        for column in columns.indices where !columns[column].isEmpty { columns[column].removeFirst(keep) }
        return true
    }
}

/// The natural cubic spline through uneven samples.
enum CubicSpline {
    /// The spline through `values` at increasing `times`, read at the increasing times `wanted`; the nearest end's value outside.
    static func values(_ times: [Double], _ values: [Double], at wanted: [Double]) -> [Double] {
        guard times.count > 2 else { return wanted.map { _ in values[0] } }
        let curvature = secondDerivatives(times, values)
        var knot = 0
        return wanted.map { moment in
            let t = min(max(moment, times[0]), times[times.count - 1])
            while knot + 2 < times.count && times[knot + 1] < t { knot += 1 }
            let h = times[knot + 1] - times[knot]
            let (a, b) = ((times[knot + 1] - t) / h, (t - times[knot]) / h)
            let cubic = (a * a * a - a) * curvature[knot] + (b * b * b - b) * curvature[knot + 1]
            return values[knot] + b * (values[knot + 1] - values[knot]) + cubic * h * h / 6
        }
    }

    /// What it leaves of a tone's amplitude where it is read all over between even samples, by the tone's frequency in rates
    /// [Unser1999]; less where samples are uneven.
    static func meanGain(_ frequency: Double) -> Double {
        let x = Double.pi * frequency
        guard x > 0 else { return 1 }
        return pow(sin(x) / x, 4) * 3 / (2 + cos(2 * x))
    }

    /// The tridiagonal system of the natural spline, by elimination.
    private static func secondDerivatives(_ t: [Double], _ y: [Double]) -> [Double] {
        let n = t.count
        var (result, work) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
        for i in 1..<(n - 1) {
            let share = (t[i] - t[i - 1]) / (t[i + 1] - t[i - 1])
            let pivot = share * result[i - 1] + 2
            result[i] = (share - 1) / pivot
            let bend = (y[i + 1] - y[i]) / (t[i + 1] - t[i]) - (y[i] - y[i - 1]) / (t[i] - t[i - 1])
            work[i] = (6 * bend / (t[i + 1] - t[i - 1]) - share * work[i - 1]) / pivot
        }
        for i in stride(from: n - 2, through: 0, by: -1) { result[i] = result[i] * result[i + 1] + work[i] }
        result[0] = 0
        return result
    }
}
