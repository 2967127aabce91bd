/// How much a tremor's frequency changes from one cycle to the next: the tremor stability index, Hz [DiBiase2017].
///
/// Three axes are filtered to ±2 Hz about the tremor's frequency without delay and put onto the axis of their largest variance. A
/// cycle lasts from one upward zero crossing to the next; the index is the interquartile range of f(i+1) − f(i) over all
/// neighbouring cycles. The paper finds essential tremor above 1.05 and Parkinson's below (100 s of tremor, area under the curve
/// 0.92); it is a hint, not a diagnosis. A tone has 0.00 to 0.01.
///
/// Differs from the paper: the frequency may be each stretch's own, crossings lie on a cubic through four samples (on a straight
/// line a tone of 12 Hz at 100 Hz alone has 0.08), and no difference crosses a border between stretches. Differences are counted in
/// steps of 2⁻¹² Hz, so that a week needs no more memory than a minute; the index is exact to 0.00025 Hz.
public struct TremorStability: Sendable {
    /// The index, and what it is of.
    public struct Index: Sendable, Equatable {
        /// The interquartile range of the differences, Hz.
        public let hz: Double
        /// Differences it is taken over.
        public let differences: Int
    }

    /// Cycles, from one upward crossing to the next, of all stretches.
    public private(set) var cycles = 0
    /// Half of the band's width, Hz.
    private static let halfWidthHz = 2.0
    /// Crossings this close to where the signal begins or ends are the filter's, s.
    private static let marginS = 0.5
    /// What the filter sees beyond a piece where there is signal, s.
    private static let contextS = 2.0
    /// Longer stretches are cut, s.
    private static let longestS = 120.0
    private let fewest: Int
    private var differences = DifferenceCounts()
    private var samples: [SIMD4<Double>] = []

    /// Of no stretch; below `fewestCycles` there is no index.
    public init(fewestCycles: Int = 20) { fewest = max(3, fewestCycles) }

    /// The index; `nil` for too few cycles.
    public var index: Index? {
        guard cycles >= fewest, differences.total > 1 else { return nil }
        return Index(hz: differences.quantile(0.75) - differences.quantile(0.25), differences: differences.total)
    }

    /// Adds a stretch of tremor.
    /// - Parameters:
    ///   - axes: x, y and z at a constant rate without a gap: three columns of equal length, gravity included or not.
    ///   - range: the samples that are tremor; those around it are for the filter alone. All where `nil`.
    ///   - frequencyHz: the tremor's. Where it is within 0.05 of the rate below half of it, or not above 0, nothing is added.
    public mutating func add(
        _ axes: [[Double]], in range: Range<Int>? = nil, sampleRateHz: Double, frequencyHz: Double
    ) {
        precondition(
            axes.count == 3 && axes[1].count == axes[0].count && axes[2].count == axes[0].count,
            "three axes have equally many samples")
        let range = (range ?? 0..<axes[0].count).clamped(to: 0..<axes[0].count)
        let (low, high) = (
            max(0.5, frequencyHz - Self.halfWidthHz), min(frequencyHz + Self.halfWidthHz, 0.45 * sampleRateHz)
        )
        guard frequencyHz > 0, low < frequencyHz, frequencyHz < high else { return }
        let filter = ZeroPhaseBandPass(from: low, to: high, sampleRateHz: sampleRateHz)
        let margin = Int((Self.marginS * sampleRateHz).rounded(.up))
        let usable = max(range.lowerBound, margin)..<max(margin, min(range.upperBound, axes[0].count - margin))
        let longest = max(1, Int(Self.longestS * sampleRateHz))
        for start in stride(from: usable.lowerBound, to: usable.upperBound, by: longest) {
            addPiece(axes, start..<min(start + longest, usable.upperBound), filter, sampleRateHz)
        }
    }

    private mutating func addPiece(_ axes: [[Double]], _ piece: Range<Int>, _ filter: ZeroPhaseBandPass, _ rate: Double)
    {
        let context = Int((Self.contextS * rate).rounded(.up))
        let seen = max(0, piece.lowerBound - context)..<min(axes[0].count, piece.upperBound + context)
        samples.removeAll(keepingCapacity: true)
        for place in seen { samples.append(SIMD4(axes[0][place], axes[1][place], axes[2][place], 0)) }
        filter.apply(to: &samples, reach: Int(rate.rounded()))
        let inside = (piece.lowerBound - seen.lowerBound)..<(piece.upperBound - seen.lowerBound)
        guard let axis = Self.axis(samples, inside) else { return }
        count(along: SIMD4(axis.direction, 0), inside, rate)
    }

    private static func axis(_ samples: [SIMD4<Double>], _ inside: Range<Int>) -> PrincipalAxis? {
        var mean = SIMD4<Double>.zero
        for place in inside { mean += samples[place] }
        mean /= Double(max(1, inside.count))
        var (squares, products) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
        for place in inside {
            let s = samples[place] - mean
            squares += s * s
            products += s * SIMD4(s.y, s.z, s.x, 0)
        }
        return PrincipalAxis(
            covarianceXX: squares.x, xy: products.x, xz: products.z, yy: squares.y, yz: products.y, zz: squares.z)
    }

    private mutating func count(along axis: SIMD4<Double>, _ inside: Range<Int>, _ rate: Double) {
        var (last, frequency): (Double?, Double?) = (nil, nil)
        var before = (samples[inside.lowerBound] * axis).sum()
        for place in inside.dropFirst() {
            let value = (samples[place] * axis).sum()
            defer { before = value }
            guard before < 0, value >= 0, place > 1, place + 1 < samples.count else { continue }
            let around = SIMD4(
                (samples[place - 2] * axis).sum(), before, value, (samples[place + 1] * axis).sum())
            let crossing = Double(place - 1) + Self.root(around)
            if let last {
                cycles += 1
                let next = rate / (crossing - last)
                if let frequency { differences.add(next - frequency) }
                frequency = next
            }
            last = crossing
        }
    }

    /// Where the cubic through values at −1, 0, 1 and 2 is zero between 0 and 1: Newton's steps from the straight line's zero.
    private static func root(_ v: SIMD4<Double>) -> Double {
        let line = v.y / (v.y - v.z)
        let c3 = (v.w - v.x) / 6 + (v.y - v.z) / 2
        let c2 = (v.x + v.z) / 2 - v.y
        let c1 = v.z - v.y - c2 - c3
        var x = line
        for _ in 0..<6 {
            let slope = c1 + x * (2 * c2 + x * 3 * c3)
            guard slope > 0 else { return line }
            x -= (v.y + x * (c1 + x * (c2 + x * c3))) / slope
        }
        return x >= 0 && x <= 1 ? x : line
    }
}

/// How often each difference occurred, in steps of 2⁻¹² Hz from −16 to 16 Hz.
private struct DifferenceCounts: Sendable {
    private static let perHz = 4096.0
    private static let half = 16 * 4096
    private var counts: [UInt32] = []
    private(set) var total = 0

    mutating func add(_ difference: Double) {
        if counts.isEmpty { counts = [UInt32](repeating: 0, count: 2 * Self.half + 1) }
        let limited = min(16, max(-16, difference))
        let bin = Int((limited * Self.perHz).rounded()) + Self.half
        counts[bin] &+= 1
        total += 1
    }

    /// Between neighbouring values by a straight line.
    func quantile(_ share: Double) -> Double {
        let place = share * Double(total - 1)
        let below = Int(place)
        let (low, high) = (value(at: below), value(at: min(below + 1, total - 1)))
        return low + (place - Double(below)) * (high - low)
    }

    /// The value at a place of the sorted row.
    private func value(at place: Int) -> Double {
        var seen = 0
        for bin in counts.indices {
            seen += Int(counts[bin])
            if seen > place { return Double(bin - Self.half) / Self.perHz }
        }
        return .nan
    }
}
