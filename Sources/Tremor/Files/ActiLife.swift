/// The ten lines that ActiLife writes before a table: device, rate, and when the recording began.
struct ActiLife {
    /// Samples a second, Hz.
    var rateHz: Double?
    /// When it began, s since 1970 on the device's clock.
    var startEpochS: Double?
    /// How dates are written.
    var order: TimeStamp.DateOrder?
    /// Lines of the header.
    var count: Int
    /// What is doubtful.
    var flags: [String] = []

    /// `nil` where the lines are none of ActiLife's. Throws where the table below them has counts and not samples.
    init?(_ lines: [TextLines.Line]) throws(RecordingError) {
        guard let first = lines.first?.text, first.hasPrefix("-----"), first.lowercased().contains("actigraph"),
            let end = lines.dropFirst().prefix(20).firstIndex(where: { $0.text.hasPrefix("-----") })
        else { return nil }
        count = end + 1
        rateHz = Self.rate(first)
        func value(_ name: String) -> String? {
            lines[..<end].first { $0.text.hasPrefix(name) }.map { line in
                line.text.dropFirst(name.count).filter { $0 != "," && $0 != ";" && $0 != "\"" && $0 != " " }
            }
        }
        // A table of raw samples has a period of zero.
        if let period = value("Epoch Period (hh:mm:ss)").flatMap(TextFields.timeOfDay), period.whole > 0 {
            throw .unsupported(
                "this ActiLife table has activity counts of \(period.whole) s each, not the acceleration; export the raw data"
            )
        }
        let dates = ["Start Date", "Download Date"].compactMap(value)
        order = Self.order(first)
        // Some files name one order and write the other; a day above 12 tells.
        for date in dates {
            guard let told = TextFields.order(date), told != order else { continue }
            if order != nil { flags.append("the header's dates are not in the order that it names") }
            order = told
            break
        }
        if let date = dates.first, let order, let day = TextFields.date(date, order),
            let time = value("Start Time").flatMap(TextFields.timeOfDay)
        {
            startEpochS = Double(day + time.whole) + time.fraction
        }
    }

    /// The number before "Hz".
    private static func rate(_ line: String) -> Double? {
        let words = line.split { $0 == " " || $0 == "," || $0 == ";" }
        guard let place = words.firstIndex(where: { $0.lowercased() == "hz" }), place > 0 else { return nil }
        return Double(words[place - 1]).flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
    }

    /// The order named by "date format M/d/yyyy".
    private static func order(_ line: String) -> TimeStamp.DateOrder? {
        let words = line.split(separator: " ")
        guard let place = words.firstIndex(of: "format"), place + 1 < words.count else { return nil }
        switch words[place + 1].first {
        case "M": return .monthDayYear
        case "d": return .dayMonthYear
        case "y": return .yearMonthDay
        default: return nil
        }
    }
}
