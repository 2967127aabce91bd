import Records
import Tremor

/// What was found in one task of a recording, and how it is shown.
struct TaskReport {
    let found: TaskResult
    /// `nil` where the limb never did what the task asks for.
    let rating: RatingView?

    var members: [JSONValue.Member] {
        found.members + (rating?.members ?? RatingView.noMembers)
            + [.init("flags", JSONValue(found.result?.flags ?? []))]
    }

    /// What was doubtful about its samples, with the task's name.
    var warnings: [String] { (found.result?.flags ?? []).map { "\(found.task.name): \($0)" } }

    /// One row a task; with the recording's name where there are several recordings.
    static func table(_ reports: [(recording: String?, task: TaskReport)]) -> String {
        let (hasNames, hasItems) = (reports.contains { $0.recording != nil }, reports.contains { $0.task.item != nil })
        let hasDelays = reports.contains { !$0.task.found.reEmergences.isEmpty }
        var columns: [TextTable.Column] = [
            .text("task"), .number("s"), .number("coverage %"), .number("windows"), .number("peak Hz"),
            .number("peak-to-peak cm"), .text("95 % interval"), .number("largest cm"), .number("tremor time %"),
            .number("of s"), .number("at rest %"),
        ]
        if hasNames { columns.insert(.text("recording"), at: 0) }
        if hasItems { columns.append(.text("item")) }
        if hasDelays { columns.append(.text("re-emergence")) }
        var table = TextTable(columns)
        for (recording, report) in reports {
            var row = (hasNames ? [recording ?? ""] : []) + report.row
            if hasItems { row.append(report.item ?? "n/a") }
            if hasDelays { row.append(ReEmergenceText.short(report.found.reEmergences) ?? "none") }
            table.add(row)
        }
        return table.text
    }

    private var item: String? { TremorReport.item(of: rating) }

    private var row: [String] {
        let task = found.task
        guard let r = found.result else {
            return [task.name, fixed(task.durationS, 1), "0.0", "0"] + Array(repeating: "n/a", count: 5)
                + ["0.0", "n/a"]
        }
        let isClipped = TremorReport.isClipped(r)
        return [
            task.name, fixed(task.durationS, 1), fixed(r.coverage * 100, 1), String(r.windows.count),
            fixed(r.peakFrequencyHz, 2), (isClipped ? "≥ " : "") + fixed(r.peakToPeakCm, 3),
            isClipped ? "clipped" : r.peakToPeakCmCI95 == nil ? "n/a" : TremorReport.interval(r.peakToPeakCmCI95),
            fixed(r.largestPeakToPeakCm, 3), fixed(r.tremorTimePercent, 1), fixed(found.analysedS, 1),
            fixed(found.restTremorTimePercent, 1),
        ]
    }
}

/// Re-emergent tremor in words.
enum ReEmergenceText {
    /// How many, and the median delay and slope: "2, after 6.0 s, +0.020 cm/s"; `nil` for none.
    static func short(_ found: [ReEmergence]) -> String? {
        guard !found.isEmpty else { return nil }
        let delay = median(found.map(\.onsetDelayS))
        let slopes = found.compactMap(\.slopeCmPerS)
        let slope = slopes.isEmpty ? "" : ", \(signed(median(slopes))) cm/s"
        return (found.count == 1 ? "" : "\(found.count), ") + "after \(fixed(delay, 1)) s\(slope)"
    }

    /// One sentence each.
    static func lines(_ found: [ReEmergence]) -> [String] {
        found.map {
            "re-emergence: \(fixed($0.onsetDelayS, 1)) s after the posture that began at \(fixed($0.postureStartS, 1)) s"
                + ($0.slopeCmPerS.map { ", changing by \(signed($0)) cm/s from then on" } ?? "")
        }
    }

    private static func signed(_ value: Double) -> String { (value < 0 ? "" : "+") + fixed(value, 4) }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
