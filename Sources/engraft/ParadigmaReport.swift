import Records
import Tremor

/// What ParaDigMa's detector found in one recording, and how it is shown.
struct ParadigmaReport {
    let path: String
    let result: ParadigmaResult

    private var degrees: Double? {
        let found = result.windows.compactMap(\.peakToPeakDeg).sorted()
        return found.isEmpty ? nil : found[found.count / 2]
    }

    var members: [JSONValue.Member] {
        let a = result.aggregates
        return [
            .init("path", .string(path)), .init("method", .string("paradigma")),
            .init("format", .string(result.header.format)), .init("sample_rate_hz", .number(result.sampleRateHz)),
            .init("duration_s", .number(result.durationS)), .init("windows", .integer(a.windows)),
            .init("rest_windows", .integer(a.restWindows)), .init("tremor_windows", .integer(a.tremorWindows)),
            .init("tremor_percent_of_rest", JSONValue(a.tremorPercentOfRest)),
            .init("median_log10_power", JSONValue(a.medianLogPower)),
            .init("modal_log10_power", JSONValue(a.modalLogPower)),
            .init("p90_log10_power", JSONValue(a.percentile90LogPower)),
            .init("peak_to_peak_degrees", JSONValue(degrees)), .init("flags", JSONValue(result.flags)),
        ]
    }

    static func table(_ reports: [ParadigmaReport]) -> String {
        var table = TextTable([
            .text("recording"), .number("Hz"), .number("s"), .number("windows"), .number("at rest"), .number("tremor"),
            .number("tremor % of rest"), .number("log10 power, median"), .number("mode"), .number("90th"),
            .number("angle °"),
        ])
        for report in reports {
            let (r, a) = (report.result, report.result.aggregates)
            table.add([
                report.path.split(separator: "/").last.map(String.init) ?? report.path, fixed(r.sampleRateHz, 3),
                fixed(r.durationS, 1), String(a.windows), String(a.restWindows), String(a.tremorWindows),
                fixed(a.tremorPercentOfRest, 2), fixed(a.medianLogPower, 3), fixed(a.modalLogPower, 2),
                fixed(a.percentile90LogPower, 3), fixed(report.degrees, 2),
            ])
        }
        return table.text
    }
}
