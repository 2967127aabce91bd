import Glibc
import Records

/// Walking found in a wrist's recording: when, at which cadence, and how far the arm swings.
///
/// Steps shake the length of the acceleration at the rate of steps, whatever the sensor's direction; the arm swings at the rate of
/// strides, half of it. Walking is where that length repeats itself from stride to stride. It tells regular walking; a few
/// shuffled steps are not found, and a bicycle or a repeated task of the hands may be.
public struct GaitAnalysis: Sendable {
    /// How walking is looked for; every value is printed with the result.
    public struct Settings: Sendable, Equatable {
        /// Length of a window, s.
        public var windowS = 4.0
        /// From one window to the next, s.
        public var hopS = 1.0
        /// Where steps may be, Hz.
        public var stepHz = 0.7...3.5
        /// Where the arm's swing may be, Hz: half of where steps may be.
        public var swingHz = 0.35...1.75
        /// Root mean square of the acceleration's length about its mean below which nobody walks, m/s².
        public var leastRMS = 0.5
        /// How alike two strides are at least: autocorrelation at the stride, 1 for the same.
        public var leastRegularity = 0.4
        /// The shortest bout, s.
        public var shortestBoutS = 5.0

        /// The usual settings.
        public init() {}
    }

    /// A window in which somebody walks.
    public struct Window: Sendable, Equatable {
        /// When it begins, s after the first sample.
        public let startS: Double
        /// Steps a minute.
        public let cadence: Double
        /// Twice or half of the cadence, where that is nearly as likely, steps a minute.
        public let otherCadence: Double?
        /// How alike strides are, 0 to 1.
        public let regularity: Double
    }

    /// A stretch of walking.
    public struct Bout: Sendable, Equatable {
        /// When it begins, s after the first sample; ends of bouts are sure to half a window.
        public let startS: Double
        /// How long it is, s.
        public let durationS: Double
        /// Steps a minute, the mean over its windows.
        public let cadence: Double
        /// SD of the windows' cadences, steps a minute; `nil` of one window.
        public let cadenceSD: Double?
        /// Twice or half of the cadence, where a quarter of the windows or more have another that is nearly as likely, steps a minute.
        public let otherCadence: Double?
        /// How alike strides are, the mean over its windows, 0 to 1.
        public let regularity: Double
        /// The arm's swing; `nil` without a gyroscope or where no four swings of 2° or more were found.
        public let armSwing: ArmSwing?
        /// Its windows in order of time.
        public let windows: [Window]
    }

    /// Bouts in order of time.
    public let bouts: [Bout]
    /// Windows that were looked at.
    public let windows: Int
    /// Windows that had a sample missing.
    public let windowsLeftOut: Int
    /// The settings.
    public let settings: Settings
    /// Time that lies in a window that was looked at, s.
    let coveredS: Double

    /// Walking in a recording.
    ///
    /// - Parameters:
    ///   - acceleration: x, y and z in m/s², gravity included, at a constant rate. A window with a number missing (NaN) is left out.
    ///   - angularRate: x, y and z in rad/s, as long, or `nil` without a gyroscope.
    ///   - startS: when the first sample was, s; bouts are counted from the same 0.
    /// - Throws: where the rate is below 20 Hz or there is no whole window.
    public init(
        acceleration: [[Double]], angularRate: [[Double]]? = nil, sampleRateHz: Double, startS: Double = 0,
        settings: Settings = Settings()
    ) throws(RecordingError) {
        let columns = acceleration + (angularRate ?? [])
        precondition(acceleration.count == 3 && Set(columns.map(\.count)).count == 1, "columns are equally long")
        guard sampleRateHz.isFinite, sampleRateHz >= 20 else { throw .rateTooLow(rate: sampleRateHz, needed: 20) }
        let length = Int((settings.windowS * sampleRateHz).rounded())
        guard columns[0].count >= length else { throw .tooFewSamples(columns[0].count) }
        let sizes = columns[0].indices.map { place in
            acceleration.reduce(0) { $0 + $1[place] * $1[place] }.squareRoot()
        }
        let finder = StepFinder(length: length, sampleRateHz: sampleRateHz, settings: settings)
        let hop = max(1, Int((settings.hopS * sampleRateHz).rounded()))
        // The last sample ends a recording: n samples are n - 1 intervals.
        let last = sizes.count - 1
        var missing = MissingSamples(columns)
        var (walking, run): ([[StepFinder.Found]], [StepFinder.Found]) = ([], [])
        var (looked, left, covered, coveredTo) = (0, 0, 0, 0)
        for start in stride(from: 0, through: sizes.count - length, by: hop) {
            guard missing.isComplete(start, length) else {
                left += 1
                walking.append(run)
                run = []
                continue
            }
            looked += 1
            let end = min(start + length, last)
            covered += end - max(start, coveredTo)
            coveredTo = end
            if let found = finder.steps(sizes, angularRate, at: start) {
                run.append(found)
            } else {
                walking.append(run)
                run = []
            }
        }
        walking.append(run)
        guard looked > 0 else {
            throw .noValidWindow("every window of \(significantText(settings.windowS)) s has a sample missing")
        }
        (self.settings, windows, windowsLeftOut) = (settings, looked, left)
        coveredS = Double(covered) / sampleRateHz
        bouts = Self.joined(walking, length).compactMap { run in
            guard let first = run.first, let final = run.last else { return nil }
            let places = first.start..<(final.start + length)
            let duration = Double(min(places.upperBound, last) - places.lowerBound) / sampleRateHz
            guard duration >= settings.shortestBoutS else { return nil }
            let swing = angularRate.flatMap { rate in
                ArmSwing(angularRate: rate, in: places, sampleRateHz: sampleRateHz, band: settings.swingHz)
            }
            return Bout(
                run, startS: startS, durationS: duration, armSwing: swing, sampleRateHz: sampleRateHz)
        }
    }

    /// Runs of windows without those in between that share a sample or touch: each sample of what is joined lies in a window in which
    /// somebody walks, and none is counted twice. Windows on two sides of a missing sample do not touch.
    private static func joined(_ runs: [[StepFinder.Found]], _ length: Int) -> [[StepFinder.Found]] {
        runs.reduce(into: []) { joined, run in
            guard let first = run.first else { return }
            if let before = joined.last?.last, first.start <= before.start + length {
                joined[joined.count - 1] += run
            } else {
                joined.append(run)
            }
        }
    }

    /// Time in bouts, s.
    public var walkingS: Double { bouts.walkingS }

    /// Steps a minute over all bouts, weighted by time; `nil` without a bout.
    public var cadence: Double? { bouts.cadence }

    /// The walking as JSON members.
    public var members: [JSONValue.Member] {
        [
            .init("gait_s", .number(walkingS)), .init("cadence_steps_per_min", JSONValue(cadence)),
            .init("gait_windows", .integer(windows)), .init("gait_windows_left_out", .integer(windowsLeftOut)),
            .init("gait_bouts", .array(bouts.map(\.json))),
        ]
    }
}

extension GaitAnalysis.Bout {
    fileprivate init(
        _ found: [StepFinder.Found], startS: Double, durationS: Double, armSwing: ArmSwing?, sampleRateHz: Double
    ) {
        // Of two rates a window has that of most windows: a mean of both would be nobody's.
        let usual = Median.of(found.map(\.stepHz))
        let run = found.map { one -> StepFinder.Found in
            guard let other = one.otherHz, abs(log(other / usual)) < abs(log(one.stepHz / usual)) else { return one }
            return StepFinder.Found(
                start: one.start, stepHz: other, otherHz: one.stepHz, regularity: one.regularity)
        }
        let cadences = run.map { 60 * $0.stepHz }
        let others = run.compactMap { $0.otherHz.map { 60 * $0 } }
        let mean = cadences.reduce(0, +) / Double(run.count)
        let squares = cadences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.init(
            startS: startS + Double(run[0].start) / sampleRateHz, durationS: durationS, cadence: mean,
            cadenceSD: run.count > 1 ? (squares / Double(run.count - 1)).squareRoot() : nil,
            otherCadence: 4 * others.count >= run.count ? Median.of(others) : nil,
            regularity: run.reduce(0) { $0 + $1.regularity } / Double(run.count), armSwing: armSwing,
            windows: run.map { found in
                GaitAnalysis.Window(
                    startS: startS + Double(found.start) / sampleRateHz, cadence: 60 * found.stepHz,
                    otherCadence: found.otherHz.map { 60 * $0 }, regularity: found.regularity)
            })
    }

    /// The bout as JSON.
    public var json: JSONValue { json(hasSwing: true) }

    /// The same; without the arm's swing where its angles are withheld.
    func json(hasSwing: Bool) -> JSONValue {
        [
            "start_s": .number(startS), "duration_s": .number(durationS), "cadence_steps_per_min": .number(cadence),
            "cadence_sd_steps_per_min": JSONValue(cadenceSD),
            "other_cadence_steps_per_min": JSONValue(otherCadence), "regularity": .number(regularity),
            "arm_swing": hasSwing ? armSwing.map { .object($0.members) } ?? .null : .null,
        ]
    }
}

extension [GaitAnalysis.Bout] {
    /// Time in bouts, s.
    public var walkingS: Double { reduce(0) { $0 + $1.durationS } }

    /// Steps a minute over all bouts, weighted by time; `nil` without a bout.
    public var cadence: Double? { isEmpty ? nil : reduce(0) { $0 + $1.cadence * $1.durationS } / walkingS }
}

extension GaitAnalysis.Settings {
    /// The settings as JSON members.
    public var members: [JSONValue.Member] {
        [
            .init("window_s", .number(windowS)), .init("hop_s", .number(hopS)),
            .init("step_hz", JSONValue([stepHz.lowerBound, stepHz.upperBound])),
            .init("swing_hz", JSONValue([swingHz.lowerBound, swingHz.upperBound])),
            .init("least_rms_m_s2", .number(leastRMS)), .init("least_regularity", .number(leastRegularity)),
            .init("shortest_bout_s", .number(shortestBoutS)),
        ]
    }
}
