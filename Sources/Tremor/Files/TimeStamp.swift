/// A point in time as text has it: whole units and a share of one, so that nothing of 1,600,000,000.123456789 s is lost.
struct TimeStamp: Equatable {
    /// Whole units; seconds where the stamp is a date.
    var whole: Int64
    /// The rest, below 1 in size and of the same sign.
    var fraction: Double
    /// Whether a time zone was named, so that it is UTC.
    var isUTC = false
    /// Digits after the decimal sign, as written.
    var decimals = 0

    /// How days, months and years follow each other.
    enum DateOrder: Equatable {
        case yearMonthDay, monthDayYear, dayMonthYear
    }

    /// A date and a time of day: `2019-03-21 14:58:00:500`, `2024-10-27T02:59:59.990+02:00`,
    /// `2014-05-07 13:29:50.430+0100 [Europe/London]`, `5/7/2014 1:29:50.43 PM` in the order given; `nil` where it is none.
    static func dated(
        _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ order: DateOrder
    ) -> TimeStamp? {
        var scanner = Scanner(place: start, end: end)
        scanner.skipBlanks()
        guard let day = scanner.day(order), scanner.skip("T") || scanner.skip(" "), var time = scanner.clock() else {
            return nil
        }
        scanner.skipBlanks()
        if scanner.skip("Z") {
            time.isUTC = true
        } else {
            let isEast = scanner.skip("+")
            if isEast || scanner.skip("-") {
                guard let hours = scanner.number(2), hours < 24 else { return nil }
                _ = scanner.skip(":")
                let minutes = scanner.number(2) ?? 0
                guard minutes < 60 else { return nil }
                time.whole += (isEast ? -1 : 1) * (hours * 3600 + minutes * 60)
                time.isUTC = true
            }
        }
        scanner.skipZoneName()
        guard scanner.isDone else { return nil }
        time.whole += day
        return time
    }

    /// A time of day alone, s after midnight.
    static func timeOfDay(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> TimeStamp? {
        var scanner = Scanner(place: start, end: end)
        scanner.skipBlanks()
        guard let time = scanner.clock() else { return nil }
        scanner.skipBlanks()
        return scanner.isDone ? time : nil
    }

    /// A date alone, s from 1970-01-01 to its midnight.
    static func date(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ order: DateOrder) -> Int64? {
        var scanner = Scanner(place: start, end: end)
        scanner.skipBlanks()
        guard let day = scanner.day(order) else { return nil }
        scanner.skipBlanks()
        return scanner.isDone ? day : nil
    }
}

/// A place in a field.
private struct Scanner {
    var place: UnsafePointer<UInt8>
    let end: UnsafePointer<UInt8>

    var isDone: Bool { place == end }

    mutating func skipBlanks() {
        while place < end && (place.pointee == 0x20 || place.pointee == 0x22) { place += 1 }
    }

    /// What stands in brackets at the end names the zone whose offset was read.
    mutating func skipZoneName() {
        skipBlanks()
        guard skip("[") else { return }
        while place < end && place.pointee != UInt8(ascii: "]") { place += 1 }
        _ = skip("]")
        skipBlanks()
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard place < end, place.pointee == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    /// A number of exactly that many digits.
    mutating func number(_ digits: Int) -> Int64? {
        guard end - place >= digits else { return nil }
        var value: Int64 = 0
        for offset in 0..<digits {
            let digit = place[offset] &- 48
            guard digit <= 9 else { return nil }
            value = value &* 10 &+ Int64(digit)
        }
        place += digits
        return value
    }

    /// A number of one or two digits.
    mutating func short() -> Int64? { number(2) ?? number(1) }

    /// A date as seconds from 1970-01-01 to its midnight.
    mutating func day(_ order: TimeStamp.DateOrder) -> Int64? {
        let found: (year: Int64?, month: Int64?, day: Int64?)
        if order == .yearMonthDay {
            let year = number(4)
            guard skip("-") || skip("/") || skip(".") else { return nil }
            let month = short()
            guard skip("-") || skip("/") || skip(".") else { return nil }
            found = (year, month, short())
        } else {
            let first = short()
            guard skip("/") || skip("-") || skip(".") else { return nil }
            let second = short()
            guard skip("/") || skip("-") || skip(".") else { return nil }
            found = order == .monthDayYear ? (number(4), first, second) : (number(4), second, first)
        }
        guard let year = found.year, let month = found.month, let day = found.day else { return nil }
        return CivilTime.seconds(
            year: Int(year), month: Int(month), day: Int(day), hour: 0, minute: 0, second: 0
        ).map(Int64.init)
    }

    /// Hours, minutes, seconds and what follows them after a point, a comma or a colon; before or after noon.
    mutating func clock() -> TimeStamp? {
        guard var hour = short(), skip(":"), let minute = number(2), skip(":"), let second = number(2), hour < 24,
            minute < 60, second < 61
        else { return nil }
        var (fraction, decimals) = (0.0, 0)
        if skip(".") || skip(":") || skip(",") {
            var mantissa: UInt64 = 0
            while place < end, place.pointee &- 48 <= 9 {
                guard decimals < 18 else { return nil }
                mantissa = mantissa &* 10 &+ UInt64(place.pointee &- 48)
                decimals &+= 1
                place += 1
            }
            guard decimals > 0 else { return nil }
            fraction = Double(mantissa) / NumberParser.powers[decimals]
        }
        let before = place
        skipBlanks()
        let isMorning = skip("A") || skip("a")
        if isMorning || skip("P") || skip("p") {
            guard skip("M") || skip("m"), (1...12).contains(hour) else { return nil }
            hour = hour % 12 + (isMorning ? 0 : 12)
        } else {
            place = before
        }
        return TimeStamp(whole: hour * 3600 + minute * 60 + second, fraction: fraction, decimals: decimals)
    }
}
