/// When each task of a recording was done, s after the first sample of its file.
public struct TaskPlan: Sendable, Equatable {
    /// A time of one task without a break; events that touch or overlap are one.
    public struct Segment: Sendable, Equatable {
        /// From when to when, s.
        public var timeS: Range<Double>
        /// Lines of the table that it comes from.
        public var lines: [Int]
    }

    /// One task with all its segments in order of time.
    public struct Task: Sendable, Equatable {
        /// Its name.
        public var name: String
        /// Its segments.
        public var segments: [Segment]
        /// The task that has an item; `nil` for any other name.
        public var known: TremorSettings.Task? { TremorSettings.Task(rawValue: name) }
        /// The sum of its segments, s.
        public var durationS: Double { segments.reduce(0) { $0 + $1.timeS.upperBound - $1.timeS.lowerBound } }
    }

    /// Tasks in the order in which the table has them.
    public private(set) var tasks: [Task] = []
    /// What is doubtful, one sentence each: events left out, tasks that overlap.
    public private(set) var notes: [String]
    /// Whether the events had dates, so that a clock that was set would put them in the wrong place.
    let hasDates: Bool

    /// Two tasks may overlap by rounding, s.
    private static let roundingS = 0.1
    /// Overlaps are named one by one up to this many notes.
    private static let mostNotes = 20

    /// The plan of a table's events on a recording's clock. Throws where their stamps cannot be put on that clock.
    public init(_ table: TaskEvents, on header: RecordingHeader) throws(TaskEventsError) {
        notes = table.notes
        var byName: [String: [Segment]] = [:]
        var names: [String] = []
        var hasDates = false
        for event in table.events {
            let startS: Double
            switch event.start {
            case .seconds(let seconds): startS = seconds
            case .civil(let seconds, let isUTC):
                guard let origin = header.startEpochS else { throw .noDate }
                guard isUTC == header.isUTC else { throw isUTC ? .hasZone : .noZone }
                (startS, hasDates) = (seconds - origin, true)
            }
            if byName[event.name] == nil { names.append(event.name) }
            byName[event.name, default: []].append(
                Segment(timeS: startS..<(startS + event.durationS), lines: [event.line]))
        }
        self.hasDates = hasDates
        tasks = names.map { Task(name: $0, segments: Self.merged(byName[$0] ?? [])) }
        noteOverlaps()
    }

    private static func merged(_ segments: [Segment]) -> [Segment] {
        var all: [Segment] = []
        for segment in segments.sorted(by: { $0.timeS.lowerBound < $1.timeS.lowerBound }) {
            if let last = all.last, segment.timeS.lowerBound <= last.timeS.upperBound {
                let end = max(last.timeS.upperBound, segment.timeS.upperBound)
                all[all.count - 1] = Segment(
                    timeS: last.timeS.lowerBound..<end, lines: last.lines + segment.lines)
            } else {
                all.append(segment)
            }
        }
        return all
    }

    /// A limb cannot be at rest and held out at once; whoever wrote the table has to know.
    private mutating func noteOverlaps() {
        let all = tasks.flatMap { task in task.segments.map { (task.name, $0) } }
            .sorted { $0.1.timeS.lowerBound < $1.1.timeS.lowerBound }
        var more = 0
        for (place, (name, segment)) in all.enumerated() {
            for (other, next) in all[(place + 1)...] {
                let shared = min(segment.timeS.upperBound, next.timeS.upperBound) - next.timeS.lowerBound
                if shared <= 0 { break }
                guard shared > Self.roundingS else { continue }
                guard notes.count < Self.mostNotes else {
                    more += 1
                    continue
                }
                notes.append(
                    "\(name) (line \(segment.lines[0])) and \(other) (line \(next.lines[0])) overlap by "
                        + "\(significantText(shared)) s, which counts in both")
            }
        }
        if more > 0 { notes.append("\(more) more pairs of tasks overlap") }
    }
}
