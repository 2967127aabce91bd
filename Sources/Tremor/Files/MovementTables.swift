import Records

/// What was found over time as tables for other programs: comma-separated, units in the names; empty where a value does not exist.
/// Times are s after the recording's first sample.
public enum MovementTables {
    /// One line a window of the freezing index; the time is that of its middle.
    public static func table(of freezing: FreezingOfGait) -> String {
        var text = "time_s,freezing_index,movement_rms_m_s2,still,frozen\n"
        for course in freezing.courses {
            for (place, time) in course.timesS.enumerated() {
                let fields = [
                    fixed(time, 4), number(course.index[place], 6), number(course.rms[place], 5),
                    course.rms[place] < freezing.stillBelow ? "1" : "0",
                    freezing.summary == nil ? "" : freezing.isFrozen(atS: time) ? "1" : "0",
                ]
                text += fields.joined(separator: ",") + "\n"
            }
        }
        return text
    }

    /// One line a tap, with what follows it.
    public static func table(of tapping: FingerTapping) -> String {
        var text = "time_s,interval_s,relative_opening,pause\n"
        let intervals = tapping.rhythm.intervalsS
        let limit = tapping.rhythm.criteria.pauseFactor * tapping.rhythm.medianIntervalS
        for (place, time) in tapping.rhythm.timesS.enumerated() {
            let hasNext = place < intervals.count
            let fields = [
                fixed(time, 4), hasNext ? fixed(intervals[place], 4) : "",
                hasNext ? number(tapping.openings[place], 6) : "", hasNext ? intervals[place] > limit ? "1" : "0" : "",
            ]
            text += fields.joined(separator: ",") + "\n"
        }
        return text
    }

    /// One line a tap on a touch screen; places are in pixels.
    public static func table(of touch: TouchTapping) -> String {
        var text = "time_s,end_s,x_px,y_px,interval_s,pause\n"
        let intervals = touch.rhythm.intervalsS
        let limit = touch.rhythm.criteria.pauseFactor * touch.rhythm.medianIntervalS
        for (place, tap) in touch.taps.enumerated() {
            let hasNext = place < intervals.count
            let fields = [
                fixed(tap.downS, 4), number(tap.upS, 4), fixed(tap.down.x, 2), fixed(tap.down.y, 2),
                hasNext ? fixed(intervals[place], 4) : "", hasNext ? intervals[place] > limit ? "1" : "0" : "",
            ]
            text += fields.joined(separator: ",") + "\n"
        }
        return text
    }

    /// One line a turn in one direction; from an accelerometer one line a turn to and fro, without angles.
    public static func table(of turning: PronationSupination) -> String {
        var text = "time_s,duration_s,angle_deg,peak_rate_deg_s\n"
        let isKnown = turning.impossibleTurnDeg == nil
        for turn in turning.turns {
            let fields = [
                fixed(turn.startS, 4), fixed(turn.durationS, 4), isKnown ? fixed(turn.angleDeg, 3) : "",
                isKnown ? fixed(turn.peakRateDegPerS, 3) : "",
            ]
            text += fields.joined(separator: ",") + "\n"
        }
        guard turning.turns.isEmpty else { return text }
        for (time, interval) in zip(turning.rhythm.timesS, turning.rhythm.intervalsS) {
            text += "\(fixed(time, 4)),\(fixed(interval, 4)),,\n"
        }
        return text
    }

    /// One line a window in which somebody walks, with the bout it belongs to.
    public static func table(of walking: Walking) -> String {
        var text = "start_s,bout,cadence_steps_per_min,stride_regularity,bout_arm_swing_deg\n"
        for (bout, found) in walking.bouts.enumerated() {
            for window in found.windows {
                let fields = [
                    fixed(window.startS, 4), String(bout + 1), fixed(window.cadence, 3), fixed(window.regularity, 4),
                    number(walking.impossibleSwingDeg == nil ? found.armSwing?.rangeDeg : nil, 3),
                ]
                text += fields.joined(separator: ",") + "\n"
            }
        }
        return text
    }

    private static func number(_ value: Double?, _ decimals: Int) -> String {
        value.map { $0.isFinite ? fixed($0, decimals) : "" } ?? ""
    }
}
