import CKernels

/// The instruction set the inner loops run at. Every level gives the same bits; only the time differs.
///
/// Chosen once from the processor; `ENGRAFT_SIMD=scalar|v3|v4` in the environment lowers it for a whole run.
public enum SIMDLevel: Int32, Sendable, CaseIterable, Comparable {
    /// What every processor of the architecture has: SSE2 or NEON.
    case scalar = 0
    /// x86-64-v3: AVX2.
    case v3 = 1
    /// x86-64-v4: AVX-512.
    case v4 = 2

    /// The level in force.
    public static var current: SIMDLevel { SIMDLevel(rawValue: ck_level()) ?? .scalar }

    /// Changes the level of the whole process, for tests and benchmarks; at most what the processor has.
    /// Returns the level now in force.
    @discardableResult
    public static func force(_ level: SIMDLevel) -> SIMDLevel {
        SIMDLevel(rawValue: ck_force_level(level.rawValue)) ?? .scalar
    }

    /// The lower of two levels is the older one.
    public static func < (a: SIMDLevel, b: SIMDLevel) -> Bool { a.rawValue < b.rawValue }
}
