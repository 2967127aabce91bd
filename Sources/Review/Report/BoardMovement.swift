import Outcomes
import Records
import Tremor

/// Panels E and F: tremor of the wearables, and what was scored.
enum BoardMovement {
    /// The spectrogram at rest of the worse side at the last visit, and the amplitude over the visits.
    static func tremor(_ patient: PatientAssessment) -> PageBoard.Panel {
        let room = PageBoard.room(.e)
        let site = patient.folder.worseSide.map { "wrist-\($0.rawValue)" }
        let resting = patient.visits.flatMap { visit in
            visit.recordings.filter { $0.file.task == "rest" && (site == nil || $0.file.site == site) }
                .map { (visit, $0) }
        }
        guard let (visit, recording) = resting.last(where: { $0.1.result != nil }), let result = recording.result else {
            return PageBoard.Panel(.e, "Tremor", lines: [.init("There is no recording at rest.", flag: .missing)])
        }
        var pictures: [PageBoard.Drawing] = []
        let name = "\(visit.plan.name), \(words(recording.file.site)), \(recording.file.task)"
        if var map = TremorPicture.spectrogram(result, upTo: 15) {
            map.title = ""
            map.margins = nil
            map.size = ChartSize(width: room.width - 354, height: room.height, isDense: true)
            pictures.append(.init(map.picture, alternative: "Power over time and frequency, \(name)"))
        }
        if let trend = trend(patient, ChartSize(width: 340, height: room.height, isDense: true)) {
            pictures.append(.init(trend.picture, alternative: "Tremor amplitude of each recording over the visits"))
        }
        let share = "tremor \(fixed(result.tremorTimePercent, 0)) % of the time"
        return PageBoard.Panel(
            .e, "Tremor: \(name), \(share), medication state \(state(visit))", pictures: pictures)
    }

    /// The medication state of a visit's exams, which recordings do not say.
    private static func state(_ visit: PatientAssessment.Visit) -> String {
        let states = Set(visit.exams.map(\.state.rawValue)).sorted()
        return states.count == 1 ? "\(states[0].uppercased()) (from the exam)" : "not said"
    }

    private static func trend(_ patient: PatientAssessment, _ size: ChartSize) -> LineChart? {
        var kinds: [String] = []
        for file in patient.visits.flatMap({ $0.recordings.map(\.file) }) {
            let kind = "\(words(file.site)), \(file.task)"
            if !kinds.contains(kind) { kinds.append(kind) }
        }
        let series = kinds.map { kind in
            let results = patient.visits.map { visit in
                visit.recordings.first { "\(words($0.file.site)), \($0.file.task)" == kind }?.result
            }
            return LineChart.Series(
                kind, x: patient.visits.map(\.plan.months), y: results.map { $0?.peakToPeakCm ?? .nan },
                low: results.map { $0?.peakToPeakCmCI95?.low ?? .nan },
                high: results.map { $0?.peakToPeakCmCI95?.high ?? .nan }, style: .linesAndPoints)
        }.filter { $0.y.contains(where: \.isFinite) }
        guard !series.isEmpty else { return nil }
        return LineChart(
            title: "", xAxis: months(patient), yAxis: Axis("Peak to peak, 95 %", unit: "cm"), series: series, size: size
        )
    }

    static func words(_ site: String) -> String { site.split(separator: "-").joined(separator: " ") }

    private static func months(_ patient: PatientAssessment) -> Axis {
        Axis(
            "Months",
            ticks: Ticks(patient.visits.map { ($0.plan.months, $0.plan.months.text(decimals: 1, trimmed: true)) }))
    }

    // MARK: - Scores

    /// Part III in both states with the bands of what does not matter and is not reliable; diary, drugs and dyskinesia.
    static func scores(_ patient: PatientAssessment) -> PageBoard.Panel {
        let room = PageBoard.room(.f)
        let part3 = ["off", "on"].enumerated().compactMap { place, state -> LineChart.Series? in
            series(
                patient, "III \(state.uppercased())", "mds-updrs", "part_3", state: state, ink: .series(place),
                shape: place == 0 ? .disc : .square)
        }
        let others = [
            series(patient, "good ON, h of 16", "diary", "good16", ink: .series(2), shape: .disc),
            series(patient, "LEDD, mg", "ledd", "ledd_mg", ink: .series(3), shape: .disc),
            series(patient, "UDysRS objective", "udysrs", "objective", ink: .series(4), shape: .disc),
        ].compactMap { $0 }
        guard !part3.isEmpty || !others.isEmpty else {
            return PageBoard.Panel(.f, "Clinical scores", lines: [.init("No scores were entered.", flag: .missing)])
        }
        let width = others.isEmpty ? room.width : 300
        let rest = (room.width - width) / Double(max(others.count, 1)) - 14
        var pictures: [PageBoard.Drawing] = []
        if !part3.isEmpty {
            let chart = LineChart(
                title: "", xAxis: months(patient), yAxis: Axis("MDS-UPDRS III", unit: "points"), series: part3,
                bands: bands(patient), size: ChartSize(width: width, height: room.height, isDense: true))
            pictures.append(.init(chart.picture, alternative: "MDS-UPDRS part III in OFF and ON over months"))
        }
        for other in others {
            let chart = LineChart(
                title: "", xAxis: months(patient), yAxis: Axis(""), series: [other],
                size: ChartSize(width: rest, height: room.height, isDense: true))
            pictures.append(.init(chart.picture, alternative: "\(other.name) over months"))
        }
        let isUnknown = patient.limit("mds-updrs", "part_3")?.standardError == nil
        return PageBoard.Panel(
            .f,
            "MDS-UPDRS III" + (others.isEmpty ? "" : ", diary, drugs and dyskinesia") + " by month, higher III is worse"
                + (isUnknown ? "; its error is not known here" : ""), pictures: pictures)
    }

    private static func series(
        _ patient: PatientAssessment, _ title: String, _ scale: String, _ name: String, state: String? = nil,
        ink: Ink, shape: Picture.Shape
    ) -> LineChart.Series? {
        let scores = patient.scores(scale, name, state: state)
        guard scores.contains(where: { $0.value != nil }) else { return nil }
        return LineChart.Series(
            title, x: scores.map { $0.visit ?? .nan }, y: scores.map { $0.value ?? .nan }, style: .linesAndPoints,
            ink: ink, shape: shape)
    }

    /// Around part III OFF at the first visit: what does not matter, and what is not reliable where its error is known.
    private static func bands(_ patient: PatientAssessment) -> [LineChart.Band] {
        guard let limit = patient.limit("mds-updrs", "part_3"),
            let baseline = patient.scores("mds-updrs", "part_3", state: "off").first?.value
        else { return [] }
        var bands: [LineChart.Band] = []
        if let reliable = limit.reliableChange {
            bands.append(.init(.alongY, max(0, baseline - reliable)...(baseline + reliable), label: "not reliable"))
        }
        if let better = limit.improvement, let worse = limit.worsening, better < worse {
            bands.append(
                .init(.alongY, max(0, baseline + better)...(baseline + worse), label: "does not matter (MCID)"))
        }
        return bands
    }
}
