import Glibc

/// Gaussian numbers that are the same in every run: SplitMix64 and the Box-Muller transform.
public struct SeededNoise: RandomNumberGenerator {
    private var state: UInt64

    /// Noise of a seed.
    public init(seed: UInt64) { state = seed }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number of mean 0 and standard deviation 1.
    public mutating func gaussian() -> Double {
        let (u, v) = (Double.random(in: 0x1p-53..<1, using: &self), Double.random(in: 0..<1, using: &self))
        return (-2 * log(u)).squareRoot() * cos(2 * .pi * v)
    }
}
