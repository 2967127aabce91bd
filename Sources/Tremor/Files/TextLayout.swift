/// How a table of samples is laid out, found from its first lines.
struct TextLayout {
    /// The format, as in "text" or "ActiLife CSV".
    var format = "text"
    /// The byte between fields, the decimal sign, the end of a line.
    var separator = UInt8(ascii: ",")
    var point = UInt8(ascii: ".")
    var lineEnd: UInt8 = 0x0A
    /// Fields in a line.
    var columns: Int
    /// Which of them are what.
    var roles: ColumnRoles
    /// How time is written.
    var clock = ColumnUse.none
    /// How dates are written.
    var order = TimeStamp.DateOrder.yearMonthDay
    /// Where the first sample's line begins, and its number from 1.
    var start: Int
    var firstLine: Int
    /// The resolution of the stamps as written, in units of time; `nil` where they are no plain decimals.
    var resolution: Double?
    /// Samples a second as the file states them.
    var rateHz: Double?
    /// When the first sample was taken, s since 1970, and whether that is UTC.
    var startEpochS: Double?
    var isUTC = false
    /// Whether columns have names.
    var hasHeader = true
    /// What was noticed.
    var flags: [String] = []

    /// The layout of a text that begins with `bytes`. Throws where it has no table of samples.
    init(_ bytes: [UInt8], isWhole: Bool, _ options: RecordingOptions) throws(RecordingError) {
        let text = TextLines(bytes, isWhole: isWhole)
        let lines = text.lines
        guard !lines.isEmpty else { throw .empty }
        let device = try ActiLife(lines)
        let first = device?.count ?? 0
        guard let place = lines.indices.dropFirst(first).first(where: { Self.isData(lines[$0].text) }) else {
            throw Self.withoutData(lines, first)
        }
        separator = TextFields.separator(of: lines[place].text)
        var fields = TextFields.split(lines[place].text, separator)
        var names = try Self.names(lines[first..<place], fields, separator, options)
        if names.isEmpty && fields.last == "" { fields.removeLast() }
        // A blank between date and time separates them where blanks separate fields.
        if fields.count > 1, names.count == fields.count - 1, Self.isDate(fields[0]),
            TextFields.timeOfDay(fields[1]) != nil
        {
            names.insert("date", at: 0)
        }
        (hasHeader, columns) = (!names.isEmpty, names.isEmpty ? fields.count : names.count)
        (start, firstLine, lineEnd) = (lines[place].start, lines[place].number, text.lineEnd)
        let skipped = place - first - (hasHeader ? 1 : 0)
        if skipped > 0 { flags.append("what stands before the table's header (lines: \(skipped)) was not read") }

        var found = hasHeader ? ColumnRoles(header: names, sensor: options.sensor) : Self.roles(fields)
        if !hasHeader, let sensors = Daphnet.sensors(lines[place...], separator) {
            found = try Daphnet.roles(sensors, options.sensor)
            format = "Daphnet"
        }
        if options.columns.isEmpty {
            guard let found else { throw Self.unknown(names.isEmpty ? fields : names) }
            try Self.refuseNamesTwice(names, found)
            roles = found
        } else {
            roles = try ColumnRoles(options.columns, header: names, columns: columns, found: found)
        }
        if let device {
            format = "ActiLife CSV"
            (rateHz, startEpochS) = (device.rateHz, device.startEpochS)
            flags += device.flags
        }
        let rows = lines[place...].lazy.map { [separator] in TextFields.split($0.text, separator) }
        setPoint(rows)
        try setClock(rows, device?.order)
        try noteWhatIsLeft(options)
    }

    /// A layout that is known beforehand: tabs, no header.
    init(columns: Int, roles: ColumnRoles, format: String, lineEnd: UInt8, rateHz: Double?) {
        (self.columns, self.roles, self.format, self.lineEnd, self.rateHz) = (columns, roles, format, lineEnd, rateHz)
        (separator, start, firstLine) = (UInt8(ascii: "\t"), 0, 1)
    }

    // MARK: - Lines

    /// Whether most fields of a line are numbers, times or missing ones.
    private static func isData(_ line: String) -> Bool {
        let separator = TextFields.separator(of: line)
        let fields = TextFields.split(line, separator)
        let data = fields.filter { field in
            ["", "na", "n/a", "nan", "null", "none"].contains(field.lowercased()) || TextFields.number(field) != nil
                || separator != UInt8(ascii: ",") && TextFields.number(field, point: UInt8(ascii: ",")) != nil
                || isDate(field) || TextFields.timeOfDay(field) != nil
        }
        return fields.count > 1 && data.count * 2 > fields.count && fields.contains { !$0.isEmpty }
    }

    private static func isDate(_ field: String) -> Bool {
        [.yearMonthDay, .monthDayYear, .dayMonthYear].contains {
            TextFields.dated(field, $0) != nil || TextFields.date(field, $0) != nil
        }
    }

    /// The names in the last line before the data, with the units of a line of units between them; empty where no line is.
    private static func names(
        _ before: ArraySlice<TextLines.Line>, _ fields: [String], _ separator: UInt8, _ options: RecordingOptions
    ) throws(RecordingError) -> [String] {
        guard let last = before.last else { return [] }
        func split(_ line: TextLines.Line) -> [String] {
            var names = TextFields.split(line.text, separator)
            if names.last == "" && names.count > 1 { names.removeLast() }
            return names
        }
        let names = split(last)
        if ColumnRoles(header: names) != nil { return names }
        if let above = before.dropLast().last.map(split), above.count == names.count {
            let united = zip(above, names).map { "\($0) (\($1))" }
            if ColumnRoles(header: united) != nil { return united }
        }
        if names.count == fields.count || names.count == fields.count - 1 && fields.last == "" { return names }
        // Names that do not fit the columns would be worse than none.
        guard !options.columns.isEmpty else {
            throw .unsupported(
                "line \(last.number), before the first numbers, has \(names.count) fields for \(fields.count) columns; "
                    + "say which column is which")
        }
        return []
    }

    /// Of two columns of one name nothing says which is meant.
    private static func refuseNamesTwice(_ names: [String], _ roles: ColumnRoles) throws(RecordingError) {
        guard !names.isEmpty else { return }
        let stems = names.map { ColumnName($0).stem }
        let used = roles.acceleration + roles.gravity + roles.angularRate + [roles.time].compactMap { $0 }
        for place in used where stems.filter({ $0 == stems[place] }).count > 1 {
            throw .unsupported("several columns are called \(names[place]); give the columns by number")
        }
    }

    private static func roles(_ fields: [String]) -> ColumnRoles? {
        guard var roles = ColumnRoles(columns: fields.count) else { return nil }
        if fields.count > 4, isDate(fields[0]), TextFields.timeOfDay(fields[1]) != nil {
            (roles.date, roles.time, roles.acceleration) = (0, 1, [2, 3, 4])
        }
        return roles
    }

    private static func withoutData(_ lines: [TextLines.Line], _ first: Int) -> RecordingError {
        for line in lines.dropFirst(first).prefix(200) {
            let names = TextFields.split(line.text, TextFields.separator(of: line.text))
            if ColumnRoles(header: names) != nil { return .empty }
        }
        return .unsupported(
            "there is no table of numbers in this text; read are tables with one sample a line: x,y,z of acceleration, with or "
                + "without a column of time and a header")
    }

    private static func unknown(_ names: [String]) -> RecordingError {
        if let name = names.first(where: { $0.contains("sampleRate =") && $0.lowercased().hasPrefix("acceleration") }) {
            let epoch = name.split(separator: "=").last.map { $0.filter { $0 != " " } } ?? ""
            return .unsupported("this table has one mean acceleration per \(epoch), not the samples of three axes")
        }
        return .unknownLayout(names)
    }

    // MARK: - Fields

    private mutating func setPoint(_ rows: some Sequence<[String]>) {
        guard separator != UInt8(ascii: ",") else { return }
        for row in rows.prefix(50) {
            for place in roles.acceleration + roles.gravity + roles.angularRate where place < row.count {
                if row[place].contains(".") { return }
                if row[place].contains(",") { point = UInt8(ascii: ",") }
            }
        }
    }

    /// How time is written, by its first field that is not missing.
    private mutating func setClock(
        _ rows: some Sequence<[String]>, _ given: TimeStamp.DateOrder?
    ) throws(RecordingError) {
        if let beginning = roles.beginning, let text = rows.first(where: { _ in true })?.dropFirst(beginning).first,
            let stamp = TextFields.dated(text, .yearMonthDay)
        {
            (startEpochS, isUTC) = (Double(stamp.whole) + stamp.fraction, stamp.isUTC)
        }
        guard let time = roles.time else { return }
        let texts = rows.compactMap { $0.count > time && !$0[time].isEmpty ? $0[time] : nil }
        guard let text = texts.first else { return }
        let dates = roles.date.map { place in rows.compactMap { $0.count > place ? $0[place] : nil } } ?? texts
        order =
            dates.lazy.compactMap(TextFields.order).first { $0 == .yearMonthDay || given == nil } ?? given
            ?? .yearMonthDay
        if TextFields.number(text, point: point) != nil {
            (clock, roles.date) = (.number, nil)
            setResolution(texts)
        } else if let stamp = TextFields.dated(text, order) {
            (clock, roles.date, resolution, isUTC) = (.dated, nil, nil, stamp.isUTC)
            // Some programs leave a fraction of zero out.
            let decimals = texts.compactMap { TextFields.dated($0, order)?.decimals }.max() ?? 0
            resolution = Self.power(decimals)
        } else if let stamp = TextFields.timeOfDay(text) {
            (clock, resolution) = (.timeOfDay, Self.power(stamp.decimals))
        } else if text.filter(\.isNumber).count >= 8, text.contains("/") || text.contains("-") {
            throw .unsupported(
                "the stamp \"\(text.prefix(40))\" could be day first or month first; write dates as 2014-07-05 13:29:50.430"
            )
        } else {
            throw .badNumber(line: firstLine, field: String(text.prefix(40)))
        }
    }

    /// The finest place that plain decimal stamps have.
    private mutating func setResolution(_ texts: [String]) {
        let mark = Character(Unicode.Scalar(point))
        let decimals = texts.map { text in
            text.contains { $0 == "e" || $0 == "E" } ? 99 : text.drop { $0 != mark }.count - 1
        }
        resolution = Self.power(min(18, max(0, decimals.max() ?? 0)))
    }

    private static func power(_ decimals: Int) -> Double { 1 / NumberParser.powers[decimals] }

    private mutating func noteWhatIsLeft(_ options: RecordingOptions) throws(RecordingError) {
        if let wanted = options.sensor, roles.sensor == nil || ColumnName(wanted).stem != ColumnName(roles.sensor!).stem
        {
            let known = roles.sensors.joined(separator: ", ")
            throw .unsupported(
                "there is no sensor \"\(wanted)\" in this file; "
                    + (known.isEmpty ? "it names none" : "it has \(known)"))
        }
        if roles.sensors.count > 1, options.sensor == nil, let sensor = roles.sensor {
            flags.append("of the sensors \(roles.sensors.joined(separator: ", ")) the first, \(sensor), was read")
        }
        let highest = (roles.acceleration + [roles.time ?? 0]).max() ?? 0
        if !hasHeader && columns > highest + 1 && roles.sensors.isEmpty && options.columns.isEmpty {
            flags.append("columns have no names; those after column \(highest + 1) were not read")
        }
    }
}
