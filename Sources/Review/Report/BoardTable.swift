import Glibc
import Outcomes
import PET
import Records
import Tremor

/// Panel C: the first visit beside the last, each row with its error and its flags.
enum BoardTable {
    private typealias Row = PageBoard.Table.Row

    static func panel(_ patient: PatientAssessment) -> PageBoard.Panel {
        let rows = uptake(patient) + scores(patient)
        let last = patient.visits.count > 1 ? patient.visits.last!.plan.name : "now"
        return PageBoard.Panel(
            .c, patient.visits.count > 1 ? "\(patient.visits[0].plan.name) beside \(last)" : "One visit",
            table: PageBoard.Table(
                caption: "Measures at the first and the last visit",
                columns: [
                    .init("Measure", share: 146), .init("First", share: 54, isNumeric: true),
                    .init("Now", share: 54, isNumeric: true), .init("Change", share: 62, isNumeric: true),
                    .init("%", share: 48, isNumeric: true), .init("95 % error", share: 94, isNumeric: true),
                    .init("Reliable", share: 60), .init("Matters", share: 58), .init("n, quality", share: 80),
                ], rows: rows, legend: legend))
    }

    private static let legend =
        "▲ reliable improvement, ▼ reliable worsening, by meaning: a lower III is ▲. · within error, ○ matters but is not "
        + "reliable, ? not computable. 95 % error: what the change stays within where nothing changed."

    // MARK: - PET

    private static func uptake(_ patient: PatientAssessment) -> [Row] {
        let part = patient.folder.primaryRegion
        guard let comparison = patient.comparisons.last else {
            return GraftPanel.Site.allCases.compactMap { site in
                patient.visits[0].values[part, site].map { value in
                    Row(
                        [name(part, site), "", digits(value.value, patient), "", "", "", "", "", ""],
                        isPrimary: site == .bilateral)
                }
            }
        }
        let panel = comparison.panel
        let isReadable = patient.visits[0].quality.isReadable && comparison.quality.isReadable
        let quality = isReadable ? "readable" : "unreadable"
        var rows = GraftPanel.Site.allCases.compactMap { site in
            panel[part, site].map { change($0, name(part, site), patient, quality, isPrimary: site == .bilateral) }
        }
        if let did = panel.caudateReferenced.first(where: { $0.part == part && $0.site == .bilateral }) {
            let interval = did.change.ratioInterval95
            rows.append(
                Row(
                    [
                        "beside caudate, ratio", "1", fixed(exp(did.change.dln), 2),
                        signed(exp(did.change.dln) - 1, 2), "",
                        interval.map { "\(fixed($0.0, 2))…\(fixed($0.1, 2))" } ?? "",
                        did.change.flag.map { $0 == .within ? "no" : "yes" } ?? "?", "",
                        did.caudateFlag == .up ? "caudate is up" : quality,
                    ], flag: did.change.flag.map(meaning) ?? .missing))
        }
        if let ai = panel.asymmetries.first(where: { $0.part == part }) {
            let error = ai.standardErrors.map { 1.96 * ($0.0 * $0.0 + $0.1 * $0.1).squareRoot() }
            let isSmaller = abs(ai.after) < abs(ai.before)
            // Where the other side is now the stronger one, less or more asymmetry is not better or worse.
            let hasSwapped = ai.isReliable == true && (ai.after > 0) != (ai.before > 0)
            rows.append(
                Row(
                    [
                        "asymmetry L−R, %", signed(ai.before, 1), signed(ai.after, 1), signed(ai.after - ai.before, 1),
                        "",
                        error.map { "±\(fixed($0, 1))" } ?? "", ai.isReliable.map { $0 ? "yes" : "no" } ?? "?", "",
                        hasSwapped ? "swapped" : quality,
                    ],
                    flag: !hasSwapped
                        ? ai.isReliable.map { $0 ? (isSmaller ? .improved : .worse) : .within } ?? .missing : nil))
        }
        return rows
    }

    private static func name(_ part: StriatalPart, _ site: GraftPanel.Site) -> String {
        let words = part == .posteriorPutamen ? "post. putamen" : part.words.lowercased()
        return "\(words) \(site == .bilateral ? "both" : site.rawValue)"
    }

    private static func change(
        _ row: GraftPanel.Row, _ name: String, _ patient: PatientAssessment, _ quality: String, isPrimary: Bool
    ) -> Row {
        let limit = row.change?.limitPercent.map { "\(signed($0.below, 0))…\(signed($0.above, 0)) %" } ?? ""
        let flag: Flag = quality == "unreadable" ? .missing : row.change?.flag.map(meaning) ?? .missing
        return Row(
            [
                name, digits(row.before, patient), digits(row.after, patient),
                digits(row.difference, patient, signed: true),
                row.change.map { signed($0.percent, 1) } ?? "", limit,
                row.change?.flag.map { $0 == .within ? "no" : "yes" } ?? "?", "",
                row.reason == nil ? quality : "under 3 SE",
            ], flag: flag, isPrimary: isPrimary)
    }

    private static func meaning(_ flag: ChangeFlag) -> Flag {
        switch flag {
        case .up: .improved
        case .down: .worse
        case .within: .within
        }
    }

    /// Ki has values of thousandths, ratios of tenths.
    private static func digits(_ value: Double, _ patient: PatientAssessment, signed isSigned: Bool = false) -> String {
        let places = patient.folder.kind == .kiRef ? 5 : 3
        return isSigned ? signed(value, places) : fixed(value, places)
    }

    // MARK: - Scores and sensors

    /// A row of the table: where its numbers are, whether more is better, and with how many decimals it is printed.
    private struct Wanted {
        var name, scale, score: String
        var state: String?
        var moreIsBetter = false
        var decimals = 0
        var isOrdinal = false
    }

    private static let first: [Wanted] = [
        .init(name: "III OFF", scale: "mds-updrs", score: "part_3", state: "off"),
        .init(name: "III ON", scale: "mds-updrs", score: "part_3", state: "on"),
        .init(name: "III right body, OFF", scale: "mds-updrs", score: "right", state: "off"),
        .init(name: "III left body, OFF", scale: "mds-updrs", score: "left", state: "off"),
        .init(name: "rest tremor score, OFF", scale: "mds-updrs", score: "rest_tremor", state: "off"),
    ]

    private static let second: [Wanted] = [
        .init(name: "good ON, h of 16", scale: "diary", score: "good16", moreIsBetter: true, decimals: 1),
        .init(name: "OFF, h of 16", scale: "diary", score: "off16", decimals: 1),
        .init(name: "LEDD, mg", scale: "ledd", score: "ledd_mg"),
        .init(name: "UDysRS objective", scale: "udysrs", score: "objective"),
        .init(name: "NMSS", scale: "nmss", score: "total"),
        .init(name: "PDQ-39 SI", scale: "pdq39", score: "si", decimals: 1),
        .init(name: "Hoehn and Yahr", scale: "hy", score: "stage", isOrdinal: true),
    ]

    private static func scores(_ patient: PatientAssessment) -> [Row] {
        first.map { row($0, patient) } + tremor(patient) + second.map { row($0, patient) }
    }

    private static func row(_ wanted: Wanted, _ patient: PatientAssessment) -> Row {
        let scores = patient.scores(wanted.scale, wanted.score, state: wanted.state)
        let last = patient.visits.last!.plan.months
        let now = scores.last { $0.visit == last }
        let before = now?.baseline ?? scores.first { $0.visit != last }?.value
        guard let value = now?.value, before != nil || patient.visits.count == 1 else {
            let why = scores.isEmpty ? "not entered" : "missing"
            return Row(
                [wanted.name, before.map { fixed($0, wanted.decimals) } ?? "", "", "", "", "", "", "", why],
                flag: .missing)
        }
        let change = now?.change ?? before.map { value - $0 }
        let percent = wanted.isOrdinal ? nil : change.flatMap { c in before.flatMap { $0 > 0 ? 100 * c / $0 : nil } }
        let limit = patient.limit(wanted.scale, wanted.score)?.reliableChange
        let quality = (now?.missing.isEmpty ?? true) ? "complete" : "\(now!.missing.count) missing"
        return Row(
            [
                wanted.name, before.map { fixed($0, wanted.decimals) } ?? "", fixed(value, wanted.decimals),
                signed(change, wanted.decimals), percent.map { signed($0, 0) } ?? "",
                limit.map { "±\(fixed($0, 1))" } ?? "", answer(now?.reliable), answer(now?.important), quality,
            ], flag: flag(now, change, moreIsBetter: wanted.moreIsBetter))
    }

    private static func answer(_ value: Bool?) -> String { value.map { $0 ? "yes" : "no" } ?? "?" }

    /// By meaning: a change beyond error is better or worse; what matters without being beyond error is open.
    static func flag(_ score: Score?, _ change: Double?, moreIsBetter: Bool) -> Flag {
        guard let score, let change, let isReliable = score.reliable else { return .missing }
        if isReliable { return (change > 0) == moreIsBetter ? .improved : .worse }
        return score.important == true ? .unsure : .within
    }

    private static func tremor(_ patient: PatientAssessment) -> [Row] {
        let sites = patient.folder.worseSide.map { ["wrist-\($0.rawValue)"] } ?? ["wrist-left", "wrist-right"]
        func rest(_ visit: PatientAssessment.Visit?) -> TremorResult? {
            visit?.recordings.first { $0.file.task == "rest" && sites.contains($0.file.site) && $0.result != nil }?
                .result
        }
        let (a, b) = (patient.visits.count > 1 ? rest(patient.visits.first) : nil, rest(patient.visits.last))
        func row(_ name: String, _ value: (TremorResult) -> Double?, _ decimals: Int, _ error: String) -> Row {
            let (x, y) = (a.flatMap(value), b.flatMap(value))
            let change = x.flatMap { x in y.map { $0 - x } }
            return Row(
                [
                    name, x.map { fixed($0, decimals) } ?? "", y.map { fixed($0, decimals) } ?? "",
                    change.map { signed($0, decimals) } ?? "",
                    change.flatMap { c in x.flatMap { $0 > 0 ? signed(100 * c / $0, 0) : nil } } ?? "", error, "?", "",
                    b == nil ? "no recording" : "no retest",
                ], flag: .missing)
        }
        let interval = b?.peakToPeakCmCI95.map { "now \(fixed($0.low, 2))…\(fixed($0.high, 2))" } ?? ""
        return [
            row("device rest tremor, cm", { $0.peakToPeakCm }, 2, interval),
            row("device rest tremor, Hz", { $0.peakFrequencyHz }, 2, ""),
        ]
    }
}
