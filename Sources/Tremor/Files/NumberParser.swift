import Glibc

/// Numbers from text, exact and fast: the product of a whole mantissa and a small power of ten where that is exact, else strtod
/// [Clinger1990].
enum NumberParser {
    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20,
        1e21, 1e22,
    ]

    /// The number that the bytes from `start` to `end` are, blanks around it allowed; `nil` where they are none.
    static func double(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Double? {
        var (i, end) = (start, end)
        while i < end && (bytes[i] == 0x20 || bytes[i] == 0x22) { i &+= 1 }
        while end > i && (bytes[end &- 1] == 0x20 || bytes[end &- 1] == 0x22) { end &-= 1 }
        guard i < end else { return nil }
        let first = i
        var isNegative = false
        if bytes[i] == UInt8(ascii: "-") || bytes[i] == UInt8(ascii: "+") {
            isNegative = bytes[i] == UInt8(ascii: "-")
            i &+= 1
        }
        var mantissa: UInt64 = 0
        var (digits, exponent) = (0, 0)
        while i < end, bytes[i] &- 48 <= 9 {
            mantissa = mantissa &* 10 &+ UInt64(bytes[i] &- 48)
            digits &+= 1
            i &+= 1
        }
        if i < end && bytes[i] == UInt8(ascii: ".") {
            i &+= 1
            let point = i
            while i < end, bytes[i] &- 48 <= 9 {
                mantissa = mantissa &* 10 &+ UInt64(bytes[i] &- 48)
                digits &+= 1
                i &+= 1
            }
            exponent = point &- i
        }
        guard i == end, digits > 0, digits <= 19, mantissa <= 1 << 53, exponent >= -22 else {
            return slow(bytes, first, end)
        }
        let value = Double(mantissa) / powers[-exponent]
        return isNegative ? -value : value
    }

    private static func slow(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Double? {
        guard end - start < 64 else { return nil }
        var text = (start..<end).map { CChar(bitPattern: bytes[$0]) }
        text.append(0)
        return text.withUnsafeBufferPointer { buffer in
            var rest: UnsafeMutablePointer<CChar>?
            let value = strtod(buffer.baseAddress!, &rest)
            return rest == UnsafeMutablePointer(mutating: buffer.baseAddress!) + (end - start) ? value : nil
        }
    }
}

/// Time stamps written as text: `2019-03-21 14:58:00:500`, `2024-10-27T02:59:59.990+02:00`.
enum TimeStamp {
    /// Seconds since 1970 (in the stamp's own zone where it names none); `nil` where the text is no stamp.
    static func seconds(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Double? {
        var scanner = Scanner(bytes: bytes, place: start, end: end)
        scanner.skipBlanks()
        guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2), scanner.skip("-"),
            let day = scanner.number(2), scanner.skip("T") || scanner.skip(" "), let hour = scanner.number(2),
            scanner.skip(":"), let minute = scanner.number(2), scanner.skip(":"), let second = scanner.number(2),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61
        else { return nil }
        var time = Double(days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second)
        if scanner.skip(".") || scanner.skip(":") || scanner.skip(",") {
            guard let fraction = scanner.fraction() else { return nil }
            time += fraction
        }
        scanner.skipBlanks()
        if scanner.skip("Z") { return scanner.isDone ? time : nil }
        let isEast = scanner.skip("+")
        if isEast || scanner.skip("-") {
            guard let hours = scanner.number(2) else { return nil }
            _ = scanner.skip(":")
            let offset = Double(hours * 3600 + (scanner.number(2) ?? 0) * 60)
            time += isEast ? -offset : offset
        }
        return scanner.isDone ? time : nil
    }

    /// Days since 1970-01-01 of the Gregorian calendar: years are counted from March, so that a leap day ends one.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let y = month <= 2 ? year - 1 : year
        let monthFromMarch = (month + 9) % 12
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        return 365 * y + y / 4 - y / 100 + y / 400 + dayOfYear - 719468
    }

    private struct Scanner {
        let bytes: UnsafePointer<UInt8>
        var place: Int
        let end: Int

        var isDone: Bool { place == end }

        mutating func skipBlanks() {
            while place < end && (bytes[place] == 0x20 || bytes[place] == 0x22) { place += 1 }
        }

        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard place < end, bytes[place] == UInt8(ascii: character) else { return false }
            place += 1
            return true
        }

        mutating func number(_ digits: Int) -> Int? {
            guard place + digits <= end else { return nil }
            var value = 0
            for offset in 0..<digits {
                let digit = bytes[place + offset] &- 48
                guard digit <= 9 else { return nil }
                value = value * 10 + Int(digit)
            }
            place += digits
            return value
        }

        mutating func fraction() -> Double? {
            let first = place
            while place < end, bytes[place] &- 48 <= 9 { place += 1 }
            guard place > first, place - first < 19 else { return nil }
            var (value, scale) = (0.0, 1.0)
            for i in first..<place {
                value = value * 10 + Double(bytes[i] - 48)
                scale *= 10
            }
            return value / scale
        }
    }
}
