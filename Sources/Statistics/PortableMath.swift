/// Elementary functions in plain double-precision arithmetic, so that a phantom has the same bytes on every machine.
///
/// A C library's `exp` or `sin` may differ in the last bit between versions and processors (fused multiply-add). Here only
/// +, −, ×, ÷ and √ are used, which IEEE 754 fixes to the bit, and Swift never fuses them. Arguments are reduced by the
/// two- and three-part constants of Cody and Waite [CodyWaite1980]; the rest is the Taylor series to full precision.
public enum PortableMath {
    /// π, rounded to the nearest double.
    public static let pi = 3.141592653589793

    /// e to the power `x`: within 1 unit in the last place of the nearest double; 0 below −745.2, infinity above 709.8.
    public static func exp(_ x: Double) -> Double {
        guard x == x else { return x }
        if x > 709.782712893384 { return .infinity }
        if x < -745.2 { return 0 }
        let k = (x * 1.4426950408889634).rounded()
        let r = (x - k * ln2High) - k * ln2Low
        // Σ rⁿ/n! for |r| ≤ ln2/2: the term after the last is below 2⁻⁶⁴.
        var sum = 1.0 / 87_178_291_200
        sum = sum * r + 1.0 / 6_227_020_800
        sum = sum * r + 1.0 / 479_001_600
        sum = sum * r + 1.0 / 39_916_800
        sum = sum * r + 1.0 / 3_628_800
        sum = sum * r + 1.0 / 362_880
        sum = sum * r + 1.0 / 40_320
        sum = sum * r + 1.0 / 5_040
        sum = sum * r + 1.0 / 720
        sum = sum * r + 1.0 / 120
        sum = sum * r + 1.0 / 24
        sum = sum * r + 1.0 / 6
        sum = sum * r + 0.5
        let value = 1 + (r + r * r * sum)
        let half = Int(k) / 2
        return value * powerOfTwo(half) * powerOfTwo(Int(k) - half)
    }

    /// The natural logarithm: within 1 unit in the last place; −infinity at 0, NaN below.
    public static func log(_ x: Double) -> Double {
        guard x > 0 else { return x == 0 ? -.infinity : .nan }
        guard x < .infinity else { return x }
        var (scaled, exponent) = (x, 0)
        if x < 0x1p-1022 { (scaled, exponent) = (x * 0x1p54, -54) }
        let bits = scaled.bitPattern
        exponent += Int(bits >> 52) - 1023
        var m = Double(bitPattern: bits & 0x000F_FFFF_FFFF_FFFF | 0x3FF0_0000_0000_0000)
        if m > 1.4142135623730951 { (m, exponent) = (m / 2, exponent + 1) }
        // ln(1+f) = 2 artanh s with s = f/(2+f); 2s = f − sf keeps the leading term exact.
        let f = m - 1
        let s = f / (2 + f)
        let z = s * s
        var sum = 2.0 / 23
        sum = sum * z + 2.0 / 21
        sum = sum * z + 2.0 / 19
        sum = sum * z + 2.0 / 17
        sum = sum * z + 2.0 / 15
        sum = sum * z + 2.0 / 13
        sum = sum * z + 2.0 / 11
        sum = sum * z + 2.0 / 9
        sum = sum * z + 2.0 / 7
        sum = sum * z + 2.0 / 5
        sum = sum * z + 2.0 / 3
        let half = f * f / 2
        let k = Double(exponent)
        return k * ln2High + (f - (half - (s * (half + z * sum) + k * ln2Low)))
    }

    /// The sine of `x` radians, |x| ≤ 10⁶: within 2.3e-16 of the true value.
    public static func sin(_ x: Double) -> Double {
        let (r, quadrant) = reduced(x)
        switch quadrant {
        case 0: return sine(r)
        case 1: return cosine(r)
        case 2: return -sine(r)
        default: return -cosine(r)
        }
    }

    /// The cosine of `x` radians, |x| ≤ 10⁶: within 2.3e-16 of the true value.
    public static func cos(_ x: Double) -> Double {
        let (r, quadrant) = reduced(x)
        switch quadrant {
        case 0: return cosine(r)
        case 1: return -sine(r)
        case 2: return -cosine(r)
        default: return sine(r)
        }
    }

    /// `x` to the power `y` for x > 0: relative error below (2 + |y ln x|) · 2⁻⁵², by squaring where `y` is a small
    /// whole number.
    public static func pow(_ x: Double, _ y: Double) -> Double {
        guard y == y.rounded(), abs(y) <= 64 else { return exp(y * log(x)) }
        var (result, base, left) = (1.0, x, Int(abs(y)))
        while left > 0 {
            if left & 1 == 1 { result *= base }
            base *= base
            left >>= 1
        }
        return y < 0 ? 1 / result : result
    }

    // ln 2 with 32 bits, so that its product with an exponent is exact, and the rest.
    private static let ln2High = Double(bitPattern: 0x3FE6_2E42_FEE0_0000)
    private static let ln2Low = 1.9082149292705877e-10
    // π/2 in two parts of 33 bits and the rest.
    private static let halfPi1 = Double(bitPattern: 0x3FF9_21FB_5440_0000)
    private static let halfPi2 = Double(bitPattern: 0x3DD0_B461_1A60_0000)
    private static let halfPi3 = 2.0222662487959506e-21

    private static func powerOfTwo(_ k: Int) -> Double {
        k < -1022 ? 0x1p-1022 * powerOfTwo(k + 1022) : Double(bitPattern: UInt64(k + 1023) << 52)
    }

    private static func reduced(_ x: Double) -> (Double, Int) {
        precondition(abs(x) <= 1e6, "the argument is too large for the three-part reduction")
        let n = (x * 0.6366197723675814).rounded()
        return (((x - n * halfPi1) - n * halfPi2) - n * halfPi3, Int(n) & 3)
    }

    private static func sine(_ r: Double) -> Double {
        let z = r * r
        var sum = 1.0 / 355_687_428_096_000
        sum = sum * z - 1.0 / 1_307_674_368_000
        sum = sum * z + 1.0 / 6_227_020_800
        sum = sum * z - 1.0 / 39_916_800
        sum = sum * z + 1.0 / 362_880
        sum = sum * z - 1.0 / 5_040
        sum = sum * z + 1.0 / 120
        sum = sum * z - 1.0 / 6
        return r + r * z * sum
    }

    private static func cosine(_ r: Double) -> Double {
        let z = r * r
        var sum = 1.0 / 20_922_789_888_000
        sum = sum * z - 1.0 / 87_178_291_200
        sum = sum * z + 1.0 / 479_001_600
        sum = sum * z - 1.0 / 3_628_800
        sum = sum * z + 1.0 / 40_320
        sum = sum * z - 1.0 / 720
        sum = sum * z + 1.0 / 24
        let half = z / 2
        let leading = 1 - half
        return leading + (((1 - leading) - half) + z * z * sum)
    }
}
