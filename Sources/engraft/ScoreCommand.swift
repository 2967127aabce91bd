import ArgumentParser
import Outcomes
import Records

struct ScoreCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Scores of a clinical scale from a table of items, and what a change means.",
        discussion: """
            SCALE is one of \(Scoring.names.joined(separator: ", ")).

            TABLE has one row an item: code, visit_month, date, scale, state (off, on or na), minutes_since_levodopa, item, \
            value; an empty value is missing. A diary has code, visit_month, day, slot (0 to 47), state; ledd takes code, \
            start, stop, drug, form, dose_mg, times_per_day, prn; cafs takes code, arm, visit_month, total, death_month, \
            last_seen_month; pet takes code, visit_month, tracer, kind, roi, side, value, se, scanner, qc. Commas, semicolons \
            or tabs; UTF-8. Every fault of a table is named with its line and column, and then no number is given.

            A change is reliable beyond the error of measurement, important where patients notice it; both are shown, since \
            for one patient the second is usually the smaller. OFF and ON are never pooled. Rules and their sources: \
            docs/clinical.md. The wording of the scales is not here.

            Example: engraft study init xs411-phase2 --out trial
                     engraft score mds-updrs trial/items.csv --study trial/study.yaml
                     engraft score ledd trial/medication.csv --on 2025-03-03
            """)

    @Argument(help: "The scale.") var scale: String
    @Argument(help: "The table.") var table: String
    @Option(help: "A study file, or a built-in one's name: its tables, limits, visits and windows are used.")
    var study: String?
    @Option(help: "A subjects' table: sex, height_cm, weight_kg, onset_date, for fried, grip and alsfrs-r.")
    var subjects: String?
    @Option(
        help: ArgumentHelp(
            "How missing items of the MDS-UPDRS are made up for; goetz2015-random without it.", valueName: "rule"))
    var missingRule: ScoreSettings.MissingRule?
    @Option(help: ArgumentHelp("Least hours since levodopa of an OFF rating (12).", valueName: "hours"))
    var offHours: Double?
    @Option(help: ArgumentHelp("Levodopa equivalents by tomlinson2010 or jost2023.", valueName: "table"))
    var leddTable: String?
    @Option(help: ArgumentHelp("The day of levodopa equivalents, instead of every change.", valueName: "date"))
    var on: DayArgument?
    @Option(help: ArgumentHelp("Below which grip is weak, kg for men and women; 30-20 without it.", valueName: "cut"))
    var gripCut: ScoreSettings.GripCut?
    @Option(
        help: ArgumentHelp(
            "Test-retest variation of uptake, 0.087 for 8.7 %; without it nothing is flagged.", valueName: "wcv"))
    var wcv: Double?
    @Option(help: ArgumentHelp("Where the variation was measured.", valueName: "text")) var wcvSource: String?
    @Option(help: ArgumentHelp("Refuse dates behind this day.", valueName: "date")) var today: DayArgument?
    @OptionGroup var result: ResultOptions

    func validate() throws {
        if !Scoring.names.contains(scale), ItemScale.named(scale) == nil {
            throw ValidationError("There is no scale \(scale); there are \(Scoring.names.joined(separator: ", ")).")
        }
        if let leddTable, !LEDDTable.names.contains(leddTable) {
            throw ValidationError("--ledd-table is one of \(LEDDTable.names.joined(separator: ", ")).")
        }
        if let offHours, !(offHours >= 0 && offHours <= 168) { throw ValidationError("--off-hours is from 0 to 168.") }
        if let wcv, !(wcv > 0 && wcv < 1) { throw ValidationError("--wcv is between 0 and 1; 0.087 for 8.7 %.") }
        if (wcv == nil) != (wcvSource == nil) {
            throw ValidationError("--wcv and --wcv-source go together: a repeatability has a source.")
        }
    }

    func execute() throws {
        let plan = try study.map { try Study.read($0) }
        var settings = try naming(study ?? "") { try ScoreSettings(study: plan) }
        if let missingRule { settings.missingRule = missingRule }
        if let leddTable { settings.leddTable = leddTable }
        if let gripCut { settings.gripCut = gripCut }
        var inputs = Scoring.Inputs(settings: settings)
        inputs.study = plan
        inputs.day = on?.day
        inputs.items.today = today?.day ?? .today
        if let hours = plan?.offHours { inputs.items.offHours = hours }
        if let offHours { inputs.items.offHours = offHours }
        if let wcv, let wcvSource { inputs.repeatability = Repeatability(wCV: wcv, source: wcvSource) }
        if let subjects { inputs.subjects = try SubjectFacts.read(subjects) }
        let scoring = try naming(table) { try Scoring(of: table, scale: scale, inputs) }
        var provenance = Provenance(
            command: "score",
            parameters: [
                .init("scale", .string(scoring.scale)), .init("study", JSONValue(study)),
                .init("off_hours", .number(inputs.items.offHours)),
                .init("today", .string(inputs.items.today.description)),
                .init("on", JSONValue(on?.day.description)), .init("wcv", JSONValue(wcv)),
                .init("wcv_source", JSONValue(wcvSource)),
            ] + settings.parameters)
        for path in [table, subjects, study].compactMap({ $0 }) where InputFile.exists(path) {
            try provenance.read(path)
        }
        provenance.warnings = scoring.warnings
        let document = JSONValue.object(scoring.members + provenance.members)
        Terminal.show(result.json ? document.text : scoring.text)
        Terminal.warn(provenance.warnings)
    }
}

extension ScoreSettings.MissingRule: ExpressibleByArgument {}
extension ScoreSettings.GripCut: ExpressibleByArgument {}
