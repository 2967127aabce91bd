import Glibc
import Records

extension SensorCoherence {
    /// The result as JSON members; values that do not exist are null.
    public var members: [JSONValue.Member] {
        [
            .init("sensors", .array(sensors.map(json))), .init("common_s", .number(commonS)),
            .init("analysed_s", .number(analysedS)), .init("common_rate_hz", .number(rateHz)),
            .init("segments", .integer(segments)),
            .init("independent_segments", .number(coherence.independentSegments)),
            .init("segment_s", .number(segmentS)), .init("bin_hz", .number(coherence.binHz)),
            .init("significance_level", .number(coherence.significanceLevel())),
            .init("peak_frequency_hz", .number(peakHz)), .init("at_peak", json(atPeak)),
            .init("coherence_bias", .number(bias)),
            .init(
                "delay",
                delay.map { delay in
                    [
                        "ms": .number(1000 * delay.seconds),
                        "ms_ci95": JSONValue([
                            1000 * (delay.seconds - delay.halfWidth95), 1000 * (delay.seconds + delay.halfWidth95),
                        ]), "bins": .integer(delay.bins), "agrees_with_phase": .bool(delayAgrees ?? false),
                    ]
                } ?? .null), .init("one_clock", .bool(settings.clock == .shared)),
            .init("phase_degrees_per_ms", .number(degreesPerMs)),
        ]
    }

    private func json(_ sensor: Sensor) -> JSONValue {
        [
            "format": .string(sensor.header.format), "sample_rate_hz": .number(sensor.sampleRateHz),
            "duration_s": .number(sensor.durationS), "peak_frequency_hz": .number(sensor.peakHz),
            "prominence": .number(sensor.prominence.isFinite ? sensor.prominence : 1e9),
            "direction": JSONValue([sensor.direction.x, sensor.direction.y, sensor.direction.z]),
            "direction_share": .number(sensor.directionShare),
            "coherence_at_peak": JSONValue(coherence.point(at: sensor.peakHz)?.value),
        ]
    }

    private func json(_ point: Coherence.Point) -> JSONValue {
        let (phase, half) = (point.phaseDegrees, point.phaseHalfWidthDegrees)
        return [
            "frequency_hz": .number(point.frequencyHz), "coherence": .number(point.value),
            "coherence_ci95": JSONValue([point.interval95.lowerBound, point.interval95.upperBound]),
            "significant": .bool(point.isSignificant), "phase_degrees": .number(phase),
            "phase_degrees_ci95": JSONValue([phase - half, phase + half]),
            "second_later_ms": .number(1000 * point.delayWithinPeriodS),
            "second_later_ms_ci95": JSONValue([
                1000 * (point.delayWithinPeriodS - point.delayHalfWidth95S),
                1000 * (point.delayWithinPeriodS + point.delayHalfWidth95S),
            ]), "ambiguous_by_ms": .number(500 / point.frequencyHz),
        ]
    }

    /// Frequencies up to which a spectrum is written, Hz: two fifths of the lower rate, and no more than 30.
    public var highestHz: Double { min(30, 0.4 * sensors.map(\.sampleRateHz).min()!) }

    /// Points from the first bin above 0 Hz on.
    public var points: [Coherence.Point] {
        (1..<coherence.values.count).lazy.map { Double($0) * coherence.binHz }.prefix { $0 <= highestHz }
            .compactMap { coherence.point(at: $0) }
    }

    /// The spectrum as a table for other programs: one line a bin, units in the names.
    public var csv: String {
        var text =
            "frequency_hz,coherence,ci95_low,ci95_high,significant,phase_degrees,phase_half_width_degrees,"
            + "first_psd_m2_s4_hz,second_psd_m2_s4_hz\n"
        for (place, p) in points.enumerated() {
            let fields = [
                fixed(p.frequencyHz, 6), fixed(p.value, 6), fixed(p.interval95.lowerBound, 6),
                fixed(p.interval95.upperBound, 6), p.isSignificant ? "1" : "0", fixed(p.phaseDegrees, 4),
                fixed(p.phaseHalfWidthDegrees, 4), significant(sensors[0].density[place + 1], 6),
                significant(sensors[1].density[place + 1], 6),
            ]
            text += fields.joined(separator: ",") + "\n"
        }
        return text
    }
}

extension Coherence.Point {
    /// The phase of the second signal against the first, −180 to 180 degrees: negative where it comes later.
    public var phaseDegrees: Double { phase * 180 / Double.pi }
    /// Half of its 95 % interval, at most 180 degrees.
    public var phaseHalfWidthDegrees: Double { phaseHalfWidth95 * 180 / Double.pi }
    /// Half of the 95 % interval of `delayWithinPeriodS`, s.
    public var delayHalfWidth95S: Double { phaseHalfWidth95 / (2 * Double.pi * frequencyHz) }
}
