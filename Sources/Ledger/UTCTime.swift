import Glibc
import Records

/// A moment in UTC to the second, as records carry it.
public struct UTCTime: Sendable, Hashable, CustomStringConvertible {
    /// Seconds since 1970-01-01 in UTC.
    public let seconds: Int

    /// A moment by its seconds since 1970-01-01.
    public init(seconds: Int) { self.seconds = seconds }

    /// Now.
    public static var now: UTCTime { UTCTime(seconds: time(nil)) }

    /// "2026-11-22T09:30:00Z" [ISO8601].
    public var description: String {
        let day = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400
        let ofDay = seconds - 86400 * day
        let parts = [ofDay / 3600, ofDay / 60 % 60, ofDay % 60].map { ($0 < 10 ? "0" : "") + String($0) }
        return "\(CalendarDate(dayNumber: day))T\(parts.joined(separator: ":"))Z"
    }
}
