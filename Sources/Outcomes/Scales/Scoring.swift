import Records

/// Reads a table of a scale and scores it.
public struct Scoring: Sendable {
    /// The scale.
    public var scale: String
    /// The scores in order of code, visit and name.
    public var scores: [Score]
    /// What was doubtful.
    public var warnings: [String]
    /// The limits that changes were held against.
    public var limits: [ScoreLimit]
    /// Groups of a combined assessment: arm, subjects and mean rank.
    public var cafs: CAFS?

    /// Scales and tables that can be scored.
    public static let names = ItemScale.all.map(\.id) + ["diary", "ledd", "cafs", "pet"]

    /// What is read beside the table, and how.
    public struct Inputs: Sendable {
        /// Settings of the scores.
        public var settings: ScoreSettings
        /// How the items' table is read.
        public var items = ItemTableOptions()
        /// What is known of the subjects.
        public var subjects: [String: SubjectFacts] = [:]
        /// The day that levodopa equivalents are asked for; `nil` for every change.
        public var day: CalendarDate?
        /// Test-retest repeatability of uptake.
        public var repeatability: Repeatability?
        /// The study, whose visits and windows are checked.
        public var study: Study?

        /// The usual inputs.
        public init(settings: ScoreSettings) { self.settings = settings }
    }

    /// Scores a table; nothing is returned where one of its rows is wrong.
    public init(of path: String, scale name: String, _ inputs: Inputs) throws {
        let settings = inputs.settings
        (scale, scores, warnings, limits, cafs) = (name, [], [], [], nil)
        switch name {
        case "diary": scores = Diary.scores(try DiaryDay.read(path), settings)
        case "ledd":
            let table = try LEDDTable(named: settings.leddTable)
            let medication = try Medication.read(path, today: inputs.items.today)
            let read = LEDD.scores(medication.all, on: inputs.day, table: table)
            (scores, warnings) = (read.scores, medication.warnings + read.warnings)
            warnings.append("\(table.name): \(table.source); a clinician should check the table once")
        case "cafs":
            let combined = try CAFS.read(path)
            (scores, cafs) = (combined.scores, combined)
        case "pet":
            let read = try PETChange.read(path, repeatability: inputs.repeatability)
            (scores, warnings) = (read.scores, read.warnings)
        default:
            guard let items = ItemScale.named(name) else {
                throw SettingProblem("the scale", name, Self.names)
            }
            scale = items.id
            let content = try ItemTable.read(path, scale: items, options: inputs.items)
            warnings = content.warnings
            if items.id == "alsfrs-r" { try ALS.problems(content.assessments).throwIfAny(path) }
            if items.id == "hy" { try Self.checkStages(content.assessments).throwIfAny(path) }
            if let study = inputs.study { warnings += Self.windows(content.assessments, study) }
            scores = Self.scores(content.assessments, items, inputs)
        }
        scores = Score.withChanges(scores, scale: scale, limits: settings.limits)
        let names = Set(scores.filter { $0.change != nil }.map { "\(scale)/\($0.name)" })
        limits = names.sorted().compactMap { name in settings.limits.last { $0.score == name } }
        if scores.contains(where: { $0.rule.hasPrefix("goetz2015") }) {
            warnings.append(
                "parts were prorated by \(settings.missingRule.rawValue), whose limits are not verified; --missing-rule none gives none"
            )
        }
        if scores.contains(where: { $0.label == "partial" }) {
            let drugs = Set(scores.flatMap(\.missing)).sorted()
            warnings.append("not in \(settings.leddTable): \(drugs.joined(separator: ", ")); the totals are partial")
        }
    }

    private static func scores(_ exams: [Assessment], _ scale: ItemScale, _ inputs: Inputs) -> [Score] {
        let settings = inputs.settings
        switch scale.id {
        case "mds-updrs": return MDSUPDRS.scores(exams, settings)
        case "udysrs": return exams.flatMap(Questionnaires.udysrs)
        case "nmss": return exams.flatMap(Questionnaires.nmss)
        case "pdq39": return exams.flatMap(Questionnaires.pdq39)
        case "hy": return exams.flatMap(Questionnaires.hoehnYahr)
        case "cgi":
            return exams.flatMap {
                Questionnaires.single($0, scale, [("cgi-s", "severity"), ("cgi-i", "improvement")], hasChange: false)
            }
        case "mmse": return exams.flatMap { Questionnaires.single($0, scale, [("total", "total")], hasChange: true) }
        case "cfs": return exams.flatMap { Questionnaires.single($0, scale, [("cfs", "cfs")], hasChange: false) }
        case "alsfrs-r":
            let totals = exams.flatMap(ALS.alsfrs)
            let all = totals.filter { $0.name == "total" }
            return totals + ALS.rates(all, onsets: inputs.subjects.compactMapValues(\.onset))
                + ALS.slopes(all, name: "slope_per_month", months: settings.slopeMonths)
        case "svc":
            let values = exams.flatMap { ALS.svc($0, settings) }
            return values + ALS.slopes(values, name: "slope_percent_per_month", months: settings.slopeMonths)
        case "fried": return exams.flatMap { Frailty.fried($0, inputs.subjects[$0.code]) }
        case "sppb": return exams.flatMap(Frailty.sppb)
        case "gait-speed": return exams.flatMap { Frailty.gaitSpeed($0, settings) }
        default: return exams.flatMap { Frailty.grip($0, inputs.subjects[$0.code], settings) }
        }
    }

    /// Half stages belong to the modified version only.
    private static func checkStages(_ exams: [Assessment]) -> TableProblems {
        var problems = TableProblems()
        for exam in exams {
            if !["", "original", "modified"].contains(exam.version) {
                problems.add(exam.line, "version", "\"\(exam.version)\" is neither original nor modified")
            }
            if exam.version == "original", let stage = exam.value(.hoehnYahr, "hy"), stage != stage.rounded() {
                problems.add(exam.line, "value", "the original stages have no \(significant(stage, 2))")
            }
        }
        return problems
    }

    /// Visits that the study has not planned, or that lie outside their window, counted from the date of month 0.
    private static func windows(_ exams: [Assessment], _ study: Study) -> [String] {
        guard let planned = study.visitMonths.used else { return [] }
        var start: [String: CalendarDate] = [:]
        for exam in exams where exam.visit == 0 { if let date = exam.date { start[exam.code] = date } }
        var warnings: [String] = []
        for exam in exams {
            let month = significant(exam.visit, 4)
            if !planned.contains(exam.visit) {
                warnings.append(
                    "line \(exam.line): \(exam.code) has a visit at month \(month), which the study has not planned")
            }
            guard let date = exam.date, let zero = start[exam.code], let window = study.windowsDays.used?[exam.visit]
            else { continue }
            let late = Double(date.dayNumber - zero.dayNumber) - exam.visit * ALS.daysPerMonth
            if late.magnitude > window {
                warnings.append(
                    "line \(exam.line): \(exam.code) at month \(month) is \(fixed(late.magnitude, 0)) days \(late > 0 ? "late" : "early"); \(fixed(window, 0)) are allowed"
                )
            }
        }
        return warnings
    }
}
