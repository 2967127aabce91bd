import Glibc

/// Decimal numbers in text, each the Double nearest to it.
///
/// A mantissa of at most 53 bits over a power of ten that is exact needs one division [Clinger1990]; up to 19 digits, the
/// remainder of that division says how to round; what is left goes to strtod.
enum NumberParser {
    /// 1, 10, … 10^22: the powers of ten that a Double holds exactly.
    nonisolated(unsafe) static let powers: UnsafePointer<Double> = {
        let table = UnsafeMutablePointer<Double>.allocate(capacity: 23)
        for (place, digits) in (0...22).enumerated() { table[place] = Double("1e\(digits)")! }
        return UnsafePointer(table)
    }()

    /// The number that all bytes from `start` to `end` are; `nil` where they are none. `point` is the decimal sign.
    static func double(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, point: UInt8 = 0x2E) -> Double? {
        var i = start
        let isNegative = i < end && i.pointee == UInt8(ascii: "-")
        if isNegative || i < end && i.pointee == UInt8(ascii: "+") { i += 1 }
        var mantissa: UInt64 = 0
        var (digits, exponent) = (0, 0)
        while i < end, i.pointee &- 48 <= 9 {
            mantissa = mantissa &* 10 &+ UInt64(i.pointee &- 48)
            // Zeros in front are no digits of the mantissa.
            if digits > 0 || mantissa > 0 { digits &+= 1 }
            i += 1
        }
        var seen = i - start - (isNegative ? 1 : 0)
        if i < end && i.pointee == point {
            i += 1
            let first = i
            while i < end, i.pointee &- 48 <= 9 {
                mantissa = mantissa &* 10 &+ UInt64(i.pointee &- 48)
                if digits > 0 || mantissa > 0 { digits &+= 1 }
                i += 1
            }
            exponent = first - i
            seen += i - first
        }
        guard seen > 0 else { return slow(start, end, point) }
        if i < end && (i.pointee | 0x20) == UInt8(ascii: "e") {
            guard let stated = power(i + 1, end) else { return slow(start, end, point) }
            (exponent, i) = (exponent + stated, end)
        }
        guard i == end, digits <= 19, exponent <= 0, exponent >= -22,
            let size = quotient(mantissa, -exponent)
        else { return slow(start, end, point) }
        return isNegative ? -size : size
    }

    /// The Double nearest to mantissa / 10^digits, digits at most 22; `nil` where it is too near the middle of two to tell.
    static func quotient(_ mantissa: UInt64, _ digits: Int) -> Double? {
        let divisor = powers[digits]
        let high = Double(mantissa)
        guard mantissa > 1 << 53 else { return high / divisor }
        // 2^64 − 1 rounds up to 2^64, which no UInt64 holds.
        guard let rounded = UInt64(exactly: high) else { return nil }
        let low = Double(Int64(bitPattern: mantissa &- rounded))
        let quotient = high / divisor
        // The remainder of a rounded division is exact in one fused step.
        let remainder = high.addingProduct(-quotient, divisor) + low
        let correction = remainder / divisor
        let margin = abs(correction) * 0x1p-40
        let (below, above) = (quotient + (correction - margin), quotient + (correction + margin))
        return below == above ? below : nil
    }

    private static func power(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Int? {
        var i = start
        let isNegative = i < end && i.pointee == UInt8(ascii: "-")
        if isNegative || i < end && i.pointee == UInt8(ascii: "+") { i += 1 }
        guard i < end, end - i <= 3 else { return nil }
        var value = 0
        while i < end {
            guard i.pointee &- 48 <= 9 else { return nil }
            value = value * 10 + Int(i.pointee &- 48)
            i += 1
        }
        return isNegative ? -value : value
    }

    /// By strtod, for what is rare. "nan" and "inf" in any spelling that it knows; no hexadecimal.
    private static func slow(
        _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ point: UInt8
    ) -> Double? {
        let count = end - start
        guard count > 0, count < 400 else { return nil }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: count + 1) { text in
            for place in 0..<count {
                let byte = start[place] == point ? 0x2E : start[place]
                // strtod would skip blanks and read hexadecimal.
                guard byte > 0x20, byte | 0x20 != UInt8(ascii: "x"), byte < 0x7F, byte != UInt8(ascii: "(") else {
                    return nil
                }
                text[place] = CChar(byte)
            }
            text[count] = 0
            var rest: UnsafeMutablePointer<CChar>?
            let value = strtod(text.baseAddress!, &rest)
            return rest == text.baseAddress! + count ? value : nil
        }
    }
}
