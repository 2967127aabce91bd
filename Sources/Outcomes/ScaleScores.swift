import Records

/// Clinical scores of one scale over a patient's visits, with their changes since the first.
public struct ScaleScores: Sendable {
    /// The scale, as `score` names it.
    public var scale: String
    /// The patient's scores in order of visit.
    public var scores: [Score]
    /// What was doubtful.
    public var warnings: [String]
    /// Errors and important differences that the changes were held against.
    public var limits: [ScoreLimit]
}

extension ScaleScores {
    /// Scores of the visits' motor exams and of every table that the folder names.
    static func all(of folder: PatientFolder, visits: [PatientAssessment.Visit]) throws -> [ScaleScores] {
        var settings = try ScoreSettings()
        if let error = folder.plan.motorError { settings.limits = settings.limits.with(error) }
        var found = try folder.tables.map { table in
            var inputs = Scoring.Inputs(settings: settings)
            inputs.items = ItemTableOptions()
            let path = folder.file(table.path)
            if table.scale == "ledd" { return try doses(path, of: folder, settings) }
            let scoring = try Scoring(of: path, scale: table.scale, inputs)
            let own = scoring.scores.filter { $0.code == folder.code || $0.code.isEmpty }
            guard !own.isEmpty else {
                throw FileProblem(path, .badData, "it has no rows of the patient \(folder.code)")
            }
            return ScaleScores(scale: scoring.scale, scores: own, warnings: scoring.warnings, limits: scoring.limits)
        }
        let exams = visits.flatMap { visit in visit.exams.map { Assessment($0, code: folder.code, visit.plan.months) } }
        if !exams.isEmpty, !found.contains(where: { $0.scale == ItemScale.mdsUPDRS.id }) {
            let scores = Score.withChanges(
                MDSUPDRS.scores(exams, settings), scale: ItemScale.mdsUPDRS.id, limits: settings.limits)
            found.insert(
                ScaleScores(
                    scale: ItemScale.mdsUPDRS.id, scores: scores, warnings: [],
                    limits: settings.limits.filter { $0.score == "mds-updrs/part_3" }), at: 0)
        }
        return found
    }

    /// Levodopa equivalents on the days of the visits: medication has dates where visits have months.
    private static func doses(
        _ path: String, of folder: PatientFolder, _ settings: ScoreSettings
    ) throws -> ScaleScores {
        var (scores, warnings) = ([Score](), Set<String>())
        for visit in folder.visits {
            guard let date = visit.date else {
                warnings.insert("\(visit.name) has no date, so its levodopa equivalent is not known")
                continue
            }
            var inputs = Scoring.Inputs(settings: settings)
            inputs.day = date
            let scoring = try Scoring(of: path, scale: "ledd", inputs)
            warnings.formUnion(scoring.warnings)
            scores += scoring.scores.filter { $0.code == folder.code || $0.code.isEmpty }.map { score in
                var score = score
                score.visit = visit.months
                return score
            }
        }
        let changed = Score.withChanges(scores, scale: "ledd", limits: settings.limits)
        return ScaleScores(scale: "ledd", scores: changed, warnings: warnings.sorted(), limits: [])
    }
}

extension Score {
    /// The score in a patient's document: without its date, which with a code tells too much.
    func json(scale: String) -> JSONValue {
        let kept = (json.members ?? []).filter { $0.key != "code" && $0.key != "date" }
        return .object([.init("scale", .string(scale))] + kept)
    }
}

extension Assessment {
    /// A motor exam as items of the whole scale.
    init(_ exam: MotorExam, code: String, _ months: Double) {
        let scale = ItemScale.mdsUPDRS
        self.init(
            code: code, visit: months, state: exam.state == .off ? .off : .on, date: nil,
            minutesSinceLevodopa: exam.minutesSinceLevodopa, version: "", line: 0,
            values: scale.items.map { exam.scores[$0].map(Double.init) ?? .nan },
            isSeen: scale.items.map { MotorExam.items.contains($0) })
    }
}

extension [ScoreLimit] {
    /// The limits with a study's own error of part III.
    fileprivate func with(_ error: PanelPlan.MotorError) -> [ScoreLimit] {
        map { limit in
            guard limit.score == "mds-updrs/part_3" else { return limit }
            var limit = limit
            limit.standardError = error.standardError
            limit.source += "; error: \(error.source)"
            return limit
        }
    }
}
