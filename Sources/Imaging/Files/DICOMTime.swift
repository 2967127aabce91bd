/// DICOM dates and times as seconds since the start of 1970 on the scanner's own clock.
public enum DICOMTime {
    /// A date "20250131" and a time "110000.25" (also "11:00:00" and shorter ones); `nil` where either cannot be read.
    public static func seconds(date: String?, time: String?) -> Double? {
        guard let date, let time, let days = days(date), let seconds = secondsOfDay(time) else { return nil }
        return Double(days) * 86400 + seconds
    }

    /// A date and time in one, "20250131110000.25" with or without "+0100".
    ///
    /// With an offset and the offset of the file's other times (0008,0201), the moment is moved to the latter.
    public static func seconds(dateTime: String?, timezone: String? = nil) -> Double? {
        guard let dateTime else { return nil }
        let signed = dateTime.firstIndex { $0 == "+" || $0 == "-" }
        let local = dateTime[..<(signed ?? dateTime.endIndex)]
        guard local.count >= 10, let moment = seconds(date: String(local.prefix(8)), time: String(local.dropFirst(8)))
        else { return nil }
        guard let signed, let own = offset(dateTime[signed...]), let other = timezone.flatMap({ offset($0[...]) })
        else { return moment }
        return moment - own + other
    }

    /// A moment as "2025-01-31 11:00:00.25", for messages.
    public static func text(_ moment: Double) -> String {
        let days = Int((moment / 86400).rounded(.down))
        let milliseconds = Int(((moment - Double(days) * 86400) * 1000).rounded())
        let (seconds, fraction) = (milliseconds / 1000, milliseconds % 1000)
        let (year, month, day) = civil(days)
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let clock = "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
        let part = fraction == 0 ? "" : "." + String(String(1000 + fraction).dropFirst())
        return "\(year)-\(two(month))-\(two(day)) \(clock)\(part)"
    }

    static func secondsOfDay(_ text: String) -> Double? {
        let plain = text.filter { $0 != ":" && $0 != " " }
        let parts = plain.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = parts.first, parts.count <= 2, [2, 4, 6].contains(whole.count),
            whole.allSatisfy(\.isASCIIDigit)
        else { return nil }
        let digits = whole.compactMap(\.wholeNumberValue)
        func pair(_ i: Int) -> Int { 2 * i + 1 < digits.count ? digits[2 * i] * 10 + digits[2 * i + 1] : 0 }
        guard pair(0) < 24, pair(1) < 60, pair(2) <= 60 else { return nil }
        var fraction = 0.0
        if parts.count == 2 {
            guard parts[1].allSatisfy(\.isASCIIDigit), let value = Double("0.\(parts[1])0") else { return nil }
            fraction = value
        }
        return Double(pair(0) * 3600 + pair(1) * 60 + pair(2)) + fraction
    }

    private static func days(_ text: String) -> Int? {
        let plain = text.filter { $0 != "." && $0 != "-" }
        guard plain.count == 8, plain.allSatisfy(\.isASCIIDigit), let number = Int(plain) else { return nil }
        let (year, month, day) = (number / 10000, number / 100 % 100, number % 100)
        guard year > 0, (1...12).contains(month), (1...31).contains(day) else { return nil }
        // Days from civil, counting years from March.
        let y = month <= 2 ? year - 1 : year
        let era = y / 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let yearOfEra = y - era * 400
        return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
    }

    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let z = days + 719468
        let era = (z >= 0 ? z : z - 146096) / 146097
        let dayOfEra = z - era * 146097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func offset(_ text: Substring) -> Double? {
        guard let sign = text.first, text.count >= 5 else { return nil }
        let digits = text.dropFirst().prefix(4)
        guard digits.allSatisfy(\.isASCIIDigit), let number = Int(digits) else { return nil }
        let seconds = Double(number / 100 * 3600 + number % 100 * 60)
        return sign == "-" ? -seconds : seconds
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isWholeNumber }
}
