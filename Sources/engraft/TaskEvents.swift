import Records
import Tremor

/// The table of events that goes with a recording.
struct EventsTable {
    let path: String
    let plan: TaskPlan
    /// Whether it was found beside the recording and not asked for.
    let isBeside: Bool

    /// No table of events is larger, bytes.
    private static let largest = 16 << 20

    /// The table that was asked for.
    init(_ path: String, for source: any RecordingSource) throws(FileProblem) {
        (self.path, isBeside) = (path, false)
        plan = try Self.plan(path, source)
    }

    /// The `_events.tsv` that a BIDS dataset has for a recording; `nil`, with a note, where it is there and cannot be used.
    init?(beside recording: String, for source: any RecordingSource, _ notes: inout [String]) {
        guard let (path, isShared) = TaskEvents.table(beside: recording) else { return nil }
        guard !isShared else {
            notes.append(
                "\(path) was not used: several tracking systems share it, and nothing says from whose first sample it counts; "
                    + "give --events where it is this one's")
            return nil
        }
        do throws(FileProblem) {
            (self.path, isBeside, plan) = (path, true, try Self.plan(path, source))
            notes.append("tasks are those of \(path); --events none leaves them out")
        } catch {
            notes.append("\(path) was not used: \(error.reason)")
            return nil
        }
    }

    private static func plan(_ path: String, _ source: any RecordingSource) throws(FileProblem) -> TaskPlan {
        let file = try FileBytes(path)
        guard file.size <= largest else {
            throw FileProblem(path, .badData, "this is no table of events: it is larger than 16 MB")
        }
        return try naming(path) {
            let plan = try TaskPlan(TaskEvents(parsing: file.bytes(at: 0, count: file.size)), on: source.header)
            guard !plan.tasks.isEmpty else {
                let notes = plan.notes.map { "\n  \($0)" }.joined()
                throw FileProblem(path, .badData, "there is no event with a task and a length\(notes)")
            }
            return plan
        }
    }
}
