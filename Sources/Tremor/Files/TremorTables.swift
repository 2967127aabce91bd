import Records

/// Windows, bouts and the mean spectrum as tables for other programs: comma-separated, one a line, units in the names; empty where a value does not
/// exist.
public enum TremorTables {
    /// One line a window.
    public static func windows(of result: TremorResult) -> String {
        var text =
            "start_s,peak_frequency_hz,peak_to_peak_cm,standard_error_cm,peak_to_peak_degrees,tremor_share,prominence,width_hz,"
            + "harmonic_ratio,slow_movement_m_s2,verdict,kind,kind_probability,clipped\n"
        for w in result.windows {
            let fields = [
                fixed(w.startS, 3), number(w.peakHz, 4), number(w.peakToPeakCm, 5), number(w.standardErrorCm, 5),
                number(w.angleDegrees, 3), number(w.tremorShare, 3), number(w.prominence, 2), number(w.widthHz, 3),
                number(w.harmonicRatio, 4), number(w.movement, 4), w.verdict.name, w.kind.name,
                fixed(Double(w.kindPercent) / 100, 2), w.isClipped ? "1" : "0",
            ]
            text += fields.joined(separator: ",") + "\n"
        }
        return text
    }

    /// One line a bout.
    public static func bouts(of result: TremorResult) -> String {
        var text =
            "start_s,end_s,windows,peak_frequency_hz,peak_to_peak_cm,ci95_low_cm,ci95_high_cm,largest_peak_to_peak_cm,kind,clipped\n"
        for b in result.bouts {
            let fields = [
                fixed(b.startS, 3), fixed(b.endS, 3), String(b.windows.count), fixed(b.peakHz, 4),
                fixed(b.peakToPeakCm, 5), fixed(b.peakToPeakCmCI95.low, 5), fixed(b.peakToPeakCmCI95.high, 5),
                fixed(b.largestPeakToPeakCm, 5), b.kind.name, b.isClipped ? "1" : "0",
            ]
            text += fields.joined(separator: ",") + "\n"
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
