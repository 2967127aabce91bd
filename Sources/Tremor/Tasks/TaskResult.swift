import Records

/// What was found while the patient did one task, in all its segments together.
///
/// Windows begin anew with each segment and none crosses its end. Calibration and the time the sensor was not worn are found from the
/// whole recording. Times are seconds after the recording's first sample that has a number.
public struct TaskResult: Sendable {
    /// The task and its segments.
    public var task: TaskPlan.Task
    /// The measures, with `durationS` the time of all segments and `coverage` the share of it that lies in a window; `nil` where no
    /// window fits.
    public var result: TremorResult?
    /// Postures in which tremor set in after a delay, in a postural task whose segment follows a movement or another posture.
    public var reEmergences: [ReEmergence]
    /// Segments without a window or partly outside the recording, one sentence each.
    public var notes: [String]

    /// Time that lies in a window, s: what shares are of, but for the ends of windows.
    public var analysedS: Double { (result?.coverage ?? 0) * task.durationS }

    /// What was measured, put beside the items of site and task. A task that is neither rest, postural nor kinetic has no item, and its
    /// pauses are no rest.
    public func rating(site: String?, law: WeberFechner = .usual) -> RatingView? {
        guard var view = result?.rating(site: site, law: law) else { return nil }
        if task.known != .rest { (view.constancy, view.restS) = (nil, nil) }
        return view
    }

    /// Rest tremor's constancy, %; `nil` in any other task.
    public var restTremorTimePercent: Double? { task.known == .rest ? result?.restTremorTimePercent : nil }

    /// The result as JSON members; values that do not exist are null.
    public var members: [JSONValue.Member] {
        let segments = task.segments.map { JSONValue([$0.timeS.lowerBound, $0.timeS.upperBound]) }
        var members: [JSONValue.Member] = [
            .init("task", .string(task.name)), .init("segments_s", .array(segments)),
            .init("time_s", .number(task.durationS)), .init("analysed_s", .number(analysedS)),
            .init("notes", JSONValue(notes)),
        ]
        guard let result else {
            return members + [.init("coverage", .number(0)), .init("windows", .integer(0))]
                + ["peak_frequency_hz", "peak_to_peak_cm", "peak_to_peak_cm_ci95", "tremor_time_percent"].map {
                    .init($0, .null)
                }
        }
        members += result.members.filter { !Self.ofRecording.contains($0.key) }.map { member in
            if Self.ofRest.contains(member.key), task.known != .rest { return .init(member.key, .null) }
            return member.key == "re_emergences" ? .init(member.key, reEmergences.json) : member
        }
        return members
    }

    /// What is the recording's and not the task's.
    private static let ofRecording: Set<String> = [
        "format", "sample_rate_hz", "nominal_rate_hz", "mean_rate_hz", "duration_s", "gaps", "not_worn_s",
        "calibration",
    ]
    private static let ofRest: Set<String> = ["rest_time_s", "rest_tremor_time_percent"]
}
