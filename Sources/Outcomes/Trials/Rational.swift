import BigInt

/// A rational number, always in lowest terms with a positive denominator: sums of probabilities that are exact.
public struct Rational: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The numerator, with the sign.
    public let numerator: BigInt
    /// The denominator, above 0.
    public let denominator: BigInt

    /// A fraction; the denominator is not 0.
    public init(_ numerator: BigInt, _ denominator: BigInt = 1) {
        precondition(denominator != 0, "a fraction has a denominator other than 0")
        let divisor = numerator.greatestCommonDivisor(with: denominator)
        let sign: BigInt = denominator < 0 ? -1 : 1
        (self.numerator, self.denominator) = (sign * numerator / divisor, sign * denominator / divisor)
    }

    /// Reads "0.1", "2", ".25" or "1/3"; `nil` for everything else and for more than 30 digits.
    public init?(_ text: String) {
        guard text.utf8.count <= 32 else { return nil }
        func digits(_ part: Substring) -> BigInt? {
            part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? (part.isEmpty ? 0 : BigInt(String(part))) : nil
        }
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        if halves.count == 2, !halves[0].isEmpty, let a = digits(halves[0]), let b = digits(halves[1]), b > 0 {
            self.init(a, b)
            return
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard halves.count == 1, (1...2).contains(parts.count), parts.contains(where: { !$0.isEmpty }),
            let whole = digits(parts[0]), let fraction = digits(parts.count > 1 ? parts[1] : "")
        else { return nil }
        let scale = BigInt(10).power(parts.count > 1 ? parts[1].count : 0)
        self.init(whole * scale + fraction, scale)
    }

    /// A fraction of small numbers; the denominator is not 0.
    public init(_ numerator: Int, over denominator: Int) { self.init(BigInt(numerator), BigInt(denominator)) }

    /// The nearest number of double precision; to the even one where two are as near.
    public var double: Double {
        let shift = max(0, denominator.bitWidth - numerator.bitWidth + 66)
        let (quotient, rest) = (numerator.magnitude << shift).quotientAndRemainder(dividingBy: denominator.magnitude)
        // 64 bits, the last of which says whether anything follows: the conversion then rounds as if it saw all.
        let dropped = max(0, quotient.bitWidth - 64)
        var top = UInt64(quotient >> dropped)
        if rest != 0 || quotient & ((1 << dropped) - 1) != 0 { top |= 1 }
        let size = Double(sign: .plus, exponent: dropped - shift, significand: Double(top))
        return numerator < 0 ? -size : size
    }

    /// "1/3", or "2" for a whole number.
    public var description: String { denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)" }

    /// The sum.
    public static func + (a: Rational, b: Rational) -> Rational {
        Rational(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator)
    }
    /// The difference.
    public static func - (a: Rational, b: Rational) -> Rational {
        Rational(a.numerator * b.denominator - b.numerator * a.denominator, a.denominator * b.denominator)
    }
    /// The product.
    public static func * (a: Rational, b: Rational) -> Rational {
        Rational(a.numerator * b.numerator, a.denominator * b.denominator)
    }
    /// Whether one is smaller.
    public static func < (a: Rational, b: Rational) -> Bool {
        a.numerator * b.denominator < b.numerator * a.denominator
    }
}
