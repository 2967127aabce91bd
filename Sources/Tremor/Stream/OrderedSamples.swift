import CKernels

/// A source's samples in order of time, without missing numbers: reversed stamps are sorted, repeated ones and samples without
/// a number left out, and each is counted.
///
/// Stamps of phones arrive out of order by less than a second. A clock that was set back, as at the end of summer time, is
/// another thing: what follows a jump back by whole quarters of an hour continues where the clock was. Any other jump back
/// by more than two seconds is refused: sorted, two times would be mixed into one.
final class OrderedSamples {
    private let source: any RecordingSource
    /// Whether a stamp was seen that runs backward: then samples are held back and sorted.
    private(set) var isSorting = false
    /// Samples left out because a number is missing, stamps that ran backward, samples with the stamp of another.
    private(set) var missing = 0, reversed = 0, repeated = 0
    /// Jumps of the clock that were taken back, s.
    private(set) var clockJumps: [Double] = []

    /// Sorted samples reach this far back, s.
    private static let sortedS = 2.0
    private static let quarterHourS = 900.0
    private static let clockToleranceS = 2.0
    /// No wearable shows a larger number, m/s² (100 g) or rad/s: such a sample has none.
    private static let absurd = 1000.0

    private var incoming = SampleBatch()
    private var held: [Sample] = []
    private var latest = -Double.infinity
    private var emitted = -Double.infinity
    /// What is added to the device's stamps after jumps of its clock.
    private var shift = 0.0
    private var isAtEnd = false

    private struct Sample {
        var time: Double
        var acceleration: SIMD3<Double>
        var angularRate: SIMD3<Double>
    }

    init(_ source: any RecordingSource) { self.source = source }

    var header: RecordingHeader { source.header }
    var hasAngularRate: Bool { source.header.hasAngularRate }
    var sourceFlags: [String] { source.flags }

    /// Goes back to the first sample; what is known about the order stays.
    func rewind() throws(RecordingError) {
        try source.rewind()
        (missing, reversed, repeated, clockJumps) = (0, 0, 0, [])
        (held, latest, emitted, shift, isAtEnd) = ([], -.infinity, -.infinity, 0, false)
    }

    /// The next samples; `false` at the end. Throws `mustSort` once where stamps run backward and were not expected to.
    func read(into batch: inout SampleBatch) throws(RecordingError) -> Bool {
        while true {
            if isSorting {
                if try readSorted(into: &batch) { return batch.count > 0 ? true : try read(into: &batch) }
                return false
            }
            guard try source.read(into: &batch) else { return false }
            try checkOrder(&batch)
            if isSorting { throw .mustSort }
            dropMissing(&batch)
            if batch.count > 0 { return true }
        }
    }

    // MARK: - Samples that are in order already

    private func checkOrder(_ batch: inout SampleBatch) throws(RecordingError) {
        var last = latest
        var hasRepeats = false
        for place in batch.stamps.indices {
            let time = batch.stamps[place].timeS + shift
            if shift != 0 { batch.stamps[place].timeS = time }
            if time > last {
                last = time
            } else if time == last {
                hasRepeats = true
            } else if time == time {
                guard let jump = try clockJump(from: last, to: time) else {
                    // Stamps of blocks scatter; samples between them cannot be sorted.
                    guard batch.stamps.count == batch.count else { continue }
                    isSorting = true
                    return
                }
                shift += jump
                batch.stamps[place].timeS += jump
                last = batch.stamps[place].timeS
            }
        }
        if hasRepeats, batch.stamps.count == batch.count { dropRepeats(&batch) }
        latest = last
    }

    /// What a clock that was set back has to be advanced by; `nil` for stamps that are only out of order.
    private func clockJump(from last: Double, to time: Double) throws(RecordingError) -> Double? {
        let back = last - time
        guard back > Self.sortedS else { return nil }
        let quarters = (back / Self.quarterHourS).rounded()
        guard quarters >= 1, abs(back - quarters * Self.quarterHourS) < Self.clockToleranceS else {
            throw .clockRunsBack(seconds: back)
        }
        clockJumps.append(quarters * Self.quarterHourS)
        return quarters * Self.quarterHourS
    }

    private func dropRepeats(_ batch: inout SampleBatch) {
        var last = latest
        keep(&batch) { batch, place in
            let isNew = batch.stamps[place].timeS != last
            last = batch.stamps[place].timeS
            if !isNew { repeated += 1 }
            return isNew
        }
    }

    private func dropMissing(_ batch: inout SampleBatch) {
        guard Self.hasMissing(batch) else { return }
        keep(&batch) { batch, place in
            let isWhole =
                batch.acceleration.allSatisfy { abs($0[place]) < Self.absurd }
                && batch.angularRate.allSatisfy { $0.isEmpty || abs($0[place]) < Self.absurd }
            if !isWhole { missing += 1 }
            return isWhole
        }
    }

    private static func hasMissing(_ batch: SampleBatch) -> Bool {
        func isWhole(_ column: [Double]) -> Bool {
            column.withUnsafeBufferPointer { $0.isEmpty || ck_are_below($0.baseAddress!, $0.count, absurd) != 0 }
        }
        return !(batch.acceleration.allSatisfy(isWhole) && batch.angularRate.allSatisfy(isWhole))
    }

    /// Keeps the samples for which `isKept` holds; every kept one after a left-out one has a stamp of its own.
    private func keep(_ batch: inout SampleBatch, where isKept: (SampleBatch, Int) -> Bool) {
        let kept = (0..<batch.count).filter { isKept(batch, $0) }
        guard kept.count < batch.count else { return }
        let times = batch.stamps.count == batch.count ? batch.stamps.map(\.timeS) : interpolatedTimes(batch)
        for axis in 0..<3 {
            batch.acceleration[axis] = kept.map { batch.acceleration[axis][$0] }
            if !batch.angularRate[axis].isEmpty {
                batch.angularRate[axis] = kept.map { batch.angularRate[axis][$0] }
            }
        }
        batch.stamps = kept.enumerated().map { .init(place: $0.offset, timeS: times[$0.element]) }
    }

    /// Times of all samples of a batch that only stamps some: at the stated rate from the stamp before.
    private func interpolatedTimes(_ batch: SampleBatch) -> [Double] {
        let pairs = zip(batch.stamps.dropFirst(), batch.stamps)
        var steps = pairs.map { ($0.timeS - $1.timeS) / Double($0.place - $1.place) }.filter { $0 > 0 }
        let step = header.nominalRateHz.map { 1 / $0 } ?? (steps.isEmpty ? 0 : Median.inPlace(&steps))
        var times = [Double](repeating: 0, count: batch.count)
        // Samples before the batch's first stamp go on from the batch before.
        let first = batch.stamps.first?.place ?? batch.count
        let begin = batch.stamps.first.map { $0.timeS - Double(first) * step } ?? latest + step
        for place in 0..<first { times[place] = begin + Double(place) * step }
        for (index, stamp) in batch.stamps.enumerated() {
            let end = index + 1 < batch.stamps.count ? batch.stamps[index + 1].place : batch.count
            for place in stamp.place..<end { times[place] = stamp.timeS + Double(place - stamp.place) * step }
        }
        return times
    }

    // MARK: - Samples that have to be sorted

    private func readSorted(into batch: inout SampleBatch) throws(RecordingError) -> Bool {
        batch.removeAll()
        while !isAtEnd {
            guard try source.read(into: &incoming) else {
                isAtEnd = true
                break
            }
            try hold()
            if let first = held.first, latest - first.time > 2 * Self.sortedS { break }
        }
        let limit = isAtEnd ? Double.infinity : latest - Self.sortedS
        held.sort { $0.time < $1.time }
        let ready = held.firstIndex { $0.time > limit } ?? held.count
        for sample in held[..<ready] {
            if sample.time <= emitted {
                repeated += 1
                continue
            }
            emitted = sample.time
            batch.stamps.append(.init(place: batch.count, timeS: sample.time))
            for axis in 0..<3 {
                batch.acceleration[axis].append(sample.acceleration[axis])
                if hasAngularRate { batch.angularRate[axis].append(sample.angularRate[axis]) }
            }
        }
        held.removeFirst(ready)
        return !(isAtEnd && batch.count == 0)
    }

    private func hold() throws(RecordingError) {
        let times =
            incoming.stamps.count == incoming.count ? incoming.stamps.map(\.timeS) : interpolatedTimes(incoming)
        for place in 0..<incoming.count {
            var time = times[place] + shift
            guard time.isFinite else {
                missing += 1
                continue
            }
            if time < latest {
                if let jump = try clockJump(from: latest, to: time) {
                    shift += jump
                    time += jump
                } else {
                    reversed += 1
                }
            }
            latest = max(latest, time)
            let a = incoming.acceleration
            let g = incoming.angularRate
            let sample = Sample(
                time: time, acceleration: [a[0][place], a[1][place], a[2][place]],
                angularRate: hasAngularRate ? [g[0][place], g[1][place], g[2][place]] : .zero)
            guard Self.isUsable(sample) else {
                missing += 1
                continue
            }
            held.append(sample)
        }
    }

    private static func isUsable(_ sample: Sample) -> Bool {
        (0..<3).allSatisfy { abs(sample.acceleration[$0]) < absurd && abs(sample.angularRate[$0]) < absurd }
    }
}
