import Records
import Review
import Tremor

extension FreezingOfGait: MovementFinding {
    var fields: [String] {
        [
            fixed(movingS, 1), index, moved.map { String($0.episodes.count) } ?? "n/a",
            fixed(longestS, 1), fixed(moved?.frozenS, 1), fixed(moved?.frozenPercent, 1),
            fixed(moved?.frozenPercentOfMovement, 1),
        ]
    }

    var sentences: [String] {
        let place = axes.count == 1 ? "the \(["x", "y", "z"][axes[0]]) axis" : "three axes"
        let index = "the index \(method.name) of \(place)"
        guard let summary else {
            return ["There is \(index) over time, but no episodes: \(method.name) has no threshold; give --threshold."]
        }
        let rule =
            "An episode is \(fixed(Self.shortestEpisodeS, 0)) s or more with \(index) above \(significant(summary.threshold, 4)) while "
            + "the leg moves (\(significant(stillBelow, 3)) m/s² RMS); its ends are sure to \(significant(method.windowS / 2, 2)) s."
        let caution =
            "Episodes are candidates for freezing of gait: turning and short steps cross published thresholds too, which depend on "
            + "sensor, site and patient. The index is one of ankle, thigh or trunk."
        if summary.movingS == 0 { return ["The leg never moved: nothing can be said of freezing.", rule] }
        guard let longest = longestS else { return ["There is no episode of freezing.", rule, caution] }
        return [
            "\(summary.episodes.count) \(summary.episodes.count == 1 ? "episode" : "episodes") of \(fixed(summary.frozenS, 1)) s "
                + "together, the longest of \(fixed(longest, 1)) s: \(fixed(summary.frozenPercent, 1)) % of the time analysed, "
                + "\(fixed(summary.frozenPercentOfMovement, 1)) % of the time with movement.", rule, caution,
        ]
    }

    var flags: [String] {
        summary == nil ? ["\(method.name) has no threshold: episodes and time frozen are not known"] : []
    }

    var severity: Double { summary?.frozenPercent ?? 0 }
    var table: String { MovementTables.table(of: self) }
    func picture(over spanS: ClosedRange<Double>?) throws -> [UInt8] { try MovementPicture.png(of: self, over: spanS) }

    /// The summary of a leg that moved: where it never did, nothing is known and nothing is 0.
    private var moved: FreezingCourse.Summary? { summary.flatMap { $0.movingS > 0 ? $0 : nil } }

    private var index: String {
        guard let medianIndex, abs(medianIndex) < 0.1 else { return fixed(medianIndex, 2) }
        return significant(medianIndex, 2)
    }

    private var longestS: Double? { summary?.episodes.map(\.durationS).max() }
}

extension RepeatedTest: MovementFinding where Measure: RepeatedMeasure {
    var members: [JSONValue.Member] { testMembers + measure.members }
    var fields: [String] { measure.fields }
    var sentences: [String] { measure.sentences + measure.rhythm.sentences }
    var severity: Double { -measure.rhythm.rateHz }
    var table: String { measure.table }
    func picture(over spanS: ClosedRange<Double>?) throws -> [UInt8] { try measure.picture(over: spanS) }

    var flags: [String] {
        var flags = measure.flags
        if 4 * measure.rhythm.pauses.count > measure.rhythm.intervalsS.count {
            flags.append("more than a quarter of the intervals are pauses: this may be no test of this movement")
        }
        guard otherStretches > 0 else { return flags }
        return flags + [
            "the movement was found in \(otherStretches + 1) stretches between gaps; numbers are of the longest alone, from "
                + "\(fixed(startS, 1)) s on"
        ]
    }
}

/// A movement that is repeated, as a command shows it.
protocol RepeatedMeasure: Sendable, Equatable {
    var rhythm: RepeatedMovement { get }
    var members: [JSONValue.Member] { get }
    var fields: [String] { get }
    var sentences: [String] { get }
    /// What the reader has to know about the numbers.
    var flags: [String] { get }
    var table: String { get }
    func picture(over spanS: ClosedRange<Double>?) throws -> [UInt8]
}

extension RepeatedMovement {
    /// Variation, decrement, slowing, pauses and freezes.
    fileprivate var commonFields: [String] {
        let pauses = pauses
        return [
            fixed(intervalCV.map { 100 * $0 }, 1), fixed(decrementPercent, 1), fixed(slowingPercent, 1),
            String(pauses.count), String(pauses.count { $0.isFreeze }),
        ]
    }

    fileprivate var sentences: [String] {
        var sentences: [String] = []
        if let slowingPercent {
            let size = decrementPercent.map { "\(Self.changed($0, "smaller", "larger")) and " } ?? ""
            sentences.append(
                "From the first third to the last, movements became \(size)\(Self.changed(slowingPercent, "slower", "faster"))."
            )
        }
        let pauses = pauses
        sentences.append(
            pauses.isEmpty
                ? "There was no pause (an interval of more than \(fixed(criteria.pauseFactor, 0)) medians)."
                : "There \(pauses.count == 1 ? "was 1 pause" : "were \(pauses.count) pauses") of more than "
                    + "\(fixed(criteria.pauseFactor, 0)) median intervals, \(pauses.count { $0.isFreeze }) of more than "
                    + "\(fixed(criteria.freezeFactor, 0)); the longest lasted \(fixed(pauses.map(\.durationS).max(), 2)) s."
        )
        return sentences
    }

    private static func changed(_ percent: Double, _ worse: String, _ better: String) -> String {
        abs(percent) < 0.05 ? "no \(worse)" : "\(fixed(abs(percent), 1)) % \(percent > 0 ? worse : better)"
    }
}

extension FingerTapping: RepeatedMeasure {
    var fields: [String] {
        ["accelerometer", String(rhythm.timesS.count), fixed(rhythm.rateHz, 3), fixed(rhythm.medianIntervalS, 3)]
            + rhythm.commonFields
    }

    var sentences: [String] {
        let last = silentAtEndS > 4 * rhythm.medianIntervalS ? " None in the last \(fixed(silentAtEndS, 1)) s." : ""
        return [
            "\(rhythm.timesS.count) taps of a finger: \(fixed(rhythm.rateHz, 2)) a second, a median interval of "
                + "\(fixed(rhythm.medianIntervalS, 3)) s.\(last) The size of openings has no unit; its change is the decrement."
        ]
    }

    var flags: [String] {
        weakest < 1.3
            ? [
                "the weakest tap hardly stands out of the movement between taps: some may be missed and others be none, so that "
                    + "rate, slowing and decrement are not sure"
            ] : []
    }

    var table: String { MovementTables.table(of: self) }
    func picture(over spanS: ClosedRange<Double>?) throws -> [UInt8] { try MovementPicture.png(of: self, over: spanS) }
}

extension TouchTapping: MovementFinding {
    var fields: [String] {
        ["touch screen", String(taps.count), fixed(rhythm.rateHz, 3), fixed(rhythm.medianIntervalS, 3)]
            + rhythm.commonFields
    }

    var sentences: [String] {
        let stay = dwellS.map { "; the finger stays for \(fixed($0, 3)) s" } ?? ""
        let error = targetError.map { " and touches \(fixed($0, 0)) pixels from the target's middle" } ?? ""
        return [
            "\(taps.count) taps on a touch screen: \(fixed(rhythm.rateHz, 2)) a second, a median interval of "
                + "\(fixed(rhythm.medianIntervalS, 3)) s\(stay)\(error)."
        ] + rhythm.sentences
    }

    var flags: [String] { [] }
    var severity: Double { -rhythm.rateHz }
    var table: String { MovementTables.table(of: self) }
    func picture(over spanS: ClosedRange<Double>?) throws -> [UInt8] { try MovementPicture.png(of: self, over: spanS) }
}

extension PronationSupination: RepeatedMeasure {
    var fields: [String] {
        [source.rawValue, String(rhythm.timesS.count), fixed(rhythm.rateHz, 3), fixed(amplitudeDeg, 1)]
            + rhythm.commonFields
    }

    var sentences: [String] {
        let angle =
            amplitudeDeg.map { "\(fixed($0, 1))° from one reversal to the next (median)." }
            ?? (impossibleTurnDeg == nil
                ? "no angle and no decrement \(MovementReport.withoutGyroscope)."
                : "angles are withheld: one is impossible.")
        return [
            "\(rhythm.timesS.count) turns of the forearm to and fro: \(fixed(rhythm.rateHz, 2)) a second, \(angle) "
                + "\(fixed(100 * axisShare, 0)) % of the movement is about one axis."
        ]
    }

    var flags: [String] {
        impossibleTurnDeg.map {
            [
                "a turn of \(fixed($0, 0))° from one reversal to the next is impossible: angles and rates are withheld; check "
                    + "--angular-rate-unit"
            ]
        } ?? []
    }

    var table: String { MovementTables.table(of: self) }
    func picture(over spanS: ClosedRange<Double>?) throws -> [UInt8] { try MovementPicture.png(of: self, over: spanS) }
}

extension Walking: MovementFinding {
    var fields: [String] {
        [
            String(bouts.count), fixed(bouts.walkingS, 1), fixed(walkingPercent, 1), fixed(bouts.cadence, 1),
            fixed(armSwingDeg, 1),
        ]
    }

    var sentences: [String] {
        guard let cadence = bouts.cadence else {
            return ["No regular walking of \(fixed(settings.shortestBoutS, 0)) s or more was found."]
        }
        let swing =
            armSwingDeg.map { ", the arm swings by \(fixed($0, 1))°" }
            ?? (impossibleSwingDeg != nil
                ? ", the arm's swing is withheld: one is impossible"
                : hasGyroscope
                    ? ", no swing of the arm" : "; \(MovementReport.withoutGyroscope) the arm's swing is not known")
        return [
            "Walking in \(bouts.count) \(bouts.count == 1 ? "bout" : "bouts") for \(fixed(bouts.walkingS, 1)) s, "
                + "\(fixed(walkingPercent, 1)) % of the time analysed: \(fixed(cadence, 1)) steps a minute\(swing).",
            "Ends of bouts are sure to \(significant(settings.windowS / 2, 2)) s. Shuffled steps are not found, and a repeated "
                + "movement of the arm may pass for walking.",
        ]
    }

    var flags: [String] {
        var flags: [String] = []
        let fast = bouts.count { $0.cadence > 156 }
        if fast > 0 {
            flags.append(
                "\(fast) of \(bouts.count) bouts have more than 156 steps a minute (2.6 Hz): a slow tremor passes for such steps"
            )
        }
        let unsure = bouts.filter { $0.otherCadence != nil }
        if let first = unsure.first, let other = first.otherCadence {
            flags.append(
                "\(unsure.count) of \(bouts.count) bouts may have twice or half the cadence: the one from \(fixed(first.startS, 1)) s on "
                    + "\(fixed(other, 1)) instead of \(fixed(first.cadence, 1)) steps a minute")
        }
        if let impossibleSwingDeg {
            flags.append(
                "a swing of \(fixed(impossibleSwingDeg, 0))° is impossible: the arm's swing is withheld; check --angular-rate-unit"
            )
        }
        return flags
    }
    /// No walking at all is the worst.
    var severity: Double { bouts.cadence.map { -$0 } ?? .infinity }
    var table: String { MovementTables.table(of: self) }
    func picture(over spanS: ClosedRange<Double>?) throws -> [UInt8] { try MovementPicture.png(of: self, over: spanS) }
}
