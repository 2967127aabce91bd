/// Reads single fields of a line that ends with a line end, which stops every loop.
///
/// Each function moves `p` from a field's first byte to the separator or line end behind it, and may look at the seven bytes
/// after that.
struct FieldReader {
    /// The byte between fields; a blank stands for any number of blanks.
    let separator: UInt8
    /// The decimal sign.
    let point: UInt8
    /// How dates are written.
    let order: TimeStamp.DateOrder
    private let powers = NumberParser.powers

    init(separator: UInt8, point: UInt8, order: TimeStamp.DateOrder) {
        (self.separator, self.point, self.order) = (separator, point, order)
    }

    @inline(__always)
    func isEnd(_ byte: UInt8) -> Bool { byte == separator || byte == 0x0A || byte == 0x0D }

    /// A measured value; NaN where there is none. A field that is no number is put into `bad`.
    @inline(__always)
    func value(_ p: inout UnsafePointer<UInt8>, _ bad: inout UnsafePointer<UInt8>?) -> Double {
        let field = p
        let isNegative = p.pointee == UInt8(ascii: "-")
        if isNegative { p += 1 }
        let first = p
        var mantissa: UInt64 = 0
        Self.digits(&p, &mantissa)
        var decimals = 0
        if p.pointee == point {
            p += 1
            let begin = p
            while let eight = Self.eightDigits(p) {
                mantissa = mantissa &* 100_000_000 &+ eight
                p += 8
            }
            Self.digits(&p, &mantissa)
            decimals = p - begin
        }
        // 19 bytes hold at most 19 digits, which 64 bits hold.
        if isEnd(p.pointee) && p - first <= 20 && first.pointee &- 48 <= 9 {
            if p - first <= 19 && mantissa <= 1 << 53 {
                let size = Double(mantissa) / powers[decimals]
                return isNegative ? -size : size
            }
            // A zero in front or the point leave 19 digits.
            if (decimals > 0 || first.pointee == UInt8(ascii: "0")) && decimals <= 22,
                let size = NumberParser.quotient(mantissa, decimals)
            {
                return isNegative ? -size : size
            }
        }
        p = field
        return slowValue(&p, &bad)
    }

    /// A time in whole units and the rest; `nil` where there is none.
    @inline(__always)
    func time(_ p: inout UnsafePointer<UInt8>, _ bad: inout UnsafePointer<UInt8>?) -> (Int64, Double)? {
        let field = p
        let isNegative = p.pointee == UInt8(ascii: "-")
        if isNegative { p += 1 }
        let first = p
        var (units, rest): (UInt64, UInt64) = (0, 0)
        Self.digits(&p, &units)
        let count = p - first
        var decimals = 0
        if p.pointee == point {
            p += 1
            let begin = p
            Self.digits(&p, &rest)
            decimals = p - begin
        }
        if isEnd(p.pointee) && count > 0 && count <= 19 && decimals <= 18 && units < 1 << 62 {
            let share = Double(rest) / powers[decimals]
            return isNegative ? (-Int64(units), -share) : (Int64(units), share)
        }
        p = field
        let value = slowValue(&p, &bad)
        guard value.isFinite else { return nil }
        guard abs(value) < 0x1p61 else { return (0, value) }
        return (Int64(value), value - value.rounded(.towardZero))
    }

    /// A field that is not read.
    @inline(__always)
    func skip(_ p: inout UnsafePointer<UInt8>) {
        if p.pointee == UInt8(ascii: "\"") { Self.skipQuoted(&p) }
        while !isEnd(p.pointee) { p += 1 }
    }

    /// A date, a time of day, or both; `nil` where there is none.
    func text(
        _ p: inout UnsafePointer<UInt8>, _ bad: inout UnsafePointer<UInt8>?, _ use: ColumnUse
    ) -> TimeStamp? {
        let field = p
        skip(&p)
        let (start, end) = Self.trimmed(field, p)
        let found: TimeStamp? =
            switch use {
            case .date: TimeStamp.date(start, end, order).map { TimeStamp(whole: $0, fraction: 0) }
            case .timeOfDay: TimeStamp.timeOfDay(start, end)
            default: TimeStamp.dated(start, end, order)
            }
        if found == nil && !Self.isMissing(start, end) { bad = bad ?? field }
        return found
    }

    // MARK: - Parts

    /// The number that the next eight bytes are, all together; `nil` where one of them is no digit.
    @inline(__always)
    private static func eightDigits(_ p: UnsafePointer<UInt8>) -> UInt64? {
        let bytes = UInt64(littleEndian: UnsafeRawPointer(p).loadUnaligned(as: UInt64.self))
        let high = bytes & 0xF0F0_F0F0_F0F0_F0F0
        let carried = (bytes &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0
        guard high | carried >> 4 == 0x3333_3333_3333_3333 else { return nil }
        // Digits become pairs, pairs fours, fours the number.
        let digits = bytes & 0x0F0F_0F0F_0F0F_0F0F
        let pairs = ((digits &* 10) &+ (digits >> 8)) & 0x00FF_00FF_00FF_00FF
        let fours = ((pairs &* 100) &+ (pairs >> 16)) & 0x0000_FFFF_0000_FFFF
        return ((fours &* 10000) &+ (fours >> 32)) & 0xFFFF_FFFF
    }

    @inline(__always)
    private static func digits(_ p: inout UnsafePointer<UInt8>, _ mantissa: inout UInt64) {
        var digit = p.pointee &- 48
        while digit <= 9 {
            mantissa = mantissa &* 10 &+ UInt64(digit)
            p += 1
            digit = p.pointee &- 48
        }
    }

    @inline(never)
    private func slowValue(_ p: inout UnsafePointer<UInt8>, _ bad: inout UnsafePointer<UInt8>?) -> Double {
        let field = p
        skip(&p)
        let (start, end) = Self.trimmed(field, p)
        if let value = NumberParser.double(start, end, point: point) { return value.isFinite ? value : .nan }
        if !Self.isMissing(start, end) { bad = bad ?? field }
        return .nan
    }

    private static func skipQuoted(_ p: inout UnsafePointer<UInt8>) {
        p += 1
        while p.pointee != UInt8(ascii: "\""), p.pointee != 0x0A, p.pointee != 0x0D { p += 1 }
    }

    /// A field without blanks, tabs and quotes around it.
    static func trimmed(
        _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
    ) -> (UnsafePointer<UInt8>, UnsafePointer<UInt8>) {
        func isAround(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x22 }
        var (start, end) = (start, end)
        while start < end && isAround(start.pointee) { start += 1 }
        while end > start && isAround((end - 1).pointee) { end -= 1 }
        return (start, end)
    }

    /// Whether a field says that there is no number.
    private static func isMissing(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Bool {
        guard end - start <= 4 else { return false }
        return ["", "na", "n/a", "nan", "null", "none"].contains(text(start, end).lowercased())
    }

    /// The beginning of a field, for a sentence.
    static func text(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> String {
        String(decoding: UnsafeBufferPointer(start: start, count: min(end - start, 40)), as: UTF8.self)
    }
}
