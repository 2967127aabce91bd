import Glibc

/// A day of the Gregorian calendar, without a clock or a time zone.
public struct CalendarDate: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Days since 1970-01-01.
    public let dayNumber: Int

    /// The day with a number since 1970-01-01.
    public init(dayNumber: Int) { self.dayNumber = dayNumber }

    /// A day of the years 1 to 9999; `nil` where the calendar has none.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month),
            day >= 1, day <= Self.days(inMonth: month, of: year)
        else { return nil }
        // Years begin in March, so that the leap day is the last; an era is 400 years of 146 097 days.
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let ofEra = shifted - 400 * era
        let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        dayNumber = 146_097 * era + 365 * ofEra + ofEra / 4 - ofEra / 100 + ofYear - 719_468
    }

    /// How many days a month has.
    public static func days(inMonth month: Int, of year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// Year, month and day of the month.
    public var parts: (year: Int, month: Int, day: Int) {
        let shifted = dayNumber + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let ofEra = shifted - 146_097 * era
        let year = (ofEra - ofEra / 1460 + ofEra / 36524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * year + year / 4 - year / 100)
        let month = (5 * ofYear + 2) / 153
        let day = ofYear - (153 * month + 2) / 5 + 1
        let civil = month < 10 ? month + 3 : month - 9
        return (year + 400 * era + (civil <= 2 ? 1 : 0), civil, day)
    }

    /// "2025-10-01".
    public var description: String {
        let (year, month, day) = parts
        func padded(_ value: Int, _ width: Int) -> String {
            String(repeating: "0", count: max(0, width - String(value).count)) + String(value)
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    /// The same day some months before, or the last of that month where it has no such day.
    public func earlier(byMonths months: Int) -> CalendarDate {
        let (year, month, day) = parts
        let total = min(max(12 * year + month - 1 - months, 12), 12 * 9999 + 11)
        let (earlierYear, earlierMonth) = (total / 12, total % 12 + 1)
        let last = Self.days(inMonth: earlierMonth, of: earlierYear)
        return CalendarDate(year: earlierYear, month: earlierMonth, day: min(day, last)) ?? self
    }

    /// Whole years from this day to another, as birthdays count them.
    public func completedYears(to other: CalendarDate) -> Int {
        let (from, to) = (parts, other.parts)
        let isBefore = (to.month, to.day) < (from.month, from.day)
        return to.year - from.year - (isBefore ? 1 : 0)
    }

    /// Today in UTC.
    public static var today: CalendarDate { CalendarDate(dayNumber: time(nil) / 86400) }

    /// Whether a day is before another.
    public static func < (a: CalendarDate, b: CalendarDate) -> Bool { a.dayNumber < b.dayNumber }
}

/// A date of which only the year, or the year and the month, may be known: all the days it can be.
public struct PartialDate: Sendable, Hashable, CustomStringConvertible {
    /// The first day it can be.
    public let earliest: CalendarDate
    /// The last day it can be.
    public let latest: CalendarDate

    /// A day that is known.
    public init(_ day: CalendarDate) { (earliest, latest) = (day, day) }

    /// Reads "2020", "2020-10" or "2020-10-01"; `nil` for everything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let widths = [4, 2, 2]
        guard (1...3).contains(parts.count), zip(parts, widths).allSatisfy({ $0.utf8.count == $1 }),
            text.utf8.allSatisfy({ $0 == 0x2D || (0x30...0x39).contains($0) })
        else { return nil }
        let numbers = parts.compactMap { Int($0) }
        let (year, month) = (numbers[0], numbers.count > 1 ? numbers[1] : nil)
        if numbers.count == 3 {
            guard let day = CalendarDate(year: year, month: numbers[1], day: numbers[2]) else { return nil }
            (earliest, latest) = (day, day)
        } else {
            guard let first = CalendarDate(year: year, month: month ?? 1, day: 1) else { return nil }
            let last = month ?? 12
            earliest = first
            latest = CalendarDate(year: year, month: last, day: CalendarDate.days(inMonth: last, of: year)) ?? first
        }
    }

    /// The day; `nil` where it is not known to the day.
    public var day: CalendarDate? { earliest == latest ? earliest : nil }

    /// The date as it is known.
    public var description: String {
        if let day { return day.description }
        let (from, to) = (earliest.description, latest.description)
        return earliest.parts.month == latest.parts.month ? String(from.prefix(7)) : String(to.prefix(4))
    }
}
