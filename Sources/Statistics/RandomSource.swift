/// A seeded stream of random numbers: xoshiro256** [BlackmanVigna2021], its state filled by SplitMix64 [Steele2014].
///
/// The same seed and stream give the same numbers everywhere. Work that runs in parallel takes one stream per piece, so that
/// the numbers do not depend on the number of threads.
public struct RandomSource: RandomNumberGenerator, Sendable {
    private var s0, s1, s2, s3: UInt64
    private var spare: Double?

    /// A stream. Streams of one seed are unrelated to each other.
    public init(seed: UInt64, stream: UInt64 = 0) {
        var filler = SplitMix64(state: seed)
        filler = SplitMix64(state: filler.next() ^ (stream &* 0xD134_2543_DE82_EF95))
        (s0, s1, s2, s3) = (filler.next(), filler.next(), filler.next(), filler.next())
    }

    /// 64 random bits.
    public mutating func next() -> UInt64 {
        let product = s1 &* 5
        let result = (product << 7 | product >> 57) &* 9
        let shifted = s1 << 17
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= shifted
        s3 = s3 << 45 | s3 >> 19
        return result
    }

    /// A number in 0..<1 with 53 random bits.
    public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A whole number in 0..<count, each as likely as any other: numbers beyond the last full round are drawn again.
    public mutating func below(_ count: Int) -> Int {
        precondition(count > 0, "a range with a number in it")
        let size = UInt64(count)
        // 2⁶⁴ mod count numbers are too many.
        let surplus = (0 &- size) % size
        while true {
            let drawn = next()
            if drawn >= surplus { return Int(drawn % size) }
        }
    }

    /// Puts values into a random order, each as likely as any other [FisherYates1938].
    public mutating func shuffle(_ values: inout [Double]) {
        guard values.count > 1 else { return }
        for place in (1..<values.count).reversed() { values.swapAt(place, below(place + 1)) }
    }

    /// A standard normal deviate, two at a time by the transform of Box and Muller [BoxMuller1958].
    public mutating func gaussian() -> Double {
        if let value = spare {
            spare = nil
            return value
        }
        let radius = (-2 * PortableMath.log(1 - uniform())).squareRoot()
        let angle = 2 * PortableMath.pi * uniform()
        spare = radius * PortableMath.sin(angle)
        return radius * PortableMath.cos(angle)
    }
}

/// The generator that fills another's state [Steele2014].
struct SplitMix64: Sendable {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
