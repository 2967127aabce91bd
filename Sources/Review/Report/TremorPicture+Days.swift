import Records
import Tremor

extension TremorPicture {
    /// Parts of a day that have a colour: ten minutes.
    private static let parts = 144
    /// More days are not drawn, and the title says so.
    private static let mostDays = 400

    /// Windows of one day, summed by part.
    private struct Day {
        var shares = [Double](repeating: 0, count: parts)
        var windows = [Int](repeating: 0, count: parts)
        var notWorn: [Range<Double>] = []
    }

    /// A row a day, from midnight of the device's clock or, where that has no date, from the recording's start; `nil` without windows.
    /// Days without samples have no row.
    static func dayStrip(_ result: TremorResult) -> DayStrip? {
        guard result.durationS < longestS else { return nil }
        let days = days(of: result)
        let shown = days.keys.sorted().prefix(mostDays)
        guard let first = shown.first else { return nil }
        let rows = shown.map { key in row(days[key]!, name: "Day \(key - first + 1)", hopS: result.settings.hopS) }
        let isClock = secondsToMidnight(result) != nil
        let zone = isClock && result.header.isUTC ? " (UTC)" : ""
        let of = shown.count < days.count ? ", the first \(shown.count) of \(days.count) days" : ""
        return DayStrip(
            title: "Tremor by day\(of)", label: "time with tremor, of each ten minutes", summaryLabel: "with tremor",
            timeLabel: isClock ? "Time of day\(zone)" : "Hours since the start, a day a row", isTimeOfDay: isClock,
            rows: rows, margins: margins)
    }

    private static func days(of result: TremorResult) -> [Int: Day] {
        let offset = secondsToMidnight(result).map { 86400 - $0 } ?? 0
        var days: [Int: Day] = [:]
        for window in result.windows {
            let time = offset + window.startS + result.settings.windowS / 2
            let day = Int((time / 86400).rounded(.down))
            let part = min(parts - 1, max(0, Int((time - Double(day) * 86400) / 86400 * Double(parts))))
            days[day, default: Day()].shares[part] += Double(window.tremorShare)
            days[day, default: Day()].windows[part] += 1
        }
        for range in result.nonWear {
            let (from, to) = (offset + range.lowerBound, offset + range.upperBound)
            for day in Int((from / 86400).rounded(.down))...Int((to / 86400).rounded(.down)) {
                let midnight = Double(day) * 86400
                let (low, high) = (max(0, from - midnight), min(86400, to - midnight))
                if high > low { days[day, default: Day()].notWorn.append(low..<high) }
            }
        }
        return days
    }

    private static func hours(_ seconds: Double) -> String {
        seconds < 3600 ? duration(seconds) : "\(fixed(seconds / 3600, 1)) h"
    }

    private static func row(_ day: Day, name: String, hopS: Double) -> DayStrip.Row {
        let windows = day.windows.reduce(0, +)
        let summary =
            windows == 0
            ? "not worn"
            : "\(percent(100 * day.shares.reduce(0, +) / Double(windows))) of \(hours(Double(windows) * hopS))"
        let shares = zip(day.shares, day.windows).map { $1 > 0 ? $0 / Double($1) : .nan }
        return DayStrip.Row(name: name, summary: summary, shares: shares, notWorn: day.notWorn)
    }
}
