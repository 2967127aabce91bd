import Records
import Tremor

/// What two sensors have in common, and how it is shown.
struct CoherenceReport {
    /// What the sensors are called.
    let names: [String]
    let found: SensorCoherence

    var members: [JSONValue.Member] {
        [.init("names", JSONValue(names))] + found.members
            + [.init("flags", JSONValue(found.flags)), .init("use", .string(Engraft.researchUse))]
    }

    var text: String {
        var table = TextTable([
            .text("sensor"), .number("Hz"), .number("s"), .number("peak Hz"), .number("coherence there"),
        ])
        for (name, sensor) in zip(names, found.sensors) {
            table.add([
                name, fixed(sensor.sampleRateHz, 3), fixed(sensor.durationS, 1), fixed(sensor.peakHz, 2),
                fixed(found.coherence.point(at: sensor.peakHz)?.value, 3),
            ])
        }
        return table.text + "\n" + (lines + [Engraft.researchUse]).map { $0 + "\n" }.joined()
    }

    private var lines: [String] {
        let (point, level) = (found.atPeak, found.coherence.significanceLevel())
        var lines = [
            "both: \(fixed(found.commonS, 1)) s, \(found.segments) segments of \(fixed(found.segmentS, 2)) s, as sure as "
                + "\(fixed(found.coherence.independentSegments, 1)) without overlap",
            "coherence at \(fixed(point.frequencyHz, 2)) Hz: \(fixed(point.value, 3)) "
                + "(95 % interval \(fixed(point.interval95.lowerBound, 3))–\(fixed(point.interval95.upperBound, 3))), "
                + (point.isSignificant ? "significant" : "not significant")
                + "; independent signals stay below \(fixed(level, 3)) in 95 % of bins",
        ]
        guard point.isSignificant else {
            return lines + ["phase: none can be given, since the coherence is not significant"]
        }
        lines.append(phase(point))
        lines.append(delay)
        if found.settings.clock != .shared {
            lines.append(
                "clocks: each ms that they are apart turns the phase by \(fixed(found.degreesPerMs, 2))° and adds to the delay"
            )
        }
        return lines
    }

    private func phase(_ point: Coherence.Point) -> String {
        let (degrees, half) = (point.phaseDegrees, point.phaseHalfWidthDegrees)
        let (ms, reach) = (1000 * abs(point.delayWithinPeriodS), 1000 * point.delayHalfWidth95S)
        let later = point.delayWithinPeriodS < 0 ? names[0] : names[1]
        return
            "phase at \(fixed(point.frequencyHz, 2)) Hz: \(fixed(degrees, 1))° (± \(fixed(half, 1))°, 95 % interval): \(later) comes "
            + "\(fixed(ms, 1)) ms later (± \(fixed(reach, 1)) ms), or that and any number of half periods of "
            + "\(fixed(500 / point.frequencyHz, 1)) ms"
    }

    private var delay: String {
        guard let delay = found.delay else {
            return
                "delay from the phase's slope: none can be given; it takes four significant bins and peaks wider than 2.5 bins"
        }
        let later = delay.seconds < 0 ? names[0] : names[1]
        let text =
            "\(later) comes \(fixed(1000 * abs(delay.seconds), 1)) ms later (± \(fixed(1000 * delay.halfWidth95, 1)) ms, 95 % "
            + "interval) by \(delay.bins) bins"
        return found.delayAgrees == true
            ? "delay from the phase's slope: \(text)"
            : "delay: none can be given; by the phase's slope \(text), with which the phase at the peak does not agree"
    }
}
