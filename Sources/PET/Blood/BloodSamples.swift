import Records

/// What was measured in the blood of one scan: whole blood, plasma, and how much of it is unchanged tracer.
public struct BloodSamples: Sendable, Equatable {
    /// What samples are of.
    public enum Signal: String, Sendable, CaseIterable {
        /// Activity of whole blood, Bq/mL.
        case wholeBlood = "whole-blood"
        /// Activity of plasma, tracer and metabolites, Bq/mL.
        case plasma
        /// The share of the activity of plasma that is unchanged tracer, 0 to 1.
        case parentFraction = "parent-fraction"
        /// Activity of plasma from unchanged tracer alone, Bq/mL.
        case parentPlasma = "parent-plasma"

        /// Whether it is an activity and not a share.
        public var isActivity: Bool { self != .parentFraction }
    }

    /// Values over time.
    public struct Samples: Sendable, Equatable {
        /// Times after time zero, s, ascending, none twice and none negative.
        public let times: [Double]
        /// One value a time, finite.
        public let values: [Double]

        /// Samples in ascending order, without those that have no value (NaN). What else had to be put right is counted
        /// in `warnings`: samples before time zero are left out, several of one time become their mean.
        public init(times: [Double], values: [Double], name: String, warnings: inout [String]) {
            precondition(times.count == values.count, "a value for every time")
            let known = zip(times, values).filter { $0.isFinite && $1.isFinite }
            let after = known.filter { $0.0 >= 0 }
            func count(_ number: Int, _ what: String) {
                if number > 0 { warnings.append("\(name): \(counted(number, "sample")) \(what)") }
            }
            count(known.count - after.count, "before time zero, left out")
            count(zip(after, after.dropFirst()).count { $1.0 < $0.0 }, "out of order, sorted")
            var (sortedTimes, sums, counts) = ([Double](), [Double](), [Double]())
            for sample in after.sorted(by: { $0.0 < $1.0 }) {
                if sample.0 == sortedTimes.last {
                    sums[sums.count - 1] += sample.1
                    counts[counts.count - 1] += 1
                } else {
                    sortedTimes.append(sample.0)
                    sums.append(sample.1)
                    counts.append(1)
                }
            }
            count(after.count - sums.count, "with the time of another, averaged")
            (self.times, self.values) = (sortedTimes, zip(sums, counts).map { $0 / $1 })
        }

        /// Samples that are in order already.
        fileprivate init(sorted: [(Double, Double)]) { (times, values) = (sorted.map(\.0), sorted.map(\.1)) }
    }

    /// Samples by what they are of; a signal without samples is absent.
    public private(set) var samples: [Signal: Samples]
    /// Whether activity is declared as corrected for decay; `nil` where nothing is declared.
    public var isDecayCorrected: Bool?
    /// What was doubtful.
    public var warnings: [String]

    /// Blood. Signals without samples are dropped.
    public init(_ samples: [Signal: Samples], warnings: [String] = []) {
        (self.samples, self.warnings) = (samples.filter { !$0.value.times.isEmpty }, warnings)
    }

    /// Samples of a signal; `nil` where there are none.
    public subscript(signal: Signal) -> Samples? { samples[signal] }

    /// Two recordings of one scan as one, such as an autosampler's and the samples drawn by hand.
    ///
    /// Of a signal that both have, the recording with more samples counts for the time it covers, and the other's before
    /// and after it; how many that leaves out is a warning.
    public func merged(with other: BloodSamples) -> BloodSamples {
        var result = self
        result.warnings += other.warnings
        // One recording that is not corrected is enough to spoil the input.
        result.isDecayCorrected = [isDecayCorrected, other.isDecayCorrected].compactMap { $0 }.min { !$0 && $1 }
        for (signal, theirs) in other.samples.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            guard let ours = samples[signal] else {
                result.samples[signal] = theirs
                continue
            }
            let (dense, sparse) = ours.times.count >= theirs.times.count ? (ours, theirs) : (theirs, ours)
            let span = dense.times[0]...dense.times[dense.times.count - 1]
            let outside = zip(sparse.times, sparse.values).filter { !span.contains($0.0) }
            let left = sparse.times.count - outside.count
            if left > 0 {
                result.warnings.append(
                    "\(signal.rawValue): \(counted(left, "sample")) in the time of the denser recording, left out")
            }
            result.samples[signal] = Samples(
                sorted: (outside + Array(zip(dense.times, dense.values))).sorted { $0.0 < $1.0 })
        }
        return result
    }

    /// Samples measured without correction for decay, corrected to a moment, s after time zero.
    public func decayCorrected(toS reference: Double, halfLifeS: Double) -> BloodSamples {
        precondition(halfLifeS > 0, "a half-life is greater than 0")
        var result = self
        result.isDecayCorrected = true
        for (signal, one) in samples where signal.isActivity {
            result.samples[signal] = Samples(
                sorted: zip(one.times, one.values).map {
                    ($0, $1 * Decay.factor(fromS: $0, toS: reference, halfLifeS: halfLifeS))
                })
        }
        return result
    }
}
