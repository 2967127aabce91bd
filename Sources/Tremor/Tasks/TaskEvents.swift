/// A time in which the patient did one thing, as a table of events has it.
public struct TaskEvent: Sendable, Equatable {
    /// When it begins.
    public enum Start: Sendable, Equatable {
        /// Seconds after the recording's first sample.
        case seconds(Double)
        /// Seconds since 1970-01-01 00:00, UTC where the stamp names a time zone, else on the device's clock.
        case civil(Double, isUTC: Bool)
    }

    /// What was done: "rest", "postural", "kinetic" or any other name.
    public var name: String
    /// When it begins.
    public var start: Start
    /// How long it takes, s; above 0.
    public var durationS: Double
    /// The line of the table it stands in, from 1.
    public var line: Int

    /// An event.
    public init(name: String, start: Start, durationS: Double, line: Int) {
        (self.name, self.start, self.durationS, self.line) = (name, start, durationS, line)
    }
}

/// Why a table of events cannot be used.
public enum TaskEventsError: Error, Equatable, CustomStringConvertible {
    case empty
    case notText
    case noColumn(String, names: [String], columns: [String])
    case columnTwice(String)
    case lines([String])
    case tooManyNames(Int)
    case noDate
    case noZone
    case hasZone

    /// One sentence for the person holding the file; lines that cannot be used follow it, one each.
    public var description: String {
        switch self {
        case .empty: "the table of events is empty; a header with onset, duration and trial_type was expected"
        case .notText: "this is no table of events: it is not text"
        case .noColumn(let what, let names, let columns):
            "there is no column of \(what) (\(names.joined(separator: ", "))) among the columns "
                + columns.prefix(12).joined(separator: ", ")
        case .columnTwice(let name): "two columns are called \(name)"
        case .lines(let lines):
            (lines.count == 1 ? "a line cannot be used" : "\(lines.count) lines cannot be used")
                + lines.map { "\n  \($0)" }.joined()
        case .tooManyNames(let count):
            "there are \(count) different tasks; at most \(TaskEvents.mostNames) are measured. Is the column of tasks right?"
        case .noDate: "the events have dates, but the recording's clock has none; give seconds after its first sample"
        case .noZone:
            "the events' stamps name no time zone, but the recording's clock is UTC; write 2024-07-05T13:29:50+02:00 or …Z"
        case .hasZone:
            "the events' stamps name a time zone, but the recording's clock has none; write the time as the device's clock shows "
                + "it, or seconds after the first sample"
        }
    }
}

/// A table of events: the tasks of one recording. It is a BIDS `events.tsv`, or text with commas or semicolons and the same columns.
///
/// Columns are found by name, without case, the first of each row that is there:
/// - onset, start, begin, from: seconds after the recording's first sample, or dates with times (ISO 8601);
/// - duration, or else end, stop, to: seconds, or the end as the start is written;
/// - trial_type, task, label, event: the name of the task.
///
/// A unit in a name counts: `onset_ms`, `duration (s)`. Every line that cannot be understood is a problem, and all are listed at once.
/// Events without a length or a name are no time of a task: they are left out and named in `notes`.
public struct TaskEvents: Sendable, Equatable {
    /// Events in the order of the table.
    public private(set) var events: [TaskEvent] = []
    /// What was left out, one sentence each.
    public private(set) var notes: [String] = []

    /// More names than this are no tasks, but a column of something else.
    static let mostNames = 100
    private static let startNames = ["onset", "start", "begin", "from"]
    private static let lengthNames = ["duration"]
    private static let endNames = ["end", "stop", "to"]
    private static let taskNames = ["trial_type", "task", "label", "event"]

    private struct Column {
        var place: Int
        /// What its numbers are multiplied by to be seconds.
        var scale: Double
    }

    /// Reads a table.
    public init(parsing bytes: [UInt8]) throws(TaskEventsError) {
        guard !bytes.contains(0), String(validating: bytes, as: UTF8.self) != nil else { throw .notText }
        let lines = TextLines(bytes, isWhole: true, most: .max).lines
        guard let header = lines.first else { throw .empty }
        let separator = TextFields.separator(of: header.text)
        let columns = TextFields.split(header.text, separator)
        let start = try Self.column(Self.startNames, "onsets", columns)
        let task = try Self.column(Self.taskNames, "tasks", columns)
        let isEnd = Self.place(Self.lengthNames, columns) == nil
        let length = try Self.column(
            isEnd && Self.place(Self.endNames, columns) != nil ? Self.endNames : Self.lengthNames, "durations", columns)
        guard lines.count > 1 else { throw .empty }

        var problems: [String] = []
        var isCivil: Bool?
        for line in lines.dropFirst() {
            let fields = TextFields.split(line.text, separator)
            guard fields.count == columns.count else {
                problems.append(
                    "line \(line.number) has \(fields.count) fields, but the header has \(columns.count) columns")
                continue
            }
            do throws(Fault) {
                let event = try Self.event(fields, start, length, isEnd: isEnd, task, line.number)
                if case .civil = event.start {
                    if isCivil == false { throw Fault("the onset is a date, but those before are seconds") }
                    isCivil = true
                } else {
                    if isCivil == true { throw Fault("the onset is no date, but those before are") }
                    isCivil = false
                }
                if event.name.isEmpty {
                    notes.append("line \(line.number) names no task and was left out")
                } else if event.durationS == 0 {
                    notes.append("line \(line.number): \(event.name) has no length and was left out")
                } else {
                    events.append(event)
                }
            } catch {
                problems.append("line \(line.number): \(error.reason)")
            }
        }
        guard problems.isEmpty else { throw .lines(problems) }
        let names = Set(events.map(\.name)).count
        guard names <= Self.mostNames else { throw .tooManyNames(names) }
    }

    /// What is wrong with a line.
    private struct Fault: Error {
        var reason: String
        init(_ reason: String) { self.reason = reason }
    }

    private static func place(_ names: [String], _ columns: [String]) -> Int? {
        for name in names {
            let stem = ColumnName(name).stem
            if let place = columns.firstIndex(where: { ColumnName($0).stem == stem }) { return place }
        }
        return nil
    }

    private static func column(
        _ names: [String], _ what: String, _ columns: [String]
    ) throws(TaskEventsError) -> Column {
        guard let place = place(names, columns) else { throw .noColumn(what, names: names, columns: columns) }
        let name = ColumnName(columns[place])
        guard columns.filter({ ColumnName($0).stem == name.stem }).count == 1 else {
            throw .columnTwice(columns[place])
        }
        return Column(place: place, scale: 1 / (name.unitsPerSecond ?? 1))
    }

    private static func isMissing(_ field: String) -> Bool { ["", "n/a", "na", "nan"].contains(field.lowercased()) }

    private static func event(
        _ fields: [String], _ start: Column, _ length: Column, isEnd: Bool, _ task: Column, _ line: Int
    ) throws(Fault) -> TaskEvent {
        let name = isMissing(fields[task.place]) ? "" : fields[task.place]
        guard name.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }), name.count <= 100 else {
            throw Fault("the task's name has control characters or more than 100 letters")
        }
        let begun = try moment(fields[start.place], start, "onset")
        let field = fields[length.place]
        var duration = 0.0
        if isEnd {
            if !isMissing(field) {
                let end = try moment(field, length, "end")
                switch (begun, end) {
                case (.seconds(let a), .seconds(let b)): duration = b - a
                case (.civil(let a, let isUTC), .civil(let b, let endIsUTC)) where isUTC == endIsUTC: duration = b - a
                default: throw Fault("onset and end are written in different ways")
                }
                guard duration >= 0 else { throw Fault("the end is before the onset") }
            }
        } else if !isMissing(field) {
            guard let number = TextFields.number(field), number.isFinite else {
                throw Fault("the duration \"\(field.prefix(40))\" is no number")
            }
            duration = number * length.scale
            guard duration >= 0 else { throw Fault("the duration \(field.prefix(40)) is negative") }
        }
        return TaskEvent(name: taskName(name), start: begun, durationS: duration, line: line)
    }

    /// The three tasks that have an item are known in any case; every other name stays as it is written.
    private static func taskName(_ name: String) -> String {
        TremorSettings.Task(rawValue: name.lowercased())?.rawValue ?? name
    }

    private static func moment(_ field: String, _ column: Column, _ what: String) throws(Fault) -> TaskEvent.Start {
        if let number = TextFields.number(field), number.isFinite, abs(number) < 1e12 {
            return .seconds(number * column.scale)
        }
        guard let stamp = TextFields.dated(field, .yearMonthDay) else {
            throw Fault(
                "the \(what) \"\(field.prefix(40))\" is neither seconds nor a date with a time, such as 2024-07-05T13:29:50"
            )
        }
        return .civil(Double(stamp.whole) + stamp.fraction, isUTC: stamp.isUTC)
    }
}
