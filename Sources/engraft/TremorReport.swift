import Records
import Tremor

/// What was found in one recording, and how it is shown.
struct TremorReport {
    let path: String
    let result: TremorResult
    /// Regularity of the tremor; `nil` where it was not asked for.
    let details: TremorDetails?
    /// `nil` where the limb never did what the task asks for.
    var rating: RatingView?
    /// Against the baseline; `nil` without one, or where one of both has no tremor.
    var change: AmplitudeChange?
    var hasBaseline = false
    /// Tasks and the table that they come from; empty without one.
    var tasks: [TaskReport] = []
    /// See `tasks`.
    var events: EventsTable?
    /// What was doubtful about that table.
    var notes: [String] = []

    /// Everything doubtful, one sentence each.
    var warnings: [String] {
        let table = events.map { "\($0.path): " } ?? ""
        return notes + result.flags + tasks.flatMap { $0.found.notes.map { table + $0 } + $0.warnings }
    }

    var members: [JSONValue.Member] {
        var members: [JSONValue.Member] = [.init("path", .string(path)), .init("method", .string("spectral"))]
        members += result.members + (rating?.members ?? RatingView.noMembers)
        members += [
            .init("tremor_stability_index_hz", JSONValue(details?.stability?.hz)),
            .init("tremor_cycles", details.map { .integer($0.cycles) } ?? .null),
            .init("sample_entropy", JSONValue(details?.sampleEntropy)),
            .init("spectral_entropy", JSONValue(details?.spectralEntropy)),
        ]
        if hasBaseline { members.append(.init("change", change?.json ?? .null)) }
        if let events {
            members += [
                .init("events", .string(events.path)), .init("tasks", .array(tasks.map { .object($0.members) })),
            ]
        }
        members.append(.init("flags", JSONValue(notes + result.flags)))
        return members
    }

    /// Whether a tenth of the windows with tremor are clipped, so that amplitudes are lower bounds.
    var isClipped: Bool { Self.isClipped(result) }

    /// See `isClipped`.
    static func isClipped(_ result: TremorResult) -> Bool {
        var (tremor, clipped) = (0, 0)
        for window in result.windows where window.isTremor {
            tremor += 1
            if window.isClipped { clipped += 1 }
        }
        return tremor > 0 && 10 * clipped > tremor
    }

    /// The item with its most probable score.
    private var item: String? { Self.item(of: rating) }

    /// See `item`.
    static func item(of rating: RatingView?) -> String? {
        guard let item = rating?.item, let scores = rating?.probabilities?.values,
            let best = scores.indices.max(by: { scores[$0] < scores[$1] })
        else { return nil }
        return "\(item.code): \(best) (\(fixed(100 * scores[best], 0)) %)"
    }

    /// The path's last part.
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// One row a recording.
    static func table(_ reports: [TremorReport]) -> String {
        let (hasItems, hasBaseline) = (reports.contains { $0.item != nil }, reports.contains { $0.hasBaseline })
        var columns: [TextTable.Column] = [
            .text("recording"), .number("Hz"), .number("s"), .number("coverage %"), .number("windows"),
            .number("peak Hz"), .number("peak-to-peak cm"), .text("95 % interval"), .number("largest cm"),
            .number("tremor time %"), .number("at rest %"),
        ]
        if hasItems { columns.append(.text("item")) }
        let hasDelays = reports.contains { !$0.result.reEmergences.isEmpty }
        if hasDelays { columns.append(.text("re-emergence")) }
        if hasBaseline { columns.append(.number("change %")) }
        var table = TextTable(columns)
        for report in reports {
            var row = report.row
            if hasItems { row.append(report.item ?? "n/a") }
            if hasDelays { row.append(ReEmergenceText.short(report.result.reEmergences) ?? "none") }
            if hasBaseline { row.append(fixed(report.change?.percent, 1)) }
            table.add(row)
        }
        return table.text
    }

    private var row: [String] {
        let r = result
        let size = (isClipped ? "≥ " : "") + fixed(r.peakToPeakCm, 3)
        let interval = r.peakToPeakCmCI95 == nil ? "n/a" : Self.interval(r.peakToPeakCmCI95)
        return [
            name, fixed(r.sampleRateHz, 3), fixed(r.durationS, 1),
            fixed(r.coverage * 100, 1), String(r.windows.count), fixed(r.peakFrequencyHz, 2), size,
            isClipped ? "clipped" : interval, fixed(r.largestPeakToPeakCm, 3), fixed(r.tremorTimePercent, 1),
            events == nil ? fixed(r.restTremorTimePercent, 1) : "n/a",
        ]
    }

    /// What a table has no room for, of one recording.
    var lines: [String] {
        var lines: [String] = []
        if result.peakToPeakCm == nil {
            let (low, high) = (result.settings.bandHz.lowerBound, result.settings.bandHz.upperBound)
            let band = "\(fixed(low, 1))–\(fixed(high, 1)) Hz"
            lines.append(
                result.spectralPeakHz.map {
                    "No tremor. The highest peak of the mean spectrum in \(band) is at \(fixed($0, 2)) Hz, "
                        + "\(fixed(result.spectralPeakToPeakCm, 3)) cm."
                } ?? "No tremor. The mean spectrum has no peak in \(band).")
        }
        if let degrees = result.peakToPeakDegrees {
            lines.append("angle: \(fixed(degrees, 2))° peak to peak (gyroscope)")
        }
        if let share = result.gravityShare {
            lines.append(
                "gravity: at most \(fixed(100 * share, 1)) % of the amplitude if the sensor turns about a joint "
                    + "\(fixed(100 * result.settings.leverM, 0)) cm away")
        }
        let kinds = result.kinds.map { kind in
            "\(kind.kind.name) \(fixed(kind.timeS / 60, 1)) min, tremor \(fixed(kind.tremorTimePercent, 0)) %"
        }
        if !kinds.isEmpty {
            let source = events == nil ? "" : " by movement alone, whatever the events say"
            lines.append("kinds\(source): " + kinds.joined(separator: "; "))
        }
        let bouts = result.bouts
        if let longest = bouts.map({ $0.endS - $0.startS }).max() {
            lines.append("bouts: \(bouts.count), the longest of \(fixed(longest, 0)) s")
        }
        if let tsi = details?.stability {
            lines.append("tremor stability index: \(fixed(tsi.hz, 2)) Hz over \(details?.cycles ?? 0) cycles")
        }
        if let item = rating?.item, let scores = rating?.probabilities {
            lines.append("item \(item.code): \(Self.text(scores)) (\(RatingView.note))")
        }
        if events == nil, let scores = rating?.constancy {
            lines.append(
                "item \(RatingItem.constancyCode): \(Self.text(scores)) over \(fixed(result.restTimeS, 0)) s of rest "
                    + "(\(RatingView.note))")
        }
        if let rating = rating?.rating {
            lines.append(
                "rating by Weber and Fechner: \(fixed(rating.value, 1)) (\(Self.interval(rating.ci95, 1))), another scale "
                    + "(\(RatingView.note))")
        }
        lines += ReEmergenceText.lines(result.reEmergences)
        if hasBaseline { lines.append(changeLine) }
        return lines
    }

    private var changeLine: String {
        guard let change else { return "change: none can be given; one of the two recordings has no tremor" }
        let kind =
            change.isReliable
            ? "beyond the minimum detectable change"
            : "within the minimum detectable change of \(fixed(change.minimumDetectablePercent, 0)) %"
        let ends = change.percentCI95
        return "change: \(fixed(change.percent, 1)) % (\(fixed(ends.low, 1)) to \(fixed(ends.high, 1)) %), \(kind)"
    }

    private static func text(_ scores: ScoreProbabilities) -> String {
        scores.values.enumerated().filter { $0.element >= 0.005 }
            .map { "\($0.offset) with \(fixed(100 * $0.element, 0)) %" }.joined(separator: ", ")
    }

    static func interval(_ interval: (low: Double, high: Double)?, _ decimals: Int = 3) -> String {
        interval.map { "\(fixed($0.low, decimals))–\(fixed($0.high, decimals))" } ?? ""
    }
}
