import Outcomes
import PET
import Records
import Tremor

/// The tremor part of a report.
enum ReportMovement {
    /// The wrist of the worse side at rest, first visit against last.
    static func headline(_ patient: PatientAssessment) -> ReviewPage.Headline? {
        guard let first = patient.visits.first, let last = patient.visits.last else { return nil }
        let sites = patient.folder.worseSide.map { ["wrist-\($0.rawValue)"] } ?? ["wrist-left", "wrist-right"]
        for site in sites {
            guard let before = rest(first, site), let after = rest(last, site),
                before.peakToPeakCm != nil || after.peakToPeakCm != nil
            else { continue }
            return ReviewPage.Headline(
                label: "Rest tremor, \(words(site)), peak to peak",
                value: "\(amplitude(before)) → \(amplitude(after))",
                detail:
                    "\(fixed(before.tremorTimePercent, 0)) → \(fixed(after.tremorTimePercent, 0)) % of the time; 95 % "
                    + "\(interval(before)) and \(interval(after)) cm")
        }
        return nil
    }

    /// Tables and charts of every recording; `nil` where there are none.
    static func section(_ patient: PatientAssessment) throws -> ReviewPage.Section? {
        guard patient.visits.contains(where: { !$0.recordings.isEmpty }) else { return nil }
        var section = ReviewPage.Section(
            .tremor, title: "Tremor",
            text:
                "Amplitudes are displacements of the sensor along the tremor's axis, from its acceleration around the peak "
                + "frequency. They are sensor-derived, not a rating.")
        section.tables = [table(patient)]
        section.figures = try trend(patient).map { [$0] } ?? []
        let site = patient.folder.worseSide.map { "wrist-\($0.rawValue)" }
        for visit in patient.visits {
            let resting = visit.recordings.filter { $0.file.task == "rest" && (site == nil || $0.file.site == site) }
            guard let recording = resting.first, let result = recording.result else { continue }
            let name = "\(visit.plan.name), \(words(recording.file.site)), \(recording.file.task)"
            section.figures.append(try spectrum(result, name))
            if let figure = try spectrogram(result, name) { section.figures.append(figure) }
        }
        return section
    }

    private static func table(_ patient: PatientAssessment) -> ReviewPage.Table {
        ReviewPage.Table(
            caption: "Tremor by visit and recording",
            columns: [
                .init("Visit"), .init("Sensor"), .init("Task"), .init("Time", unit: "s", isNumeric: true),
                .init("Peak", unit: "Hz", isNumeric: true), .init("Peak to peak", unit: "cm", isNumeric: true),
                .init("95 % interval", unit: "cm", isNumeric: true), .init("Tremor time", unit: "%", isNumeric: true),
                .init("Problem"),
            ],
            rows: patient.visits.flatMap { visit in
                visit.recordings.map { recording in
                    let r = recording.result
                    return ReviewPage.Table.Row(
                        [
                            visit.plan.name, words(recording.file.site), recording.file.task, fixed(r?.durationS, 0),
                            fixed(r?.peakFrequencyHz, 2), fixed(r?.peakToPeakCm, 2), r.map(interval) ?? "n/a",
                            fixed(r?.tremorTimePercent, 0), recording.failure ?? "",
                        ], flag: recording.failure == nil ? nil : .missing)
                }
            })
    }

    private static func trend(_ patient: PatientAssessment) throws -> ReviewPage.Figure? {
        let recordings = patient.visits.flatMap(\.recordings)
        let kinds = recordings.map { "\(words($0.file.site)), \($0.file.task)" }
        var names: [String] = []
        for kind in kinds where !names.contains(kind) { names.append(kind) }
        let series = names.compactMap { name -> LineChart.Series? in
            let points = patient.visits.compactMap { visit -> (Double, TremorResult)? in
                let found = visit.recordings.first { "\(words($0.file.site)), \($0.file.task)" == name }
                return found?.result.flatMap { $0.peakToPeakCm == nil ? nil : (visit.plan.months, $0) }
            }
            guard !points.isEmpty else { return nil }
            return LineChart.Series(
                name, x: points.map(\.0), y: points.map { $0.1.peakToPeakCm ?? .nan },
                low: points.map { $0.1.peakToPeakCmCI95?.low ?? .nan },
                high: points.map { $0.1.peakToPeakCmCI95?.high ?? .nan })
        }
        guard !series.isEmpty else { return nil }
        return try ReviewPage.Figure(
            LineChart.trend(title: "Tremor amplitude", label: "Peak to peak", unit: "cm", series: series, size: .whole),
            alternative: "Tremor amplitude per recording over the visits",
            caption: "Amplitude while tremor is present, with 95 % intervals.", isWide: true)
    }

    private static func spectrum(_ result: TremorResult, _ name: String) throws -> ReviewPage.Figure {
        let shown = result.spectrum.frequenciesHz.indices.filter { result.spectrum.frequenciesHz[$0] <= 20 }
        return try ReviewPage.Figure(
            LineChart.spectrum(
                title: "Spectrum, \(name)", frequency: shown.map { result.spectrum.frequenciesHz[$0] },
                power: shown.map { result.spectrum.psdTotal[$0] }, unit: "(m/s²)²/Hz", band: result.settings.bandHz,
                bandLabel: "searched for tremor",
                peak: result.peakFrequencyHz),
            alternative: "Power spectrum of the acceleration, \(name)", caption: "Sum of the three axes, \(name).")
    }

    private static func spectrogram(_ result: TremorResult, _ name: String) throws -> ReviewPage.Figure? {
        guard let map = HeatMap(spectrogramOf: result, title: "Spectrogram, \(name)", size: .half) else { return nil }
        return try ReviewPage.Figure(
            map, alternative: "Power of the acceleration over time and frequency, \(name)",
            caption: "Sum of the three axes over time, \(name).")
    }

    private static func rest(_ visit: PatientAssessment.Visit, _ site: String) -> TremorResult? {
        visit.recordings.first { $0.file.site == site && $0.file.task == "rest" }?.result
    }

    private static func amplitude(_ r: TremorResult) -> String {
        r.peakToPeakCm.map { "\(fixed($0, 2)) cm" } ?? "no tremor"
    }

    private static func interval(_ r: TremorResult) -> String {
        r.peakToPeakCmCI95.map { "\(fixed($0.low, 2)) … \(fixed($0.high, 2))" } ?? "n/a"
    }

    private static func words(_ site: String) -> String { site.split(separator: "-").joined(separator: " ") }
}
