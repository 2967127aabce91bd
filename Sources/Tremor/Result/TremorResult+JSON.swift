import Records

extension TremorResult {
    /// The result as JSON members; values that do not exist are null.
    public var members: [JSONValue.Member] {
        let bouts = bouts
        return [
            .init("format", .string(header.format)), .init("sample_rate_hz", .number(sampleRateHz)),
            .init("nominal_rate_hz", JSONValue(header.nominalRateHz)), .init("mean_rate_hz", .number(meanRateHz)),
            .init("duration_s", .number(durationS)),
            .init("gaps", .array(gaps.map { ["start_s": .number($0.startS), "duration_s": .number($0.durationS)] })),
            .init("not_worn_s", .array(nonWear.map { JSONValue([$0.lowerBound, $0.upperBound]) })),
            .init("calibration", calibrationJSON),
            .init("coverage", .number(coverage)), .init("windows", .integer(windows.count)),
            .init("tremor_windows", .integer(windows.reduce(0) { $0 + ($1.isTremor ? 1 : 0) })),
            .init("bouts", .integer(bouts.count)),
            .init("longest_bout_s", JSONValue(bouts.map { $0.endS - $0.startS }.max())),
            .init("spectral_peak_hz", JSONValue(spectralPeakHz)),
            .init("spectral_peak_to_peak_cm", JSONValue(spectralPeakToPeakCm)),
            .init("peak_frequency_hz", JSONValue(peakFrequencyHz)), .init("peak_to_peak_cm", JSONValue(peakToPeakCm)),
            .init("peak_to_peak_cm_ci95", interval(peakToPeakCmCI95)),
            .init("largest_peak_to_peak_cm", JSONValue(largestPeakToPeakCm)),
            .init("peak_to_peak_degrees", JSONValue(peakToPeakDegrees)),
            .init("wideband_peak_to_peak_cm", JSONValue(widebandPeakToPeakCm)),
            .init("clipped_windows", .integer(windows.reduce(0) { $0 + ($1.isClipped ? 1 : 0) })),
            .init("tremor_time_percent", JSONValue(tremorTimePercent)), .init("rest_time_s", .number(restTimeS)),
            .init("rest_tremor_time_percent", JSONValue(restTremorTimePercent)),
            .init("kinds", .array(kinds.map(json))), .init("re_emergences", reEmergences.json),
            .init("band_power_m2_s4", .number(bandPower)), .init("gravity_share_bound", JSONValue(gravityShare)),
            .init("spectrum", averageSpectrum?.json ?? .null),
        ]
    }

    private func interval(_ interval: (low: Double, high: Double)?) -> JSONValue {
        interval.map { JSONValue([$0.low, $0.high]) } ?? .null
    }

    private func json(_ kind: KindSummary) -> JSONValue {
        [
            "kind": .string(kind.kind.name), "windows": .integer(kind.windows), "time_s": .number(kind.timeS),
            "tremor_time_percent": .number(kind.tremorTimePercent), "peak_frequency_hz": JSONValue(kind.peakHz),
            "peak_to_peak_cm": JSONValue(kind.peakToPeakCm), "peak_to_peak_cm_ci95": interval(kind.peakToPeakCmCI95),
        ]
    }

    private var calibrationJSON: JSONValue {
        switch calibration {
        case .applied(let c):
            [
                "applied": .bool(true), "offset_m_s2": JSONValue([c.offset.x, c.offset.y, c.offset.z]),
                "gain": JSONValue([c.gain.x, c.gain.y, c.gain.z]), "error_before_m_s2": .number(c.errorBefore),
                "error_after_m_s2": .number(c.errorAfter), "pieces": .integer(c.pieces),
            ]
        case .notApplied(let reason): ["applied": .bool(false), "reason": .string(reason)]
        case nil: .null
        }
    }
}
