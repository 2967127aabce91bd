import Glibc

/// How often intensities of two images on one grid occur together.
///
/// Bin b of an image holds values from `lower + b * width` up to the next bin; the top of the range belongs to the last
/// bin. Pairs with a value outside its range, or not finite, are not counted.
public struct JointHistogram: Sendable, Equatable {
    /// Bins of each image.
    public let bins: Int
    /// `counts[moving * bins + fixed]`: voxel pairs.
    public let counts: [Int]

    /// The histogram of the first frames of two images with the same voxels; where there is a mask, of its labelled
    /// voxels alone.
    public init(
        fixed: Volume, moving: Volume, bins: Int, fixedRange: ClosedRange<Float>, movingRange: ClosedRange<Float>,
        mask: LabelMap? = nil
    ) {
        precondition(bins > 0, "a histogram has bins")
        precondition(fixed.grid.shape == moving.grid.shape, "a joint histogram needs two images on one grid")
        precondition(mask == nil || mask!.grid.shape == fixed.grid.shape, "the mask is on another grid")
        let count = fixed.grid.count
        let grain = Swift.max(65536, (count + 63) / 64)
        let chunks = (count + grain - 1) / grain
        let cells = bins * bins
        let (f, m) = (Binning(fixedRange, bins), Binning(movingRange, bins))
        // One table a chunk: counts are whole numbers, so their sum is the same in any order.
        let partial = [Int32](unsafeUninitializedCapacity: chunks * cells) { output, initialized in
            output.initialize(repeating: 0)
            fixed.voxels.withUnsafeBufferPointer { fixed in
                moving.voxels.withUnsafeBufferPointer { moving in
                    nonisolated(unsafe) let (fixed, moving) = (fixed.baseAddress!, moving.baseAddress!)
                    nonisolated(unsafe) let output = output.baseAddress!
                    parallelFor(chunks) { chunk in
                        let table = output + chunk * cells
                        for voxel in (chunk * grain)..<Swift.min(count, (chunk + 1) * grain) {
                            if let mask, mask.voxels[voxel] == 0 { continue }
                            guard let a = f.bin(fixed[voxel]), let b = m.bin(moving[voxel]) else { continue }
                            table[b &* bins &+ a] &+= 1
                        }
                    }
                }
            }
            initialized = chunks * cells
        }
        self.bins = bins
        counts = (0..<cells).map { cell in
            (0..<chunks).reduce(0) { $0 + Int(partial[$1 * cells + cell]) }
        }
    }

    /// Pairs counted.
    public var total: Int { counts.reduce(0, +) }

    /// The entropy of the fixed image's bins, nats; 0 for an empty histogram.
    public var fixedEntropy: Double {
        entropy((0..<bins).map { a in (0..<bins).reduce(0) { $0 + counts[$1 * bins + a] } })
    }

    /// The entropy of the moving image's bins, nats.
    public var movingEntropy: Double {
        entropy((0..<bins).map { b in counts[(b * bins)..<((b + 1) * bins)].reduce(0, +) })
    }

    /// The entropy of the pairs, nats.
    public var jointEntropy: Double { entropy(counts) }

    /// What one image tells of the other, nats [Viola1997]: H(fixed) + H(moving) - H(both).
    public var mutualInformation: Double { fixedEntropy + movingEntropy - jointEntropy }

    /// (H(fixed) + H(moving)) / H(both), 1 for independent images to 2 for one determined by the other [Studholme1999];
    /// `nil` where the pairs all fall in one cell, or there are none.
    public var normalizedMutualInformation: Double? {
        let joint = jointEntropy
        return joint > 0 ? (fixedEntropy + movingEntropy) / joint : nil
    }

    private func entropy(_ counts: [Int]) -> Double {
        let total = Double(counts.reduce(0, +))
        return counts.reduce(0) { sum, count in
            guard count > 0 else { return sum }
            let share = Double(count) / total
            return sum - share * log(share)
        }
    }
}

/// Which bin a value belongs to.
private struct Binning: Sendable {
    let range: ClosedRange<Float>
    let scale: Float
    let last: Int

    init(_ range: ClosedRange<Float>, _ bins: Int) {
        precondition(range.lowerBound.isFinite && range.upperBound.isFinite, "a histogram's range is finite")
        self.range = range
        last = bins - 1
        let width = range.upperBound - range.lowerBound
        scale = width > 0 ? Float(bins) / width : 0
    }

    @inline(__always)
    func bin(_ value: Float) -> Int? {
        guard value >= range.lowerBound, value <= range.upperBound else { return nil }
        return Swift.min(Int((value - range.lowerBound) * scale), last)
    }
}
