import Records

/// Windows, bouts and the mean spectrum as tables for other programs: comma-separated, one a line, units in the names; empty where a value does not
/// exist.
public enum TremorTables {
    /// One line a window.
    public static func windows(of result: TremorResult) -> String { windowColumns + rows(ofWindows: result, task: "") }

    /// One line a window of each task, with the task's name before it; those of the recording outside its tasks are not there.
    public static func windows(of tasks: [TaskResult]) -> String {
        "task," + windowColumns + tasks.map { rows(ofWindows: $0.result, task: quoted($0.task.name) + ",") }.joined()
    }

    /// One line a bout.
    public static func bouts(of result: TremorResult) -> String { boutColumns + rows(ofBouts: result, task: "") }

    /// One line a bout of each task, with the task's name before it; no bout crosses the end of a segment.
    public static func bouts(of tasks: [TaskResult]) -> String {
        "task," + boutColumns + tasks.map { rows(ofBouts: $0.result, task: quoted($0.task.name) + ",") }.joined()
    }

    private static let windowColumns =
        "start_s,peak_frequency_hz,peak_to_peak_cm,standard_error_cm,peak_to_peak_degrees,tremor_share,prominence,width_hz,"
        + "harmonic_ratio,slow_movement_m_s2,verdict,kind,kind_probability,clipped\n"
    private static let boutColumns =
        "start_s,end_s,windows,peak_frequency_hz,peak_to_peak_cm,ci95_low_cm,ci95_high_cm,largest_peak_to_peak_cm,kind,clipped\n"

    private static func rows(ofWindows result: TremorResult?, task: String) -> String {
        var text = ""
        for w in result?.windows ?? [] {
            let fields = [
                fixed(w.startS, 3), number(w.peakHz, 4), number(w.peakToPeakCm, 5), number(w.standardErrorCm, 5),
                number(w.angleDegrees, 3), number(w.tremorShare, 3), number(w.prominence, 2), number(w.widthHz, 3),
                number(w.harmonicRatio, 4), number(w.movement, 4), w.verdict.name, w.kind.name,
                fixed(Double(w.kindPercent) / 100, 2), w.isClipped ? "1" : "0",
            ]
            text += task + fields.joined(separator: ",") + "\n"
        }
        return text
    }

    private static func rows(ofBouts result: TremorResult?, task: String) -> String {
        var text = ""
        for b in result?.bouts ?? [] {
            let fields = [
                fixed(b.startS, 3), fixed(b.endS, 3), String(b.windows.count), fixed(b.peakHz, 4),
                fixed(b.peakToPeakCm, 5), fixed(b.peakToPeakCmCI95.low, 5), fixed(b.peakToPeakCmCI95.high, 5),
                fixed(b.largestPeakToPeakCm, 5), b.kind.name, b.isClipped ? "1" : "0",
            ]
            text += task + fields.joined(separator: ",") + "\n"
        }
        return text
    }

    /// One line a bin of the mean spectrum; only the heading where there is none.
    public static func spectrum(of result: TremorResult) -> String {
        var text = "frequency_hz,power_m2_s4_per_hz,ci95_low_m2_s4_per_hz,ci95_high_m2_s4_per_hz,degrees_of_freedom\n"
        guard let s = result.averageSpectrum else { return text }
        for (bin, frequency) in s.frequenciesHz.enumerated() {
            let fields = [
                fixed(frequency, 4), significant(s.density[bin], 6), significant(s.low[bin], 6),
                significant(s.high[bin], 6), fixed(s.degreesOfFreedom[bin], 1),
            ]
            text += fields.joined(separator: ",") + "\n"
        }
        return text
    }

    private static func quoted(_ name: String) -> String {
        guard name.contains(where: { $0 == "," || $0 == "\"" || $0 == ";" }) else { return name }
        return "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    private static func number(_ value: Float, _ decimals: Int) -> String {
        value.isFinite ? fixed(Double(value), decimals) : ""
    }
}

extension TremorWindow.Verdict {
    /// Its name in tables.
    public var name: String {
        switch self {
        case .tremor: "tremor"
        case .faint: "faint"
        case .broad: "broad"
        case .harmonic: "harmonic-of-movement"
        case .betweenBursts: "between-bursts"
        }
    }
}
