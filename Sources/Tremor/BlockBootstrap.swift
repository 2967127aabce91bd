/// The 95 % interval of a median over windows that resemble their neighbours: whole blocks are drawn, in a circle
/// [PolitisRomano1992], with a fixed seed.
struct BlockBootstrap {
    private let draws: Int
    private let seed: UInt64
    private let block: Int

    init(_ settings: TremorSettings) {
        (draws, seed) = (settings.bootstrapDraws, settings.seed)
        block = max(1, Int((settings.blockS / settings.hopS).rounded()))
    }

    /// The interval; `nil` for fewer than four values or no draws.
    func interval(ofMedian values: [Double]) -> (low: Double, high: Double)? {
        let count = values.count
        guard count >= 4, draws >= 40 else { return nil }
        // A block may not be more than a quarter of what there is, or every draw would be the whole.
        let length = max(1, min(block, count / 4))
        // The circle is cut open, so that a block is one run of values.
        let circle = values + values[..<length]
        var state = seed
        var medians: [Double] = []
        medians.reserveCapacity(draws)
        var sample: [Double] = []
        sample.reserveCapacity(count)
        for _ in 0..<draws {
            sample.removeAll(keepingCapacity: true)
            while sample.count < count {
                let start = Int(Self.next(&state) % UInt64(count))
                sample.append(contentsOf: circle[start..<(start + min(length, count - sample.count))])
            }
            medians.append(Median.inPlace(&sample))
        }
        medians.sort()
        let tail = Double(draws) * 0.025
        return (medians[Int(tail)], medians[draws - 1 - Int(tail)])
    }

    /// SplitMix64 [Steele2014].
    private static func next(_ state: inout UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
