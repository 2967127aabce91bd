import Glibc

/// Power on a logarithmic scale.
enum Decibel {
    /// 10 log₁₀ of a power; NaN where it is not positive.
    static func of(_ power: Double) -> Float { power > 0 ? Float(10 * log10(power)) : .nan }
}
