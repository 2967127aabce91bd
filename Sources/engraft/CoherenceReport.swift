import Records
import Tremor

/// What two sensors have in common, and how it is shown.
struct CoherenceReport {
    /// What the sensors are called.
    let names: [String]
    let found: SensorCoherence

    var members: [JSONValue.Member] {
        [.init("names", JSONValue(names))] + found.members
            + [.init("flags", JSONValue(found.flags))]
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
                + (point.isSignificant ? "significant" : isUntested ? "not tested" : "not significant")
                + "; independent signals stay below \(fixed(level, 3)) in 95 % of bins",
        ]
        if isUntested {
            return lines + ["phase: none can be given; within two bins of 0 Hz and below 1 Hz trends are coherent too"]
        }
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

    /// Whether the peak lies where coherence says nothing.
    private var isUntested: Bool {
        !found.atPeak.isSignificant && found.atPeak.value > found.coherence.significanceLevel()
    }

    private func phase(_ point: Coherence.Point) -> String {
        let (degrees, half) = (point.phaseDegrees, point.phaseHalfWidthDegrees)
        let period = 0.5 / point.frequencyHz
        var (lag, reason) = (point.delayWithinPeriodS, "")
        // Of all that the phase may say, what the slope says too.
        if found.delayAgrees == true, let delay = found.delay {
            let turns = ((delay.seconds - lag) / period).rounded()
            lag += turns * period
            if turns != 0 { reason = ", the one of these that the slope says" }
        }
        return
            "phase at \(fixed(point.frequencyHz, 2)) Hz: \(fixed(degrees, 1))° (± \(fixed(half, 1))°, 95 % interval): "
            + "\(later(lag, point.delayHalfWidth95S)), or that and any number of half periods of "
            + "\(fixed(1000 * period, 1)) ms\(reason)"
    }

    private var delay: String {
        guard let delay = found.delay else {
            return
                "delay from the phase's slope: none can be given; it takes four significant bins and peaks wider than 2.5 bins"
        }
        let text = "\(later(delay.seconds, delay.halfWidth95)), 95 % interval, by \(delay.bins) bins"
        return found.delayAgrees == true
            ? "delay from the phase's slope: \(text)"
            : "delay: none can be given; by the phase's slope \(text), with which the phase at the peak does not agree"
    }

    /// Which of the two comes later, where the interval tells.
    private func later(_ seconds: Double, _ half: Double) -> String {
        let (ms, reach) = (fixed(1000 * abs(seconds), 1), fixed(1000 * half, 1))
        guard abs(seconds) > max(half, 0.00005) else {
            return "no lag beyond the interval (\(fixed(1000 * seconds, 1)) ± \(reach) ms)"
        }
        return "\(seconds < 0 ? names[0] : names[1]) comes \(ms) ms later (± \(reach) ms)"
    }
}
